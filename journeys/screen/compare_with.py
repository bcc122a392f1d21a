"""`Compare with ...`: the selection of any page beside another that differs in one thing, one press away."""

import streamlit as st

from journeys.screen import address, answers, browser, html, menu
from journeys.vocabulary import pairing
from journeys.vocabulary.selection import Selection

PAGE = "Compare_cohorts"
HEIGHT = 400  # pixels, about, of what can be compared


@st.fragment
def draw(chosen: Selection) -> None:
    """What the selection can be compared with, each a link to the page of two, written when it is opened; all else that is chosen stays in both."""
    store, icon = answers.store(), ":material/compare_arrows:"
    opened = st.popover("Compare with …", icon=icon, width="stretch", key="compare-with", on_change="rerun")
    is_open = opened.open or not browser.is_there()
    with opened:
        if not is_open:  # as tall as what comes: a popover stays where it has opened
            st.skeleton(height=HEIGHT)
            return
        for kind, several in pairing.comparisons(chosen, store.lists).items():
            html.show(html.tag("p", kind, class_="menu-group"))
            for one in several:
                query = address.query_of(one.first, store.version) | address.second_query(one.other)
                st.page_link(menu.files()[PAGE], label=html.plain(one.words), query_params=query)
