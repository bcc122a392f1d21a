"""Runs the rules over the rows of each table and writes every breach as a finding."""

from collections.abc import Callable, Collection, Iterator, Sequence

from journeys.intake import checks, grouping, rules, typed
from journeys.intake.mapping import Switch
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
    placed = run.placed.get(table.name, set())
    dated = [column.name for column in typed.check_table(run.connection, table) if column.type == "date"]
    typed.find_repeats(run.connection, table)
    n_rows, is_ragged = run.execute(f"select count(*), bool_or(is_ragged) from delivery.{table.name}").fetchall()[0]
    if n_rows:
        if is_ragged:
            _find_ragged(run, table)
        _find_texts(run, table, placed)
        _find_breaches(run, table, (*_checks(run, table, placed), *_mixed_date_checks(run, table, dated)))
        if run.execute(f"select 1 from {run.findings} where table_name = {text(table.name)} limit 1").fetchall():
            _tell_causes(run, table)
            _find_empty_words(run, table)
            grouping.group(run, table)
    if table.name in ("service", "journey"):
        typed.make_parents(run.connection, table.name, run.refused_sql(table.name))


def _find_empty_words(run: Run, table: Table) -> None:
    """The words for empty that a mapping could name, in cells that may be empty."""
    needed = ", ".join(text(column.name) for column in table.columns.values() if column.required)
    rows = run.execute(
        f"select distinct value from {run.findings} where table_name = {text(table.name)} and rule = 'empty_word' "
        f'and "column" not in ({needed}) order by value'
    ).fetchall()
    if rows:
        run.switches.append(Switch("empty_word", "empty", tuple(value for (value,) in rows)))


def _checks(run: Run, table: Table, placed: Collection[str]) -> Iterator[checks.Check]:
    """The checks of a table; one delivery alone can have no service in two."""
    is_alone = run.is_joined or len({file.found.delivery for file in run.files}) == 1
    for one in checks.checks_of(table, run.dictionary, placed):
        if not (is_alone and one.rule == rules.IN_TWO):
            yield one
    if table.name == "service":
        yield checks.still_to_come(run.today)


def _find_breaches(run: Run, table: Table, tests: Sequence[checks.Check]) -> None:
    """A row per breach of any of the checks: one scan tells whether any finds something, a second which of them do, and these alone look for their rows."""
    rows = (
        f"{typed.known_sql(table)} as t left join delivery.raw.{table.name}_repeats as k on k.row_number = t.row_number "
        "where not t.is_ragged"
    )
    if not run.execute(f"select 1 from {rows} and ({_any(tests)}) limit 1").fetchall():
        return
    told = run.execute(f"select {', '.join(f'bool_or({check.breach})' for check in tests)} from {rows}").fetchall()[0]
    broken = [check for check, is_broken in zip(tests, told, strict=True) if is_broken]
    found = ", ".join(
        f"case when {check.breach} then {{'column': {text(check.column)}, 'value': t.\"{check.column}_raw\", "
        f"'rule': {text(check.rule)}, 'expected': {check.expected}}} end"
        for check in broken
    )
    run.execute(
        f"insert into {run.findings} "
        f"select file_no, row, b.column, b.value, b.rule, b.expected, {text(table.name)}, row_number, 1 from ("
        f"select t.file_no, t.row, t.row_number, unnest([{found}]) as b "
        f"from {rows} and ({_any(broken)})) where b is not null"
    )


def _any(tests: Sequence[checks.Check]) -> str:
    return " or ".join(f"({check.breach})" for check in tests)


def _find_ragged(run: Run, table: Table) -> None:
    run.execute(
        f"insert into {run.findings} "
        f"select file_no, row, null, null, 'row_ragged', 'as many cells as the header has', {text(table.name)}, row_number, 1 "
        f"from delivery.raw.{table.name}_checked where is_ragged"
    )


def _tell_causes(run: Run, table: Table) -> None:
    """Names the cause of a wrong value where the value itself tells it."""
    found = checks.causes()
    told = " ".join(f"when {cause.test} then {text(cause.rule)}" for cause in found)
    expected = " ".join(
        f"when {cause.test} then {'expected' if cause.expected is None else text(cause.expected)}" for cause in found
    )
    run.execute(
        f"update {run.findings} set rule = case {told} else rule end, expected = case {expected} else expected end "
        f"where table_name = {text(table.name)} and value is not null"
    )


def _find_texts(run: Run, table: Table, placed: Collection[str]) -> None:
    """Texts with letters that cannot be seen, and references that say that there is none; each different text passes through one test."""
    names = [column.name for column in table.columns.values() if column.type == "text" and column.name in placed]
    references = ", ".join(text(name) for name in names if name.endswith(("_id", "_ref", "_key")))
    if not names:
        return
    checked = f"delivery.raw.{table.name}_checked"
    seen = "v"
    if "detail" in names:  # a longer text has lines
        seen = "case when name = 'detail' then regexp_replace(v, '[\\r\\n\\t]', ' ', 'g') else v end"
    is_known = {name: table.is_child and name == "journey_id" and not run.is_id_odd for name in names}
    different = " union all ".join(
        f'select {text(name)} as name, "{name}_raw" as v from {checked} where not is_ragged'
        + (" and journey_row is null" if is_known[name] else "")
        + " group by v"  # a `distinct` would be left to the one around it
        for name in names
    )

    def looked_at(is_no_reference: Callable[[str, str], str]) -> str:
        said_empty = f"name in ({references}) and {is_no_reference('name', 'v')}" if references else "false"
        return (
            "select name, v, rule from (select name, v, "
            f"case when regexp_matches({seen}, {text(checks.UNSEEN)}) then 'control_character' when {said_empty} then 'empty_word' end as rule "
            f"from ({different})) where rule is not null"
        )

    if not run.execute(f"from ({looked_at(checks.may_be_no_reference)}) limit 1").fetchall():
        return
    run.execute(f"create or replace temp table wrong_text as {looked_at(checks.is_no_reference)}")
    wrong = {name for (name,) in run.execute("select distinct name from wrong_text").fetchall()}
    run.is_id_odd |= table.name == "journey" and "journey_id" in wrong
    for name in (name for name in names if name in wrong):
        run.execute(
            f"insert into {run.findings} select t.file_no, t.row, w.name, w.v, w.rule, "
            f"case w.rule when 'empty_word' then {text(checks.EXPECTED_REFERENCE)} else {text(checks.EXPECTED_SEEN)} end, {text(table.name)}, t.row_number, 1 "
            f'from {checked} as t join wrong_text as w on w.name = {text(name)} and w.v = t."{name}_raw" where not t.is_ragged'
        )
    run.execute("drop table wrong_text")


def _mixed_date_checks(run: Run, table: Table, dates: Sequence[str]) -> Iterator[checks.Check]:
    """A date column (of those read as text) of a file with both styles: all its dates are refused, because either may be a swapped day
    and month."""
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
                yield checks.Check(MIXED_DATES, column, breach, text(words))


def _style_counts_sql(column: str) -> str:
    slashed = f'"{column}" is not null and contains("{column}_raw", \'/\')'
    iso = f'"{column}" is not null and not contains("{column}_raw", \'/\')'
    return (
        f"{{'slashed': count(*) filter (where {slashed}), 'iso': count(*) filter (where {iso}), "
        f"'first_slashed': min(row) filter (where {slashed}), 'first_iso': min(row) filter (where {iso})}}"
    )
