"""Change: how many pairs of readings improved, hardly changed or got worse, and their means."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from journeys.answer.grid import Grid, Own
from journeys.answer.query import clients_with
from journeys.answer.released import NOTHING, Change, Protected, Values
from journeys.answer.rule import Rule
from journeys.answer.shapes.shape import Behind, Coded, Counts, clients_behind, one_by_one
from journeys.statistics import paired_change, parts_left
from journeys.statistics.paired_change import Scale
from journeys.vocabulary import dictionary
from journeys.vocabulary.metrics import Metric

DIRECTIONS = ("improved", "same", "worse")
SUMS = ("sum_first", "sum_latest", "sum_change", "sum_squares")
COUNTED: tuple[str, ...] = ("journeys", "first", "pairs", *DIRECTIONS)
COLUMNS: tuple[str, ...] = (*COUNTED, *SUMS)
GUARDED = "pairs"
AMOUNT = "answer.pairs"
FEWEST_PAIRS = 10
EVERYONE: Own = (None, None)


def guarded_by(own: Own, has_shared: bool) -> Own:
    return own


def amounts(found: Grid, has_shared: bool) -> list[np.ndarray]:
    return _amounts(found.counts)


def _amounts(counts: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    return [*(counts[name] for name in COUNTED), *(counts["pairs"] - counts[name] for name in DIRECTIONS)]


def at_least(found: Grid, sixtieths: Grid, has_shared: bool) -> list[np.ndarray]:
    return _amounts(sixtieths.of(found.owns).counts)


def people(metric: Metric, has_shared: bool) -> str:
    counts = [f"{clients_with(name)} as {name}" for name in COUNTED]
    counts += [f"{clients_with(f'(pairs - {name})')} as left_{name}" for name in DIRECTIONS]
    return clients_behind(metric, metric.labels, counts)


def released(rule: Rule, behind: Behind) -> Coded:
    """The journeys of the cohort stand in a row of their own, without tool and item."""
    counts = {name: behind.counts(name) for name in COLUMNS}
    people = {name: behind.clients(name) for name in (*COUNTED, *(f"left_{name}" for name in DIRECTIONS))}
    journeys, clients = (one("journeys", [EVERYONE])[:, 0] for one in (behind.counts, behind.clients))
    scales = [scale(own) for own in behind.owns]

    def protected_at(cell: int, own: int) -> Protected:
        here = {name: one[cell, own].item() for name, one in counts.items()} | {"journeys": journeys[cell].item()}
        n_people = {name: one[cell, own].item() for name, one in people.items()} | {"journeys": clients[cell].item()}
        return protected(rule, here, n_people, scales[own])

    return one_by_one(behind.asked & ~rule.is_small(counts["pairs"], people["pairs"]), protected_at)


def scale(own: Own) -> Scale:
    """The ends of an item's score, and the least change that counts."""
    item = dictionary.load().item(str(own[0]), str(own[1]))
    return Scale(item.minimum, item.maximum, item.threshold or 1, item.better == "down")


def protected(rule: Rule, counts: Counts, n_people: Counts, scale: Scale) -> Protected:
    """Pairs as they may be shown. `n_people`: different people behind each count, where counted."""
    if rule.is_small(counts["pairs"], n_people.get("pairs")):
        return NOTHING
    shown: dict[str, float | None] = {
        name: rule.count(counts[name], n_people.get(name)) for name in ("journeys", "first", "pairs")
    }
    for name in DIRECTIONS:
        is_most = rule.is_small(counts["pairs"] - counts[name], n_people.get(f"left_{name}"))
        shown[name] = None if is_most else rule.count(counts[name], n_people.get(name))
    means = _means(rule, counts, scale)
    return Protected(values=_change(shown | (means if _leave_enough(rule, shown | means, scale) else {})))


def _change(values: dict[str, Any]) -> Change:
    return Change(**values)


def _means(rule: Rule, counts: Counts, scale: Scale) -> dict[str, float]:
    """Rounded means, and their interval from rounded figures; none of fewer than ten pairs, nor where they tell somebody's score."""
    n = int(counts["pairs"])
    if n < FEWEST_PAIRS:
        return {}
    # the last of a float's decimals are the order in which rows were added up: they would turn a mean that ends in a 5
    sd = round(paired_change.standard_deviation(n, counts["sum_change"], counts["sum_squares"]), 9)
    first, latest = (round(counts[name], 6) / n for name in ("sum_first", "sum_latest"))
    means = paired_change.means(rule.rounded(n), first, latest, sd, scale, rule.k, rule.base // 2)
    return {} if means is None else asdict(means)


def _leave_enough(rule: Rule, shown: Mapping[str, Any], scale: Scale) -> bool:
    """Whether the means, if there are any, leave the hidden parts open beside those that are shown."""
    if "mean_first" not in shown:
        return True
    up, down = ("worse", "improved") if scale.is_down else ("improved", "worse")
    figures = parts_left.Shown(
        shown["pairs"],
        (shown[up], shown["same"], shown[down]),
        shown["mean_first"],
        shown["mean_latest"],
        shown["sd_change"],
    )
    return parts_left.leaves_enough(figures, scale.highest - scale.lowest, scale.least, FEWEST_PAIRS, rule.k, rule.base)


def bare(own: Own) -> Values | None:
    return None
