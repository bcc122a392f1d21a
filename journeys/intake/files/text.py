"""CSV files: encoding, delimiter and header told from the bytes, rows read by DuckDB or, where that is not safe, by the csv module.

DuckDB reads what is plain: UTF-8, no quotation marks, no blank lines, the same number of delimiters in every line as in the header.
"""

import codecs
import csv
import hashlib
import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import duckdb
import pyarrow as pa

from journeys import sql
from journeys.intake.files.cells import (
    UnreadableError,
    batches,
    registered,
    schema_of,
)
from journeys.intake.files.header import Header, header_of

DELIMITERS = (",", ";", "\t", "|")
CHUNK_BYTES = 1 << 20


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


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """The text of a file without the mark at its start, which a program may have put before what is no UTF-8."""
    with path.open(encoding=encoding, newline="") as file:
        mark = codecs.BOM_UTF8.decode("cp1252")
        if encoding == "cp1252" and file.read(len(mark)) != mark:
            file.seek(0)
        yield file


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
        reader = pa.RecordBatchReader.from_batches(schema_of(width), self._batches(width, problems))
        with registered(connection, reader) as name:
            yield name
        if problems:
            raise problems[0]

    def strict(self) -> "TextReader":
        """The same file read by the csv module."""
        return replace(self, n_lines=None)

    def _duckdb_sql(self, width: int) -> str:
        columns = ", ".join(f"'c{i}': 'varchar'" for i in range(width))
        return (
            f"(select row_number() over () + 1 as row, {width} as n_cells, * from read_csv({sql.file_pattern(self.path)}, "
            f"auto_detect=false, header=true, delim={sql.text(self.delimiter)}, quote='', escape='', "
            f"columns={{{columns}}}))"
        )

    def _batches(self, width: int, problems: list[UnreadableError]) -> Iterator[pa.RecordBatch]:
        with _opened(self.path, self.encoding) as file:
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
        except (csv.Error, UnicodeError) as error:
            problems.append(_text_problem(error, number))
            return
        yield number, row


def _text_problem(error: Exception, row: int) -> UnreadableError:
    if "NUL" in str(error):
        return UnreadableError("unreadable", "a text file; this one holds zero bytes")
    if isinstance(error, UnicodeError):
        return UnreadableError("unreadable", "text in UTF-8 or Windows-1252; this file is in neither")
    return UnreadableError("quote_broken", "every quotation mark that opens a cell to close it", row)


def open_text(path: Path, known: frozenset[str]) -> tuple[Bytes, TextReader, Header]:
    """A text file's bytes, reader and header; `known` are squashed column names that tell the delimiter and the header."""
    surveyed = survey_bytes(path)
    headers = _headers(path, surveyed.encoding, known)
    if not headers:
        raise UnreadableError("file_empty", "a header row with the names of the columns")
    delimiter, header = max(headers.items(), key=lambda found: (found[1].n_known, len(found[1].raw)))
    is_fast = surveyed.is_plain and surveyed.is_even(delimiter, len(header.cells)) and header.row == 1
    n_lines = surveyed.n_lines if is_fast else None
    reader = TextReader(path, surveyed.encoding, delimiter, header.row, len(header.raw), n_lines)
    return surveyed, reader, header


def _headers(path: Path, encoding: str, known: frozenset[str]) -> dict[str, Header]:
    """The header as every delimiter gives it."""
    found = {}
    problems: list[UnreadableError] = []
    for delimiter in DELIMITERS:
        with _opened(path, encoding) as file:
            problems.clear()
            header = header_of(_numbered(csv.reader(file, delimiter=delimiter, strict=True), problems), known)
            if problems and problems[0].rule == "unreadable":
                raise problems[0]
            if header:
                found[delimiter] = header
    if not found and problems:
        raise problems[0]
    return found
