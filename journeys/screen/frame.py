"""The frame of every page: store, sidebar, heading, the selection in words, and the notes on synthetic data and disclosure."""

import streamlit as st

from journeys.screen import address, answers, html, meeting, panels, sidebar
from journeys.store.opened import Store, StoreError
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import selection_words
from journeys.vocabulary.selection import Selection

NAME = "Social prescribing"
TROUBLE = {
    "damaged": "The data cannot be read",
    "other_version": "The data were made by another version of this program",
    "missing": "There are no data yet",
    "slow": "The data took too long to answer",
}


def frame(title: str, lead: str = "", *, has_contents: bool = False) -> Selection:
    """Open a page: store, sidebar, heading, the selection in words, and the notes on synthetic data and disclosure.

    `lead` is one sentence under the title; `has_contents` lists the panels of a long page at its top, each a link. Stops the run with a page that says what to do when the store cannot be opened.
    """
    is_presenting = address.is_presenting()
    st.set_page_config(
        page_title=f"{title} – {NAME}",
        page_icon=html.ICON,
        layout="wide",
        initial_sidebar_state="collapsed" if is_presenting else "auto",
    )
    html.draw(is_presenting)
    store = _open()
    chosen, dropped = address.selection(store.lists)
    earlier = address.keep(chosen, store.version)
    meeting.begin(title, chosen)
    if not is_presenting:
        sidebar.draw(chosen)
    _head(title, lead, chosen, store)
    _notices(dropped, earlier)
    _few(chosen)
    panels.start_contents(has_contents and not is_presenting)
    return chosen


def section(title: str, text: str = "") -> None:
    """A heading between panels, with a sentence or two; left out in meeting mode."""
    if address.is_presenting():
        return
    st.html(f'<h2 class="section">{html.text(title)}</h2>')
    if text:
        st.markdown(text)


def _head(title: str, lead: str, chosen: Selection, store: Store) -> None:
    with st.container(key="page-head", gap="small"):
        st.title(title, anchor=False)
        if lead and not address.is_presenting():
            st.html(f'<p class="lead">{html.text(lead)}</p>')
        words = html.text(selection_words(chosen, store.lists))
        st.html(f'<p class="selection"><strong>{words}</strong></p>')
        st.html(f'<p class="notes">{_notes(store)}</p>')


def _notes(store: Store) -> str:
    tag = '<strong class="tag">Synthetic data</strong> ' if store.is_synthetic else ""
    return f"{tag}Data to {in_words(store.as_of)}. {html.text(store.rule.words)}"


def _notices(dropped: tuple[str, ...], earlier: str | None) -> None:
    if dropped:
        words = "; ".join(dropped)
        st.warning(f"Part of this link could not be used and was left out: {words}.", icon=":material/link_off:")
    if earlier:
        st.info(
            "This link was made on an earlier version of the data; figures may have changed since.",
            icon=":material/history:",
        )


def _few(chosen: Selection) -> None:
    """When the selection itself is too small to show, say so once at the top and offer what is wider."""
    row = answers.ask("referrals", chosen).rows[0]
    if row.is_shown:
        return
    st.warning(
        "Too few people are in this selection, or too few are left out of it: most figures are hidden.",
        icon=":material/visibility_off:",
    )
    panels.wider(chosen, "page")


def _open() -> Store:
    try:
        return answers.newest()
    except StoreError as error:
        if error.kind != "missing":
            _trouble(error)
    _first_run()
    return answers.newest()


def _trouble(error: StoreError) -> None:
    """A page that says what is wrong and what to do, in place of figures."""
    st.title(TROUBLE.get(error.kind, "The data cannot be opened"), anchor=False)
    st.error(str(error), icon=":material/error:")
    st.markdown(
        "No figures are shown, so that nobody reads a wrong one. What the person who looks after the data can do:\n\n"
        "- see what the store holds: `python -m journeys status`\n"
        "- go back to the load before: `python -m journeys rollback`\n"
        "- load the deliveries again: `python -m journeys load DELIVERY`\n\n"
        "Reload this page once that is done; nothing needs to be restarted."
    )
    st.stop()


def _first_run() -> None:
    """With no store: make the sample store, saying how far it is, then go on to the page."""
    place = st.empty()
    with place.container(key="first-run"):
        st.title("Preparing a first look", anchor=False)
        st.markdown(
            "There are no data yet, so a **synthetic** sample of about 15,000 journeys is being made. It takes about half a minute, once. "
            "To see your own data, load a delivery: `python -m journeys load DELIVERY`."
        )
        bar = st.progress(0.0, "Starting")
        try:
            answers.make_sample(lambda share, what: bar.progress(share, what))
        except StoreError as error:
            _trouble(error)
    place.empty()
