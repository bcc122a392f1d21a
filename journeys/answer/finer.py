"""Cuts that are finer than what is asked of a large store as a rule: counted by their blocks once, the same rows answer for many choices.

A period is chosen by quarters or more, of people a base, or one value of one more dimension. So counts by quarter (of each service,
where these are little enough; else by year of each and by quarter of all), by base or class of people, and by the values of one dimension
are what most such questions are sums of.
"""

from collections.abc import Collection, Mapping

from journeys.answer import coverage
from journeys.answer.guard import Axis, Cover, Cut, Element, cut
from journeys.answer.query import CLASS, PLACE, Numbers
from journeys.vocabulary.calendar import quarter_of, year_of

# what a row is counted by that is no axis of its own: of classes of people the base alone, of services and months the month or quarter of all services, or the quarter or financial year of each
BASE, MONTH, QUARTER, SPAN, YEAR = ("base",), ("month",), ("quarter",), ("service", "quarter"), ("service", "year")
_AXES = {BASE: CLASS, MONTH: PLACE, QUARTER: PLACE, SPAN: PLACE, YEAR: PLACE}
_OF_EACH = (SPAN, YEAR)


def axis_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The axis that a row's base or quarter is told by; any other is its own."""
    return _AXES.get(columns, columns)


class Finer:
    """The finer cuts of one store, for the metrics that count in the same months. Safe to share between threads."""

    def __init__(self, ground: Cover) -> None:
        """`ground`: the services and months of which such metrics count at all; apart from others, which some questions hold and some do not."""
        self._ground = ground
        self._cuts: dict[tuple[str, ...], Cut] = {}

    def cut(self, columns: tuple[str, ...], numbers: Numbers) -> Cut:
        """The blocks of a base or quarter, or each element of another axis alone."""
        if columns not in self._cuts:
            is_base = columns == BASE
            self._cuts[columns] = coverage.bases() if is_base else self._made(columns, numbers[axis_of(columns)])
        return self._cuts[columns]

    def _made(self, columns: tuple[str, ...], held: Collection[Element]) -> Cut:
        areas: dict[tuple, list[Element]] = {}
        elements = sorted({*held, *self._ground} if axis_of(columns) == PLACE else held)
        for element in elements:
            areas.setdefault(self._area(columns, element), []).append(element)
        return cut(Axis(axis_of(columns), (), {(): tuple(map(frozenset, areas.values()))}))

    def _area(self, columns: tuple[str, ...], element: Element) -> tuple:
        if axis_of(columns) != PLACE:
            return element
        service, month = element
        when = month if columns == MONTH else year_of(month) if columns == YEAR else quarter_of(month)
        return (*((service,) if columns in _OF_EACH else ()), when, element in self._ground)


def within(chosen: Cut, finer: Cut) -> Mapping[int, int | None] | None:
    """The block of a cut that each block of a finer one is in, or that it is in none. None where it is not finer: where one is in several, or an
    element is in none of its blocks, whose rows would be counted nowhere."""
    if not chosen.block_of.keys() <= finer.block_of.keys():
        return None
    found: dict[int, int | None] = {}
    for element, block in finer.block_of.items():
        if found.setdefault(block, chosen.block_of.get(element)) != chosen.block_of.get(element):
            return None
    return found
