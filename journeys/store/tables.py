"""The tables of the next version: facts of each journey by queries/store, and what the version before keeps."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb

from journeys import sql
from journeys.store import reference
from journeys.store.work import LoadError
from journeys.vocabulary import horizons
from journeys.vocabulary.selection import CODED

ROOT = Path(__file__).resolve().parents[2]
STEPS = ROOT / "queries" / "store"
CHECKS = ROOT / "queries" / "checks"
EACH, TOGETHER = "[01]*.sql", "2*.sql"
CLIENT = STEPS / "00_client.sql"
DICTIONARY = ROOT / "data" / "dictionary.toml"
HORIZONS = Path(horizons.__file__)
MEMORY = "3GB"
SLICE = 1_000_000  # journeys whose facts are worked out at a time: within MEMORY
SYNTHETIC = "(synthetic)"
# columns of numbers, and the tables of these: of service and month, of age band and employment status
NUMBERS, CLASS = "service_month", "class_of_people"

# parts of the processor time of all steps, at a million journeys: so that the share done tells the time left
COSTS = {
    "02_referral": 3, "03_days": 4, "04_of_journey": 9, "05_recorded": 6, "06_reading": 5, "08_spiral": 4, "10_journey": 16, "11_events": 43,
    "12_returned": 6,
}  # fmt: skip

Progress = Callable[[float, str], None]


def connected(work: Path, key: str) -> duckdb.DuckDBPyConnection:
    """A connection to two databases in the work folder: `delivery`, what was handed over, and `next`, the version to be.

    Nothing needs a log of changes: until the end, what is being made counts for nothing.
    """
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work / "spill")})
    connection.execute(sql.QUIET)
    for name in ("next", "delivery"):
        connection.execute(f"attach {sql.path(work / f'{name}.duckdb')} as {name} (recovery_mode no_wal_writes)")
    connection.execute("use next")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set variable hash_key = ?", [key])
    connection.execute(CLIENT.read_text(encoding="utf-8"))
    return connection


def facts(connection: duckdb.DuckDBPyConnection, k: int, progress: Progress) -> None:
    """The facts of the journeys in `delivery`, one step a file; `k` clients make a kind recorded; `progress` gets the share done (0-1)."""
    reference.create(connection)
    connection.execute("set variable k = ?", [k])
    steps = [step for step in sorted(STEPS.glob(EACH)) if step != CLIENT]
    costs = [COSTS.get(step.stem, 1) for step in steps]
    for number, step in enumerate(steps):
        statements = connection.extract_statements(step.read_text(encoding="utf-8"))
        for done, statement in enumerate(statements):
            for part in _slices(connection, statement):
                spent = sum(costs[:number]) + costs[number] * (done + part) / len(statements)
                progress(spent / sum(costs), "working out the facts of each journey")
        _drop_what_is_done_with(connection, steps[: number + 1], steps[number + 1 :])


def _slices(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> Iterator[float]:
    """Runs a statement, and says before each slice how much of it is done (0-1); one that asks for slices makes its table by the first and adds the others to it."""
    if not re.search(r"\bof_slice\('|\bslice_from\b", statement.query) or "create temp macro" in statement.query:
        yield 0.0
        connection.execute(statement)
        return
    last = connection.execute("select coalesce(max(row_number), 0) from delivery.journey").fetchall()[0][0]
    for first in range(0, last + 1, SLICE):
        yield first / (last + 1)
        connection.execute("set variable slice_from = ?", [first])
        connection.execute("set variable slice_to = ?", [first + SLICE])
        more = re.sub(r"create (?:temp )?table (\w+) as", r"insert into \1", statement.query, count=1)
        connection.execute(more if first else statement.query)


def _drop_what_is_done_with(
    connection: duckdb.DuckDBPyConnection, done: Sequence[Path], to_come: Sequence[Path]
) -> None:
    """Temporary tables that no later step reads give their memory back."""
    later = set().union(*(_found(r"\b(?:from|join)\s+(?:of_slice\(')?(\w+)", step) for step in to_come))
    for table in sorted(set().union(*(_found(r"\bcreate temp table\s+(\w+)", step) for step in done)) - later):
        connection.execute(f"drop table if exists temp.{table}")


@cache
def _found(pattern: str, step: Path) -> frozenset[str]:
    """What a pattern finds in a step."""
    return frozenset(re.findall(pattern, step.read_text(encoding="utf-8")))


def keep(connection: duckdb.DuckDBPyConnection, gone_services: Sequence[str], gone_people: Sequence[int]) -> None:
    """Carry over the rows of `previous`, but for those of some services and of some people."""
    fill_list(connection, "gone_service", "service_id varchar", gone_services)
    fill_list(connection, "gone_person", "client bigint", gone_people)
    people = of_people(connection, "next") if gone_people else []
    coded, classes = _coded(connection), _classes(connection)
    staying = "service_id not in (select service_id from gone_service)"
    if _has_numbers(connection, "journey"):
        add_numbers(connection, f"previous.{NUMBERS}", staying)
    for table in of_services(connection, "next"):
        if table == NUMBERS:
            continue
        of_whom = f"{staying} and not {is_of(table, 'gone_person')}" if table in people else staying
        rows = (
            numbered(f"previous.{table}", of_whom)
            if _has_numbers(connection, table)
            else f"select * from previous.{table} where {of_whom}"
        )
        rows = f"select {_carried(connection, table, coded, classes)} from ({rows}) as of_row"
        connection.execute(f"insert into next.{table} by name {rows}")
    connection.execute("insert into next.load by name select * from previous.load")


def _coded(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Sequence[str]]:
    """What the numbers of codes mean in the version before, by label; nothing in one that had words."""
    if not _columns(connection, "previous", "coded"):
        return {}
    found = connection.execute("select name, list(code order by number) from previous.coded group by name").fetchall()
    return dict(found)


def _classes(connection: duckdb.DuckDBPyConnection) -> str:
    """SQL of the number of a class of people from that of the version before."""
    if not _columns(connection, "previous", CLASS):
        return CLASS
    changed = connection.execute(
        f"select number, class_number(age_band, employment_status) as becomes from previous.{CLASS} where becomes is distinct from number"
    ).fetchall()
    cases = "".join(f" when {number} then {'null' if becomes is None else becomes}" for number, becomes in changed)
    return f"case {CLASS}{cases} else {CLASS} end" if cases else CLASS


def _carried(
    connection: duckdb.DuckDBPyConnection, table: str, coded: Mapping[str, Sequence[str]], classes: str
) -> str:
    """SQL of the columns that a table of the version before has of those of the next: what it has in words as numbers, and numbers as they are counted now."""
    held, wanted = (_columns(connection, database, table) for database in ("previous", "next"))
    told = {name: sql.name(name) for name in wanted if name in held and name != "sixtieths"}  # that is worked out anew
    for name in CODED:
        number = f"{name}_number"
        if number in told and coded.get(name) != reference.codes_of(name):
            told[number] = f"{number}({reference.listed(coded.get(name, ()))}[{number}])"
        elif number in wanted and name in held:
            told[number] = f"{number}({name})"
    if CLASS in wanted:
        told[CLASS] = "class_number(age_band, employment_status)" if "age_band" in held else classes
    return ", ".join(f"{told_by} as {sql.name(name)}" for name, told_by in told.items())


def _columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[str]:
    """The columns of a table, or of what is read as one."""
    found = "select column_name from duckdb_columns() where database_name = ? and table_name = ? order by column_index"
    return column(connection, found, [database, table])


def _has_numbers(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table of the version before has the numbers of services and months."""
    return table in _with_column(connection, "previous", NUMBERS, is_view_too=True)


