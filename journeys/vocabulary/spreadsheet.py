"""Cells that a spreadsheet will open: text that it would run as a formula is disarmed, and CSV is written in one dialect."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

ARMED = ("=", "+", "-", "@")
_NUMBER_LETTERS = frozenset("0123456789.,%")


def unarmed(cell: object) -> object:
    """The cell, text that a spreadsheet would take for a formula with an apostrophe in front.

    A spreadsheet looks past spaces, and some look past letters of another width (`＝`), so both are looked past here. Numbers,
    negative ones in text too, stay as they are.
    """
    if not isinstance(cell, str) or not cell:
        return cell
    seen = unicodedata.normalize("NFKC", cell).lstrip(" \t\r\n\v\f\u00a0\u200b\u2060\ufeff")
    if cell[0] in "\t\r\n" or (seen.startswith(ARMED) and not _is_number(seen)):
        return "'" + cell
    return cell


def _is_number(words: str) -> bool:
    """Whether a text is a signed number and nothing else (`-5`, `+1.5`, `-12%`)."""
    return words[0] in "+-" and len(words) > 1 and set(words[1:]) <= _NUMBER_LETTERS


def comment(words: str) -> str:
    """A comment line of a CSV file: one line and one cell; where a spreadsheet parts cells at semicolons, none is a formula."""
    line = " ".join(words.split()).replace('"', "'").replace(",", ";")
    return "# " + ";".join(_unarmed_part(part) for part in line.split(";"))


def _unarmed_part(part: str) -> str:
    bare = part.lstrip()
    return part[: len(part) - len(bare)] + str(unarmed(bare))


def csv_text(rows: Iterable[Sequence[object]], comments: Iterable[str] = ()) -> str:
    """Rows as CSV, comment lines before them; lines end as RFC 4180 says, and no cell is a formula."""
    words = io.StringIO()
    for line in comments:
        words.write(comment(line) + "\r\n")
    write_rows(words, rows)
    return words.getvalue()


def write_rows(file: TextIO, rows: Iterable[Sequence[object]]) -> None:
    """Writes rows to an open text file (newline="") in the same dialect."""
    csv.writer(file).writerows([unarmed(cell) for cell in row] for row in rows)
