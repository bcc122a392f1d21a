"""What an answer about some services or people stands beside: all of them, or the services seen through the same records."""

from collections.abc import Sequence

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import answers, peers
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.words import beside, comparator


def of(released: Released) -> figures.Beside:
    """What stands beside a share, a curve or paired readings: of all services or people, of those like it over time, or of all rows of a breakdown together."""
    if released.shape == "count":
        return figures.NOTHING
    wide = peers.everybody(released.selection)
    if wide is None:
        return figures.NOTHING if set(released.by) <= set(PERIOD_UNITS) else _whole(released)
    return figures.Beside(*beside.of(released, wide, _source()))


def _source() -> beside.Source:
    return beside.Source(answers.ask, answers.store().are_alike)


def _whole(released: Released) -> figures.Beside:
    """All rows of a breakdown together; none where there is but one."""
    dimension = next(d for d in released.by if d not in PERIOD_UNITS)
    if len({row.labels[dimension] for row in released.rows}) < 2:
        return figures.NOTHING
    rest = tuple(d for d in released.by if d != dimension)
    answer = answers.ask(released.metric, released.selection, rest)
    return figures.Beside(*beside.found(together_words(released), answer))


def together_words(released: Released) -> str:
    """What all rows of a breakdown are together: all services, where they are all of them."""
    asked = released.selection
    is_all = "service" in released.by and asked.service is None and asked.commissioner is None
    return "all services" if is_all else "all together"


def name_of(released: Released) -> str:
    """All services, or all people of the base; marked where the one that is chosen is not like the others in what it records."""
    return beside.name_of(released, _source())


def is_apart(released: Released) -> bool:
    """Whether the service or commissioner that is chosen is not compared with the others, for what it records."""
    if released.shape == "count" or peers.everybody(released.selection) is None:
        return False
    return beside.is_apart(released, _source())


def mark_words(released: Released) -> str:
    """What the mark of a comparator means; empty where there is none."""
    return beside.APART_MEANS if beside.APART in of(released).words else ""


def in_words(released: Released, digits: int | None = None) -> str:
    """The comparator in a short sentence: `All services: 26.5%.`; empty where there is none. `digits` are those of a figure that shows more."""
    if released.shape == "count":
        return _of_how_many(released)
    it, metric, names = of(released), metrics.get(released.metric), answers.store().lists.name
    return comparator.said(released, it.words, it.answer, it.rates, metric, names, digits)


def _of_how_many(released: Released) -> str:
    """What the groups of a count are groups of: `All together: about 15,000 referrals.`"""
    if len(released.by) != 1 or released.own or released.by[0] in PERIOD_UNITS or len(released.rows) < 2:
        return ""
    (whole,) = answers.ask(released.metric, released.selection).rows
    return comparator.of_how_many(together_words(released), whole, released)


def in_words_of_all(asked: Sequence[Released]) -> str:
    """The comparator of several answers about the time to an outcome."""
    besides = [of(one) for one in asked]
    return comparator.said_of_all(asked, besides[0].words, [one.answer for one in besides], answers.store().lists.name)