def add_numbers(connection: duckdb.DuckDBPyConnection, others: str, condition: str = "true") -> None:
    """Add to the numbers of services and months in `next` those of other rows, behind the last: `renumbered` has what became of them."""
    connection.execute(
        "create or replace temp table renumbered as select service_id, month, number, ((select coalesce(max(number), 0) from next.service_month) "
        f"+ row_number() over (order by service_id, month))::integer as becomes from {others} where {condition}"
    )
    connection.execute("insert into next.service_month select service_id, month, becomes from renumbered")


def numbered(rows: str, condition: str = "true") -> str:
    """SQL of rows of a table with the numbers that `renumbered` gives them."""
    return (
        f"select of_row.* replace (r.becomes as {NUMBERS}) from (select * from {rows} where {condition}) as of_row "
        f"left join renumbered as r on r.number = of_row.{NUMBERS}"
    )


def _number(connection: duckdb.DuckDBPyConnection) -> None:
    """Number the rows that came without a number: of a version of before they had one."""
    tables = _with_column(connection, "next", NUMBERS)
    bare = " union ".join(f"select service_id, month from next.{table} where {NUMBERS} is null" for table in tables)
    if not connection.execute(f"select 1 from ({bare}) limit 1").fetchall():
        return
    known = "(service_id, month) not in (select (service_id, month) from next.service_month)"
    add_numbers(connection, f"(select *, null::integer as number from ({bare}))", known)
    for table in tables:
        connection.execute(
            f"update next.{table} set {NUMBERS} = m.number from next.service_month as m where {table}.{NUMBERS} is null "
            f"and m.service_id = {table}.service_id and m.month = {table}.month"
        )


