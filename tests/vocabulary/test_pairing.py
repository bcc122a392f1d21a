"""What is worth comparing with a selection, and how the second of two follows the first."""

import pytest

from journeys.vocabulary import pairing
from journeys.vocabulary.calendar import Calendar
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.selection import Selection
from journeys.words import differences

LISTS = Lists(Calendar("2021-04", "2026-03", "2026-03"), {}, ())
WOMEN = Selection(period="2024/25", base="working_age", cohort={"gender": "female"})


@pytest.mark.parametrize(
    "chosen", [Selection(), WOMEN, Selection(period="2024-Q2"), Selection(period="last-4-quarters")]
)
def test_nobody_is_in_both_and_what_is_chosen_stays(chosen):
    for one in (one for several in pairing.comparisons(chosen, LISTS).values() for one in several):
        assert differences.are_apart(one.first, one.other, LISTS) or (
            chosen.service is None and one.first.cohort != one.other.cohort
        )
        assert one.first.base == one.other.base == chosen.base
        assert set(chosen.cohort) <= set(one.first.cohort) and one.first != one.other


def test_a_page_of_two_opens_on_years_that_outcomes_have_had_the_time_for():
    opened = pairing.usual(Selection(), LISTS)
    assert (opened.first.period, opened.other.period) == ("2024/25", "2023/24")
    assert pairing.usual(Selection(within=24), LISTS).first.period == "2023/24"


def test_presets_keep_the_cohort():
    words = {one.words: one for one in pairing.comparisons(WOMEN, LISTS)[pairing.GROUP]}
    deprived = words["Most and least deprived"]
    assert dict(deprived.other.cohort) == {"gender": "female", "imd_quintile": "5"}
    assert "Female with male" in words and "Women and men" not in words


def test_the_second_follows_in_what_was_the_same_in_both():
    other = WOMEN.but(period="2023/24")
    assert pairing.followed(WOMEN, WOMEN.but(base="all"), other) == other.but(base="all")
    assert pairing.followed(WOMEN, WOMEN.but(period="2022/23"), other) == other
    assert pairing.followed(WOMEN, WOMEN.but(cohort={}), other) == other.but(cohort={})
    men = WOMEN.but(cohort={"gender": "male"})
    assert pairing.followed(WOMEN, WOMEN.but(cohort={}), men) == men


def test_sides_are_named_by_what_differs():
    assert differences.names_of(WOMEN, WOMEN.but(period="2023/24"), LISTS) == ("2024/25", "2023/24")
    assert differences.names_of(WOMEN, WOMEN.but(cohort={}), LISTS) == ("gender female", "whatever gender")
    assert differences.names_of(WOMEN, WOMEN, LISTS) == differences.SIDES


def test_a_side_stands_inside_a_sentence_as_it_is():
    older, younger = (WOMEN.but(cohort={"age_band": band}) for band in ("50-64", "25-34"))
    named = differences.names_of(older, younger, LISTS)
    assert named == ("age at referral 50 to 64", "age at referral 25 to 34")
    assert not any(":" in name or name[:1].isupper() for name in named)
