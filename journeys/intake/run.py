"""One run of the intake: what it works with, and what is known so far of each file of the deliveries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from journeys.intake import rules
from journeys.intake.files.delivery import Found
from journeys.intake.mapping import Mapping
from journeys.vocabulary.dictionary import Dictionary

Progress = Callable[[float, str], object]


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
    whole: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)
    usual_referrals: dict[int, date] = field(default_factory=dict)
    is_joined: bool = False
    work: Path | None = None

    def execute(self, sql: str, values: Sequence[object] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, values)

    def find(self, file: File, rule: str, expected: str, *, row: int | None = None, column: str | None = None) -> None:
        """Records a finding about a whole file or its header; it never prints a value."""
        if rules.RULES[rule].is_whole:
            self.whole.add(file.number)
        self.names[file.number] = file.found.name
        values = [file.number, row, column, rule, expected]
        self.execute(f"insert into {self.findings} values (?, ?, ?, null, ?, ?, null, null)", values)
