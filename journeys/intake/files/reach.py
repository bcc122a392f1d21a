"""How far the filled cells of a sheet reach, read from an .xlsb or .ods before it is opened: opening one makes room for every cell between.

Records of .xlsb: [MS-XLSB] 2.1.4 (number and length in 7 bits a byte; 0 begins a row, 1 to 11 are cells and begin with their column).
Repeats of .ods: OpenDocument 1.3, 19.675 and 19.679.
"""

import re
import zipfile
from collections.abc import Iterator

from journeys.intake.files import limits
from journeys.intake.files.cells import UnreadableError

CHUNK_BYTES = 1 << 20
MAX_RECORD_BYTES, MAX_TAG_BYTES = 8 << 20, 8 << 20
_RELATIONS = "xl/_rels/workbook.bin.rels"
_SHEETS = re.compile(r"""<Relationship\b(?=[^>]*Type=["'][^"']*/worksheet["'])[^>]*Target=["']([^"']+)""")
_ROW, _CELLS = 0, range(1, 12)
_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated=["'] *([0-9]{1,12})""")
_FILLED = re.compile(rb"office:value-type=|table:formula=")


def check(parts: zipfile.ZipFile) -> None:
    """UnreadableError for a sheet whose cells reach further than can be opened; nothing for workbooks of other formats."""
    held = set(parts.namelist())
    for target in _SHEETS.findall(parts.read(_RELATIONS).decode(errors="replace")) if _RELATIONS in held else ():
        name = target.lstrip("/") if target.startswith("/xl/") else f"xl/{target.lstrip('/')}"
        if name in held:
            _check_places(_binary_places(parts, name))
    if "content.xml" in held:
        _check_repeats(parts)


def _check_places(places: Iterator[tuple[int, int]]) -> None:
    reach = limits.Reach()
    for row, column in places:
        reach.add(row + 1, column + 1, 1)
    reach.check()


def _binary_places(parts: zipfile.ZipFile, name: str) -> Iterator[tuple[int, int]]:
    """Row and column, both from 0, of every cell of a part of an .xlsb."""
    row = 0
    for number, data in _records(parts, name):
        if number == _ROW and len(data) >= 4:
            row = int.from_bytes(data[:4], "little")
        elif number in _CELLS and len(data) >= 4:
            yield row, int.from_bytes(data[:4], "little")


def _records(parts: zipfile.ZipFile, name: str) -> Iterator[tuple[int, bytes]]:
    with parts.open(name) as file:
        while first := file.read(1):
            number, n_bytes = first[0], 0
            if number & 0x80:
                number = number & 0x7F | (_byte(file.read(1)) & 0x7F) << 7
            for shift in (0, 7, 14, 21):
                byte = _byte(file.read(1))
                n_bytes |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
            if n_bytes > MAX_RECORD_BYTES:
                raise UnreadableError("unreadable", "a sheet as Excel writes it; save the workbook again")
            yield number, file.read(n_bytes)


def _byte(read: bytes) -> int:
    return read[0] if read else 0


def _check_repeats(parts: zipfile.ZipFile) -> None:
    """Every sheet of an .ods: a row or cell may say that it stands there many times."""
    row, rows, column, in_row, reach = 0, 1, 0, (0, 0), limits.Reach()
    for is_end, tag, attributes in _tags(parts):
        if tag == b"table":
            reach.check()
            row, reach = 0, limits.Reach()
        elif tag == b"table-row" and is_end:
            reach.add(row + rows, in_row[0], in_row[1] * rows)
            row, column, in_row = row + rows, 0, (0, 0)
        elif tag == b"table-row":
            rows, column, in_row = _times(attributes), 0, (0, 0)
            row += rows if attributes.endswith(b"/") else 0
        elif not is_end:
            times = _times(attributes)
            column += times
            if _FILLED.search(attributes):
                in_row = (column, in_row[1] + times)
    reach.check()


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _tags(parts: zipfile.ZipFile) -> Iterator[tuple[bool, bytes, bytes]]:
    rest = b""
    with parts.open("content.xml") as file:
        while chunk := file.read(CHUNK_BYTES):
            rest += chunk
            cut = rest.rfind(b"<") if len(chunk) == CHUNK_BYTES else len(rest)
            yield from ((bool(end), tag, more) for end, tag, more in _TAG.findall(rest[:cut]))
            rest = rest[cut:]
            if len(rest) > MAX_TAG_BYTES:
                raise UnreadableError("unreadable", "a sheet as a program writes it; save the workbook again")
    yield from ((bool(end), tag, more) for end, tag, more in _TAG.findall(rest))
