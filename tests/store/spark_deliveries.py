"""Three deliveries for a load on Spark, and what a version says: two deliveries share people, one has two services and people of its own."""

import csv
import tempfile
from contextlib import closing
from pathlib import Path

import duckdb

from journeys import sql
from journeys.sample import lives
from journeys.store import tables
from journeys.store.opened import open_store

# what tells one load from another and not one way of loading from another
OF_THE_LOAD = ("loaded_at", "version", "files")
OF_THE_ORDER = {"service_month": ("number",)}


def three(folder):
    """The deliveries of a synthetic sample, cut in three by service."""
    whole = lives.write(folder / "whole", journeys=600, services=4)
    found = services(whole)
    parts = {"first": found[:1], "second": found[1:2], "third": found[2:]}
    for name, mine in parts.items():
        for source in whole.glob("*.csv"):
            _cut(source, folder / name / source.name, mine)
    return [folder / name for name in parts]


def services(delivery):
    """The services of a delivery."""
    return [row["service_id"] for row in _rows(delivery / "service.csv")]


def somebody(delivery):
    """A person of a delivery: client_key, service_id, client_ref."""
    keys = {row["service_id"]: row["client_key"] for row in _rows(delivery / "service.csv")}
    row = _rows(delivery / "journey.csv")[0]
    return keys[row["service_id"]], row["service_id"], row["client_ref"]


def _rows(file):
    with file.open(newline="", encoding="utf-8") as opened:
        return [*csv.DictReader(opened)]


def _cut(source, target, services):
    target.parent.mkdir(exist_ok=True)
    with source.open(newline="", encoding="utf-8") as read, target.open("w", newline="", encoding="utf-8") as made:
        rows = csv.DictReader(read)
        writer = csv.DictWriter(made, rows.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in rows if row["service_id"] in services)


def contents(folder):
    """Every row of every table, in no order, but for what names the load itself."""
    with closing(open_store(folder)) as store:
        return {
            table: sorted(repr(_same(table, row)) for row in store._run(f"select * from {table}", {}))
            for table in store._engine.columns()
        }


def _same(table, row):
    if table == "load":
        return {name: value for name, value in row.items() if name not in OF_THE_LOAD}
    if table == "about" and row["name"] in ("version", "previous"):
        return row["name"]
    # numbers of services and months stand in the order in which parts were taken
    return {name: value for name, value in row.items() if name not in OF_THE_ORDER.get(table, ("service_month",))}


def holding(folder, key, *person):
    """The Parquet files in a folder, whoever names them, that hold a person: (client_key, service_id, client_ref)."""
    with tempfile.TemporaryDirectory() as work, closing(tables.connected(Path(work), key)) as shell:
        (number,) = tables.column(shell, "select client_number(?::varchar, ?::varchar, ?::varchar)", person)
        (apart,) = tables.column(
            shell, "select list(client_apart(?::bigint, t)) from unnest(?) as u(t)", [number, _tables(folder)]
        )
        return [file for file in _files(folder) if {number, *apart} & _cells(shell, file)]


def naming(folder, service):
    """The tables on disk, the history apart, that hold a service."""
    with closing(duckdb.connect()) as shell:
        return {file.parent.name for file in _files(folder) if service in _cells(shell, file)} - {"load"}


def _files(folder):
    return sorted(folder.rglob("*.parquet"))


def _tables(folder):
    return sorted({file.parent.name for file in _files(folder)})


def _cells(shell, file):
    """Every value in a file that is a number or a text."""
    rows = shell.execute(f"select * from {sql.parquet([file])}").fetchall()
    return {cell for row in rows for cell in row if isinstance(cell, int | str)}
