"""What a reader may find by typing: values of the closed lists with the words people use for them, services, commissioners, and where a label or a measure stands."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.selection import COHORT_DIMENSIONS, MOST_COHORT, Selection
from journeys.words.phrases import UNKNOWN

FILE = Path(__file__).resolve().parents[2] / "data" / "find.toml"
COMMISSIONER, MEASURE = "commissioner", "measure"


@dataclass(frozen=True)
class Find:
    """One thing that can be found: the list that it is of, its code, what a reader sees, and the page and panel where it stands if nothing can be chosen by it."""

    label: str
    code: str
    words: str
    page: str = ""
    panel: str = ""

    @property
    def is_choice(self) -> bool:
        return not self.page


def finds(lists: Lists) -> list[Find]:
    """Everything that can be found in a store: services and commissioners, what can be chosen, what is shown, then every measure."""
    shown = _words()["shown"]
    return [
        *(Find("service", code, f"Service: {service.name}") for code, service in lists.services.items()),
        *(Find(COMMISSIONER, code, f"Commissioner: {name}") for code, name in lists.commissioners.items()),
        *(one for dimension in COHORT_DIMENSIONS for one in _values(lists, dimension)),
        *(one for label, where in shown.items() for one in _values(lists, label, **where)),
        *(
            Find(MEASURE, slug, _said(MEASURE, slug, metrics.get(slug).title), **where)
            for slug, where in _words()["measures"].items()
        ),
    ]


def _values(lists: Lists, label: str, page: str = "", panel: str = "") -> Iterator[Find]:
    for code in lists.codes(label):
        if code not in UNKNOWN:
            yield Find(label, code, _said(label, code, lists.name(label, code)), page, panel)


def _said(label: str, code: str, name: str) -> str:
    """What a reader sees and searches: `Source: GP (doctor, surgery)`."""
    also = _words()["also"].get(label, {})
    words = f"{_words()['kinds'].get(label) or dictionary.load().titles[label]}: {name}"
    return f"{words} ({also[code]})" if code in also else words


@cache
def _words() -> Mapping[str, Mapping]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def chosen_by(find: Find, selection: Selection) -> Selection | None:
    """The selection with what was found chosen; None where three groups of people are chosen already."""
    if find.label in ("service", COMMISSIONER):
        return selection.but(**{"service": None, COMMISSIONER: None, find.label: find.code})
    if find.label not in selection.cohort and len(selection.cohort) >= MOST_COHORT:
        return None
    return selection.but(cohort={**selection.cohort, find.label: find.code})
