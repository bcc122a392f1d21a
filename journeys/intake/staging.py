"""Rows of deliveries as text (`<table>_raw`), then typed beside the text (`<table>_checked`), in the schema delivery.raw."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from journeys.intake import texts
from journeys.intake.files.cells import BLANKS
from journeys.intake.layout import Layout, Turned
from journeys.intake.mapping import MONTH_FIRST, TableMapping, mapped_key
from journeys.sql import text
from journeys.vocabulary.dictionary import Code, Column, Dictionary, Table

FIRST_YEAR, LAST_YEAR = 1900, 2199
TICKED = ("yes", "true", "1", "y", "x", "ticked", "checked", "selected", "\u2713", "\u2714")
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
BARRIER = "[a-z][a-z0-9_]{0,59}"
_BLANKS = text(BLANKS)


def create(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> None:
    """An empty delivery.raw with a raw table for every table of the dictionary and the aliases of all codes."""
    connection.execute("drop schema if exists delivery.raw cascade")
    connection.execute("create schema delivery.raw")
    for table in dictionary.tables.values():
        columns = ", ".join(f'"{name}" varchar' for name in table.columns)
        connection.execute(
            f"create table delivery.raw.{table.name}_raw "
            f"(file_no integer, delivery integer, row bigint, is_ragged boolean, row_number bigint, {columns})"
        )
    connection.execute("create table delivery.raw.refused (table_name varchar, row_number bigint)")
    connection.execute("create table delivery.raw.alias (list varchar, alias varchar, code varchar)")
    rows = ", ".join(f"({', '.join(map(text, alias))})" for alias in _aliases(dictionary))
    connection.execute(f"insert into delivery.raw.alias values {rows}")


def _aliases(dictionary: Dictionary) -> Iterator[tuple[str, str, str]]:
    for table in dictionary.tables.values():
        for column in table.columns.values():
            yield from _code_aliases(f"{table.name}.{column.name}", column.codes)
    for tool in dictionary.tools.values():
        items = tuple(Code(item.code, item.label) for item in tool.items.values())
        yield from _code_aliases(f"item.{tool.code}", items)


def _code_aliases(name: str, codes: tuple[Code, ...]) -> Iterator[tuple[str, str, str]]:
    for code in codes:
        aliases = {texts.key(alias) for alias in (code.code, code.label, *code.nhs)}
        aliases |= {alias.lstrip("0") for alias in code.nhs if alias.isdigit()}  # Excel drops the zero of 01
        yield from ((name, alias, code.code) for alias in sorted(aliases))


# --- text -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where the rows of a sheet come from: its file and delivery by number, how many cells its header has, how its dates count (None
    for a text file; for a workbook what is added to its serial dates: 0, or 1462 when it counts from 1904), and which cells have blanks
    around a value."""

    file_no: int
    delivery: int
    n_cells: int
    epoch_days: int | None
    padded: Collection[int]


def stage(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    table: Table,
    layout: Layout,
    mapped: TableMapping,
    origin: Origin,
) -> int:
    """Copies a sheet's rows that hold any text into its raw table and returns how many."""
    name, n_cells = f"delivery.raw.{table.name}_raw", origin.n_cells
    before = connection.execute(f"select coalesce(max(row_number), 0) from {name}").fetchall()[0][0]
    cells = [_trimmed_sql(f"c{place}", is_padded=place in origin.padded) for place in range(n_cells)]
    some = "coalesce(" + ", ".join(f"c{place}" for place in range(n_cells)) + ")"
    columns = {name: _cell_sql(column, layout, mapped, origin.epoch_days) for name, column in table.columns.items()}
    parts = [_part_sql(columns, turned) for turned in layout.turned] or [_part_sql(columns, None)]
    order = "over (order by row, part)" if layout.turned else "over ()"
    connection.execute(
        f"insert into {name} by name "
        f"with cells as (select row, n_cells, {', '.join(cells)} from {relation}), "
        f"filled as {'materialized ' if len(parts) > 1 else ''}(select * from cells where {some} is not null), "
        f"parts as ({' union all '.join(parts)}) "
        f"select {origin.file_no} as file_no, {origin.delivery} as delivery, row, n_cells <> {n_cells} as is_ragged, "
        f"{before} + row_number() {order} as row_number, * exclude (row, n_cells, part) from parts"
    )
    return connection.execute(f"select count(*) from {name} where file_no = {origin.file_no}").fetchall()[0][0]


