"""The definitions page: every metric as its file says it, the rules of disclosure, and the words used."""

import streamlit as st

from journeys import figures
from journeys.screen import answers, html, panel_parts
from journeys.vocabulary import metrics
from journeys.vocabulary.metrics import Metric
from journeys.words import glossary, sentences
from journeys.words.tables import Table
from journeys.words.thresholds import thresholds as table_of_thresholds

PROTECTED = (
    "Every answer is a set of counts. {rule} A hidden zero looks like any hidden count. Percentages, intervals, charts and sentences are "
    "computed from the counts that you see, so figures need not add up.",
    "A question is one choice from each list, never a free set, and it is answered only if every wider question covers the same or "
    "differs from it by at least {k} people: two answers of one measure, one inside the other, cannot be subtracted to find a person.",
    "Means need 10 or more pairs of readings, are given to one decimal, and not where they would tell how many differ from the others, or leave few sizes of a hidden part; curves need 10 or more people at risk. Intervals, limits and "
    "expected counts are made from what is released.",
    "An audit asks every question about 300 synthetic people (place, year and gender; counts, shares, a curve, changes) and solves for every "
    "hidden number: of 288 hidden numbers of 1 to 7 none is known exactly or to within 1, and no group is proved all or none. With four "
    "dimensions and 1,000 people a few cells are known to be 0 or 1, and none exactly.",
)
NOT_COVERED = (
    "numerators of two answers, one inside the other, and the same question at two horizons: hiding and rounding are all that protects them",
    "three or more answers combined, and one measure taken from another: of hidden remainders of 1 to 7 between two of them 9% follow to within 1, none exactly; a whole and three parts can leave one number",
    "counts by a label of their own, such as the caseload by how long: beside those shown it can follow that somebody is in the others",
    "a model, funding or co-location set against places that it does not widen to",
    "groups that happen to lie inside each other in the data, such as a service that only ever saw women",
    "two loads compared with each other, and what somebody knows from elsewhere",
)


def definitions() -> None:
    """Every metric of the catalogue by its title, searchable, each with its definition."""
    wanted = st.text_input("Find a definition", key="find-definition", placeholder="work, goal, reason …")
    by_title = sorted(metrics.catalogue().values(), key=lambda metric: metric.title.casefold())
    found = [metric for metric in by_title if _matches(metric, wanted.strip().lower())]
    st.caption(html.plain(f"{len(found)} of {len(metrics.catalogue())} definitions"))
    for metric in found:
        with st.container(border=True, key=f"definition-{metric.slug}"):
            former = [slug for slug, new in metrics.GONE.items() if new == metric.slug]
            if former:  # links to what it took the place of
                html.show(*(html.tag("span", id=slug) for slug in former))
            st.header(html.plain(metric.title), anchor=metric.slug)
            panel_parts.define(metric)


def _matches(metric: Metric, wanted: str) -> bool:
    return wanted in f"{metric.slug} {metric.title} {metric.why} {metric.numerator} {metric.denominator}".lower()


def protection() -> None:
    """What disclosure control does, and what it does not cover; said in full, because it is a promise."""
    rule = answers.store().rule
    said = [html.tag("p", text.format(rule=rule.words, k=rule.k)) for text in PROTECTED]
    left = html.tag("ul", *(html.tag("li", text) for text in NOT_COVERED))
    not_covered = (html.tag("p", "Not covered, beyond hiding and rounding:"), left)
    html.show(html.tag("div", *said, *not_covered, html.tag("p", "It is not differential privacy."), class_="prose"))


def marks() -> None:
    """The marks and what each means."""
    html.table(
        Table(("Mark", "Meaning"), tuple(sentences.MARKS.items()), 1, ()), "Marks in place of a number", is_wordy=True
    )


def colours() -> None:
    """The colours of all figures and the one thing each means."""
    said = [
        html.tag(
            "li",
            html.tag("span", style=f"background:{one.code}", class_="swatch"),
            html.tag("strong", one.name),
            f": {one.means}.",
        )
        for one in figures.COLOURS
    ]
    beside = (
        "No colour is needed to read a figure: shapes, hatches, dashes and words tell the same apart in grey.",
        "A thin grey line is a 95% interval, a broad pale one lies between what a hidden share can be.",
    )
    paragraphs = (html.tag("p", words) for words in beside)
    html.show(html.tag("div", html.tag("ul", *said, class_="list swatches"), *paragraphs, class_="prose"))


def terms() -> None:
    """The words that pages explain where they stand."""
    html.definition((term.name, term.meaning) for term in glossary.TERMS)


def thresholds() -> None:
    """How much better a reading must be to prove a step, and whose figure that is."""
    html.show(
        html.tag(
            "p",
            "A step on the spiral is proved by a change that people who have not changed at all seldom show; the smaller ones that "
            "count in the change in wellbeing are those that mean something to people. Sums use the days on which all their parts were read.",
        )
    )
    html.table(table_of_thresholds(), "How much better a reading must be", is_wordy=True)
