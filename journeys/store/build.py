"""Building the next version of a store from deliveries, beside the current one, and pointing to it.

The pointer moves last and in one step, so whatever happens on the way (a refused row, a full disk, a killed process) the
old version stays whole and current.
"""

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb

from journeys.answer.rule import Rule
from journeys.intake import read as intake
from journeys.intake.findings import Report
from journeys.store.client_key import client_key, fingerprint, key_file
from journeys.store.folder import StoreError, file_of, folder_of, is_damage, unreadable
from journeys.store.opened import SCHEMA, open_store
from journeys.store.versions import LoadError, alone, is_full, next_version, publish, rollback, workplace
from journeys.vocabulary import dictionary, horizons
from journeys.vocabulary.lists import LoadRecord

__all__ = ["LoadError", "Loaded", "load", "rollback"]

ROOT = Path(__file__).resolve().parents[2]
STEPS = ROOT / "queries" / "store"
CHECKS = ROOT / "queries" / "checks"
SWEMWBS = ROOT / "data" / "reference" / "swemwbs_metric.csv"
DICTIONARY = ROOT / "data" / "dictionary.toml"
HORIZONS = Path(horizons.__file__)
MEMORY = "3GB"
SYNTHETIC = "(synthetic)"
SHARE_OF_INTAKE = 0.6

Progress = Callable[[float, str], None]
ReportTo = Callable[[Report], object]


@dataclass(frozen=True)
class Loaded:
    """What a load did: the report of what was read, and the version now current (None when nothing changed)."""

    report: Report
    version: str | None
    note: str
    is_done: bool = True


@dataclass(frozen=True)
class _Previous:
    """What a build must know of the version before it."""

    version: str
    rule: Rule
    key_fingerprint: str
    services: frozenset[str]
    loads: tuple[LoadRecord, ...]


def load(
    deliveries: Sequence[Path],
    store: str | Path | None = None,
    *,
    accept_valid: bool = False,
    k: int | None = None,
    base: int | None = None,
    mapping: Path | None = None,
    wait_seconds: float = 600,
    progress: Progress | None = None,
    report_to: ReportTo | None = None,
) -> Loaded:
    """Validate deliveries and make them the next version of the store; they replace all earlier data of their services.

    Nothing changes if any row is refused, unless `accept_valid`. `k` and `base` set the disclosure rule; without them the
    store keeps its own. `report_to` gets the report while the findings can still be read. Raises LoadError (another load is
    running, no space, another client key, a check that fails), StoreError (the current store is damaged) and ValueError
    (no delivery at a path, a mapping that does not fit, a rule that is not allowed).
    """
    folder = folder_of(store)
    progress = progress or (lambda share, doing: None)
    _ruled(Rule(), k, base)
    with alone(folder, wait_seconds, lambda words: progress(0.0, words)), workplace(folder) as work:
        build = _Build(folder, work, k, base, progress)
        return build.run(deliveries, accept_valid, mapping, report_to)


def _ruled(rule: Rule, k: int | None, base: int | None) -> Rule:
    return Rule(rule.k if k is None else k, rule.base if base is None else base)


def _previous(folder: Path) -> _Previous | None:
    """What the current version says of itself, or None in a new store. It is closed again: Windows removes no open file."""
    try:
        store = open_store(folder)
    except StoreError as error:
        if error.kind == "missing":
            return None
        raise
    with contextlib.closing(store):
        key = store.about["key_fingerprint"]
        return _Previous(store.version, store.rule, key, frozenset(store.lists.services), store.loads)


