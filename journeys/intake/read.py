"""The intake: reads deliveries, refuses what breaks a rule of the dictionary, and gives the good rows, typed, to the store.

A file is looked through for identifying data before anything of it is kept. Rows then go as text into `delivery.raw`, are typed
there, and every rule runs as one SQL query over all rows: the rows themselves are never in Python.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from journeys.intake import identifier_search, identifiers, mapping, rules, staging
from journeys.intake.files import delivery as sheets
from journeys.intake.files.cells import UnreadableError, squash
from journeys.intake.files.delivery import Broken, Found, Ignored, Sheet
from journeys.intake.files.text import TextReader
from journeys.intake.findings import FileSummary, Findings, Report
from journeys.intake.layout import Layout, layout_of
from journeys.intake.mapping import Mapping, TableMapping
from journeys.intake.rules import MIXED_DATES, text
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Dictionary, Table

Progress = Callable[[float, str], None]
# what the sample writes beside its tables, and the sheets of words in our own template
SILENT_NAMES = frozenset(("synthetictxt", "notes", "lists"))
SHARE_OF_READING = 0.6
_numbers = itertools.count()


@dataclass(frozen=True)
class _File:
    """Something found in a delivery, with its number among all of them and the table it holds (None: no table)."""

    number: int
    found: Found
    table: str | None


@dataclass
class _Intake:
    """One run: what it works with, and what is known so far of each file by its number."""

    connection: duckdb.DuckDBPyConnection
    dictionary: Dictionary
    mapping: Mapping
    progress: Progress
    findings: str
    files: list[_File] = field(default_factory=list)
    n_read: dict[int, int] = field(default_factory=dict)
    filled: dict[int, tuple[int, ...]] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    usual_referrals: dict[int, date] = field(default_factory=dict)
    is_joined: bool = False
    work: Path | None = None

    def execute(self, sql: str, values: Sequence[object] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, values)

    def find(self, file: _File, rule: str, expected: str, *, row: int | None = None, column: str | None = None) -> None:
        """Records a finding about a whole file or its header; it never prints a value."""
        if rules.RULES[rule].is_whole:
            self.whole.add(file.number)
        self.names[file.number] = file.found.name
        values = [file.number, row, column, rule, expected]
        self.execute(f"insert into {self.findings} values (?, ?, ?, null, ?, ?, null, null)", values)


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


def _run(run: _Intake, paths: Sequence[Path], stack: ExitStack) -> Report:
    _name(run, sheets.find(paths, run.connection, _known_headers(run), stack, run.work))
    _find_tables(run, sheets.names_of(paths))
    _open_all(run)
    _note_parents(run, len(paths))
    for done, table in enumerate(run.dictionary.tables.values()):
        share = done / len(run.dictionary.tables)
        run.progress(SHARE_OF_READING + (1 - SHARE_OF_READING) * share, f"checking {table.title.lower()}")
        _check(run, table)
    report = _report(run)
    _deliver(run, is_empty=report.is_refused_whole)
    return report


def _start(connection: duckdb.DuckDBPyConnection, path: Path | None, progress: Progress | None) -> _Intake:
    words = dictionaries.load()
    mapped = mapping.load(path, words) if path else {}
    name = f"intake_findings_{next(_numbers)}"
    staging.create(connection, words)
    connection.execute(
        f"create temp table {name} (file_no integer, row bigint, "
        '"column" varchar, value varchar, rule varchar, expected varchar, table_name varchar, row_number bigint)'
    )
    return _Intake(connection, words, mapped, progress or (lambda share, doing: None), f"temp.{name}")


def _known_headers(run: _Intake) -> frozenset[str]:
    ours = {squash(name) for table in run.dictionary.tables.values() for name in table.columns}
    theirs = {squash(header) for mapped in run.mapping.values() for header in mapped.columns.values()}
    return frozenset(ours | theirs)


# --- files ------------------------------------------------------------------------------------------------------------


def _name(run: _Intake, found: Sequence[Found]) -> None:
    for number, thing in enumerate(found):
        names = () if isinstance(thing, Ignored) else thing.stems
        run.files.append(_File(number, thing, mapping.table_of(names, run.mapping, run.dictionary)))
        run.names[number] = thing.name


def _find_tables(run: _Intake, names: Sequence[str]) -> None:
    """Finds tables that a delivery has twice or lacks."""
    for number, name in enumerate(names):
        held: dict[str, _File] = {}
        files = [file for file in run.files if file.found.delivery == number]
        for file in files:
            if file.table in held:
                words = f"the table {file.table} once; it also stands in {held[file.table].found.name}"
                run.find(file, "table_twice", words)
            elif file.table:
                held[file.table] = file
        if not any(isinstance(file.found, Broken) and file.table is None for file in files):
            _find_missing(run, number, name, held)


def _find_missing(run: _Intake, number: int, name: str, held: Iterable[str]) -> None:
    for table in run.dictionary.tables.values():
        if table.required and table.name not in held:
            delivery = _File(-1 - number, Ignored(number, name), None)
            run.find(delivery, "table_missing", f"a file or sheet named {table.name}: {table.grain}")


def _open_all(run: _Intake) -> None:
    """Screens and stages every file; services and journeys first, because dates are judged by them."""
    order = list(run.dictionary.tables)
    files = sorted(run.files, key=lambda file: order.index(file.table) if file.table else len(order))
    n_bytes = sum(getattr(file.found, "n_bytes", 0) for file in files) or 1
    done = 0
    for file in files:
        run.progress(SHARE_OF_READING * done / n_bytes, f"reading {file.found.name}")
        _open(run, file)
        done += getattr(file.found, "n_bytes", 0)


def _open(run: _Intake, file: _File) -> None:
    found = file.found
    if isinstance(found, Ignored):
        if squash(Path(found.name).name) not in SILENT_NAMES:
            run.find(file, "file_unknown", "a table of the dictionary as .csv, .parquet or a workbook")
    elif isinstance(found, Broken):
        run.find(file, found.problem.rule, found.problem.expected, row=found.problem.row)
    else:
        _open_sheet(run, file, found)


def _open_sheet(run: _Intake, file: _File, sheet: Sheet) -> None:
    table = run.dictionary.tables.get(file.table)
    mapped = run.mapping.get(file.table, TableMapping())
    layout = layout_of(sheet.header, table, mapped)
    _find_names(run, file, sheet, layout)
    try:
        sheet = _find_identifiers(run, file, sheet, layout)
    except UnreadableError as problem:
        run.find(file, problem.rule, problem.expected, row=problem.row)
    if table is None:
        if squash(sheet.stems[0]) not in SILENT_NAMES:
            run.find(file, "file_unknown", f"a table of the dictionary: {', '.join(run.dictionary.tables)}")
        return
    _find_columns(run, file, sheet, layout)
    if file.number not in run.whole:
        _stage(run, file, sheet, layout, mapped)


def _find_columns(run: _Intake, file: _File, sheet: Sheet, layout: Layout) -> None:
    for column in layout.missing:
        run.find(file, "column_missing", f"a column {column}: {layout.table.columns[column].meaning}", column=column)
    for column in layout.twice:
        run.find(file, "column_twice", f"one column {column}", row=sheet.header_row, column=column)
    if file.number in run.whole:
        return
    for place, header in layout.unknown.items():
        if not header and place not in run.filled[file.number]:
            continue
        name = _shown_header(place, header)
        run.find(file, "column_unknown", f"a column of {layout.table.name}", row=sheet.header_row, column=name)
    if sheet.encoding == "cp1252":
        run.find(file, "windows_1252", "UTF-8")


def _stage(run: _Intake, file: _File, sheet: Sheet, layout: Layout, mapped: TableMapping) -> None:
    with sheet.relation(run.connection) as relation:
        n_rows = staging.stage(
            run.connection,
            relation,
            layout,
            mapped,
            file_no=file.number,
            delivery=sheet.delivery,
            n_cells=len(sheet.header),
            epoch_days=sheet.epoch_days,
        )
    run.n_read[file.number] = n_rows
    if not n_rows and layout.table.name == "service":
        run.find(file, "file_empty", f"at least one row: {layout.table.grain}")
    elif not n_rows:
        run.find(file, "table_empty", f"at least one row, or no {layout.table.name} at all")


# --- identifying data -------------------------------------------------------------------------------------------------


def _find_names(run: _Intake, file: _File, sheet: Sheet, layout: Layout) -> None:
    """Finds columns named like an identifier, and header cells that are one (a file without a header)."""
    for place, header in enumerate(sheet.header):
        kind = identifiers.kind_of(header)
        if kind:
            words = f"no {kind} in the header"
            run.find(file, "identifying_value", words, row=sheet.header_row, column=_shown_header(place, header))
        elif place in layout.unknown and identifiers.is_identifying_name(header):
            run.find(
                file, "identifying_column", "no column that identifies people", row=sheet.header_row, column=header
            )
    for column, place in layout.places.items():
        header = sheet.header[place]
        is_about_people = file.table not in ("service", "service_change")
        if is_about_people and squash(header) != squash(column) and identifiers.is_identifying_name(header):
            run.find(
                file, "identifying_column", "no column that identifies people", row=sheet.header_row, column=header
            )


def _shown_header(place: int, header: str) -> str:
    return f"column {place + 1}" if not header or identifiers.kind_of(header) else header


def _find_identifiers(run: _Intake, file: _File, sheet: Sheet, layout: Layout) -> Sheet:
    """Looks through all values; gives the sheet back with the reader that could read it to its end."""
    sheet, survey = _survey(run, sheet, layout)
    run.n_read[file.number], run.filled[file.number] = survey.n_rows, survey.filled
    hits: list[identifier_search.Hit] = []
    if survey.suspect:
        with sheet.relation(run.connection) as relation:
            hits += identifier_search.identifier_hits(run.connection, relation, survey.suspect, layout)
    for place in survey.dated:
        usual = _usual_referral(run, sheet.delivery)
        with sheet.relation(run.connection) as relation:
            hits += identifier_search.birth_dates(run.connection, relation, place, layout, usual)
    for hit in hits:
        column = _shown_header(hit.place, sheet.header[hit.place])
        run.find(file, "identifying_value", hit.expected, row=hit.first_row, column=column)
    return sheet


def _survey(run: _Intake, sheet: Sheet, layout: Layout) -> tuple[Sheet, identifier_search.Survey]:
    """The first look at a sheet. What DuckDB cannot read, or counts otherwise than the file's lines, is read again strictly."""
    reader, usual = sheet.reader, _usual_referral(run, sheet.delivery)
    if isinstance(reader, TextReader) and reader.n_lines is not None:
        try:
            with sheet.relation(run.connection) as relation:
                survey = identifier_search.survey(run.connection, relation, len(sheet.header), layout, usual)
            if survey.n_rows == reader.n_lines - sheet.header_row:
                return sheet, survey
        except duckdb.Error:
            pass
        sheet = replace(sheet, reader=reader.strict())
    with sheet.relation(run.connection) as relation:
        return sheet, identifier_search.survey(run.connection, relation, len(sheet.header), layout, usual)


