"""What can be found by typing: every value of the closed lists, with the words people use, and where a label stands."""

import ast
from pathlib import Path

import pytest

from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.calendar import Calendar
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.selection import COHORT_DIMENSIONS, Selection
from journeys.words import finder
from journeys.words.finder import Find

PAGES = Path(__file__).resolve().parents[2] / "pages"
LISTS = Lists(Calendar("2024-04", "2025-03", "2025-03"), {}, ("drug_alcohol", "debt", "housing"))
FOUND = finder.finds(LISTS)


def holding(word):
    return {(one.label, one.code) for one in FOUND if word in one.words.lower()}


def test_a_word_finds_whatever_holds_it():
    assert {
        ("referral_source", "drug_and_alcohol_service"),
        ("barrier", "drug_alcohol"),
        ("main_reason", "lifestyle_change"),
    } <= holding("drug")
    assert ("gender", "female") in holding("women")
    assert ("measure", "found_work") in holding("found work") & holding("job")


def test_everything_found_has_words_of_its_own():
    words = [one.words for one in FOUND]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("label", finder._words()["also"])
def test_other_words_are_of_codes_that_exist(label):
    of = {"barrier": dictionary.load().tools["mbat"].items, "measure": metrics.catalogue()}
    known = set(of[label] if label in of else LISTS.codes(label))
    assert set(finder._words()["also"][label]) <= known


def test_every_measure_is_found():
    assert set(finder._words()["measures"]) == set(metrics.catalogue())
    said = {one.code: one.words for one in FOUND if one.label == "measure"}
    assert all(said[slug].startswith(f"Measure: {metric.title}") for slug, metric in metrics.catalogue().items())


def panels(page):
    """The keys of the panels of a page: what its calls name, with what each is split by."""
    (path,) = PAGES.glob(f"*_{page}.py")
    found = set()
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            by = next((k.value for k in call.keywords if k.arg == "by"), None)
            also = [e.value for k in call.keywords if k.arg == "also" for e in k.value.elts]
            split = [e.value for e in by.elts] if isinstance(by, ast.Tuple) else []
            named = [a.value for a in call.args if isinstance(a, ast.Constant)] or [OF_SECTIONS.get(call.func.attr, "")]
            found |= {("-".join((name, *split)), name) for name in named}
            found |= {("-".join((named[0], *split)), name) for name in also}
            found |= {("measures", e.value) for a in call.args if isinstance(a, ast.Tuple) for e in a.elts}
    return found


OF_SECTIONS = {name: name for name in ("first_jobs", "job_at_referral", "good_work")} | {"spiral": "spiral_start"}


@pytest.mark.parametrize("label", [*finder._words()["shown"], *finder._words()["measures"]])
def test_what_cannot_be_chosen_stands_on_a_panel_of_its_page(label):
    where = (finder._words()["shown"] | finder._words()["measures"])[label]
    known = panels(where["page"])
    assert where["panel"] in {key for key, _ in known}
    if label in finder._words()["measures"]:
        assert (where["panel"], label) in known


def test_what_is_found_is_chosen_and_a_fourth_group_is_not():
    women = Find("gender", "female", "")
    assert finder.chosen_by(women, Selection()) == Selection(cohort={"gender": "female"})
    service = finder.chosen_by(Find("service", "one", ""), Selection(commissioner="SYN01", period="2024/25"))
    assert service == Selection(service="one", period="2024/25")
    three = Selection(cohort=dict.fromkeys([d for d in COHORT_DIMENSIONS if d != "gender"][:3], "yes"))
    assert finder.chosen_by(women, three) is None
