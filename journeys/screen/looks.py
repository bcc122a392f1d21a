"""What of an address is no choice and cannot be used: names that nobody knows here, and looks at what there is not."""

import re
from collections.abc import Iterator

import streamlit as st

from journeys.screen import address, panel_parts
from journeys.screen.address import ONLY, PRESENT, SPLIT
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS

KNOWN = {*address.CHOICES, *address.LOOKS, address.STORE, address.VERSION}
# what mail, search, advertising and Streamlit itself add to a link; nobody's page is another one for it
ADDED = re.compile(r"utm_|mc_|hs|_|embed|[a-z]*cl(?:[ks])?id$|[gw]braid$|igshid$|mkt_tok$|ref$|trk$", re.IGNORECASE)
LONGEST = 60  # letters of what is said again


def dropped() -> tuple[str, ...]:
    """What of this address is left out, in words; looks that cannot be used are taken out of it, so that it is said once."""
    strange = [name for name in st.query_params if name not in KNOWN and not ADDED.match(name)]
    return (*(f"{name[:LONGEST]} (no choice of these pages has that name)" for name in strange), *_looks())


def _looks() -> Iterator[str]:
    splits = st.query_params.get_all(SPLIT)
    usable = [one for one in splits if _is_split(one)]
    if usable != splits:
        _keep(SPLIT, usable)
        yield from (
            f"{SPLIT}={one[:LONGEST]} (no such panel, or no such split of it)" for one in splits if one not in usable
        )
    for name, is_usable, allowed in (
        (PRESENT, address.is_presenting(), "a number from 1 on"),
        (ONLY, address.is_only(), "1"),
    ):
        if name in st.query_params and not is_usable:
            yield f"{name}={st.query_params[name][:LONGEST]} (allowed is {allowed})"
            _keep(name, [])


def _is_split(one: str) -> bool:
    """Whether some page has such a panel, and the panel such a split; which of them are on this page is known once it is drawn."""
    key, _, value = one.partition(":")
    by = tuple(name for name in value.split(",") if name)
    if key == address.ACROSS:
        return len(by) == 1 and by[0] in BREAKDOWNS
    if key == address.MEASURES:
        return bool(by) and set(by) <= set(metrics.catalogue())
    slug, *usual = key.split("-")
    metric = metrics.catalogue().get(slug)
    is_free = metric is not None and not set(by) & set(metric.labels)
    return is_free and set(usual) <= set(BREAKDOWNS) and by in (*panel_parts.SPLITS, tuple(usual))


def _keep(name: str, values: list[str]) -> None:
    if values:
        st.query_params[name] = values
    else:
        del st.query_params[name]
