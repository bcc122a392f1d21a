"""The board summary: at most six figures with sentence, interval, small control chart and link; what changed; what to be careful with."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import address, answers, drawing, html, meeting, menu
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import briefing, sentences

MOST_CARDS = 6
QUARTERS, YEARS = ("quarter",), ("financial_year",)


@dataclass(frozen=True)
class Card:
    """One figure of the board: a metric, and the address of the page that says more."""

    metric: str
    page: str

    def selection(self, chosen: Selection) -> Selection:
        """The selection on the metric's own base, unless the reader chose a base."""
        return metrics.get(self.metric).on_its_base(chosen)


def board(selection: Selection, figures_of: Sequence[tuple[str, str]]) -> None:
    """The board's figures, pairs of metric and page address, two in a row; then what changed and what to be careful with.

    ValueError for more than six: a board reads no more in three minutes.
    """
    if len(figures_of) > MOST_CARDS:
        raise ValueError(f"{len(figures_of)} figures on the board: at most {MOST_CARDS} are allowed")
    cards = [Card(metric, page) for metric, page in figures_of]
    for i in range(0, len(cards), 2):
        pair = [card for card in cards[i : i + 2] if meeting.is_turn()]
        for column, card in zip(_places(len(pair)), pair, strict=True):
            with column:
                _card(card, selection)
    if meeting.is_turn():
        _changed(cards, selection)
    if meeting.is_turn():
        _careful(cards, selection)


def _places(n: int) -> Sequence:
    """Columns for the cards of a row; in meeting mode the one card has the whole width."""
    return st.columns(n) if n > 1 else [st.container() for _ in range(n)]


@st.fragment
def _card(card: Card, chosen: Selection) -> None:
    address.follow()
    metric, selection, names = metrics.get(card.metric), card.selection(chosen), answers.store().lists.name
    whole, series = answers.ask(card.metric, selection), _series(card, selection)
    with st.container(border=True, key=f"card-{card.metric}", height="stretch"):
        st.header(html.plain(_heading(metric, selection)), anchor=card.metric)
        html.show(html.big_figure(whole.rows[0], metric.shape, sentences.unit_words(metric.unit, selection)))
        html.answer(sentences.sentence(whole, metric, names))
        small = figures.small_chart(series, names, metric.direction)
        if address.is_presenting():
            meeting.enlarge(small)
        config = drawing.PLOT | {"displayModeBar": False}
        alt = sentences.alt(series, metric, names)
        st.plotly_chart(small, key=f"small-{card.metric}", width="stretch", config=config, alt=alt)
        html.foot([_series_words(series), sentences.left_out_words(whole, metric)])
        _more(card, chosen)


def _series(card: Card, selection: Selection) -> Released:
    """By quarter, or by financial year where most quarters are hidden."""
    quarters = answers.ask(card.metric, selection, QUARTERS)
    n_hidden = sum(row.state == "hidden" for row in quarters.rows)
    return quarters if n_hidden * 3 < len(quarters.rows) else answers.ask(card.metric, selection, YEARS)


def _series_words(series: Released) -> str:
    if series.by == YEARS:
        return "By financial year of referral, because most quarters are hidden."
    return "By quarter of referral." + ("" if series.spc_note else " Dashed: the limits of the usual variation.")


def _more(card: Card, chosen: Selection) -> None:
    if address.is_presenting() or card.page not in menu.files():
        return
    label = html.plain(f"More on {menu.page(card.page).name.lower()}")
    query = address.query_of(chosen, answers.store().version)
    st.page_link(menu.files()[card.page], label=label, icon=":material/arrow_forward:", query_params=query)


def _heading(metric: Metric, selection: Selection) -> str:
    words = f"{metric.title} within {selection.within} months" if metric.has_within else metric.title
    return f"{words}: {BASES[selection.base].people}"


def _changed(cards: Sequence[Card], chosen: Selection) -> None:
    with st.container(border=True, key="panel-changed"):
        st.header("What changed since the last quarter", anchor="changed")
        html.show(html.bullets(_change(metric, released) for metric, released in _quarters(cards, chosen)))
        html.foot(
            [
                "Each figure is read in the latest quarter that is complete for it; outcomes need time, so their quarter is earlier."
            ]
        )


def _change(metric: Metric, released: Released) -> html.Html:
    return html.join((html.tag("strong", metric.title), f": {briefing.change_words(released, metric)}"))


def _careful(cards: Sequence[Card], chosen: Selection) -> None:
    store = answers.store()
    with st.container(border=True, key="panel-careful"):
        st.header("What to be careful with", anchor="careful")
        lines = briefing.cautions(chosen, store.lists, store.changes, _quarters(cards, chosen))
        html.show(html.bullets(lines))


def _quarters(cards: Sequence[Card], chosen: Selection) -> list[tuple[Metric, Released]]:
    return [(metrics.get(card.metric), answers.ask(card.metric, card.selection(chosen), QUARTERS)) for card in cards]
