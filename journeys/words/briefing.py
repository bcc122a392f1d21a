"""What a board is told beside its figures: what changed since the last quarter, and what to be careful with. Words only, from released answers."""

from collections.abc import Iterable, Sequence

from journeys.answer.released import Released, Row
from journeys.vocabulary.calendar import in_words, month_after, quarter_of
from journeys.vocabulary.lists import Lists, ServiceChange
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import sentences

QUARTER = "quarter"
MOST_CHANGES = 3
SIGNALS = {
    "outside": "{side} than usual for this series",
    "shift": "{side} than the average for seven or more quarters in a row",
    "trend": "part of seven or more quarters in one direction",
    "two_of_three": "{side} than usual in two of three quarters",
}


def change_words(released: Released, metric: Metric) -> str:
    """The latest complete quarter beside the one before it, and whether that is more than the usual variation."""
    known = [row for row in released.rows if row.complete is not False and _value(row) is not None]
    pair = known[-2:]
    if len(pair) < 2 or not _follows(*pair):
        return "no two quarters in a row can be compared in this selection."
    before, now = pair
    return (
        f"{_said(now, metric)} in {in_words(now.labels[QUARTER])}, {_said(before, metric)} in the quarter before; "
        f"{_verdict(now)}."
    )


def _value(row: Row) -> float | None:
    return row.rate if row.denominator is not None else row.count


def _follows(before: Row, now: Row) -> bool:
    quarter = before.labels[QUARTER]
    return quarter_of(month_after(f"{quarter[:4]}-{int(quarter[6]) * 3:02d}")) == now.labels[QUARTER]


def _said(row: Row, metric: Metric) -> str:
    return sentences.amount(row.count) if metric.shape == "count" else sentences.percent(row.rate, row.denominator)


def _verdict(now: Row) -> str:
    if not now.spc:
        return "too few quarters to say whether that is unusual"
    if now.spc["signal"] == "none":
        return "no more than the usual variation"
    return SIGNALS[now.spc["signal"]].format(side="higher" if _value(now) > now.spc["mean"] else "lower")


def cautions(
    selection: Selection, lists: Lists, changes: Iterable[ServiceChange], asked: Sequence[tuple[Metric, Released]]
) -> list[str]:
    """What to know before quoting the figures `asked` (metric and its answer by quarter), the weightiest first."""
    where = {s: lists.services[s].name for s in lists.services if s in lists.where(selection)}
    silent = [name for s, name in where.items() if "outcomes" not in lists.services[s].records]
    lines = [_silent(silent), _early(selection, asked), _hidden(released for _, released in asked)]
    mine = [change for change in changes if change.service_id in where][-MOST_CHANGES:]
    return [line for line in lines if line] + [_changed(change, where[change.service_id]) for change in mine]


def _silent(names: Sequence[str]) -> str:
    if not names:
        return ""
    verb = "does not record outcomes and is" if len(names) == 1 else "do not record outcomes and are"
    return f"Not recorded is not none: {sentences.listed(names)} {verb} in no outcome figure."


def _early(selection: Selection, asked: Sequence[tuple[Metric, Released]]) -> str:
    if not any(metric.has_within for metric, _ in asked):
        return ""
    return (
        f"Outcomes need time: people referred less than {selection.within} months before the end of the data are not yet in the outcome "
        "figures, so their latest quarters are empty or grey."
    )


def _hidden(releases: Iterable[Released]) -> str:
    is_hidden = any(row.state == "hidden" for released in releases for row in released.rows)
    return (
        "Some quarters are hidden because too few people are behind them; a wider selection shows more."
        if is_hidden
        else ""
    )


def _changed(change: ServiceChange, name: str) -> str:
    return f"{name} changed in {in_words(change.month)}: {change.title}. Read trends across that date with care."
