"""Workbooks, read by calamine: numbers, dates and errors of cells as text."""

import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from journeys.intake.files import limits, reach
from journeys.intake.files.cells import UnreadableError, batches, registered, schema_of
from journeys.intake.files.sheet_marks import Marks, marks_of, sheet_parts

T = TypeVar("T")
SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
DAYS_BETWEEN_EPOCHS = 1462  # 1 January 1904 in the days of the 1900 system


@dataclass(frozen=True)
class Workbook:
    """An open workbook. `marks` holds, by sheet, what its XML tells beyond its values (.xlsx only): also the cells in which a formula
    has failed, which calamine reads as empty."""

    calamine: CalamineWorkbook = field(repr=False)
    is_1904: bool
    marks: Mapping[str, Marks]
    latest: dict[str, CalamineSheet] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        """Names of the sheets, hidden ones too."""
        return self.calamine.sheet_names

    @property
    def hidden_names(self) -> set[str]:
        """Names of the sheets that are not shown."""
        return {one.name for one in self.calamine.sheets_metadata if one.visible != SheetVisibleEnum.Visible}

    def marks_of(self, sheet: str) -> Marks:
        """The marks of one sheet; none for formats that are not .xlsx."""
        return self.marks.get(sheet, Marks())

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Rows of a sheet with their numbers from 1, cells as text, from column A on."""
        page, errors = self._page(sheet), self.marks_of(sheet).errors
        before = [""] * (page.start[1] if page.start else 0)
        for number, cells in enumerate(page.iter_rows(), start=1):
            row = before + [cell_text(cell) for cell in cells]
            yield number, [errors.get((number, place), cell) for place, cell in enumerate(row)] if errors else row

    def _page(self, sheet: str) -> CalamineSheet:
        """The sheet, kept until another one is read: it is read several times, and two large ones may not fit."""
        if sheet not in self.latest:
            self.latest.clear()
            page = _opened(
                lambda: self.calamine.get_sheet_by_name(sheet), f"a sheet {sheet!r} that opens; save it again"
            )
            self._check_reach(sheet, page)
            self.latest[sheet] = page
        return self.latest[sheet]

    def _check_reach(self, sheet: str, page: CalamineSheet) -> None:
        """An .xls tells only when it is open how far its cells reach."""
        limits.check_columns(page.width)
        if sheet in self.marks or page.height * page.width <= limits.SPARSE_FROM:
            return
        n_cells = sum(cell != "" for row in page.iter_rows() for cell in row)
        limits.Reach(page.height, page.width, n_cells).check()


@dataclass(frozen=True)
class WorkbookReader:
    """Reads the rows below the header of one sheet."""

    workbook: Workbook
    sheet: str
    header_row: int

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection, width: int) -> Iterator[str]:
        rows = itertools.islice(self.workbook.rows(self.sheet), self.header_row, None)
        reader = pa.RecordBatchReader.from_batches(schema_of(width), batches(rows, width, None))
        with registered(connection, reader) as name:
            yield name


def open_workbook(path: Path, stack: ExitStack) -> Workbook:
    """The workbook, closed with `stack`; UnreadableError when it does not open or costs too much."""
    marks, is_1904 = _look(path)
    try:
        calamine = _opened(
            lambda: CalamineWorkbook.from_path(path), "an Excel workbook that opens; save it again as .xlsx"
        )
    except PasswordError as error:
        raise UnreadableError("unreadable", "a workbook without a password") from error
    return Workbook(stack.enter_context(calamine), is_1904, marks)


def _look(path: Path) -> tuple[dict[str, Marks], bool]:
    """The marks of every sheet and how dates are counted, for workbooks that are zips."""
    if not zipfile.is_zipfile(path):
        return {}, False
    words = "an Excel workbook that opens; save it again as .xlsx"
    try:
        with zipfile.ZipFile(path) as parts:
            limits.check_bytes(parts.infolist(), "a workbook", limits.MAX_BOOK_BYTES)
            reach.check(parts)
            held = set(parts.namelist())
            marks = {sheet: marks_of(parts, part) for sheet, part in sheet_parts(parts).items() if part in held}
            return marks, _is_1904(parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ElementTree.ParseError, OSError, EOFError, ValueError) as error:
        raise UnreadableError("unreadable", words) from error
    except (NotImplementedError, RuntimeError, zlib.error, KeyError) as error:
        raise UnreadableError("unreadable", words) from error


def _opened(work: Callable[[], T], words: str) -> T:
    """What calamine gives; UnreadableError with `words` when it cannot, or breaks inside (which is no Exception)."""
    try:
        return work()
    except PasswordError:
        raise
    except (CalamineError, OSError, ValueError, KeyError, IndexError, OverflowError) as error:
        raise UnreadableError("unreadable", words) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError("unreadable", words) from error


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates as YYYY-MM-DD, a time only where there is one."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number_text(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _is_1904(parts: zipfile.ZipFile) -> bool:
    """Whether an .xlsx workbook counts its dates from 1904 (old Excel for Mac)."""
    words = parts.read("xl/workbook.xml") if "xl/workbook.xml" in parts.namelist() else b""
    return re.search(rb'date1904="(1|true)"', words) is not None
