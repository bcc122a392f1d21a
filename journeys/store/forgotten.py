"""People who are to be forgotten: a list of their numbers beside the key, for its owner's eyes, that every load leaves out."""

import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow as pa

from journeys import sql
from journeys.intake.checks import EXPECTED_REFERENCE, reference_checks
from journeys.intake.files.cells import BLANKS
from journeys.store.client_key import beside, fingerprint, for_its_owner_alone, key_file, write_secret
from journeys.store.folder import ON_SPARK, sort_of
from journeys.store.work import LoadError
from journeys.vocabulary import dictionary

COLUMNS = ("client_key", "service_id", "client_ref")
UNCLOSED = (
    "a quotation mark is not closed, text follows a closing one, or a cell is far too long: correct the cell (inside quoted text a "
    "quotation mark is written twice)"
)
UNEVEN = "give every row one cell for each column, and put quotation marks around a cell that holds the separator"


@dataclass(frozen=True)
class Reference:
    """A person as a deliverer names them: a client_ref under a client_key, or one that is a service's own. `doubted_in` is the row of the
    list in which it is a word for none, which a delivery can no longer hold, and a store that was loaded before may."""

    client_key: str | None
    service_id: str | None
    client_ref: str
    doubted_in: int | None = field(default=None, compare=False)


def references(file: Path) -> list[Reference]:
    """The people named in a CSV file, each once. ValueError where the file cannot be opened; LoadError says what is wrong in it, in which row and
    how to mend it, never what a cell holds. One row that is not understood refuses the whole list: nobody may stay by mistake."""
    rows = _rows(file, _text(file))
    first, header = next(rows, (1, []))
    _check_header(file, first, [name.lower() for name in header])
    found = {n: _reference(file, [name.lower() for name in header], n, row) for n, row in rows}
    if not found:
        raise _wrong(file, "it names nobody: give a row for each person")
    doubted = _check_cells(file, found)
    people = (replace(one, doubted_in=n) if n in doubted else one for n, one in found.items())
    return list(dict.fromkeys(people))


def check_doubted(file: Path, people: Sequence[Reference], is_held: Callable[[int], bool]) -> None:
    """LoadError for the first word for none under which nobody is held; `is_held` is asked by the place of a person in the list."""
    for place, one in enumerate(people):
        if one.doubted_in is not None and not is_held(place):
            words = f"no service can have such a client_ref: it must be {EXPECTED_REFERENCE}, and nobody is held under this one"
            raise _wrong(file, words, one.doubted_in)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise _wrong(file, "it is not UTF-8 text: save it as CSV UTF-8") from None


def _rows(file: Path, words: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, numbered as a spreadsheet does; cells without the blanks around them, as a delivery is read."""
    first = next((line for line in words.splitlines() if line.strip(BLANKS)), "")
    separator = ";" if ";" in first and "," not in first else ","
    n = 0
    try:
        for n, row in enumerate(csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True), 1):
            cells = [cell.strip(BLANKS) for cell in row]
            if any(cells):
                yield n, cells
    except csv.Error:
        raise _wrong(file, UNCLOSED, n + 1) from None


def _check_header(file: Path, n: int, header: Sequence[str]) -> None:
    if "client_ref" not in header or not {"client_key", "service_id"} & set(header):
        columns = "client_ref and client_key or service_id, between commas or semicolons"
        raise _wrong(file, f"the first row must name the columns {columns}", n)
    if any(header.count(name) > 1 for name in COLUMNS):
        raise _wrong(file, "a column is named twice: name each of them once", n)


def _reference(file: Path, header: Sequence[str], n: int, row: Sequence[str]) -> Reference:
    if len(row) != len(header):
        raise _wrong(
            file, f"it has {len(row)} cell{'s' * (len(row) != 1)} and the first row has {len(header)}: {UNEVEN}", n
        )
    cells = dict(zip(header, row, strict=True))
    key, service, ref = (cells.get(name) or None for name in COLUMNS)
    if ref is None or (key is None and service is None):
        raise _wrong(file, "give a client_ref, and the client_key or the service_id that it belongs to", n)
    return Reference(key, service, ref)


def _check_cells(file: Path, found: Mapping[int, Reference]) -> set[int]:
    """No delivery can hold what intake refuses: nobody would be found by it, now or later. Gives the rows whose client_ref is a word for none."""
    tables = dictionary.load().tables
    columns = [
        (tables["service"] if name in tables["service"].columns else tables["journey"]).columns[name]
        for name in COLUMNS
    ]
    checks = [one for column in columns for one in reference_checks(column)]
    is_doubted = [one.breach for one in checks if (one.rule, one.column) == ("empty_word", "client_ref")]
    wrong = " union all ".join(
        f"select row, {sql.text(one.column)}, {one.expected} from named as t where {one.breach}"
        for one in checks
        if one.breach not in is_doubted
    )
    named = {f"{name}_raw": pa.array([getattr(one, name) for one in found.values()], pa.string()) for name in COLUMNS}
    with contextlib.closing(duckdb.connect()) as shell:
        shell.execute(sql.QUIET)
        shell.register("named", pa.table({"row": pa.array(found, pa.int64()), **named}))
        for n, name, expected in shell.execute(f"{wrong} order by 1 limit 1").fetchall():
            raise _wrong(file, f"no service can have such a {name}: it must be {expected}", n)
        doubted = f"select row from named as t where {' or '.join(is_doubted)}"
        return {n for (n,) in shell.execute(doubted).fetchall()}


def _wrong(file: Path, words: str, row: int | None = None) -> LoadError:
    where = file if row is None else f"{file}, row {row}"
    return LoadError(f"{where}: {words}. Nothing was changed.")


def numbers(
    connection: duckdb.DuckDBPyConnection, people: Sequence[Reference], shared_keys: dict[str, str]
) -> list[list[int]]:
    """The numbers that each person can have in the store; `shared_keys` maps services to the client keys they are known to share."""
    return [sorted(set(_numbers(connection, person, shared_keys))) for person in people]


def _numbers(connection: duckdb.DuckDBPyConnection, person: Reference, shared_keys: dict[str, str]) -> Iterator[int]:
    keys = {person.client_key} if person.client_key else {None, shared_keys.get(person.service_id or "")}
    for key in keys:
        if key is not None or person.service_id is not None:
            number = "select client_number(?::varchar, ?::varchar, ?::varchar)"
            yield connection.execute(number, [key, person.service_id, person.client_ref]).fetchall()[0][0]


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
