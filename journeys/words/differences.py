"""Two selections beside each other: pairs of released shares with the interval of their difference, as table, words and file."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from journeys.answer.released import HIDDEN, NOT_APPLICABLE, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.statistics import proportions
from journeys.vocabulary import dictionary
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence, lowered
from journeys.vocabulary.selection import Selection
from journeys.words.cohort import unit_of
from journeys.words.finding import fitting
from journeys.words.phrases import LARGEST, Names, amount, does, listed, lower_first, mark, of_all, span, upper_first
from journeys.words.shapes import named as largest_of
from journeys.words.shares import bound, digits_of, hidden_part, interval, per_cent
from journeys.words.tables import Table

NOTHING = "–"
ON_ONE = "on one side or both"
WHY = {
    NOT_RECORDED: f"not recorded {ON_ONE}",
    NOT_APPLICABLE: f"does not apply {ON_ONE}",
    TOO_EARLY: f"too early to say {ON_ONE}",
    HIDDEN: f"too few people {ON_ONE}, or too few left out",
    "unlike": "their services do not record the same things",
    "small": "the numbers are too small for percentages",
}
SEEN_THROUGH = ("records", "partly", "tools")
HEADER = ("Share", "First: per cent", "First: 95% interval", "First: counts", "Second: per cent", "Second: 95% interval",
          "Second: counts", "Difference (percentage points)", "95% interval", "In words")  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """A difference of two printed shares and its interval, in percentage points with so many decimals."""

    difference: float
    low: float
    high: float
    digits: int

    def signed(self, value: float) -> str:
        """`+3.4`, `−0.2`, `0`."""
        text = f"{value:+.{self.digits}f}".replace("-", "−")
        return text if text.strip("+−0.") else text.strip("+−")

    def plain(self, value: float) -> str:
        return f"{abs(value):.{self.digits}f}"


def _rounded(row: Row, digits: int) -> float:
    return round(100 * (row.rate or 0.0), digits)


@dataclass(frozen=True)
class Pair:
    """One proportion asked of two selections, each answer released by itself."""

    metric: Metric
    left: Released
    right: Released
    decimals: int | None = None  # of the figure that shows it among others
    is_on_base_of_all: bool = False  # as the others of that figure are

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
    def is_alike(self) -> bool:
        """Whether both are seen through the same records; an answer that does not say is taken at its word."""
        seen = [[getattr(row, name, None) for name in SEEN_THROUGH] for row in (self.first, self.second)]
        return seen[0] == seen[1]

    @property
    def why_not(self) -> str:
        """Why the two cannot be compared, a key of WHY; empty where they can."""
        states = {self.first.state, self.second.state}
        if (state := next((state for state in WHY if state in states), "")) or self.printed:
            return state
        return "small" if self.is_alike else "unlike"

    @cached_property
    def digits(self) -> int:
        """One precision for both sides and their difference: a decimal more where whole per cents would hide a clear difference."""
        if self.decimals is not None:
            return self.decimals
        digits = digits_of((self.first, self.second))
        return 1 if not digits and self.is_lost_in_rounding else digits

    @property
    def is_lost_in_rounding(self) -> bool:
        """Whether a clear difference is none in whole per cents, or half a point off."""
        if not self.difference.is_clear:
            return False
        whole = _rounded(self.first, 0) - _rounded(self.second, 0)
        return not whole or abs(whole - 100 * (self.difference.difference or 0.0)) >= 0.5

    @property
    def printed(self) -> "Printed | None":
        """The difference of the two shares as they are printed, in percentage points; None where they cannot be compared."""
        found = self.difference
        if found.difference is None or found.low is None or found.high is None or not self.is_alike:
            return None
        difference = _rounded(self.first, self.digits) - _rounded(self.second, self.digits)
        return Printed(difference, 100 * found.low, 100 * found.high, self.digits)

    @property
    def title(self) -> str:
        """The metric, with its horizon and, where both sides are on a base of its own and others of the figure are not, that base."""
        bases = {self.left.selection.base, self.right.selection.base}
        is_own = self.metric.base != "all" and bases == {self.metric.base} and not self.is_on_base_of_all
        base = f", {BASES[self.metric.base].people}" if is_own else ""
        return f"{self.metric.title}{span(self.metric, self.left.selection)}{base}"

    @property
    def short_title(self) -> str:
        """The same without the horizon, where that stands beside it."""
        return self.title.replace(span(self.metric, self.left.selection), "")


def are_apart(left: Selection, right: Selection, lists: Lists) -> bool:
    """Whether nobody's journey can be in both selections, by their closed choices alone."""
    if not lists.where(left) & lists.where(right):
        return True
    if not lists.calendar.months(left.period) & lists.calendar.months(right.period):
        return True
    return any(right.cohort.get(dimension, value) != value for dimension, value in left.cohort.items())


