"""A page opens with its first panels; the others follow as soon as the browser has drawn a figure.

Plotly draws the figures of a page one after another and shows none before the last is done, so a page of eight would keep its reader
waiting for seven that are below the fold. Where no browser asks (tests), nothing waits. In meeting mode one panel stands alone anyway.
"""

import streamlit as st

from journeys.screen import address, html

FIRST = 2  # panels; on the board, a row
WHOLE, WAITING = "whole_page", "is_first_look"
BUTTON = "rest-of-page"


def begin(title: str) -> None:
    """Begin a run of the page with this title; the first run in a row is its first look."""
    is_new = st.session_state.get(WHOLE) != title
    st.session_state[WAITING] = is_new and st.context.url is not None and not address.is_presenting()
    with st.container(key=BUTTON):  # there in every run: where it came and went, all below it would be made anew
        if st.session_state[WAITING]:
            st.button("Show the other figures", key=f"{BUTTON}-button", on_click=_show_all, args=(title,))
            html.press_when_drawn(BUTTON)
        else:
            st.session_state[WHOLE] = title


def is_later(place: int) -> bool:
    """Whether the panel of this place waits for the rest of the page; then its room is kept."""
    if not st.session_state[WAITING] or place < FIRST:
        return False
    st.skeleton(height=html.PANEL_HEIGHT)
    return True


def _show_all(title: str) -> None:
    st.session_state[WHOLE] = title
