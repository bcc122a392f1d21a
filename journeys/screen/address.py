"""The selection in the address: read from it, else from the session, else the widest; written back so that the address is the link to share."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from journeys.screen import browser, session
from journeys.store import folder
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.selection import Selection

VERSION, STORE, SPLIT, PRESENT, TOUR, ONLY = "v", "store", "split", "present", "tour", "only"
ACROSS, MEASURES = "across", "measures"  # what is split beside panels: several at once, and a table by its measures
CHOICES = ("period", "service", "commissioner", "base", "within", "cohort")
SECOND = ("vs_period", "vs_service", "vs_commissioner", "vs_base", "vs_cohort")  # of the page that compares two
LOOKS = (SPLIT, PRESENT, TOUR, ONLY, *SECOND)


def selection(lists: Lists) -> tuple[Selection, tuple[str, ...]]:
    """The selection of this run, and what of the address was not understood or is not in this store (in words).

    What the reader has just chosen goes before the address: a request that was already on its way brings the former one.
    """
    if session.IS_NEW.get():
        return _fitting(session.CHOSEN.get(), lists)
    asked, of_second = _asked(), tuple(f"second selection: {words}" for words in second(lists)[1])
    if asked is None:
        fitting, missing = _fitting(session.CHOSEN.get(), lists)
        return fitting, (*missing, *of_second)
    session.FORMER.forget()
    chosen, unknown = asked
    fitting, missing = _fitting(chosen, lists)
    return fitting, (*unknown, *missing, *of_second)


def second(lists: Lists) -> tuple[Selection | None, tuple[str, ...]]:
    """The second selection of two as the address names it and this store has it (None where it names none), and what of it was dropped (in words)."""
    query = {name: st.query_params.get_all(name) for name in SECOND if name in st.query_params}
    if not query:
        return None, ()
    found, unknown = Selection.from_query({name.removeprefix("vs_"): values for name, values in query.items()})
    fitting, missing = _fitting(found, lists)
    return fitting, (*unknown, *missing)


def stand_by_the_choice() -> None:
    """For a request that comes by itself: where its address is that of before the reader's last choice, the choice stands.

    Any other address is one that the reader has gone to meanwhile.
    """
    asked = _asked()
    if asked is not None and asked[0] == session.FORMER.get():
        session.IS_NEW.keep(True)


def _other_version(linked: str | None, shown: str) -> str:
    """Whether a link was made on an earlier or a later version than the one that is shown; empty on the same, or where it does not say."""
    if linked in (None, shown):
        return ""
    is_later = folder.VERSION.fullmatch(linked) is not None and folder.number_of(linked) > folder.number_of(shown)
    return "later" if is_later else "earlier"


def keep(chosen: Selection, dropped: tuple[str, ...], version: str) -> None:
    """Write the selection to session and address, and remember what was wrong with the link until the reader chooses something."""
    other = _other_version(st.query_params.get(STORE), version)
    if dropped or other:
        session.TROUBLE.keep(session.Trouble(dropped, other))
    session.CHOSEN.keep(chosen)
    session.FRAMED.keep(chosen)
    session.IS_NEW.forget()
    looks = {name: st.query_params.get_all(name) for name in LOOKS if name in st.query_params}
    with st.container(key="address"):  # there in every run, so that nothing below it moves
        if st.query_params:
            _write({**query_of(chosen, version), **looks})
        else:
            session.ADDRESS.keep({})
            query = urlencode(query_of(chosen, version), doseq=True)
            browser.complete_address("=", query, query)


def choose(chosen: Selection) -> None:
    """Make this the selection of the next run."""
    remember(chosen)
    kept = {n: st.query_params.get_all(n) for n in (STORE, *LOOKS) if n in st.query_params}
    _write({**chosen.to_query(), **kept})


def remember(chosen: Selection) -> None:
    """Remember what the reader has just chosen, until a page is framed with it."""
    session.TROUBLE.forget()
    session.FORMER.keep(session.CHOSEN.get())
    session.CHOSEN.keep(chosen)
    session.IS_NEW.keep(True)


def follow() -> None:
    """Inside a fragment: when something in it chose another selection, draw the whole page again."""
    if session.CHOSEN.get() != session.FRAMED.get():
        st.rerun(scope="app")


def query_of(chosen: Selection, version: str) -> dict[str, str | list[str]]:
    """The address parameters of a selection on this version of the store."""
    return {**chosen.to_query(), STORE: version}


def second_query(other: Selection) -> dict[str, str | list[str]]:
    """The second selection of two as address parameters; its horizon is that of the first."""
    return {f"vs_{name}": value for name, value in other.to_query().items() if f"vs_{name}" in SECOND}


def is_presenting() -> bool:
    """Whether the address shows a stop of a meeting."""
    return st.query_params.get(PRESENT, "")[:1] in tuple("123456789")


def is_only() -> bool:
    """Whether what is chosen stands alone, without its peers: a look, not a choice."""
    return st.query_params.get(ONLY) == "1"


def set_only(is_on: bool) -> None:
    """Show what is chosen alone, or among its peers."""
    if is_on:
        st.query_params[ONLY] = "1"
    else:
        st.query_params.pop(ONLY, None)


def split(panel: str) -> str | None:
    """What a panel is split by, as the address says."""
    return dict(_splits()).get(panel)


def set_split(panel: str, value: str | None) -> None:
    """Split a panel by something else than its page does (None: as the page does)."""
    splits = {**dict(_splits()), panel: value}
    st.query_params[SPLIT] = [f"{name}:{by}" for name, by in splits.items() if by is not None]


def _splits() -> list[tuple[str, str]]:
    given = st.query_params.get_all(SPLIT)
    return [(name, by) for name, _, by in (one.partition(":") for one in given)]


def _asked() -> tuple[Selection, tuple[str, ...]] | None:
    """The selection that the address names, and what of it was not understood; None where it names none."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    return Selection.from_query(query, others=query) if any(name in query for name in CHOICES) else None


def _write(query: Mapping[str, str | list[str]]) -> None:
    as_lists = {name: value if isinstance(value, list) else [value] for name, value in query.items()}
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    # of a link to the page that it stands on Streamlit tells the server, and not the browser's address: it is written though it is the same
    if as_lists != asked or session.ADDRESS.get() not in (None, asked):
        st.query_params.from_dict(query)
    session.ADDRESS.keep(as_lists)


def _fitting(chosen: Selection, lists: Lists) -> tuple[Selection, tuple[str, ...]]:
    """The selection without what this store does not have, one choice at a time."""
    dropped = []
    for changes in _one_by_one(chosen):
        try:
            lists.check(Selection(**changes), ())
        except ValueError as error:
            dropped.append(str(error))
            chosen = _without(chosen, changes)
    return chosen, tuple(dropped)


def _one_by_one(chosen: Selection) -> list[dict]:
    named = {name: getattr(chosen, name) for name in ("period", "service", "commissioner")}
    return [{name: value} for name, value in named.items() if value is not None] + [
        {"cohort": {dimension: value}} for dimension, value in chosen.cohort.items()
    ]


def _without(chosen: Selection, changes: Mapping) -> Selection:
    if "cohort" in changes:
        return chosen.but(cohort={d: v for d, v in chosen.cohort.items() if d not in changes["cohort"]})
    return chosen.but(**{name: "all" if name == "period" else None for name in changes})
