"""A page opens with its first panels; the others follow as soon as the browser has drawn a figure.

Plotly draws the figures of a page one after another and shows none before the last is done, so a page of eight would keep its reader
waiting for seven that are below the fold. Where no browser asks (tests), nothing waits. In meeting mode one panel stands alone anyway.
"""

import streamlit as st

from journeys.screen import address, browser, session

FIRST = 2  # panels; the board has a row of three
BUTTON = "rest-of-page"
PRESS = f"{BUTTON}-button"


def begin(title: str) -> None:
    """Begin a run of the page with this title; the first run in a row is its first look."""
    is_new = session.WHOLE.get() != title
    is_first = is_new and browser.is_there() and not address.is_presenting()
    session.IS_FIRST_LOOK.keep(is_first)
    with st.container(key=BUTTON):  # there in every run: where it came and went, all below it would be made anew
        if is_first:
            st.button("Show the other figures", key=PRESS, on_click=_show_all, args=(title,))
            browser.press_when_drawn(BUTTON)
        else:
            session.WHOLE.keep(title)


def is_later(place: int, first: int, height: int) -> bool:
    """Whether the panel of this place waits for the rest of the page; then its room is kept."""
    if not session.IS_FIRST_LOOK.get() or place < first:
        return False
    st.skeleton(height=height)
    return True


def comes_by_itself() -> bool:
    """Whether this request is the one for the rest of a page, which no reader made."""
    return bool(session.shown(PRESS, False))


def _show_all(title: str) -> None:
    """It comes by itself, so it may come with the address from before a choice that the reader makes at that moment, or of a link pressed then."""
    session.WHOLE.keep(title)
    address.stand_by_the_choice()
