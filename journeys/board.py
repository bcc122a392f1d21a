"""The board summary: at most six figures with sentence, interval, small control chart and link; what changed; what to be careful with."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from journeys import address, answers, figures, look, menu, metrics, panels, present, wording
from journeys.metrics import Metric
from journeys.periods import in_words
from journeys.released import Released, Row
from journeys.selection import Selection

MOST_CARDS = 6
BY = ("quarter",)


@dataclass(frozen=True)
class Card:
    """One figure of the board: a metric, the page that says more, and the base that it is read on."""

    metric: str
    page: str

    def selection(self, chosen: Selection) -> Selection:
        """The selection on the metric's own base, unless the reader chose a base."""
        base = metrics.get(self.metric).base
        return chosen.but(base=base) if chosen.base == "all" else chosen


def board(selection: Selection, figures_of: Sequence[tuple[str, str]]) -> None:
    """The board's figures, pairs of metric and page, two in a row; then what changed and what to be careful with.

    ValueError for more than six: a board reads no more in three minutes.
    """
    if len(figures_of) > MOST_CARDS:
        raise ValueError(f"{len(figures_of)} figures on the board: at most {MOST_CARDS} are allowed")
    cards = [Card(metric, page) for metric, page in figures_of]
    if address.is_presenting():
        for card in cards:
            if present.is_turn():
                _card(card, selection)
    else:
        for i in range(0, len(cards), 2):
            for column, card in zip(st.columns(2), cards[i : i + 2], strict=False):
                with column:
                    _card(card, selection)
    if present.is_turn():
        _changed(cards, selection)
    if present.is_turn():
        _careful(cards, selection)


@st.fragment
def _card(card: Card, chosen: Selection) -> None:
    metric, selection, store = metrics.get(card.metric), card.selection(chosen), answers.store()
    whole, series = answers.ask(card.metric, selection), answers.ask(card.metric, selection, BY)
    with st.container(border=True, key=f"card-{card.metric}", height="stretch"):
        st.subheader(_heading(metric, selection), anchor=card.metric)
        st.html(_number(whole.rows[0], metric))
        st.html(f'<p class="answer">{look.text(wording.sentence(whole, metric, store.lists.name))}</p>')
        figure = figures.small_chart(series, store.lists.name, metric.direction)
        alt = wording.alt(series, metric, store.lists.name)
        st.plotly_chart(
            figure, key=f"small-{card.metric}", width="stretch", config=panels.PLOT | {"displayModeBar": False}, alt=alt
        )
        st.html(f'<div class="foot"><p>{look.text(wording.left_out_words(whole, metric))}</p></div>')
        _more(card, chosen)


def _more(card: Card, chosen: Selection) -> None:
    if address.is_presenting() or card.page not in menu.files():
        return
    page = menu.page(card.page)
    query = address.query_of(chosen, answers.store().version)
    st.page_link(
        menu.files()[card.page],
        label=f"More on {page.name.lower()}",
        icon=":material/arrow_forward:",
        query_params=query,
    )


def _heading(metric: Metric, selection: Selection) -> str:
    words = f"{metric.title} within {selection.within} months" if metric.has_within else metric.title
    return f"{words}: {panels.BASES[selection.base]}"


def _number(row: Row, metric: Metric) -> str:
    if metric.shape == "count":
        big = wording.amount(row.count) if row.is_shown else wording.mark(row, "count")
        return f'<p class="big">{look.text(big)} <span class="unit">{look.text(metric.unit)}</span></p>'
    if row.rate is None:
        mark = wording.mark(row, metric.shape)
        return f'<p class="big">{look.text(mark or "–")} <span class="unit">{look.text(wording.MARKS.get(mark, ""))}</span></p>'
    low, high = (wording.percent(value, row.denominator) for value in (row.low, row.high))
    big = wording.percent(row.rate, row.denominator)
    return f'<p class="big">{look.text(big)} <span class="unit">95% interval {look.text(low)} to {look.text(high)}</span></p>'


