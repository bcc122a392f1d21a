"""`Compare with ...`: the selection of any page beside another that differs in one thing, one press away."""

import streamlit as st

from journeys.screen import address, answers, html, menu
from journeys.vocabulary import pairing
from journeys.vocabulary.selection import Selection

PAGE = "Compare_cohorts"


def draw(chosen: Selection) -> None:
    """What the selection can be compared with, each a link to the page of two; all else that is chosen stays in both."""
    store = answers.store()
    with st.popover("Compare with …", icon=":material/compare_arrows:", width="stretch", key="compare-with"):
        for kind, several in pairing.comparisons(chosen, store.lists).items():
            html.show(html.tag("p", kind, class_="menu-group"))
            for one in several:
                query = address.query_of(one.first, store.version) | address.second_query(one.other)
                st.page_link(menu.files()[PAGE], label=html.plain(one.words), query_params=query)
