"""The intake: reads deliveries, refuses what breaks a rule of the dictionary, and gives the good rows, typed, to the store.

A file is looked through for identifying data before anything of it is kept. Rows then go as text into `delivery.raw`, are typed
there, and every rule runs as one SQL query over all rows: the rows themselves are never in Python.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import duckdb

from journeys import sql
from journeys.intake import checking, mapping, notes, opening, staging, texts
from journeys.intake.files import delivery as sheets
from journeys.intake.files.delivery import Ignored
from journeys.intake.findings import FileSummary, Findings, Report
from journeys.intake.run import Progress, Run, shown_name
from journeys.intake.texts import squash
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
) -> Report:
    """Reads deliveries (folders, zips, workbooks) into `delivery.<table>`: the good rows only, typed, codes as in the dictionary.

    `connection` has a database attached as `delivery`. Each table has the dictionary's columns, `row_number` (from 1, over all rows
    read) and `delivery` (its place among `paths`, from 0); `delivery.service` has `has_<table>` for every child table;
    `delivery.rows_read` says how many rows of each service were read and are good. When something concerns a whole file, every
    table stays empty. `is_joined`: a service may stand in several deliveries. Zips are unpacked in `work` (else where temporary files go).
    `progress` is called with the share done (0-1) and what is being done. ValueError for a path that is no delivery and for a
    mapping that names what the dictionary does not know.
    """
    with ExitStack() as stack:
        stack.enter_context(_in_order(connection))
        stack.enter_context(texts.registered(connection))
        run = _start(connection, mapping, progress)
        run.is_joined, run.work = is_joined, work
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
    ours = {squash(name) for table in run.dictionary.tables.values() for name in table.columns}
    theirs = {squash(header) for mapped in run.mapping.values() for header in mapped.headers}
    return frozenset(ours | theirs)


# --- what comes out ---


def _report(run: Run) -> Report:
    n_refused = dict(run.execute(_n_refused_sql(run)).fetchall())
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


def _n_refused_sql(run: Run) -> str:
    """Rows refused by file: those with findings of their own, and those that a finding about a column refused."""
    parts = [
        f"select file_no, row_number, '{name}' as t from delivery.raw.{name}_checked where row_number in {run.refused_sql(name)}"
        for name in run.dictionary.tables
    ]
    return f"select file_no, count(*) from ({' union all '.join(parts)}) group by file_no"


def _deliver(run: Run, *, is_empty: bool) -> None:
    """Makes delivery.<table> of the good rows and removes what was worked with."""
    for table in run.dictionary.tables.values():
        run.execute(f"create or replace table delivery.{table.name} as {_good_rows_sql(run, table, is_empty)}")
    run.execute(f"create or replace table delivery.rows_read as {_rows_read_sql(run)}")
    run.execute("drop schema delivery.raw cascade")
    run.execute(f"drop table {run.findings}")


def _good_rows_sql(run: Run, table: Table, is_empty: bool) -> str:
    columns = []
    for column in table.columns.values():
        is_default_no = column.type == "flag" and column.default == "no"
        columns.append(f'coalesce("{column.name}", false) as "{column.name}"' if is_default_no else f'"{column.name}"')
    if table.name == "service":
        columns += [_has_sql(run, child) for child in run.dictionary.child_tables]
    return (
        f"select {', '.join(columns)}, row_number, delivery from delivery.raw.{table.name}_checked "
        f"where {'false' if is_empty else 'true'} and row_number not in {run.refused_sql(table.name)} order by row_number"
    )


def _rows_read_sql(run: Run) -> str:
    """How many rows of all tables name each service, and how many of them are good; rows that name none are in no service."""
    read = [t.name for t in run.dictionary.tables.values() if "service_id" in t.columns]
    raw = " union all ".join(f"select service_id, 1 as n_read, 0 as n_good from delivery.raw.{t}_checked" for t in read)
    good = " union all ".join(f"select service_id, 0, 1 from delivery.{t}" for t in read)
    return (
        "select service_id, sum(n_read)::bigint as n_read, sum(n_good)::bigint as n_good "
        f"from ({raw} union all {good}) where service_id is not null group by service_id"
    )


def _has_sql(run: Run, child: str) -> str:
    held = ", ".join(str(file.found.delivery) for file in run.files if file.table == child) or "-1"
    return f"delivery in ({held}) as has_{child}"