def in_one_figure(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs with the decimals that one figure has for all of them, and whether all are on one base, which then is no pair's own."""
    digits = digits_of(row for pair in pairs for row in (pair.first, pair.second))
    if not digits and any(pair.is_lost_in_rounding for pair in pairs):
        digits = 1
    bases = {side.selection.base for pair in pairs for side in (pair.left, pair.right)}
    is_chosen = len(bases) == 1 and any({pair.metric.base} != bases for pair in pairs)
    return [replace(pair, decimals=digits, is_on_base_of_all=is_chosen) for pair in pairs]


SIDES = ("First selection", "Second selection")
BY_CHANCE = "About one share in twenty would seem to differ clearly by chance alone."


def names_of(left: Selection, right: Selection, lists: Lists) -> tuple[str, str]:
    """What each of two selections is called: by what differs between them, `2024/25` and `2023/24`; first and second where nothing does."""
    parts = [
        (_period(one, lists), _where(one, lists), _people(one), *_cohort(one, left, right, lists))
        for one in (left, right)
    ]
    said = [
        ", ".join(part for part, other in zip(*pair, strict=True) if part != other) for pair in (parts, parts[::-1])
    ]
    return (said[0], said[1]) if all(said) else SIDES


def _period(one: Selection, lists: Lists) -> str:
    return in_words(one.period, lists.calendar).removeprefix("financial year ")


def _where(one: Selection, lists: Lists) -> str:
    kind = "service" if one.service else "commissioner"
    code = one.service or one.commissioner
    return lists.name(kind, code) if code else "all services"


def _people(one: Selection) -> str:
    return BASES[one.base].people


def _cohort(one: Selection, left: Selection, right: Selection, lists: Lists) -> list[str]:
    """The choice of one side in every dimension that either has chosen."""
    chosen = dict.fromkeys((*left.cohort, *right.cohort))
    return [_group(one, d, lists) for d in chosen]


def _group(one: Selection, dimension: str, lists: Lists) -> str:
    """`age at referral 25 to 34`, as it stands inside a sentence; `whatever age at referral` where none was chosen."""
    title = lowered(dictionary.load().titles[dimension])
    if dimension not in one.cohort:
        return f"whatever {title}"
    return f"{title} {in_a_sentence(dimension, lists.name(dimension, one.cohort[dimension]))}"


def summary(pairs: Sequence[Pair], names: tuple[str, str] = SIDES) -> str:
    """Which shares are clearly higher or lower on the first side, a few of them with both, how many show no clear difference or cannot be compared."""
    known = [pair for pair in pairs if pair.printed is not None]
    if not known:
        return f"None of these shares can be compared: {_reasons(pairs)}."
    clear = [pair for pair in known if pair.difference.is_clear]
    parts = [_told(pair, names) for pair in clear] if len(clear) <= LARGEST else _listed(clear, names)
    n_alike, unknown = len(known) - len(clear), [pair for pair in pairs if pair.printed is None]
    parts += [BY_CHANCE] if clear and len(known) > 1 else []
    parts += [f"{_none_clear(n_alike, len(pairs))}."] if n_alike else []
    parts += [f"{len(unknown)} of {len(pairs)} cannot be compared: {_reasons(unknown)}."] if unknown else []
    return " ".join([*parts, *_not_complete(known, names)])


def _not_complete(known: Sequence[Pair], names: tuple[str, str]) -> list[str]:
    """That one side alone is not complete, as its bar says on other pages: a year in which a service is late or began, or that is not over."""
    ends = {(pair.first.complete is not False, pair.second.complete is not False) for pair in known}
    said = [name for name, end in zip(names, ((False, True), (True, False)), strict=True) if end in ends]
    return [f"Not complete: {listed(said)}, of which some months or services are missing."] if said else []


def _reasons(pairs: Sequence[Pair]) -> str:
    """Why shares cannot be compared, with how many of them where there are several reasons."""
    found = Counter(pair.why_not for pair in pairs)
    if len(found) == 1:
        return WHY[next(iter(found))]
    return "; ".join(f"{WHY[why]} ({of_all(found[why], len(pairs))})" for why in WHY if found[why])


def headline(pairs: Sequence[Pair], names: tuple[str, str] = SIDES) -> str:
    """The same as a heading of at most 14 words: which shares are higher, which lower, else how many."""
    known = [pair for pair in pairs if pair.printed is not None]
    clear = [pair for pair in known if pair.difference.is_clear]
    if not clear:
        return _none_clear(len(known), len(pairs)) if known else "None of these shares can be compared"
    first, second = map(inside, names)
    found = [(word, titles) for word, sign in (("higher", 1), ("lower", -1)) if (titles := _titles(clear, sign))]
    (word, titles), *more = found
    whole = f"{word} for {first} than for {second}: {titles}"
    short = "; ".join([f"{word} for {first}: {titles}", *(f"{other}: {those}" for other, those in more)])
    how_many = f"{len(clear)} of {len(known)} shares {'differs' if len(clear) == 1 else 'differ'} clearly"
    return fitting([short if more else whole, short, f"{how_many} between {first} and {second}", how_many])


def _none_clear(n: int, total: int) -> str:
    """`No clear difference in 3 of 8 shares`, `No clear difference in any of 8 shares`."""
    which = f"{n} of {total} shares" if n < total else f"any of {n} shares" if n > 1 else "the one share"
    return f"No clear difference in {which}"


def headline_of_label(asked: Sequence[Released], metric: Metric, named: tuple[str, str], names: Names) -> str:
    """The commonest label on the first side, and its figure on both: `Starting out: 61% for 2024/25, 60% for 2023/24`."""
    left, right = asked
    digits = digits_of(row for one in asked for row in one.rows)
    for row in largest_of(metric, left.rows):
        other = next((one for one in right.rows if one.labels == row.labels), None)
        if other is not None and None not in (row.rate, other.rate):
            label = upper_first(names(metric.labels[-1], row.labels[metric.labels[-1]]))
            sides = zip((row, other), named, strict=True)
            both = [f"{per_cent(one.rate, digits)} for {inside(name)}" for one, name in sides]
            return fitting(
                [
                    f"{label}: {', '.join(both)}",
                    f"{label}: {' and '.join(per_cent(o.rate, digits) for o in (row, other))}",
                ]
            )
    return f"{metric.title}: {_nothing_to_compare(asked)}"


def _nothing_to_compare(asked: Sequence[Released]) -> str:
    """Why two answers have no label with a figure on both sides: one of them has nothing at all, or too few."""
    sides = [{row.state for row in one.rows} for one in asked]
    return next(
        (WHY[state] for state in (NOT_RECORDED, NOT_APPLICABLE, TOO_EARLY) if {state} in sides), "too few to compare"
    )


def inside(name: str) -> str:
    """A side's name in the middle of a sentence."""
    return f"the {lower_first(name)}" if name in SIDES else name


def _titles(clear: Sequence[Pair], sign: int) -> str:
    return listed(lowered(pair.metric.title) for pair in clear if (pair.difference.difference or 0.0) * sign > 0)


def _listed(clear: Sequence[Pair], names: tuple[str, str]) -> list[str]:
    """Many clear differences: which shares are higher, and which lower."""
    higher, lower = (_titles(clear, sign) for sign in (1, -1))
    than = f"for {inside(names[0])} than for {inside(names[1])}"
    parts = [f"Higher {than}: {higher}."] if higher else []
    return parts + ([f"Lower: {lower}." if higher else f"Lower {than}: {lower}."] if lower else [])


def _told(pair: Pair, names: tuple[str, str]) -> str:
    """A clear difference with both shares: `Engaged with a link worker: 84% for women, 80% for men, clearly higher.`"""
    sides = zip((pair.first, pair.second), names, strict=True)
    both = ", ".join(f"{per_cent(row.rate, pair.digits)} for {inside(name)}" for row, name in sides)
    return f"{pair.metric.title}: {both}, clearly {'higher' if (pair.difference.difference or 0.0) > 0 else 'lower'}."


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
    if pair.difference.difference is None or not pair.is_alike:
        return "cannot be compared"
    if not pair.difference.is_clear:
        return "no clear difference"
    return "first higher" if pair.difference.difference > 0 else "first lower"


def table(pairs: Sequence[Pair], names: tuple[str, str] = SIDES) -> Table:
    """One row a share: both sides with interval and counts, the difference with its interval, and the verdict."""
    said = [upper_first(name) for name in names]
    named = [title.replace("First:", f"{said[0]}:").replace("Second:", f"{said[1]}:") for title in HEADER]
    return Table(tuple(named), tuple(_cells(pair) for pair in pairs), 1, ())


def _cells(pair: Pair) -> tuple[str, ...]:
    found = pair.printed
    sides = (*_side(pair.first, pair.digits), *_side(pair.second, pair.digits))
    if found is None:
        return (pair.title, *sides, NOTHING, NOTHING, verdict(pair))
    span = f"{found.signed(found.low)} to {found.signed(found.high)}"
    return (pair.title, *sides, found.signed(found.difference), span, verdict(pair))


def _side(row: Row, digits: int) -> tuple[str, str, str]:
    if row.rate is None:
        of = NOTHING if row.denominator is None else f"… of {row.denominator:,}"
        return f"{mark(row, 'proportion')} {bound(row)}".strip(), NOTHING, of
    return (
        per_cent(row.rate, digits), interval(row.low, row.high, digits), f"{row.numerator:,} of {row.denominator:,}"
    )  # fmt: skip


def difference_sentence(pair: Pair, names: Names, left_words: str, right_words: str) -> str:
    """Two cohorts side by side with the interval of their difference, in one precision; the difference is that of what is printed."""
    did = does(pair.metric, pair.left.selection, pair.first.labels, names)
    found = pair.printed
    if found is None:
        return f"The two cannot be compared: {_why_not(pair)}."
    shares = [
        f"{per_cent(row.rate, pair.digits)} ({amount(row.numerator)} of {amount(row.denominator)})"
        for row in (pair.first, pair.second)
    ]
    start = f"{upper_first(did)}: {shares[0]} in {left_words} and {shares[1]} in {right_words}"
    if not pair.difference.is_clear:
        return f"{start}; no clear difference (likely {found.signed(found.low)} to {found.signed(found.high)} percentage points)."
    side = "higher" if found.difference > 0 else "lower"
    near, far = sorted((abs(found.low), abs(found.high)))
    return (
        f"{start}; the first is {found.plain(found.difference)} percentage points {side} "
        f"(likely {found.plain(near)} to {found.plain(far)}), which does not say why."
    )


def _why_not(pair: Pair) -> str:
    """The bounds where they are known on both sides, else why nothing is compared."""
    known = [
        hidden_part(row, pair.left.disclosure["k"], unit_of(pair.metric))
        for row in (pair.first, pair.second)
        if row.why
    ]
    return f"{listed(known)} did" if len(known) == 2 else WHY[pair.why_not]
