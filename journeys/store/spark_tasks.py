"""What the tasks of a load on Spark do, each on an executor that has this program. A task writes into a folder of its own name, so that
one that fails, or is done twice, leaves nothing that anybody names: the next step takes the folders that were said, and no others."""

import contextlib
import json
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from journeys import sql
from journeys.answer.rule import Rule
from journeys.intake import findings, visible
from journeys.intake import read as intake
from journeys.intake.files.delivery import names_of
from journeys.intake.findings import FileSummary, Report, RuleCount
from journeys.intake.rules import RULES
from journeys.store import build, forgotten, published, tables
from journeys.store.build import Wanted
from journeys.store.client_key import KEY_FILE, NAME, client_key
from journeys.store.folder import (
    LOADED,
    ON_SPARK,
    StoreError,
    copy_of,
    current_version,
)
from journeys.store.next import previous_of
from journeys.store.versions import alone, sweep
from journeys.store.work import LoadError, private, temporary, workplace
from journeys.vocabulary import dictionary

SECONDS_OF_A_RUN = 24 * 3600  # what is older was left by one that was killed
WAIT_SECONDS = 600
RAISED = {"load": LoadError, "value": ValueError}
# of a delivery, what is asked when all are together; it goes with the run
OF_DELIVERY = {"delivered_service": "delivery.service", "delivered_rows": "delivery.rows_read"}


@dataclass(frozen=True)
class Order:
    """What a task is told. It stands in a plan, which Spark may keep: nothing of it is secret, or of a person."""

    to: str
    run: str
    wanted: Wanted
    definitions: str
    k: int = 0
    deliveries: tuple[str, ...] = ()
    parts: tuple[Mapping, ...] = ()

    @property
    def place(self) -> Path:
        """Where the parts of a run lie until they are put together."""
        return Path(self.to) / self.run


class TaskError(Exception):
    """A task that broke off; without what the error said, which Spark writes into its logs."""


def on_executor(work: Callable[[Order], dict], orders: Sequence[Order], batches: Iterable[Any]) -> Iterator[Any]:
    """For each number of the batches what was made of that order, as JSON: what Spark runs."""
    for batch in batches:
        for number in batch.column(0).to_pylist():
            said = json.dumps(_safely(work, orders[number]))
            yield type(batch).from_pydict({"number": [number], "said": [said]})


def _safely(work: Callable[[Order], dict], order: Order) -> dict:
    """What is at fault is said; what may go well the next time is raised, so that Spark tries again."""
    try:
        if order.definitions != tables.definitions_fingerprint():
            raise LoadError("The executors have another version of this program: give them the one that asks.")
        with private():
            return work(order)
    except tuple(RAISED.values()) as error:
        return {"at_fault": [next(name for name, kind in RAISED.items() if isinstance(error, kind)), str(error)]}
    except StoreError as error:
        return {"at_fault": [error.kind, str(error)]}
    except Exception as error:
        raise TaskError(f"{type(error).__name__} {getattr(error, 'strerror', None) or ''}".strip()) from None


class _Load(build.Load):
    """A load into a published folder, with the key that is mounted on the executor."""

    sort = ON_SPARK

    def __init__(self, order: Order, work: Path) -> None:
        super().__init__(Path(order.to), work, order.wanted, order.k, WAIT_SECONDS, lambda share, doing: None)

    def _key(self) -> str:
        return mounted_key(self.folder)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with alone(self.folder, self.wait_seconds, lambda words: None, ON_SPARK):
            (self.folder / LOADED).touch()
            sweep(self.folder)
            yield


def mounted_key(folder: Path) -> str:
    """One key for all executors: one that each made for itself would make one person many."""
    if os.environ.get(NAME) or not os.environ.get(KEY_FILE):
        words = f"Mount the client key as a secret file on every executor and name it in {KEY_FILE}; {NAME} is not taken there, because Spark keeps its settings."
        raise LoadError(words)
    return client_key(folder)


# --- begin ------------------------------------------------------------------------------------------------------------


def begin(order: Order) -> dict:
    """The k of the rule; a folder that is damaged, or a key that is missing, is said before the long work."""
    folder = Path(order.to)
    mounted_key(folder)
    previous = previous_of(folder)
    return {"k": order.wanted.rule(previous.rule if previous else Rule()).k}


# --- a delivery -------------------------------------------------------------------------------------------------------


def work_out(order: Order) -> dict:
    """The facts of deliveries, as Parquet in a folder of the run with a name that no other task has; and what was read, in words."""
    with workplace(temporary()) as work:
        load = _Load(order, work)
        with contextlib.closing(tables.connected(work, load.key)) as connection:
            report = load.read(connection, [Path(path) for path in order.deliveries])
            said = _said(order, report, connection)
            said["refusal"] = build.why_not(report, said["services"], order.wanted.accept_valid)
            if said["refusal"]:
                return said
            facts = build.worked_out(load, connection, report, said["services"])
            tables.check(connection)
            people = forgotten.list_fingerprint(facts.people, load.key)
            made = {"joined": facts.joined, "n_left_out": facts.n_left_out, "people": people}
            return said | made | {"keys": _keys(connection, load.key), "part": _written(order, connection)}