def fill_list(connection: duckdb.DuckDBPyConnection, table: str, column: str, values: Sequence[object]) -> None:
    """A temporary table of one column that holds these values."""
    connection.execute(f"create or replace temp table {table} ({column})")
    if values:
        connection.executemany(f"insert into {table} values (?)", [[value] for value in values])


def is_of(table: str, people: str) -> str:
    """SQL: whether a row of a table is about one of the people in another table, under the table's own salt or without."""
    return (
        f"(client in (select client from {people}) or client in (select client_apart(client, '{table}') from {people}))"
    )


def of_services(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The tables of a version that hold rows of services, whatever the steps call them."""
    return _with_column(connection, database, "service_id")


def of_people(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The tables of a version whose rows are about one person each."""
    return _with_column(connection, database, "client")


def _with_column(
    connection: duckdb.DuckDBPyConnection, database: str, name: str, *, is_view_too: bool = False
) -> list[str]:
    """The tables (`is_view_too`: and what is read as tables) of a database that have a column."""
    held = "from duckdb_tables() where not temporary"
    held += " union all select database_name, view_name from duckdb_views()" if is_view_too else ""
    found = (
        f"select t.table_name from (select database_name, table_name {held}) as t "
        "join duckdb_columns() as c using (database_name, table_name) where t.database_name = ? and c.column_name = ? order by 1"
    )
    return column(connection, found, [database, name])


def derive(connection: duckdb.DuckDBPyConnection, k: int) -> None:
    """What is worked out over all services of the version: who has ended or is late, barrier names, the most rows of one client."""
    connection.execute("set variable k = ?", [k])
    _number(connection)
    for step in sorted(STEPS.glob(TOGETHER)):
        connection.execute(step.read_text(encoding="utf-8"))


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run queries/checks: each returns the rows that break a rule of the store. LoadError names the rule."""
    for rule in sorted(CHECKS.glob("*.sql")):
        broken = connection.execute(rule.read_text(encoding="utf-8")).fetchall()
        if broken:
            raise LoadError(
                f"The store that was built breaks the rule {rule.stem} in {len(broken)} rows; nothing was changed."
            )


@cache
def definitions_fingerprint() -> str:
    """A fingerprint of everything but the delivery that decides what a load makes: steps, dictionary, conversion, horizons."""
    made = hashlib.sha256()
    for file in (*sorted(STEPS.glob("*.sql")), DICTIONARY, reference.SWEMWBS, HORIZONS):
        made.update(file.read_bytes())
    return made.hexdigest()[:16]


def synthetic(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The services that say that they are not real."""
    return column(
        connection,
        "select service_id from service where contains(lower(service_name || ' ' || commissioner_name), ?) order by 1",
        [SYNTHETIC],
    )


def column(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list:
    """The first column of a query's rows."""
    return [row[0] for row in connection.execute(sql, list(values)).fetchall()]


LOAD_TABLE = """
create table load (
    loaded_at varchar, version varchar, files varchar, services varchar, rows_read bigint, rows_refused bigint, findings varchar,
    definitions varchar, what varchar
)"""


def insert(connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, object]) -> None:
    connection.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()])
