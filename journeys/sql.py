"""Text, names and paths inside SQL: the one way to quote them; and what every connection is told first."""

import re
from collections.abc import Iterable
from pathlib import Path

# DuckDB draws the progress of a slow query on the standard output, where a command prints its answer
QUIET = "set enable_progress_bar = false"


def text(words: str) -> str:
    """A SQL string literal."""
    return "'" + words.replace("'", "''") + "'"


def name(words: str) -> str:
    """A SQL identifier, whatever letters it has."""
    return '"' + words.replace('"', '""') + '"'


def path(place: Path | str) -> str:
    """A path as a SQL string literal, as `attach` takes it: people and folders may have an apostrophe in their names."""
    return text(str(place))


def file_pattern(place: Path | str) -> str:
    """A SQL string literal that read_csv and read_parquet take for this one file, even where its name has the letters of a pattern."""
    return text(re.sub(r"([*?\[])", r"[\1]", str(place)))


def parquet(files: Iterable[Path | str]) -> str:
    """A SQL table expression over exactly these files."""
    return f"read_parquet([{', '.join(map(file_pattern, files))}])"
