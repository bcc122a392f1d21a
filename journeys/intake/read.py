"""The intake: reads deliveries, refuses what breaks a rule of the dictionary, and gives the good rows, typed, to the store.

A file is looked through for identifying data before anything of it is kept. Rows then go into their tables, in the types of their
columns where every text is just what its value says, else as text that is typed there; every rule runs as one SQL query over all rows,
and what is refused is taken out at the end: the rows themselves are never in Python.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import duckdb

from journeys import sql
from journeys.intake import checking, likeness, mapping, notes, opening, staging, texts
from journeys.intake.files import delivery as sheets
from journeys.intake.files.delivery import Ignored
from journeys.intake.findings import FileSummary, Findings, Report
from journeys.intake.run import Progress, Run, shown_name
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Table

MEMORY = "3GB"
_numbers = itertools.count()


@contextmanager
def connected(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as `read` needs it, with its database and what does not fit into memory in the folder `work`."""
    with closing(duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(work)})) as connection:
        connection.execute(sql.QUIET)
        connection.execute(f"attach {sql.path(work / 'delivery.duckdb')} as delivery (recovery_mode no_wal_writes)")
        yield connection


def read(
    paths: Sequence[Path | str],
    connection: duckdb.DuckDBPyConnection,
    *,
    mapping: Path | None = None,
    progress: Progress | None = None,
    work: Path | None = None,
    is_joined: bool = False,
    today: date | None = None,
) -> Report:
    """Reads deliveries (folders, zips, workbooks) into `delivery.<table>`: the good rows only, typed, codes as in the dictionary.

    `connection` has a database attached as `delivery`. Each table has the dictionary's columns, `row_number` (from 1, over all rows
    read), `delivery` (its place among `paths`, from 0) and, if its rows are about journeys, `journey_row`, the row_number of theirs; `delivery.service` has `has_<table>` for every child table;
    `delivery.rows_read` says how many rows of each service were read and are good. When something concerns a whole file, every
    table stays empty. `is_joined`: a service may stand in several deliveries. Zips are unpacked in `work` (else where temporary files go).
    `today` is the last day for which records can be complete, by the clock where it is not given.
    `progress` is called with the share done (0-1) and what is being done. ValueError for a path that is no delivery and for a
    mapping that names what the dictionary does not know.
    """
    with ExitStack() as stack:
        stack.enter_context(_in_order(connection))
        stack.enter_context(texts.registered(connection))
        run = _start(connection, mapping, progress)
        run.is_joined, run.work, run.today = is_joined, work, today or run.today
        report = _run(run, [Path(path) for path in paths], stack)
    run.progress(1.0, "checked")
    return report


