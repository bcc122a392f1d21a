"""Texts as they are compared: one function for codes, headers, suggestions and the search for identifying data, in Python and in SQL.

What looks alike is made alike: letters and digits of any width or alphabet of digits (Unicode NFKC, decimal digits), every space, dash,
quotation mark, dot and slash; what cannot be seen is dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import pyarrow as pa

FUNCTION = "folded_text"
_ALIKE = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\uff0d\u00ad",
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u0060\u00b4\uff07",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02",
    ".": "\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\uff0e\uff61",
    "/": "\u2044\u2215\u29f8\uff0f",
    " ": "\u1680\u180e\u2028\u2029\u2800\u3000\u3164\u115f\u1160\uffa0",
}
_MAX_ASCII, _LAST_OF_PLANE = 127, 0xFFFF


@cache
def _table() -> dict[int, str | None]:
    """What each letter beyond ASCII becomes after NFKC; None: dropped."""
    found: dict[int, str | None] = {}
    for number in [*range(_MAX_ASCII + 1, _LAST_OF_PLANE + 1), *range(0xE0000, 0xE01F0)]:
        category = unicodedata.category(chr(number))
        if category in ("Cf", "Me") or 0xFE00 <= number <= 0xFE0F or number >= 0xE0100:
            found[number] = None
        elif category == "Nd":
            found[number] = str(unicodedata.decimal(chr(number)))
        elif category in ("Zs", "Pd"):
            found[number] = " " if category == "Zs" else "-"
    for letter, alike in _ALIKE.items():
        found |= dict.fromkeys(map(ord, alike), letter)
    del found[0x00AD]  # a soft hyphen is not seen
    return found | {0x00AD: None}


def folded(words: str) -> str:
    """The text with everything that looks alike made alike; ASCII text is returned as it is."""
    if words.isascii():
        return words
    return unicodedata.normalize("NFKC", words.translate(_table())).translate(_table())


def folded_sql(value: str) -> str:
    """The same of a SQL expression, on a connection that `registered` has."""
    return f"(case when regexp_matches({value}, '[^\\x00-\\x7F]') then {FUNCTION}({value}) else {value} end)"


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Makes the function known to the connection's SQL while the block runs."""
    connection.create_function(FUNCTION, _folded_batch, ["VARCHAR"], "VARCHAR", type="arrow")  # type: ignore[call-overload]
    try:
        yield
    finally:
        connection.remove_function(FUNCTION)


def _folded_batch(values: pa.ChunkedArray) -> pa.Array:
    return pa.array([None if value is None else folded(value) for value in values.to_pylist()], pa.string())


def key(words: str) -> str:
    """A code or label as it is compared: folded, lower case, spaces and hyphens as one underscore."""
    return re.sub(r"[ _-]+", "_", folded(words).lower())


def key_sql(value: str) -> str:
    """The same of a SQL expression."""
    return f"regexp_replace(lower({folded_sql(value)}), '[ _-]+', '_', 'g')"


def squash(words: str) -> str:
    """A header or name without case, spaces and punctuation, for comparing."""
    return re.sub(r"[\W_]+", "", folded(words)).casefold()
