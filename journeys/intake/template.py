"""An empty workbook for the services: a sheet per table with headers, notes, drop-down lists of codes and cells of the right type."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from journeys.intake.handbook import type_words
from journeys.vocabulary import dictionary
from journeys.vocabulary.dictionary import Column, Dictionary, Table

LAST_ROW = 1_048_575
HIGH, A4 = 15, 9  # points of a line; Excel's number of the paper
FLAGS = ("yes", "no")
NOTES = (
    "Fill in a sheet per table; each row is one thing, as the sheet's first comment says.",
    "Delete the sheet of a table that the service does not record: an empty sheet means 'none', a missing one 'not recorded'.",
    "Headers in bold must be filled. An empty cell means not recorded.",
    "No names, dates of birth, addresses, postcodes, e-mail addresses, telephone or NHS numbers anywhere: "
    "such a delivery is refused whole.",
    "Do not rename the sheets or the headers; the order of the columns is free.",
)


def write(path: Path) -> None:
    """Writes the template as .xlsx; an existing file is replaced."""
    words = dictionary.load()
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "Delivery for the social prescribing dashboard", "created": date(2026, 4, 1)})
        notes = book.add_worksheet("Notes")
        _write_notes(
            notes, words, book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        )
        tables = [_TableSheet(book, table) for table in words.tables.values()]
        lists = _write_lists(book.add_worksheet("Lists"), words)
        for table in tables:
            table.fill(lists)
        tables[0].sheet.activate()


def _write_notes(sheet: Worksheet, words: Dictionary, bold: Format, wrapped: Format) -> None:
    headers, widths = ("table", "column", "type", "required", "meaning", "values"), (18, 32, 26, 10, 70, 70)
    for place, (header, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write(0, place, header, bold)
    rows: list[tuple[str, ...]] = [("", "", "", "", note, "") for note in NOTES]
    rows += [_note(table, column) for table in words.tables.values() for column in table.columns.values()]
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, wrapped)
        # Excel works out how high words are, other programs lay them on each other
        sheet.set_row(number, HIGH * max(1 + len(cell) // width for cell, width in zip(row, widths, strict=True)))
    sheet.freeze_panes(1, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _note(table: Table, column: Column) -> tuple[str, ...]:
    codes = ", ".join(f"{code.code} ({code.label})" for code in column.codes)
    need = "yes" if column.required else "no"
    return table.name, column.name, type_words(column), need, column.meaning, codes


def _write_lists(sheet: Worksheet, words: Dictionary) -> dict[str, str]:
    """One column of codes per list; gives the range of each by `table.column`."""
    items = tuple(dict.fromkeys(item for tool in words.tools.values() for item in tool.items))
    lists = {"flag": FLAGS, "measure.item": items}
    for table in words.tables.values():
        for column in table.columns.values():
            if column.codes:
                lists[f"{table.name}.{column.name}"] = tuple(code.code for code in column.codes)
    ranges = {}
    for place, (name, codes) in enumerate(lists.items()):
        sheet.write_column(0, place, [name, *codes])
        letter = xlsxwriter.utility.xl_col_to_name(place)
        ranges[name] = f"=Lists!${letter}$2:${letter}${len(codes) + 1}"
    sheet.hide()
    return ranges


class _TableSheet:
    """The sheet of one table, made in its place and filled when the ranges of the lists are known."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table) -> None:
        self.sheet, self._table = book.add_worksheet(table.name), table
        self._required = book.add_format({"bold": True, "bottom": 1})
        self._optional = book.add_format({"bottom": 1})
        self._formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "integer": book.add_format({"num_format": "0"}),
            "number": book.add_format({"num_format": "General"}),
        }
        self._text = book.add_format({"num_format": "@"})

    def fill(self, lists: dict[str, str]) -> None:
        """Headers with comments, formats and validation of every column."""
        for place, column in enumerate(self._table.columns.values()):
            self.sheet.set_column(
                place, place, max(14, len(column.name) + 2), self._formats.get(column.type, self._text)
            )
            self.sheet.write_string(0, place, column.name, self._required if column.required else self._optional)
            self.sheet.write_comment(0, place, self._comment(place, column), {"width": 320, "height": 110})
            rule = validation(self._table, column, lists)
            if rule:
                self.sheet.data_validation(1, place, LAST_ROW, place, rule)
        self.sheet.freeze_panes(1, 0)

    def _comment(self, place: int, column: Column) -> str:
        first = f"This sheet: {self._table.grain}.\n" if place == 0 else ""
        need = "Must be filled" if column.required else "May be empty"
        return f"{first}{column.meaning[0].upper()}{column.meaning[1:]}. {need}; {type_words(column)}."


def validation(table: Table, column: Column, lists: dict[str, str]) -> dict | None:
    """The validation that Excel applies to a column's cells, or None for free text."""
    name = "flag" if column.type == "flag" else f"{table.name}.{column.name}"
    if name in lists:
        # barriers of mbat may have other names than the listed ones, so that items only warn
        error = "warning" if name == "measure.item" else "stop"
        return {"validate": "list", "source": lists[name], **_error("one of the list", error)}
    if column.type == "date":
        span: Sequence[object] = (date(1900, 1, 1), date(2199, 12, 31))
        return _between("date", span, "a date")
    if column.type == "number" and column.minimum is None:
        return _between("decimal", (-1_000_000, 1_000_000), "a number")
    if column.minimum is not None:
        span = (column.minimum, column.maximum)
        return _between("integer" if column.type == "integer" else "decimal", span, type_words(column))
    if column.max_length is not None:
        criteria = {"validate": "length", "criteria": "<=", "value": column.max_length}
        return criteria | _error(type_words(column))
    return None


def _between(kind: str, span: Sequence[object], words: str) -> dict:
    return {"validate": kind, "criteria": "between", "minimum": span[0], "maximum": span[1], **_error(words)}


def _error(words: str, kind: str = "stop") -> dict:
    return {"error_title": "Not what is expected", "error_message": f"Expected {words}.", "error_type": kind}
