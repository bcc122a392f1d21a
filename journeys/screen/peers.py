"""A chosen service, commissioner or group stays among its peers: what is asked for that, and which labels then stand out. `Only this` is a look."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from journeys.screen import address
from journeys.vocabulary.lists import PERIOD_UNITS, Lists
from journeys.vocabulary.selection import COHORT_DIMENSIONS, Selection
from journeys.words import beside


@dataclass(frozen=True)
class Peers:
    """What is asked, and the codes of its one breakdown that stand out; none where nothing was chosen on it."""

    asked: Selection
    chosen: frozenset[str] = frozenset()


def among(selection: Selection, by: Sequence[str], lists: Lists) -> Peers:
    """The selection without its choice on the breakdown's own dimension, which becomes the label that stands out."""
    dimension = next((d for d in by if d not in PERIOD_UNITS), None)
    if dimension is None or address.is_only():
        return Peers(selection)
    if dimension == "service":
        return _services(selection, lists)
    if dimension == "commissioner" and selection.commissioner:
        return Peers(selection.but(commissioner=None), frozenset((selection.commissioner,)))
    if dimension in COHORT_DIMENSIONS and dimension in selection.cohort:
        return Peers(beside.without(selection, (dimension,)), frozenset((selection.cohort[dimension],)))
    return Peers(selection)


def everybody(selection: Selection) -> Selection | None:
    """The closed choice "all" that a selection of some services or people stands beside; None where it is that already, or alone by choice."""
    return None if address.is_only() else beside.everybody(selection)


def _services(selection: Selection, lists: Lists) -> Peers:
    sets = [d for d in beside.OF_SERVICES if d in selection.cohort]
    if not beside.is_place(selection) and not sets:
        return Peers(selection)
    chosen = lists.where(selection)
    for dimension in sets:
        chosen &= lists.services_with(dimension, selection.cohort[dimension])
    return Peers(beside.without(beside.everywhere(selection), sets), chosen)


def choice(selection: Selection) -> None:
    """Whether what is chosen stands alone: the second choice, kept in the address."""
    if not beside.is_place(selection) and not selection.cohort:
        return
    st.toggle(
        "Only this, without its peers", value=address.is_only(), key=f"only-{address.is_only()}", on_change=address.set_only,
        args=(not address.is_only(),), help="Figures by service or group otherwise show what is chosen among the others, in grey.",
    )  # fmt: skip
