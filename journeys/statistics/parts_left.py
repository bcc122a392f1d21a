"""What the released figures of paired readings leave open of the parts that are hidden: how many improved, stayed or got worse."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

_UNSEEN = 0.05  # what rounding to one decimal may hide
_SLACK = 1e-9
MOST_PAIRS = 80  # above that the means of drawn groups left no part narrow
FEWEST_LEFT = 4
WIDEST = 100  # points that a score without an upper end may change by


@dataclass(frozen=True, slots=True)
class Shown:
    """The released figures of some pairs: `parts` are improved, little changed and worse (None: hidden), `mean` is the change upwards."""

    pairs: int
    parts: tuple[int | None, int | None, int | None]
    first: float
    latest: float
    sd: float


@lru_cache(10_000)
def leaves_enough(shown: Shown, widest: float, least: float, fewest: int, k: int, base: int) -> bool:
    """Whether of every hidden part at least four numbers are left that fit all that is shown.

    widest: the greatest change there can be; least: the least that counts; fewest: pairs that there are at least.
    Means, their deviation and the shown parts together can leave one: of 15 pairs of which 10 improved and 10 hardly changed, by 0.5 on average
    with a deviation of 0.8, one got worse. So each number that a hidden part can be is tried: whether whole changes (at least `least` up or down,
    or in between) can have that sum and those squares. A change of any size is as near to a whole one as half a point, which only leaves more.
    """
    hidden = [place for place, n in enumerate(shown.parts) if n is None]
    if not hidden or shown.pairs > MOST_PAIRS:
        return True
    left: list[set[int]] = [set() for _ in hidden]
    reach = (math.ceil(least), int(min(widest, WIDEST)))
    for n, parts in _numbers(shown, fewest, k, base):
        if all(parts[place] in seen for place, seen in zip(hidden, left, strict=True)):
            continue
        if _can_be(n, parts, shown, reach):
            for place, seen in zip(hidden, left, strict=True):
                seen.add(parts[place])
            if all(len(seen) >= FEWEST_LEFT for seen in left):
                return True
    return False


def _numbers(shown: Shown, fewest: int, k: int, base: int) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Pairs and their parts that are shown as these are."""
    for n in range(max(fewest, shown.pairs - base), shown.pairs + base + 1):
        if _rounded(n, base) != shown.pairs:
            continue
        small = (*range(min(k, n + 1)), *range(max(n - k + 1, min(k, n + 1)), n + 1))
        each = [
            small
            if m is None
            else [v for v in range(max(k, m - base), min(m + base, n - k) + 1) if _rounded(v, base) == m]
            for m in shown.parts[:2]
        ]
        for up, same in product(*each):
            down, m = n - up - same, shown.parts[2]
            if down >= 0 and (down in small if m is None else _rounded(down, base) == m and k <= down <= n - k):
                yield n, (up, same, down)


def _rounded(n: int, base: int) -> int:
    return int((n + base / 2) // base) * base


def _can_be(n: int, parts: Sequence[int], shown: Shown, reach: tuple[int, int]) -> bool:
    """Whether whole changes of so many up, in between and down have the sum and the squares that are shown."""
    least, most = reach
    boxes = ((least, most), (1 - least, least - 1), (-most, -least))
    for total in _totals(n, shown):
        low, high = ((n - 1) * max(sd, 0) ** 2 + total * total / n for sd in (shown.sd - _UNSEEN, shown.sd + _UNSEEN))
        if (parts[0] + parts[2]) * least * least > high + _SLACK:
            continue
        span = _squares(parts, boxes, total)
        if span is None:
            continue
        squares = max(span[0], math.ceil(low - _SLACK))
        squares += (squares - total) % 2  # a whole number and its square are both even, or neither
        if squares <= min(span[1], high + _SLACK):
            return True
    return False


def _totals(n: int, shown: Shown) -> range:
    """The sums of whole changes by the sums of first and latest scores."""
    ends = [
        (math.ceil(n * (m - _UNSEEN) - _SLACK), math.floor(n * (m + _UNSEEN) + _SLACK))
        for m in (shown.first, shown.latest)
    ]
    (first, first_most), (latest, latest_most) = ends
    return range(latest - first_most, latest_most - first + 1)


def _squares(parts: Sequence[int], boxes: Sequence[tuple[int, int]], total: int) -> tuple[int, int] | None:
    """The least and the most that the squares of whole numbers add up to: so many in each box, with this sum. None where there are none."""
    least = sum(m * low for m, (low, _) in zip(parts, boxes, strict=True))
    most = sum(m * high for m, (_, high) in zip(parts, boxes, strict=True))
    if not least <= total <= most:
        return None
    return _nearest(parts, boxes, total), _farthest(parts, boxes, total - least)


def _nearest(parts: Sequence[int], boxes: Sequence[tuple[int, int]], total: int) -> int:
    """As near to one another as their boxes allow: each at one level or the next, or at the end of its box that is nearer."""
    low, high = boxes[-1][0], boxes[0][1]
    while low < high:  # the highest level whose sum is not above the total
        level = -((-low - high) // 2)
        if sum(m * min(max(level, a), b) for m, (a, b) in zip(parts, boxes, strict=True)) <= total:
            low = level
        else:
            high = level - 1
    at = [min(max(low, a), b) for a, b in boxes]
    missing = total - sum(m * v for m, v in zip(parts, at, strict=True))
    return sum(m * v * v for m, v in zip(parts, at, strict=True)) + missing * (2 * low + 1)


def _farthest(parts: Sequence[int], boxes: Sequence[tuple[int, int]], more: int) -> int:
    """As far from one another: those that went up rise from the foot of their box to its top one after another, then the others."""
    squares = sum(m * low * low for m, (low, _) in zip(parts, boxes, strict=True))
    for m, (low, high) in zip(parts, boxes, strict=True):
        width = high - low
        whole, rest = (min(more // width, m), more % width) if width else (0, 0)
        rest = rest if whole < m else 0
        squares += whole * (high * high - low * low) + (low + rest) ** 2 - low * low
        more -= whole * width + rest
    return squares