def _usual_referral(run: _Intake, delivery: int) -> date | None:
    """The median referral date of a delivery's journeys, once they are staged."""
    if delivery not in run.usual_referrals:
        usual = _median_referral(run, delivery)
        if usual is None:
            return None
        run.usual_referrals[delivery] = usual
    return run.usual_referrals[delivery]


def _median_referral(run: _Intake, delivery: int) -> date | None:
    sql = f"select median({staging.date_sql('referred_on')}) from delivery.raw.journey_raw where delivery = ?"
    usual = run.execute(sql, [delivery]).fetchall()[0][0]
    return None if usual is None else date(usual.year, usual.month, usual.day)


# --- rules ------------------------------------------------------------------------------------------------------------


def _note_parents(run: _Intake, n_deliveries: int) -> None:
    """Notes for every delivery whether its services and journeys were read: without them a reference cannot be judged."""
    run.execute(
        "create table delivery.raw.deliveries (delivery integer, is_service_read boolean, is_journey_read boolean)"
    )
    for number in range(n_deliveries):
        read_tables = {
            file.table for file in run.files if file.found.delivery == number and file.number not in run.whole
        }
        run.execute(
            "insert into delivery.raw.deliveries values (?, ?, ?)",
            [number, "service" in read_tables, "journey" in read_tables],
        )


