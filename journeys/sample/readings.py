"""Readings of the measurement tools."""

import numpy as np

from journeys.sample.codes import READING
from journeys.sample.draws import Rows, by_chance, in_order, stack, until
from journeys.sample.mixes import BARRIERS, ITEMS, Archetype, Item, Tool
from journeys.sample.people import Lives


def reading_rows(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Rows:
    nothing = {"at": np.empty(0, int), "measured_on": np.empty(0, int), "reading": np.empty(0, int)}
    parts = [nothing | {"score": np.empty(0)}]
    for tool in kind.tools:
        at, on, is_first = _reading_days(tool, lives, rng)
        if tool.code == "mbat":
            parts += _barrier_rows(lives, at, on, rng)
        else:
            parts += [row for item in ITEMS[tool.code] for row in _item_rows(tool, item, lives, at, on, is_first, rng)]
    rows = in_order(stack(parts), "measured_on", "reading")
    return rows | {"tool": rows["reading"], "item": rows["reading"]}


def _reading_days(tool: Tool, lives: Lives, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Readings taken: journey, day, and whether it is the first. Who misses one is not measured again."""
    days = np.full((lives.n, tool.n_readings), -1)
    taken = lives.is_engaged & by_chance(tool.first, lives.n, rng)
    for k in range(tool.n_readings):
        jitter = rng.integers(0, 18, lives.n)
        days[:, k] = until(np.where(taken, lives.first + k * tool.days_between + jitter, -1), lives.active_until)
        taken = (days[:, k] >= 0) & by_chance(np.clip(tool.again + 0.05 * lives.drive, 0, 1), lives.n, rng)
    at, which = np.nonzero(days >= 0)
    return at, days[at, which], which == 0


def _item_rows(
    tool: Tool,
    item: Item,
    lives: Lives,
    at: np.ndarray,
    on: np.ndarray,
    is_first: np.ndarray,
    rng: np.random.Generator,
) -> list[Rows]:
    """Scores: a person's level, a gain that comes with the months, the day's noise, and now and then a setback."""
    n, direction = len(at), np.sign(item.gain)
    level = 0.35 * direction * lives.drive + 0.85 * rng.standard_normal(lives.n)
    gain = item.gain * (1 + 0.7 * lives.drive + 0.8 * rng.standard_normal(lives.n))
    score = item.mean + item.spread * level[at] + gain[at] * (1 - np.exp(-(on - lives.referred[at]) / 140))
    score += 0.33 * item.spread * rng.standard_normal(n)
    score -= direction * item.spread * 0.9 * (~is_first & by_chance(0.16, n, rng))
    score = np.clip(np.round(score, item.decimals), item.low, item.high) + 0.0  # no minus zero
    reading = READING.index((tool.code, item.code))
    return [{"at": at, "measured_on": on, "reading": np.full(n, reading), "score": score}]


def _barrier_rows(lives: Lives, at: np.ndarray, on: np.ndarray, rng: np.random.Generator) -> list[Rows]:
    """Barriers there or not: they go in their time, may come back, and new ones appear."""
    rows = []
    for barrier, share in BARRIERS.items():
        is_there = by_chance(np.clip(share * np.exp(-0.15 * lives.drive), 0, 1), lives.n, rng)
        gone = lives.referred + rng.exponential(380 * np.exp(-0.3 * lives.drive))
        comes = lives.referred + rng.exponential(4000, lives.n)
        score = np.where(is_there[at], on < gone[at], on > comes[at]) ^ by_chance(0.03, len(at), rng)
        reading = np.full(len(at), READING.index(("mbat", barrier)))
        rows.append({"at": at, "measured_on": on, "reading": reading, "score": score.astype(float)})
    return rows
