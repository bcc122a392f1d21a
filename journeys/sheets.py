"""The sheets of a delivery: every CSV file, Parquet file and workbook sheet, read as text, cell by cell, with its row number.

DuckDB reads what is plain (no quotes, no blank lines, UTF-8); the csv module of Python reads the rest strictly; calamine reads
workbooks. Every reader gives the same relation: row (as a spreadsheet numbers it, the header is row 1), n_cells, c0, c1, ...
"""

import codecs
import csv
import hashlib
import itertools
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

TEXT_SUFFIXES = (".csv", ".tsv")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SUFFIXES = (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES, ".parquet")
DELIMITERS = (",", ";", "\t")
CHUNK_ROWS = 20_000
CHUNK_BYTES = 1 << 20
MAX_UNPACKED_BYTES = 50 << 30
BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"
DAYS_BETWEEN_EXCEL_EPOCHS = 1462  # 1 January 1904 in the days of the 1900 system


class UnreadableError(Exception):
    """A file that cannot be read as what it claims to be. `row` is None where no row can be named."""

    def __init__(self, rule: str, expected: str, row: int | None = None) -> None:
        super().__init__(expected)
        self.rule, self.expected, self.row = rule, expected, row


@dataclass(frozen=True)
class Bytes:
    """What one pass over a text file's bytes tells."""

    sha256: str
    encoding: str
    n_lines: int
    n_delimiters: Mapping[str, int]
    is_plain: bool

    def is_even(self, delimiter: str, width: int) -> bool:
        """Whether the delimiters add up to `width` cells in every line (DuckDB lets one blank cell too many pass)."""
        return self.n_delimiters[delimiter] == self.n_lines * (width - 1)


@dataclass(frozen=True)
class Sheet:
    """One table-shaped thing of a delivery, opened but not read: `name` is what findings call it, `stems` what it may be."""

    delivery: int
    name: str
    stems: tuple[str, ...]
    sha256: str
    n_bytes: int
    header: tuple[str, ...]
    header_row: int
    reader: "TextReader | WorkbookReader | ParquetReader"
    encoding: str = "utf-8"

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
        """A SQL table expression over all rows; raises UnreadableError when reading breaks off."""
        with self.reader.relation(connection, len(self.header)) as sql:
            yield sql

    @property
    def epoch_days(self) -> int | None:
        """What turns a workbook's serial dates into those of the 1900 system; None for files that have none."""
        if not isinstance(self.reader, WorkbookReader):
            return None
        return DAYS_BETWEEN_EXCEL_EPOCHS if self.reader.is_1904 else 0


@dataclass(frozen=True)
class Broken:
    """A file that could not be opened at all."""

    delivery: int
    name: str
    stems: tuple[str, ...]
    sha256: str
    problem: UnreadableError


@dataclass(frozen=True)
class Ignored:
    """A file of a delivery that is none of the formats."""

    delivery: int
    name: str


Found = Sheet | Broken | Ignored


def squash(text: str) -> str:
    """A header or name without case, spaces and punctuation, for comparing."""
    return re.sub(r"[\W_]+", "", text).casefold()


# --- text -------------------------------------------------------------------------------------------------------------


