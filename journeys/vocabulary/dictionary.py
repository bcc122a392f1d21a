"""The data dictionary: tables, columns, codes, tools and derived lists, read from data/dictionary.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "data" / "dictionary.toml"
TYPES = ("text", "code", "date", "flag", "integer", "number")


@dataclass(frozen=True)
class Code:
    """One value of a closed list: code, label for people, NHS codes accepted for it, published rank."""

    code: str
    label: str
    nhs: tuple[str, ...] = ()
    rank: int | None = None


UNKNOWN = Code("unknown", "Not known")


@dataclass(frozen=True)
class Column:
    """One column of a delivery table. `minimum` and `maximum` hold for integer and number, `max_length` for text."""

    name: str
    type: str
    required: bool
    meaning: str
    codes: tuple[Code, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    default: str | None = None
    example: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a delivery: what a row is, whether it must be handed over, its key (empty: rows may repeat)."""

    name: str
    title: str
    grain: str
    required: bool
    key: tuple[str, ...]
    columns: Mapping[str, Column] = field(hash=False)

    @property
    def is_child(self) -> bool:
        """Whether every row points at a journey."""
        return self.name != "journey" and "journey_id" in self.columns


@dataclass(frozen=True)
class Item:
    """One item of a tool: raw range, which way is better, least change that counts (None: no change is measured)."""

    code: str
    label: str
    minimum: float
    maximum: float
    better: str
    threshold: float | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class Tool:
    """One questionnaire. `any_item` is the pattern of items beyond the named ones, or None when the list is closed.

    `total` is an item that is never handed over but derived: how many of the items there are.
    """

    code: str
    label: str
    items: Mapping[str, Item] = field(hash=False)
    source: str = ""
    any_item: Item | None = None
    total: Item | None = None


@dataclass(frozen=True)
class ReliableChange:
    """What proves a rung by readings: the least gain of the sum of some items of a tool, and where the figure is from."""

    code: str
    tool: str
    items: tuple[str, ...]
    rung: str
    least: float
    source: str
    is_published: bool


@dataclass(frozen=True)
class Dictionary:
    """Everything that data/dictionary.toml says. `titles` holds the title of every derived list."""

    tables: Mapping[str, Table] = field(hash=False)
    tools: Mapping[str, Tool] = field(hash=False)
    derived: Mapping[str, tuple[Code, ...]] = field(hash=False)
    titles: Mapping[str, str] = field(hash=False)
    reliable: Mapping[str, ReliableChange] = field(hash=False, default_factory=dict)

    def codes(self, table: str, column: str) -> tuple[Code, ...]:
        """Codes of a code column in the dictionary's order; ValueError for a table or column that does not exist."""
        return self._column(table, column).codes

    def label(self, table: str, column: str, code: str) -> str:
        """Label of one code; ValueError when the column has no such code."""
        return _label(self.codes(table, column), f"{table}.{column}", code)

    def derived_label(self, dimension: str, code: str) -> str:
        """Label of one value of a derived list; ValueError when there is no such list or value."""
        if dimension not in self.derived:
            raise ValueError(f"no derived list {dimension!r}; there are: {', '.join(self.derived)}")
        return _label(self.derived[dimension], dimension, code)

    def item(self, tool: str, item: str) -> Item:
        """An item of a tool, also one that an open tool does not name (its label is then made from its code)."""
        known = self.tools[tool]
        if item in known.items:
            return known.items[item]
        if known.total is not None and item == known.total.code:
            return known.total
        if known.any_item is None:
            raise ValueError(f"tool {tool!r} has no item {item!r}; it has: {', '.join(known.items)}")
        base = known.any_item
        label = item.replace("_", " ").capitalize()
        return Item(item, label, base.minimum, base.maximum, base.better, base.threshold, base.is_whole)

    @property
    def changing_items(self) -> tuple[tuple[str, str], ...]:
        """Tool and item of everything whose change is measured, in the dictionary's order: of an open tool its total."""
        found = []
        for tool in self.tools.values():
            named = () if tool.any_item is not None else tool.items.values()
            found += [(tool.code, item.code) for item in (*named, *([tool.total] if tool.total else []))]
        return tuple(found)

    @property
    def child_tables(self) -> tuple[str, ...]:
        """Every table but service and journey, in the dictionary's order."""
        return tuple(name for name in self.tables if name not in ("service", "journey"))

    def _column(self, table: str, column: str) -> Column:
        if table not in self.tables:
            raise ValueError(f"no table {table!r} in the dictionary; there are: {', '.join(self.tables)}")
        columns = self.tables[table].columns
        if column not in columns:
            raise ValueError(f"table {table!r} has no column {column!r}; it has: {', '.join(columns)}")
        return columns[column]


@cache
def load() -> Dictionary:
    """The dictionary of this version, read once."""
    return parse(PATH.read_text(encoding="utf-8"))


def parse(text: str) -> Dictionary:
    """A Dictionary from TOML text; ValueError names what is wrong in it."""
    words = tomllib.loads(text)
    tools = {code: _tool(code, body) for code, body in words["tools"].items()}
    tables = {name: _table(name, body, tools) for name, body in words["tables"].items()}
    derived = {name: _derived(body, tables) for name, body in words["derived"].items()}
    titles = {name: body["title"] for name, body in words["derived"].items()}
    reliable = {code: _reliable(code, body) for code, body in words.get("reliable", {}).items()}
    return Dictionary(tables, tools, derived, titles, reliable)


def _table(name: str, body: dict, tools: Mapping[str, Tool]) -> Table:
    columns = {column: _column(column, words) for column, words in body["columns"].items()}
    if name == "measure":
        codes = tuple(Code(tool.code, tool.label) for tool in tools.values())
        columns["tool"] = _column("tool", body["columns"]["tool"], codes)
    return Table(name, body["title"], body["grain"], body["required"], tuple(body["key"]), columns)


def _column(name: str, words: dict, codes: tuple[Code, ...] = ()) -> Column:
    if words["type"] not in TYPES:
        raise ValueError(f"column {name!r} has type {words['type']!r}; allowed: {', '.join(TYPES)}")
    return Column(name, **{**words, "codes": codes or _codes(words)})


def _codes(words: dict) -> tuple[Code, ...]:
    return tuple(
        Code(entry["code"], entry["label"], tuple(entry.get("nhs", ())), entry.get("rank"))
        for entry in words.get("codes", ())
    )


def _tool(code: str, body: dict) -> Tool:
    items = {name: Item(name, **words) for name, words in body["items"].items()}
    open_item = Item("", "", **body["any_item"]) if "any_item" in body else None
    total = Item("total", **body["total"]) if "total" in body else None
    return Tool(code, body["label"], items, body["source"], open_item, total)


def _reliable(code: str, body: dict) -> ReliableChange:
    return ReliableChange(code, **{**body, "items": tuple(body["items"])})


def _derived(body: dict, tables: Mapping[str, Table]) -> tuple[Code, ...]:
    if "column" not in body:
        return _codes(body)
    table, column = body["column"].split(".")
    codes = tables[table].columns[column].codes
    can_be_empty = body.get("can_be_empty", not tables[table].columns[column].required)
    has_unknown = any(code.code == UNKNOWN.code for code in codes)
    return (*codes, UNKNOWN) if can_be_empty and not has_unknown else codes


def _label(codes: tuple[Code, ...], where: str, code: str) -> str:
    for known in codes:
        if known.code == code:
            return known.label
    raise ValueError(f"{where} has no code {code!r}; it has: {', '.join(known.code for known in codes)}")
