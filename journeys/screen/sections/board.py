"""The board summary on one screen: six figures as findings, each with its interval, what it stands beside, a small control chart and one word for
what it does lately; what changed above them, what is new in this load and what to be careful with behind one line each below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from journeys import figures
from journeys.answer.coverage import are_same_people
from journeys.answer.released import Released
from journeys.screen import address, answers, comparators, drawing, html, meeting, menu
from journeys.screen.once import Once
from journeys.vocabulary import calendar, metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import short_people
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import briefing, glance, once, sentences
from journeys.words.beside import APART, NOT_LIKE, everywhere, is_place
from journeys.words.finding import finding

MOST_CARDS, ROW = 6, 3
TILE, SPARKLINE, IN_A_MEETING, LINE = 225, 67, 375, 24  # pixels
ALONE = 180  # pixels of the chart of a tile that has a page to itself
QUARTERS, YEARS = ("quarter",), ("financial_year",)
ACROSS = 120  # characters of a line in a meeting
Small = tuple[Released, figures.Drawn, list[tuple[str, str]], list[str]]
_SMALL: Once[Small] = Once(200)


@dataclass(frozen=True)
class Card:
    """One figure of the board: a metric, and the address of the page that says more."""

    metric: str
    page: str

    def selection(self, chosen: Selection) -> Selection:
        """The selection on the metric's own base, unless the reader chose a base."""
        return metrics.get(self.metric).on_its_base(chosen)


def board(selection: Selection, figures_of: Sequence[tuple[str, str]]) -> None:
    """The board's figures, pairs of metric and page address, three in a row on one screen; then what changed and what to be careful with.

    ValueError for more than six: a board reads no more in three minutes.
    """
    if len(figures_of) > MOST_CARDS:
        raise ValueError(f"{len(figures_of)} figures on the board: at most {MOST_CARDS} are allowed")
    cards = [Card(metric, page) for metric, page in figures_of]
    _lately(cards, selection)
    for i in range(0, len(cards), ROW):
        row = cards[i : i + ROW]
        for place, card in zip(_places(len(row)), row, strict=True):
            with place:
                if meeting.is_turn(card.metric, ROW, TILE):
                    _card(card, selection)
    if not address.is_presenting():
        _lines_below(cards, selection)


def _lines_below(cards: Sequence[Card], chosen: Selection) -> None:
    """What the marks of the tiles mean; then one line each, opened by whoever asks."""
    with st.container(horizontal=True, key="board-below", gap="xsmall"):
        html.foot([_key(cards, chosen)])
        for key, title, lines in _below(cards, chosen):
            if meeting.is_turn(key, ROW, LINE):
                html.folded(title, html.bullets(lines()), key=key)


def _below(cards: Sequence[Card], chosen: Selection) -> Sequence[tuple[str, str, Callable[[], list[str]]]]:
    return (
        ("new", "New in this load", lambda: _new(cards, chosen)),
        ("careful", "What to be careful with", lambda: _careful(cards, chosen)),
    )


def _places(n: int) -> Sequence:
    """Columns for the tiles of a row; in meeting mode the one tile has the whole width."""
    return [st.container() for _ in range(n)] if address.is_presenting() else st.columns(ROW)[:n]


def _lately(cards: Sequence[Card], chosen: Selection) -> None:
    """What changed, in one line above the tiles."""
    if address.is_presenting():
        return
    quarters = _quarters(cards, chosen)
    found = [(metric, glance.signal(released, metric)) for metric, released in quarters]
    is_one = all(len(released.rows) < 2 for _, released in quarters)
    html.show(html.tag("p", glance.changed(found, is_one_period=is_one), class_="lately"))


@st.fragment
def _card(card: Card, chosen: Selection) -> None:
    address.follow()
    metric, selection, names = metrics.get(card.metric), card.selection(chosen), answers.store().lists.name
    whole, series = answers.ask(card.metric, selection), _series(card, selection)
    with st.container(border=True, key=f"card-{card.metric}", height="stretch"):
        found = finding(whole, metric, names) if _says(whole) else metric.title
        st.header(html.plain(found), anchor=card.metric)
        if address.is_presenting():  # the sentence has the interval too
            html.answer(once.below(found, sentences.sentence(whole, metric, names)))
        else:
            html.show(html.tag("p", html.explained(glance.size_words(whole.rows[0], metric.shape)), class_="size"))
        if is_series := _is_series(series):
            _sparkline(card, series, metric)
        _beside(card, whole, metric, chosen, has_signal=is_series)
        if address.is_presenting():
            html.foot([_key([card], chosen)])
        _more(card, chosen)


def _says(released: Released) -> bool:
    """Whether anything of an answer is known."""
    return any(row.is_shown or row.why for row in released.rows)


def _is_series(released: Released) -> bool:
    """Whether there is more than one period, and anything of them is known: one point says nothing that its card does not."""
    return len(released.rows) > 1 and _says(released)


def _sparkline(card: Card, series: Released, metric: Metric) -> None:
    _, small, _, said = _drawn(series, metric)
    if meeting.is_wide():
        html.tall(f"small-{card.metric}", _room(said))
    config = drawing.PLOT | {"displayModeBar": False}
    alt = sentences.alt(series, metric, answers.store().lists.name)
    # a tile's chart is as high as its style says, which knows the screen
    height: Literal["content", "stretch"] = "content" if address.is_presenting() else "stretch"
    st.plotly_chart(small, key=f"small-{card.metric}", width="stretch", height=height, config=config, alt=alt)
    html.feet(said)


