"""Workbooks, read by calamine: numbers, dates and errors of cells as text."""

import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from journeys.intake.files.cells import UnreadableError, batches, registered, schema_of, without_trailing_blanks

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
DAYS_BETWEEN_EPOCHS = 1462  # 1 January 1904 in the days of the 1900 system


@dataclass(frozen=True)
class Workbook:
    """An open workbook. `errors` holds, by sheet, the cells (row from 1, place from 0) in which a formula has failed, which
    calamine reads as empty."""

    calamine: CalamineWorkbook = field(repr=False)
    is_1904: bool
    errors: Mapping[str, Mapping[tuple[int, int], str]]

    @property
    def names(self) -> list[str]:
        """Names of the sheets, hidden ones too."""
        return self.calamine.sheet_names

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Rows of a sheet with their numbers from 1, cells as text, from column A on."""
        page, errors = self.calamine.get_sheet_by_name(sheet), self.errors.get(sheet, {})
        before = [""] * (page.start[1] if page.start else 0)
        for number, cells in enumerate(page.iter_rows(), start=1):
            row = before + [cell_text(cell) for cell in cells]
            yield number, [errors.get((number, place), cell) for place, cell in enumerate(row)] if errors else row

    def header(self, sheet: str) -> tuple[int, tuple[str, ...]]:
        """Number and cells of the first row that holds anything; row 0 and no cells for an empty sheet."""
        for number, row in self.rows(sheet):
            cells = without_trailing_blanks(row)
            if cells:
                return number, cells
        return 0, ()


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
    """The workbook, closed with `stack`; UnreadableError when it does not open."""
    try:
        opened = stack.enter_context(CalamineWorkbook.from_path(path))
    except PasswordError as error:
        raise UnreadableError("unreadable", "a workbook without a password") from error
    except (CalamineError, OSError) as error:
        raise UnreadableError("unreadable", "an Excel workbook that opens; save it again as .xlsx") from error
    if not zipfile.is_zipfile(path):
        return Workbook(opened, False, {})
    with zipfile.ZipFile(path) as parts:
        return Workbook(opened, _is_1904(parts), _errors(parts))


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


# --- formulas that failed ---------------------------------------------------------------------------------------------

_ERROR_CELL = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*?\bt="e"[^>]*>(?:<f\b.*?(?:</f>|/>))?<v>([^<]*)</v>', re.DOTALL
)


def _errors(parts: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    names = parts.namelist()
    return {
        sheet: {
            (int(row), _place(letters)): error.decode() for letters, row, error in _ERROR_CELL.findall(parts.read(part))
        }
        for sheet, part in _sheet_parts(parts).items()
        if part in names and _holds(parts, part, b't="e"')
    }


def _holds(parts: zipfile.ZipFile, part: str, words: bytes) -> bool:
    tail = b""
    with parts.open(part) as file:
        while chunk := file.read(1 << 20):
            if words in tail + chunk:
                return True
            tail = chunk[-len(words) :]
    return False


def _sheet_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of the zip that holds each sheet, by the sheet's name."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(parts.namelist()):
        return {}
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found = {}
    for element in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            number = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            target = targets.get(number, "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _place(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
