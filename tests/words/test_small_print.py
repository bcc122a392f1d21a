"""The small print of an answer: the slope over fifths of deprivation."""

import pytest

from journeys.answer.released import Released, Row
from journeys.vocabulary.selection import Selection
from journeys.words.small_print import slope_words


def by_deprivation(*numerators, unknown=None):
    """100 people in each fifth, most deprived first; None is a hidden numerator."""
    fifths = [
        Row({"imd_quintile": str(i + 1)}, "shown" if x is not None else "hidden", numerator=x, denominator=100)
        for i, x in enumerate(numerators)
    ]
    rows = (*fifths, Row({"imd_quintile": "unknown"}, "hidden", denominator=unknown))
    return Released(
        "engaged", "journeys", "proportion", Selection(), "", ("imd_quintile",), (), "2026-03", {"k": 8, "base": 5}, rows
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        # 25 points and half-width 13.7 (tests/statistics/test_inequality.py)
        (
            by_deprivation(40, 35, 30, 25, 20),
            "the share is 25 points higher (slope index of inequality, likely 11 to 39)",
        ),
        (
            by_deprivation(20, 25, 30, 35, 40),
            "the share is 25 points lower (slope index of inequality, likely 11 to 39)",
        ),
        (by_deprivation(30, 35, 30, 25, 30), "no clear gradient"),
        (by_deprivation(40, 35, None, 25, 20), ""),
        (by_deprivation(40, 35, 30, 25, 20, unknown=130), ""),  # known for 500 of 630
    ],
)
def test_the_gradient_over_fifths_of_deprivation(answer, words):
    found = slope_words(answer)
    assert words in found and bool(words) == bool(found)
