"""One run of the intake: what it works with, and what is known so far of each file of the deliveries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from journeys.intake import rules
from journeys.intake.files.delivery import Found
from journeys.intake.identifiers import WITHHELD, kind_of
from journeys.intake.mapping import Mapping, Switch
from journeys.sql import text
from journeys.vocabulary.dictionary import Dictionary

MAX_NAME = 200
WRITTEN_ON = date(2026, 4, 1)
Progress = Callable[[float, str], object]


def shown_name(name: str) -> str:
    """The name of a file or sheet as it may be printed: in one line, and withheld where it looks identifying."""
    if kind_of(name):
        return WITHHELD
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)[:MAX_NAME]


def today() -> date:
    """The day of the clock; a clock that stands before this was written is wrong."""
    return max(date.today(), WRITTEN_ON)


@dataclass(frozen=True)
class File:
    """Something found in a delivery, with its number among all of them and the table it holds (None: no table)."""

    number: int
    found: Found
    table: str | None


@dataclass
class Run:
    """One run: what it works with, and what is known so far of each file by its number."""

    connection: duckdb.DuckDBPyConnection
    dictionary: Dictionary
    mapping: Mapping
    progress: Progress
    findings: str
    files: list[File] = field(default_factory=list)
    n_read: dict[int, int] = field(default_factory=dict)
    filled: dict[int, tuple[int, ...]] = field(default_factory=dict)
    padded: dict[int, tuple[int, ...]] = field(default_factory=dict)
    plain: dict[int, tuple[int, ...]] = field(default_factory=dict)
    is_id_odd: bool = (
        False  # whether a journey_id of a journey table is anything to be looked at in the tables that name it
    )
    is_keyed: bool = False  # whether every journey that the deliveries hold has its number
    whole: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    usual_referrals: dict[int, date] = field(default_factory=dict)
    is_joined: bool = False
    work: Path | None = None
    today: date = field(default_factory=today)
    placed: dict[str, set[str]] = field(default_factory=dict)
    first_below: dict[int, int] = field(default_factory=dict)  # the row of a sheet from which on it holds no table
    n_dropped: dict[int, int] = field(default_factory=dict)
    switches: list[Switch] = field(default_factory=list)

    def execute(self, sql: str, values: Sequence[object] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, values)

    def refused_sql(self, table: str) -> str:
        """The row numbers of a table that are refused: by findings of their own, or by one about a whole column."""
        own = f"select row_number from {self.findings} where table_name = {text(table)}"
        return f"({own} union all select row_number from delivery.raw.refused where table_name = {text(table)})"

    def find(
        self, file: File, rule: str, expected: str, *, row: int | None = None, column: str | None = None, n: int = 1
    ) -> None:
        """Records a finding about a whole file, a column or `n` of its rows; it never prints a value."""
        if rules.RULES[rule].is_whole:
            self.whole.add(file.number)
        self.names[file.number] = shown_name(file.found.name)
        values = [file.number, row, column, rule, expected, n]
        self.execute(f"insert into {self.findings} values (?, ?, ?, null, ?, ?, null, null, ?)", values)