@contextmanager
def _in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Row numbers need the rows in their order, whatever the connection is set to."""
    was = connection.execute("select current_setting('preserve_insertion_order')").fetchall()[0][0]
    connection.execute("set preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute(f"set preserve_insertion_order = {str(was).lower()}")


def _run(run: Run, paths: Sequence[Path], stack: ExitStack) -> Report:
    opening.name(run, sheets.find(paths, run.connection, _known_headers(run), stack, run.work))
    opening.find_tables(run, sheets.names_of(paths))
    opening.open_all(run)
    checking.note_parents(run, len(paths))
    for done, table in enumerate(run.dictionary.tables.values()):
        share = opening.SHARE_OF_READING + (1 - opening.SHARE_OF_READING) * done / len(run.dictionary.tables)
        run.progress(share, f"checking {table.title.lower()}")
        checking.check(run, table)
    if not run.whole:
        notes.note(run)
    report = _report(run)
    _deliver(run, is_empty=report.is_refused_whole)
    return report


def _start(connection: duckdb.DuckDBPyConnection, path: Path | None, progress: Progress | None) -> Run:
    words = dictionaries.load()
    mapped = mapping.load(path, words) if path else {}
    name = f"intake_findings_{next(_numbers)}"
    staging.create(connection, words)
    connection.execute(
        f"create temp table {name} (file_no integer, row bigint, "
        '"column" varchar, value varchar, rule varchar, expected varchar, table_name varchar, row_number bigint, n bigint)'
    )
    return Run(connection, words, mapped, progress or (lambda share, doing: None), f"temp.{name}")


def _known_headers(run: Run) -> frozenset[str]:
    theirs = (header for mapped in run.mapping.values() for header in mapped.headers)
    return likeness.known_headers(run.dictionary, theirs)


# --- what comes out ---


def _report(run: Run) -> Report:
    n_refused = dict(run.execute(_n_refused_sql(run)).fetchall()) if _is_any_refused(run) else {}
    files = []
    for file in run.files:
        if isinstance(file.found, Ignored) or (file.table is None and file.number not in run.whole):
            continue
        n_read = run.n_read.get(file.number, 0)
        refused = n_refused.get(file.number, 0) + run.n_dropped.get(file.number, 0)
        refused = n_read if file.number in run.whole else refused
        files.append(
            FileSummary(shown_name(file.found.name), file.table, n_read, n_read - refused, refused, file.found.sha256)
        )
    findings = Findings.of(run.connection, run.findings, run.names)
    return Report(tuple(files), findings, findings.by_rule(), tuple(run.switches))


def _is_any_refused(run: Run) -> bool:
    found = f"select 1 from {run.findings} where row_number is not null union all select 1 from delivery.raw.refused"
    return bool(run.execute(f"from ({found}) limit 1").fetchall())


def _n_refused_sql(run: Run) -> str:
    """Rows refused by file: those with findings of their own, and those that a finding about a column refused."""
    parts = [
        f"select file_no, row_number, '{name}' as t from delivery.raw.{name}_checked where row_number in {run.refused_sql(name)}"
        for name in run.dictionary.tables
    ]
    return f"select file_no, count(*) from ({' union all '.join(parts)}) group by file_no"


def _deliver(run: Run, *, is_empty: bool) -> None:
    """Leaves in delivery.<table> the good rows alone and removes what was worked with."""
    tables = run.dictionary.tables.values()
    run.execute(f"create temp table read_of as {_rows_of_sql(run)}")
    for table in tables if is_empty or _is_any_refused(run) else ():
        wanted = "" if is_empty else f" where row_number in {run.refused_sql(table.name)}"
        run.execute(f"delete from delivery.{table.name}{wanted}")
    run.execute(
        "create or replace table delivery.rows_read as select service_id, r.n as n_read, coalesce(g.n, 0)::bigint as n_good "
        f"from read_of as r left join ({_rows_of_sql(run)}) as g using (service_id)"
    )
    run.execute("drop table read_of")
    run.execute("drop schema delivery.raw cascade")
    for table in tables:
        _finish(run, table)
    run.execute(f"drop table {run.findings}")


def _finish(run: Run, table: Table) -> None:
    """The columns of the dictionary and those that name rows; what was not said of a flag whose default is no is no."""
    kept = {*table.columns, "row_number", "delivery", "journey_row"}
    name = f"delivery.{table.name}"
    if table.name == "service":
        has = ", ".join(_has_sql(run, child) for child in run.dictionary.child_tables)
        columns = ", ".join(f'"{column}"' for column in table.columns)
        run.execute(f"create or replace table {name} as select {columns}, {has}, row_number, delivery from {name}")
        kept |= {f"has_{child}" for child in run.dictionary.child_tables}
    names = [row[0] for row in run.execute(f"describe {name}").fetchall()]
    for extra in (one for one in names if one not in kept):
        run.execute(f'alter table {name} drop column "{extra}"')
    for column in table.columns.values():
        if column.type == "flag" and column.default == "no":
            said = f'coalesce("{column.name}", false)'
            run.execute(f'alter table {name} alter column "{column.name}" type boolean using {said}')


def _rows_of_sql(run: Run) -> str:
    """How many rows of all tables name each service; rows that name none are in no service."""
    each = " union all ".join(
        f"select service_id, count(*) as n from delivery.{table.name} group by service_id"
        for table in run.dictionary.tables.values()
        if "service_id" in table.columns
    )
    return f"select service_id, sum(n)::bigint as n from ({each}) where service_id is not null group by service_id"


def _has_sql(run: Run, child: str) -> str:
    held = ", ".join(str(file.found.delivery) for file in run.files if file.table == child) or "-1"
    return f"delivery in ({held}) as has_{child}"
