"""Looks through a sheet for identifying data, in DuckDB, without keeping or printing any of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from journeys.intake import identifiers, typed
from journeys.intake.files.cells import BLANKS, as_text
from journeys.intake.files.delivery import ParquetReader
from journeys.intake.identifiers import KINDS, NHS_NUMBER, NI_NUMBER, POSTCODE, TELEPHONE
from journeys.intake.layout import Layout
from journeys.intake.staging import type_of
from journeys.sql import name, text
from journeys.vocabulary.dictionary import Column

PSEUDONYMS = ("client_ref", "journey_id")  # long lists of random letters and digits hit a pattern now and then
MAX_CHANCE = 0.05
ALL = -1
LEAST_YEARS = 5  # where the referral of the row itself is not known, and of a reference
_NUMBERS = ("code", "flag", "integer", "number")


@dataclass(frozen=True)
class Survey:
    """One pass over a sheet: its rows (as its reader counts them), the cells with any value, those with candidates for
    identifiers, those of which most values hold a year in which clients may have been born, those with blanks around a value, and
    those that hold nothing but values of their column's type, written as these are."""

    n_rows: int
    filled: tuple[int, ...]
    suspect: tuple[int, ...]
    dated: tuple[int, ...]
    padded: tuple[int, ...]
    plain: tuple[int, ...]


@dataclass(frozen=True)
class Wanted:
    """What a survey looks for: `typed` are the columns whose cells may be plain, by place; `known` queries of texts that were looked at
    before, by place."""

    layout: Layout
    usual_referral: date | None
    typed: Mapping[int, Column]
    known: Mapping[int, str]

    def column(self, place: int) -> Column | None:
        """The column of the dictionary that stands at a place."""
        columns = self.layout.table.columns if self.layout.table else {}
        return next((columns[name] for name, at in self.layout.places.items() if at == place), None)

    @property
    def is_born_sql(self) -> str:
        """Whether a text `v` holds a year in which clients may have been born, is a date with two digits for its year, or looks like any."""
        until = self.usual_referral.year - LEAST_YEARS + 1 if self.usual_referral else 2199
        years = "|".join(map(str, range(1800, until + 1)))
        return f"regexp_matches(v, '{years}|^{identifiers.SHORT_DATE}$|[^\\x00-\\x7F]')"

    def told_sql(self, place: int) -> str:
        """What the value of a text `v` tells of it; null where the column is a text."""
        if place not in self.typed or self.layout.table is None:
            return "null::varchar"
        return typed.told_sql(self.layout.table, self.typed[place], "v")


Looks = Mapping[int, tuple[int, bool, int, bool, bool]]  # by place: cells, candidates, years, blanks, plain


def survey(connection: duckdb.DuckDBPyConnection, relation: str, n_cells: int, wanted: Wanted) -> Survey:
    """The cheap first look, which tells whether a closer one is needed: at each different value of a column once."""
    cells = _cells_sql(relation, range(n_cells), is_counted=True)
    places: dict[str, list[str]] = defaultdict(list)
    for place in wanted.typed:
        places[wanted.told_sql(place)].append(str(place))
    told = " ".join(f"when place in ({', '.join(those)}) then {sql}" for sql, those in places.items())
    told = f"case {told} end" if told else "null::varchar"
    different = f"select place, v, count(*) as n from ({cells}) where v <> '' group by place, v"
    rows = connection.execute(
        f"select place, {_looks_sql(wanted)} from (select place, v, n, {told} as told from ({different})) group by place"
    ).fetchall()
    found = {place: (n, *looks) for place, n, *looks in rows}
    n_rows = found.pop(ALL, (0,))[0]
    return _surveyed(n_rows, n_cells, found, wanted)


def survey_columns(connection: duckdb.DuckDBPyConnection, reader: ParquetReader, wanted: Wanted) -> Survey:
    """The same of a file that keeps its columns apart: each is read alone and its values counted in their own type."""
    found, counted = {}, f"select count(*) from {reader.source}"
    for place in range(len(reader.columns)):
        n, *looks = connection.execute(_column_sql(reader, place, wanted)).fetchall()[0]
        if place in wanted.known:
            n = connection.execute(f"{counted} where {reader.text_sql(place)} <> ''").fetchall()[0][0]
        if n:
            found[place] = (n, *looks)
    return _surveyed(connection.execute(counted).fetchall()[0][0], len(reader.columns), found, wanted)


def _column_sql(reader: ParquetReader, place: int, wanted: Wanted) -> str:
    """The looks at one column; a value is plain if its own type, too, gives the value that its text has."""
    own, said = name(reader.columns[place]), reader.text_sql(place)
    is_new = f" where {said} not in ({wanted.known[place]})" if place in wanted.known else ""
    told = wanted.told_sql(place)
    if place in wanted.typed:
        type_ = type_of(wanted.typed[place])
        told = f"case when {as_text(f'try_cast(own as {type_})', type_)} = v then {told} end"
    return (
        f"select {_looks_sql(wanted)} from (select v, n, {told} as told from (select own, {as_text('own', reader.types[place])} as v, n "
        f"from (select {own} as own, count(*) as n from {reader.source}{is_new} group by {own})) where v <> '')"
    )


def _looks_sql(wanted: Wanted) -> str:
    return (
        f"sum(n)::bigint, bool_or({identifiers.candidate_sql('v')}), coalesce(sum(n) filter (where {wanted.is_born_sql}), 0)::bigint, "
        f"bool_or(v <> trim(v, {text(BLANKS)})), bool_and(coalesce(told = v, false))"
    )


def _surveyed(n_rows: int, n_cells: int, found: Looks, wanted: Wanted) -> Survey:
    filled = tuple(sorted(found))
    datable = set(_datable(wanted.layout, n_cells))
    dated = tuple(place for place in filled if place in datable and 2 * found[place][2] > found[place][0])
    suspect, padded = (tuple(place for place in filled if found[place][i]) for i in (1, 3))
    plain = (place for place in wanted.typed if place not in found or found[place][4])
    return Survey(n_rows, filled, suspect, dated, padded, tuple(plain))


def _cells_sql(relation: str, places: Sequence[int], *, is_counted: bool = False) -> str:
    """The cells of a sheet one below the other: row, place, v; with `is_counted` one more a row, of place -1."""
    cells, numbers = [f"c{place}" for place in places], [str(place) for place in places]
    if is_counted:
        cells, numbers = ["'row'", *cells], [str(ALL), *numbers]
    return f"select row, unnest([{', '.join(cells)}]) as v, unnest([{', '.join(numbers)}]) as place from {relation}"


def _datable(layout: Layout, n_cells: int) -> tuple[int, ...]:
    """Cells that could hold dates of birth: all but the referral, the name of a service, and what is known of services alone."""
    if layout.table is None:
        return tuple(range(n_cells))
    is_about_clients = layout.table.name == "journey" or layout.table.is_child
    named = ("service_id", "referred_on") if layout.table.name == "journey" else ("service_id",)
    spared = {place for column, place in layout.places.items() if not is_about_clients or column in named}
    return tuple(place for place in range(n_cells) if place not in spared)


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
