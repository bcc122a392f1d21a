"""Quoting inside SQL: what is written comes back as it is."""

import ast
from pathlib import Path

import duckdb
import pytest

from journeys import sql


@pytest.mark.parametrize("words", ["plain", "O'Brien's", "''", 'say "x"', "a\\b", "$1", ""])
def test_texts_come_back(words):
    assert duckdb.sql(f"select {sql.text(words)}").fetchall() == [(words,)]


@pytest.mark.parametrize("words", ['say "x"', "O'Brien", "Order By", "ä"])
def test_names_come_back(words):
    assert duckdb.sql(f"select 1 as {sql.name(words)}").columns == [words]


@pytest.mark.parametrize("folder", ["O'Brien's", "a[1]*?", "plain"])
def test_files_in_any_folder_are_attached_and_read(tmp_path, folder):
    place = tmp_path / folder
    place.mkdir()
    (place / "t.csv").write_text("a\n1\n")
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql.path(place / 'x.duckdb')} as x")
        assert connection.execute(f"select a from read_csv({sql.file_pattern(place / 't.csv')})").fetchall() == [(1,)]


def connecting(source):
    """The functions that open a database, each as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and "duckdb.connect(" in ast.unparse(node):
            yield ast.unparse(node)


def test_no_query_however_slow_draws_its_progress_among_what_a_command_prints():
    """DuckDB does so on the standard output after two seconds: an answer as JSON could not be read any more."""
    engine = Path(sql.__file__).parent
    found = [one for file in engine.rglob("*.py") for one in connecting(file.read_text(encoding="utf-8"))]
    assert len(found) >= 5
    assert [one for one in found if "execute(sql.QUIET)" not in one] == []
    with duckdb.connect() as connection:
        connection.execute(sql.QUIET)
        is_drawn = "select current_setting('enable_progress_bar')"
        assert connection.cursor().execute(is_drawn).fetchone() == (False,)
