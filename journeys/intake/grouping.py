"""Findings that say the same of many rows become one, with how many rows these are and where they stand; the rows stay refused."""

from collections.abc import Iterator

from journeys.intake import rules
from journeys.intake.run import Run
from journeys.sql import text
from journeys.vocabulary.dictionary import Table

MOST_VALUES = 10  # different wrong dates or numbers of a column, beyond which it is the column that is wrong
MOST_CODES = 60  # the same of codes and flags, each of which a mapping may name
MANY_ROWS, SHARE = 50, 0.1  # of a file, from which on what breaks a rule between columns or tables has one cause
MOST_SPANS, MOST_WORDS, MOST_LETTERS = 10, 4, 30
COLUMN, VALUE, SHAPE, TEXTS, FIRST = "column", "value", "shape", "texts", "first"
"""What one finding is about, and prints: all of a kind in a column with values that are its kind; one value; all that is no date or
number, of which the way it is written alone is printed; all that is no code; many rows, with what is said of the first."""


def group(run: Run, table: Table) -> None:
    """Puts the findings of a table together that are about one column, one value of it or many rows of a file; the others stay."""
    ways = [*_ways(run, table)]
    if not ways:
        return
    pairs = ", ".join(
        f"({nth}, {file_no}, {', '.join(map(text, words))})" for nth, (file_no, *words) in enumerate(ways)
    )
    is_of = (
        f"f.table_name = {text(table.name)} and w.file_no = f.file_no and w.rule = f.rule "
        f"and w.name = coalesce(f.\"column\", '') and w.kind = {_KIND_SQL}"
    )
    ways_sql = f"(values {pairs}) as w(nth, file_no, name, rule, kind, way)"
    run.execute(
        f"create temp table found as select f.*, f.rowid as place, nth, way, case when way = {text(VALUE)} then coalesce(value, '') else '' end as said "
        f"from {run.findings} as f join {ways_sql} on {is_of}"
    )
    run.execute("insert into delivery.raw.refused select table_name, row_number from found")
    run.execute(f"delete from {run.findings} as f using {ways_sql} where {is_of}")
    run.execute(f"insert into {run.findings} {_GROUPED_SQL}")
    run.execute("drop table found")


# what is no date and no number may be words in place of one, or one that is written otherwise
_KIND_SQL = f"case when f.rule in ({', '.join(map(text, rules.SAME))}) and not regexp_matches(f.value, '[0-9]') then 'words' else '' end"


def _ways(run: Run, table: Table) -> Iterator[tuple[int, str, str, str, str]]:
    """File, column, rule, kind and way of the findings that are put together."""
    sizes = (
        f"select file_no, coalesce(\"column\", ''), rule, {_KIND_SQL}, count(*), count(distinct value) "
        f"from {run.findings} as f where table_name = {text(table.name)} group by all order by all"
    )
    for file_no, column, rule, kind, n, n_values in run.execute(sizes).fetchall():
        way = _way(rule, n, n_values, run.n_read[file_no])
        if way:
            yield file_no, column, rule, kind, way


def _way(rule: str, n: int, n_values: int, n_rows: int) -> str | None:
    if rule in rules.GROUPED:
        return COLUMN
    if rule in rules.SAME:
        return VALUE if n_values <= MOST_VALUES else SHAPE
    if rule in rules.SAME_CODES:
        return VALUE if n_values <= MOST_CODES else TEXTS
    if rule in rules.REFERENCES and n_values <= MOST_VALUES:
        return VALUE
    if rule in rules.ALIKE or n >= max(MANY_ROWS, SHARE * n_rows):
        return FIRST
    return VALUE if rule in rules.REFERENCES else None


# --- words, in SQL ----------------------------------------------------------------------------------------------------

# rows that follow one another are a span; of very many the first are named
_SPANS_SQL = f"""
    select nth, said, min_by(words, first, {MOST_SPANS}) as spans, sum(n) - list_sum(min_by(n, first, {MOST_SPANS})) as n_more
    from (
        select nth, said, min(row) as first, count(*) as n,
            min(row) || case when count(*) > 1 then ' to ' || max(row) else '' end as words
        from (
            select nth, said, row, row - row_number() over (partition by nth, said order by row) as span
            from (select distinct nth, said, row from found)
        )
        group by nth, said, span
    )
    group by nth, said"""
# what a text looks like and nothing of what it says: 9 for a digit, aaa for a word
_SHAPES_SQL = f"""
    select nth, array_to_string(max_by(shape, n, {MOST_WORDS}), ', ') as shapes
    from (
        select nth, regexp_replace(regexp_replace(value, '[0-9]', '9', 'g'), '\\p{{L}}+', 'aaa', 'g')[:{MOST_LETTERS}] as shape, count(*) as n
        from found where way = {text(SHAPE)} group by all order by n desc, shape
    )
    group by nth"""
_SILENT = ", ".join(map(text, (rules.MIXED_DATES, rules.MISPLACED_DATE)))  # counts are said, and dates may be of birth
_GROUPED_SQL = f"""
    with spans as ({_SPANS_SQL}), shapes as ({_SHAPES_SQL})
    select any_value(file_no), min(row), any_value("column"),
        case when any_value(way) not in ({text(SHAPE)}, {text(TEXTS)}) then min_by(value, row) end,
        any_value(rule),
        min_by(expected, row)
            || case when count(*) > 1 then format('; {{:,}} rows (', count(*)) || array_to_string(any_value(spans), ', ')
                || case when any_value(n_more) > 0 then format(' and {{:,}} more)', any_value(n_more)::bigint) else ')' end else '' end
            || case any_value(way)
                when {text(SHAPE)} then ' written like ' || any_value(shapes)
                when {text(TEXTS)} then format(' with {{:,}} different texts, as in a column that holds no codes', count(distinct value))
                when {text(COLUMN)} then case when any_value(rule) in ({_SILENT}) then '' else
                    coalesce(', with ' || nullif(array_to_string(list_sort(list(distinct value))[:{MOST_WORDS}], ', '), min_by(value, row)), '') end
                else '' end,
        null, null, count(*)
    from found join spans using (nth, said) left join shapes using (nth)
    group by nth, said
    order by min(place)"""
