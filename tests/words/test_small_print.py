"""The small print of an answer: the slope over fifths of deprivation, and what is said of a line."""

from dataclasses import replace

import pytest

from journeys.answer.released import Break, Released, Row
from journeys.vocabulary.selection import Selection
from journeys.words.small_print import (
    NOT_EXPECTED,
    WORTH_A_LOOK,
    breaks_words,
    case_mix_words,
    change_notes,
    notes,
    rights,
    slope_words,
    spc_words,
)
from tests.released_by_hand import proportion
from tests.released_by_hand import released as released_by_hand


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


def over_time(*rows, **more):
    return Released(
        "engaged", "journeys", "proportion", Selection(), "", ("quarter",), (), "2026-03", {"k": 8, "base": 5}, rows,
        spc_note="too_few_points", **more,
    )  # fmt: skip


def quarter(code, is_complete=True):
    return Row({"quarter": code}, "shown", complete=is_complete, numerator=50, denominator=100, rate=0.5)


def test_nothing_is_said_of_a_line_where_none_is_drawn():
    unseen = Row({"quarter": "2024-Q1"}, "not_recorded")
    a_break = Break("2024-04", "A service began", {})
    assert spc_words(over_time(unseen)) == breaks_words(over_time(unseen, changes=(a_break,))) == ""
    assert breaks_words(over_time(quarter("2024-Q1"), changes=(a_break,))).startswith("Not compared across: April 2024")


def test_the_points_that_limits_need_are_complete_ones():
    said = "No control limits: they need 13 complete quarters with a figure, and there {}."
    late = quarter("2024-Q2", is_complete=False)
    assert spc_words(over_time(quarter("2024-Q1"), late)) == said.format("is 1")
    assert spc_words(over_time(quarter("2024-Q1", is_complete=False), late)) == said.format("are none")


def test_one_period_alone_lacks_no_limits():
    assert spc_words(over_time(quarter("2024-Q1"))) == ""


@pytest.mark.parametrize("metric", ["wellbeing_change", "followed_up"])
def test_of_a_figure_that_is_not_there_nothing_is_said(metric):
    shape = "change" if metric == "wellbeing_change" else "proportion"
    rows = [Row({"tool": "swemwbs", "item": "total"}, state) for state in ("not_recorded", "hidden")]
    empty = replace(released_by_hand(*rows, metric=metric, own=("tool", "item")), shape=shape)
    assert change_notes(empty) == [] and rights(empty) == ""
    shown = replace(empty, rows=(replace(rows[0], state="shown"),))
    assert rights(shown) and bool(change_notes(shown)) == (shape == "change")


def test_a_missing_ring_is_explained():
    rows = [proportion(labels={"way": way}, **more) for way, more in (("direct", {}), ("both", {"expected": 30.0}))]
    ways = released_by_hand(*rows, metric="work_after_way", own=("way",))
    assert case_mix_words(ways, str).endswith(NOT_EXPECTED)
    assert NOT_EXPECTED not in case_mix_words(replace(ways, rows=ways.rows[1:]), str)
    assert case_mix_words(replace(ways, rows=ways.rows[:1]), str) == "", "no ring is drawn that could be missing"


@pytest.mark.parametrize(("positions", "is_said"), [(("above95", "within"), True), (("above95", "below998"), False)])
def test_of_two_that_differ_it_is_not_said_that_one_may_lie_there_by_chance(positions, is_said):
    """ "Of 20 services about one lies there by chance alone" stood below "the two services differ more than expected by chance"."""
    rows = [
        proportion(labels={"service": one}, numerator=120, denominator=240, funnel={"position": position})
        for one, position in zip("ab", positions, strict=True)
    ]
    answer = released_by_hand(*rows, metric="engaged", by=("service",), own=())
    assert (WORTH_A_LOOK in notes(answer, lambda _, code: code)) is is_said
