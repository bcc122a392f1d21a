"""A synthetic delivery: journeys of invented services, valid under every rule of the data dictionary.

Lives are drawn in chunks of one service each, so that memory stays bounded; every chunk has its own random numbers, so that
the same seed gives the same rows. Inside a chunk dates are days since 1970 and a negative number means "missing".
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from journeys.sample.codes import SCHEMA
from journeys.sample.draws import Rows
from journeys.sample.files import (
    FORMATS,
    NOTICE,
    NOTICE_FILE,
    WRITERS,
    arrow_table,
    arrow_tables,
    beside,
    refuse_strangers,
)
from journeys.sample.mixes import HandsOver
from journeys.sample.outcomes import outcome_rows, steps_of
from journeys.sample.people import Clients, journey_rows, people_referred
from journeys.sample.readings import reading_rows
from journeys.sample.services import Service, change_rows, plan_of, service_rows
from journeys.sample.support import activity_rows, contact_rows, goal_rows, reason_rows

CHUNK = 25_000
WORKBOOK_ROWS = 1_048_575  # Excel's 1,048,576 without the header

KIND_OF = {
    "referral_reason": "reasons",
    "goal": "goals",
    "contact": "contacts",
    "activity": "activities",
    "outcome": "outcomes",
    "measure": "measures",
}

Progress = Callable[[int, int], None]


def write(
    out_dir: str | Path,
    journeys: int = 15_000,
    services: int = 8,
    seed: int = 1,
    format: str = "csv",
    progress: Progress | None = None,
) -> Path:
    """Write a synthetic delivery into the folder `out_dir` and return the folder.

    `format` is csv or parquet (one file a table) or xlsx (one workbook, delivery.xlsx, one sheet a table). The same seed
    gives the same csv bytes. `progress(done, total)` is called with journeys as they are written. The folder appears
    only when it is complete.

    Raises ValueError for a count below 1, a format that is not known, or rows that do not fit into a workbook, and
    FileExistsError when `out_dir` holds anything but an earlier sample.
    """
    out = Path(out_dir).resolve()
    _check_wanted(journeys, services, seed, format)
    refuse_strangers(out)
    plan = plan_of(journeys, services)
    if format == "xlsx":
        _check_fits_workbook(plan, seed)
    with beside(out) as folder:
        _write_tables(folder, format, plan, seed, progress)
        notice = f"{NOTICE}\n\n{journeys} journeys, {services} services, seed {seed}, format {format}.\n"
        (folder / NOTICE_FILE).write_text(notice, encoding="utf-8", newline="\n")
    return out


def _check_wanted(journeys: int, services: int, seed: int, format: str) -> None:
    for name, value, least in (("journeys", journeys, 1), ("services", services, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name} is {value}: give a whole number from {least}")
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}: choose one of {', '.join(FORMATS)}")


def _write_tables(folder: Path, format: str, plan: "Sequence[Service]", seed: int, progress: Progress | None) -> None:
    total, done = sum(service.n_journeys for service in plan), 0
    with WRITERS[format](folder) as write_table:
        write_table("service", arrow_table("service", service_rows(plan)))
        write_table("service_change", arrow_table("service_change", change_rows(plan)))
        for service, numbers, tables in _chunks(plan, seed):
            for name, table in arrow_tables(service, numbers, tables).items():
                write_table(name, table)
            done += len(numbers)
            if progress:
                progress(done, total)


def _chunks(plan: Sequence[Service], seed: int) -> Iterator[tuple[Service, np.ndarray, dict[str, Rows]]]:
    """Every service in chunks: the service, the numbers of its journeys, the rows of every table but service's."""
    pools: dict[str, Clients] = {}
    for service in plan:
        key = service.commissioner.client_key or service.service_id
        clients = pools.setdefault(key, Clients(np.random.default_rng((seed, len(pools), 0))))
        for start in range(0, service.n_journeys, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, service.n_journeys))
            rng = np.random.default_rng((seed, service.number, start // CHUNK, 1))
            yield service, numbers, _lives(service, clients, len(numbers), rng)


def _lives(service: Service, clients: Clients, n: int, rng: np.random.Generator) -> dict[str, Rows]:
    """Every table of a chunk; of a kind that the service does not hand over, no row."""
    kind = service.archetype
    late_goals, missed, reasons = rng.spawn(3)
    lives = people_referred(service, clients, n, rng)
    steps = steps_of(kind, lives, rng)
    tables = {
        "journey": journey_rows(lives, rng),
        "referral_reason": reason_rows(kind, lives, rng),
        "goal": goal_rows(kind, lives, steps, rng, late_goals),
        "contact": contact_rows(kind, lives, rng, missed),
        "activity": activity_rows(kind, lives, steps, rng, reasons),
        "outcome": outcome_rows(lives, steps, rng),
        "measure": reading_rows(kind, lives, rng),
    }
    if not kind.hands_over.contacts:
        tables["journey"]["first_contact_on"] = np.full(n, -1)
    return {name: rows if _is_kept(kind.hands_over, name) else _none_of(rows) for name, rows in tables.items()}


def _is_kept(kept: HandsOver, table: str) -> bool:
    return getattr(kept, KIND_OF[table]) if table in KIND_OF else True


def _none_of(rows: Rows) -> Rows:
    return {column: values[:0] for column, values in rows.items()}


def _check_fits_workbook(plan: Sequence[Service], seed: int) -> None:
    """Count before writing: the numbers are drawn in a fraction of the time that a workbook takes."""
    n_rows = dict.fromkeys(SCHEMA, 0)
    for _, _, tables in _chunks(plan, seed):
        for name, rows in tables.items():
            n_rows[name] += len(rows["at"])
            if n_rows[name] > WORKBOOK_ROWS:
                total = sum(service.n_journeys for service in plan)
                raise ValueError(
                    f"{total} journeys make more than {WORKBOOK_ROWS} rows of {name}, all that an Excel sheet holds:"
                    " ask for fewer journeys, or for csv or parquet"
                )
