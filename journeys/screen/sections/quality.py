"""The Data quality page: what each service records, how fresh it is, what was refused at load, and how to report a wrong figure."""

from collections.abc import Sequence

import streamlit as st

from journeys.screen import address, answers, html, meeting, take_away
from journeys.screen.folds import fold
from journeys.vocabulary.lists import Service
from journeys.vocabulary.selection import Selection
from journeys.words import quality, sentences

HIDING = (
    "Counts of none to {last} are hidden, so that nobody can be recognised by them, and a figure is also hidden where two views side by side "
    "would give one away. Every percentage, interval and curve is worked out from rounded counts. Totals are rounded by themselves, so they "
    "need not add up. The rule was set when the data were loaded; there is no way to turn it off."
)


def quality_records(chosen: Selection) -> None:
    """What each service of the selection records, and which months it covers."""
    if meeting.is_turn("quality-records"):
        _records(chosen)


@st.fragment
def _records(chosen: Selection) -> None:
    store = answers.store()
    services = _services(chosen)
    with st.container(border=True, key="panel-quality-records"):
        st.header("What each service records, and how fresh it is", anchor="quality-records")
        html.answer(quality.services_sentence(services, store.as_of))
        shown = quality.services_table(services, store.as_of)
        html.table(
            shown,
            "Services in alphabetical order: months covered, and what each records and since when",
            is_wordy=True,
            is_whole=True,
        )
        lines = [
            "Not recorded is not none: a service that does not record something is left out of the figures about it, not counted as zero. How complete the records are is the one exception: there it counts as not filled in."
        ]
        lines += [f"{mark} {sentences.MARKS[mark]}" for mark in shown.marks]
        lines += [
            "Follows up after closing: the service goes on asking how people are once their journey is closed; where it does not, later outcomes are missed."
        ]
        html.foot(lines)
        take_away.of_table(shown, "quality-records", chosen)


def _services(chosen: Selection) -> list[Service]:
    lists = answers.store().lists
    where = lists.where(chosen)
    return [service for service in lists.services.values() if service.service_id in where]


def quality_loads(chosen: Selection) -> None:
    """What the latest loads refused."""
    if meeting.is_turn("quality-loads"):
        _loads(chosen)


@st.fragment
def _loads(chosen: Selection) -> None:
    store = answers.store()
    services = _services(chosen)
    loads = quality.latest_loads(store.loads, [s.service_id for s in services])
    names = {service.service_id: service.name for service in store.lists.services.values()}
    with st.container(border=True, key="panel-quality-loads"):
        st.header("What was refused when the data were loaded", anchor="quality-loads")
        html.answer(quality.loads_sentence(loads, store.rule))
        if loads:
            with fold("The latest loads") as is_open:
                if is_open:
                    shown = quality.loads_table(loads, names, store.rule)
                    html.table(shown, "The latest loads, newest first", is_wordy=True)
        found = quality.findings_table(loads, store.rule)
        if found.rows:
            html.table(found, "What was found in them, by rule", is_wordy=True)
            take_away.of_table(found, "quality-findings", chosen, anchor="quality-loads")
        html.foot(
            [
                "Refused rows of all tables together, rounded like every other number. The person who loads the deliveries has the full report of every row."
            ]
        )


def quality_rules() -> None:
    """Disclosure, reporting a wrong figure, and accessibility, in words."""
    if address.is_presenting():
        return
    store = answers.store()
    _words("How people are protected", "quality-disclosure", (store.rule.words, HIDING.format(last=store.rule.k - 1)))
    _words("If a figure looks wrong", "quality-report", _report_lines())
    _words("Accessibility statement", "accessibility", quality.accessibility())


def _report_lines() -> Sequence[str]:
    return (
        f"Tell {quality.contact()}. Send the link to the panel (under “Copy link”), what you expected, and why; never send names or other details of people.",
        "A wrong figure is put right in the service's own records and by loading its delivery again, which replaces everything that the service delivered before. "
        "The load before can be restored.",
    )


def _words(title: str, key: str, lines: Sequence[str]) -> None:
    with st.container(border=True, key=f"panel-{key}"):
        st.header(html.plain(title), anchor=key)
        html.folded("Read it", *(html.tag("p", line) for line in lines))
