"""What means and deviations say of paired changes: of drawn groups, how often the hidden parts follow. By hand, in the long audit.

The attacker has the mean change and its deviation to one decimal, the number of pairs and the parts that are shown, to within the rounding.
All groups of whole changes with these figures are counted through; what they have in common of a hidden part is known.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from journeys.answer.rule import Rule
from journeys.statistics.paired_change import Means, Scale, counts_few
from journeys.statistics.parts_left import Shown, leaves_enough

SIZES = {(10, 12): 6, (13, 17): 5, (28, 32): 3}  # pairs, and how far a change goes either way
MOST_SQUARES = 330
DEVIATIONS = (0.3, 0.6, 1.0, 1.5, 2.0)
DRAWN = 4000
Figures = tuple[float, float]


def parts_of(least: int, most: int, spread: int) -> Mapping[Figures, set[tuple[int, int, int]]]:
    """By mean and deviation, every way in which so many pairs can fall into improved, same and worse (changes of 1 or more count)."""
    totals, squares = 2 * spread * most + 1, min(spread**2 * most + 1, MOST_SQUARES)
    held = np.zeros((totals, squares, most + 1, most + 1), bool)  # by total, squares, improved, worse
    held[spread * most, 0, 0, 0] = True
    found: dict[Figures, set] = defaultdict(set)
    for n in range(1, most + 1):
        held = _one_more(held, spread)
        if n >= least:
            for total, square in np.argwhere(held.any(axis=(2, 3))):
                mine = found[_figures(n, int(total) - spread * most, int(square))]
                mine |= {(int(up), n - int(up) - int(down), int(down)) for up, down in np.argwhere(held[total, square])}
    return found


def _one_more(held: np.ndarray, spread: int) -> np.ndarray:
    """The groups with one more person, whose change is any from -spread to spread."""
    found = np.zeros_like(held)
    totals, squares, ups, downs = held.shape
    for change in range(-spread, spread + 1):
        up, down, back, on = change > 0, change < 0, max(0, -change), max(0, change)
        moved = held[back : totals - on, : squares - change**2, : ups - up, : downs - down]
        found[on : totals - back, change**2 :, up:, down:] |= moved
    return found


def _figures(n: int, total: float, squares: float) -> Figures:
    around = max(squares - total**2 / n, 0) / (n - 1)
    return round(total / n, 1) + 0.0, round(math.sqrt(around), 1)


def table() -> str:
    lines = ["pairs   deviation   groups   exactly   within 1   given now   exactly   within 1"]
    for (least, most), spread in SIZES.items():
        for deviation, n in _counted(parts_of(least, most, spread), least, most, spread):
            shares = [
                n[name] / n["all"] for name in ("exactly", "within 1", "given", "given exactly", "given within 1")
            ]
            lines.append(f"{least}-{most}{deviation:10}{n['all']:11}" + "".join(f"{share:11.1%}" for share in shares))
    return "\n".join(lines)


def _shown(parts: tuple[int, ...]) -> tuple[int | None, ...]:
    """The parts as they are shown: rounded, or hidden where they or what is left are of few."""
    rule, n = Rule(), sum(parts)
    return tuple(None if rule.is_small(n - part) else rule.count(part) for part in parts)


def _width(some: set[tuple[int, int, int]], parts: tuple[int, int, int]) -> int:
    """How far the sizes of a hidden part lie apart at most that fit what is shown, of the part that is known best; 99 where none is hidden."""
    fit = [
        one for one in some if _shown(one) == _shown(parts) and Rule().rounded(sum(one)) == Rule().rounded(sum(parts))
    ]
    hidden = [place for place, n in enumerate(_shown(parts)) if n is None]
    return min((int(np.ptp([one[place] for one in fit])) for place in hidden), default=99)


def _counted(
    told: Mapping[Figures, set[tuple[int, int, int]]], least: int, most: int, spread: int
) -> Iterator[tuple[float, Counter]]:
    """Of drawn groups with a deviation: how many have a part that follows exactly or within 1, of all and of those with means."""
    rng = np.random.default_rng(1)
    for deviation in DEVIATIONS:
        n: Counter = Counter()
        for _ in range(DRAWN // len(DEVIATIONS)):
            changes = rng.normal(rng.uniform(-1, 2), deviation, rng.integers(least, most + 1))
            changes = np.clip(np.rint(changes), -spread, spread)
            figures = _figures(len(changes), changes.sum(), (changes**2).sum())
            if figures not in told or (changes**2).sum() > 0.7 * MOST_SQUARES:
                continue
            parts = (int((changes > 0).sum()), int((changes == 0).sum()), int((changes < 0).sum()))
            shown = Shown(Rule().rounded(len(changes)), _shown(parts), 5.0, 5 + figures[0], figures[1])
            is_given = figures[1] > 0 and not counts_few(most, Means(5, 5, *figures, 0, 0), Scale(-99, 99), 8)
            is_given = is_given and leaves_enough(shown, 2 * spread, 1, 10, 8, 5)
            width, is_shown = _width(told[figures], parts), figures[1] > 0
            n += Counter({"all": 1, "exactly": is_shown and width == 0, "within 1": is_shown and width <= 1})
            n += Counter(
                {"given": is_given, "given exactly": is_given and width == 0, "given within 1": is_given and width <= 1}
            )
        yield deviation, n
