"""The rooms of the house and who may use whom: walks the imports of every module against the table of the architecture."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = {p.stem for p in (ROOT / "journeys").glob("*.py")}
PURE = {"periods", "selection", "metrics", "disclosure", "dictionary", "question", "released", "wording", "phrases"}
STATISTICS = {"estimates", "spc", "funnel", "incidence", "change"}
SCREEN = {
    *("evidence_panels", "quality_panels", "upload_panels", "word_table"),
    "screen",
    "sidebar",
    "menu",
    "address",
    "answers",
    "look",
    "present",
    "first_look",
    "panels",
    "board",
    "definitions",
    "comparison",
    "equity",
    "services",
} & ENGINE
THIRD = {"streamlit", "plotly", "duckdb", "pandas", "pyarrow", "numpy", "scipy", "statsmodels", "xlsxwriter", "pptx"}


def imports(path):
    """Every module that a file imports, inside functions as well; ours as `journeys.x`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_engine = node.module == "journeys"
            found |= {f"journeys.{a.name}" for a in node.names} if is_engine else {node.module}
    return found


def third_party(path):
    return {name.split(".")[0] for name in imports(path)} & THIRD


def ours(path):
    return {name.split(".")[1] for name in imports(path) if name.startswith("journeys.")} & ENGINE


def engine(*names):
    return [ROOT / "journeys" / f"{name}.py" for name in sorted(names)]


def pages():
    return [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]


@pytest.mark.parametrize("path", pages(), ids=lambda p: p.name)
def test_pages_use_only_the_screen_and_the_figures(path):
    assert third_party(path) <= {"streamlit"}
    assert ours(path) <= {"screen", "figures"}


@pytest.mark.parametrize("path", engine(*SCREEN), ids=lambda p: p.name)
def test_the_screen_knows_neither_duckdb_nor_plotly(path):
    assert not third_party(path) & {"duckdb", "plotly"}


@pytest.mark.parametrize("path", engine(*(ENGINE - SCREEN)), ids=lambda p: p.name)
def test_only_the_screen_knows_streamlit(path):
    assert "streamlit" not in third_party(path)


@pytest.mark.parametrize("path", engine(*STATISTICS), ids=lambda p: p.name)
def test_statistics_use_numbers_only(path):
    assert third_party(path) <= {"numpy", "scipy", "statsmodels"}
    assert not ours(path)


@pytest.mark.parametrize("path", engine(*PURE), ids=lambda p: p.name)
def test_values_and_words_use_the_standard_library_and_each_other(path):
    lazily = {"pandas"} if path.stem == "released" else set()  # Released.frame() is a pandas DataFrame by contract
    outside = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"journeys"}
    assert outside <= lazily
    assert ours(path) <= PURE


def test_figures_are_drawn_with_plotly_from_released_answers_only():
    for path in (ROOT / "journeys").glob("*figure*.py"):
        assert third_party(path) <= {"plotly"}
        assert not ours(path) & ({"store", "ask", "load", "intake"} | SCREEN)


def test_only_the_store_asks_and_only_ask_sees_exact_counts():
    users = {p.stem for p in (ROOT / "journeys").glob("*.py") if "ask" in ours(p)}
    assert users == {"store"}


def test_ask_does_not_reach_around_the_store():
    assert not third_party(ROOT / "journeys" / "ask.py")


def test_plotly_express_is_nowhere():
    for path in [*(ROOT / "journeys").glob("*.py"), *pages()]:
        assert not any(name.startswith("plotly.express") for name in imports(path))


def test_the_product_does_not_import_the_tests():
    for path in [*(ROOT / "journeys").glob("*.py"), *pages()]:
        assert not {"oracle", "generate"} & imports(path)


def test_metrics_read_only_what_they_are_given():
    for path in (ROOT / "queries" / "metrics").glob("*.sql"):
        words = path.read_text(encoding="utf-8").split("*/")[-1].lower()
        assert not any(f"{word} " in words for word in ("attach", "copy", "install", "pragma")), path.name
        assert "read_" not in words, path.name
