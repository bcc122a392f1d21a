"""Answers in words: the selection in one sentence, and one careful sentence for each released answer."""

from journeys import dictionary, periods
from journeys.question import Lists
from journeys.selection import Selection

BASE_WORDS = {
    "all": "everyone referred",
    "working_age": "people of working age",
    "out_of_work": "people out of work at referral",
}


def selection_words(selection: Selection, lists: Lists, metric=None) -> str:
    """The selection as one plain sentence, e.g. `All services, April 2021 to March 2026, everyone referred, within 12 months`."""
    parts = [_where(selection, lists), periods.in_words(selection.period, lists.calendar), BASE_WORDS[selection.base]]
    titles = dictionary.load().titles
    parts += [f"{titles[d].lower()}: {lists.name(d, v).lower()}" for d, v in selection.cohort.items()]
    if metric is None or metric.has_within:
        parts.append(f"within {selection.within} months")
    return ", ".join(parts)


def _where(selection: Selection, lists: Lists) -> str:
    if selection.service is not None:
        return lists.name("service", selection.service)
    if selection.commissioner is not None:
        return f"Services of {lists.name('commissioner', selection.commissioner)}"
    return "All services"
