"""Cells that a spreadsheet would run are disarmed, and nothing else is changed."""

import csv
import io

import pytest

from journeys.vocabulary import spreadsheet


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@sum", "\t=1", "\r=1", " =1+1", "\u00a0=1+1", "\u200b=1", "＝1+1", "＋cmd", "－a", "＠x"],
)
def test_text_that_would_run_is_disarmed(cell):
    assert spreadsheet.unarmed(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-5", "+1.5", "-12%", "−12", "a=b", "", None, 5, -2.5, "A - B", "J-1"])
def test_numbers_and_words_stay(cell):
    assert spreadsheet.unarmed(cell) == cell


def test_a_comment_is_one_line_and_one_cell_wherever_cells_are_parted():
    line = spreadsheet.comment('Service: a,\n=HYPERLINK("x"); +1+1; -5')
    assert "\n" not in line and "," not in line and '"' not in line
    for separator in ",;\t":
        for cell in next(csv.reader([line], delimiter=separator)):
            assert not cell.strip().startswith(("=", "+")), cell


def test_rows_and_comments_make_one_file():
    words = spreadsheet.csv_text([("name", "n"), ("=x", -3)], ["What: it is"])
    lines = words.split("\r\n")
    assert lines[0] == "# What: it is"
    assert list(csv.reader(io.StringIO("\n".join(lines[1:-1])))) == [["name", "n"], ["'=x", "-3"]]
