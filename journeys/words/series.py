"""What a series over time does now: its latest complete point, and one thing about it. Never from points that are not complete or not alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from journeys.answer.released import Released, Row
from journeys.vocabulary.calendar import month_after
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import PERIODS, PLURALS, Names, month_of, row_period
from journeys.words.shares import per_cent

LESS_TIME = "later periods have had less time"
RUN = 7  # points that make a run, as in the control chart
LENGTHS = {"month": 1, "quarter": 3, "financial_year": 12}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Series:
    """The points of one series that may be compared: `rows` complete and shown, after the last break, in the order of time; whether it is one period alone."""

    unit: str
    rows: tuple[Row, ...]
    shape: str
    ripens: bool
    is_alone: bool = False

    @property
    def latest(self) -> Row | None:
        return self.rows[-1] if self.rows else None

    def value(self, row: Row) -> float | None:
        return row.rate if self.shape == "proportion" else row.count

    def before(self, row: Row, n: int = 1) -> Row | None:
        """The point `n` periods earlier, if it may be compared."""
        wanted = month_after(month_of(row.labels[self.unit]), -n * LENGTHS[self.unit])
        return next((r for r in self.rows if month_of(r.labels[self.unit]) == wanted), None)

    def a_year_before(self, row: Row) -> Row | None:
        return self.before(row, 12 // LENGTHS[self.unit])


def series(released: Released, metric: Metric, rows: Sequence[Row] | None = None) -> Series:
    """The comparable points of an answer over time (of some of its rows)."""
    unit = next(d for d in released.by if d in PERIODS)
    shape, given = released.shape, released.rows if rows is None else rows
    mine = given[0].labels if given else {}
    breaks = [b for b in getattr(released, "breaks", ()) if all(mine.get(n, c) == c for n, c in b.labels.items())]
    since = max((b.month for b in breaks), default="")
    found = [row for row in given if row.is_shown and row.complete is not False and month_of(row.labels[unit]) >= since]
    measured = tuple(r for r in found if (r.rate if shape == "proportion" else r.count) is not None)
    is_alone = len({row.labels[unit] for row in given}) == 1
    return Series(unit, measured, shape, bool(getattr(metric, "ripens", False)), is_alone)


def verdict(found: Series, names: Names, digits: int) -> str:
    """One thing about the latest point: usual, higher or lower, rising or falling for how long, or a lasting shift with both levels; empty without limits."""
    row = found.latest
    if found.ripens:
        return "" if found.is_alone else LESS_TIME
    if row is None or not row.spc:
        return ""
    say = {"none": _usual, "outside": _outside, "trend": _trend, "two_of_three": _near, "shift": _shift}
    return say[row.spc["signal"]](found, row, names, digits)


def _usual(found: Series, row: Row, names: Names, digits: int) -> str:
    return "no more than the usual variation"


def _side(found: Series, row: Row) -> str:
    assert row.spc is not None
    side = row.spc.get("direction")
    if side in ("up", "down"):
        return "higher" if side == "up" else "lower"
    return "higher" if (found.value(row) or 0) > row.spc["mean"] else "lower"


def _outside(found: Series, row: Row, names: Names, digits: int) -> str:
    return f"{_side(found, row)} than usual"


def _near(found: Series, row: Row, names: Names, digits: int) -> str:
    return f"{_side(found, row)} than usual in two of three {PLURALS[found.unit]}"


def _trend(found: Series, row: Row, names: Names, digits: int) -> str:
    points = _run(found, lambda a, b: (found.value(b) or 0) > (found.value(a) or 0))
    falls = _run(found, lambda a, b: (found.value(b) or 0) < (found.value(a) or 0))
    word, n = ("rising", len(points)) if len(points) > len(falls) else ("falling", len(falls))
    return f"{word} for {_number(n)} {PLURALS[found.unit]}" if n >= RUN else _usual(found, row, names, digits)


def _run(found: Series, goes_on: Callable[[Row, Row], bool]) -> list[Row]:
    """The last points that follow one another and of each two of which `goes_on` holds."""
    run = list(found.rows[-1:])
    while run and (earlier := found.before(run[0])) is not None and goes_on(earlier, run[0]):
        run.insert(0, earlier)
    return run


def _shift(found: Series, row: Row, names: Names, digits: int) -> str:
    """`lower since July 2024: about 240 a quarter, about 310 before`."""
    run, earlier = _parted(found, row)
    if not earlier:
        return f"{_side(found, row)} than the average for {_number(len(run))} {PLURALS[found.unit]}"
    since = row_period(run[0], found.unit, names).partition(" to ")[0]
    year = run[0].labels[found.unit][:4]
    since = since if year in since or found.unit == "financial_year" else f"{since} {year}"
    now, then = (_level(found, rows) for rows in (run, earlier))
    each = f" a {found.unit.replace('financial_', '')}" if found.shape == "count" else ""
    return f"{_side(found, row)} since {since}: {_said(now, digits)}{each}, {_said(then, digits)} before"


def _parted(found: Series, row: Row) -> tuple[list[Row], list[Row]]:
    """The run beyond the average that ends at this point, and the points before it."""
    assert row.spc is not None
    mean, is_high = row.spc["mean"], _side(found, row) == "higher"

    def beyond(point: Row) -> bool:
        value = found.value(point) or 0
        return value > mean if is_high else value < mean

    run = _run(found, lambda a, b: beyond(a) and beyond(b))
    return run, [r for r in found.rows if r not in run]


def _level(found: Series, rows: Sequence[Row]) -> Row:
    """The level of some points as one: their mean count, or their pooled share."""
    if found.shape == "count":
        return Row({}, "shown", count=5 * round(sum(r.count or 0 for r in rows) / len(rows) / 5))
    numerator, denominator = (sum(getattr(r, name) or 0 for r in rows) for name in ("numerator", "denominator"))
    return Row({}, "shown", numerator=numerator, denominator=denominator, rate=numerator / max(denominator, 1))


def _said(level: Row, digits: int) -> str:
    return f"about {level.count:,}" if level.count is not None else per_cent(level.rate, digits)


def _number(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)