def _check(run: _Intake, table: Table) -> None:
    """Types the rows of a table and writes every finding about them."""
    staging.check_table(run.connection, table)
    staging.find_repeats(run.connection, table)
    if run.execute(f"select 1 from delivery.raw.{table.name}_checked limit 1").fetchall():
        _find_ragged(run, table)
        checks = (*rules.checks_of(table, run.dictionary), *_mixed_date_checks(run, table))
        if run.is_joined:
            checks = tuple(check for check in checks if check.rule != rules.IN_TWO)
        run.execute(f"insert into {run.findings} {_breaches_sql(table, checks)}")
    if table.name in ("service", "journey"):
        staging.make_parents(run.connection, table.name, run.findings)


def _breaches_sql(table: Table, checks: Sequence[rules.Check]) -> str:
    """A row per breach of any of the checks: one scan finds the rows at fault, and only those are looked at check by check."""
    found = ", ".join(
        f"case when {check.breach} then {{'column': {text(check.column)}, 'value': t.\"{check.column}_raw\", "
        f"'rule': {text(check.rule)}, 'expected': {check.expected}}} end"
        for check in checks
    )
    return (
        f"select file_no, row, b.column, b.value, b.rule, b.expected, {text(table.name)}, row_number from ("
        f"select t.file_no, t.row, t.row_number, unnest([{found}]) as b "
        f"from delivery.raw.{table.name}_checked as t "
        f"left join delivery.raw.{table.name}_repeats as k on k.row_number = t.row_number "
        f"where not t.is_ragged and ({' or '.join(f'({check.breach})' for check in checks)})) where b is not null"
    )


