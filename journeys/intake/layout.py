"""Which cell of a sheet holds which column of a table: the header read with the dictionary and a mapping."""

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field

from journeys.intake.mapping import TableMapping
from journeys.intake.texts import squash
from journeys.vocabulary.dictionary import Table


@dataclass(frozen=True)
class Turned:
    """A column that is turned into rows: its cell, the column that takes `code`, and the one that takes its value (None: it is ticked)."""

    place: int
    name: str
    code: str
    value: str | None


@dataclass(frozen=True)
class Layout:
    """`places`: column to cell; `fixed`: columns the mapping fills; `unknown`: other cells with their headers;
    `missing`: required columns that are nowhere; `twice`: columns that stand in two cells; `turned`: columns turned into rows."""

    table: Table | None
    places: Pairs[str, int] = field(default_factory=dict)
    fixed: Pairs[str, str] = field(default_factory=dict)
    unknown: Pairs[int, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    turned: tuple[Turned, ...] = ()


def layout_of(header: tuple[str, ...], table: Table | None, mapped: TableMapping) -> Layout:
    """The layout of a sheet; for a sheet that is no table every cell is unknown."""
    if table is None:
        return Layout(None, unknown=dict(enumerate(header)))
    names, turned = _names(table, mapped), _turned(header, mapped)
    used = {one.place for one in turned}
    found = [(None if place in used else names.get(squash(cell)), place) for place, cell in enumerate(header)]
    columns = [column for column, _ in found if column]
    places = {column: place for column, place in reversed(found) if column}
    fixed = {column: value for column, value in mapped.fixed.items() if column not in places}
    filled = {*places, *fixed, *(name for one in turned for name in (one.name, one.value))}
    return Layout(
        table,
        {column: places[column] for column in table.columns if column in places},
        fixed,
        {place: header[place] for column, place in found if column is None and place not in used},
        tuple(n for n, c in table.columns.items() if c.required and n not in filled),
        tuple(column for column in table.columns if columns.count(column) > 1),
        turned,
    )


def _names(table: Table, mapped: TableMapping) -> dict[str, str]:
    """Squashed header to column: the service's own headers go before ours."""
    theirs = {squash(header): column for column, header in mapped.columns.items()}
    ours = {squash(column): column for column in table.columns if column not in mapped.columns}
    return ours | theirs


def _turned(header: tuple[str, ...], mapped: TableMapping) -> tuple[Turned, ...]:
    unpivot = mapped.unpivot
    if unpivot is None:
        return ()
    codes = {squash(theirs): code for theirs, code in unpivot.columns.items()}
    return tuple(
        Turned(place, unpivot.name, codes[squash(cell)], unpivot.value)
        for place, cell in enumerate(header)
        if squash(cell) in codes
    )