def _changed(cards: Sequence[Card], chosen: Selection) -> None:
    """The last complete quarter beside the one before, for each figure, and whether that is more than usual variation."""
    with st.container(border=True, key="panel-changed"):
        st.subheader("What changed since the last quarter", anchor="changed")
        lines = [_change_of(card, chosen) for card in cards]
        st.html("<ul class='list'>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>")
        st.html(
            '<div class="foot"><p>Each figure is read in the latest quarter that is complete for it, so the quarters differ: outcomes need time.</p></div>'
        )


def _change_of(card: Card, chosen: Selection) -> str:
    metric = metrics.get(card.metric)
    released = answers.ask(card.metric, card.selection(chosen), BY)
    rows = [
        row for row in released.rows if row.is_shown and row.complete is not False and _value(row, metric) is not None
    ]
    title = f"<strong>{look.text(metric.title)}</strong>: "
    if len(rows) < 2:
        return title + "no two quarters can be compared in this selection."
    now, before = rows[-1], rows[-2]
    words = f"{_said(now, metric)} in {in_words(now.labels['quarter'])}, {_said(before, metric)} in {in_words(before.labels['quarter'])}"
    return title + look.text(f"{words}; {_verdict(now, released)}.")


def _value(row: Row, metric: Metric) -> float | None:
    return row.count if metric.shape == "count" else row.rate


def _said(row: Row, metric: Metric) -> str:
    return wording.amount(row.count) if metric.shape == "count" else wording.percent(row.rate, row.denominator)


SIGNALS = {
    "none": "no more than the usual variation",
    "outside": "outside what is usual for this series",
    "shift": "part of a run of seven or more quarters on one side of the average",
    "trend": "part of seven or more quarters in one direction",
    "two_of_three": "close to the limit of what is usual, twice in three quarters",
}


def _verdict(now: Row, released: Released) -> str:
    return SIGNALS[now.spc["signal"]] if now.spc else "too few quarters to say whether that is unusual"


def _careful(cards: Sequence[Card], chosen: Selection) -> None:
    """What a reader should know before quoting a figure."""
    store = answers.store()
    where = [store.lists.services[s] for s in store.lists.services if s in store.lists.where(chosen)]
    lines = [_silent(where), _early(cards, chosen), _hidden(cards, chosen), *_service_changes(where)]
    with st.container(border=True, key="panel-careful"):
        st.subheader("What to be careful with", anchor="careful")
        st.html("<ul class='list'>" + "".join(f"<li>{look.text(line)}</li>" for line in lines if line) + "</ul>")


def _silent(where) -> str:
    silent = [service.name for service in where if "outcomes" not in service.records]
    if not silent:
        return "Every service in this selection records outcomes."
    verb = "does" if len(silent) == 1 else "do"
    return f"Not recorded is not none: {', '.join(silent)} {verb} not record outcomes and {'is' if len(silent) == 1 else 'are'} in no outcome figure."


def _early(cards: Sequence[Card], chosen: Selection) -> str:
    if not any(metrics.get(card.metric).has_within for card in cards):
        return ""
    return (
        f"Too early to say: people referred less than {chosen.within} months before the end of the data are not in the outcome figures; "
        "the latest quarters are grey or empty for that reason."
    )


def _hidden(cards: Sequence[Card], chosen: Selection) -> str:
    n_hidden = sum(
        row.state == "hidden" for card in cards for row in answers.ask(card.metric, card.selection(chosen), BY).rows
    )
    return (
        "Some quarters are hidden because too few people are behind them; a wider selection shows more."
        if n_hidden
        else ""
    )


def _service_changes(where) -> list[str]:
    names = {service.service_id: service.name for service in where}
    changes = [change for change in answers.store().changes if change.service_id in names]
    return [
        f"{in_words(change.month)}, {names[change.service_id]}: {change.title}. Read trends across that date with care."
        for change in changes
    ]
