"""Rows of deliveries in their tables: a column in its own type where every text of it is just what its values say, else as text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from journeys.intake import texts
from journeys.intake.files.cells import BLANKS, as_text
from journeys.intake.layout import Layout, Turned
from journeys.intake.mapping import MONTH_FIRST, TableMapping, mapped_key
from journeys.sql import text
from journeys.vocabulary.dictionary import Code, Column, Dictionary, Table

SQL_TYPES = {"date": "DATE", "flag": "BOOLEAN", "integer": "INTEGER", "number": "DOUBLE"}
TICKED = ("yes", "true", "1", "y", "x", "ticked", "checked", "selected", "\u2713", "\u2714")
_BLANKS = text(BLANKS)


def create(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> None:
    """Every table of the dictionary, empty, with the types of its columns, and delivery.raw with the aliases of all codes.

    `journey_row` is the row_number of the journey that a row of another table names.
    """
    connection.execute("drop schema if exists delivery.raw cascade")
    connection.execute("create schema delivery.raw")
    for table in dictionary.tables.values():
        columns = ", ".join(f'"{name}" {type_of(column)}' for name, column in table.columns.items())
        connection.execute(
            f"create or replace table delivery.{table.name} ({columns}, row_number bigint, delivery integer, "
            f"{'journey_row bigint, ' if table.is_child else ''}file_no integer, row bigint, is_ragged boolean)"
        )
    connection.execute("create table delivery.raw.refused (table_name varchar, row_number bigint)")
    connection.execute(
        "create table delivery.raw.alias as select unnest(?::varchar[]) as list, unnest(?::varchar[]) as alias, unnest(?::varchar[]) as code",
        [list(column) for column in zip(*_aliases(dictionary), strict=True)],
    )


def type_of(column: Column) -> str:
    return SQL_TYPES.get(column.type, "VARCHAR")


def held(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    """The type that each column of a table has by now: its own, or VARCHAR."""
    described = connection.execute(f"select * from delivery.{table.name} limit 0").description
    return {name: str(type_) for name, type_, *_ in described if name in table.columns}


def _aliases(dictionary: Dictionary) -> Iterator[tuple[str, str, str]]:
    for table in dictionary.tables.values():
        for column in table.columns.values():
            yield from _code_aliases(f"{table.name}.{column.name}", column.codes)
    for tool in dictionary.tools.values():
        items = tuple(Code(item.code, item.label) for item in tool.items.values())
        yield from _code_aliases(f"item.{tool.code}", items)


def _code_aliases(name: str, codes: tuple[Code, ...]) -> Iterator[tuple[str, str, str]]:
    for code in codes:
        yield from ((name, alias, code.code) for alias in sorted(said_for(code)))


def said_for(code: Code) -> set[str]:
    """What a code is taken for, as texts.key gives it: itself, its label, the NHS codes."""
    aliases = {texts.key(alias) for alias in (code.code, code.label, *code.nhs)}
    return aliases | {alias.lstrip("0") for alias in code.nhs if alias.isdigit()}  # Excel drops the zero of 01


# --- text -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where the rows of a sheet come from: its file and delivery by number, how many cells its header has, how its dates count (None
    for a text file; for a workbook what is added to its serial dates: 0, or 1462 when it counts from 1904), which cells have blanks
    around a value, and which hold nothing but values of their column's type, written as these are."""

    file_no: int
    delivery: int
    n_cells: int
    epoch_days: int | None
    padded: Collection[int]
    plain: Collection[int]


def stage(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    table: Table,
    layout: Layout,
    mapped: TableMapping,
    origin: Origin,
) -> int:
    """Copies a sheet's rows that hold any text into its table and returns how many."""
    name, n_cells = f"delivery.{table.name}", origin.n_cells
    types = {place: type_of(table.columns[column]) for column, place in layout.places.items() if place in origin.plain}
    cells = [_staged_sql(f"c{place}", types.get(place), is_padded=place in origin.padded) for place in range(n_cells)]
    some = " or ".join(f"c{place} is not null" for place in range(n_cells))
    columns = {name: _cell_sql(column, layout, mapped, origin) for name, column in table.columns.items()}
    parts = [_part_sql(columns, turned) for turned in layout.turned] or [_part_sql(columns, None)]
    order = "over (order by row, part)" if layout.turned else "over ()"
    values = _values_sql(connection, table, layout, origin)
    journey, join = ("k.journey_row, ", f"left join ({_key_sql(origin)}) as k using (service_id, journey_id)")
    before = connection.execute(f"select coalesce(max(row_number), 0) from {name}").fetchall()[0][0]
    inserted = connection.execute(
        f"insert into {name} by name "
        f"with cells as (select row, n_cells, {', '.join(cells)} from {relation}), "
        f"filled as {'materialized ' if len(parts) > 1 else ''}(select * from cells where {some}), "
        f"parts as ({' union all '.join(parts)}), "
        f"numbered as (select *, {before} + row_number() {order} as row_number from parts) "
        f"select {values}, row_number, {origin.delivery} as delivery, {journey if table.is_child else ''}"
        f"{origin.file_no} as file_no, row, n_cells <> {n_cells} as is_ragged from numbered {join if table.is_child else ''}"
    )
    return inserted.fetchall()[0][0]


def note_journeys(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `journey_key`: the first row of every journey that was staged, by its references."""
    connection.execute(
        "create table if not exists delivery.raw.journey_key as "
        "select delivery, service_id, journey_id, min(row_number) as journey_row from delivery.journey "
        "where service_id is not null and journey_id is not null group by all"
    )


def _key_sql(origin: Origin) -> str:
    return (
        f"select service_id, journey_id, journey_row from delivery.raw.journey_key where delivery = {origin.delivery}"
    )


def _values_sql(connection: duckdb.DuckDBPyConnection, table: Table, layout: Layout, origin: Origin) -> str:
    """The columns as they are inserted. A column is text as soon as one sheet has it as text."""
    turned = {name for one in layout.turned for name in (one.name, one.value) if name}
    now, values = held(connection, table), []
    for name, column in table.columns.items():
        own, place = type_of(column), layout.places.get(name)
        is_empty = place is None and name not in layout.fixed and name not in turned
        is_plain = place in origin.plain and name not in turned
        if not (is_empty or is_plain) and now[name] != "VARCHAR":
            as_it_is = as_text(f'"{name}"', own)
            connection.execute(f'alter table delivery.{table.name} alter column "{name}" type varchar using {as_it_is}')
        is_made_text = is_plain and now[name] == "VARCHAR" and own != "VARCHAR"
        said = as_text(f'"{name}"', own) if is_made_text else f'"{name}"'
        values.append("null" if is_empty else said)
    return ", ".join(f'{value} as "{name}"' for value, name in zip(values, table.columns, strict=True))


def _staged_sql(cell: str, type_: str | None, *, is_padded: bool) -> str:
    if type_ is not None:
        return f"try_cast({cell} as {type_}) as {cell}"
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


def _cell_sql(column: Column, layout: Layout, mapped: TableMapping, origin: Origin) -> str:
    if column.name in layout.fixed:
        return text(layout.fixed[column.name])
    if column.name not in layout.places:
        return "null::varchar"
    said = cell = f"c{layout.places[column.name]}"
    if layout.places[column.name] in origin.plain:
        return cell
    if column.type == "date":
        said = _date_text_sql(cell, mapped, origin.epoch_days)
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