def survey_bytes(path: Path) -> Bytes:
    """Fingerprint, encoding and plainness of a text file in one pass of 1 MiB chunks."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8-sig")()
    is_utf8, n_lines, is_plain, tail = True, 0, True, b"\n"
    n_delimiters = dict.fromkeys(DELIMITERS, 0)
    with path.open("rb") as file:
        first = file.read(CHUNK_BYTES)
        encoding = _marked_encoding(first)
        for chunk in itertools.chain([first], iter(lambda: file.read(CHUNK_BYTES), b"")):
            digest.update(chunk)
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
            n_lines += chunk.count(b"\n")
            for delimiter in DELIMITERS:
                n_delimiters[delimiter] += chunk.count(delimiter.encode())
            is_plain = is_plain and _is_plain(tail + chunk)
            tail = chunk[-2:] or tail
    is_utf8 = is_utf8 and _decodes(decoder, b"", is_last=True)
    n_lines += tail[-1:] != b"\n"
    encoding = encoding or ("utf-8-sig" if is_utf8 else "cp1252")
    is_plain = is_plain and encoding == "utf-8-sig"
    return Bytes(digest.hexdigest(), encoding, n_lines, n_delimiters, is_plain)


def _marked_encoding(first: bytes) -> str | None:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF")) or b"\x00" in first:
        raise UnreadableError("unreadable", "a text file with the ending .csv; this is another kind of file")
    return None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_last: bool = False) -> bool:
    try:
        decoder.decode(chunk, is_last)
    except UnicodeDecodeError:
        return False
    return True


def _is_plain(chunk: bytes) -> bool:
    return not (b'"' in chunk or b"\n\n" in chunk or b"\n\r" in chunk or b"\x00" in chunk)


@dataclass(frozen=True)
class TextReader:
    """Reads a CSV file: by DuckDB when `n_lines` is given and the count agrees with it, else by the csv module."""

    path: Path
    encoding: str
    delimiter: str
    n_skipped: int
    n_header_cells: int
    n_lines: int | None

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection, width: int) -> Iterator[str]:
        if self.n_lines is not None:
            yield self._duckdb_sql(width)
            return
        problems: list[UnreadableError] = []
        reader = pa.RecordBatchReader.from_batches(_schema(width), self._batches(width, problems))
        with _registered(connection, reader) as name:
            yield name
        if problems:
            raise problems[0]

    def strict(self) -> "TextReader":
        """The same file read by the csv module."""
        return replace(self, n_lines=None)

    def _duckdb_sql(self, width: int) -> str:
        columns = ", ".join(f"'c{i}': 'varchar'" for i in range(width))
        return (
            f"(select row_number() over () + 1 as row, {width} as n_cells, * from read_csv({_quoted(self.path)}, "
            f"auto_detect=false, header=true, delim={_quoted(self.delimiter)}, quote='', escape='', "
            f"columns={{{columns}}}))"
        )

    def _batches(self, width: int, problems: list[UnreadableError]) -> Iterator[pa.RecordBatch]:
        with self.path.open(encoding=self.encoding, newline="", errors="strict") as file:
            rows = csv.reader(file, delimiter=self.delimiter, strict=True)
            numbered = ((number, row) for number, row in _numbered(rows, problems) if number > self.n_skipped)
            yield from batches(numbered, width, self.n_header_cells)


def _numbered(rows: Iterator[list[str]], problems: list[UnreadableError]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as error:
            problems.append(_text_problem(error, number))
            return
        yield number, row


def _text_problem(error: Exception, row: int) -> UnreadableError:
    if isinstance(error, UnicodeDecodeError):
        return UnreadableError("unreadable", "text in UTF-8 or Windows-1252; this file is in neither")
    return UnreadableError("quote_broken", "every quotation mark that opens a cell to close it", row)


def open_text(path: Path, known: frozenset[str]) -> tuple[Bytes, TextReader, tuple[str, ...], int]:
    """A text file's bytes, reader, header and header row; `known` are squashed column names that tell the delimiter."""
    surveyed = survey_bytes(path)
    lines = _first_rows(path, surveyed.encoding)
    if not lines:
        raise UnreadableError("file_empty", "a header row with the names of the columns")
    delimiter, number, header = max(lines, key=lambda found: _header_score(found[2], known))
    cells = _without_trailing_blanks(header)
    is_fast = surveyed.is_plain and surveyed.is_even(delimiter, len(cells)) and number == 1
    n_lines = surveyed.n_lines if is_fast else None
    reader = TextReader(path, surveyed.encoding, delimiter, number, len(header), n_lines)
    return surveyed, reader, cells, number


