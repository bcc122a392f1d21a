"""Building the next version of a store from deliveries, beside the current one, and pointing to it.

The pointer moves last and in one step, so whatever happens on the way (a refused row, a full disk, a killed process) the
old version stays whole and current.
"""

import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from journeys import dictionary, intake
from journeys.disclosure import Rule
from journeys.store import SCHEMA, StoreError, current_version, file_of, folder_of, open_store

ROOT = Path(__file__).resolve().parent.parent
STEPS = ROOT / "queries" / "store"
CHECKS = ROOT / "queries" / "checks"
SWEMWBS = ROOT / "data" / "reference" / "swemwbs_metric.csv"
KEPT_TABLES = ("service", "service_horizon", "journey", "goal", "outcome", "contact", "reading", "service_change")
KEPT_VERSIONS = 5
MEMORY = "3GB"
SYNTHETIC = "(synthetic)"


class LoadError(Exception):
    """A load that cannot go on; nothing has changed. The text says why and what to do."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: the report of what was read, and the version now current (None when nothing changed)."""

    report: "intake.Report"
    version: str | None
    note: str
    is_done: bool = True


def load(
    deliveries: Sequence[Path],
    store: str | Path | None = None,
    *,
    accept_valid: bool = False,
    rule: Rule | None = None,
    mapping: Path | None = None,
    wait_seconds: float = 600,
    progress: Callable | None = None,
    report_to: Callable | None = None,
) -> Loaded:
    """Validate deliveries and make them the next version of the store; they replace all earlier data of their services.

    Nothing changes if any row is refused, unless `accept_valid`. Raises LoadError (another load is running, no space, another
    client key, a check that fails) and StoreError (the current store is damaged). `report_to` gets the report while the
    findings can still be read.
    """
    folder = folder_of(store)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, wait_seconds), _explained(folder):
        _sweep(folder)
        work = folder / f"work-{os.getpid()}-{secrets.token_hex(3)}"
        work.mkdir()
        try:
            build = _Build(folder, work, rule)
            return build.run(deliveries, accept_valid, mapping, progress, report_to)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def rollback(store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """Point back to the version before the last load and return it; StoreError when there is none."""
    folder = folder_of(store)
    current_version(folder)
    with _alone(folder, wait_seconds):
        previous = open_store(folder).about.get("previous", "")
        if not previous or not file_of(folder, previous).is_file():
            raise StoreError("missing", "There is no earlier version to go back to.")
        _point(folder, previous)
        return previous


@contextlib.contextmanager
def _alone(folder: Path, wait_seconds: float) -> Iterator[None]:
    """One load at a time; the operating system lets go of the lock when a process dies."""
    try:
        with FileLock(folder / "load.lock", timeout=wait_seconds):
            yield
    except Timeout:
        raise LoadError(
            f"Another load of {folder} has been running for {wait_seconds:.0f} seconds: try again later."
        ) from None


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """A full disk in words; the old store is still whole and current."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        is_full = (
            getattr(error, "errno", None) == errno.ENOSPC
            or "No space left" in str(error)
            or "not enough space" in str(error).lower()
        )
        if not is_full:
            raise
        raise LoadError(
            f"The disk that holds {folder} is full: free some space and load again. The store is as it was."
        ) from error


def _sweep(folder: Path) -> None:
    """Remove what an interrupted load left behind, and versions that were rolled back."""
    with contextlib.suppress(StoreError):
        current = current_version(folder)
        for file in folder.glob("journeys-*.duckdb*"):
            if _number(file.name[9:]) > _number(current):
                file.unlink(missing_ok=True)
    for left in (*folder.glob("work-*"), *folder.glob("CURRENT.*")):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _number(version: str) -> int:
    return int(version.split("-")[0])


def _point(folder: Path, version: str) -> None:
    beside = folder / f"CURRENT.{secrets.token_hex(3)}"
    with beside.open("w", encoding="utf-8") as pointer:
        pointer.write(version)
        pointer.flush()
        os.fsync(pointer.fileno())
    os.replace(beside, folder / "CURRENT")


def client_key(folder: Path) -> str:
    """The key that client references are hashed with: JOURNEYS_KEY, else a file of mode 600 beside the store, made on first use."""
    if os.environ.get("JOURNEYS_KEY"):
        return os.environ["JOURNEYS_KEY"]
    file = folder.parent / f"{folder.name}.key"
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
            made.write(secrets.token_hex(32))
    return file.read_text(encoding="ascii").strip()


def fingerprint(key: str) -> str:
    """What the store keeps of the key: enough to tell another key, not enough to use it."""
    return hashlib.sha256(b"fingerprint" + key.encode()).hexdigest()[:16]


class _Build:
    """One build of one version, in a folder of its own until it is whole."""

    def __init__(self, folder: Path, work: Path, rule: Rule | None) -> None:
        self.folder, self.work = folder, work
        self.key = client_key(folder)
        self.previous = self._previous()
        kept = Rule(int(self.previous.about["k"]), int(self.previous.about["base"])) if self.previous else Rule()
        self.rule = rule or kept
        number = _number(self.previous.version) + 1 if self.previous else 1
        self.version = f"{number:06d}-{secrets.token_hex(3)}"

    def _previous(self):
        try:
            return open_store(self.folder)
        except StoreError as error:
            if error.kind == "missing":
                return None
            raise

    def run(self, deliveries, accept_valid: bool, mapping, progress, report_to) -> Loaded:
        file = self.work / "next.duckdb"
        connection = duckdb.connect(
            str(file), config={"memory_limit": MEMORY, "temp_directory": str(self.work / "spill")}
        )
        try:
            connection.execute("set preserve_insertion_order = false")
            connection.execute(f"attach '{self.work / 'delivery.duckdb'}' as delivery")
            report = intake.read(deliveries, connection, mapping=mapping, progress=progress)
            if report_to:
                report_to(report)
            services = [
                r[0] for r in connection.execute("select service_id from delivery.service order by 1").fetchall()
            ]
            refusal = _refusal(report, services, accept_valid)
            if refusal:
                return Loaded(report, None, f"Nothing was loaded: {refusal}", is_done=False)
            if self._is_loaded_already(report, services):
                return Loaded(report, None, "Nothing to do: this delivery is what the store already holds.")
            self._fill(connection, services, report)
        finally:
            connection.close()
        self._publish(file)
        return Loaded(
            report,
            self.version,
            f"Loaded {len(services)} service{'s' * (len(services) != 1)} as version {self.version}.",
        )

    def _is_loaded_already(self, report, services: Sequence[str]) -> bool:
        if (
            self.previous is None
            or self.previous.rule != self.rule
            or self.previous.about["key_fingerprint"] != fingerprint(self.key)
        ):
            return False
        files = _files(report)
        latest = {s: load for load in self.previous.loads for s in load.services}
        return all(s in latest and dict(latest[s].files) == files for s in services)

    def _fill(self, connection: duckdb.DuckDBPyConnection, services: Sequence[str], report) -> None:
        self._check_key(services)
        _reference(connection)
        for step in sorted(STEPS.glob("*.sql")):
            _execute(connection, step.read_text(encoding="utf-8"), {"hash_key": self.key})
        self._keep_the_rest(connection)
        self._describe(connection, services, report)
        _check(connection)
        connection.execute("detach delivery")
        connection.execute("checkpoint")

    def _check_key(self, services: Sequence[str]) -> None:
        if self.previous is None or self.previous.about["key_fingerprint"] == fingerprint(self.key):
            return
        left = sorted(set(self.previous.lists.services) - set(services))
        if left:
            raise LoadError(
                f"The client key differs from the store's, and {', '.join(left)} would keep the old one, so that one person would "
                "count as two. Use the store's key (JOURNEYS_KEY or the .key file beside the store), or load all services at once."
            )

    def _keep_the_rest(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Carry over the services that the deliveries do not replace."""
        connection.execute(
            "create table load (loaded_at varchar, version varchar, files varchar, services varchar, rows_read bigint, rows_refused bigint, findings varchar)"
        )
        if self.previous is None:
            return
        connection.execute(f"attach '{file_of(self.folder, self.previous.version)}' as previous (read_only)")
        for table in KEPT_TABLES:
            connection.execute(
                f"insert into {table} by name select * from previous.{table} "
                "where service_id not in (select service_id from delivery.service)"
            )
        connection.execute("insert into load by name select * from previous.load")
        connection.execute("detach previous")

    def _describe(self, connection: duckdb.DuckDBPyConnection, services: Sequence[str], report) -> None:
        """What the store says of itself: layout, disclosure rule, calendar, client key's fingerprint, loads."""
        refused = sum(f.rows_refused for f in report.files)
        entry = [
            datetime.now(UTC).isoformat(timespec="seconds"), self.version, json.dumps(_files(report)), json.dumps(services),
            sum(f.rows_read for f in report.files), refused, json.dumps(dict(report.by_rule)),
        ]  # fmt: skip
        connection.execute("insert into load values (?, ?, ?, ?, ?, ?, ?)", entry)
        connection.execute(
            "create table barrier as select item from reading where tool = 'mbat' group by item having count(distinct client) >= ?",
            [self.rule.k],
        )
        connection.execute(MOST_ROWS)
        connection.execute("create table about (name varchar, value varchar)")
        connection.executemany("insert into about values (?, ?)", list(self._about(connection).items()))

    def _about(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        whole_until, is_synthetic = connection.execute(
            "select max(whole_until), bool_or(contains(lower(service_name || commissioner_name), ?)) from service",
            [SYNTHETIC],
        ).fetchone()
        return {
            "schema": SCHEMA,
            "version": self.version,
            "previous": self.previous.version if self.previous else "",
            "k": str(self.rule.k),
            "base": str(self.rule.base),
            "key_fingerprint": fingerprint(self.key),
            "whole_until": whole_until,
            "is_synthetic": str(bool(is_synthetic)).lower(),
        }

    def _publish(self, file: Path) -> None:
        with file.open("rb+") as made:
            os.fsync(made.fileno())
        os.replace(file, file_of(self.folder, self.version))
        _point(self.folder, self.version)
        versions = sorted(self.folder.glob("journeys-*.duckdb"), key=lambda f: _number(f.name[9:]))
        for old in versions[:-KEPT_VERSIONS]:
            with contextlib.suppress(
                OSError
            ):  # Windows refuses while a dashboard still reads it; the next load tries again
                old.unlink()


def _refusal(report, services: Sequence[str], accept_valid: bool) -> str | None:
    """Why nothing of a delivery may be loaded, if so."""
    if report.is_refused_whole:
        return "a file is refused whole; mend it and load again."
    if not (report.is_clean or accept_valid):
        return "mend the findings, or use --accept-valid to load the good rows."
    return None if services else "there is no valid service in the delivery."


MOST_ROWS = """
create table most_rows as
select 'journey' as source, coalesce(max(n), 0) as most from (select count(*) as n from journey group by client)
union all select 'goal', coalesce(max(n), 0) from (select count(*) as n from goal group by client)
union all select 'outcome', coalesce(max(n), 0) from (select count(*) as n from outcome group by client)
union all select 'contact', coalesce(max(n), 0) from (select sum(n_contacts)::bigint as n from contact group by client)
union all select 'reading', coalesce(max(n), 0) from (select count(*) as n from reading group by client, tool, item)
"""


def _files(report) -> dict[str, str]:
    return {f.file: f.sha256 for f in report.files}


def _reference(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that the steps need beside the delivery: the SWEMWBS conversion and each tool's direction and threshold."""
    connection.execute(
        f"create temp table swemwbs_metric as select raw, metric from read_csv('{SWEMWBS}', columns = {{'raw': 'double', 'metric': 'double'}})"
    )
    connection.execute("create temp table tool_item (tool varchar, item varchar, better varchar, threshold double)")
    connection.executemany("insert into tool_item values (?, ?, ?, ?)", list(_tool_items()))


def _tool_items() -> Iterator[tuple]:
    for tool in dictionary.load().tools.values():
        if tool.any_item is not None:
            yield tool.code, "*", tool.any_item.better, tool.any_item.threshold
            continue
        for item in tool.items.values():
            yield tool.code, item.code, item.better, item.threshold


def _execute(connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping) -> None:
    for statement in duckdb.extract_statements(sql):
        connection.execute(statement, {name: values[name] for name in statement.named_parameters})


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run queries/checks: each returns the rows that break a rule of the store."""
    for check in sorted(CHECKS.glob("*.sql")):
        broken = connection.execute(check.read_text(encoding="utf-8")).fetchall()
        if broken:
            raise LoadError(
                f"The store that was built breaks the rule {check.stem} in {len(broken)} rows; nothing was changed."
            )
