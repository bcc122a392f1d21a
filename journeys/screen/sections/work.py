"""Work that lasts, working age beside everyone, and why work is looked at at all."""

from collections.abc import Sequence

import streamlit as st

from journeys import figures
from journeys.answer.coverage import Classes
from journeys.answer.released import Released
from journeys.screen import address, html, session
from journeys.screen.panel import Panel, in_turn
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import asked as asking
from journeys.words import sentences
from journeys.words.phrases import Names

WHY = (
    "Good work is good for health, and being out of work is not: work is a health outcome.",
    "It is never required: people set their own goals, and for many work is none of them.",
    "It comes late. Most people take the indirect way, over confidence, learning and volunteering: look at 12 months or more.",
    "Distance travelled counts, not jobs alone, and a job counts for health when it is a good one that lasts.",
)
JOBS_KEPT = (
    "“Job kept” is of people who were in work when they were referred, so there can be more jobs kept than started."
)
NEVER = (
    "no targets for services or link workers",
    "no payment by results: it draws help to those who are nearest to work already",
    "no ranking of services: they differ in whom they serve and in what they record",
)
SOURCE = (
    "After Work Foundation 2018/19, Embedding work and related outcomes into social prescribing. That work is generally good for health: "
    "Waddell and Burton 2006, Is work good for your health and well-being?, The Stationery Office. Good work: CIPD, Good Work Index."
)


def first_jobs(selection: Selection) -> None:
    """First jobs 13, 26 and 52 weeks on: going on, ended, not known, as one bar each."""
    in_turn(_in_parts("first_jobs", "First jobs, some time on"), selection)


def job_at_referral(selection: Selection) -> None:
    """The jobs of people who were employed when they were referred: kept, ended, not known."""
    in_turn(_in_parts("job_at_referral", "The job people had at referral"), selection)


def whose_jobs_were_kept(selection: Selection) -> str:
    """Of whom “job kept” is; empty where nobody in work can be among those who are chosen."""
    return (
        JOBS_KEPT if any(status == "employed" for _, status in Classes(selection.base, selection.cohort).covers) else ""
    )


def _in_parts(metric: str, title: str) -> Panel:
    return Panel(metric, (), figures.parts, (), title, can_split=False, has_ages=True, says=_asked_too)


def _asked_too(asked: Sequence[Released], names: Names) -> str:
    """The sentence of the answer, and of how many anybody knows."""
    metric = metrics.get(asked[0].metric)
    return f"{sentences.sentence(asked[0], metric, names)} {asking.asked_words(asked[0])}".strip()


def good_work(selection: Selection) -> None:
    """The seven dimensions of good work, with how many have rated each."""
    title, published = "Good work: how people rate their first job", "good_work_indicators"
    in_turn(
        Panel("good_work", (), figures.bars, (), title, published=published, has_ages=True, says=_rated_too), selection
    )


def _rated_too(asked: Sequence[Released], names: Names) -> str:
    metric = metrics.get(asked[0].metric)
    return f"{sentences.sentence(asked[0], metric, names)} {asking.rated_words(asked[0])}".strip()


def working_age_beside(metric: str, selection: Selection) -> None:
    """A metric for everyone and for people of working age: a service for older people is not judged on work."""
    in_turn(Panel(metric, has_ages=True), selection)


def why_work() -> None:
    """Why work is looked at, and what this dashboard never does with it; open on the first visit of a session."""
    if address.is_presenting():
        return
    is_first = not session.HAS_SEEN_WHY.get()
    session.HAS_SEEN_WHY.keep(True)
    with st.expander("Why work?", expanded=is_first, icon=":material/help:", key="why-work"):
        html.show(
            html.bullets(WHY),
            html.tag("p", html.tag("strong", "What this dashboard does not do")),
            html.bullets(NEVER),
            html.tag("p", SOURCE, class_="small-print"),
        )
