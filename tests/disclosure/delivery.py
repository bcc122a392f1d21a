"""A small store to attack: so many synthetic people in two financial years, from the product's own sample."""

import csv
from pathlib import Path

from journeys import open_store
from journeys.__main__ import main

START = "2024-04-01"


def store(folder: Path, people: int, services: int = 4, seed: int = 7):
    """A loaded store of `people` journeys referred from April 2024 on, and the path of its database file."""
    sample = folder / "sample"
    assert (
        main(["sample", str(sample), "--journeys", str(4 * people), "--services", str(services), "--seed", str(seed)])
        == 0
    )
    _shorten(sample, people)
    assert main(["load", str(sample), "--store", str(folder / "store")]) == 0
    opened = open_store(folder / "store")
    (path,) = (folder / "store").glob("*.duckdb")
    return opened, path


def _shorten(sample: Path, people: int) -> None:
    """Keep the journeys referred from START on, evenly so many of them, and their rows in the other tables."""
    journeys = [row for row in _rows(sample / "journey.csv") if row["referred_on"] >= START]
    chosen = [journeys[i * len(journeys) // people] for i in range(people)]
    kept = {(row["service_id"], row["journey_id"]) for row in chosen}
    for path in sample.glob("*.csv"):
        rows = _rows(path)
        if "journey_id" in rows[0]:
            rows = [row for row in rows if (row["service_id"], row["journey_id"]) in kept]
        elif "data_from" in rows[0]:
            rows = [{**row, "data_from": max(row["data_from"], START)} for row in rows]
        else:
            rows = [row for row in rows if row.get("changed_on", START) >= START]
        _write(path, rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    if not rows:
        path.unlink()
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