def _said(order: Order, report: Report, connection: duckdb.DuckDBPyConnection) -> dict:
    return {
        "deliveries": order.deliveries,
        "services": tables.column(connection, "select distinct service_id from delivery.service order by 1"),
        "keys": [],
        "words": findings.text(report, visible.words(connection, dictionary.load())),
        "files": [asdict(file) for file in report.files],
        "rules": {count.rule.name: count.n for count in report.rules},
    }


def _keys(connection: duckdb.DuckDBPyConnection, key: str) -> list[str]:
    """Names of the client keys for telling whether two deliveries have one in common."""
    named = "select distinct client_key from delivery.service where client_key is not null order by 1"
    return [f"key {sha256(f'{key}{one}'.encode()).hexdigest()}" for one in tables.column(connection, named)]


def _written(order: Order, connection: duckdb.DuckDBPyConnection) -> str:
    """The part, its manifest last; returns its name."""
    for table, source in OF_DELIVERY.items():
        connection.execute(f"create table next.{table} as select * from {source}")
    name = secrets.token_hex(8)
    order.place.mkdir(mode=0o700, parents=True, exist_ok=True)
    published.copy(connection, "next", name, copy_of(order.place, name))
    return name


# --- all together -----------------------------------------------------------------------------------------------------


def put_together(order: Order) -> dict:
    """The next version of the folder from the parts that were said. Done once more after it was done, it finds nothing to do."""
    with workplace(temporary()) as work:
        load = _Load(order, work)
        with contextlib.closing(tables.connected(work, load.key)) as connection:
            nothing = intake.read([], connection, work=work)
            tables.facts(connection, order.k, load.progress)  # the tables, without a row
            for part in order.parts:
                _take(order, part["part"], connection)
            loaded = build.Worked(load, connection, _facts(order, load, connection, nothing)).compared_and_published(
                None
            )
    return {
        "version": loaded.version
        or (current_version(load.folder) if loaded.is_done and not order.wanted.is_dry else None),
        "note": loaded.note,
        "is_done": loaded.is_done,
        "comparison": asdict(loaded.comparison) if loaded.comparison else None,
    }


def _take(order: Order, part: str, connection: duckdb.DuckDBPyConnection) -> None:
    """The rows of a part, every file of it as it was written."""
    manifest = published.read_manifest(order.place, part)
    tables.add_numbers(connection, sql.parquet(manifest.files[tables.NUMBERS]))
    for table, files in manifest.files.items():
        rows = sql.parquet(files)
        if table != tables.NUMBERS:
            into = OF_DELIVERY.get(table, f"next.{sql.name(table)}")
            has_numbers = tables.NUMBERS in manifest.columns[table]
            connection.execute(
                f"insert into {into} by name {tables.numbered(rows) if has_numbers else f'select * from {rows}'}"
            )


def _facts(order: Order, load: _Load, connection: duckdb.DuckDBPyConnection, nothing: Report) -> build.Facts:
    """What is known of all parts, as of one delivery."""
    people = forgotten.listed(load.folder, load.key, load.sort)
    if any(part["people"] != forgotten.list_fingerprint(people, load.key) for part in order.parts):
        raise LoadError("The list of people to be forgotten changed meanwhile. Nothing was loaded: load again.")
    rules: Counter[str] = Counter()
    for part in order.parts:
        rules.update(part["rules"])
    report = replace(
        nothing,
        files=tuple(_files(order)),
        rules=tuple(RuleCount(RULES[name], rules[name], ()) for name in RULES if name in rules),
    )
    services = tables.column(connection, "select distinct service_id from delivery.service order by 1")
    joined = tuple(sorted(service for part in order.parts for service in part["joined"]))
    return build.Facts(report, services, people, joined, sum(part["n_left_out"] for part in order.parts))


def _files(order: Order) -> Iterator[FileSummary]:
    """The files of all parts, named as in one load of all deliveries."""
    names = dict(zip(order.deliveries, names_of([Path(path) for path in order.deliveries]), strict=True))
    for part in order.parts:
        alone = names[part["deliveries"][0]] if len(part["deliveries"]) == 1 and len(names) > 1 else ""
        for file in part["files"]:
            yield FileSummary(**file | {"file": f"{alone}/{file['file']}" if alone else file["file"]})


# --- the folder -------------------------------------------------------------------------------------------------------


def clean(order: Order) -> dict:
    """What a run left: its parts, and those of runs that were killed."""
    shutil.rmtree(order.place, ignore_errors=True)
    for place in Path(order.to).glob("run-*/"):
        if time.time() - place.stat().st_mtime > SECONDS_OF_A_RUN:
            shutil.rmtree(place, ignore_errors=True)
    return {}
