"""Did you mean: what stands in a delivery that the dictionary does not know, with all that it may mean, likeliest first.

An answer to a question is a line of a mapping. Sheets are asked about first: what is in them is judged by the table they hold.
"""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import duckdb

from journeys.intake import likeness
from journeys.intake.files import delivery
from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.delivery import Sheet
from journeys.intake.identifiers import is_identifying_name, kind_of
from journeys.intake.mapping import TableMapping
from journeys.intake.mapping import load as load_mapping
from journeys.intake.texts import squash
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Column, Dictionary, Table

MAX_VALUES = 60  # a column with more different values holds no codes
SHEET, HEADER, VALUE = "sheet", "header", "value"


@dataclass(frozen=True)
class Question:
    """What does `given` mean? A sheet of a table, a header of a column, or a value of a code of `column`; `choices` are their names."""

    kind: str
    file: str
    table: str
    column: str | None
    given: str
    choices: tuple[str, ...]
    likeliest: str | None
    n_rows: int | None = None


def of(paths: Sequence[Path], mapping: Path | None = None) -> tuple[Question, ...]:
    """The questions that a delivery leaves open beside a mapping; nothing that looks like identifying data is printed."""
    words = dictionaries.load()
    mapped = load_mapping(mapping, words) if mapping else {}
    known = frozenset(squash(name) for table in words.tables.values() for name in table.columns)
    known |= frozenset(squash(header) for one in mapped.values() for header in one.columns.values())
    with duckdb.connect() as connection, ExitStack() as stack:
        found = delivery.find([Path(path) for path in paths], connection, known, stack)
        sheets = [one for one in found if isinstance(one, Sheet)]
        return tuple(_questions(connection, sheets, words, mapped))


def _questions(
    connection: duckdb.DuckDBPyConnection,
    sheets: Sequence[Sheet],
    words: Dictionary,
    mapped: Mapping[str, TableMapping],
) -> Iterator[Question]:
    named = [(sheet, _named(sheet, words, mapped)) for sheet in sheets]
    taken = {table for _, table in named if table}
    for sheet, table in named:
        if table is None:
            likely = likeness.best_table(sheet.stems, sheet.header, words, taken)
            free = tuple(name for name in words.tables if name not in taken)
            yield Question(SHEET, sheet.name, likely or "", None, sheet.stems[0], free, likely)
            if likely is None:
                continue
            taken.add(likely)
            table = likely
        with contextlib.suppress(duckdb.Error, UnreadableError):  # the report says why it cannot be read
            yield from _in_sheet(connection, sheet, words.tables[table], mapped.get(table, TableMapping()))


def _named(sheet: Sheet, words: Dictionary, mapped: Mapping[str, TableMapping]) -> str | None:
    """The table that a sheet is named for, in the service's own words or in ours."""
    stems = {squash(stem) for stem in sheet.stems}
    for name, one in mapped.items():
        if one.sheet and squash(one.sheet) in stems:
            return name
    return next((t.name for t in words.tables.values() if {squash(t.name), squash(t.title)} & stems), None)


def _in_sheet(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: Table, mapped: TableMapping
) -> Iterator[Question]:
    headers = [header for header in sheet.header if header and not kind_of(header)]
    places = {header: place for place, header in enumerate(sheet.header)}
    theirs = {squash(header): column for column, header in mapped.columns.items()}
    columns: dict[str, str] = {}  # header to column
    for header in headers:
        column = theirs.get(squash(header)) or next((c for c in table.columns if squash(c) == squash(header)), None)
        if column:
            columns[header] = column
    unknown = [h for h in headers if h not in columns and not is_identifying_name(h)]
    free = tuple(c for c in table.columns if c not in columns.values() and c not in mapped.fixed)
    likely = _likely(unknown, free, table)
    for header in unknown:
        yield Question(HEADER, sheet.name, table.name, None, header, free, likely.get(header))
    for header, column in (columns | {h: c for h, c in likely.items() if c}).items():
        if table.columns[column].codes:
            values = mapped.values.get(column, {})
            yield from _values(connection, sheet, places[header], table, table.columns[column], values)


def _likely(unknown: Sequence[str], free: Iterable[str], table: Table) -> dict[str, str]:
    """Header to column, the likeliest pairs first, each once."""
    scores = [(likeness.name_likeness(header, column), header, column) for header in unknown for column in free]
    found: dict[str, str] = {}
    for score, header, column in sorted(scores, key=lambda pair: -pair[0]):
        if score >= likeness.MIN_NAME and header not in found and column not in found.values():
            found[header] = column
    return found


def _values(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    place: int,
    table: Table,
    column: Column,
    mapped: Mapping[str, str],
) -> Iterator[Question]:
    """The values of one column that are no code, most frequent first."""
    cell = f"trim(c{place})"
    with sheet.relation(connection) as relation:
        rows = connection.execute(
            f"select {cell}, count(*) from {relation} where {cell} <> '' group by all order by 2 desc, 1 limit {MAX_VALUES + 1}"
        ).fetchall()
    if len(rows) > MAX_VALUES:
        return
    known = {squash(value) for value in mapped}
    codes = tuple(code.code for code in column.codes)
    for value, n in rows:
        if squash(value) not in known and not likeness.code_of(value, column) and not kind_of(value):
            likely = likeness.best_code(value, column)
            yield Question(VALUE, sheet.name, table.name, column.name, value, codes, likely, n)


# --- answers ----------------------------------------------------------------------------------------------------------


def mapping_with(words: str, answers: Iterable[tuple[Question, str]]) -> str:
    """A mapping (TOML) with answers added to it: (question, the name chosen, or "" for an empty cell). What it said before stays.

    Answers about what is in a sheet count only if the sheet is taken for the table that they were asked for.
    ValueError when the mapping is no TOML.
    """
    try:
        made = tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the mapping cannot be read: {error}") from None
    given = list(answers)
    sheets = {question.file: chosen for question, chosen in given if question.kind == SHEET}
    for question, chosen in given:
        if question.kind == SHEET:
            _inside(made, "tables", chosen)["sheet"] = question.given
        elif sheets.get(question.file, question.table) != question.table:
            continue
        elif question.kind == HEADER:
            _inside(made, "tables", question.table, "columns")[chosen] = question.given
        else:
            _inside(made, "tables", question.table, "values", str(question.column))[question.given] = chosen
    return _toml(made)


def _inside(made: MutableMapping, *names: str) -> MutableMapping:
    for name in names:
        made = made.setdefault(name, {})
    return made


def _toml(table: Mapping, path: tuple[str, ...] = ()) -> str:
    plain = {name: value for name, value in table.items() if not isinstance(value, dict)}
    lines = [f"[{'.'.join(map(_key, path))}]"] if path and plain else []
    lines += [f"{_key(name)} = {json.dumps(value, ensure_ascii=False)}" for name, value in plain.items()]
    parts = ["\n".join(lines) + "\n"] if lines else []
    parts += [_toml(value, (*path, name)) for name, value in table.items() if isinstance(value, dict)]
    return "\n".join(parts)


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
