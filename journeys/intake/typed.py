"""Text columns typed, and what is told of rows beside them: views `<table>_checked` in delivery.raw, where every column of the dictionary
stands twice, as handed over (`x_raw`) and typed (`x`). A text that its value tells again is kept once."""

from collections.abc import Collection, Mapping
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


def check_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Types the columns that were read as text and makes the view `<table>_checked`."""
    now, told, beside = held(connection, table), {}, []
    for name, column in table.columns.items():
        told[name] = as_text(f'"{name}"', now[name])
        if now[name] != "VARCHAR" or not _is_typed(table, column):
            continue
        words = _different(connection, table, column)
        if words.is_same:
            continue
        if words.is_short and not words.is_by_tool:
            connection.execute(
                f'alter table delivery.{table.name} alter column "{name}" type {type_of(column)} using {words.value_sql}'
            )
            told[name] = words.text_sql
        else:
            beside.append(column)
            told[name] = f'"{name}_raw"'
    if beside:
        _typed_beside(connection, table, beside)
    raws = ", ".join(f'"{name}", {sql} as "{name}_raw"' for name, sql in told.items())
    connection.execute(
        f"create view delivery.raw.{table.name}_checked as select file_no, delivery, row, is_ragged, row_number, "
        f"{'journey_row, ' if table.is_child else ''}{raws} from delivery.main.{table.name}"
    )


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


def _different(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> Words:
    """Each different text of a column looked at once: `typed_<column>` has its value."""
    keys = [column.name, "tool"] if _is_item(table, column) else [column.name]
    names, made = ", ".join(f'"{key}"' for key in keys), f'delivery.raw."typed_{table.name}_{column.name}"'
    connection.execute(
        f"create table {made} as select {names}, {typed_sql(table, column)} as value from "
        f'(select distinct {names} from delivery.{table.name} where "{column.name}" is not null) as r '
        f"{_alias_joins(table, keys)}"
    )
    is_same = connection.execute(
        f"select coalesce(bool_and(value::varchar is not distinct from \"{column.name}\"), true) and {text(type_of(column))} = 'VARCHAR' from {made}"
    ).fetchall()[0][0]
    pairs = connection.execute(f'select "{column.name}", value::varchar from {made} limit {MOST_WORDS + 1}').fetchall()
    return Words(column, is_same, len(keys) > 1, dict(pairs))


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
    """The table anew, with the values of these columns beside their texts."""
    values = ", ".join(f'"typed_{column.name}".value as "{column.name}"' for column in columns)
    kept = ", ".join(f'r."{column.name}" as "{column.name}_raw"' for column in columns)
    joins = " ".join(_typed_join(table, column) for column in columns)
    connection.execute(
        f"create table delivery.{table.name}_typed as select r.* replace ({values}), {kept} from delivery.{table.name} as r {joins}"
    )
    connection.execute(f"drop table delivery.{table.name}")
    connection.execute(f"alter table delivery.{table.name}_typed rename to {table.name}")


def _typed_join(table: Table, column: Column) -> str:
    name, made = f'"typed_{column.name}"', f'delivery.raw."typed_{table.name}_{column.name}"'
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
    if not table.key:
        connection.execute(f"create table delivery.raw.{table.name}_repeats (row_number bigint, first_row bigint)")
        return
    keys = ", ".join(f'"{name}"' for name in ("delivery", *table.key))
    is_whole = " and ".join(f'"{name}" is not null' for name in table.key)
    checked = f"delivery.raw.{table.name}_checked"
    connection.execute(
        f"create table delivery.raw.{table.name}_repeats as "
        f"with hashes as (select {_key_hash_sql(table)} as h from {checked} where {is_whole} group by h having count(*) > 1), "
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
