"""A first mapping of a delivery in a service's own words, made by likeness, for a person to edit."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Mapping as Pairs
from contextlib import ExitStack
from pathlib import Path

import duckdb

from journeys import sql
from journeys.intake import likeness
from journeys.intake.checks import EMPTY_WORDS
from journeys.intake.files import delivery
from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.delivery import Sheet
from journeys.intake.identifiers import WITHHELD, is_identifying_name, kind_of, shown_code
from journeys.intake.mapping import is_rounded, table_of
from journeys.intake.run import shown_name
from journeys.intake.staging import TICKED
from journeys.intake.texts import squash
from journeys.intake.typed import NO, YES
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Column, Dictionary, Table

MAX_VALUES = 60  # a column with more different values holds no codes


def suggest(paths: Sequence[Path | str]) -> str:
    """A first mapping (TOML) of deliveries, made by likeness of names and values, for a person to edit.

    What is named as the dictionary names it is left out. Values are written only of columns that hold codes, and none that looks
    like identifying data. ValueError for a path that is no delivery.
    """
    words = dictionaries.load()
    known = likeness.known_headers(words)
    parts = ["# A first version, made by likeness: check every line, correct it, and hand it over with --mapping."]
    with duckdb.connect() as connection, ExitStack() as stack:
        connection.execute(sql.QUIET)
        found = delivery.find([Path(path) for path in paths], connection, known, stack)
        opened = [sheet for sheet in found if isinstance(sheet, Sheet)]
        given = [(sheet, table) for sheet, table in _tables_of(opened, words)]
        taken = {table for _, table in given}
        for sheet, table in given:
            try:
                parts += _suggestion(connection, sheet, words.tables[table], words, taken)
            except (duckdb.Error, UnreadableError):
                parts.append(f"# {shown_name(sheet.name)} cannot be read to its end; check says why")
        parts += _left(opened, given, words)
    return "\n".join(parts) + "\n"


def _tables_of(opened: Sequence[Sheet], words: Dictionary) -> Iterator[tuple[Sheet, str]]:
    """Sheets with the table that each most likely holds; a table is given once, first to sheets that bear its name."""
    named = [(sheet, table_of(sheet.stems, words)) for sheet in opened]
    taken = {table for _, table in named if table}
    yield from ((sheet, table) for sheet, table in named if table)
    for sheet in (sheet for sheet, table in named if table is None):
        table = likeness.best_table(sheet.stems, sheet.header, words, taken)
        if table:
            taken.add(table)
            yield sheet, table


def _left(opened: Sequence[Sheet], given: Sequence[tuple[Sheet, str]], words: Dictionary) -> Iterator[str]:
    """What was given no table, with the one it may hold."""
    for sheet in opened:
        if not any(sheet is one for one, _ in given):
            likely = likeness.best_table(sheet.stems, sheet.header, words, ())
            name = shown_name(sheet.name)
            yield f"# {name} looks like {likely} too: keep one of the two" if likely else f"# {name} is like no table"


def _suggestion(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, table: Table, words: Dictionary, taken: set[str]
) -> list[str]:
    values = _values(connection, sheet)
    headers = [header for header in sheet.header if header and not kind_of(header)]
    matched = likeness.match_headers(headers, {header: values[header] for header in headers}, table)
    stem = [] if table_of(sheet.stems, words) or kind_of(sheet.stems[0]) else [f"sheet = {toml(sheet.stems[0])}"]
    lines = list(stem)
    columns = [f"{c} = {toml(h)}" for c, h in matched.items() if squash(h) != squash(c)]
    lines += [f"[tables.{table.name}.columns]", *columns] if columns else []
    rest = [header for header in headers if header not in matched.values()]
    turned = _turned(rest, values, words) if "referral_reason" not in taken and table.name == "journey" else {}
    tool, items = _items(rest, values, words) if table.name == "measure" and "item" not in matched else ("", {})
    held = {*matched, *(("tool", "item", "score") if items else ())}
    lines += _missing_words(table, held, [header for header in rest if header not in {**turned, **items}])
    for column, header in matched.items():
        lines += _value_words(table.columns[column], values[header], table)
    lines += _reasons(matched, turned, sheet) if turned else []
    lines += _readings(tool, items) if items else []
    return ["", f"# {shown_name(sheet.name)}", f"[tables.{table.name}]", *lines] if lines else []


def _turned(headers: Sequence[str], values: Pairs[str, Sequence[str]], words: Dictionary) -> dict[str, str]:
    """Ticked columns of one group (`Needs/Loneliness`) that are like reasons for referral, with the reason."""
    column = words.tables["referral_reason"].columns["reason"]
    found = {}
    for header in headers:
        group, _, last = header.rpartition("/")
        is_ticked = bool(values[header]) and {value.lower() for value in values[header]} <= {*YES, *NO, *TICKED}
        reason = likeness.best_code(last, column) if group and is_ticked else None
        if reason:
            found[header] = reason
    return found if len(found) > 1 else {}


def _items(headers: Sequence[str], values: Pairs[str, Sequence[str]], words: Dictionary) -> tuple[str, dict[str, str]]:
    """The tool of which most columns of numbers (`ONS4 - Anxiety (0-10)`) are like an item, with their items, each once."""
    numbered = [header for header in headers if values[header] and all(map(_is_number, values[header]))]
    found = {name: likeness.likely_items(numbered, tool) for name, tool in words.tools.items()}
    best = max(found, key=lambda name: len(found[name]))
    return best, found[best]


def _is_number(said: str) -> bool:
    return re.fullmatch(r"[0-9]+([.][0-9]+)?", said) is not None


def _readings(tool: str, items: Pairs[str, str]) -> list[str]:
    pairs = [f"{toml(header)} = {toml(item)}" for header, item in items.items()]
    return [
        "# columns with a score each, one row an item", "[tables.measure.fixed]", f"tool = {toml(tool)}", "[tables.measure.unpivot]",
        'name = "item"', 'value = "score"', "[tables.measure.unpivot.columns]", *pairs,
    ]  # fmt: skip


def _reasons(matched: Pairs[str, str], turned: Pairs[str, str], sheet: Sheet) -> list[str]:
    keys = [f"{name} = {toml(matched[name])}" for name in ("journey_id", "service_id") if name in matched]
    pairs = [f"{toml(header)} = {toml(reason)}" for header, reason in turned.items()]
    return [
        "", "# columns with a tick each, one row a reason", "[tables.referral_reason]", f"sheet = {toml(sheet.stems[0])}",
        "[tables.referral_reason.columns]", *keys, "[tables.referral_reason.unpivot]", 'name = "reason"',
        "[tables.referral_reason.unpivot.columns]", *pairs,
    ]  # fmt: skip


def _values(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> dict[str, list[str]]:
    """Different values of every column, most frequent first, at most one more than codes can have."""
    values = {}
    for place, header in enumerate(sheet.header):
        cell = f"trim(c{place})"
        with sheet.relation(connection) as relation:
            rows = connection.execute(
                f"select {cell} from {relation} where {cell} not in ('', {sql.text(header)}) group by all order by count(*) desc, 1 "
                f"limit {MAX_VALUES + 1}"
            ).fetchall()
        values[header] = [row[0] for row in rows]
    return values


def _missing_words(table: Table, matched: Collection[str], rest: Sequence[str]) -> list[str]:
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
    """Lines for the values of a code, or of yes and no, that are none of it; not for what a spreadsheet rounded, which can stand for none."""
    is_flag = column.type == "flag"
    if not (column.codes or is_flag) or len(values) > MAX_VALUES:
        return []
    odd = [value for value in values if not likeness.code_of(value, column)]
    strange = [value for value in odd if shown_code(value) != WITHHELD and not is_rounded(value)]
    likely = {v: "" if v.lower() in EMPTY_WORDS else likeness.best_code(v, column) for v in strange}
    if not strange:
        return []
    lines = [f"[tables.{table.name}.values.{column.name}]"]
    lines += [f"{toml(value)} = {toml(code)}" for value, code in likely.items() if code is not None]
    none = "neither yes nor no" if is_flag else "like no code"
    return lines + [f'# {toml(value)} = ""  # {none}: write one' for value, code in likely.items() if code is None]


def toml(words: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(words, ensure_ascii=False)