def _drawn(series: Released, metric: Metric) -> Small:
    """A small chart, what its marks mean, and in a meeting what changed at its numbers, made once; with the series, so that nothing else takes its place in memory."""
    is_numbered = address.is_presenting()
    looks = (id(series), metric.direction, is_numbered, meeting.is_wide())
    return _SMALL.get(looks, lambda: _small(series, metric, is_numbered=is_numbered))


def _small(series: Released, metric: Metric, *, is_numbered: bool) -> Small:
    names, changes = answers.store().lists.name, drawing.changes_of(series.selection)
    small = figures.small_chart(series, names, metric.direction, changes, is_numbered=is_numbered)
    key = figures.small_key(series, names, metric.direction, changes, is_numbered=is_numbered)
    notes = figures.small_notes(series, names, changes) if is_numbered else []
    said = [" · ".join(notes)] if notes else []
    small.update_layout(height=ALONE if is_numbered and not meeting.is_wide() else SPARKLINE)
    if meeting.is_wide():
        meeting.enlarge(small, _room(said))
    return series, figures.Drawn(small), key, said


def _room(said: Sequence[str]) -> float:
    """Pixels of a chart in a meeting, above the lines of what changed."""
    return IN_A_MEETING - sum(LINE * -(-len(line) // ACROSS) for line in said)


def _key(cards: Sequence[Card], chosen: Selection) -> str:
    """What the marks of their charts mean, those that occur."""
    found: list[tuple[str, str]] = []
    for card in cards:
        series = _series(card, card.selection(chosen))
        found += _drawn(series, metrics.get(card.metric))[2] if _is_series(series) else []
        whole = answers.ask(card.metric, card.selection(chosen))
        found += [(APART, NOT_LIKE)] if comparators.is_apart(whole) else []
    return glance.key(found)


def _beside(card: Card, whole: Released, metric: Metric, chosen: Selection, *, has_signal: bool) -> None:
    """One word for what the series does, and what the figure stands beside."""
    selection = card.selection(chosen)
    quarters = answers.ask(card.metric, selection, QUARTERS)
    said = glance.signal(quarters, metric)
    everyone = answers.ask(card.metric, everywhere(selection)).rows[0] if is_place(selection) else None
    signal = html.tag("p", html.tag("strong", glance.signal_words(said)), class_="signal")
    over_time, who = _and_before(card, selection), comparators.name_of(whole)
    words = glance.beside(whole.rows[0], everyone, over_time, metric, who)
    words = words or _on_other_bases(card, whole, metric, selection)
    html.show(*([signal] if has_signal else []), html.tag("p", words, class_="beside"))


def _on_other_bases(card: Card, whole: Released, metric: Metric, selection: Selection) -> str:
    """Whom else a share is known of, where no quarter may be set beside the one a year before: those on the nearest base, in one line of the tile."""
    if whole.shape != "proportion":
        return ""
    cohort, order = selection.cohort, [*BASES]
    others = [base for base in BASES if not are_same_people(base, selection.base, cohort)]
    for base in sorted(others, key=lambda base: abs(order.index(base) - order.index(selection.base))):
        other = selection.but(base=base)
        rows = {short_people(other): answers.ask(card.metric, other).rows[0]}
        if words := glance.beside_bases(whole.rows[0], rows, metric):
            return words
    return ""


def _series(card: Card, selection: Selection) -> Released:
    """By quarter, or by financial year where most quarters are hidden."""
    quarters = answers.ask(card.metric, selection, QUARTERS)
    n_hidden = sum(row.state == "hidden" for row in quarters.rows)
    return quarters if n_hidden * 3 < len(quarters.rows) else answers.ask(card.metric, selection, YEARS)


def _and_before(card: Card, selection: Selection) -> Released:
    """The series of all time up to the last complete period of what is chosen, so that a year or a quarter chosen alone stands beside the one before it."""
    months = answers.store().lists.calendar.months(selection.period)
    whole = _series(card, selection.but(period=calendar.ALL))
    spans = [calendar.months_in(row.labels[whole.by[0]]) for row in whole.rows]
    inside = [
        i
        for i, (row, (first, last)) in enumerate(zip(whole.rows, spans, strict=True))
        if row.is_shown and row.complete is not False and min(months) <= first and last <= max(months)
    ]
    return replace(whole, rows=whole.rows[: inside[-1] + 1]) if inside else _series(card, selection)


def _more(card: Card, chosen: Selection) -> None:
    if address.is_presenting() or card.page not in menu.files():
        return
    label = html.plain(f"More on {menu.page(card.page).name.lower()}")
    query = address.query_of(chosen, answers.store().version)
    st.page_link(menu.files()[card.page], label=label, icon=":material/arrow_forward:", query_params=query)


def _new(cards: Sequence[Card], chosen: Selection) -> list[str]:
    """Each figure's latest complete quarter, and the year that ends with it, beside the one before in this version."""
    store, found = answers.store(), dict[str, list[str]]()
    for card in cards:
        metric, selection = metrics.get(card.metric), card.selection(chosen)
        quarters, years = (answers.ask(card.metric, selection, unit) for unit in (QUARTERS, YEARS))
        words = briefing.change_words(quarters, metric) + briefing.year_words(years, quarters, metric)
        found.setdefault(words, []).append(metric.title)  # what is so of several is said once
    lines = [html.join((html.tag("strong", sentences.listed(of)), f": {words}")) for words, of in found.items()]
    return [briefing.loaded_words(store.loads, store.version), *lines]


def _careful(cards: Sequence[Card], chosen: Selection) -> list[str]:
    store = answers.store()
    return briefing.cautions(chosen, store.lists, store.changes, _quarters(cards, chosen))


def _quarters(cards: Sequence[Card], chosen: Selection) -> list[tuple[Metric, Released]]:
    return [(metrics.get(card.metric), answers.ask(card.metric, card.selection(chosen), QUARTERS)) for card in cards]
