"""What stands in deliveries: folders, zips and workbooks opened, every file and sheet as one Sheet with a header and a reader.

Every reader gives the same relation to DuckDB: row (as a spreadsheet numbers it, the header is row 1), n_cells, c0, c1, ...
"""

import hashlib
import itertools
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from journeys import sql
from journeys.intake.files import limits
from journeys.intake.files import workbook as workbooks
from journeys.intake.files.cells import UnreadableError, as_text
from journeys.intake.files.header import Header, header_of
from journeys.intake.files.sheet_marks import Marks
from journeys.intake.files.text import TextReader, open_text
from journeys.intake.files.workbook import WorkbookReader
from journeys.intake.texts import squash

TEXT_SUFFIXES = (".csv", ".tsv")
SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".parquet")


@dataclass(frozen=True)
class Sheet:
    """One table-shaped thing of a delivery, opened but not read: `name` is what findings call it, `stems` what it may be, `above` the texts
    above its header, `n_known` how many names of ours the header holds."""

    delivery: int
    name: str
    stems: tuple[str, ...]
    sha256: str
    n_bytes: int
    header: tuple[str, ...]
    header_row: int
    reader: "TextReader | WorkbookReader | ParquetReader"
    encoding: str = "utf-8"
    above: tuple[str, ...] = ()
    n_known: int = 0

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
        """A SQL table expression over all rows; raises UnreadableError when reading breaks off."""
        with self.reader.relation(connection, len(self.header)) as sql:
            yield sql

    def with_plain(self, places: Collection[int]) -> "Sheet":
        """The same sheet, whose cells at these places come in the type that they have in the file."""
        if not isinstance(self.reader, ParquetReader):
            return self
        return replace(self, reader=replace(self.reader, plain=frozenset(places)))

    @property
    def marks(self) -> Marks:
        """What the sheet of a workbook tells beyond its values."""
        return self.reader.workbook.marks_of(self.reader.sheet) if isinstance(self.reader, WorkbookReader) else Marks()

    @property
    def is_hidden(self) -> bool:
        """Whether a workbook does not show the sheet."""
        return isinstance(self.reader, WorkbookReader) and self.reader.sheet in self.reader.workbook.hidden_names

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
    is_blank: bool = False  # a sheet without any cell, which matters only where it bears the name of a table


@dataclass(frozen=True)
class Ignored:
    """A file or folder of a delivery that is none of the formats; `n_tables` files within it are (a zip holds some, none counted)."""

    delivery: int
    name: str
    n_tables: int = 0


Found = Sheet | Broken | Ignored


# --- Parquet ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParquetReader:
    """Reads a Parquet file; `types` are the DuckDB types of its columns, in their order; `plain` the cells that come as they are."""

    path: Path
    columns: tuple[str, ...]
    types: tuple[str, ...]
    plain: frozenset[int] = frozenset()

    @contextmanager
    def relation(self, connection: duckdb.DuckDBPyConnection, width: int) -> Iterator[str]:
        cells = ", ".join(
            f"{sql.name(column) if i in self.plain else self.text_sql(i)} as c{i}"
            for i, column in enumerate(self.columns)
        )
        yield f"(select row_number() over () + 1 as row, {width} as n_cells, {cells} from {self.source})"

    @property
    def source(self) -> str:
        return f"read_parquet({sql.file_pattern(self.path)})"

    def text_sql(self, place: int) -> str:
        return as_text(sql.name(self.columns[place]), self.types[place])


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

    def delivery(self, path: Path, prefix: str) -> Sequence[Found]:
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
            for found in (self._file(entry, prefix) if entry.is_file() else [self._inner(entry, prefix)])
        ]

    def _inner(self, folder: Path, prefix: str) -> Ignored:
        within = itertools.islice(folder.rglob("*"), limits.MAX_MEMBERS)
        n_tables = sum(file.suffix.lower() in (*SUFFIXES, ".zip") and not _is_hidden(file.name) for file in within)
        return Ignored(self.number, prefix + folder.name, n_tables)

    def _zip(self, path: Path, prefix: str) -> list[Found]:
        target = Path(self.stack.enter_context(TemporaryDirectory(prefix="delivery-", dir=self.work)))
        try:
            unpack(path, target)
        except UnreadableError as problem:
            return [Broken(self.number, prefix + path.name, (path.stem,), file_sha256(path), problem)]
        return self._folder(target, prefix)

    def _file(self, path: Path, prefix: str) -> Sequence[Found]:
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
        surveyed, reader, header = open_text(path, self.known)
        limits.check_columns(len(header.cells))
        size = path.stat().st_size
        return Sheet(
            self.number, name, (path.stem,), surveyed.sha256, size, header.cells, header.row, reader, surveyed.encoding,
            header.above, header.n_known,
        )  # fmt: skip

    def _parquet(self, path: Path, name: str) -> Sheet:
        reader = open_parquet(path, self.connection)
        limits.check_columns(len(reader.columns))
        size = path.stat().st_size
        return Sheet(self.number, name, (path.stem,), file_sha256(path), size, reader.columns, 1, reader)

    def _workbook(self, path: Path, name: str) -> Sequence[Found]:
        workbook = workbooks.open_workbook(path, self.stack)
        sha256, size = file_sha256(path), path.stat().st_size
        found: list[Sheet] = []
        broken: list[Found] = []
        blank: list[Found] = []
        for sheet in workbook.names:
            label = f"{name} [{sheet}]"
            try:
                header = self._header(workbook, sheet)
            except UnreadableError as problem:
                broken.append(Broken(self.number, label, (sheet,), sha256, problem))
                continue
            if header:
                reader = WorkbookReader(workbook, sheet, header.row)
                found.append(
                    Sheet(
                        self.number, label, (sheet,), sha256, size, header.cells, header.row, reader, above=header.above,
                        n_known=header.n_known,
                    )
                )  # fmt: skip
            else:
                nothing = UnreadableError("file_empty", "a header row with the names of the columns")
                blank.append(Broken(self.number, label, (sheet,), sha256, nothing, is_blank=True))
        broken += blank if found else []
        return broken if broken and not found else [*broken, *self._named_after_file(found, path)]

    def _header(self, workbook: workbooks.Workbook, sheet: str) -> Header | None:
        far = workbook.marks_of(sheet).far
        if far:
            raise UnreadableError("cell_far", f"no cell far from the rest ({far})")
        return header_of(workbook.rows(sheet), self.known)

    def _named_after_file(self, found: list[Sheet], path: Path) -> Sequence[Found]:
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
            limits.check_members(archive, target)
            archive.extractall(target)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, ValueError, RuntimeError) as error:
        raise UnreadableError("unreadable", "a zip file that opens") from error