def _first_rows(path: Path, encoding: str) -> list[tuple[str, int, list[str]]]:
    """The first row that holds anything (but Excel's own `sep=;`), as every delimiter splits it."""
    found = []
    for delimiter in DELIMITERS:
        with path.open(encoding=encoding, newline="") as file:
            problems: list[UnreadableError] = []
            for number, row in _numbered(csv.reader(file, delimiter=delimiter, strict=True), problems):
                if any(cell.strip(BLANKS) for cell in row) and not row[0].startswith("sep="):
                    found.append((delimiter, number, row))
                    break
            if problems and problems[0].rule == "unreadable":
                raise problems[0]
    if not found and problems:
        raise problems[0]
    return found


def _header_score(header: Sequence[str], known: frozenset[str]) -> tuple[int, int]:
    return sum(squash(cell) in known for cell in header), len(header)


def _without_trailing_blanks(cells: Sequence[str]) -> tuple[str, ...]:
    stripped = [cell.strip(BLANKS) for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    return tuple(stripped)


# --- workbooks --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WorkbookReader:
    """Reads one sheet of a workbook that stays open in `workbook`."""

    workbook: CalamineWorkbook
    sheet: str
    header_row: int
    is_1904: bool

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection, width: int) -> Iterator[str]:
        rows = itertools.islice(numbered_rows(self.workbook, self.sheet), self.header_row, None)
        texts = ((number, [cell_text(cell, self.is_1904) for cell in row]) for number, row in rows)
        reader = pa.RecordBatchReader.from_batches(_schema(width), batches(texts, width, None))
        with _registered(connection, reader) as name:
            yield name


def numbered_rows(workbook: CalamineWorkbook, sheet: str) -> Iterator[tuple[int, list]]:
    """Rows of a sheet with their numbers from 1, cells from column A on."""
    page = workbook.get_sheet_by_name(sheet)
    before = [""] * (page.start[1] if page.start else 0)
    for number, row in enumerate(page.iter_rows(), start=1):
        yield number, before + row


def cell_text(cell: object, is_1904: bool = False) -> str:
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


