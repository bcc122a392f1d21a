"""What a board is told beside its figures: what changed since the last quarter, and what to be careful with. Words only, from released answers."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from journeys.answer.released import Released, Row
from journeys.vocabulary.calendar import in_words, months_in
from journeys.vocabulary.lists import Lists, LoadRecord, Service, ServiceChange
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words.phrases import amount, listed, of_all
from journeys.words.series import Series, series, verdict
from journeys.words.shares import digits_of, per_cent
from journeys.words.small_print import spc_words

QUARTER, YEAR = "quarter", "financial_year"
MOST_CHANGES = 3
NO_PAIR = "no two complete quarters in a row can be compared in this selection."


def change_words(released: Released, metric: Metric) -> str:
    """The latest complete quarter beside the one before it and the same quarter a year before, and whether that is unusual."""
    found = series(released, metric)
    now = found.latest
    if now is None:
        return NO_PAIR
    before, year_before = found.before(now), found.a_year_before(now)
    if found.ripens:
        return f"{_said(found, now, [now])} in {in_words(now.labels[QUARTER])}; later quarters have had less time, so none is compared."
    if before is None:
        return NO_PAIR
    rows = [row for row in (now, before, year_before) if row is not None]
    words = f"{_said(found, now, rows)} in {in_words(now.labels[QUARTER])}, {_said(found, before, rows)} in the quarter before"
    if year_before is not None:
        words += f", {_said(found, year_before, rows)} in the same quarter a year before"
    return f"{words}; {_verdict(found, released)}."


def year_words(years: Released, quarters: Released, metric: Metric) -> str:
    """The financial year that is complete with the latest quarter, beside the year before; empty where none ends with it."""
    found, latest = series(years, metric), series(quarters, metric).latest
    now = found.latest
    before = found.before(now) if now else None
    if now is None or before is None or latest is None or found.ripens:
        return ""
    year, quarter = now.labels[YEAR], latest.labels[QUARTER]
    if months_in(year)[1] != months_in(quarter)[1]:
        return ""
    rows = [now, before]
    return f" {year}: {_said(found, now, rows)}, {_said(found, before, rows)} the year before."


def loaded_words(loads: Sequence[LoadRecord], version: str) -> str:
    """When this version was loaded, and how its periods are read."""
    mine = next((load for load in loads if load.version == version), None)
    when = f"Loaded on {_day(mine.loaded_at)}. " if mine else ""
    return f"{when}Each figure is read in the latest quarter that is complete for it; outcomes need time, so their quarter is earlier."


def _day(at: str) -> str:
    """`2026-11-28T05:01:00` as `28 November 2026`."""
    found = date.fromisoformat(at[:10])
    return f"{found.day} {calendar.month_name[found.month]} {found.year}"


def _said(found: Series, row: Row, rows: Sequence[Row]) -> str:
    return amount(row.count) if found.shape == "count" else per_cent(row.rate, digits_of(rows))


def _verdict(found: Series, released: Released) -> str:
    now = verdict(found, lambda label, code: in_words(code), digits_of(released.rows))
    if now:
        return now
    note = spc_words(released).removeprefix("No control limits: ").replace("they need", "limits need").rstrip(".")
    return (
        f"whether that is unusual cannot be said: {note}" if note else "too few quarters to say whether that is unusual"
    )


def cautions(
    selection: Selection, lists: Lists, changes: Iterable[ServiceChange], asked: Sequence[tuple[Metric, Released]]
) -> list[str]:
    """What to know before quoting the figures `asked` (metric and its answer by quarter), the weightiest first; about this selection alone."""
    where = {s: lists.services[s] for s in lists.services if s in lists.where(selection)}
    lines = [
        _silent(list(where.values())),
        _late(where.values()),
        _ended(where.values()),
        _early(selection, asked),
        _hidden(asked),
    ]
    mine = [change for change in changes if change.service_id in where and _is_inside(change, selection, lists)]
    said = [_changed(change, where[change.service_id].name) for change in mine[-MOST_CHANGES:]]
    return [line for line in lines if line] + said


def _is_inside(change: ServiceChange, selection: Selection, lists: Lists) -> bool:
    """Whether a change lies within the months of the selection."""
    return change.month in lists.calendar.months(selection.period)


def _silent(services: Sequence[Service]) -> str:
    names = [service.name for service in services if "outcomes" not in service.records]
    if not names:
        return ""
    verb = "does not record outcomes and is" if len(names) == 1 else "do not record outcomes and are"
    return f"Not recorded is not none: {listed(names)} {verb} in no outcome figure."


def _late(services: Iterable[Service]) -> str:
    late = [
        f"{service.name} (to {in_words(service.last_month)})"
        for service in services
        if getattr(service, "is_late", False)
    ]
    if not late:
        return ""
    verb = "has" if len(late) == 1 else "have"
    return f"{listed(late)} {verb} not delivered to the end: the latest quarters are not complete and are compared with nothing."


def _ended(services: Iterable[Service]) -> str:
    ended = [
        f"{service.name} (no data since {in_words(month)})"
        for service in services
        if (month := getattr(service, "ended_month", None))
    ]
    return f"Ended: {listed(ended)}." if ended else ""


def _early(selection: Selection, asked: Sequence[tuple[Metric, Released]]) -> str:
    if not any(metric.has_within for metric, _ in asked):
        return ""
    return (
        f"Outcomes need time: people referred less than {selection.within} months before the end of the data are not yet in the outcome "
        "figures, so their latest quarters are empty or grey."
    )


def _hidden(asked: Sequence[tuple[Metric, Released]]) -> str:
    """Which figures have hidden quarters, and why: too few who did, nearly all who did, or too few people."""
    parts = [part for metric, released in asked if (part := _hidden_of(metric, released))]
    can_be_wider = any(released.selection.but(base="all").wider() for _, released in asked)
    wider = " A wider selection shows more." if can_be_wider else ""
    quarters = "quarters" if any(len(released.rows) > 1 for _, released in asked) else "quarter"
    return f"Hidden {quarters}: {listed(parts)}.{wider}" if parts else ""


def _hidden_of(metric: Metric, released: Released) -> str:
    kinds: Mapping[str | None, str] = {
        "few": f"fewer than {released.disclosure['k']} did", "most": "all but a few did", None: "too few people, or too few left out"
    }  # fmt: skip
    rows = [row for row in released.rows if row.state != "not_applicable"]
    hidden = [row for row in rows if row.state == "hidden"]
    counts = {why: sum(row.why == why for row in hidden) for why in kinds}
    total = len(rows)  # of one alone the title says which it is
    said = [
        f"{words}{'' if why else ','} in {of_all(counts[why], total)}" if total > 1 else words
        for why, words in kinds.items()
        if counts[why]
    ]
    return f"{metric.title} ({'; '.join(said)})" if said else ""


def _changed(change: ServiceChange, name: str) -> str:
    return f"{name} changed in {in_words(change.month)}: {change.title}. Read trends across that date with care."
