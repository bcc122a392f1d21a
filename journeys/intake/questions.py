"""Did you mean: what stands in a delivery that the dictionary does not know, with all that it may mean, likeliest first.

An answer to a question is a line of a mapping. Sheets are asked about first: what is in them is judged by the table they hold.
A header can also be one of many that make rows (a reason a column, an area of a Star a column).
"""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from journeys import sql
from journeys.intake import likeness
from journeys.intake.files import delivery
from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.delivery import Sheet
from journeys.intake.identifiers import WITHHELD, is_identifying_name, kind_of, shown_code
from journeys.intake.mapping import Switch, TableMapping, is_rounded
from journeys.intake.mapping import load as load_mapping
from journeys.intake.staging import TICKED
from journeys.intake.texts import squash
from journeys.intake.typed import NO, YES
from journeys.vocabulary import dictionary as dictionaries
from journeys.vocabulary.dictionary import Code, Column, Dictionary, Table

MAX_VALUES = 60  # a column with more different values holds no codes
SHEET, HEADER, VALUE = "sheet", "header", "value"
REASON, READING = "row of referral_reason", "row of measure"  # a choice: one of these, a colon and a code
_TICKS = frozenset((*YES, *NO, *TICKED))
_NAMELESS = re.compile(
    r"unnamed: ?\d+|\.\.\.\d+|column ?\d+|index", re.IGNORECASE
)  # what programs call a column without a name


@dataclass(frozen=True)
class Question:
    """What does `given` mean? A sheet of a table, a header of a column, or a value of a code of `column`; `choices` are their names.
    `sheet` is what a mapping calls the sheet that a header stands in."""

    kind: str
    file: str
    table: str
    column: str | None
    given: str
    choices: tuple[str, ...]
    likeliest: str | None
    n_rows: int | None = None
    sheet: str = ""


def of(paths: Sequence[Path], mapping: Path | None = None) -> tuple[Question, ...]:
    """The questions that a delivery leaves open beside a mapping; nothing that looks like identifying data is printed."""
    words = dictionaries.load()
    mapped = load_mapping(mapping, words) if mapping else {}
    known = likeness.known_headers(words, (header for one in mapped.values() for header in one.headers))
    with duckdb.connect() as connection, ExitStack() as stack:
        connection.execute(sql.QUIET)
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
    has_reasons = "referral_reason" in taken
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
            yield from _in_sheet(connection, sheet, words, table, mapped, has_reasons)


def _named(sheet: Sheet, words: Dictionary, mapped: Mapping[str, TableMapping]) -> str | None:
    """The table that a sheet is named for, in the service's own words or in ours; of several the one whose rows are its rows."""
    stems = {squash(stem) for stem in sheet.stems}
    theirs = [name for name, one in mapped.items() if one.sheet and squash(one.sheet) in stems]
    if theirs:
        return min(theirs, key=lambda name: mapped[name].unpivot is not None)
    return next((t.name for t in words.tables.values() if {squash(t.name), squash(t.title)} & stems), None)


def _in_sheet(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    words: Dictionary,
    name: str,
    all_mapped: Mapping[str, TableMapping],
    has_reasons: bool,
) -> Iterator[Question]:
    table, mapped = words.tables[name], all_mapped.get(name, TableMapping())
    headers = [header for header in sheet.header if header and not kind_of(header)]
    places = {header: place for place, header in enumerate(sheet.header)}
    theirs = {squash(header): column for column, header in mapped.columns.items()}
    columns: dict[str, str] = {}  # header to column
    for header in headers:
        column = theirs.get(squash(header)) or next((c for c in table.columns if squash(c) == squash(header)), None)
        if column:
            columns[header] = column
    turned = _turned(sheet, name, all_mapped)
    unknown = [h for h in headers if h not in columns and squash(h) not in turned and not is_identifying_name(h)]
    free = tuple(c for c in table.columns if c not in columns.values() and c not in mapped.fixed)
    likely = likeness.likely_columns(unknown, free)
    for header in unknown:
        if _NAMELESS.fullmatch(header) and _counts_rows(connection, sheet, places[header]):
            continue
        rows = _rows_of(connection, sheet, places[header], words, table, mapped, has_reasons)
        liked = likely.get(header) or _likely_row(header, rows)
        choices = (*free, *rows)
        yield Question(HEADER, sheet.name, table.name, None, header, choices, liked, sheet=sheet.stems[0])
    for header, column in (columns | {h: c for h, c in likely.items() if c}).items():
        if table.columns[column].codes:
            values = mapped.values.get(column, {})
            yield from _values(connection, sheet, places[header], table, table.columns[column], values)


