"""What an answer about some services or people stands beside: all of them, or the services seen through the same records."""

from collections.abc import Sequence

from journeys import figures
from journeys.answer import together
from journeys.answer.released import Released, Row
from journeys.screen import answers, peers
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.words import comparator
from journeys.words.shares import share_of

LIKE_IT = "services that record the same"
APART = "◇"
NOT_LIKE = "not like the others in what it records"


def of(released: Released) -> figures.Beside:
    """What stands beside a share, a curve or paired readings: of all services or people, of those like it over time, or of all rows of a breakdown together.

    Counts have none: the number of all says nothing about one.
    """
    if released.shape == "count":
        return figures.NOTHING
    wide, is_of_time = peers.everybody(released.selection), set(released.by) <= set(PERIOD_UNITS)
    if wide is None:
        return figures.NOTHING if is_of_time else _whole(released)
    if (
        is_of_time
        and released.by
        and released.selection.service
        and released.shape == "proportion"
        and not released.own
    ):
        like = _like(released)
        if like.rates:
            return like
    return _beside(name_of(released), answers.ask(released.metric, wide, released.by))


def _whole(released: Released) -> figures.Beside:
    """All rows of a breakdown together; none where there is but one."""
    dimension = next(d for d in released.by if d not in PERIOD_UNITS)
    if len({row.labels[dimension] for row in released.rows}) < 2:
        return figures.NOTHING
    rest = tuple(d for d in released.by if d != dimension)
    return _beside(together_words(released), answers.ask(released.metric, released.selection, rest))


def together_words(released: Released) -> str:
    """What all rows of a breakdown are together: all services, where they are all of them."""
    asked = released.selection
    is_all = "service" in released.by and asked.service is None and asked.commissioner is None
    return "all services" if is_all else "all together"


def _beside(words: str, answer: Released) -> figures.Beside:
    rates = {tuple(row.labels.values()): rate for row in answer.rows if (rate := _rate(row, answer)) is not None}
    return figures.Beside(words, rates, answer)


def _rate(row: Row, answer: Released) -> float | None:
    """A share; of a period that is not complete, none."""
    return None if answer.by and row.complete is False else share_of(row)


def _like(released: Released) -> figures.Beside:
    (unit,), service = released.by, released.selection.service
    split = answers.ask(released.metric, released.selection.but(service=None), ("service", unit))
    found = together.like(split, service or "", unit)
    return figures.Beside(LIKE_IT, {(period,): rate for period, rate in found.items()})


def name_of(released: Released) -> str:
    """All services, or all people of the base; marked where the one that is chosen is not like the others in what it records."""
    chosen = released.selection
    if chosen.service or chosen.commissioner:
        return f"all services {APART}" if is_apart(released) else "all services"
    if set(chosen.cohort) <= set(peers.OF_SERVICES):
        return "all services"
    people = BASES[chosen.base].people
    return people if chosen.base == "all" else f"all {people}"


def is_apart(released: Released) -> bool:
    """Whether the service or commissioner that is chosen is not compared with the others, for what it records."""
    chosen = released.selection
    dimension = "service" if chosen.service else "commissioner"
    code = chosen.service or chosen.commissioner
    if not code or peers.everybody(chosen) is None or released.shape == "count":
        return False
    everywhere = peers.everywhere(chosen)
    if answers.store().are_alike(released.metric, everywhere, (dimension,)):
        return False
    split = answers.ask(released.metric, everywhere, (dimension,))
    return any(one.labels.get(dimension) == code for one in split.not_alike)


def mark_words(released: Released) -> str:
    """What the mark of a comparator means; empty where there is none."""
    is_marked = APART in of(released).words
    return f"{APART} {NOT_LIKE}" if is_marked else ""


def in_words(released: Released, digits: int | None = None) -> str:
    """The comparator in a short sentence: `All services: 26.5%.`; empty where there is none. `digits` are those of a figure that shows more."""
    beside = of(released)
    metric, names = metrics.get(released.metric), answers.store().lists.name
    return comparator.said(released, beside.words, beside.answer, beside.rates, metric, names, digits)


def in_words_of_all(asked: Sequence[Released]) -> str:
    """The comparator of several answers about the time to an outcome."""
    besides = [of(one) for one in asked]
    return comparator.said_of_all(asked, besides[0].words, [one.answer for one in besides], answers.store().lists.name)
