"""The report: its words, its files, and what neither may do."""

import csv

import duckdb
import openpyxl
import pytest

from journeys.intake import findings, read
from journeys.intake.findings import COLUMNS, FileSummary, Finding
from tests.intake.deliveries import cases

BAD = {
    "set": {
        "contact.csv 2 minutes": "45 min",
        "contact.csv 3 minutes": "=cmd()",
        "contact.csv 4 minutes": "-5",
        "journey.csv 4 gender": "F?",
    },
    "add_column": {"goal.csv Ward": "Hallam"},
}


@pytest.fixture
def report(tmp_path):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        yield read.read([cases.make(BAD, tmp_path / "delivery")], connection)


def test_counts_and_order(report):
    assert [(f.file, f.row, f.column, f.rule) for f in report.findings] == [
        ("contact.csv", 2, "minutes", "number_wrong"),
        ("contact.csv", 3, "minutes", "number_wrong"),
        ("contact.csv", 4, "minutes", "out_of_range"),
        ("goal.csv", 1, "Ward", "column_unknown"),
        ("journey.csv", 4, "gender", "code_unknown"),
    ]
    assert report.by_rule == {"code_unknown": 1, "number_wrong": 2, "out_of_range": 1, "column_unknown": 1}
    assert (report.n_findings, report.n_refused, report.n_read - report.n_good) == (5, 4, 4)
    assert report.first(2) == tuple(report.findings)[:2]
    assert len(report.findings) == 5


def test_text_starts_with_the_files_and_says_how_to_mend(report):
    words = findings.text(report)
    lines = words.splitlines()
    assert lines[0].split() == ["file", "rows", "good", "refused"]
    assert any(line.split() == ["contact.csv", "3", "0", "3"] for line in lines)
    assert "4 of 24 rows refused." in lines
    assert "A cell is not a number (number_wrong): 2" in lines
    assert "  contact.csv, row 2, column minutes has '45 min'; expected a whole number from 0 to 1440" in lines
    assert words.count("To mend: ") == 4
    assert lines.index("A cell is not a number (number_wrong): 2") < next(
        i for i, x in enumerate(lines) if x.startswith("note:")
    )


def test_text_shows_the_first_examples_of_many(tmp_path):
    rows = [
        ["service_id", "journey_id", "contact_on", "kind"],
        *(["north", "J-1", "2023-05-11", f"letter {n % 60}"] for n in range(1234)),
    ]
    folder = cases.make({"write": {"contact.csv": cases.as_csv(rows)}}, tmp_path / "d")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = read.read([folder], connection)
        words = findings.text(report)
        assert "(code_unknown): 1,234" in words and "... and 57 more" in words
        assert [f.row for f in report.summary()[0].examples] == [2, 3, 4]
        assert len(words.splitlines()) < 25


def test_csv_report_has_every_finding_and_no_formulas(report, tmp_path):
    path = tmp_path / "report.csv"
    findings.write_report(report.findings, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS == ("file", "row", "column", "value", "rule", "expected")
    assert [row[3] for row in rows[1:]] == ["45 min", "'=cmd()", "-5", "", "F?"]


def test_workbook_report_has_a_sheet_per_file_and_how_to_mend(report, tmp_path):
    path = tmp_path / "report.xlsx"
    findings.write_report(report, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["1 contact.csv", "2 goal.csv", "3 journey.csv"]
    rows = list(book["1 contact.csv"].iter_rows(values_only=True))
    assert rows[0] == (*COLUMNS, "how to mend")
    assert rows[2][:5] == ("contact.csv", 3, "minutes", "=cmd()", "number_wrong")
    assert book["1 contact.csv"]["D3"].data_type == "s"
    assert rows[2][6] == findings.RULES["number_wrong"].mend


def test_a_report_without_findings_can_be_written(tmp_path):
    findings.write_report([], tmp_path / "none.xlsx")
    findings.write_report([], tmp_path / "none.csv")
    assert openpyxl.load_workbook(tmp_path / "none.xlsx").sheetnames == ["No findings"]
    assert (tmp_path / "none.csv").read_text(encoding="utf-8").strip() == ",".join(COLUMNS)


def test_long_and_strange_file_names_make_sheets(tmp_path):
    names = [f"{'a very long delivery name' * 3}/[x]:*?{n}.csv" for n in range(3)]
    findings.write_report([Finding(n, None, None, None, "unreadable", "a file") for n in names], tmp_path / "r.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames) == 3


def test_the_connection_is_free_between_findings(report):
    """A reader may ask the connection other things while it walks through the findings."""
    assert [report.findings.first(1)[0].row for _ in report.findings] == [2] * 5


def test_examples_in_words():
    whole = Finding("journey.csv", None, None, None, "file_empty", "a header row")
    assert findings.example_words(whole) == "journey.csv: expected a header row"
    assert FileSummary("a", None, 1, 1, 0, "").rows_good == 1