def _turned(sheet: Sheet, name: str, mapped: Mapping[str, TableMapping]) -> set[str]:
    """The headers of a sheet that a mapping turns into rows, of its own table or of another that it feeds."""
    stems = {squash(stem) for stem in sheet.stems}
    found = [one for other, one in mapped.items() if other == name or (one.sheet and squash(one.sheet) in stems)]
    return {squash(header) for one in found if one.unpivot for header in one.unpivot.columns}


def _rows_of(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    place: int,
    words: Dictionary,
    table: Table,
    mapped: TableMapping,
    has_reasons: bool,
) -> dict[str, str]:
    """What rows a column may make, each with its words: of ticks a reason, of numbers in a sheet of readings an item."""
    if table.name == "journey" and not has_reasons:
        column = words.tables["referral_reason"].columns["reason"]
        rows = {f"{REASON}:{code.code}": code.label for code in column.codes}
        return rows if _holds(connection, sheet, place, ticks=True) else {}
    is_turned = table.name == "measure" and "item" not in mapped.columns
    if not is_turned or any(squash(header) == "item" for header in sheet.header):
        return {}
    tool = mapped.fixed.get("tool")
    rows = {
        f"{READING}:{t.code}:{i.code}": i.label
        for t in words.tools.values()
        if tool in (None, t.code)
        for i in t.items.values()
    }
    return rows if _holds(connection, sheet, place, ticks=False) else {}


def _holds(connection: duckdb.DuckDBPyConnection, sheet: Sheet, place: int, *, ticks: bool) -> bool:
    """Whether a column holds ticks alone, or numbers alone."""
    words = ", ".join(f"'{word}'" for word in sorted(_TICKS))
    test = f"lower(trim(c{place})) in ({words})" if ticks else f"try_cast(trim(c{place}) as double) is not null"
    with sheet.relation(connection) as relation:
        sql = f"select count(*) > 0 and bool_and({test}) from {relation} where trim(c{place}) <> ''"
        return bool(connection.execute(sql).fetchall()[0][0])


def _counts_rows(connection: duckdb.DuckDBPyConnection, sheet: Sheet, place: int) -> bool:
    """Whether a column holds the number of each row, as a program writes it beside a table: there is nothing to ask about that."""
    number = f"try_cast(trim(c{place}) as double)"
    with sheet.relation(connection) as relation:
        sql = (
            f"select max({number}) - min({number}) + 1 = count(*) and count(distinct {number}) = count(*) and min({number}) in (0, 1) "
            f"from {relation} where trim(c{place}) <> ''"
        )
        return bool(connection.execute(sql).fetchall()[0][0])


def _likely_row(header: str, rows: Mapping[str, str]) -> str | None:
    """The row that the last part of a header (`Needs/Money`) is most like."""
    column = dictionaries.load().tables["referral_reason"].columns["reason"]
    codes = tuple(Code(row.rpartition(":")[2], label) for row, label in rows.items())
    liked = likeness.best_code(re.split("[/:>|]", header)[-1].strip(), replace(column, codes=codes))
    return next((row for row in rows if row.rpartition(":")[2] == liked), None)