def _trimmed_sql(cell: str, *, is_padded: bool) -> str:
    return f"nullif({f'trim({cell}, {_BLANKS})' if is_padded else cell}, '') as {cell}"


def _part_sql(columns: Mapping[str, str], turned: Turned | None) -> str:
    """The rows of a sheet as rows of a table; for a column that is turned into rows, those where it holds something."""
    columns, where = dict(columns), ""
    if turned is not None:
        cell = f"c{turned.place}"
        columns[turned.name] = text(turned.code)
        where = f" where {cell} is not null"
        if turned.value:
            columns[turned.value] = cell
        else:
            where = f" where lower({cell}) in ({', '.join(map(text, TICKED))})"
    values = ", ".join(f'{sql} as "{name}"' for name, sql in columns.items())
    return f"select row, n_cells, {turned.place if turned else 0} as part, {values} from filled{where}"


def _cell_sql(column: Column, layout: Layout, mapped: TableMapping, epoch_days: int | None) -> str:
    if column.name in layout.fixed:
        return text(layout.fixed[column.name])
    if column.name not in layout.places:
        return "null::varchar"
    cell = f"c{layout.places[column.name]}"
    said = cell
    if column.type == "date":
        said = _date_text_sql(cell, mapped, epoch_days)
    elif column.name.endswith(("_id", "_ref")):
        said = _reference_sql(cell, column.name, mapped)
    return _mapped_sql(cell, said, mapped.empty, mapped.values.get(column.name, {}))


def _date_text_sql(cell: str, mapped: TableMapping, epoch_days: int | None) -> str:
    """A workbook's plain number in a date column as the date it stands for (5 digits reach from 1927 to 2173); month first turned round."""
    if mapped.date_order == MONTH_FIRST:
        cell = f"regexp_replace({cell}, '^([0-9]{{1,2}})/([0-9]{{1,2}})/', '\\2/\\1/')"
    if epoch_days is None:
        return cell
    day = f"date '1899-12-30' + (try_cast({cell} as integer) + {epoch_days})"
    return f"case when regexp_full_match({cell}, '[0-9]{{5}}') then ({day})::varchar else {cell} end"


def _reference_sql(cell: str, name: str, mapped: TableMapping) -> str:
    """A reference without the decimals that a program gave it, and with the zeros that a spreadsheet took from it."""
    if mapped.decimal_ids:
        cell = f"regexp_replace({cell}, '^([0-9]+)[.]0+$', '\\1')"
    if mapped.leading_zeros and name == "journey_id":
        digits = mapped.leading_zeros
        cell = f"case when regexp_full_match({cell}, '[0-9]{{1,{digits}}}') then lpad({cell}, {digits}, '0') else {cell} end"
    return cell


def _mapped_sql(cell: str, said: str, empty: Sequence[str], values: Mapping[str, str]) -> str:
    if not values and not empty:
        return said
    key = f"lower({texts.folded_sql(cell)})"
    cases = [
        f"when {text(mapped_key(theirs))} then {text(ours) if ours else 'null'}" for theirs, ours in values.items()
    ]
    cases += [f"when {text(mapped_key(words))} then null" for words in empty]
    return f"case {key} {' '.join(cases)} else {said} end"


# --- types ------------------------------------------------------------------------------------------------------------


SQL_TYPES = {"date": "date", "flag": "boolean", "integer": "integer", "number": "double"}


def typed_sql(table: Table, column: Column) -> str:
    """SQL for a column's typed value in terms of its text `r."<column>"`; null where the text is of another type."""
    value = f'r."{column.name}"'
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


def _typed_ctes(table: Table, placed: Collection[str]) -> dict[str, str]:
    """For each column whose type is not that of its text a table of its different texts and their values: each is looked at once."""
    ctes = {}
    for column in (column for column in table.columns.values() if column.name in placed):
        keys, value = [column.name], typed_sql(table, column)
        if table.name == "measure" and column.name == "item":
            keys.append("tool")
        elif column.type == "text" and not column.codes:
            continue
        names = ", ".join(f'"{key}"' for key in keys)
        ctes[column.name] = (
            f'"typed_{column.name}" as materialized (select {names}, {value} as value from '
            f'(select distinct {names} from delivery.raw.{table.name}_raw where "{column.name}" is not null) as r '
            f"{_alias_joins(table, keys)})"
        )
    return ctes


