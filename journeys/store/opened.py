"""The store: a folder of versions, each a DuckDB file or published as Parquet, and a CURRENT pointer; opened read-only and asked."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb
import pyarrow as pa

from journeys.answer import ask as answering
from journeys.answer import remembered, seen
from journeys.answer.columns import Columns
from journeys.answer.query import CLASS, NUMBER, PLACE
from journeys.answer.question import Question
from journeys.answer.released import Released
from journeys.answer.rule import Rule
from journeys.store import duck, memory, spark, turns
from journeys.store.folder import (
    StoreError,
    delete_answers_without_version,
    delete_marked,
    file_of,
    folder_of,
    is_there,
    mend,
    reached,
    unreadable,
)
from journeys.store.folder import current_version as in_folder
from journeys.store.services import services_of
from journeys.store.work import private
from journeys.vocabulary import calendar as periods
from journeys.vocabulary.lists import Lists, LoadRecord, Service, ServiceChange
from journeys.vocabulary.metrics import get as get_metric
from journeys.vocabulary.selection import Selection

T = TypeVar("T")
SCHEMA = "5"
READ = ("4", SCHEMA)  # in 4 events say in words what a journey is chosen by
LONGEST_SECONDS = 60  # of work: the clock starts when a query is let in


def current_version(path: str | Path | None = None) -> str:
    """The version that is pointed to: in a folder, else where the environment says that answers come from. Raises StoreError."""
    at = spark.place() if path is None else None
    return in_folder(path) if at is None else spark.current(at)


def open_store(path: str | Path | None = None) -> "Store":
    """Open the current version of a store, read-only. Raises StoreError (missing, damaged, other_version, away)."""
    version = current_version(path)
    try:
        return open_version(path, version)
    except StoreError:
        moved = current_version(path)
        if moved == version:
            raise
        return open_version(path, moved)  # a load went by between reading the pointer and opening the file


def open_version(path: str | Path | None, version: str) -> "Store":
    """Open one version of a store, read-only. Raises StoreError (damaged, other_version, away)."""
    folder, at = folder_of(path), spark.place() if path is None else None
    if at is not None:
        return _on_spark(at, version, folder)
    with reached(folder):
        delete_marked(folder)
        if not is_there(folder, version):
            name = file_of(folder, version).name
            raise StoreError("damaged", f"The store points to {name}, which is not there: {mend(folder)}")
        engine = duck.opened(folder, version)
    try:
        return Store(folder, version, engine)
    except (KeyError, duckdb.Error, StoreError) as error:
        engine.close()
        raise unreadable(folder, version, error) from error


def _on_spark(at: spark.Place, version: str, folder: Path) -> "Store":
    """The folder of this machine keeps released answers alone, and of this version alone."""
    engine = spark.Spark(at, version)
    try:
        store = Store(folder, version, engine)
    except BaseException:
        engine.close()
        raise
    with contextlib.suppress(OSError), private():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        delete_answers_without_version(folder, but=version)
    return store


class Engine(Protocol):
    """What runs SQL over one version, and may be asked by several threads at once."""

    def is_current(self) -> bool:
        """Whether its version is the one that is pointed to."""

    def may_keep(self) -> bool:
        """Whether released answers of its version may be kept."""

    def is_gone(self) -> bool:
        """Whether its version was taken away, so that what cannot be read is no damage."""

    def rows(self, text: str, values: Mapping, seconds: float) -> list[dict]:
        """The rows of a query as dicts. Raises StoreError (slow, large, damaged)."""

    def table(self, text: str, values: Mapping, seconds: float) -> pa.Table:
        """The rows of a query as an Arrow table. Raises StoreError (slow, large, damaged)."""

    def columns(self) -> Mapping[str, Sequence[str]]:
        """The columns of every table."""

    def close(self) -> None:
        """For good."""


class Store:
    """One version of the store. Safe to share between threads, as its engine is."""

    def __init__(self, folder: Path, version: str, engine: Engine) -> None:
        self.folder, self.version, self._engine = folder, version, engine
        about = {row["name"]: row["value"] for row in self._run("select name, value from about", {})}
        if about.get("schema") not in READ:
            found = about.get("schema", "none")
            raise StoreError(
                "other_version",
                f"The store has layout {found}, this program reads {' and '.join(READ)}: move the folder {folder} away (the key file beside it "
                "stays) and load all deliveries again, or use the program that made it.",
            )
        self.about = about
        self.rule = Rule(int(about["k"]), int(about["base"]))
        self._is_left = threading.Event()

    def close(self) -> None:
        """For programs that end after one answer; a dashboard keeps its store, because other sessions still ask it."""
        self._is_left.set()
        self._engine.close()

    @property
    def is_current(self) -> bool:
        """Whether the folder still points to this version."""
        try:
            return self._engine.is_current()
        except StoreError:
            return False

    @property
    def may_keep(self) -> bool:
        """Whether released answers of this version may be kept."""
        try:
            return self._engine.may_keep()
        except StoreError:
            return False

    @property
    def is_synthetic(self) -> bool:
        return self.about["is_synthetic"] == "true"

    @property
    def as_of(self) -> str:
        """The latest month of the data."""
        return self.lists.calendar.last

    @cached_property
    def lists(self) -> Lists:
        """The closed lists of this version: calendar, services, barriers."""
        services = {s.service_id: s for s in services_of(self._run)}
        calendar = periods.Calendar(
            min(s.first_month for s in services.values()),
            max(s.last_month for s in services.values()),
            self.about["whole_until"],
        )
        barriers = tuple(r["item"] for r in self._run("select item from barrier order by item", {}))
        return Lists(calendar, services, barriers)

    @cached_property
    def changes(self) -> tuple[ServiceChange, ...]:
        """The services' dated changes, oldest first."""
        found = self._run(
            "select service_id, month, title, detail from service_change order by month, service_id, title", {}
        )
        return tuple(ServiceChange(**row) for row in found)

    @cached_property
    def loads(self) -> tuple[LoadRecord, ...]:
        """The load history, oldest first."""
        found = self._run("select * from load order by version", {})
        return tuple(
            LoadRecord(
                row["loaded_at"],
                row["version"],
                json.loads(row["files"]),
                tuple(json.loads(row["services"])),
                row["rows_read"],
                row["rows_refused"],
                json.loads(row["findings"]),
                row.get("definitions") or "",
                row.get("what") or "load",
            )
            for row in found
        )

    def ask(
        self, metric: str, selection: Selection | None = None, by: Sequence[str] = (), *, case_mix: bool = False
    ) -> Released:
        """The released answer to one question, with its statistics; the same for everyone who asks it.

        Raises ValueError for a metric, choice or breakdown that does not exist or is not allowed.
        """
        question = Question(get_metric(metric), selection or Selection(), tuple(by), self.lists)
        with turns.working():
            return answering.ask(self._source, question, case_mix=case_mix)

    def are_alike(self, metric: str, selection: Selection, by: Sequence[str]) -> bool:
        """Whether it is known without a count that none of the rows of an answer is `not_alike`."""
        return seen.are_alike(Question(get_metric(metric), selection, tuple(by), self.lists))

    @cached_property
    def _source(self) -> answering.Source:
        return answering.Source(
            remembered.rows(self._run), remembered.columns(self._run_in_columns, remembered.bytes_for(self._n_rows)),
            remembered.names(self._names_of), self.rule, self._most_rows, self._columns, self._numbers, self._n_rows,
            self.as_of, self.version, self.is_synthetic, self.is_answered_here,
        )  # fmt: skip

    @property
    def is_answered_here(self) -> bool:
        """Whether this machine answers. What is published may be answered by a server which others ask, too."""
        return isinstance(self._engine, duck.Duck)

    def counts_to_make(self, share: int = 0, n: int = 1) -> Iterator[Callable[[], None]]:
        """The counts that most questions are made of, each to be made when nobody asks, those of a share of the metrics first; no more of them when counts are to be forgotten after this, or when more would push out others."""
        return self._counts_to_make(self._is_left, share, n)

    def _counts_to_make(self, is_left: threading.Event, share: int, n: int) -> Iterator[Callable[[], None]]:
        kept = self._source.run_in_columns
        for count in answering.beforehand(self._source, self.lists, share, n):
            if is_left.is_set() or (isinstance(kept, remembered.Remembered) and kept.is_nearly_full):
                return
            yield count

    def count_beforehand(self) -> None:
        """Make these counts one after another, each when nobody has asked for a moment. It fails for nothing: what is not counted here is counted by a question."""
        is_left = self._is_left
        for count in self._counts_to_make(is_left, 0, 1) if self.is_answered_here else ():
            while not turns.is_quiet(turns.BREATH):
                if is_left.is_set():
                    return
            with contextlib.suppress(Exception):
                count()

    def forget_counts(self) -> None:
        """Give back the memory of counts that were made: whoever asks once more has them made anew. A version that is shown again may be counted again."""
        self._is_left.set()
        self._is_left = threading.Event()
        if self.__dict__.pop("_source", None) is not None:
            memory.give_back()

    def status(self) -> dict:
        """Services, periods, rows (rounded), loads and the disclosure rule."""
        counts = self.ask("referrals", by=("service",))
        return {
            "version": self.version,
            "as_of": self.as_of,
            "periods": {"first": self.lists.calendar.first, "last": self.lists.calendar.last},
            "disclosure": {"k": self.rule.k, "base": self.rule.base},
            "is_synthetic": self.is_synthetic,
            "key_fingerprint": self.about["key_fingerprint"],
            "services": [
                _service_status(s, counts.row(service=s.service_id).count) for s in self.lists.services.values()
            ],
            "loads": [_load_status(load) for load in self.loads],
        }

    @cached_property
    def _most_rows(self) -> Mapping[str, int]:
        return {r["source"]: r["most"] for r in self._run("select source, most from most_rows", {})}

    @cached_property
    def _n_rows(self) -> int:
        return int(self._run("select count(*) as n from journey", {})[0]["n"])

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]]:
        """The number of each service and month of referral, of each class of people, and of each code that events hold as one; versions of before have none."""
        found: dict[tuple[str, ...], dict] = {
            columns: dict(self._numbers_of(columns, NUMBER[columns])) for columns in (PLACE, CLASS)
        }
        for row in self._run("select name, code, number from coded", {}) if "coded" in self._engine.columns() else ():
            found.setdefault((row["name"],), {})[(row["code"],)] = row["number"]
        return {columns: numbers for columns, numbers in found.items() if numbers}

    def _numbers_of(self, columns: tuple[str, ...], name: str) -> Mapping[tuple[str, ...], int]:
        """The small table of that name; nothing where a service that was carried over has no number, or one number is of two."""
        if name not in self._columns["journey"]:
            return {}
        rows = self._run(f"select {', '.join(columns)}, number from {name}", {})
        numbers = {tuple(row[c] for c in columns): row["number"] for row in rows}
        is_sound = None not in numbers.values() and len(set(numbers.values())) == len(rows)
        return numbers if is_sound else {}

    @cached_property
    def _columns(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of each table that metrics read."""
        return {table: tuple(names) for table, names in self._engine.columns().items() if "client" in names}

    def _run(self, sql: str, values: Mapping) -> list[dict]:
        """The rows of a query as dicts, when it is its turn. Private: only `ask` and the store's own closed lists use it."""
        return self._in_turn(self._engine.rows, sql, values)

    def _run_in_columns(self, sql: str, values: Mapping, counts: tuple[str, ...]) -> Columns:
        """The rows of a query column by column. Private, as `_run` is."""
        return Columns.of(self._in_turn(self._engine.table, sql, values), counts)

    def _names_of(self, sql: str, values: Mapping) -> tuple[str, ...]:
        """The columns of a query. Private, as `_run` is."""
        return tuple(self._in_turn(self._engine.table, f"select * from ({sql}) as one limit 0", values).column_names)

    def _in_turn(self, run: Callable[[str, Mapping, float], T], sql: str, values: Mapping) -> T:
        with turns.turn():
            try:
                return run(sql, values, LONGEST_SECONDS)
            except StoreError as error:
                if error.kind == "damaged" and self._engine.is_gone():
                    raise StoreError("moved", MOVED) from error
                raise


MOVED = "The data were changed while they were asked: reload the page, or ask again."


def _service_status(service: Service, journeys: int | None) -> dict:
    return {
        "service_id": service.service_id,
        "name": service.name,
        "commissioner": service.commissioner,
        "first": service.first_month,
        "last": service.last_month,
        "journeys": journeys,
    }


def _load_status(load: LoadRecord) -> dict:
    """A load for whoever loads deliveries: rows of files, not people. Pages show these numbers rounded."""
    return {
        "loaded_at": load.loaded_at,
        "version": load.version,
        "what": load.what,
        "files": dict(load.files),
        "services": list(load.services),
        "rows_read": load.rows_read,
        "rows_refused": load.rows_refused,
        "findings": dict(load.findings),
    }
