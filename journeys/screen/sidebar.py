"""The sidebar: menu, and the widgets that make the one selection of a page."""

from collections.abc import Mapping

import streamlit as st

from journeys.screen import address, answers, browser, choices, compare_with, html, menu, peers, session, tour, tray
from journeys.screen.choices import Choices
from journeys.vocabulary.selection import WITHIN, Selection
from journeys.words import sentences


def draw(chosen: Selection) -> None:
    """Menu, choices, reset and meeting."""
    store = answers.store()
    of = Choices("", chosen, store.lists, session.CHOSEN.get, address.choose, lambda d: _counts(d, chosen))
    with st.sidebar:
        menu.draw(address.query_of(chosen, store.version))
        html.show(html.tag("h2", choices.HEADING, class_="choices"))
        choices.find(of, "Find", session.LED_TO.keep)
        _lead(chosen)
        choices.quick_period(of, "Referred in")
        choices.period(of, "Any period", is_label_hidden=True)
        choices.where(of, "Services")
        choices.base(of, "People")
        choices.cohort(of, "Narrow to some people or services")
        peers.choice(chosen)
        _within(of)
        compare_with.draw(chosen)
        _finish(of)


def _lead(chosen: Selection) -> None:
    """On to the panel that shows what was found and cannot be chosen."""
    found = session.LED_TO.get()
    session.LED_TO.forget()
    with st.container(key="led-to"):  # there in every run, so that nothing below it moves
        if found is not None:
            browser.visit(menu.link(found.page, address.query_of(chosen, answers.store().version), found.panel))


def _within(of: Choices) -> None:
    st.segmented_control(
        "Outcomes within (months)",
        WITHIN,
        key=of.key("within", of.chosen.within),
        required=True,
        on_change=lambda: of.change(within=of.said("within")),
        help="How long after referral an outcome counts. Only people referred that long ago are in the figure.",
    )


def _counts(dimension: str, chosen: Selection) -> Mapping[str, str]:
    """How many journeys are behind each value, as released, with the other choices kept."""
    others = chosen.but(cohort={d: v for d, v in chosen.cohort.items() if d != dimension})
    rows = answers.ask("referrals", others, (dimension,)).rows
    return {row.labels[dimension]: "hidden" if row.count is None else sentences.amount(row.count) for row in rows}


def _finish(of: Choices) -> None:
    with st.container(horizontal=True, key="finish"):
        st.button("Reset", icon=":material/restart_alt:", on_click=_reset, args=(of,), help="Back to everything")
        st.button(
            "Present", icon=":material/slideshow:", on_click=lambda: tour.show(tour.first_on(session.PAGE.get())),
            help="Large type, one panel after another with the arrow keys: the board's figures, the spiral, and the panels with a tick at Meeting",
        )  # fmt: skip
        html.print_button()
    tray.button()


def _reset(of: Choices) -> None:
    of.pending.forget()
    address.choose(Selection())
