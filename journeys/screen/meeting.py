"""Meeting mode: no sidebar, one panel after another with the arrow keys, from page to page in the order of the tour.

It is laid out for a projector, with large type, until the browser says that its screen is narrower: then as the pages are.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from journeys import figures
from journeys.screen import address, answers, browser, first_look, folds, html, menu, session, tour
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

SMALLEST = 18  # pixels of type, on a projector of 1280 x 720; everything grows with a larger one
TYPE = 14  # pixels, where a figure does not say
ROOM = 580  # pixels of height for a figure beside its words
LARGEST, ROWS = 1.5, 8


def begin(title: str, chosen: Selection) -> None:
    """Begin the count of this run's panels; in meeting mode also draw the bar, or go on to the page of the stop that the address shows."""
    session.COUNTED.keep(0)
    figures.are_wide(is_wide())
    session.PAGE.keep(next((one for one in menu.files() if menu.page(one).name == title), ""))
    first_look.begin(title)
    if address.is_presenting():
        session.SCREENS.keep(1)
        with st.container(key="meeting-begins"):  # before another page is turned to, which forgets what the link said
            browser.begin_at([stop.written for stop in tour.stops()])
        _turn_page(chosen)
        _ask_for_the_width()
        _bar()
        _absent()


def sheets() -> Sequence[str]:
    """The style sheets of a meeting, where there is one."""
    return ("meeting", "projector")[: address.is_presenting() + is_wide()]


def is_wide() -> bool:
    """Whether this run is for a projector."""
    return address.is_presenting() and not session.IS_NARROW.get()


def is_turn(key: str = "", first: int = first_look.FIRST, height: int = html.PANEL_HEIGHT) -> bool:
    """Whether a panel is drawn: in meeting mode only the one whose turn it is, at a first look only the `first` ones, none behind a closed heading."""
    if folds.is_folded(key):
        return False
    place = session.COUNTED.get()
    session.COUNTED.keep(place + 1)
    if address.is_presenting():
        return tour.now().is_at(session.PAGE.get(), key)
    return not first_look.is_later(place, first, height)


def split_of(usual: tuple[str, ...]) -> tuple[str, ...]:
    """What the panel whose turn it is was split by when it was ticked."""
    split = tour.now().split
    return usual if split is None else tuple(name for name in split.split(",") if name)


def stage() -> tuple:
    """Where the words, the choices and the figure of a panel go: below each other; on a projector the figure stands beside the words, so that it has the height."""
    if is_wide():
        words, figure = st.columns([2, 3], gap="medium")
        return words, words, figure
    return st.container(gap="small"), st.container(gap="small"), st.container()


def below(words: AbstractContextManager) -> AbstractContextManager:
    """Where the small print goes: under the figure; on a projector under the words."""
    return words if is_wide() else nullcontext()


def tick(key: str) -> None:
    """The choice to show a panel in the meeting."""
    page, widget = session.PAGE.get(), f"tick-{key}"
    is_always = tour.is_always(page, key)
    session.show(widget, tour.is_ticked(page, key))
    chose = lambda: tour.tick(page, key, address.split(key), is_on=bool(session.shown(widget)))  # noqa: E731
    st.checkbox("Meeting", key=widget, disabled=is_always, on_change=chose)


def enlarge(drawn: Any, room: float = ROOM) -> None:
    """A figure as tall as its room, with no type under `SMALLEST`: words and margins grow alike, the plot takes the rest."""
    layout = drawn.layout
    margin = {side: (layout.margin[side] or 0) * LARGEST for side in "lrtb"}
    plot = max((layout.height or room) - (layout.margin.t or 0) - (layout.margin.b or 0), 1)
    by = min(LARGEST, (room - margin["t"] - margin["b"]) / plot)
    size = lambda font: max(SMALLEST, (font.size or TYPE) * by)  # noqa: E731
    drawn.update_layout(height=room, margin=margin, font_size=max(SMALLEST, TYPE * by), hoverlabel_font_size=SMALLEST)
    for note in layout.annotations:
        shifts = {name: note[name] * LARGEST for name in ("ax", "ay", "xshift", "yshift") if note[name]}
        note.update(font_size=size(note.font), **shifts)
    for axis in (*drawn.select_xaxes(), *drawn.select_yaxes()):
        axis.update(tickfont_size=size(axis.tickfont), title_font_size=size(axis.title.font))
    for trace in drawn.data:
        if "textfont" in trace and trace.text is not None:
            trace.update(textfont_size=size(trace.textfont))


def _ask_for_the_width() -> None:
    """A button that nobody sees: the browser presses it where its screen is not what this run is for (browser.js)."""
    is_narrow = session.IS_NARROW.get()
    with st.container(key=f"meeting-for-{'a-page' if is_narrow else 'a-projector'}"):
        st.button("Fit this screen", key="meeting-fit", on_click=session.IS_NARROW.keep, args=(not is_narrow,))


def _bar() -> None:
    n_stops, (stop, screen) = len(tour.stops()), tour.place()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="meeting-bar"):
        st.button(
            "Back", icon=":material/arrow_back:", shortcut="Left", on_click=tour.go, args=(-1,),
            disabled=(stop, screen) == (0, 1), key="meeting-back",
        )  # fmt: skip
        html.show(html.tag("p", f"{stop + 1} of {n_stops}", class_="stop"))
        st.button(
            "Next", icon=":material/arrow_forward:", shortcut="Right", on_click=tour.go, args=(1,), key="meeting-next"
        )
        st.button("End", icon=":material/close:", on_click=tour.end, key="meeting-end")


def _absent() -> None:
    """What a stop says whose panel is not on its page; the style shows it once the page is drawn and has none."""
    metric = metrics.catalogue().get(tour.now().panel.partition("-")[0])
    named = f"“{metric.title}”" if metric else "What was ticked"
    html.show(html.tag("p", f"{named} is not on this page for what is chosen now: go on with Next.", class_="absent"))


def _turn_page(chosen: Selection) -> None:
    """On to the page of the stop; a page that this store does not have is passed by."""
    page = tour.now().page
    if page != session.PAGE.get() and page in menu.files():
        query = address.query_of(chosen, answers.store().version) | tour.looks()
        st.switch_page(menu.files()[page], query_params=query)
