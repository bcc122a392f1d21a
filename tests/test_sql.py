"""Quoting inside SQL: what is written comes back as it is."""

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
