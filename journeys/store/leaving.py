"""What leaves the store: services, and people who are to be forgotten."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from journeys import sql
from journeys.answer.rule import Rule
from journeys.intake import read as intake
from journeys.store import forgotten, tables
from journeys.store.client_key import client_key
from journeys.store.folder import StoreError, file_of, folder_of, versions_in
from journeys.store.next import Entry, Next, Previous, previous_of
from journeys.store.versions import KEPT, alone, delete_marked, mark, sweep
from journeys.store.work import LoadError, explained, workplace

OPEN = "A dashboard that is running may hold an older version open until it is started again."


def remove(services: Sequence[str], store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """The next version without these services; says so in a sentence. ValueError for a service that is not held."""
    folder = folder_of(store)
    with _changing(folder, wait_seconds) as (previous, key, work):
        unknown = sorted(set(services) - previous.services)
        if unknown:
            raise ValueError(
                f"the store holds no service {', '.join(unknown)}; it has {', '.join(sorted(previous.services))}"
            )
        if previous.services <= set(services):
            raise LoadError(
                f"No service would be left. To be rid of the whole store, delete the folder {folder}. Nothing was changed."
            )
        with _empty(work, key) as connection:
            following = Next(folder, connection, key, previous.rule, previous)
            following.forgotten = forgotten.listed(folder, key)
            version = following.publish(work, Entry("remove", tuple(services), {}), services)
    return (
        f"Removed {', '.join(services)}: version {version} is without. Older versions still hold them, as long as they are kept "
        f"(the last {KEPT}), and `rollback` goes back to them."
    )


def forget(refs: Path, store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """The next version without the people named in a file; older versions that held them are deleted, and later loads leave them out.

    Says how many journeys went, never whose.
    """
    people = forgotten.references(refs)
    folder = folder_of(store)
    with _changing(folder, wait_seconds) as (previous, key, work), _empty(work, key) as connection:
        found = forgotten.numbers(connection, people, dict(previous.client_keys))
        numbers = sorted({*forgotten.listed(folder, key), *(number for person in found for number in person)})
        holders = _holders(connection, folder, numbers, previous)
        forgotten.write(folder, key, numbers)
        n_gone = 0
        if previous.version in holders:
            n_gone = _count(connection, folder, previous.version, numbers)
            mark(folder, holders)
            following = Next(folder, connection, key, previous.rule, previous)
            following.forgotten = numbers
            following.publish(work, Entry("forget", (), {}), ())
        elif holders:
            mark(folder, holders)
        delete_marked(folder)
        left = [version for version in holders if file_of(folder, version).exists()]
    return _said(len(people), n_gone, len(holders), left)


def _said(n_people: int, n_gone: int, n_holders: int, left: Sequence[str]) -> str:
    went = "1 journey went" if n_gone == 1 else f"{n_gone:,} journeys went"
    listed = "1 person is" if n_people == 1 else f"{n_people:,} people are"
    words = f"{went}. {listed} on the list of those whom every later load leaves out."
    if not n_gone:
        words += " If the store does hold them, look at the client_key or service_id beside each reference."
    if left:
        words += (
            f" {len(left)} older versions are open elsewhere and go at the next start of a dashboard or the next load."
        )
    elif n_holders:
        words += f" Versions that held them are deleted: {n_holders}."
    return f"{words} {OPEN}" if n_holders else words


def undo(refs: Path, store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """Takes the people named in a file off the list; their deliveries bring them back when they are loaded again."""
    people = forgotten.references(refs)
    folder = folder_of(store)
    with _changing(folder, wait_seconds) as (previous, key, work), _empty(work, key) as connection:
        listed = set(forgotten.listed(folder, key))
        found = forgotten.numbers(connection, people, dict(previous.client_keys))
        n = sum(bool(listed & set(numbers)) for numbers in found)
        forgotten.write(folder, key, sorted(listed - {number for numbers in found for number in numbers}))
    return f"{n:,} of {len(people):,} people were on the list and are off it. Load their deliveries again to have them back."


@contextlib.contextmanager
def _changing(folder: Path, wait_seconds: float) -> Iterator[tuple[Previous, str, Path]]:
    """The store for one writer, with its key and a folder to work in. StoreError when there is none."""
    with explained(folder):
        _there(folder)
        with workplace(folder) as work, alone(folder, wait_seconds, lambda words: None):
            sweep(folder)
            previous, key = _there(folder), client_key(folder)
            if not previous.has_key(key):
                raise LoadError(
                    "The client key differs from the store's: set JOURNEYS_KEY, or put the key file back. Nothing was changed."
                )
            yield previous, key, work


def _there(folder: Path) -> Previous:
    previous = previous_of(folder)
    if previous is None:
        raise StoreError(
            "missing", f"There is no store in {folder}: load a delivery first (python -m journeys load DELIVERY)."
        )
    return previous


@contextlib.contextmanager
def _empty(work: Path, key: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A next version from no delivery at all."""
    with contextlib.closing(tables.connected(work, key)) as connection:
        intake.read([], connection, work=work)
        tables.facts(connection, Rule().k, lambda share, doing: None)  # no journeys, whatever k
        yield connection


def _holders(
    connection: duckdb.DuckDBPyConnection, folder: Path, people: Sequence[int], current: Previous
) -> list[str]:
    """The versions in the folder that hold one of the people; one that cannot be read, or was made with another key, counts as such."""
    tables.fill_list(connection, "wanted", "client bigint", people)
    return [version for version in versions_in(folder) if _holds(connection, folder, version, current)]


def _holds(connection: duckdb.DuckDBPyConnection, folder: Path, version: str, current: Previous) -> bool:
    try:
        with _attached(connection, folder, version):
            key = "select value from past.about where name = 'key_fingerprint'"
            if tables.column(connection, key) != [current.key_fingerprint]:
                return True
            of_people = set(tables.of_people(connection, "past"))
            return any(
                connection.execute(
                    f"select 1 from past.{table} where {tables.is_of(table, 'wanted')} limit 1"
                ).fetchall()
                for table in of_people
            )
    except duckdb.Error:
        return True


def _count(connection: duckdb.DuckDBPyConnection, folder: Path, version: str, people: Sequence[int]) -> int:
    tables.fill_list(connection, "wanted", "client bigint", people)
    with _attached(connection, folder, version):
        return tables.column(
            connection, f"select count(*) from past.journey where {tables.is_of('journey', 'wanted')}"
        )[0]


@contextlib.contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, folder: Path, version: str) -> Iterator[None]:
    connection.execute(f"attach {sql.path(file_of(folder, version))} as past (read_only)")
    try:
        yield
    finally:
        connection.execute("detach past")
