"""A count: how many journeys, people, outcomes or contacts."""

from functools import lru_cache

import numpy as np

from journeys.answer.grid import Grid, Own
from journeys.answer.query import clients_with
from journeys.answer.released import NOTHING, Count, Protected, Values
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Coded, clients_behind, coded
from journeys.vocabulary.metrics import Metric

COLUMNS: tuple[str, ...] = ("count",)
COUNTED = COLUMNS
GUARDED = "count"
AMOUNT = "answer.count"
NOT_SHOWN = -1


def guarded_by(own: Own, has_shared: bool) -> Own:
    return own


def amounts(found: Grid, has_shared: bool) -> list[np.ndarray]:
    return [found.counts["count"]]


def at_least(found: Grid, sixtieths: Grid, has_shared: bool) -> list[np.ndarray]:
    return [sixtieths.taken("count", found.owns)]


def people(metric: Metric, has_shared: bool) -> str:
    return clients_behind(metric, metric.labels, [f"{clients_with('count')} as count"])


def released(rule: Rule, behind: Behind) -> Coded:
    n = behind.counts("count")
    is_hidden = ~behind.asked | rule.is_small(n, behind.clients("count"))
    return coded(np.where(is_hidden, NOT_SHOWN, rule.rounded(n)), _count)


@lru_cache(65_536)
def _count(n: int) -> Protected:
    return NOTHING if n == NOT_SHOWN else Protected(values=Count(n))


def bare(own: Own) -> Values | None:
    return None