def is_1904(path: Path) -> bool:
    """Whether an .xlsx workbook counts its dates from 1904 (old Excel for Mac)."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as parts:
        words = parts.read("xl/workbook.xml") if "xl/workbook.xml" in parts.namelist() else b""
    return re.search(rb'date1904="(1|true)"', words) is not None


# --- Parquet ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParquetReader:
    """Reads a Parquet file; `types` are the DuckDB types of its columns, in their order."""

    path: Path
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection, width: int) -> Iterator[str]:
        pairs = zip(self.columns, self.types, strict=True)
        cells = ", ".join(f"{_as_text(column, type_)} as c{i}" for i, (column, type_) in enumerate(pairs))
        yield (
            f"(select file_row_number + 2 as row, {width} as n_cells, {cells} "
            f"from read_parquet({_quoted(self.path)}, file_row_number=true))"
        )


def _as_text(column: str, type_: str) -> str:
    name = '"' + column.replace('"', '""') + '"'
    if type_ in ("FLOAT", "DOUBLE"):
        return f"case when {name} = trunc({name}) then {name}::hugeint::varchar else {name}::varchar end"
    return f"{name}::varchar"


def open_parquet(path: Path, connection: duckdb.DuckDBPyConnection) -> ParquetReader:
    """Reader of a Parquet file; UnreadableError when it is not one or holds lists or structures."""
    try:
        described = connection.execute(f"describe select * from read_parquet({_quoted(path)})").fetchall()
    except duckdb.Error as error:
        raise UnreadableError("unreadable", "a Parquet file") from error
    nested = [name for name, type_, *_ in described if re.search(r"\[|STRUCT|MAP|UNION|BLOB", type_)]
    if nested:
        raise UnreadableError("unreadable", "columns of plain values, not lists or structures")
    return ParquetReader(path, tuple(row[0] for row in described), tuple(row[1] for row in described))


# --- batches ----------------------------------------------------------------------------------------------------------


def batches(rows: Iterable[tuple[int, list[str]]], width: int, n_header_cells: int | None) -> Iterator[pa.RecordBatch]:
    """Arrow batches of numbered rows, rows without any text left out, cells cut or filled to `width`.

    n_cells tells how many cells a row had, to be compared with `width`: blank cells do not count where the header (of
    `n_header_cells` in all) has blank ones too. None for a workbook, where rows are as wide as the sheet and blanks mean nothing.
    """
    schema = _schema(width)
    filled = ((number, row) for number, row in rows if any(row))
    while chunk := list(itertools.islice(filled, CHUNK_ROWS)):
        numbers = [number for number, _ in chunk]
        n_cells = [_n_cells(row, width, n_header_cells) for _, row in chunk]
        fitted = [row if len(row) == width else (row + [""] * width)[:width] for _, row in chunk]
        columns = [pa.array(numbers, pa.int64()), pa.array(n_cells, pa.int32())]
        columns += [pa.array(cells, pa.string()) for cells in zip(*fitted, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _n_cells(row: list[str], width: int, n_header_cells: int | None) -> int:
    n = len(row)
    if n_header_cells is not None and n > n_header_cells:
        return n
    while n > width and not row[n - 1].strip(BLANKS):
        n -= 1
    return max(n, width) if n_header_cells is None else n


def _schema(width: int) -> pa.Schema:
    cells = [(f"c{i}", pa.string()) for i in range(width)]
    return pa.schema([("row", pa.int64()), ("n_cells", pa.int32()), *cells])


_numbers = itertools.count()


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[str]:
    name = f"intake_sheet_{next(_numbers)}"
    connection.register(name, reader)
    try:
        yield name
    finally:
        connection.unregister(name)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


# --- deliveries -------------------------------------------------------------------------------------------------------


def find(
    paths: Sequence[Path], connection: duckdb.DuckDBPyConnection, known: frozenset[str], stack: ExitStack
) -> list[Found]:
    """Everything in the deliveries, in order; `stack` closes what was opened and removes what was unpacked.

    ValueError when a path does not exist or is no delivery.
    """
    found: list[Found] = []
    for number, path in enumerate(paths):
        prefix = f"{path.name}/" if len(paths) > 1 else ""
        found += _Opener(number, connection, known, stack).delivery(Path(path), prefix)
    return found


@dataclass(frozen=True)
class _Opener:
    number: int
    connection: duckdb.DuckDBPyConnection
    known: frozenset[str]
    stack: ExitStack

    def delivery(self, path: Path, prefix: str) -> list[Found]:
        if not path.exists():
            raise ValueError(f"there is no delivery at {path}")
        if path.is_dir():
            return self._folder(path, prefix)
        if path.suffix.lower() == ".zip":
            return self._zip(path, prefix)
        if path.suffix.lower() in WORKBOOK_SUFFIXES:
            return self._file(path, prefix)
        raise ValueError(f"{path} is no delivery: a folder, a .zip or a workbook ({', '.join(WORKBOOK_SUFFIXES)})")

    def _folder(self, folder: Path, prefix: str) -> list[Found]:
        entries = sorted(entry for entry in folder.iterdir() if not _is_hidden(entry.name))
        folders = [entry for entry in entries if entry.is_dir()]
        if len(folders) == 1 and not any(entry.suffix.lower() in SUFFIXES for entry in entries):
            return self._folder(folders[0], f"{prefix}{folders[0].name}/")
        return [
            found
            for entry in entries
            for found in (self._file(entry, prefix) if entry.is_file() else [Ignored(self.number, prefix + entry.name)])
        ]

    def _zip(self, path: Path, prefix: str) -> list[Found]:
        target = Path(self.stack.enter_context(TemporaryDirectory(prefix="delivery-")))
        try:
            unpack(path, target)
        except UnreadableError as problem:
            return [Broken(self.number, prefix + path.name, (path.stem,), file_sha256(path), problem)]
        return self._folder(target, prefix)

    def _file(self, path: Path, prefix: str) -> list[Found]:
        name, suffix = prefix + path.name, path.suffix.lower()
        if suffix not in SUFFIXES:
            return [Ignored(self.number, name)]
        try:
            if suffix in WORKBOOK_SUFFIXES:
                return self._workbook(path, name)
            return [self._text(path, name) if suffix in TEXT_SUFFIXES else self._parquet(path, name)]
        except UnreadableError as problem:
            return [Broken(self.number, name, (path.stem,), file_sha256(path), problem)]

    def _text(self, path: Path, name: str) -> Sheet:
        surveyed, reader, header, row = open_text(path, self.known)
        size = path.stat().st_size
        return Sheet(self.number, name, (path.stem,), surveyed.sha256, size, header, row, reader, surveyed.encoding)

    def _parquet(self, path: Path, name: str) -> Sheet:
        reader = open_parquet(path, self.connection)
        size = path.stat().st_size
        return Sheet(self.number, name, (path.stem,), file_sha256(path), size, reader.columns, 1, reader)

    def _workbook(self, path: Path, name: str) -> list[Found]:
        workbook = self._opened(path)
        sha256, size, is_old = file_sha256(path), path.stat().st_size, is_1904(path)
        found = []
        for sheet in workbook.sheet_names:
            row, header = _sheet_header(workbook, sheet)
            if header:
                reader = WorkbookReader(workbook, sheet, row, is_old)
                label = f"{name} [{sheet}]"
                found.append(Sheet(self.number, label, (sheet,), sha256, size, header, row, reader))
        return self._named_after_file(found, path)

    def _opened(self, path: Path) -> CalamineWorkbook:
        try:
            return self.stack.enter_context(CalamineWorkbook.from_path(path))
        except PasswordError as error:
            raise UnreadableError("unreadable", "a workbook without a password") from error
        except (CalamineError, OSError) as error:
            raise UnreadableError("unreadable", "an Excel workbook that opens; save it again as .xlsx") from error

    def _named_after_file(self, found: list[Sheet], path: Path) -> list[Found]:
        """A workbook with one sheet stands for the table it is named after, whatever the sheet is called."""
        if not found:
            raise UnreadableError("file_empty", "a header row with the names of the columns")
        if len(found) > 1:
            return found
        only = found[0]
        return [replace(only, stems=(path.stem, *only.stems))]


def _sheet_header(workbook: CalamineWorkbook, sheet: str) -> tuple[int, tuple[str, ...]]:
    for number, row in numbered_rows(workbook, sheet):
        cells = _without_trailing_blanks([cell_text(cell) for cell in row])
        if cells:
            return number, cells
    return 0, ()


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name in ("Thumbs.db", "desktop.ini")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(path: Path, target: Path) -> None:
    """Unpacks a zip below `target`; UnreadableError for a broken, locked or oversized one or one that points outside."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), target)
            archive.extractall(target)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.zlib.error) as error:
        raise UnreadableError("unreadable", "a zip file that opens") from error


def _check_members(members: Sequence[zipfile.ZipInfo], target: Path) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableError("unreadable", "a zip file without a password")
    n_bytes = sum(member.file_size for member in members)
    if n_bytes > min(MAX_UNPACKED_BYTES, shutil.disk_usage(target).free):
        raise UnreadableError("unreadable", f"a zip file that fits on the disk; this one unpacks to {n_bytes:,} bytes")
    inside = target.resolve()
    if any(not (inside / member.filename).resolve().is_relative_to(inside) for member in members):
        raise UnreadableError("unreadable", "a zip file whose members stay inside its own folder")
