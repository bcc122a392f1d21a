"""Released answers as CSV: what the numbers are stands above them in comment lines, codes beside names, marks beside gaps."""

from collections.abc import Sequence

from journeys.answer.released import SHAPE_KEYS, Released, Row
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.spreadsheet import csv_text
from journeys.words.differences import Pair
from journeys.words.phrases import MARKS, Names, mark
from journeys.words.tables import Table, told_apart

SYNTHETIC = "SYNTHETIC DATA: invented journeys, made to try the dashboard out"
SPC_KEYS = ("mean", "lower", "upper", "signal")
FUNNEL_KEYS = ("centre", "low95", "high95", "low998", "high998", "position")
CASE_MIX_KEYS = ("expected", "ratio", "ratio_low", "ratio_high")
SIDE = ("numerator", "denominator", "rate", "low", "high", "state")
PAIRS_HEADER = (
    "metric", "title", "base", *(f"first_{key}" for key in SIDE), *(f"second_{key}" for key in SIDE),
    "difference", "difference_low", "difference_high", "is_clear",
)  # fmt: skip


def answer(released: Released, metric: Metric, names: Names) -> str:
    """The rows of one answer: every label as code and name, state and mark, then the keys of its shape and of what is laid over it."""
    labels, keys = (*released.by, *released.own), _keys(released)
    header = [*(column for n in labels for column in (n, f"{n}_name")), "state", "mark", "why", "complete", *keys]
    rows = (_cells(row, released, keys, names) for row in released.rows)
    return csv_text([header, *rows], _comments(released, metric))


def _cells(row: Row, released: Released, keys: Sequence[str], names: Names) -> list[object]:
    labels = (*released.by, *released.own)
    named = [text for n in labels for text in (row.labels[n], names(n, row.labels[n]))]
    return [*named, row.state, mark(row, released.shape), row.why, _flag(row.complete), *(_value(row, k) for k in keys)]


def _comments(released: Released, metric: Metric) -> list[str]:
    lines = [
        f"Metric: {metric.title} ({metric.slug})",
        f"Counted: {metric.definition}",
        f"Unit: {metric.unit}",
        f"Selection: {released.words}",
        f"Data to: {in_words(released.as_of)}",
        *_protection(released),
        *(f"Mark {sign}: {words}" for sign, words in MARKS.items()),
    ]
    lines += [
        f"Left out ({reason.replace('_', ' ')}): {'hidden' if n is None else n}"
        for reason, n in released.left_out.items()
    ]
    lines += [f"Caution: {metric.caution}"] if metric.caution else []
    return [SYNTHETIC, *lines] if released.is_synthetic else lines


def _protection(released: Released) -> list[str]:
    rule = released.disclosure
    return [
        f"Store version: {released.version}",
        f"Disclosure: counts under {rule['k']} are hidden; the rest are rounded to the nearest {rule['base']}; percentages are computed from rounded counts",
    ]


def _keys(released: Released) -> tuple[str, ...]:
    keys = [k for k in SHAPE_KEYS[released.shape] if k not in released.own]
    keys += CASE_MIX_KEYS if released.has_case_mix else ()
    keys += [f"spc_{k}" for k in SPC_KEYS] if any(row.spc for row in released.rows) else []
    keys += [f"funnel_{k}" for k in FUNNEL_KEYS] if any(row.funnel for row in released.rows) else []
    return tuple(keys)


def _value(row: Row, key: str) -> object:
    group, _, rest = key.partition("_")
    if group in ("spc", "funnel"):
        return _six((getattr(row, group) or {}).get(rest))
    return _six(getattr(row, key))


def _six(value: object) -> object:
    """Six decimals are enough for anybody."""
    return round(value, 6) if isinstance(value, float) else value


def _flag(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


def table(shown: Table, lines: Sequence[str]) -> str:
    """A table as it is read, no two columns of one name, with lines that say what it is."""
    return csv_text([told_apart(shown.header), *shown.rows], lines)


def pairs(compared: Sequence[Pair], left_words: str, right_words: str) -> str:
    """Shares of two selections with their difference (first minus second), a row a share."""
    released = compared[0].left
    lines = [
        f"First selection: {left_words}",
        f"Second selection: {right_words}",
        f"Data to: {in_words(released.as_of)}",
        *_protection(released),
        "Difference: first minus second; 95% interval after Newcombe (1998)",
    ]
    lines = [SYNTHETIC, *lines] if released.is_synthetic else lines
    return csv_text([PAIRS_HEADER, *map(_pair, compared)], lines)


def _pair(pair: Pair) -> list[object]:
    sides = [_six(getattr(row, key)) for row in (pair.first, pair.second) for key in SIDE]
    found = pair.difference
    clear = _flag(None if found.difference is None else found.is_clear)
    span = map(_six, (found.difference, found.low, found.high))
    return [pair.metric.slug, pair.metric.title, pair.left.selection.base, *sides, *span, clear]
