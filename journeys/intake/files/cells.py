"""Cells of a sheet as text, in batches that DuckDB reads: row (as a spreadsheet numbers it), n_cells, c0, c1, ..."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

CHUNK_ROWS = 20_000
BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"


class UnreadableError(Exception):
    """A file that cannot be read as what it claims to be. `row` is None where no row can be named."""

    def __init__(self, rule: str, expected: str, row: int | None = None) -> None:
        super().__init__(expected)
        self.rule, self.expected, self.row = rule, expected, row


def without_trailing_blanks(cells: Sequence[str]) -> tuple[str, ...]:
    """A header without spaces around its cells and without the blank cells at its end."""
    stripped = [cell.strip(BLANKS) for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    return tuple(stripped)


def batches(rows: Iterable[tuple[int, list[str]]], width: int, n_header_cells: int | None) -> Iterator[pa.RecordBatch]:
    """Arrow batches of numbered rows, rows without any text left out, cells cut or filled to `width`.

    n_cells tells how many cells a row had, to be compared with `width`: blank cells do not count where the header (of
    `n_header_cells` in all) has blank ones too. None for a workbook, where rows are as wide as the sheet and blanks mean nothing.
    """
    schema = schema_of(width)
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


def as_text(value: str, type_: str) -> str:
    """SQL for the text of a SQL expression of a type; a number that is whole is written without a point."""
    if type_ in ("FLOAT", "DOUBLE"):
        whole = f"case when {value} = trunc({value}) then try_cast({value} as hugeint) end"
        return f"coalesce({whole}::varchar, {value}::varchar)"
    return value if type_ == "VARCHAR" else f"{value}::varchar"


def schema_of(width: int) -> pa.Schema:
    """Columns of a sheet with `width` cells in its header."""
    cells = [(f"c{i}", pa.string()) for i in range(width)]
    return pa.schema([("row", pa.int64()), ("n_cells", pa.int32()), *cells])


_numbers = itertools.count()


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[str]:
    """The name under which DuckDB reads the batches, once."""
    name = f"intake_sheet_{next(_numbers)}"
    connection.register(name, reader)
    try:
        yield name
    finally:
        connection.unregister(name)
