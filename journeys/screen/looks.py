"""What of an address is no choice and cannot be used: names that nobody knows here, and looks at what there is not; and the notice that says so."""

import re
from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from journeys.screen import address, html, panel_parts, session
from journeys.screen.address import ONLY, PRESENT, SPLIT
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS

KNOWN = {*address.CHOICES, *address.LOOKS, address.STORE, address.VERSION}
# what mail, search, advertising and Streamlit itself add to a link; nobody's page is another one for it
ADDED = re.compile(r"utm_|mc_|hs|_|embed|[a-z]*cl(?:[ks])?id$|[gw]braid$|igshid$|mkt_tok$|ref$|trk$", re.IGNORECASE)
LONGEST = 60  # letters of what is said again
WITHOUT = ("", "Compare_cohorts", "Evidence", "Definitions", "Data")  # pages on which nothing can be split
OTHER_VERSION = {
    "earlier": "This link was made on an earlier version of the data; figures may have changed since.",
    "later": "This link was made on a later version of the data than is shown here; figures may differ.",
}


def begin() -> None:
    """A page begins: nothing on it takes a split yet. Its notice has a place, there in every run, so that nothing below it moves when it goes."""
    session.SPLIT_HERE.keep(())
    session.NOTICE.keep(st.empty())
    _say(session.TROUBLE.get())
    if session.PAGE.get() in WITHOUT:
        end()


def takes(key: str) -> None:
    """Something on this page is split by what the address has for it under this key, whether it is drawn now or later."""
    session.SPLIT_HERE.keep((*session.SPLIT_HERE.get(), key))


def end() -> None:
    """A page ends: splits of what it does not have are taken out of the address and said. A meeting has more than this page."""
    splits, here = st.query_params.get_all(SPLIT), session.SPLIT_HERE.get()
    usable = [one for one in splits if one.partition(":")[0] in here]
    if usable == splits or address.is_presenting():
        return
    _keep(SPLIT, usable)
    trouble = session.TROUBLE.get()
    said = tuple(f"{SPLIT}={one[:LONGEST]} (not on this page)" for one in splits if one not in usable)
    session.TROUBLE.keep(replace(trouble, dropped=(*trouble.dropped, *said)))
    _say(session.TROUBLE.get())


def _say(trouble: session.Trouble) -> None:
    """What was wrong with the link, until the reader chooses something."""
    with session.NOTICE.get().container():
        if trouble.dropped:
            words = "; ".join(trouble.dropped)
            st.warning(
                f"Part of this link could not be used and was left out: {html.plain(words)}.",
                icon=":material/link_off:",
            )
        if trouble.other_version:
            st.info(html.plain(OTHER_VERSION[trouble.other_version]), icon=":material/history:")


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
    """Whether some page has such a panel, and the panel such a split; which of them are on this page is known at its end."""
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