def row_words(choice: str) -> str:
    """A row that a header may make, in words."""
    words = dictionaries.load()
    kind, _, code = choice.partition(":")
    if kind == REASON:
        return f"a reason, where it is ticked: {words.label('referral_reason', 'reason', code)}"
    tool, _, item = code.partition(":")
    return f"a reading: {words.tools[tool].label}, {words.item(tool, item).label}"


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
        is_asked = squash(value) not in known and shown_code(value) != WITHHELD and not is_rounded(value)
        if is_asked and not likeness.code_of(value, column):
            likely = likeness.best_code(value, column)
            yield Question(VALUE, sheet.name, table.name, column.name, value, codes, likely, n)


# --- answers ----------------------------------------------------------------------------------------------------------


def mapping_with(words: str, answers: Iterable[tuple[Question, str]]) -> str:
    """A mapping (TOML) with answers added to it: (question, the name chosen, or "" for an empty cell). What it said before stays.

    Answers about what is in a sheet count only if the sheet is taken for the table that they were asked for.
    ValueError when the mapping is no TOML.
    """
    made, given = _loaded(words), list(answers)
    sheets = {question.file: chosen for question, chosen in given if question.kind == SHEET}
    for question, chosen in given:
        if question.kind == SHEET:
            _inside(made, "tables", chosen)["sheet"] = question.given
        elif sheets.get(question.file, question.table) != question.table:
            continue
        elif question.kind == HEADER and chosen.startswith((REASON, READING)):
            _row(made, question, chosen)
        elif question.kind == HEADER:
            _inside(made, "tables", question.table, "columns")[chosen] = question.given
        else:
            _inside(made, "tables", question.table, "values", str(question.column))[question.given] = chosen
    _same_keys(made)
    return _toml(made)


def _row(made: MutableMapping, question: Question, chosen: str) -> None:
    """A column that makes rows; the readings of one table are of one tool."""
    kind, _, code = chosen.partition(":")
    if kind == REASON:
        _inside(made, "tables", question.table)["sheet"] = question.sheet
        table, item = _inside(made, "tables", "referral_reason"), code
        table["sheet"] = question.sheet
        turned = {**_inside(table, "unpivot"), "name": "reason"}
    else:
        tool, _, item = code.partition(":")
        table = _inside(made, "tables", "measure")
        if _inside(table, "fixed").setdefault("tool", tool) != tool:
            return
        turned = {**_inside(table, "unpivot"), "name": "item", "value": "score"}
    table["unpivot"] = turned | {"columns": turned.get("columns", {}) | {question.given: item}}


def _same_keys(made: Mapping) -> None:
    """Reasons that stand in the sheet of the journeys are found by the same references."""
    tables = made.get("tables", {})
    reasons, journeys = tables.get("referral_reason", {}), tables.get("journey", {})
    if "unpivot" not in reasons or reasons.get("sheet") != journeys.get("sheet"):
        return
    for part in ("columns", "fixed"):
        for name in ("service_id", "journey_id"):
            if name in journeys.get(part, {}):
                _inside(reasons, part)[name] = journeys[part][name]


def mapping_switched(words: str, switches: Iterable[Switch]) -> str:
    """A mapping (TOML) with switches put on; words for empty are added to those it names. ValueError when the mapping is no TOML."""
    made = _loaded(words)
    for switch in switches:
        tables = made.get("tables", {}).values()
        places = [_inside(made, "tables", switch.table)] if switch.table else [made]
        places += [table for table in tables if switch.name in table and not switch.table]
        for place in places:
            value = list(switch.value) if isinstance(switch.value, tuple) else switch.value
            place[switch.name] = (
                [*dict.fromkeys([*place.get(switch.name, []), *value])] if isinstance(value, list) else value
            )
    return _toml(made)


def _loaded(words: str) -> dict:
    try:
        return tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the mapping cannot be read: {error}") from None


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
