"""Columns judged as columns, before any of their rows: what a program or a spreadsheet did to a whole column is one finding with its
cause and its mend, and the file waits for it. Nothing of such a column is ever loaded."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from journeys.intake import texts
from journeys.intake.identifiers import shown
from journeys.intake.mapping import MONTH_FIRST, Switch, TableMapping
from journeys.intake.run import File, Run
from journeys.intake.staging import held
from journeys.intake.typed import TIME
from journeys.sql import name as sql_name
from journeys.sql import text
from journeys.vocabulary.dictionary import Column, Table

TOTALS = ("total", "totals", "grand total", "subtotal", "sum", "average", "mean", "count", "notes", "note", "source")
ROUNDED = "[0-9]([.][0-9]+)?[eE][+]?[0-9]{1,3}"
MIDNIGHT = "[ T]00:00(:00([.]0+)?)?(Z|[+]00:?00)?$"
DAY = "([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
MIN_ROWS, SHARE = 2, 0.1
REFERENCES = ("journey_id", "client_ref", "service_id")


@dataclass(frozen=True)
class Judgement:
    """One thing said of a column: the rule, what was expected instead, how many rows show it and the first of them."""

    rule: str
    column: str
    expected: str
    n: int
    row: int | None
    digits: int | None = None


def judge(run: Run, file: File, table: Table, names: Collection[str]) -> None:
    """Judges the columns (`names`) of a file that was staged; where one is refused, the file's rows are taken out again."""
    tally = _tally(run, file, table, [column for column in table.columns.values() if column.name in names])
    refusals = [*_rounded(run, file, table, tally), *_decimal(table, tally), *_month_first(tally)]
    if not refusals:
        refusals += _of_services(run, file, table)
    if table.is_child and not refusals:
        refusals += _unmatched(run, file, table)
    for one in refusals or _times(tally):
        run.find(file, one.rule, one.expected, row=one.row, column=one.column, n=one.n)
    run.switches += _switches(refusals, table, tally, run.mapping.get(table.name, TableMapping()))
    if file.number in run.whole:
        run.execute(f"delete from delivery.{table.name} where file_no = {file.number}")


def drop_rows_below(run: Run, file: File, table: Table) -> None:
    """Takes totals, notes and the footer of a report out: the last rows, in which all but one of the required cells are empty."""
    required = [name for name, column in table.columns.items() if column.required]
    n_filled = " + ".join(f'("{name}" is not null)::int' for name in required)
    cells = ", ".join(f"{sql_name(name)}::varchar" for name in table.columns)
    words = f"lower(trim(coalesce({cells}), ' :'))"
    raw, totals = f"delivery.{table.name}", ", ".join(map(text, TOTALS))
    n = f"case when {words} in ({totals}) then 0 else {n_filled} end as n"
    of_file = f"from {raw} where file_no = {file.number}"
    last_row = run.execute(
        f"select {n} {of_file} and row_number = (select max(row_number) {of_file})"
    ).fetchall()  # of one row the words are put together, not of all to find it
    if not last_row or last_row[0][0] > 1:
        return
    sql = (
        f"with rows as (select row, row_number, {n} {of_file}), "
        "last as (select max(row_number) as good from rows where n > 1) "
        "select count(*), min(row), max(row), (select count(*) from rows where n > 1) "
        "from rows where row_number > (select good from last)"
    )
    n, first, last, n_good = run.execute(sql).fetchall()[0]
    if not n or len(required) < 3 or not n_good:
        return
    said = run.execute(
        f"select any_value({words}) from {raw} where file_no = {file.number} and row = {first}"
    ).fetchall()[0][0]
    run.execute(f"delete from {raw} where file_no = {file.number} and row >= {first}")
    run.n_dropped[file.number], run.first_below[file.number] = n, first
    where = f"row {first}" if first == last else f"rows {first} to {last}"
    looks = (
        f"row {first} reads {said.capitalize()}"
        if said in TOTALS
        else "they look like the footer of a report"
        if n > 1
        else "it looks like a note"
    )
    run.find(file, "rows_below", f"nothing below the table ({where}): {looks}", row=first, n=n)


# --- causes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How many rows of a column pass a test, and the first of them."""

    n: int
    row: int | None


Tally = dict[str, dict[str, Count]]  # by column, by test; `filled` is the rows in which it holds anything


