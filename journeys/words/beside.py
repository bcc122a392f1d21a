"""What an answer about some services or people is set beside: which wider question is asked for it, and what it is called. Released figures alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from journeys.answer import together
from journeys.answer.released import Released, Row
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.vocabulary.selection import Selection
from journeys.words.shares import share_of

LIKE_IT = "services that record the same"
APART = "◇"
NOT_LIKE = "not like the others in what it records"
APART_MEANS = f"{APART} {NOT_LIKE}"
OF_SERVICES = ("model", "funding", "co_located")  # cohort dimensions that are sets of services


@dataclass(frozen=True)
class Source:
    """Where the wider question is asked: a released answer to metric, selection and breakdown, and whether services are all seen alike in it."""

    ask: Callable[[str, Selection, tuple[str, ...]], Released]
    are_alike: Callable[[str, Selection, tuple[str, ...]], bool]


class Found(NamedTuple):
    """A comparator by its name, its shares (0-1) by the labels of the row that each stands beside, and the answer that they are of, where it is one."""

    words: str = ""
    rates: Mapping[tuple[str, ...], float] = {}
    answer: Released | None = None


def everybody(selection: Selection) -> Selection | None:
    """The closed choice "all" that a selection of some services or people stands beside; None where it is that already."""
    wide = everywhere(selection)
    wide = wide if is_place(selection) else without(wide, tuple(selection.cohort))
    return None if wide == selection else wide


def everywhere(selection: Selection) -> Selection:
    """The same of all services."""
    return selection.but(service=None, commissioner=None)


def without(selection: Selection, dimensions: tuple[str, ...] | list[str]) -> Selection:
    """The same of people who are not chosen on these dimensions."""
    return selection.but(cohort={d: v for d, v in selection.cohort.items() if d not in dimensions})


def is_place(selection: Selection) -> bool:
    """Whether a service or a commissioner is chosen."""
    return selection.service is not None or selection.commissioner is not None


def of(released: Released, wide: Selection, source: Source) -> Found:
    """What a share, a curve or paired readings stand beside: those of all services or people, or of those like it over time. Counts have none: the number of all says nothing about one."""
    if released.shape == "count":
        return Found()
    is_of_time = bool(released.by) and set(released.by) <= set(PERIOD_UNITS)
    if is_of_time and released.selection.service and released.shape == "proportion" and not released.own:
        like = _like(released, source)
        if like.rates:
            return like
    return found(name_of(released, source), source.ask(released.metric, wide, released.by))


def found(words: str, answer: Released) -> Found:
    """A comparator that is one answer."""
    rates = {tuple(row.labels.values()): rate for row in answer.rows if (rate := _rate(row, answer)) is not None}
    return Found(words, rates, answer)


def _rate(row: Row, answer: Released) -> float | None:
    """A share; of a period that is not complete, none."""
    return None if answer.by and row.complete is False else share_of(row)


def _like(released: Released, source: Source) -> Found:
    (unit,), service = released.by, released.selection.service
    split = source.ask(released.metric, released.selection.but(service=None), ("service", unit))
    rates = together.like(split, service or "", unit)
    return Found(LIKE_IT, {(period,): rate for period, rate in rates.items()})


def name_of(released: Released, source: Source) -> str:
    """All services, or all people of the base; marked where the one that is chosen is not like the others in what it records."""
    chosen = released.selection
    if is_place(chosen):
        return f"all services {APART}" if is_apart(released, source) else "all services"
    if set(chosen.cohort) <= set(OF_SERVICES):
        return "all services"
    people = BASES[chosen.base].people
    return people if chosen.base == "all" else f"all {people}"


def is_apart(released: Released, source: Source) -> bool:
    """Whether the service or commissioner that is chosen is not compared with the others, for what it records."""
    chosen = released.selection
    dimension, code = ("service", chosen.service) if chosen.service else ("commissioner", chosen.commissioner)
    if not code or source.are_alike(released.metric, everywhere(chosen), (dimension,)):
        return False
    split = source.ask(released.metric, everywhere(chosen), (dimension,))
    return any(one.labels.get(dimension) == code for one in split.not_alike)
