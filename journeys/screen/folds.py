"""Panels that wait behind a heading until a reader opens it: only then are they asked for, drawn and sent.

Where no browser asks (tests) they are drawn at once, and in meeting mode they take their turn like any other.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from journeys.screen import address, browser, html, session


@contextmanager
def fold(title: str, text: str = "") -> Iterator[bool]:
    """What is drawn inside waits behind this heading; gives whether it is open. Panels look by themselves, other things are to be drawn only where it is."""
    if address.is_presenting():
        yield True
        return
    place = st.expander(html.plain(title), key=session.FOLD + _anchor(title), on_change="rerun")
    is_open = bool(place.open) or not browser.is_there()
    session.IS_FOLDED.keep(not is_open)
    try:
        with place:
            if not is_open:
                st.skeleton(height=html.PANEL_HEIGHT)  # what is seen from the press until the panels are there
            elif text:
                st.markdown(html.plain(text))
            yield is_open
    finally:
        session.IS_FOLDED.keep(False)


def is_folded(key: str) -> bool:
    """Whether the panel of this key waits behind a closed heading; then a link to it finds its place there, and opens the heading (browser.js)."""
    if not session.IS_FOLDED.get():
        return False
    html.show(html.tag("span", id=key, class_="waits"))
    return True


def _anchor(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")
