"""Text columns typed, and what is told of rows beside them: views `<table>_checked` in delivery.raw, where every column of the dictionary
stands twice, as handed over (`x_raw`) and typed (`x`). A text that its value tells again is kept once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from journeys.intake import texts
from journeys.intake.files.cells import as_text
from journeys.intake.staging import held, type_of
from journeys.sql import text
from journeys.vocabulary.dictionary import Column, Table

FIRST_YEAR, LAST_YEAR = 1900, 2199
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
BARRIER = "[a-z][a-z0-9_]{0,59}"
MOST_WORDS = 40  # different texts of a column that are typed by a list of cases


def typed_sql(table: Table, column: Column, value: str | None = None) -> str:
    """SQL for a column's typed value in terms of its text (`r."<column>"` or `value`); null where the text is of another type."""
    value = value or f'r."{column.name}"'
    if column.type == "date":
        return date_sql(value)
    if column.type == "flag":
        yes, no = (", ".join(text(word) for word in words) for words in (YES, NO))
        value = texts.folded_sql(value)
        return f"case when lower({value}) in ({yes}) then true when lower({value}) in ({no}) then false end"
    if column.type in ("integer", "number"):
        value = texts.folded_sql(value)
    if column.type == "integer":
        whole = f"regexp_full_match({value}, '[+-]?[0-9]{{1,9}}([.]0+)?')"
        return f"case when {whole} then try_cast({value} as double)::integer end"
    if column.type == "number":
        decimal = f"regexp_full_match({value}, '[+-]?([0-9]{{1,9}}([.][0-9]*)?|[.][0-9]+)')"
        return f"case when {decimal} then try_cast({value} as double) end"
    if table.name == "measure" and column.name == "item":
        barrier = f"case when a_tool.code = 'mbat' and regexp_full_match({texts.key_sql(value)}, '{BARRIER}') "
        return f"coalesce(a_item.code, {barrier} then {texts.key_sql(value)} end)"
    return f"a_{column.name}.code" if column.codes else value


TIME = "([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?(AM|PM|am|pm))?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"


def date_sql(value: str) -> str:
    """SQL for the date in a text: YYYY-MM-DD or DD/MM/YYYY, a time of day after it is left out, years 1900 to 2199; else null."""
    iso = f"regexp_full_match({value}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{TIME}')"
    british = f"regexp_full_match({value}, '[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}{TIME}')"
    year = f"between '{FIRST_YEAR}' and '{LAST_YEAR}'"
    return (
        f"case when {iso} and {value}[:4] {year} then try_cast({value}[:10] as date) "
        f"when {british} and regexp_extract({value}, '[0-9]{{4}}') {year} "
        f"then try_strptime(regexp_extract({value}, '^[0-9]+/[0-9]+/[0-9]+'), '%d/%m/%Y')::date end"
    )


def told_sql(table: Table, column: Column, value: str) -> str:
    """SQL for the text that the typed value of a text tells: where it is the text itself, the value alone need be kept."""
    return as_text(f"({typed_sql(table, column, value)})", type_of(column))


# --- the view of a table ----------------------------------------------------------------------------------------------


def check_table(connection: duckdb.DuckDBPyConnection, table: Table) -> Sequence[Column]:
    """Types the columns that were read as text, which it gives, and makes the view `<table>_checked`."""
    now, beside = held(connection, table), []
    told = {name: as_text(f'"{name}"', now[name]) for name in table.columns}
    as_read = [one for one in table.columns.values() if now[one.name] == "VARCHAR" and _is_typed(table, one)]
    for words in _different(connection, table, as_read):
        name = words.column.name
        if words.is_same:
            continue
        if words.is_short and not words.is_by_tool:
            connection.execute(
                f'alter table delivery.{table.name} alter column "{name}" type {type_of(words.column)} using {words.value_sql}'
            )
            told[name] = words.text_sql
        else:
            beside.append(words.column)
            told[name] = f'"{name}_raw"'
    if beside:
        _typed_beside(connection, table, beside)
    raws = ", ".join(f'"{name}", {sql} as "{name}_raw"' for name, sql in told.items())
    connection.execute(
        f"create view delivery.raw.{table.name}_checked as select file_no, delivery, row, is_ragged, row_number, "
        f"{'journey_row, ' if table.is_child else ''}{raws} from delivery.main.{table.name}"
    )
    return as_read


def _is_typed(table: Table, column: Column) -> bool:
    """Whether a column's value may be another than its text."""
    return column.type != "text" or bool(column.codes) or _is_item(table, column)


