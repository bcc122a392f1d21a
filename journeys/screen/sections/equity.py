"""One choice of groups for several panels: the same outcomes by the same groups, kept in the address."""

from collections.abc import Sequence

import streamlit as st

from journeys.screen import address, looks, session, tour
from journeys.screen.address import ACROSS
from journeys.vocabulary import dictionary


def groups(dimensions: Sequence[str]) -> tuple[str]:
    """The dimension that the panels below are split by, chosen from `dimensions`; the first until a reader chooses."""
    looks.takes(ACROSS)
    wanted = address.split(ACROSS)
    chosen = wanted if wanted is not None and wanted in dimensions else dimensions[0]
    if address.is_presenting():  # by what it was ticked with, whatever the page has been split by since
        return (next((d for d in dimensions if tour.now().panel.endswith(f"-{d}")), chosen),)
    session.show(ACROSS, chosen)
    titles = dictionary.load().titles
    st.segmented_control(
        "Look at the outcomes by",
        list(dimensions),
        format_func=lambda d: titles[d],
        key=ACROSS,
        required=True,
        on_change=_keep,
    )
    return (chosen,)


def _keep() -> None:
    address.set_split(ACROSS, session.shown(ACROSS))
