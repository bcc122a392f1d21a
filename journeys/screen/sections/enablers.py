"""What it takes: the report's enablers of work, service by service, in one plain table without a score."""

import streamlit as st

from journeys.screen import address, answers, contents, html, meeting, take_away
from journeys.vocabulary.selection import Selection
from journeys.words import enablers


def what_it_takes(selection: Selection) -> None:
    """What each service offers towards work and what it is asked for, alphabetical; and the reader's own part in it."""
    contents.add("enablers", "What it takes")
    if meeting.is_turn("enablers"):
        _table(selection)


@st.fragment
def _table(selection: Selection) -> None:
    address.follow()
    lists, key = answers.store().lists, "enablers"
    where = lists.where(selection)
    services = [service for service_id, service in lists.services.items() if service_id in where]
    with st.container(border=True, key=f"panel-{key}"):
        st.header("What it takes", anchor=key)
        html.answer(enablers.mirror(services))
        shown = enablers.table(services, lists.name)
        html.table(
            shown,
            "Services in alphabetical order: what they offer towards work, and what they are asked for",
            is_wordy=True,
            is_whole=True,
        )
        html.foot(enablers.SAID)
        take_away.of_table(shown, key, selection)
