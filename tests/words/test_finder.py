"""What can be found by typing: every value of the closed lists, with the words people use, and where a label stands."""

import ast
from pathlib import Path

import pytest

from journeys.vocabulary import dictionary
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


def test_everything_found_has_words_of_its_own():
    words = [one.words for one in FOUND]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("label", finder._words()["also"])
def test_other_words_are_of_codes_that_exist(label):
    known = set(LISTS.codes(label)) if label != "barrier" else set(dictionary.load().tools["mbat"].items)
    assert set(finder._words()["also"][label]) <= known


@pytest.mark.parametrize("label", finder._words()["shown"])
def test_what_cannot_be_chosen_stands_on_a_panel_of_its_page(label):
    where = finder._words()["shown"][label]
    (page,) = PAGES.glob(f"*_{where['page']}.py")
    names = {node.value for node in ast.walk(ast.parse(page.read_text())) if isinstance(node, ast.Constant)}
    calls = {node.attr for node in ast.walk(ast.parse(page.read_text())) if isinstance(node, ast.Attribute)}
    metric = where["panel"].split("-")[0]
    assert metric in names | calls or (metric == "spiral_start" and "spiral" in calls)


def test_what_is_found_is_chosen_and_a_fourth_group_is_not():
    women = Find("gender", "female", "")
    assert finder.chosen_by(women, Selection()) == Selection(cohort={"gender": "female"})
    service = finder.chosen_by(Find("service", "one", ""), Selection(commissioner="SYN01", period="2024/25"))
    assert service == Selection(service="one", period="2024/25")
    three = Selection(cohort=dict.fromkeys([d for d in COHORT_DIMENSIONS if d != "gender"][:3], "yes"))
    assert finder.chosen_by(women, three) is None
