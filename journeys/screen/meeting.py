"""Meeting mode: large type, no sidebar, one panel after another with the arrow keys, on through the pages."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from journeys.screen import address, answers, first_look, html, menu, session
from journeys.vocabulary.selection import Selection

TYPE = 12  # pixels, where a figure does not say
ROOM = 570  # pixels of height for a figure beside its words, on a projector of 1280 x 720
LARGEST, ROWS = 1.5, 11
TOUR = tuple(page for group, pages in menu.GROUPS if group != menu.ABOUT for page in pages)


def begin(title: str, chosen: Selection) -> None:
    """Begin the count of this run's panels; in meeting mode also draw the bar, and go on to the next page after the last panel."""
    if session.MEETING_PAGE.get() != title:
        session.MEETING_PAGE.keep(title)
        session.STEP.keep(0)
    elif address.is_presenting():
        _turn_page(chosen, title)
    session.COUNTED.keep(0)
    first_look.begin(title)
    if address.is_presenting():
        _bar()


def is_turn(first: int = first_look.FIRST, height: int = html.PANEL_HEIGHT) -> bool:
    """Whether the next panel of this run is drawn: in meeting mode only the one whose turn it is, at a first look only the `first` ones."""
    place = session.COUNTED.get()
    session.COUNTED.keep(place + 1)
    if address.is_presenting():
        return place == session.STEP.get()
    return not first_look.is_later(place, first, height)


def stage() -> tuple:
    """Where the words, the choices and the figure of a panel go: below each other; in meeting mode the figure stands beside the words, so that it has the height."""
    if address.is_presenting():
        words, figure = st.columns([2, 3], gap="medium")
        return words, words, figure
    return st.container(gap="small"), st.container(gap="small"), st.container()


def below(words: AbstractContextManager) -> AbstractContextManager:
    """Where the small print goes: under the figure; in meeting mode under the words."""
    return words if address.is_presenting() else nullcontext()


def enlarge(drawn: Any, room: int = ROOM) -> None:
    """Scale a figure, with all that is measured in pixels, to the height that a projector has for it."""
    layout = drawn.layout
    by = min(LARGEST, room / (layout.height or room))
    margin = {side: (layout.margin[side] or 0) * by for side in "lrtb"}
    drawn.update_layout(height=round((layout.height or room) * by), margin=margin, font_size=TYPE * by)
    for note in layout.annotations:
        shifts = {name: note[name] * by for name in ("ax", "ay", "xshift", "yshift") if note[name]}
        note.update(font_size=(note.font.size or TYPE) * by, **shifts)
    for axis in (*drawn.select_xaxes(), *drawn.select_yaxes()):
        axis.update(
            tickfont_size=(axis.tickfont.size or TYPE) * by, title_font_size=(axis.title.font.size or TYPE) * by
        )
    for trace in drawn.data:
        if "textfont" in trace and trace.text is not None:
            trace.update(textfont_size=(trace.textfont.size or TYPE) * by)


def _bar() -> None:
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="meeting-bar"):
        st.button("Back", icon=":material/arrow_back:", shortcut="Left", on_click=_go, args=(-1,), key="meeting-back")
        st.button(
            "Next", icon=":material/arrow_forward:", shortcut="Right", on_click=_go, args=(1,), key="meeting-next"
        )
        st.button("End", icon=":material/close:", on_click=address.present, args=(False,), key="meeting-end")


def _turn_page(chosen: Selection, title: str) -> None:
    """Past the last panel of a page: on to the next page; before the first: back to the one before."""
    step, n_panels = session.STEP.get(), session.COUNTED.get()
    if 0 <= step < n_panels:
        return
    session.STEP.keep(min(max(step, 0), max(n_panels - 1, 0)))
    tour = [page for page in TOUR if page.address in menu.files()]
    place = next((i for i, page in enumerate(tour) if page.name == title), -1) + (1 if step > 0 else -1)
    if 0 <= place < len(tour):
        query = address.query_of(chosen, answers.store().version) | {address.PRESENT: "1"}
        st.switch_page(menu.files()[tour[place].address], query_params=query)


def _go(by: int) -> None:
    session.STEP.keep(session.STEP.get() + by)