class _Build:
    """One build of one version, in a folder of its own until it is whole."""

    def __init__(self, folder: Path, work: Path, k: int | None, base: int | None, progress: Progress) -> None:
        self.folder, self.work, self.progress = folder, work, progress
        self.previous = _previous(folder)
        self.key = client_key(folder)
        self.rule = _ruled(self.previous.rule if self.previous else Rule(), k, base)
        self.version = next_version(self.previous.version if self.previous else "")

    def run(
        self, deliveries: Sequence[Path], accept_valid: bool, mapping: Path | None, report_to: ReportTo | None
    ) -> Loaded:
        with contextlib.closing(self._connect()) as connection:
            report = intake.read(deliveries, connection, mapping=mapping, progress=self._reading)
            if report_to:
                report_to(report)
            services = _column(connection, "select service_id from delivery.service order by 1")
            refusal = _refusal(report, services, accept_valid)
            if refusal:
                return Loaded(report, None, f"Nothing was loaded: {refusal}", is_done=False)
            files = _files(report, mapping)
            if self._is_loaded_already(files, services):
                return Loaded(report, None, "Nothing to do: this delivery is what the store already holds.")
            self._fill(connection, services, report, files)
            note = self._note(connection, services)
        publish(self.work / "next.duckdb", self.folder, self.version)
        self.progress(1.0, "loaded")
        return Loaded(report, self.version, note)

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """Nothing needs a log of changes: until the end, what is being made counts for nothing."""
        spill: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": str(self.work / "spill"),
        }
        connection = duckdb.connect(config=spill)
        for name in ("next", "delivery"):
            connection.execute(
                f"attach {_quoted(self.work / f'{name}.duckdb')} as {name} (recovery_mode no_wal_writes)"
            )
        connection.execute("use next")
        connection.execute("set preserve_insertion_order = false")
        return connection

    def _reading(self, share: float, doing: str) -> None:
        self.progress(SHARE_OF_INTAKE * share, doing)

    def _is_loaded_already(self, files: Mapping[str, str], services: Sequence[str]) -> bool:
        """Whether the store holds just this, read in the same way: then loading it again would change nothing."""
        if self.previous is None or self.previous.rule != self.rule or not self._is_same_key():
            return False
        latest = {service: load for load in self.previous.loads for service in load.services}
        return all(
            service in latest
            and dict(latest[service].files) == files
            and latest[service].definitions == definitions_fingerprint()
            for service in services
        )

    def _is_same_key(self) -> bool:
        return self.previous is not None and self.previous.key_fingerprint == fingerprint(self.key)

    def _fill(
        self, connection: duckdb.DuckDBPyConnection, services: Sequence[str], report: Report, files: Mapping[str, str]
    ) -> None:
        self._check_key(services)
        _reference(connection)
        connection.execute("set variable hash_key = ?", [self.key])
        steps = sorted(STEPS.glob("*.sql"))
        for done, step in enumerate(steps):
            share = SHARE_OF_INTAKE + (1 - SHARE_OF_INTAKE) * done / (len(steps) + 1)
            self.progress(share, "working out the facts of each journey")
            connection.execute(step.read_text(encoding="utf-8"))
        self._keep_the_rest(connection)
        self._describe(connection, services, report, files)
        self.progress(0.98, "checking the new version")
        _check(connection)
        connection.execute("checkpoint next")

    def _check_key(self, services: Sequence[str]) -> None:
        if self.previous is None or self._is_same_key():
            return
        left = sorted(self.previous.services - set(services))
        if left:
            raise LoadError(
                f"The client key differs from the store's, and {', '.join(left)} would keep the old one, so that one person would "
                f"count as two. Use the store's key (the variable JOURNEYS_KEY or the file {key_file(self.folder)}), or load "
                "all services at once. Nothing was loaded."
            )

    def _keep_the_rest(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Carry over the services that the deliveries do not replace."""
        connection.execute(LOAD_TABLE)
        if self.previous is None:
            return
        file = file_of(self.folder, self.previous.version)
        try:
            connection.execute(f"attach {_quoted(file)} as previous (read_only)")
            for table in _tables_of_services(connection):
                connection.execute(
                    f"insert into {table} by name select * from previous.{table} "
                    "where service_id not in (select service_id from delivery.service)"
                )
            connection.execute("insert into load by name select * from previous.load")
            connection.execute("detach previous")
        except duckdb.Error as error:
            if is_damage(error) and not is_full(error):
                raise unreadable(self.folder, self.previous.version, error) from error
            raise

    def _describe(
        self, connection: duckdb.DuckDBPyConnection, services: Sequence[str], report: Report, files: Mapping[str, str]
    ) -> None:
        """What the store says of itself: layout, disclosure rule, calendar, client key's fingerprint, loads."""
        entry = {
            "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": self.version,
            "files": json.dumps(files),
            "services": json.dumps(services),
            "rows_read": report.n_read,
            "rows_refused": report.n_refused,
            "findings": json.dumps(dict(report.by_rule)),
            "definitions": definitions_fingerprint(),
        }
        connection.execute(
            f"insert into load ({', '.join(entry)}) values ({', '.join('?' * len(entry))})", [*entry.values()]
        )
        connection.execute(
            "create table barrier as select item from reading where tool = 'mbat' group by item having count(distinct client) >= ?",
            [self.rule.k],
        )
        connection.execute(MOST_ROWS)
        connection.execute("create table about (name varchar, value varchar)")
        connection.executemany("insert into about values (?, ?)", list(self._about(connection).items()))

    def _about(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        whole_until = _column(connection, "select max(whole_until) from service")[0]
        return {
            "schema": SCHEMA,
            "version": self.version,
            "previous": self.previous.version if self.previous else "",
            "k": str(self.rule.k),
            "base": str(self.rule.base),
            "key_fingerprint": fingerprint(self.key),
            "whole_until": whole_until,
            "is_synthetic": str(bool(_synthetic(connection))).lower(),
        }

    def _note(self, connection: duckdb.DuckDBPyConnection, services: Sequence[str]) -> str:
        note = f"Loaded {len(services)} service{'s' * (len(services) != 1)} as version {self.version}."
        synthetic = _synthetic(connection)
        if not synthetic or len(synthetic) == len(_column(connection, "select service_id from service")):
            return note
        return (
            f"{note} The store holds synthetic services ({', '.join(synthetic)}) beside others, so every figure is marked as "
            f"synthetic: to have only your own, move the folder {self.folder} away and load again."
        )


def _refusal(report: Report, services: Sequence[str], accept_valid: bool) -> str | None:
    """Why nothing of a delivery may be loaded, if so."""
    if report.is_refused_whole:
        return "a file is refused whole; mend it and load again."
    if not (report.is_clean or accept_valid):
        return "mend the findings, or use --accept-valid to load the good rows."
    return None if services else "there is no valid service in the delivery."


LOAD_TABLE = """
create table load (
    loaded_at varchar, version varchar, files varchar, services varchar, rows_read bigint, rows_refused bigint, findings varchar,
    definitions varchar
)"""
MOST_ROWS = """
create table most_rows as
select 'journey' as source, coalesce(max(n), 0) as most from (select count(*) as n from journey group by client)
union all select 'goal', coalesce(max(n), 0) from (select count(*) as n from goal group by client)
union all select 'outcome', coalesce(max(n), 0) from (select count(*) as n from outcome group by client)
union all select 'contact', coalesce(max(n), 0) from (select sum(n_contacts)::bigint as n from contact group by client)
union all select 'reading', coalesce(max(n), 0) from (select count(*) as n from reading group by client, tool, item)
"""


def _files(report: Report, mapping: Path | None) -> dict[str, str]:
    """The SHA-256 of every file that the data came from, the mapping too; files of the same name are numbered."""
    read = [(f.file, f.sha256) for f in report.files]
    if mapping:
        read.append((mapping.name, hashlib.sha256(mapping.read_bytes()).hexdigest()))
    files: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for name, digest in read:
        seen[name] += 1
        files[name if seen[name] == 1 else f"{name} ({seen[name]})"] = digest
    return files


@cache
def definitions_fingerprint() -> str:
    """A fingerprint of everything but the delivery that decides what a load makes: steps, dictionary, conversion, horizons."""
    made = hashlib.sha256()
    for file in (*sorted(STEPS.glob("*.sql")), DICTIONARY, SWEMWBS, HORIZONS):
        made.update(file.read_bytes())
    return made.hexdigest()[:16]


def _synthetic(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The services that say that they are not real."""
    return _column(
        connection,
        "select service_id from service where contains(lower(service_name || ' ' || commissioner_name), ?) order by 1",
        [SYNTHETIC],
    )


def _column(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list:
    return [row[0] for row in connection.execute(sql, list(values)).fetchall()]


def _quoted(path: Path) -> str:
    """A path as SQL text: people and folders may have an apostrophe in their names."""
    return "'" + str(path).replace("'", "''") + "'"


def _reference(connection: duckdb.DuckDBPyConnection) -> None:
    """What the steps need beside the delivery: SWEMWBS conversion, each tool's direction and threshold, horizons, rungs."""
    connection.execute(
        f"create temp table swemwbs_metric as select raw, metric from read_csv({_quoted(SWEMWBS)}, columns = {{'raw': 'double', 'metric': 'double'}})"
    )
    connection.execute("create temp table tool_item (tool varchar, item varchar, better varchar, threshold double)")
    connection.executemany("insert into tool_item values (?, ?, ?, ?)", list(_tool_items()))
    connection.execute("create temp table horizon (days integer)")
    connection.executemany("insert into horizon values (?)", [[days] for days in horizons.ALL])
    rungs = [code.code for code in dictionary.load().derived["rung"]]
    connection.execute(f"create macro rung_code(number) as {rungs!r}[number + 1]")
    connection.execute(f"create macro rung_number(code) as list_position({rungs!r}, code) - 1")


def _tool_items() -> Iterator[tuple]:
    for tool in dictionary.load().tools.values():
        if tool.any_item is not None:
            yield tool.code, "*", tool.any_item.better, tool.any_item.threshold
            continue
        for item in tool.items.values():
            yield tool.code, item.code, item.better, item.threshold


def _tables_of_services(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of the next version that hold rows of services, whatever the steps call them."""
    sql = (
        "select t.table_name from duckdb_tables() as t join duckdb_columns() as c using (database_name, table_name) "
        "where t.database_name = 'next' and not t.temporary and c.column_name = 'service_id' order by 1"
    )
    return _column(connection, sql)


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run queries/checks: each returns the rows that break a rule of the store."""
    for check in sorted(CHECKS.glob("*.sql")):
        broken = connection.execute(check.read_text(encoding="utf-8")).fetchall()
        if broken:
            raise LoadError(
                f"The store that was built breaks the rule {check.stem} in {len(broken)} rows; nothing was changed."
            )
