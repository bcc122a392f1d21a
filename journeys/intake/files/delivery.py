"""What stands in deliveries: folders, zips and workbooks opened, every file and sheet as one Sheet with a header and a reader.

Every reader gives the same relation to DuckDB: row (as a spreadsheet numbers it, the header is row 1), n_cells, c0, c1, ...
"""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from journeys import sql
from journeys.intake.files import workbook as workbooks
from journeys.intake.files.cells import UnreadableError, squash
from journeys.intake.files.text import TextReader, open_text
from journeys.intake.files.workbook import WorkbookReader

TEXT_SUFFIXES = (".csv", ".tsv")
SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".parquet")
MAX_UNPACKED_BYTES = 50 << 30


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
        return workbooks.DAYS_BETWEEN_EPOCHS if self.reader.workbook.is_1904 else 0


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
            f"from read_parquet({sql.file_pattern(self.path)}, file_row_number=true))"
        )


def _as_text(column: str, type_: str) -> str:
    name = sql.name(column)
    if type_ in ("FLOAT", "DOUBLE"):
        whole = f"case when {name} = trunc({name}) then try_cast({name} as hugeint) end"
        return f"coalesce({whole}::varchar, {name}::varchar)"
    return f"{name}::varchar"


def open_parquet(path: Path, connection: duckdb.DuckDBPyConnection) -> ParquetReader:
    """Reader of a Parquet file; UnreadableError when it is not one or holds lists or structures."""
    try:
        described = connection.execute(f"describe select * from read_parquet({sql.file_pattern(path)})").fetchall()
    except duckdb.Error as error:
        raise UnreadableError("unreadable", "a Parquet file") from error
    nested = [name for name, type_, *_ in described if re.search(r"\[|STRUCT|MAP|UNION|BLOB", type_)]
    if nested:
        raise UnreadableError("unreadable", "columns of plain values, not lists or structures")
    return ParquetReader(path, tuple(row[0] for row in described), tuple(row[1] for row in described))


# --- deliveries -------------------------------------------------------------------------------------------------------


def find(
    paths: Sequence[Path],
    connection: duckdb.DuckDBPyConnection,
    known: frozenset[str],
    stack: ExitStack,
    work: Path | None = None,
) -> list[Found]:
    """Everything in the deliveries, in order; `stack` closes what was opened and removes what was unpacked (in `work`).

    ValueError when a path does not exist or is no delivery.
    """
    found: list[Found] = []
    for number, (path, name) in enumerate(zip(paths, names_of(paths), strict=True)):
        prefix = f"{name}/" if len(paths) > 1 else ""
        found += _Opener(number, connection, known, stack, work).delivery(path, prefix)
    return found


def names_of(paths: Sequence[Path]) -> list[str]:
    """What findings call deliveries: their last names, or the paths as given where two have the same."""
    names = [path.resolve().name for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


@dataclass(frozen=True)
class _Opener:
    number: int
    connection: duckdb.DuckDBPyConnection
    known: frozenset[str]
    stack: ExitStack
    work: Path | None

    def delivery(self, path: Path, prefix: str) -> list[Found]:
        if not path.exists():
            raise ValueError(f"there is no delivery at {path}")
        if path.is_dir():
            return self._folder(path, prefix)
        if path.suffix.lower() == ".zip":
            return self._zip(path, prefix)
        if path.suffix.lower() in workbooks.SUFFIXES:
            return self._file(path, prefix)
        raise ValueError(f"{path} is no delivery: a folder, a .zip or a workbook ({', '.join(workbooks.SUFFIXES)})")

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
        target = Path(self.stack.enter_context(TemporaryDirectory(prefix="delivery-", dir=self.work)))
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
            if suffix in workbooks.SUFFIXES:
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
        workbook = workbooks.open_workbook(path, self.stack)
        sha256, size = file_sha256(path), path.stat().st_size
        found = []
        for sheet in workbook.names:
            row, header = workbook.header(sheet)
            if header:
                reader = WorkbookReader(workbook, sheet, row)
                label = f"{name} [{sheet}]"
                found.append(Sheet(self.number, label, (sheet,), sha256, size, header, row, reader))
        return self._named_after_file(found, path)

    def _named_after_file(self, found: list[Sheet], path: Path) -> list[Found]:
        """The first sheet may stand for the table that the workbook is named after, unless another sheet bears its name."""
        if not found:
            raise UnreadableError("file_empty", "a header row with the names of the columns")
        first, *rest = found
        if any(squash(path.stem) == squash(name) for sheet in rest for name in sheet.stems):
            return found
        return [replace(first, stems=(*first.stems, path.stem)), *rest]


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
