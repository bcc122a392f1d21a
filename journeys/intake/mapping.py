"""A mapping: the sheets, headers and values that one service uses, told in the words of the dictionary.

[tables.journey]
sheet = "Referrals"                       # the file (without its ending) or sheet that holds the table
[tables.journey.columns]
referred_on = "Date of referral"          # dictionary column = their header
[tables.journey.fixed]
service_id = "rotherham-mh"               # a column that they do not have, the same in every row
[tables.journey.values.referral_source]
"GP surgery" = "gp"                       # their value = dictionary code
"""

import json
import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Pairs
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from journeys.intake import likeness
from journeys.intake.files import delivery
from journeys.intake.files.cells import squash
from journeys.intake.files.delivery import Sheet
from journeys.intake.identifiers import is_identifying_name, kind_of
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Column, Dictionary, Table

MAX_VALUES = 60  # a column with more different values holds no codes


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one table; empty where the service uses the dictionary's own words."""

    sheet: str | None = None
    columns: Pairs[str, str] = field(default_factory=dict, hash=False)
    fixed: Pairs[str, str] = field(default_factory=dict, hash=False)
    values: Pairs[str, Pairs[str, str]] = field(default_factory=dict, hash=False)


Mapping = Pairs[str, TableMapping]
_PARTS = ("sheet", "columns", "fixed", "values")


def load(path: Path, dictionary: Dictionary) -> Mapping:
    """The mapping in a TOML file; ValueError names what in it the dictionary does not know."""
    try:
        words = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"mapping {path} cannot be read: {error}") from error
    _allow(path, "the file", words, ("tables",))
    return {name: _table(path, name, body, dictionary) for name, body in words.get("tables", {}).items()}


def _table(path: Path, name: str, body: dict, dictionary: Dictionary) -> TableMapping:
    _allow(path, "tables", {name}, tuple(dictionary.tables))
    _allow(path, f"tables.{name}", body, _PARTS)
    table = dictionary.tables[name]
    for part in ("columns", "fixed", "values"):
        _allow(path, f"tables.{name}.{part}", body.get(part, {}), tuple(table.columns))
    for column, values in body.get("values", {}).items():
        _check_values(path, table, column, values)
    return TableMapping(**body)


def _check_values(path: Path, table: Table, column: str, values: Pairs[str, str]) -> None:
    codes = tuple(code.code for code in table.columns[column].codes)
    if codes:
        _allow(path, f"tables.{table.name}.values.{column}", values.values(), codes)


def _allow(path: Path, where: str, got: object, allowed: tuple[str, ...]) -> None:
    strange = [name for name in got if name not in allowed]
    if strange:
        raise ValueError(f"mapping {path}: {where} has {strange[0]!r}; allowed: {', '.join(allowed)}")


def table_of(names: tuple[str, ...], mapping: Mapping, dictionary: Dictionary) -> str | None:
    """The table that a file or sheet of one of these names holds, or None."""
    theirs = {squash(mapped.sheet): name for name, mapped in mapping.items() if mapped.sheet}
    ours = {squash(name): name for name in dictionary.tables}
    ours |= {squash(table.title): name for name, table in dictionary.tables.items()}
    known = ours | theirs
    return next((known[squash(name)] for name in names if squash(name) in known), None)


# --- a first version --------------------------------------------------------------------------------------------------


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
    lines = [] if table_of(sheet.stems, {}, dictionaries.load()) else [f"sheet = {_toml(sheet.stems[0])}"]
    columns = [f"{c} = {_toml(h)}" for c, h in matched.items() if squash(h) != squash(c)]
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
        f"# {_toml(h)} identifies people: remove it before anything is handed over"
        for h in rest
        if is_identifying_name(h)
    ]
    return lines + [f"# {_toml(h)} was not matched and will be ignored" for h in rest if not is_identifying_name(h)]


def _value_words(column: Column, values: Sequence[str], table: Table) -> list[str]:
    if not column.codes or len(values) > MAX_VALUES:
        return []
    strange = [value for value in values if not likeness.code_of(value, column) and not kind_of(value)]
    likely = {value: likeness.best_code(value, column) for value in strange}
    if not strange or not any(likely.values()):
        return []
    lines = [f"[tables.{table.name}.values.{column.name}]"]
    lines += [f"{_toml(value)} = {_toml(code)}" for value, code in likely.items() if code]
    n_unlike = sum(code is None for code in likely.values())
    return lines + ([f"# {n_unlike} more values are like no code; check tells them"] if n_unlike else [])


def _toml(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
