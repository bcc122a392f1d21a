"""Workbooks that are not .xlsx: how far their cells reach is known before they are opened, which makes room for every cell between."""

import contextlib
import struct
import zipfile

import pytest

from journeys.intake.files import limits
from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.workbook import open_workbook

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
HEAD = ("journey_id", "client_ref", "service_id")


def cell(words, times=1):
    repeated = f'table:number-columns-repeated="{times}"'
    filled = f'office:value-type="string"><text:p>{words}</text:p></table:table-cell>' if words else "/>"
    return f"<table:table-cell {repeated} {filled}"


def row(*cells, times=1):
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def ods(path, *rows):
    """A workbook of one sheet: a header, then these rows."""
    table = f'<table:table table:name="journey">{row(*map(cell, HEAD))}{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        parts.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        parts.writestr("content.xml", f"<office:document-content {SPACES}>{body}</office:document-content>")
    return path


def record(number, data=b""):
    begin = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    return begin + bytes([len(data)]) + data


def wide(words):
    return struct.pack("<I", len(words)) + words.encode("utf-16le")


def xlsb(path, *cells):
    """A workbook of one sheet: a header, then cells by row and column from 0."""
    sheet, at = record(129) + record(148, bytes(16)) + record(145), None
    for number, place, words in [*((0, i, name) for i, name in enumerate(HEAD)), *cells]:
        sheet += record(0, struct.pack("<I", number) + bytes(13)) if number != at else b""
        sheet += record(6, struct.pack("<II", place, 0) + wide(words))
        at = number
    sheet += record(146) + record(130)
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("journey"))
        + record(144)
        + record(132)
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/_rels/workbook.bin.rels", relations)
        parts.writestr("xl/workbook.bin", book)
        parts.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def refused(path, stack):
    with pytest.raises(UnreadableError) as told:
        open_workbook(path, stack)
    return told.value.rule


@pytest.fixture
def stack():
    with contextlib.ExitStack() as stack:
        yield stack


def test_what_programs_write_is_read(tmp_path, stack):
    rows = (
        row(*map(cell, "abc"), cell("", 16381)),
        row(cell("", 16384), times=1_048_574),
    )  # as LibreOffice fills a sheet up
    for path in (ods(tmp_path / "a.ods", *rows), xlsb(tmp_path / "a.xlsb", *((1, i, "abc"[i]) for i in range(3)))):
        assert list(open_workbook(path, stack).rows("journey")) == [(1, list(HEAD)), (2, ["a", "b", "c"])]


def test_a_cell_far_from_the_rest_is_told_before_the_workbook_is_opened(tmp_path, stack):
    far = row(cell("", 16384), times=1_048_574), row(cell("", 16383), cell("x"))
    assert refused(ods(tmp_path / "far.ods", *far), stack) == "cell_far"
    assert refused(xlsb(tmp_path / "far.xlsb", (1_048_575, 16_383, "x")), stack) == "cell_far"


def test_a_row_or_cell_that_stands_there_a_million_times_is_too_large(tmp_path, stack):
    assert refused(ods(tmp_path / "rows.ods", row(cell("x", 300), times=1_048_575)), stack) == "too_large"
    assert refused(ods(tmp_path / "cells.ods", row(cell("x", 16384), times=9)), stack) == "too_large"


def test_a_sheet_that_tells_only_when_open_is_looked_at_then(tmp_path, stack, monkeypatch):
    path = xlsb(tmp_path / "a.xlsb", (60, 60, "x"))
    book = open_workbook(path, stack)
    monkeypatch.setattr(limits, "SPARSE_FROM", 1_000)
    with pytest.raises(UnreadableError) as told:
        list(book.rows("journey"))
    assert told.value.rule == "cell_far"
