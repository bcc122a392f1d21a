"""Tables of a synthetic delivery, written as CSV, Parquet or one workbook; the folder appears only when it is complete."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import xlsxwriter

from journeys.sample.codes import SCHEMA
from journeys.sample.draws import Rows, strings
from journeys.sample.services import Service

FORMATS = ("csv", "parquet", "xlsx")
NOTICE_FILE = "SYNTHETIC.txt"
NOTICE = "SYNTHETIC DATA: made by a program. No row describes a real person, service or commissioner."


def arrow_tables(service: Service, numbers: np.ndarray, tables: dict[str, Rows]) -> dict[str, pa.Table]:
    digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10 + ord("0")
    letters = np.full((len(numbers), 2), (ord("J"), ord("-")))
    ids = strings(np.hstack([letters, digits]).astype(np.uint8))
    return {name: arrow_table(name, rows, service.service_id, ids) for name, rows in tables.items()}


def arrow_table(name: str, rows: Rows, service_id: str = "", ids: pa.Array | None = None) -> pa.Table:
    n = len(next(iter(rows.values())))
    columns = {}
    for column, kind in SCHEMA[name].items():
        if kind == "service":
            columns[column] = pa.repeat(pa.scalar(service_id), n)
        elif kind == "id":
            columns[column] = pc.take(ids, pa.array(rows["at"]))
        else:
            columns[column] = _column(kind, rows[column])
    return pa.table(columns, schema=arrow_schema(name))


def _column(kind: str | Sequence[str], values: np.ndarray | pa.Array) -> pa.Array:
    if kind == "text":
        return values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if kind == "number":
        return pa.array(values, pa.float64(), from_pandas=True)
    whole = np.asarray(values, np.int32)
    numbers = pa.array(whole, mask=whole < 0)
    if kind == "date":
        return numbers.cast(pa.date32())
    if kind == "integer":
        return numbers
    return pc.take(pa.array(("no", "yes") if kind == "flag" else kind), numbers)


def arrow_schema(name: str) -> pa.Schema:
    types = {"date": pa.date32(), "integer": pa.int32(), "number": pa.float64()}
    kinds = SCHEMA[name].items()
    return pa.schema([(c, types.get(k, pa.string()) if isinstance(k, str) else pa.string()) for c, k in kinds])


# --- files ----------------------------------------------------------------------------------------------------------

WriteTable = Callable[[str, pa.Table], None]


@contextmanager
def _csv_files(folder: Path) -> Iterator[WriteTable]:
    """Only the two service tables hold free text; nothing else can need quotes."""
    writers = {}
    for name in SCHEMA:
        style = "needed" if name.startswith("service") else "none"
        options = pyarrow.csv.WriteOptions(quoting_style=style, quoting_header="none", batch_size=16_384)
        path = folder / f"{name}.csv"
        writers[name] = pyarrow.csv.CSVWriter(path, arrow_schema(name), write_options=options)
    with _closing(writers):
        yield lambda name, table: writers[name].write_table(table)


@contextmanager
def _parquet_files(folder: Path) -> Iterator[WriteTable]:
    writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", arrow_schema(name)) for name in SCHEMA}
    with _closing(writers):
        yield lambda name, table: writers[name].write_table(table)


@contextmanager
def _closing(writers: Mapping[str, Any]) -> Iterator[None]:
    try:
        yield
    finally:
        for writer in writers.values():
            writer.close()


@contextmanager
def _workbook(folder: Path) -> Iterator[WriteTable]:
    """One workbook with a sheet a table; `constant_memory` keeps no row once it is written."""
    book = xlsxwriter.Workbook(folder / "delivery.xlsx", {"constant_memory": True, "tmpdir": str(folder)})
    # a fixed day, or the file would differ from run to run
    book.set_properties({"title": NOTICE, "created": date(2026, 4, 1)})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheets = {name: book.add_worksheet(name) for name in SCHEMA}
    filled = dict.fromkeys(SCHEMA, 1)
    for name, columns in SCHEMA.items():
        sheets[name].write_row(0, 0, list(columns))
        sheets[name].set_column(0, len(columns) - 1, 16)

    def write_table(name: str, table: pa.Table) -> None:
        _fill(sheets[name], filled[name], table, as_date)
        filled[name] += table.num_rows

    try:
        yield write_table
    finally:
        book.close()


def _fill(sheet: Any, start: int, table: pa.Table, as_date: object) -> None:
    columns = [column.to_pylist() for column in table.columns]
    for i, row in enumerate(zip(*columns, strict=True), start):
        for j, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(i, j, value, as_date)
            elif isinstance(value, str):
                sheet.write_string(i, j, value)
            elif value is not None:
                sheet.write_number(i, j, value)


WRITERS = {"csv": _csv_files, "parquet": _parquet_files, "xlsx": _workbook}


def refuse_strangers(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise FileExistsError(f"{out} is a file: give a folder that is new, empty, or an earlier sample")
    names = {path.name for path in out.iterdir()}
    ours = {f"{table}.{format}" for table in SCHEMA for format in FORMATS} | {"delivery.xlsx", NOTICE_FILE}
    if names and not (names <= ours and _is_sample(out)):
        raise FileExistsError(f"{out} holds files that are not a sample: give a folder that is new or empty")


def _is_sample(folder: Path) -> bool:
    notice = folder / NOTICE_FILE
    return notice.is_file() and notice.read_text(encoding="utf-8").startswith(NOTICE)


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out` that takes its place at the end, or goes if anything fails."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    old = out.parent / f".{out.name}.old-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        if out.exists():
            out.rename(old)
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
