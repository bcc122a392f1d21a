"""Two selections beside each other: pairs of released shares with the interval of their difference, as table, words and file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from journeys.answer.released import Released, Row
from journeys.statistics import proportions
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from journeys.words.phrases import (
    HIDDEN_WORDS,
    Names,
    amount,
    does,
    listed,
    lower_first,
    lowered,
    percent,
    signed,
    upper_first,
)
from journeys.words.tables import Table

NOTHING = "–"
HEADER = ("Share", "First: per cent", "First: 95% interval", "First: counts", "Second: per cent", "Second: 95% interval",
          "Second: counts", "Difference (percentage points)", "95% interval", "In words")  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One proportion asked of two selections, each answer released by itself."""

    metric: Metric
    left: Released
    right: Released

    @property
    def first(self) -> Row:
        return self.left.rows[0]

    @property
    def second(self) -> Row:
        return self.right.rows[0]

    @cached_property
    def difference(self) -> proportions.Difference:
        """First minus second (Newcombe), from the released counts; None where either is hidden or too small."""
        return proportions.difference(
            self.first.numerator, self.first.denominator, self.second.numerator, self.second.denominator
        )

    @property
    def title(self) -> str:
        """The metric, with its horizon and, where both sides are on a base of its own, that base."""
        bases = {self.left.selection.base, self.right.selection.base}
        base = (
            f", {BASES[self.metric.base].people}" if self.metric.base != "all" and bases == {self.metric.base} else ""
        )
        within = f" within {self.left.selection.within} months" if self.metric.has_within else ""
        return f"{self.metric.title}{within}{base}"


def are_apart(left: Selection, right: Selection, lists: Lists) -> bool:
    """Whether nobody's journey can be in both selections, by their closed choices alone."""
    if not lists.where(left) & lists.where(right):
        return True
    if not lists.calendar.months(left.period) & lists.calendar.months(right.period):
        return True
    return any(right.cohort.get(dimension, value) != value for dimension, value in left.cohort.items())


def summary(pairs: Sequence[Pair]) -> str:
    """Which shares are clearly higher or lower in the first selection, how many show no clear difference or cannot be compared."""
    known = [pair for pair in pairs if pair.difference.difference is not None]
    if not known:
        return "None of these shares can be compared: too few people in one of the two selections, or too few left out."
    clear = [pair for pair in known if pair.difference.is_clear]
    higher, lower = (_titles(clear, sign) for sign in (1, -1))
    parts = [f"Higher in the first selection: {higher}."] if higher else []
    parts += [f"Lower in the first: {lower}."] if lower else []
    n_alike, n_unknown = len(known) - len(clear), len(pairs) - len(known)
    parts += [f"No clear difference in {n_alike} of {len(pairs)} shares."] if n_alike else []
    parts += [f"{n_unknown} of {len(pairs)} cannot be compared."] if n_unknown else []
    return " ".join(parts)


def _titles(clear: Sequence[Pair], sign: int) -> str:
    return listed(lowered(pair.metric.title) for pair in clear if pair.difference.difference * sign > 0)


def based(pairs: Sequence[Pair]) -> str:
    """Which shares are on a base of their own because neither selection chose one; empty when none is."""
    bases = {pair.left.selection.base for pair in pairs if pair.left.selection.base == pair.right.selection.base}
    own = [
        pair
        for pair in pairs
        if pair.metric.base != "all" and pair.left.selection.base == pair.right.selection.base == pair.metric.base
    ]
    if len(bases) < 2 or not own:
        return ""
    titles = listed(pair.metric.title for pair in own)
    return f"{titles}: only {BASES[own[0].metric.base].people}, in both selections."


def verdict(pair: Pair) -> str:
    """The difference in two or three words; a difference is never called an effect."""
    if pair.difference.difference is None:
        return "cannot be compared"
    if not pair.difference.is_clear:
        return "no clear difference"
    return "first higher" if pair.difference.difference > 0 else "first lower"


def points(share: float | None) -> str:
    """A difference of shares in percentage points: `+3.4`, `−0.2`."""
    return NOTHING if share is None else signed(100 * share)


def table(pairs: Sequence[Pair]) -> Table:
    """One row a share: both sides with interval and counts, the difference with its interval, and the verdict."""
    return Table(HEADER, tuple(_cells(pair) for pair in pairs), 1, ())


def _cells(pair: Pair) -> tuple[str, ...]:
    found = pair.difference
    span = NOTHING if found.low is None else f"{points(found.low)} to {points(found.high)}"
    sides = (*_side(pair.first), *_side(pair.second))
    return (pair.title, *sides, points(found.difference), span, verdict(pair))


def _side(row: Row) -> tuple[str, str, str]:
    if row.rate is None:
        return (
            sentences.mark(row, "proportion"),
            NOTHING,
            NOTHING if row.denominator is None else f"… of {row.denominator:,}",
        )
    rate, low, high = (sentences.percent(v, row.denominator) for v in (row.rate, row.low, row.high))
    return rate, f"{low} to {high}", f"{row.numerator:,} of {row.denominator:,}"


def difference_sentence(
    left: Released,
    right: Released,
    found: proportions.Difference,
    metric: Metric,
    names: Names,
    left_words: str,
    right_words: str,
    **labels: str,
) -> str:
    """Two cohorts side by side with the interval of their difference; `labels` picks the row of both.

    `found` is the proportions.Difference of the two rows (first share minus second, Newcombe's interval).
    """
    first, second = left.row(**labels), right.row(**labels)
    did = does(metric, left.selection, first.labels, names)
    if not (first.is_shown and second.is_shown):
        return f"The two cannot be compared: {lower_first(HIDDEN_WORDS)}"
    if found.difference is None:
        return "The two cannot be compared: the numbers are too small for percentages."
    shares = [
        f"{percent(r.rate, r.denominator)} ({amount(r.numerator)} of {amount(r.denominator)})" for r in (first, second)
    ]
    start = f"{upper_first(did)}: {shares[0]} in {left_words} and {shares[1]} in {right_words}"
    if not found.is_clear:
        return f"{start}; no clear difference (likely between {_points(found.low)} and {_points(found.high)} percentage points)."
    side = "higher" if found.difference > 0 else "lower"
    small, large = sorted((abs(found.low), abs(found.high)))
    return (
        f"{start}; the first is {100 * abs(found.difference):.0f} percentage points {side} "
        f"(likely between {100 * small:.0f} and {100 * large:.0f}), which does not say why."
    )


def _points(value: float) -> str:
    text = f"{100 * value:+.0f}".replace("-", "−")
    return "0" if text in ("+0", "−0") else text