def _tests(column: Column) -> dict[str, str]:
    """What is counted of a column, as SQL."""
    cell, tests = f'"{column.name}"', {"filled": f'"{column.name}" is not null'}
    if column.name in REFERENCES:
        tests["rounded"] = f"regexp_full_match({cell}, '{ROUNDED}')"
        tests["decimal"] = f"regexp_full_match({cell}, '[0-9]+[.]0+')"
    if column.type == "date":
        first, second = (f"try_cast(split_part({cell}, '/', {i}) as integer)" for i in (1, 2))
        tests["slashed"] = f"regexp_matches({cell}, '^[0-9]{{1,2}}/[0-9]{{1,2}}/([0-9]{{4}}|[0-9]{{2}}([^0-9]|$))')"
        tests["month"] = f"{tests['slashed']} and {first} <= 12 and {second} between 13 and 31"
        tests["day"] = f"{tests['slashed']} and {first} between 13 and 31 and {second} <= 12"
        is_timed = f"regexp_matches({cell}, '[ T][0-9]{{1,2}}:') and not regexp_matches({cell}, '{MIDNIGHT}')"
        tests["timed"] = f"{is_timed} and regexp_full_match({cell}, '{DAY}{TIME}')"
        tests["utc"] = f"regexp_matches({cell}, '[ T]2[23]:[0-9:.]+Z$')"
    return tests


def _tally(run: Run, file: File, table: Table, columns: Sequence[Column]) -> Tally:
    """Every test of every column that was read as text, made once on each different text of it."""
    now = held(run.connection, table)
    judged = [column for column in columns if _is_judged(column) and now[column.name] == "VARCHAR"]
    if not judged:
        return {}
    counted = dict(run.execute(" union all ".join(_counts_sql(run, file, table, one) for one in judged)).fetchall())
    tally = {
        one.name: {test: Count(**count) for test, count in zip(_tests(one), counted[one.name], strict=True)}
        for one in judged
    }
    if table.name == "journey" and "journey_id" in tally and tally["journey_id"]["rounded"].n:
        run.is_id_odd = True
    return tally


def _counts_sql(run: Run, file: File, table: Table, column: Column) -> str:
    """One row: the name of a column, and for each of its tests how many rows pass it and the first of them."""
    rows, tests = f"delivery.{table.name} where file_no = {file.number}", _tests(column)
    counts = {test: f"coalesce(sum(n) filter (where {sql}), 0)::bigint" for test, sql in tests.items()}
    looked_at = rows
    if table.is_child and column.name == "journey_id" and not run.is_id_odd:
        looked_at += " and journey_row is null"  # the others were looked at in the journey table
        counts["filled"] = f'(select count("journey_id") from {rows})'
    each = ", ".join(f"{{'n': {counts[test]}, 'row': min(row) filter (where {sql})}}" for test, sql in tests.items())
    return (
        f"select {text(column.name)}, [{each}] from "
        f'(select "{column.name}", count(*) as n, min(row) as row from {looked_at} group by "{column.name}")'
    )


def _is_judged(column: Column) -> bool:
    return column.type == "date" or column.name in REFERENCES


def _is_much(n: int, of: int) -> bool:
    return n >= MIN_ROWS and n >= SHARE * of


def _rounded(run: Run, file: File, table: Table, tally: Tally) -> Iterator[Judgement]:
    for column in (name for name in REFERENCES if name in tally):
        found = tally[column]["rounded"]
        if _is_much(found.n, tally[column]["filled"].n):
            raw = f"delivery.{table.name} where file_no = {file.number}"
            most = run.execute(f'select max(n) from (select count(*) as n from {raw} group by "{column}")').fetchall()[
                0
            ][0]
            words = "references as they were; these look like numbers rounded by a spreadsheet"
            words += f": {most:,} rows share one reference" if most > 1 else ""
            yield Judgement("ids_rounded", column, words, found.n, found.row)


def _decimal(table: Table, tally: Tally) -> Iterator[Judgement]:
    """References written with decimals in the journey table; in other tables they are compared with that one."""
    for column in ("journey_id", "client_ref") if table.name == "journey" else ():
        if column in tally:
            found, filled = tally[column]["decimal"], tally[column]["filled"]
            if found.n >= MIN_ROWS and 2 * found.n > filled.n:
                words = f"references without decimals; {found.n:,} rows end in .0"
                yield Judgement("ids_decimal", column, words, found.n, found.row)


def _month_first(tally: Tally) -> Iterator[Judgement]:
    for column, counts in tally.items():
        if "month" in counts:
            month, day, slashed = counts["month"], counts["day"], counts["slashed"]
            if min(month.n, day.n) >= MIN_ROWS:
                words = f"one order of day and month; {day.n:,} rows are day first (first in row {day.row}) and {month.n:,} month first"
                yield Judgement("dates_two_orders", column, words, month.n, month.row)
            elif month.n >= MIN_ROWS and (not day.n or _is_much(month.n, slashed.n)):
                words = f"the day first; in {month.n:,} of {slashed.n:,} rows the second part is no month"
                yield Judgement("dates_month_first", column, words, month.n, month.row)


