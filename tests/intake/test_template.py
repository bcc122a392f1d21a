"""The empty workbook: right sheets, headers and lists, and the intake takes it back when it is filled."""

import duckdb
import openpyxl
import pytest

from journeys.intake import read, template
from journeys.vocabulary import dictionary
from tests.intake.deliveries import cases

WORDS = dictionary.load()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    template.write(path)
    return path


@pytest.fixture
def book(path):
    return openpyxl.load_workbook(path)


def test_notes_are_as_high_as_their_words_and_print_as_wide_as_the_paper(book):
    page = book["Notes"]
    width = page.column_dimensions["E"].width
    for row in page.iter_rows(min_row=2, min_col=5):
        longest = max(len(cell.value or "") for cell in row)
        assert (page.row_dimensions[row[0].row].height or 15) >= 15 * longest / width
    assert page.page_setup.orientation == "landscape" and page.sheet_properties.pageSetUpPr.fitToPage


def test_sheets_and_headers_are_those_of_the_dictionary(book):
    assert book.sheetnames == ["Notes", *WORDS.tables, "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    for table in WORDS.tables.values():
        assert [cell.value for cell in book[table.name][1]] == list(table.columns)
        assert book[table.name].freeze_panes == "A2"


def test_required_headers_are_bold_and_every_header_has_a_comment(book):
    for table in WORDS.tables.values():
        for cell, column in zip(book[table.name][1], table.columns.values(), strict=True):
            assert cell.font.bold == column.required
            assert column.meaning[1:] in cell.comment.text


def test_every_code_column_has_its_list(book):
    for table in WORDS.tables.values():
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book[table.name].data_validations.dataValidation}
        for cell, column in zip(book[table.name][1], table.columns.values(), strict=True):
            rule = rules.get(f"{cell.column_letter}2")
            if column.codes or column.type == "flag":
                assert listed(book, rule.formula1) == [c.code for c in column.codes] or listed(book, rule.formula1) == [
                    "yes",
                    "no",
                ]
            elif column.type == "date":
                assert rule.type == "date"
            elif column.minimum is not None:
                assert (float(rule.formula1), float(rule.formula2)) == (column.minimum, column.maximum)


def listed(book, formula: str) -> list[str]:
    first, last = formula.removeprefix("=").removeprefix("Lists!").replace("$", "").split(":")
    return [row[0].value for row in book["Lists"][first:last]]


def test_notes_hold_every_column(book):
    rows = [tuple(row) for row in book["Notes"].iter_rows(min_row=2, max_col=2, values_only=True)]
    columns = [(table.name, name) for table in WORDS.tables.values() for name in table.columns]
    assert rows[-len(columns) :] == columns


def test_a_filled_template_is_a_delivery_without_findings(book, tmp_path):
    for file, rows in cases.good_tables().items():
        for row in rows[1:]:
            cells = dict(zip(rows[0], row, strict=True))
            sheet = book[file.removesuffix(".csv")]
            sheet.append([cells.get(header.value) or None for header in sheet[1]])
    book.save(tmp_path / "filled.xlsx")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = read.read([tmp_path / "filled.xlsx"], connection)
        assert list(report) == [] and report.n_good == 24


def test_an_empty_template_is_no_delivery(path):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = read.read([path], connection)
        assert report.is_refused_whole
        assert {f.rule for f in report} == {"file_empty", "table_empty"}
