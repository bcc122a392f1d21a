"""What an answer about some services or people stands beside: all of them, or the services seen through the same records."""

from journeys import figures
from journeys.answer import together
from journeys.answer.released import Released, Row
from journeys.screen import answers, peers
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.words import sentences

LIKE_IT = "services that record the same"


def of(released: Released) -> figures.Beside:
    """The line beside a series, the ticks beside bars, where the answer is a share of some services or people; else nothing."""
    wide = peers.everybody(released.selection)
    if wide is None or released.shape != "proportion" or len(released.by) > 1:
        return figures.NOTHING
    if released.by and released.by[0] in PERIOD_UNITS and released.selection.service and not released.own:
        return _like(released)
    if released.by and released.by[0] not in PERIOD_UNITS:
        return figures.NOTHING  # there, what is chosen stands out among its peers
    rows = answers.ask(released.metric, wide, released.by).rows
    return figures.Beside(_name(released), {tuple(row.labels.values()): row.rate for row in rows if _is_whole(row)})


def _like(released: Released) -> figures.Beside:
    (unit,), service = released.by, released.selection.service
    split = answers.ask(released.metric, released.selection.but(service=None), ("service", unit))
    found = together.like(split, service or "", unit)
    return figures.Beside(LIKE_IT, {(period,): rate for period, rate in found.items()})


def _is_whole(row: Row) -> bool:
    return row.rate is not None and row.complete is not False


def _name(released: Released) -> str:
    chosen = released.selection
    return "all services" if chosen.service or chosen.commissioner else "everyone"


def in_words(released: Released) -> str:
    """The comparator of one single share: `All services: 26.5%.`; empty where there is none or the figure has one of its own."""
    wide = peers.everybody(released.selection)
    if wide is None or released.shape != "proportion" or released.by or released.own:
        return ""
    row = answers.ask(released.metric, wide).rows[0]
    return f"{sentences.upper_first(_name(released))}: {sentences.value_words(row, released.shape)}."
