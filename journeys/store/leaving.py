"""What leaves a store, or a folder that was loaded on Spark: services, and people who are to be forgotten."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from journeys.answer.rule import Rule
from journeys.intake import read as intake
from journeys.store import forgotten, published, tables
from journeys.store.client_key import client_key
from journeys.store.folder import ON_SPARK, STORE, StoreError, delete_marked, folder_of, held_in, is_left, sort_of
from journeys.store.next import Entry, Next, Previous, previous_of
from journeys.store.versions import KEPT, alone, mark, next_version, sweep
from journeys.store.work import LoadError, explained, temporary, workplace

OPEN = {
    STORE: "A dashboard that is running may hold an older version open until it is started again; what was published holds them until it is "
    "published again.",
    ON_SPARK: "Answers that dashboards kept of them go at the next run of a page there.",
}
EARLIER = "Their journeys went when this task was first tried, which did not end to say how many"


@dataclass(frozen=True)
class Change:
    """A folder while nobody else writes there: what is current, the key, and a place to work in. A task that may be done twice has an
    `ending` of its own for the version that it makes."""

    previous: Previous
    key: str
    work: Path
    ending: str

    @property
    def folder(self) -> Path:
        return self.previous.folder

    @property
    def is_done(self) -> bool:
        """Whether an earlier try made the version that is current."""
        return bool(self.ending) and self.previous.version.endswith(f"-{self.ending}")

    def publish(
        self, connection: duckdb.DuckDBPyConnection, entry: Entry, gone: Sequence[str], people: Sequence[int]
    ) -> str:
        """The next version from what stays of the one before; returns its name."""
        following = Next(self.folder, connection, self.key, self.previous.rule, self.previous)
        following.version = next_version(self.previous.version, self.ending)
        following.forgotten = people
        return following.publish(self.work, entry, gone)


def remove(
    services: Sequence[str], store: str | Path | None = None, wait_seconds: float = 600, ending: str = ""
) -> str:
    """The next version without these services; says so in a sentence. ValueError for a service that is not held."""
    with _changing(folder_of(store), wait_seconds, ending) as change:
        version = change.previous.version if change.is_done else _without(change, services)
    return (
        f"Removed {', '.join(services)}: version {version} is without. Older versions still hold them, as long as they are kept "
        f"(the last {KEPT}), and `rollback` goes back to them."
    )


def _without(change: Change, services: Sequence[str]) -> str:
    held = change.previous.services
    unknown = sorted(set(services) - held)
    if unknown:
        raise ValueError(f"the store holds no service {', '.join(unknown)}; it has {', '.join(sorted(held))}")
    if held <= set(services):
        raise LoadError(
            f"No service would be left. To be rid of the whole store, delete the folder {change.folder}. Nothing was changed."
        )
    with _empty(change) as connection:
        people = forgotten.listed(change.folder, change.key)
        return change.publish(connection, Entry("remove", tuple(services), {}), services, people)


def forget(refs: Path, store: str | Path | None = None, wait_seconds: float = 600, ending: str = "") -> str:
    """The next version without the people named in a file; older versions that held them are deleted, and later loads leave them out.

    Says how many journeys went, never whose.
    """
    people = forgotten.references(refs)
    folder = folder_of(store)
    with _changing(folder, wait_seconds, ending) as change, _empty(change) as connection:
        found = forgotten.numbers(connection, people, dict(change.previous.client_keys))
        listed = set(forgotten.listed(folder, change.key))
        forgotten.check_doubted(
            refs, people, lambda i: bool(listed & set(found[i]) or _holders(connection, change.previous, found[i]))
        )
        numbers = sorted({*listed, *(number for person in found for number in person)})
        holders = _holders(connection, change.previous, numbers)
        forgotten.write(folder, change.key, numbers)
        if holders:
            mark(folder, holders)
        n_gone = None if change.is_done else 0
        if change.previous.version in holders:
            n_gone = _count(connection, change.previous, numbers)
            change.publish(connection, Entry("forget", (), {}), (), numbers)
        delete_marked(folder)
        left = [version for version in holders if is_left(folder, version)]
        return _said(len(people), n_gone, len(holders), left, OPEN[sort_of(folder) or STORE])


def _said(n_people: int, n_gone: int | None, n_holders: int, left: Sequence[str], still: str) -> str:
    """`n_gone` is None where an earlier try of a task had done it."""
    went = "1 journey went" if n_gone == 1 else f"{n_gone:,} journeys went" if n_gone is not None else EARLIER
    listed = "1 person is" if n_people == 1 else f"{n_people:,} people are"
    words = f"{went}. {listed} on the list of those whom every later load leaves out."
    if n_gone == 0:
        words += " If the store does hold them, look at the client_key or service_id beside each reference."
    if left:
        words += (
            f" {len(left)} older versions are open elsewhere and go at the next start of a dashboard or the next load."
        )
    elif n_holders:
        words += f" Versions that held them are deleted: {n_holders}."
    return f"{words} {still}" if n_holders or n_gone is None else words


def undo(refs: Path, store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """Takes the people named in a file off the list; their deliveries bring them back when they are loaded again."""
    people = forgotten.references(refs)
    folder = folder_of(store)
    with _changing(folder, wait_seconds) as change, _empty(change) as connection:
        listed = set(forgotten.listed(folder, change.key))
        found = forgotten.numbers(connection, people, dict(change.previous.client_keys))
        forgotten.check_doubted(refs, people, lambda i: bool(listed & set(found[i])))
        n = sum(bool(listed & set(numbers)) for numbers in found)
        forgotten.write(folder, change.key, sorted(listed - {number for numbers in found for number in numbers}))
    of_several = f"{n:,} of {len(people):,} people were on the list and are"
    who = "The person was on the list and is" if n == len(people) == 1 else of_several
    return f"{who} off it. Load their deliveries again to have them back."


@contextlib.contextmanager
def _changing(folder: Path, wait_seconds: float, ending: str = "") -> Iterator[Change]:
    """The folder for one writer, with its key and a place to work in. StoreError when nothing is there."""
    with explained(folder):
        _there(folder)
        # what is shared may take whole files alone
        at = temporary() if sort_of(folder) == ON_SPARK else folder
        with workplace(at) as work, alone(folder, wait_seconds, lambda words: None, STORE, ON_SPARK):
            sweep(folder)
            change = Change(_there(folder), client_key(folder), work, ending)
            if not change.previous.has_key(change.key):
                raise LoadError(
                    "The client key differs from the store's: set JOURNEYS_KEY, or put the key file back. Nothing was changed."
                )
            yield change


def _there(folder: Path) -> Previous:
    previous = previous_of(folder)
    if previous is None:
        raise StoreError(
            "missing", f"There is no store in {folder}: load a delivery first (python -m journeys load DELIVERY)."
        )
    return previous


@contextlib.contextmanager
def _empty(change: Change) -> Iterator[duckdb.DuckDBPyConnection]:
    """A next version from no delivery at all."""
    with contextlib.closing(tables.connected(change.work, change.key)) as connection:
        intake.read([], connection, work=change.work)
        tables.facts(connection, Rule().k, lambda share, doing: None)  # no journeys, whatever k
        yield connection


def _holders(connection: duckdb.DuckDBPyConnection, current: Previous, people: Sequence[int]) -> list[str]:
    """The versions in the folder that hold one of the people; one that cannot be read, or was made with another key, counts as such."""
    tables.fill_list(connection, "wanted", "client bigint", people)
    return [version for version in held_in(current.folder) if _holds(connection, version, current)]


def _holds(connection: duckdb.DuckDBPyConnection, version: str, current: Previous) -> bool:
    try:
        with _attached(connection, current.folder, version) as columns:
            key = "select value from past.about where name = 'key_fingerprint'"
            if tables.column(connection, key) != [current.key_fingerprint]:
                return True
            return any(
                connection.execute(
                    f"select 1 from past.{table} where {tables.is_of(table, 'wanted')} limit 1"
                ).fetchall()
                for table in columns
                if "client" in columns[table]
            )
    except (duckdb.Error, StoreError):
        return True


def _count(connection: duckdb.DuckDBPyConnection, current: Previous, people: Sequence[int]) -> int:
    tables.fill_list(connection, "wanted", "client bigint", people)
    with _attached(connection, current.folder, current.version):
        return tables.column(
            connection, f"select count(*) from past.journey where {tables.is_of('journey', 'wanted')}"
        )[0]


@contextlib.contextmanager
def _attached(
    connection: duckdb.DuckDBPyConnection, folder: Path, version: str
) -> Iterator[Mapping[str, Sequence[str]]]:
    """A version as `past`, with the columns of its tables."""
    try:
        yield published.attach(connection, folder, version, "past")
    finally:
        connection.execute("detach database if exists past")
