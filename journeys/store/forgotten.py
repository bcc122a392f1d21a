"""People who are to be forgotten: a list of their numbers beside the key, for its owner's eyes, that every load leaves out."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from journeys.store.client_key import beside, fingerprint, for_its_owner_alone, key_file, write_secret
from journeys.store.folder import ON_SPARK, sort_of
from journeys.store.work import LoadError
from journeys.vocabulary import dictionary

COLUMNS = ("client_key", "service_id", "client_ref")


@dataclass(frozen=True)
class Reference:
    """A person as a deliverer names them: a client_ref under a client_key, or one that is a service's own."""

    client_key: str | None
    service_id: str | None
    client_ref: str


def references(file: Path) -> list[Reference]:
    """The people named in a CSV file. ValueError says what is wrong and in which row; it never prints a reference."""
    try:
        words = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        ) from None
    lines = words.splitlines()
    separator = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    rows = csv.reader(lines, delimiter=separator)
    header = [cell.strip().lower() for cell in next(rows, [])]
    if "client_ref" not in header or not {"client_key", "service_id"} & set(header):
        raise ValueError(f"{file}: the first row must name the columns client_ref and client_key or service_id")
    found = [_reference(file, header, n, row) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row)]
    if not found:
        raise ValueError(f"{file} names nobody: give a row for each person")
    return found


def _reference(file: Path, header: Sequence[str], n: int, row: Sequence[str]) -> Reference:
    cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
    key, service, ref = (cells.get(name) or None for name in COLUMNS)
    if ref is None or (key is None and service is None):
        raise ValueError(f"{file}, row {n}: give a client_ref, and the client_key or the service_id that it belongs to")
    return Reference(key, service, ref)


def numbers(
    connection: duckdb.DuckDBPyConnection, people: Sequence[Reference], shared_keys: dict[str, str]
) -> list[list[int]]:
    """The numbers that each person can have in the store; `shared_keys` maps services to the client keys they are known to share."""
    return [sorted(set(_numbers(connection, person, shared_keys))) for person in people]


def _numbers(connection: duckdb.DuckDBPyConnection, person: Reference, shared_keys: dict[str, str]) -> Iterator[int]:
    keys = {person.client_key} if person.client_key else {None, shared_keys.get(person.service_id or "")}
    for key in keys:
        if key is not None or person.service_id is not None:
            sql = "select client_number(?::varchar, ?::varchar, ?::varchar)"
            yield connection.execute(sql, [key, person.service_id, person.client_ref]).fetchall()[0][0]


# --- the list ---------------------------------------------------------------------------------------------------------


def list_file(folder: Path, sort: str = "") -> Path:
    """Beside the key; of a folder that is loaded on Spark beside the folder, since a mounted key is read-only and each executor's own.
    `sort` says so of one that does not yet say it itself."""
    if ON_SPARK in (sort, sort_of(folder)):
        return beside(folder, "forgotten")
    return key_file(folder).with_suffix(".forgotten")


def listed(folder: Path, key: str, sort: str = "") -> list[int]:
    """The numbers on the list. LoadError when they were made with another key: a load could not leave those people out."""
    file = list_file(folder, sort)
    if not file.exists():
        return []
    for_its_owner_alone(file)
    entries = [line.split() for line in file.read_text(encoding="ascii").splitlines() if line.strip()]
    if any(made_with != fingerprint(key) for made_with, _ in entries):
        raise LoadError(
            f"The people in {file} were forgotten under another client key, so that they could not be left out now. Use that key; "
            "or, to change the key for good: move the list away, load every service, and `forget` the same people again at once."
        )
    return [int(number) for _, number in entries]


def write(folder: Path, key: str, people: Sequence[int]) -> None:
    """Puts the list of these numbers in the place of the one that is there."""
    file = list_file(folder)
    if not people:
        file.unlink(missing_ok=True)
        return
    write_secret(file, "".join(f"{fingerprint(key)} {number}\n" for number in sorted(set(people))))


def list_fingerprint(people: Sequence[int], key: str) -> str:
    """Tells another list, and nothing of who is on it: it stands in the store."""
    return sha256(f"{key}{sorted(people)}".encode()).hexdigest()[:16] if people else ""


def leave_out(connection: duckdb.DuckDBPyConnection, people: Sequence[int]) -> int:
    """Takes the journeys of people on the list out of `delivery` with all their rows; how many journeys there were."""
    if not people:
        return 0
    connection.execute("create or replace temp table listed (client bigint)")
    connection.executemany("insert into listed values (?)", [[number] for number in people])
    connection.execute(
        "create or replace temp table left_out as select j.service_id, j.journey_id from delivery.journey as j "
        "join delivery.service as s on s.service_id = j.service_id "
        "where client_number(s.client_key, j.service_id, j.client_ref) in (select client from listed)"
    )
    for table in dictionary.load().tables.values():
        if "journey_id" in table.columns:
            connection.execute(
                f"delete from delivery.{table.name} as t using left_out as l "
                "where l.service_id = t.service_id and l.journey_id = t.journey_id"
            )
    return connection.execute("select count(*) from left_out").fetchall()[0][0]