def _switches(refusals: Sequence[Judgement], table: Table, tally: Tally, mapped: TableMapping) -> Iterator[Switch]:
    """The switches of a mapping that mend a table's columns and are not on: month first only where no date of the table is day first."""
    rules = {one.rule: one for one in refusals}
    if "ids_decimal" in rules and not mapped.decimal_ids:
        yield Switch("ids_decimal", "decimal_ids", True)
    if "ids_zeros" in rules and not mapped.leading_zeros:
        yield Switch("ids_zeros", "leading_zeros", rules["ids_zeros"].digits or 1)
    is_day_first = any("day" in counts and counts["day"].n for counts in tally.values())
    if "dates_month_first" in rules and not is_day_first and mapped.date_order != MONTH_FIRST:
        yield Switch("dates_month_first", "date_order", MONTH_FIRST, table.name)


def _unmatched(run: Run, file: File, table: Table) -> Iterator[Judgement]:
    """Why references of a table are not those of the journey table, where many would be but for one thing."""
    sql = f"""
        with ids as (select distinct journey_id as id from delivery.journey where delivery = {file.found.delivery}),
        bare as (select ltrim(id, '0') as bare, max(length(id)) as digits from ids where regexp_full_match(id, '[0-9]+') group by 1),
        folded as (select distinct {_folded_sql("id")} as low from ids),
        mine as (select journey_id as id, count(*) as n, min(row) as row from delivery.{table.name}
            where file_no = {file.number} and journey_id is not null group by 1),
        strange as (select * from mine where id not in (from ids)),
        told as (
            select n, row, id,
                case when regexp_full_match(id, '[0-9]+[.]0+') and regexp_replace(id, '[.]0+$', '') in (from ids) then 'ids_decimal'
                    when regexp_full_match(id, '[0-9]+') and ltrim(id, '0') in (select bare from bare) then 'ids_zeros'
                    when {_folded_sql("id")} in (from folded) then 'ids_case' end as rule
            from strange
        )
        select rule, sum(n)::bigint, min(row), count(*), min_by(id, row), (select count(*) from mine), (select max(digits) from bare)
        from told where rule is not null group by rule order by 4 desc, 1"""
    mine = f"delivery.{table.name} where file_no = {file.number} and journey_row is null and journey_id is not null"
    journeys = f"delivery.journey where delivery = {file.found.delivery}"
    if not all(run.execute(f"select 1 from {rows} limit 1").fetchall() for rows in (mine, journeys)):
        return
    for rule, n, row, n_ids, example, n_mine, digits in run.execute(sql).fetchall():
        if _is_much(n_ids, n_mine):
            yield Judgement(
                rule, "journey_id", f"{_UNMATCHED[rule]}; {_example(rule, example, digits)}", n, row, digits
            )


_UNMATCHED = {
    "ids_decimal": "references of the journey table, not written as decimals by a program",
    "ids_zeros": "references of the journey table; these would match without leading zeros",
    "ids_case": "references of the journey table; these differ in capitals or dashes only",
}


def _folded_sql(value: str) -> str:
    """A reference without what is hardly seen: capitals, kinds of dashes."""
    return f"lower({texts.folded_sql(value)})"


def _of_services(run: Run, file: File, table: Table) -> Iterator[Judgement]:
    """Names of services that are those of the service table but for capitals or dashes: no row with one would find its service."""
    if table.name == "service" or "service_id" not in table.columns:
        return
    sql = f"""
        with ids as (select distinct service_id as id from delivery.service where delivery = {file.found.delivery}),
        mine as (select service_id as id, count(*) as n, min(row) as row from delivery.{table.name} where file_no = {file.number} group by 1),
        alike as (select m.*, i.id as known from mine as m join ids as i on {_folded_sql("m.id")} = {_folded_sql("i.id")}
            where m.id not in (select id from ids where id is not null))
        select sum(n)::bigint, min(row), min_by(id, row), min_by(known, row) from alike having count(*) > 0"""
    for n, row, example, known in run.execute(sql).fetchall():
        if n >= MIN_ROWS:
            words = f"names of the service table; these differ in capitals or dashes only; {shown(example)} is {shown(known)} there"
            yield Judgement("ids_case", "service_id", words, n, row)


def _example(rule: str, example: str, digits: int | None) -> str:
    if rule == "ids_decimal":
        return f"{shown(example)} matches {shown(example.split('.')[0])} in journey"
    if rule == "ids_zeros":
        return f"leading_zeros = {digits} in a mapping file mends it"
    return f"{shown(example)} is written otherwise there"


# --- notes ------------------------------------------------------------------------------------------------------------


def _times(tally: Tally) -> Iterator[Judgement]:
    """Dates with a time of day: read as the day, said once a column."""
    for column, counts in tally.items():
        if "timed" not in counts:
            continue
        timed, utc, of = counts["timed"], counts["utc"], counts["filled"].n
        if utc.n:
            words = f"days; {utc.n:,} of {of:,} rows are an hour before midnight UTC and may be one day off in summer"
            yield Judgement("times_utc", column, words, utc.n, utc.row)
        if timed.n > utc.n:
            words = f"days; {timed.n:,} of {of:,} rows have a time of day"
            yield Judgement("times_dropped", column, words, timed.n - utc.n, timed.row)
