"""The frame of every page: store, sidebar, heading, the selection in words, and the notes on synthetic data and disclosure."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from journeys.screen import (
    address,
    answers,
    browser,
    contents,
    counted,
    first_run,
    html,
    looks,
    meeting,
    menu,
    panel_parts,
    session,
    sidebar,
)
from journeys.store.opened import Store, StoreError
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import selection_words
from journeys.vocabulary.selection import Selection

NAME = "Social prescribing"
TROUBLE = {
    "damaged": "The data cannot be read",
    "other_version": "The data were made by another version of this program",
    "missing": "There are no data yet",
    "moved": "The data have just changed",
    "away": "The data cannot be reached",
    "slow": "The data took too long to answer",
    "large": "There was too little memory to answer",
    "busy": "The server is busy",
}
PASSING = ("missing", "moved", "away", "slow", "large", "busy")  # nothing is wrong with the data


def frame(title: str, lead: str = "", *, has_contents: bool = False, is_compact: bool = False) -> Selection:
    """Open a page: store, sidebar, heading, the selection in words, and the notes on synthetic data and disclosure.

    `lead` is one sentence under the title; `has_contents` lists the panels of a long page at its top, each a link; `is_compact` puts title, selection and notes
    on as few lines as they need, for a page of one screen. Stops the run with a page that says what to do when the store cannot be opened.
    """
    is_presenting = address.is_presenting()
    st.set_page_config(
        page_title=f"{title} – {NAME}",
        page_icon=html.ICON,
        layout="wide",
        initial_sidebar_state="collapsed" if is_presenting else "auto",
    )
    html.draw(meeting.sheets())
    browser.begin()
    _go_to_what_is_meant()
    store = _open()
    is_link = not session.IS_NEW.get()
    chosen, dropped = address.selection(store.lists)
    dropped = (*dropped, *looks.dropped()) if is_link else dropped
    address.keep(chosen, dropped, store.version)
    answers.ask_ahead(title, chosen)
    meeting.begin(title, chosen)
    if not is_presenting:
        sidebar.draw(chosen)
        with st.container(key="choose"):
            html.choose_button(selection_words(chosen, store.lists))
    _head(title, lead, chosen, store, is_compact)
    with st.container(key="notices"):  # there in every run, so that nothing below it moves when they go
        looks.begin()
        _few(chosen)
    counted.begin()
    contents.begin(has_contents and not is_presenting)
    return chosen


def _go_to_what_is_meant() -> None:
    """A page that is named in other capitals is gone to, and nothing is drawn meanwhile; Streamlit would open the first page and say that it found none."""
    if page := menu.meant(st.context.url or ""):
        with st.container(key="renamed"):
            browser.rename(page)
        st.stop()


def section(title: str, text: str = "") -> None:
    """A heading between panels, with a sentence or two of the page's own; left out in meeting mode."""
    if address.is_presenting():
        return
    html.show(html.tag("h2", title, class_="section"))
    if text:
        st.markdown(html.plain(text))


def _head(title: str, lead: str, chosen: Selection, store: Store, is_compact: bool) -> None:
    is_row = is_compact and not address.is_presenting()
    with st.container(key="page-head-row" if is_row else "page-head", gap="small"):
        st.title(html.plain(title), anchor=False)
        if lead and not address.is_presenting():
            html.show(html.tag("p", html.explained(lead), class_="lead"))
        html.show(html.tag("p", html.tag("strong", selection_words(chosen, store.lists)), class_="selection"))
        html.show(html.tag("p", *_notes(store), class_="notes"))
    html.on_paper(_at_the_foot(store), is_lying=is_compact)


def _notes(store: Store) -> tuple[str, ...]:
    synthetic = (html.tag("strong", "Synthetic data", class_="tag"), " ") if store.is_synthetic else ()
    return *synthetic, f"Data to {in_words(store.as_of)}. {store.rule.words}"


def _at_the_foot(store: Store) -> str:
    """What every printed page says: whose data, to when, which version, and whether they are real."""
    synthetic = "SYNTHETIC data: no real people. " if store.is_synthetic else ""
    services = f"records of {len(store.lists.services)} services"
    return f"{synthetic}{NAME} dashboard, {services}. Data to {in_words(store.as_of)}, version {store.version}."


def _few(chosen: Selection) -> None:
    """When the selection itself is too small to show, say so once at the top and offer what is wider."""
    released = answers.ask("referrals", chosen)
    if released.rows[0].is_shown:
        return
    st.warning(
        "Too few people are in this selection, or too few are left out of it: most figures are hidden.",
        icon=":material/visibility_off:",
    )
    panel_parts.wider(released, chosen, "page")


def _open() -> Store:
    try:
        return answers.newest()
    except StoreError as error:
        if error.kind != "missing":
            _trouble(error)
    _prepare()
    return answers.newest()


def _trouble(error: StoreError) -> None:
    """A page that says what is wrong and what to do, in place of figures."""
    st.title(html.plain(TROUBLE.get(error.kind, "The data cannot be opened")), anchor=False)
    st.error(html.plain(str(error)), icon=":material/error:")
    if error.kind in PASSING:
        st.stop()
    st.markdown(
        "No figures are shown, so that nobody reads a wrong one. What the person who looks after the data can do:\n\n"
        "- see what the store holds: `python -m journeys status`\n"
        "- go back to the load before: `python -m journeys rollback`\n"
        "- load the deliveries again: `python -m journeys load DELIVERY`\n\n"
        "Reload this page once that is done; nothing needs to be restarted."
    )
    st.stop()


def _prepare() -> None:
    """With no store: make the sample store, saying how far it is, then go on to the page."""
    place = st.empty()
    try:
        with place.container(key="first-run"):
            st.title("Preparing a first look", anchor=False)
            st.markdown(
                "There are no data yet, so a **synthetic** sample of about 15,000 journeys is being made. It takes about half a minute, once. "
                "To see your own data, load a delivery: `python -m journeys load DELIVERY`."
            )
            first_run.make_sample(_shown_on(st.progress(0.0, "Starting")))
        place.empty()
    except StoreError as error:
        place.empty()
        _trouble(error)


def _shown_on(bar: Any) -> Callable[[float, str], None]:
    """How far it is, on a progress bar of Streamlit."""

    def say(share: float, what: str) -> None:
        bar.progress(share, what)

    return say
