"""The next version: what it must know of the one before, what it says of itself, and how it becomes current."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from journeys.answer.rule import Rule
from journeys.store import forgotten, published, tables
from journeys.store.client_key import fingerprint
from journeys.store.folder import StoreError, is_damage, unreadable
from journeys.store.opened import SCHEMA, open_store
from journeys.store.versions import next_version, publish
from journeys.store.work import is_full
from journeys.vocabulary.lists import LoadRecord


@dataclass(frozen=True)
class Previous:
    """What must be known of the version that is current. `shown` is what the store releases of each service's journeys."""

    folder: Path
    version: str
    rule: Rule
    key_fingerprint: str
    services: frozenset[str]
    shown: Mapping[str, int | None]
    loads: tuple[LoadRecord, ...]
    retired: Mapping[str, str]
    client_keys: Mapping[str, str]
    forgotten: str

    def has_key(self, key: str) -> bool:
        return self.key_fingerprint == fingerprint(key)

    @contextlib.contextmanager
    def attached(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Its tables, as `previous`; StoreError when they cannot be read."""
        try:
            published.attach(connection, self.folder, self.version, "previous")
            try:
                yield
            finally:
                connection.execute("detach previous")
        except duckdb.Error as error:
            if is_damage(error) and not is_full(error):
                raise unreadable(self.folder, self.version, error) from error
            raise


def previous_of(folder: Path) -> Previous | None:
    """The current version, or None in a new store. It is closed again: Windows removes no open file."""
    try:
        store = open_store(folder)
    except StoreError as error:
        if error.kind == "missing":
            return None
        raise
    with contextlib.closing(store):
        counts = store.ask("referrals", by=("service",)).rows
        return Previous(
            folder,
            store.version,
            store.rule,
            store.about["key_fingerprint"],
            frozenset(store.lists.services),
            {row.labels["service"]: row.count for row in counts},
            store.loads,
            json.loads(store.about.get("retired", "{}")),
            json.loads(store.about.get("client_keys", "{}")),
            store.about.get("forgotten", ""),
        )


@dataclass(frozen=True)
class Entry:
    """A line of the store's history: what was done (`load`, `remove`, `forget`) to which services, from which files."""

    what: str
    services: tuple[str, ...]
    files: Mapping[str, str]
    n_read: int = 0
    n_refused: int = 0
    findings: Mapping[str, int] | None = None


class Next:
    """The version that is built in `connection` (database `next`), where the facts of `delivery` are worked out already."""

    def __init__(
        self, folder: Path, connection: duckdb.DuckDBPyConnection, key: str, rule: Rule, previous: Previous | None
    ) -> None:
        self.folder, self.connection, self.key, self.rule, self.previous = folder, connection, key, rule, previous
        self.version = next_version(previous.version if previous else "")
        self.retired = dict(previous.retired) if previous else {}
        self.forgotten: Sequence[int] = ()
        self.synthetic: list[str] = []
        self.n_services = 0

    def publish(self, work: Path, entry: Entry, gone: Sequence[str]) -> str:
        """Build it and point to it; returns its name."""
        publish(self.built(work, entry, gone), self.folder, self.version)
        return self.version

    def built(self, work: Path, entry: Entry, gone: Sequence[str]) -> Path:
        """Add what stays of the version before, all but the services that are `gone`; returns the whole database file."""
        self.connection.execute(tables.LOAD_TABLE)
        if self.previous:
            with self.previous.attached(self.connection):
                tables.keep(self.connection, gone, self.forgotten)
        self._record(entry)
        tables.derive(self.connection, self.rule.k)
        self.connection.execute("create table about (name varchar, value varchar)")
        self.connection.executemany("insert into about values (?, ?)", list(self._about(gone).items()))
        tables.check(self.connection)
        self.connection.execute("checkpoint next")
        self.connection.execute("use memory")
        self.connection.execute("detach next")
        return work / "next.duckdb"

    def _record(self, entry: Entry) -> None:
        row = {
            "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": self.version,
            "files": json.dumps(dict(entry.files)),
            "services": json.dumps(list(entry.services)),
            "rows_read": entry.n_read,
            "rows_refused": entry.n_refused,
            "findings": json.dumps(dict(entry.findings or {})),
            "definitions": tables.definitions_fingerprint(),
            "what": entry.what,
        }
        tables.insert(self.connection, "load", row)

    def _about(self, gone: Sequence[str]) -> dict[str, str]:
        """What the store says of itself: layout, disclosure rule, calendar, client key's fingerprint, who shares a client key."""
        services = tables.column(self.connection, "select service_id from service")
        self.synthetic, self.n_services = tables.synthetic(self.connection), len(services)
        return {
            "schema": SCHEMA,
            "version": self.version,
            "previous": self.previous.version if self.previous else "",
            "k": str(self.rule.k),
            "base": str(self.rule.base),
            "key_fingerprint": fingerprint(self.key),
            "whole_until": tables.column(self.connection, "select max(whole_until) from service")[0],
            "is_synthetic": str(bool(self.synthetic)).lower(),
            "retired": json.dumps({one: by for one, by in self.retired.items() if one not in services}),
            "client_keys": json.dumps(self._client_keys(gone)),
            "forgotten": forgotten.list_fingerprint(self.forgotten, self.key),
        }

    def _client_keys(self, gone: Sequence[str]) -> dict[str, str]:
        before = self.previous.client_keys if self.previous else {}
        kept = {service: key for service, key in before.items() if service not in gone}
        rows = self.connection.execute(
            "select service_id, client_key from delivery.service where client_key is not null"
        )
        return kept | dict(rows.fetchall())
