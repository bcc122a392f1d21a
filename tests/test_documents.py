"""What the documents name is there, and what can be set is in them."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from journeys.__main__ import parser

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "data" / "README.md"])
FOLDERS = (".ci", ".streamlit", "data", "docs", "journeys", "pages", "queries", "tests")
FILES = [*ROOT.iterdir(), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file())]
NAMED = re.compile(r"`([\w./-]+\.(?:py|sql|toml|csv|md|lock|conf|svg|css|js))[`,\s]")
SETTING = re.compile(r"\bJOURNEYS_[A-Z_]+")
COMMAND = re.compile(r"python -m journeys (.+)")
INSIDE = {"JOURNEYS_APART"}  # from one process of ours to another
# which a sentence on the screen names where it is wanted
SAID_ON_THE_SCREEN = {"JOURNEYS_TRACEBACK"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_that_a_document_names_is_there(document):
    there = [f"/{file.relative_to(ROOT).as_posix()}" for file in FILES]
    named = NAMED.findall(document.read_text(encoding="utf-8"))
    assert [name for name in named if not any(file.endswith(f"/{name}") for file in there)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_link_between_documents_leads_to_something(document):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap_and_none_is_cited_that_is_not_there():
    numbers = [int(n) for n in re.findall(r"^## (\d+)\. ", (ROOT / "DECISIONS.md").read_text(encoding="utf-8"), re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {int(n) for file in DOCUMENTS for n in re.findall(r"DECISIONS (\d+)", file.read_text(encoding="utf-8"))}
    assert cited <= set(numbers)


def test_everything_that_can_be_set_is_in_the_documents():
    """Settings that only whoever reads the code finds are of no use to whoever runs the program."""
    code = [*(ROOT / "journeys").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "dashboard.py"]
    found = {name for file in code for name in SETTING.findall(file.read_text(encoding="utf-8"))}
    told = {name for file in DOCUMENTS for name in SETTING.findall(file.read_text(encoding="utf-8"))}
    assert found - told - INSIDE - SAID_ON_THE_SCREEN == set()
    assert told - found == set()


def commands():
    """The commands of the program with their parsers."""
    (subs,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return subs.choices


def printed(document):
    """The commands of the program that the blocks of a document print."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)
    return [found for block in blocks for line in block.splitlines() for found in COMMAND.findall(line)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_command_that_a_document_prints_is_understood(document):
    for line in printed(document):
        parser().parse_args(shlex.split(line, comments=True))  # SystemExit where it is not


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in commands() if not re.search(rf"(journeys |`){name}\b", readme)] == []


def test_the_python_of_the_readme_runs_as_it_stands(sample, monkeypatch, tmp_path, capsys):
    (block,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    sample(tmp_path / "data", 600)
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert "wrenborough-ltc" in capsys.readouterr().out
