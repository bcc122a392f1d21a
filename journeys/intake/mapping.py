"""A mapping: the sheets, headers and values that one service uses, told in the words of the dictionary.

decimal_ids = true                        # references such as 10001.0 are 10001
date_order = "month_first"                # 01/31/2024 is 31 January
leading_zeros = 5                         # journey_id 17 is 00017
empty = ["n/k", "-", "NaN"]               # cells that say so are empty
[tables.journey]                          # each of the four may stand here too, for one table
sheet = "Referrals"                       # the file (without its ending) or sheet that holds the table
[tables.journey.columns]
referred_on = "Date of referral"          # dictionary column = their header
[tables.journey.fixed]
service_id = "rotherham-mh"               # a column that they do not have, the same in every row
[tables.journey.values.referral_source]
"GP surgery" = "gp"                       # their value = dictionary code; "" = empty
[tables.measure]
sheet = "Stars"
fixed = { tool = "wellbeing_star" }
[tables.measure.unpivot]                  # a column an area becomes a row an area
name = "item"                             # the column that takes the code on the right
value = "score"                           # the column that takes the cell; without it, cells that say yes make a row
columns = { "Star: money" = "money" }
"""

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from journeys.intake.identifiers import kind_of
from journeys.intake.texts import folded, squash
from journeys.vocabulary.dictionary import Dictionary, Table

