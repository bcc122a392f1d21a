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

import tomllib
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from pathlib import Path

from journeys.intake.files.cells import squash
from journeys.vocabulary.dictionary import Dictionary, Table


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