def _find_ragged(run: _Intake, table: Table) -> None:
    run.execute(
        f"insert into {run.findings} "
        f"select file_no, row, null, null, 'row_ragged', 'as many cells as the header has', {text(table.name)}, row_number "
        f"from delivery.raw.{table.name}_checked where is_ragged"
    )


def _mixed_date_checks(run: _Intake, table: Table) -> Iterator[rules.Check]:
    """A date column of a file with both styles: all its dates are refused, because either may be a swapped day and month."""
    dates = [column.name for column in table.columns.values() if column.type == "date"]
    if not dates:
        return
    counts = ", ".join(_style_counts_sql(column) for column in dates)
    rows = run.execute(f"select file_no, {counts} from delivery.raw.{table.name}_checked group by file_no").fetchall()
    for file_no, *found in rows:
        for column, count in zip(dates, found, strict=True):
            if count["slashed"] and count["iso"]:
                words = (
                    f"one way of writing dates in the column; it has {count['iso']} as YYYY-MM-DD (first in row "
                    f"{count['first_iso']}) and {count['slashed']} as DD/MM/YYYY (first in row {count['first_slashed']})"
                )
                breach = f't.file_no = {file_no} and t."{column}_raw" is not null'
                yield rules.Check(MIXED_DATES, column, breach, text(words))


def _style_counts_sql(column: str) -> str:
    slashed = f'"{column}" is not null and contains("{column}_raw", \'/\')'
    iso = f'"{column}" is not null and not contains("{column}_raw", \'/\')'
    return (
        f"{{'slashed': count(*) filter (where {slashed}), 'iso': count(*) filter (where {iso}), "
        f"'first_slashed': min(row) filter (where {slashed}), 'first_iso': min(row) filter (where {iso})}}"
    )


# --- what comes out ---------------------------------------------------------------------------------------------------


def _report(run: _Intake) -> Report:
    sql = (
        f"select file_no, count(distinct row_number) from {run.findings} where table_name is not null group by file_no"
    )
    n_refused = dict(run.execute(sql).fetchall())
    files = []
    for file in run.files:
        if isinstance(file.found, Ignored) or (file.table is None and file.number not in run.whole):
            continue
        n_read = run.n_read.get(file.number, 0)
        refused = n_read if file.number in run.whole else n_refused.get(file.number, 0)
        files.append(FileSummary(file.found.name, file.table, n_read, n_read - refused, refused, file.found.sha256))
    findings = Findings.of(run.connection, run.findings, run.names)
    return Report(tuple(files), findings, findings.by_rule())


def _deliver(run: _Intake, *, is_empty: bool) -> None:
    """Makes delivery.<table> of the good rows and removes what was worked with."""
    for table in run.dictionary.tables.values():
        run.execute(f"create or replace table delivery.{table.name} as {_good_rows_sql(run, table, is_empty)}")
    run.execute(f"create or replace table delivery.rows_read as {_rows_read_sql(run)}")
    run.execute("drop schema delivery.raw cascade")
    run.execute(f"drop table {run.findings}")


def _good_rows_sql(run: _Intake, table: Table, is_empty: bool) -> str:
    columns = []
    for column in table.columns.values():
        is_default_no = column.type == "flag" and column.default == "no"
        columns.append(f'coalesce("{column.name}", false) as "{column.name}"' if is_default_no else f'"{column.name}"')
    if table.name == "service":
        columns += [_has_sql(run, child) for child in run.dictionary.child_tables]
    refused = f"(select row_number from {run.findings} where table_name = {text(table.name)})"
    return (
        f"select {', '.join(columns)}, row_number, delivery from delivery.raw.{table.name}_checked "
        f"where {'false' if is_empty else 'true'} and row_number not in {refused} order by row_number"
    )


def _rows_read_sql(run: _Intake) -> str:
    """How many rows of all tables name each service, and how many of them are good; rows that name none are in no service."""
    read = [t.name for t in run.dictionary.tables.values() if "service_id" in t.columns]
    raw = " union all ".join(f"select service_id, 1 as n_read, 0 as n_good from delivery.raw.{t}_checked" for t in read)
    good = " union all ".join(f"select service_id, 0, 1 from delivery.{t}" for t in read)
    return (
        "select service_id, sum(n_read)::bigint as n_read, sum(n_good)::bigint as n_good "
        f"from ({raw} union all {good}) where service_id is not null group by service_id"
    )


def _has_sql(run: _Intake, child: str) -> str:
    held = ", ".join(str(file.found.delivery) for file in run.files if file.table == child) or "-1"
    return f"delivery in ({held}) as has_{child}"
