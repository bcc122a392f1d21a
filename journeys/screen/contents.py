"""The list at the top of a long page: its panels as they are drawn, each a link."""

import streamlit as st

from journeys.screen import html, session


def begin(is_wanted: bool) -> None:
    """The place of the list, on a page that wants one."""
    place = st.container(horizontal=True, key="contents", gap="xsmall") if is_wanted else None
    session.CONTENTS.keep(place)
    if place is not None:
        with place:
            html.show(html.tag("p", "On this page"))


def add(key: str, words: str) -> None:
    """One more panel of the page, whether it is drawn now or later."""
    place = session.CONTENTS.get()
    if place is not None:
        with place:
            html.show(html.link_to(key, words))