MONTH_FIRST = "month_first"
MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class Unpivot:
    """Columns turned into rows: `columns` maps their header to what the column `name` takes; `value` takes the cell, if any."""

    name: str
    value: str | None
    columns: Pairs[str, str] = field(hash=False)


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one table; empty where the service uses the dictionary's own words."""

    sheet: str | None = None
    columns: Pairs[str, str] = field(default_factory=dict, hash=False)
    fixed: Pairs[str, str] = field(default_factory=dict, hash=False)
    values: Pairs[str, Pairs[str, str]] = field(default_factory=dict, hash=False)
    unpivot: Unpivot | None = None
    decimal_ids: bool = False
    date_order: str | None = None
    leading_zeros: int | None = None
    empty: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header of theirs that it names."""
        return (*self.columns.values(), *(self.unpivot.columns if self.unpivot else ()))


Mapping = Pairs[str, TableMapping]


@dataclass(frozen=True)
class Switch:
    """A line of a mapping, `name` = `value` (in `table` alone, where there is one), that mends what breaks `rule`."""

    rule: str
    name: str
    value: bool | int | str | tuple[str, ...]
    table: str | None = None


ROUNDED_CODE = "[0-9]+([.,][0-9]+)?[eE][+][0-9]{1,3}"  # a long code after a spreadsheet took it for a number
_SWITCHES = ("decimal_ids", "date_order", "leading_zeros", "empty")
_PARTS = ("sheet", "columns", "fixed", "values", "unpivot", *_SWITCHES)


def mapped_key(words: str) -> str:
    """A value of theirs as it is compared with a cell."""
    return folded(words).strip().lower()


def is_rounded(words: str) -> bool:
    """Whether a value of a code is what a spreadsheet made of several codes: it can stand for none of them."""
    return re.fullmatch(ROUNDED_CODE, words.strip()) is not None


def load(path: Path, dictionary: Dictionary) -> Mapping:
    """The mapping in a TOML file, with a table for every one of the dictionary; ValueError names what in it is not allowed."""
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise ValueError(f"mapping {path} cannot be read: it has more than {MAX_BYTES:,} bytes")
        words = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"mapping {path} cannot be read: {error}") from error
    given = _Given(path, dictionary)
    given.allow("the file", words, ("tables", *_SWITCHES))
    common = given.switches("the file", words)
    tables = given.table_of_tables("tables", words.get("tables", {}))
    given.allow("tables", tables, tuple(dictionary.tables))
    return {
        name: given.table(table, given.table_of_tables(f"tables.{name}", tables.get(name, {})), common)
        for name, table in dictionary.tables.items()
    }


@dataclass(frozen=True)
class _Given:
    """What a mapping file gives, looked at piece by piece; every method raises ValueError for what is not allowed, naming the place."""

    path: Path
    dictionary: Dictionary

    def table(self, table: Table, body: Pairs[str, object], common: Pairs[str, object]) -> TableMapping:
        where, columns = f"tables.{table.name}", tuple(table.columns)
        self.allow(where, body, _PARTS)
        sheet = body.get("sheet")
        made = TableMapping(
            sheet=None if sheet is None else self.text(f"{where}.sheet", sheet),
            columns={
                column: self.text(f"{where}.columns.{column}", header)
                for column, header in self.table_of_tables(f"{where}.columns", body.get("columns", {}), columns).items()
            },
            fixed=self.fixed(table, body.get("fixed", {})),
            values={
                column: self.values(table, column, values)
                for column, values in self.table_of_tables(f"{where}.values", body.get("values", {}), columns).items()
            },
            unpivot=self.unpivot(table, body["unpivot"]) if "unpivot" in body else None,
        )
        return replace(made, **{**common, **self.switches(where, body)})  # type: ignore[arg-type]

    def fixed(self, table: Table, values: object) -> dict[str, str]:
        where = f"tables.{table.name}.fixed"
        filled = self.texts(where, values, tuple(table.columns))
        for column, value in filled.items():
            self.no_identifier(f"{where}.{column}", value)
        return filled

    def values(self, table: Table, column: str, values: object) -> dict[str, str]:
        where = f"tables.{table.name}.values.{column}"
        mapped, codes = self.texts(where, values), tuple(code.code for code in table.columns[column].codes)
        if codes:
            self.allow(where, [value for value in mapped.values() if value], codes)
            for theirs in filter(is_rounded, mapped):
                raise ValueError(
                    f"mapping {self.path}: {where} has {theirs!r}, which a spreadsheet rounded: several codes may have become it. "
                    "Take the line out and export the column again as text"
                )
        for value in mapped.values():
            self.no_identifier(where, value)
        return mapped

    def unpivot(self, table: Table, body: object) -> Unpivot:
        where = f"tables.{table.name}.unpivot"
        given = self.table_of_tables(where, body)
        self.allow(where, given, ("name", "value", "columns"))
        name, value = self.text(f"{where}.name", given.get("name")), given.get("value")
        self.allow(where, [name], tuple(table.columns))
        if value is not None:
            self.allow(where, [self.text(f"{where}.value", value)], tuple(table.columns))
        columns = self.texts(f"{where}.columns", given.get("columns", {}))
        codes = tuple(code.code for code in table.columns[name].codes)
        if codes:
            self.allow(f"{where}.columns", columns.values(), codes)
        for code in columns.values():
            self.no_identifier(f"{where}.columns", code)
        return Unpivot(name, None if value is None else str(value), columns)

    def switches(self, where: str, body: Pairs[str, object]) -> dict[str, object]:
        """The switches that are given, whole file or one table."""
        found: dict[str, object] = {name: body[name] for name in _SWITCHES if name in body}
        if not isinstance(found.get("decimal_ids", False), bool):
            raise self.wrong(f"{where}: decimal_ids", "true or false")
        if found.get("date_order", MONTH_FIRST) not in (MONTH_FIRST, "day_first"):
            raise self.wrong(f"{where}: date_order", '"month_first" or "day_first"')
        zeros = found.get("leading_zeros", 1)
        if isinstance(zeros, bool) or not isinstance(zeros, int) or not 1 <= zeros <= 32:
            raise self.wrong(f"{where}: leading_zeros", "the number of digits, 1 to 32")
        if "empty" in found:
            words = found["empty"]
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise self.wrong(f"{where}: empty", 'a list of texts, such as ["n/k", "-"]')
            found["empty"] = tuple(words)
        return found

    def text(self, where: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.wrong(where, "a text in quotation marks")
        return value

    def texts(self, where: str, body: object, allowed: tuple[str, ...] | None = None) -> dict[str, str]:
        """A table of texts; plain numbers, flags and dates are taken as they would be written."""
        pairs = self.table_of_tables(where, body, allowed)
        return {name: self.text(f"{where}.{name}", _written(value)) for name, value in pairs.items()}

    def table_of_tables(self, where: str, body: object, allowed: tuple[str, ...] | None = None) -> dict:
        if not isinstance(body, dict):
            raise self.wrong(where, "a table of names and values")
        if allowed is not None:
            self.allow(where, body, allowed)
        return body

    def allow(self, where: str, got: Iterable[object], allowed: tuple[str, ...]) -> None:
        strange = [name for name in got if name not in allowed]
        if strange:
            raise ValueError(f"mapping {self.path}: {where} has {strange[0]!r}; allowed: {', '.join(allowed)}")

    def no_identifier(self, where: str, value: str) -> None:
        kind = kind_of(value)
        if kind:
            raise ValueError(
                f"mapping {self.path}: {where} holds what looks like identifying data ({kind}); take it out"
            )

    def wrong(self, where: str, wanted: str) -> ValueError:
        return ValueError(f"mapping {self.path}: {where} is not what it should be: {wanted}")


def _written(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float | date) else value


def tables_of(names: tuple[str, ...], mapping: Mapping, dictionary: Dictionary) -> tuple[str, ...]:
    """The tables that a file or sheet of one of these names holds: a mapping may take several from one."""
    squashed = {squash(name) for name in names}
    theirs = tuple(name for name, mapped in mapping.items() if mapped.sheet and squash(mapped.sheet) in squashed)
    ours = table_of(names, dictionary)
    is_elsewhere = ours is not None and ours in mapping and mapping[ours].sheet
    return theirs or ((ours,) if ours and not is_elsewhere else ())


def table_of(names: tuple[str, ...], dictionary: Dictionary) -> str | None:
    """The table whose name or title a file or sheet of one of these names bears, or None."""
    known = {squash(name): name for name in dictionary.tables}
    known |= {squash(table.title): name for name, table in dictionary.tables.items()}
    return next((known[squash(name)] for name in names if squash(name) in known), None)
