"""A figure at a glance, for a board: its interval, what it stands beside, and one word for what it does lately."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from journeys.answer.released import Released, Row
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import MARKS, mark, short_period, upper_first, value_words
from journeys.words.series import LESS_TIME, Series, series, verdict
from journeys.words.shares import bound, digits_of, likely, per_cent

ICONS = {"up": "▲", "down": "▼"}


@dataclass(frozen=True)
class Signal:
    """What a series does lately: its icon, the words, and the period that they are of; no icon where it cannot be said, no period where the words have one."""

    icon: str
    words: str
    when: str = ""

    @property
    def is_change(self) -> bool:
        return self.icon in ICONS.values()


def signal(released: Released, metric: Metric) -> Signal:
    """From the latest complete point alone, which is named: others before it may have been unusual."""
    found = series(released, metric)
    now = found.latest
    words = verdict(found, lambda label, code: in_words(code), digits_of(released.rows))
    if now is not None and found.ripens:
        return Signal("", LESS_TIME)
    if now is None or not words or not now.spc:
        return Signal("", "what is usual cannot be said yet")
    when = "" if now.spc["signal"] == "shift" else short_period(now.labels[found.unit])
    if now.spc["signal"] == "none":
        return Signal("●", "as usual", when)
    return Signal(ICONS.get(now.spc["direction"] or "", "●"), words, when)


def signal_words(found: Signal) -> str:
    """`● Oct–Dec 2024: as usual`; a line of its own, so that without an icon it begins as a sentence does."""
    when = f"{found.when}: " if found.when else ""
    return upper_first(f"{found.icon} {when}{found.words}".strip())


def key(marks: Iterable[tuple[str, str]]) -> str:
    """What the marks of small charts mean, each said once and beside its words: `● usual variation · ○ not complete`."""
    return " · ".join(f"{sign}\u00a0{words}" for sign, words in dict.fromkeys(marks))


def size_words(row: Row, shape: str) -> str:
    """How sure a share is and of how many; what a mark means."""
    if row.rate is None:
        found = mark(row, shape)
        return f"{found} {bound(row) or MARKS[found]}" if found else ""
    sure = likely(row.low, row.high, digits_of([row]))
    return f"{sure}{', ' if sure else ''}of about {row.denominator:,}"


def beside(whole: Row, everyone: Row | None, over_time: Released, metric: Metric, who: str = "all services") -> str:
    """What the figure stands beside: all services (`who`, with their mark) where it is a share of some of them, else the same period a year before."""
    if everyone is not None and metric.shape != "count" and (everyone.is_shown or everyone.why):
        return f"{upper_first(who)}: {value_words(everyone, metric.shape, digits_of([whole, everyone]))}"
    found = series(over_time, metric)
    now = found.latest
    year_before = found.a_year_before(now) if now else None
    if now is None or year_before is None or found.ripens:
        return ""
    rows = [now, year_before]
    return f"{short_period(now.labels[found.unit])}: {_said(found, now, rows)}; a year before: {_said(found, year_before, rows)}"


def beside_bases(whole: Row, others: Mapping[str, Row], metric: Metric) -> str:
    """The same share of others, by who they are, for a figure whose later periods have had less time than those before: `Out of work at referral: 6.3%`."""
    known = {who: row for who, row in others.items() if row.is_shown or row.why}
    digits = digits_of([whole, *known.values()])
    said = [f"{who}: {value_words(row, metric.shape, digits)}" for who, row in known.items()]
    return upper_first("; ".join(said))


def _said(found: Series, row: Row, rows: list[Row]) -> str:
    return f"{row.count:,}" if found.shape == "count" else per_cent(row.rate, digits_of(rows))


def changed(signals: Iterable[tuple[Metric, Signal]], *, is_one_period: bool = False) -> str:
    """The figures that do something unusual lately, in one line."""
    if is_one_period:
        return "What has changed: one quarter or month alone does not say; choose more."
    said = list(signals)
    found = [
        f"{metric.title}: {one.words}{f' ({one.when})' if one.when else ''}" for metric, one in said if one.is_change
    ]
    if not any(one.icon for _, one in said):
        return "What has changed: too little is shown to say."
    return (
        f"What has changed: {'; '.join(found)}."
        if found
        else "What has changed: nothing that is more than the usual variation, each in its latest complete quarter."
    )