def _alias_joins(table: Table, names: Collection[str]) -> str:
    joins = []
    for column in (column for column in table.columns.values() if column.name in names):
        on = f"a_{column.name}.alias = {texts.key_sql(f'r.{column.name}')}"
        if column.codes:
            name = text(f"{table.name}.{column.name}")
            joins.append(f"left join delivery.raw.alias as a_{column.name} on a_{column.name}.list = {name} and {on}")
        elif table.name == "measure" and column.name == "item":
            joins.append(f"left join delivery.raw.alias as a_item on a_item.list = 'item.' || a_tool.code and {on}")
    return " ".join(joins)


def check_table(connection: duckdb.DuckDBPyConnection, table: Table, placed: Collection[str]) -> None:
    """Makes `<table>_checked` from `<table>_raw` (text, typed value, facts of the parents) and drops the raw table; `placed` are the
    columns that stand in any file."""
    ctes = _typed_ctes(table, placed)
    typed = ", ".join(
        f'r."{column.name}" as "{column.name}_raw", {_value_sql(column, placed, ctes)} as "{column.name}"'
        for column in table.columns.values()
    )
    joins = " ".join(_typed_join(table, name) for name in ctes)
    facts, parents = _parent_sql(table)
    if table.name == "journey":
        facts += f", {_value_sql(table.columns['referred_on'], placed, ctes)} as parent_referred_on"
    looked_at = f"with {', '.join(ctes.values())} " if ctes else ""
    connection.execute(
        f"create table delivery.raw.{table.name}_checked as {looked_at}"
        f"select r.file_no, r.delivery, r.row, r.is_ragged, r.row_number, {typed}{facts} "
        f"from delivery.raw.{table.name}_raw as r {joins} {parents}"
    )
    connection.execute(f"drop table delivery.raw.{table.name}_raw")


def _value_sql(column: Column, placed: Collection[str], ctes: Collection[str]) -> str:
    if column.name in ctes:
        return f'"typed_{column.name}".value'
    return f'r."{column.name}"' if column.name in placed else f"null::{SQL_TYPES.get(column.type, 'varchar')}"


def _typed_join(table: Table, name: str) -> str:
    on = f'"typed_{name}"."{name}" = r."{name}"'
    if table.name == "measure" and name == "item":
        on += f' and "typed_{name}".tool = r.tool'
    return f'left join "typed_{name}" on {on}'


def _parent_sql(table: Table) -> tuple[str, str]:
    if table.name == "service":
        return "", ""
    delivery = "left join delivery.raw.deliveries as d on d.delivery = r.delivery "
    service = 'left join delivery.raw.service_parent as s on s.delivery = r.delivery and s.service_id = r."service_id"'
    facts = (
        ", (s.service_id is not null or not d.is_service_read) as is_service_known, "
        "coalesce(s.is_refused, false) as is_service_refused, "
        "s.data_from as parent_data_from, s.data_to as parent_data_to"
    )
    if not table.is_child:
        return facts, delivery + service
    journey = (
        " left join delivery.raw.journey_parent as j on j.delivery = r.delivery "
        'and j.service_id = r."service_id" and j.journey_id = r."journey_id"'
    )
    facts += (
        ", (j.journey_id is not null or not d.is_journey_read) as is_journey_known, "
        "j.journey_id is not null and not j.is_refused as is_journey_good, "
        "(coalesce(s.is_refused, false) or coalesce(j.is_refused, false)) as is_parent_refused, "
        "j.referred_on as parent_referred_on, j.employment_status as parent_employment"
    )
    return facts, delivery + service + journey


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
        f"with hashes as (select hash({keys}) as h from {checked} where {is_whole} group by h having count(*) > 1), "
        f"likely as (select * from {checked} where {is_whole} and hash({keys}) in (select h from hashes)), "
        f"ranked as (select row_number, row, row_number() over w as nth, first_value(row) over w as first_row "
        f"from likely window w as (partition by {keys} order by row_number)) "
        f"select row_number, first_row from ranked where nth > 1"
    )


def make_parents(connection: duckdb.DuckDBPyConnection, name: str, refused: str) -> None:
    """Makes `service_parent` or `journey_parent`: the first row of every key, and whether that row was refused (`refused`: a query)."""
    facts = {
        "service": "c.service_id, c.data_from, c.data_to",
        "journey": "c.service_id, c.journey_id, c.referred_on, c.employment_status",
    }
    connection.execute(
        f"create table delivery.raw.{name}_parent as "
        f"select c.delivery, {facts[name]}, "
        f"c.row_number in {refused} as is_refused "
        f"from delivery.raw.{name}_checked as c "
        f"where c.{name}_id is not null and c.service_id is not null "
        f"and c.row_number not in (select row_number from delivery.raw.{name}_repeats)"
    )