def _is_item(table: Table, column: Column) -> bool:
    return table.name == "measure" and column.name == "item"


@dataclass(frozen=True)
class Words:
    """The different texts of a column with their values, as far as these are few; an item has its value by its tool."""

    column: Column
    is_same: bool
    is_by_tool: bool
    pairs: Mapping[str, str | None]

    @property
    def is_short(self) -> bool:
        """Whether every text has a value, no two the same, so that each tells the other."""
        values = list(self.pairs.values())
        return None not in values and 0 < len(set(values)) == len(values) <= MOST_WORDS

    @property
    def value_sql(self) -> str:
        cases = " ".join(f"when {text(said)} then {text(value or '')}" for said, value in self.pairs.items())
        return f'(case "{self.column.name}" {cases} end)::{type_of(self.column)}'

    @property
    def text_sql(self) -> str:
        cases = " ".join(f"when {text(value or '')} then {text(said)}" for said, value in self.pairs.items())
        return f'case "{self.column.name}"::varchar {cases} end'


def _different(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]) -> Iterator[Words]:
    """Each different text of the columns that hold anything but codes as the dictionary writes them, looked at once."""
    columns = [*_not_all_codes(connection, table, columns)]
    looks = " union all ".join(
        f"select {text(column.name)}, coalesce(bool_and(value is not distinct from said), true), min_by([said, value], said, {MOST_WORDS + 1}) "
        f'from (select "{column.name}" as said, value::varchar as value from ({_values_sql(table, column)}))'
        for column in columns
    )
    for name, is_same, pairs in connection.execute(looks).fetchall() if columns else ():
        column = table.columns[name]
        is_same = is_same and type_of(column) == "VARCHAR"
        yield Words(column, is_same, _is_item(table, column), dict(pairs or ()))


def _not_all_codes(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]) -> Iterator[Column]:
    """The columns without codes, and those of which any text is no code: the others are what they should be."""
    coded = [column for column in columns if column.codes and type_of(column) == "VARCHAR"]
    said = " union all ".join(
        f'select {text(one.name)} as name, v from (select distinct "{one.name}" as v from delivery.{table.name})'
        for one in coded
    )
    odd = (
        f"select distinct name from ({said}) as t anti join delivery.raw.alias as a "
        f"on a.list = {text(table.name + '.')} || t.name and a.code = t.v where v is not null"
    )
    told = {name for (name,) in connection.execute(odd).fetchall()} if coded else set()
    yield from (column for column in columns if column not in coded or column.name in told)


def _values_sql(table: Table, column: Column) -> str:
    """The different texts of a column (an item's with their tools), each with its typed value."""
    keys = [column.name, "tool"] if _is_item(table, column) else [column.name]
    names = ", ".join(f'"{key}"' for key in keys)
    return (
        f"select {names}, {typed_sql(table, column)} as value from "
        f'(select distinct {names} from delivery.{table.name} where "{column.name}" is not null) as r '
        f"{_alias_joins(table, keys)}"
    )


def _alias_joins(table: Table, names: Collection[str]) -> str:
    joins = []
    for column in (column for column in table.columns.values() if column.name in names):
        on = f"a_{column.name}.alias = {texts.key_sql(f'r.{column.name}')}"
        if column.codes:
            name = text(f"{table.name}.{column.name}")
            joins.append(f"left join delivery.raw.alias as a_{column.name} on a_{column.name}.list = {name} and {on}")
        elif _is_item(table, column):
            joins.append(f"left join delivery.raw.alias as a_item on a_item.list = 'item.' || a_tool.code and {on}")
    return " ".join(joins)


def _typed_beside(connection: duckdb.DuckDBPyConnection, table: Table, columns: Collection[Column]) -> None:
    """The table anew, with the values of these columns beside their texts; `typed_<column>` has the value of each text."""
    for column in columns:
        connection.execute(f"create table {_typed_name(table, column)} as {_values_sql(table, column)}")
    values = ", ".join(f'"typed_{column.name}".value as "{column.name}"' for column in columns)
    kept = ", ".join(f'r."{column.name}" as "{column.name}_raw"' for column in columns)
    joins = " ".join(_typed_join(table, column) for column in columns)
    connection.execute(
        f"create table delivery.{table.name}_typed as select r.* replace ({values}), {kept} from delivery.{table.name} as r {joins}"
    )
    connection.execute(f"drop table delivery.{table.name}")
    connection.execute(f"alter table delivery.{table.name}_typed rename to {table.name}")


