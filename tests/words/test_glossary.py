"""Terms are explained where they stand first, nothing of a text is lost by it, and scales are those of the dictionary."""

import re

import pytest

from journeys.vocabulary import dictionary
from journeys.words import glossary

MEANING = {term.name: term.meaning for term in glossary.TERMS}


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        ("12% (likely 11% to 13%) took a stepping stone", ["likely", "stepping stone"]),
        ("a rung, two rungs and a wrung cloth", ["rung"]),
        ("It is likely that WEMWBS and SWEMWBS differ", ["WEMWBS", "SWEMWBS"]),
        ("4 are higher than expected by chance", ["expected by chance"]),
        ("too few people, or too few left out", []),
        ("not recorded: about 450 left out", ["left out"]),
        ("Journey Centre <b>", []),
        ("", []),
    ],
)
def test_a_term_is_explained_the_first_time_and_the_text_stays_as_it_is(words, explained):
    pieces = list(glossary.explained(words))
    assert [piece for piece, says in pieces if says] == explained
    assert "".join(piece for piece, _ in pieces) == words


@pytest.mark.parametrize("tool", ["swemwbs", "wemwbs", "ons4", "ucla3", "wellbeing_star", "pam"])
def test_scales_are_those_of_the_dictionary(tool):
    known = dictionary.load().tools[tool]
    items = [dictionary.load().item(tool, code) for code in known.items]
    (low, high), *more = {(f"{item.minimum:g}", f"{item.maximum:g}") for item in items}
    assert not more
    said = MEANING[known.label]
    assert re.search(rf"\b{low} to {high}\b", said)
    assert {f"{'lower' if item.better == 'down' else 'higher'} is better" in said for item in items} == {True}


def test_every_meaning_is_a_sentence_and_every_term_is_found_in_its_own_name():
    for term in glossary.TERMS:
        assert re.fullmatch(r"[A-Z0-9].+\.", term.meaning), term.name
    unlike = [t.name for t in glossary.TERMS if not any(says == t.meaning for _, says in glossary.explained(t.name))]
    assert unlike == ["pair"]  # in sentences always several
