"""What the XML of a workbook's sheet tells beyond its values, read once and in pieces: how far its cells reach, hidden rows, merged cells,
formulas that failed and formulas that were never worked out."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.limits import MAX_CELLS, is_far

CHUNK_BYTES = 1 << 20
MAX_TAG_BYTES = 8 << 20  # no cell is longer: Excel holds 32,767 letters in one
_ROW_NUMBER = re.compile(rb'<(?:\w{1,9}:)?row\b[^>]{0,999}?\br="([0-9]{1,9})"')
_HIDDEN = re.compile(rb'<(?:\w{1,9}:)?row\b(?=[^>]{0,999}?\bhidden="(?:1|true)")[^>]{0,999}?\br="([0-9]{1,9})"')
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w{1,9}:)?col\b(?=[^>]{0,999}?\bhidden="(?:1|true)")(?=[^>]{0,999}?\bmin=")(?=[^>]{0,999}?\bmax=")[^>]{0,999}>'
)
_FIRST, _LAST = (re.compile(rb'\b%s="([0-9]{1,9})"' % name) for name in (b"min", b"max"))
_PLACE = re.compile(rb'<(?:\w{1,9}:)?c\b[^>]{0,999}?\br="([A-Z]{1,3})')
_PLACED = re.compile(rb'<(?:\w{1,9}:)?c\b[^>]{0,999}?\br="([A-Z]{1,3}[0-9]{1,9})"')
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell\b[^>]{0,999}?\bref="([A-Z]{1,3}[0-9]{1,9}:[A-Z]{1,3}[0-9]{1,9})"')
_TOKEN = re.compile(rb"<(?:(?:\w{1,9}:)?(?:(c)\b([^>]{0,999})>|(f)\b|v\b[^>]{0,99}>([^<]*))|/(?:\w{1,9}:)?(c)>)")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,9})"')


@dataclass
class Marks:
    """Rows are numbered from 1, places from 0. `unstored` are formulas without a value; `hidden` rows; `merged` ranges such as C2:C61;
    `hidden_columns` the first and last place of columns that are not shown."""

    n_cells: int = 0
    last_row: int = 0
    width: int = 0
    far: str | None = None
    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unstored: list[str] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def is_hidden_column(self, place: int) -> bool:
        """Whether the column at a place is not shown."""
        return any(first <= place <= last for first, last in self.hidden_columns)


def marks_of(parts: zipfile.ZipFile, part: str) -> Marks:
    """The marks of one sheet; UnreadableError when its cells reach further than can be opened."""
    marks, has_formulas = Marks(), False
    for piece in _pieces(parts, part):
        _measure(marks, piece)
        has_formulas = has_formulas or b"<f" in piece or b":f" in piece or b't="e"' in piece
    area = marks.last_row * marks.width
    if is_far(marks.n_cells, area):
        marks.far = _far_cell(parts, part, marks)
        return marks
    if area > MAX_CELLS:
        raise UnreadableError("too_large", f"at most {MAX_CELLS:,} cells in a sheet; save the table as CSV")
    if has_formulas:
        for piece in _pieces(parts, part):
            _read_formulas(marks, piece)
    return marks


def place_of(letters: bytes | str) -> int:
    """The place of a column by its letters: A is 0."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _pieces(parts: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet in pieces that end between two rows, or between two cells where a row is long."""
    rest = b""
    with parts.open(part) as file:
        while chunk := file.read(CHUNK_BYTES):
            rest += chunk
            cut = max(rest.rfind(b"<row"), rest.rfind(b":row"), rest.rfind(b"<c "), rest.rfind(b"<mergeCell "))
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            if len(rest) > MAX_TAG_BYTES:
                raise UnreadableError("unreadable", "a sheet as Excel writes it; save the workbook again")
    yield rest


def _measure(marks: Marks, piece: bytes) -> None:
    numbers = _ROW_NUMBER.findall(piece)
    n_rows = piece.count(b"<row") + piece.count(b":row ")
    marks.last_row = max([marks.last_row + n_rows - len(numbers), *map(int, numbers)]) if n_rows else marks.last_row
    marks.n_cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b":c ")
    widest = max((row.count(b"<c ") + row.count(b"<c>") + row.count(b":c ") for row in piece.split(b"<row")), default=0)
    places = (place_of(letters) + 1 for letters in set(_PLACE.findall(piece)))
    marks.width = max([marks.width, widest, *places])
    if b"hidden" in piece:
        marks.hidden |= set(map(int, _HIDDEN.findall(piece)))
        spans = (map(int, (_FIRST.findall(said) + _LAST.findall(said))) for said in _HIDDEN_COLUMNS.findall(piece))
        marks.hidden_columns += [(first - 1, last - 1) for first, last in spans]
    if b"mergeCell" in piece:
        marks.merged += [ref.decode() for ref in _MERGED.findall(piece)]


def _far_cell(parts: zipfile.ZipFile, part: str, marks: Marks) -> str:
    """The name of the cell that makes the sheet so large: the one furthest from the corner."""
    furthest, name = 0.0, "A1"
    for piece in _pieces(parts, part):
        for ref in _PLACED.findall(piece):
            letters = ref.rstrip(b"0123456789")
            reach = int(ref[len(letters) :]) / marks.last_row + place_of(letters) / marks.width
            if reach > furthest:
                furthest, name = reach, ref.decode()
    return name


def _read_formulas(marks: Marks, piece: bytes) -> None:
    attributes, is_formula, value = b"", False, b""
    for found in _TOKEN.finditer(piece):
        if found[1]:
            attributes, is_formula, value = found[2], False, b""
        elif found[3]:
            is_formula = True
        elif found[4] is not None:
            value = found[4].strip()
        elif found[5]:
            _note_cell(marks, attributes, is_formula, value)


def _note_cell(marks: Marks, attributes: bytes, is_formula: bool, value: bytes) -> None:
    place = _REFERENCE.search(attributes)
    if place is None:
        return
    if b't="e"' in attributes and value:
        marks.errors[int(place[2]), place_of(place[1])] = value.decode("utf-8", "replace")
    elif is_formula and not value and b't="str"' not in attributes:
        marks.unstored.append((place[1] + place[2]).decode())


def sheet_parts(parts: zipfile.ZipFile) -> Mapping[str, str]:
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
