"""Three deliveries for a load on Spark, and what a version says: two deliveries share people, one has two services and people of its own."""

import csv
from contextlib import closing

from journeys.sample import lives
from journeys.store.opened import open_store

# what tells one load from another and not one way of loading from another
OF_THE_LOAD = ("loaded_at", "version", "files")


def three(folder):
    """The deliveries of a synthetic sample, cut in three by service."""
    whole = lives.write(folder / "whole", journeys=600, services=4)
    with (whole / "service.csv").open(newline="", encoding="utf-8") as file:
        services = [row["service_id"] for row in csv.DictReader(file)]
    parts = {"first": services[:1], "second": services[1:2], "third": services[2:]}
    for name, mine in parts.items():
        for source in whole.glob("*.csv"):
            _cut(source, folder / name / source.name, mine)
    return [folder / name for name in parts]


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
    return row
