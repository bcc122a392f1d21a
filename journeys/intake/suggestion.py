"""A first mapping of a delivery in a service's own words, made by likeness, for a person to edit."""

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Pairs
from contextlib import ExitStack
from pathlib import Path

import duckdb

from journeys.intake import likeness
from journeys.intake.files import delivery
from journeys.intake.files.cells import squash
from journeys.intake.files.delivery import Sheet
from journeys.intake.identifiers import is_identifying_name, kind_of
from journeys.intake.mapping import table_of
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Column, Dictionary, Table

MAX_VALUES = 60  # a column with more different values holds no codes


def suggest(paths: Sequence[Path | str]) -> str:
    """A first mapping (TOML) of deliveries, made by likeness of names and values, for a person to edit.

    What is named as the dictionary names it is left out. Values are written only of columns that hold codes, and none that looks
    like identifying data. ValueError for a path that is no delivery.
    """
    words = dictionaries.load()
    known = frozenset(squash(name) for table in words.tables.values() for name in table.columns)
    parts = ["# A first version, made by likeness: check every line, correct it, and hand it over with --mapping."]
    with duckdb.connect() as connection, ExitStack() as stack:
        found = delivery.find([Path(path) for path in paths], connection, known, stack)
        opened = [sheet for sheet in found if isinstance(sheet, Sheet)]
        for sheet, table in _tables_of(opened, words):
            parts += _suggestion(connection, sheet, words.tables[table])
    return "\n".join(parts) + "\n"


def _tables_of(opened: Sequence[Sheet], words: Dictionary) -> Iterator[tuple[Sheet, str]]:
    """Sheets with the table that each most likely holds; a table is given once, first to sheets that bear its name."""
    named = [(sheet, table_of(sheet.stems, {}, words)) for sheet in opened]
    taken = {table for _, table in named if table}
    yield from ((sheet, table) for sheet, table in named if table)
    for sheet in (sheet for sheet, table in named if table is None):
        table = likeness.best_table(sheet.stems, sheet.header, words, taken)
        if table:
            taken.add(table)
            yield sheet, table


def _suggestion(connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: Table) -> list[str]:
    values = _values(connection, sheet)
    headers = [header for header in sheet.header if header and not kind_of(header)]
    matched = likeness.match_headers(headers, {header: values[header] for header in headers}, table)
    lines = [] if table_of(sheet.stems, {}, dictionaries.load()) else [f"sheet = {toml(sheet.stems[0])}"]
    columns = [f"{c} = {toml(h)}" for c, h in matched.items() if squash(h) != squash(c)]
    lines += [f"[tables.{table.name}.columns]", *columns] if columns else []
    lines += _missing_words(table, matched, [header for header in headers if header not in matched.values()])
    for column, header in matched.items():
        lines += _value_words(table.columns[column], values[header], table)
    return ["", f"# {sheet.name}", f"[tables.{table.name}]", *lines] if lines else []


def _values(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> dict[str, list[str]]:
    """Different values of every column, most frequent first, at most one more than codes can have."""
    values = {}
    for place, header in enumerate(sheet.header):
        cell = f"trim(c{place})"
        with sheet.relation(connection) as relation:
            rows = connection.execute(
                f"select {cell} from {relation} where {cell} <> '' group by all order by count(*) desc, 1 "
                f"limit {MAX_VALUES + 1}"
            ).fetchall()
        values[header] = [row[0] for row in rows]
    return values


def _missing_words(table: Table, matched: Pairs[str, str], rest: Sequence[str]) -> list[str]:
    lines = [
        f"# {name}: no column found; it is required ({column.meaning})"
        for name, column in table.columns.items()
        if column.required and name not in matched
    ]
    lines += [
        f"# {toml(h)} identifies people: remove it before anything is handed over"
        for h in rest
        if is_identifying_name(h)
    ]
    return lines + [f"# {toml(h)} was not matched and will be ignored" for h in rest if not is_identifying_name(h)]


def _value_words(column: Column, values: Sequence[str], table: Table) -> list[str]:
    if not column.codes or len(values) > MAX_VALUES:
        return []
    strange = [value for value in values if not likeness.code_of(value, column) and not kind_of(value)]
    likely = {value: likeness.best_code(value, column) for value in strange}
    if not strange or not any(likely.values()):
        return []
    lines = [f"[tables.{table.name}.values.{column.name}]"]
    lines += [f"{toml(value)} = {toml(code)}" for value, code in likely.items() if code]
    n_unlike = sum(code is None for code in likely.values())
    return lines + ([f"# {n_unlike} more values are like no code; check tells them"] if n_unlike else [])


def toml(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
