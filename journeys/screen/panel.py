"""A panel: one metric from one released answer, with heading, sentence, figure, table, definition, who is left out, download and link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import address, answers, contents, html, meeting, panel_parts
from journeys.screen.drawing import Figure, figure_of, is_drawable
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from journeys.words.phrases import Names

CARDS = 170  # pixels of the cards above a figure on three bases


@dataclass(frozen=True)
class Panel:
    """What one panel shows: a metric and those shown with it, how they are split, drawn and said."""

    metric: str
    by: tuple[str, ...] = ()
    figure: Figure | None = None
    also: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    can_split: bool = True
    says: Callable[[Sequence[Released], Names], str] | None = None

    @property
    def key(self) -> str:
        """What tells this panel from the others of a page, also in the address."""
        return "-".join((self.metric, *self.by))


def panel(
    metric: str,
    selection: Selection,
    by: Sequence[str] = (),
    figure: Figure | None = None,
    *,
    also: Sequence[str] = (),
    title: str = "",
    note: str = "",
    can_split: bool = True,
) -> None:
    """One metric of the selection, split by `by`; a reader may split it otherwise unless `figure` or `also` is given.

    `figure` draws it (default: what suits the labels: over_time, bars, grid, change or waiting) from the release and the
    releases of `also` (metrics asked of the same selection). `title` replaces the metric's own in the heading, `note` is a sentence
    before the figure. A panel is a fragment: what is changed inside it redraws it alone.
    """
    can_split = can_split and not figure and not also
    _in_turn(Panel(metric, tuple(by), figure, tuple(also), title, note, can_split), selection)


def spiral(selection: Selection) -> None:
    """The positive upward spiral: where people stood at referral, where they stand now, and who moved."""
    also = ("spiral_now", "spiral_flow", "spiral_movement")
    title = "The positive upward spiral"
    _in_turn(Panel("spiral_start", (), figures.spiral, also, title, can_split=False, says=_spiral_words), selection)


def _spiral_words(asked: Sequence[Released], names: Names) -> str:
    start, now, _, movement = asked
    return sentences.spiral_sentence(start, now, movement, names)


def _in_turn(what: Panel, selection: Selection) -> None:
    words = what.title or metrics.get(what.metric).title
    words += f" by {panel_parts.by_words(what.by)}" if what.by else ""
    contents.add(what.key, words)
    if meeting.is_turn():
        _panel(what, selection)


@st.fragment
def _panel(what: Panel, selection: Selection) -> None:
    address.follow()
    metric, key = metrics.get(what.metric), what.key
    with st.container(border=True, key=f"panel-{key}"):
        place, choices, beside = meeting.stage()
        with choices:
            can_split = what.can_split and not address.is_presenting()
            by = panel_parts.split(key, metric, what.by) if can_split else what.by
        asked = [answers.ask(slug, selection, by) for slug in (what.metric, *what.also)]
        with place:
            panel_parts.heading(metric, selection, by, what.title, key)
            html.answer(_sentence(what, asked))
            if what.note:
                st.markdown(html.plain(what.note))
        if not is_drawable(asked):
            with choices:
                panel_parts.wider(selection, key)
        with beside:
            panel_parts.tabs(asked, what.figure or figure_of(asked[0]), key)
        with meeting.below(place):
            panel_parts.foot(asked[0])
        panel_parts.tools(asked, selection, key)


def _sentence(what: Panel, asked: Sequence[Released]) -> str:
    names = answers.store().lists.name
    if what.says:
        return what.says(asked, names)
    return sentences.sentence(asked[0], metrics.get(what.metric), names)


def three_bases(metric: str, selection: Selection, by: Sequence[str] = ()) -> None:
    """A panel of a metric on its own base (unless the reader chose one), with the rate on all three bases above: the base changes what a rate means."""
    contents.add(metric, f"{metrics.get(metric).title} on three bases")
    if meeting.is_turn():
        _three_bases(metric, selection, tuple(by))


@st.fragment
def _three_bases(slug: str, selection: Selection, by: tuple[str, ...]) -> None:
    address.follow()
    metric, key = metrics.get(slug), slug
    chosen = metric.on_its_base(selection)
    with st.container(border=True, key=f"panel-{key}"):
        title = f"{metric.title} within {selection.within} months, on three bases"
        st.header(html.plain(title), anchor=key)
        _cards(metric, selection, chosen.base)
        place, choices, beside = meeting.stage()
        with place:
            html.answer(sentences.sentence(answers.ask(slug, chosen), metric, answers.store().lists.name))
        with choices:
            asked = [answers.ask(slug, chosen, by if address.is_presenting() else panel_parts.split(key, metric, by))]
            if not is_drawable(asked):
                panel_parts.wider(chosen, key)
        with beside:
            panel_parts.tabs(asked, figure_of(asked[0]), key, meeting.ROOM - CARDS)
        with meeting.below(place):
            panel_parts.foot(asked[0])
        on_all = [answers.ask(slug, selection.but(base=base)) for base in BASES]
        panel_parts.tools([*asked, *on_all], chosen, key)


def _cards(metric: Metric, selection: Selection, opening: str) -> None:
    """The rate on each base, the one that the figure below is about marked."""
    columns = st.columns(len(BASES))
    for column, (base, named) in zip(columns, BASES.items(), strict=True):
        with column:
            here = selection.but(base=base)
            words = sentences.unit_words(metric.unit, here)
            html.base_card(answers.ask(metric.slug, here).rows[0], named.people, words, base == opening)
