"""The pages are tables of contents: short, and without arithmetic, SQL, session state or conditions about data."""

import ast
from pathlib import Path

import pytest

from journeys.screen import menu

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
MOST_LINES = 80
ADDRESSES = ("Referrals", "Goals", "Upward_spiral", "Outcomes", "Definitions")
FORBIDDEN = (ast.If, ast.IfExp, ast.While, ast.For, ast.BinOp, ast.Compare, ast.FunctionDef, ast.ClassDef, ast.Lambda)

page = pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)


@page
def test_a_page_is_short_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(text))


@page
def test_a_page_computes_nothing_and_decides_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [type(node).__name__ for node in ast.walk(tree) if isinstance(node, FORBIDDEN)] == []


@page
def test_a_page_keeps_no_state_and_asks_no_sql(path):
    text = path.read_text(encoding="utf-8").lower()
    assert "session_state" not in text
    assert "query_params" not in text
    assert "select " not in text.replace("select something", "")


@page
def test_a_page_opens_with_its_frame(path):
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert calls.count("frame") == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_menu_has_a_page_at_every_promised_address(address):
    assert (ROOT / menu.files()[address]).is_file()
    assert menu.page(address).name


def test_every_page_file_is_in_the_menu():
    in_menu = {ROOT / file for file in menu.files().values()}
    assert set(PAGES) <= in_menu
