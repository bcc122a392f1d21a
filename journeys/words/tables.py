"""Released numbers as tables to read; nothing is computed here that was not released."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from journeys.answer.released import HIDDEN, Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.words.breakdowns import PLACES
from journeys.words.phrases import PARTIAL, PERIODS, STATE_MARKS, is_partial, label_name, upper_first
from journeys.words.phrases import mark as mark_of
from journeys.words.shares import bound, digits_of, interval, per_cent

Names = Callable[[str, str], str]
NOTHING = "–"
CASE_MIX = ("Expected", "Ratio", "95% interval of the ratio")
# the counts of a row that may be shown can each be too small to be
COUNTS = {
    "waiting": ("at_risk", "events", "competing", "censored"),
    "change": ("journeys", "first", "pairs", "improved", "same", "worse"),
}


@dataclass(frozen=True)
class Table:
    """A table to read: `header` and `rows` hold text as a reader sees it; the first `n_labels` columns are labels."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_labels: int
    marks: tuple[str, ...]


def table(released: Released, metric: Metric, names: Names, titles: Mapping[str, str]) -> Table:
    """The table behind a figure, its shares in one precision; `titles` are the names of the labels, `marks` the marks that occur in it."""
    labels = tuple(n for n in (*released.by, *released.own))
    shape, digits = released.shape, digits_of(released.rows)
    # columns of dashes say nothing, and make a table wider than its page
    has_expected = any(row.expected is not None for row in released.rows)
    called = (titles.get(n, n.replace("_", " ").capitalize()) for n in labels)
    header = (*called, *_heads(shape, metric), *(CASE_MIX if has_expected else ()))
    rows = tuple(
        (*_names(row, labels, names), *_cells(row, shape, digits), *(_case_mix_cells(row) if has_expected else ()))
        for row in released.rows
    )
    marks = dict.fromkeys(m for row in released.rows for m in _marks(row, shape) if m)
    return Table(header, rows, len(labels), tuple(marks))


def _names(row: Row, labels: tuple[str, ...], names: Names) -> list[str]:
    """The labels of a row in words, as cells begin; a period that is shown and not complete says so. Names of places are as their owners write them."""
    said = [label_name(row, n, labels, names) for n in labels]
    said = [words if n in PLACES else upper_first(words) for n, words in zip(labels, said, strict=True)]
    if is_partial(row, labels):
        at = next(i for i, n in enumerate(labels) if n in PERIODS)
        said[at] = f"{said[at]} {PARTIAL}"
    return said


def told_apart(header: Sequence[str]) -> list[str]:
    """The names of columns where no two may share one: `95% interval`, `95% interval (2)`."""
    return [f"{name} ({header[:i].count(name) + 1})" if name in header[:i] else name for i, name in enumerate(header)]


def _heads(shape: str, metric: Metric) -> tuple[str, ...]:
    unit = metric.unit[:1].upper() + metric.unit[1:]
    return {
        "count": (unit,),
        "proportion": (unit, "Out of", "Per cent", "95% interval"),
        "waiting": ("At risk", "First outcomes", "Closed without", "No longer observed", "Reached it", "95% interval"),
        "change": ("Journeys", "First reading", "Pairs", "Mean first", "Mean latest", "Mean change", "95% interval",
                   "Improved", "Little changed", "Worse"),
    }[shape]  # fmt: skip


def _cells(row: Row, shape: str, digits: int) -> tuple[str, ...]:
    return _SHAPES[shape](row, mark_of(row, shape), digits)


def _case_mix_cells(row: Row) -> tuple[str, ...]:
    return (
        _decimal(row.expected),
        _decimal(row.ratio, 2),
        _span(_decimal(row.ratio_low, 2), _decimal(row.ratio_high, 2)),
    )


def _count_cells(row: Row, mark: str, digits: int) -> tuple[str, ...]:
    return (_number(row.count, mark),)


def _proportion_cells(row: Row, mark: str, digits: int) -> tuple[str, ...]:
    rate = f"{mark} {bound(row)}".strip() or NOTHING
    span = NOTHING
    if row.rate is not None:
        rate, span = per_cent(row.rate, digits), interval(row.low, row.high, digits)
        rate = f"{rate} {mark}".strip() if row.complete is False else rate
    hidden = mark if row.numerator is None else ""
    return _number(row.numerator, hidden), _number(row.denominator, mark), rate, span


def _waiting_cells(row: Row, mark: str, digits: int) -> tuple[str, ...]:
    counts = _counts(row, "waiting", mark)
    if row.incidence is None:
        return (*counts, mark or NOTHING, NOTHING)
    return (*counts, per_cent(row.incidence, digits), interval(row.low, row.high, digits))


def _change_cells(row: Row, mark: str, digits: int) -> tuple[str, ...]:
    counts = _counts(row, "change", mark)
    means = tuple(_decimal(m, mark=mark) for m in (row.mean_first, row.mean_latest, _printed_change(row)))
    return (*counts[:3], *means, _span(_decimal(row.low), _decimal(row.high)), *counts[3:])


def _counts(row: Row, shape: str, mark: str) -> tuple[str, ...]:
    missing = STATE_MARKS[HIDDEN] if row.is_shown else mark
    return tuple(_number(getattr(row, name), missing) for name in COUNTS[shape])


def _marks(row: Row, shape: str) -> tuple[str, ...]:
    """The marks of a row's cells: its own, and that of a count which is hidden beside those that are shown."""
    has_hidden = row.is_shown and any(getattr(row, name) is None for name in COUNTS.get(shape, ()))
    return mark_of(row, shape), STATE_MARKS[HIDDEN] if has_hidden else ""


def _printed_change(row: Row) -> float | None:
    """The difference of the two means as they are printed."""
    if row.mean_first is None or row.mean_latest is None:
        return None
    return round(row.mean_latest, 1) - round(row.mean_first, 1)


_SHAPES = {"count": _count_cells, "proportion": _proportion_cells, "waiting": _waiting_cells, "change": _change_cells}


def _number(n: int | None, mark: str = "") -> str:
    return (mark or NOTHING) if n is None else f"{n:,}"


def _decimal(value: float | None, places: int = 1, mark: str = "") -> str:
    return (mark or NOTHING) if value is None else f"{round(value, places) + 0.0:,.{places}f}".replace("-", "−")


def _span(low: str, high: str) -> str:
    return NOTHING if NOTHING in (low, high) else f"{low} to {high}"