def _typed_name(table: Table, column: Column) -> str:
    return f'delivery.raw."typed_{table.name}_{column.name}"'


def _typed_join(table: Table, column: Column) -> str:
    name, made = f'"typed_{column.name}"', _typed_name(table, column)
    on = f'{name}."{column.name}" = r."{column.name}"'
    if _is_item(table, column):
        on += f" and {name}.tool = r.tool"
    return f"left join {made} as {name} on {on}"


# --- what is known of the rows that a row names -----------------------------------------------------------------------


def known_sql(table: Table) -> str:
    """The rows of `<table>_checked` with what is known of their service and journey."""
    if table.name == "service":
        return "delivery.raw.service_checked"
    facts = (
        "s.service_id is not null or not d.is_service_read as is_service_known, "
        "coalesce(s.is_refused, false) as is_service_refused, s.data_from as parent_data_from, s.data_to as parent_data_to"
    )
    joins = (
        "left join delivery.raw.deliveries as d on d.delivery = r.delivery "
        "left join delivery.raw.service_parent as s on s.delivery = r.delivery and s.service_id = r.service_id"
    )
    if table.name == "journey":
        facts += ", r.referred_on as parent_referred_on"
    if table.is_child:
        facts += (
            ", r.journey_row is not null or not d.is_journey_read as is_journey_known, "
            "r.journey_row is not null and not j.is_refused as is_journey_good, "
            "coalesce(s.is_refused, false) or coalesce(j.is_refused, false) as is_parent_refused, "
            "j.referred_on as parent_referred_on, j.employment_status as parent_employment"
        )
        joins += " left join delivery.raw.journey_parent as j on j.row_number = r.journey_row"
    return f"(select r.*, {facts} from delivery.raw.{table.name}_checked as r {joins})"


def find_repeats(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Makes `<table>_repeats` (row_number, first_row): rows whose whole key stands in an earlier row of the delivery; empty for tables
    without a key.

    Keys are grouped by their hash first, because four million five-column keys do not fit where their hashes do.
    """
    made_empty = f"create table delivery.raw.{table.name}_repeats (row_number bigint, first_row bigint)"
    if not table.key:
        connection.execute(made_empty)
        return
    keys = ", ".join(f'"{name}"' for name in ("delivery", *table.key))
    is_whole = " and ".join(f'"{name}" is not null' for name in table.key)
    checked = f"delivery.raw.{table.name}_checked"
    hashes = f"select {_key_hash_sql(table)} as h from {checked} where {is_whole} group by h having count(*) > 1"
    if not connection.execute(f"select 1 from ({hashes}) limit 1").fetchall():
        connection.execute(made_empty)
        return
    connection.execute(
        f"create table delivery.raw.{table.name}_repeats as with hashes as ({hashes}), "
        f"likely as (select * from {checked} where {is_whole} and {_key_hash_sql(table)} in (select h from hashes)), "
        f"ranked as (select row_number, row, row_number() over w as nth, first_value(row) over w as first_row "
        f"from likely window w as (partition by {keys} order by row_number)) "
        f"select row_number, first_row from ranked where nth > 1"
    )


def _key_hash_sql(table: Table) -> str:
    """A hash of the key of a row; a journey that is known by its number stands for the three columns that name it."""
    named = ["delivery", "service_id", "journey_id"]
    rest = "".join(f', "{name}"' for name in table.key if name not in named)
    if not table.is_child or not set(named[1:]) <= set(table.key):
        return f"hash({', '.join(['delivery', *table.key])})"
    return f"hash(case when journey_row is null then hash({', '.join(named)}) else journey_row::ubigint end{rest})"


def make_parents(connection: duckdb.DuckDBPyConnection, name: str, refused: str) -> None:
    """Makes `service_parent` or `journey_parent`: the first row of every key, and whether that row was refused (`refused`: a query)."""
    facts = {
        "service": "c.service_id, c.data_from, c.data_to",
        "journey": "c.referred_on, c.employment_status",
    }
    connection.execute(
        f"create table delivery.raw.{name}_parent as "
        f"select c.delivery, c.row_number, {facts[name]}, "
        f"c.row_number in {refused} as is_refused "
        f"from delivery.raw.{name}_checked as c "
        f"where c.{name}_id is not null and c.service_id is not null "
        f"and c.row_number not in (select row_number from delivery.raw.{name}_repeats)"
    )
