"""Looks through a sheet for identifying data, in DuckDB, without keeping or printing any of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from journeys.intake import identifiers
from journeys.intake.files.cells import BLANKS
from journeys.intake.identifiers import BIRTH_DATE, KINDS, NHS_NUMBER, NI_NUMBER, POSTCODE, TELEPHONE
from journeys.intake.layout import Layout
from journeys.sql import text

PSEUDONYMS = ("client_ref", "journey_id")  # long lists of random letters and digits hit a pattern now and then
MAX_CHANCE = 0.05
MIN_DATES = 5
ALL = -1
LEAST_YEARS = 5  # where the referral of the row itself is not known
MAX_AGE_DAYS = 110 * 366
ANY_DATE = (
    "['%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%Y%m%d', "
    "'%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']"
)
_NUMBERS = ("code", "flag", "integer", "number")


@dataclass(frozen=True)
class Survey:
    """One pass over a sheet: its rows (as its reader counts them), the cells with any value, those with candidates for
    identifiers, those of which most values hold a year in which clients may have been born, and those with blanks around a value."""

    n_rows: int
    filled: tuple[int, ...]
    suspect: tuple[int, ...]
    dated: tuple[int, ...]
    padded: tuple[int, ...]


def survey(
    connection: duckdb.DuckDBPyConnection, relation: str, n_cells: int, layout: Layout, usual_referral: date | None
) -> Survey:
    """The cheap first look, which tells whether a closer one is needed: at each different value of a column once."""
    until = usual_referral.year - LEAST_YEARS + 1 if usual_referral else 2199
    year = f"regexp_extract(v, '(18|19|20)[0-9][0-9]') between '1800' and '{until}'"
    cells = _cells_sql(relation, range(n_cells), is_counted=True)
    rows = connection.execute(
        f"select place, sum(n)::bigint, bool_or({identifiers.candidate_sql('v')}), "
        f"coalesce(sum(n) filter (where {year}), 0)::bigint, bool_or(v <> trim(v, {text(BLANKS)})) "
        f"from (select place, v, count(*) as n from ({cells}) where v <> '' group by place, v) group by place"
    ).fetchall()
    found = {place: counts for place, *counts in rows}
    n_rows = found.pop(ALL, [0])[0]
    filled = tuple(sorted(found))
    datable = set(_datable(layout, n_cells))
    dated = tuple(place for place in filled if place in datable and 2 * found[place][2] > found[place][0])
    suspect, padded = (tuple(place for place in filled if found[place][i]) for i in (1, 3))
    return Survey(n_rows, filled, suspect, dated, padded)


def _cells_sql(relation: str, places: Sequence[int], *, is_counted: bool = False) -> str:
    """The cells of a sheet one below the other: row, place, v; with `is_counted` one more a row, of place -1."""
    cells, numbers = [f"c{place}" for place in places], [str(place) for place in places]
    if is_counted:
        cells, numbers = ["'row'", *cells], [str(ALL), *numbers]
    return f"select row, unnest([{', '.join(cells)}]) as v, unnest([{', '.join(numbers)}]) as place from {relation}"


def _datable(layout: Layout, n_cells: int) -> tuple[int, ...]:
    """Cells that could hold dates of birth: those that the dictionary does not know, and dates about a client but the referral."""
    if layout.table is None:
        return tuple(range(n_cells))
    known = {place: layout.table.columns[name] for name, place in layout.places.items()}
    is_about_clients = layout.table.name == "journey" or layout.table.is_child
    dates = {place for place, column in known.items() if column.type == "date" and is_about_clients}
    if layout.table.name == "journey":
        dates.discard(layout.places.get("referred_on"))
    return tuple(place for place in range(n_cells) if place in dates or place not in known)


@dataclass(frozen=True)
class Hit:
    """A cell of the header under which identifying data of a kind stands: in how many rows, and the first of them."""

    place: int
    kind: str
    n_rows: int
    first_row: int

    @property
    def expected(self) -> str:
        """What was expected, with the count but never a value."""
        return f"no {self.kind} in any row; {self.n_rows:,} {'row has' if self.n_rows == 1 else 'rows have'} one"


def identifier_hits(
    connection: duckdb.DuckDBPyConnection, relation: str, places: Sequence[int], layout: Layout
) -> Iterator[Hit]:
    """The cells (of those with candidates) that do hold identifiers, with the first kind found in each."""
    types = {place: layout.table.columns[name].type for name, place in layout.places.items()} if layout.table else {}
    names = {place: name for name, place in layout.places.items()}
    rows = connection.execute(
        f"select place, {_counts_sql()} from (select row, place, v as cell, {identifiers.plain_sql('v')} as plain "
        f"from ({_cells_sql(relation, places)})) where cell <> '' group by place order by place"
    ).fetchall()
    for place, found in rows:
        for kind in KINDS:
            n, first_row = found[kind], found[f"first {kind}"]
            if not n or (kind == TELEPHONE and types.get(place) in _NUMBERS):
                continue
            if names.get(place) in PSEUDONYMS and _is_chance(found, kind):
                continue
            yield Hit(place, kind, n, first_row)
            break


def _counts_sql() -> str:
    is_candidate = identifiers.candidate_sql("cell")
    tests = {kind: f"{is_candidate} and {identifiers.kind_sql('plain', kind)}" for kind in KINDS}
    kinds = ", ".join(
        f"'{kind}': count(*) filter (where {test}), 'first {kind}': min(row) filter (where {test})"
        for kind, test in tests.items()
    )
    mixed = "regexp_full_match(cell, '[0-9A-Za-z]*[0-9][0-9A-Za-z]*') and regexp_matches(cell, '[A-Za-z]')"
    return (
        f"{{{kinds}, 'n': count(cell), 'tokens': count(*) filter (where {mixed}), "
        f"'shortest': min(length(cell)), 'longest': max(length(cell))}}"
    )


def _is_chance(found: dict, kind: str) -> bool:
    """Random references of one length, letters and digits mixed, look like a postcode or an NHS number now and then."""
    if kind not in (NHS_NUMBER, POSTCODE, TELEPHONE, NI_NUMBER) or found["shortest"] != found["longest"]:
        return False
    return found["tokens"] >= 0.9 * found["n"] and found[kind] <= MAX_CHANCE * found["n"]


def birth_dates(
    connection: duckdb.DuckDBPyConnection, relation: str, place: int, layout: Layout, usual_referral: date | None
) -> Iterator[Hit]:
    """The cell, if its dates put most people between 1 and 110 years old at referral.

    The referral is the row's own where the sheet has it, else the delivery's usual one (from five years on), else the latest date of
    the cell. In columns of the dictionary a handful of wrong dates is no sign: at least five are needed.
    """
    own = layout.places.get("referred_on") if layout.table and layout.table.name == "journey" else None
    start, least_days = "max(day) over ()", LEAST_YEARS * 366
    if own is not None:
        start, least_days = _day_sql(f"c{own}"), 366
    elif usual_referral is not None:
        start = f"date '{usual_referral}'"
    n_old, first_row, n_dates, n_filled = connection.execute(
        f"with days as (select *, {_day_sql(f'c{place}')} as day from {relation} where c{place} <> ''), "
        f"ages as (select row, day, {start} - day between {least_days} and {MAX_AGE_DAYS} as is_old from days) "
        f"select count(*) filter (where is_old), min(row) filter (where is_old), count(day), count(*) from ages"
    ).fetchall()[0]
    least = MIN_DATES if place in layout.places.values() else 1
    if n_old >= least and 2 * n_old > n_dates and 2 * n_dates > n_filled:
        yield Hit(place, BIRTH_DATE, n_old, first_row)


def _day_sql(cell: str) -> str:
    return f"try_strptime({cell}, {ANY_DATE})::date"
