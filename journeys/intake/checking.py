"""Runs the rules over the rows of each table and writes every breach as a finding."""

from collections.abc import Iterator, Sequence

from journeys.intake import rules, staging
from journeys.intake.rules import MIXED_DATES
from journeys.intake.run import Run
from journeys.sql import text
from journeys.vocabulary.dictionary import Table


def note_parents(run: Run, n_deliveries: int) -> None:
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


def check(run: Run, table: Table) -> None:
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


def _find_ragged(run: Run, table: Table) -> None:
    run.execute(
        f"insert into {run.findings} "
        f"select file_no, row, null, null, 'row_ragged', 'as many cells as the header has', {text(table.name)}, row_number "
        f"from delivery.raw.{table.name}_checked where is_ragged"
    )


def _mixed_date_checks(run: Run, table: Table) -> Iterator[rules.Check]:
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
