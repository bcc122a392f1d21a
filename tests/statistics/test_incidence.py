"""Cumulative incidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from journeys.statistics import incidence

DAYS = (91, 183, 274, 365, 548, 730)

# Six journeys: an outcome on day 30, an outcome and a closure on day 60, one still open on day 90, a closure on
# day 120, an outcome on day 150.
SIX = ([30, 60, 90, 120, 150], [1, 1, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0])

# Freireich 1963, weeks in remission on 6-MP; in R: survfit(Surv(time, cens) ~ 1, gehan, treat == "6-MP").
REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

daily = st.lists(
    st.tuples(st.integers(0, 800), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40
)


def columns(rows):
    return tuple(list(column) for column in zip(*rows, strict=True))


def long(rows):
    """One (day, cause) for each journey: 1 outcome, 2 competing, 0 censored."""
    spread = [
        (day, cause) for day, *counts in rows for cause, n in zip((1, 2, 0), counts, strict=True) for _ in range(n)
    ]
    return [day for day, _ in spread], [cause for _, cause in spread]


def test_six_journeys_by_hand():
    first, second, third, last = incidence.curve(*SIX, at=(30, 60, 120, 150))
    # 1/6; then 5/6 x 1/5 more; half of the free share of 1/2 leaves on day 120; the last 1/4 has the outcome.
    found = [step.incidence for step in (first, second, third, last)]
    assert found == pytest.approx([1 / 6, 2 / 6, 2 / 6, 2 / 6 + 1 / 4])
    assert [step.at_risk for step in (first, second, third, last)] == [6, 5, 3, 1]
    assert [step.reached for step in (first, second, third, last)] == [6, 5, 2, 1]
    assert (third.events, third.competing, third.censored) == (2, 2, 1)


def test_variance_is_aalens():
    # R 4.2.2, cmprsk::cuminc: sqrt of the variances; intervals by the log(-log) formula from them.
    second, last = incidence.curve(*SIX, at=(60, 150))
    assert (second.se, last.se) == pytest.approx((0.2134375, 0.3818813), abs=1e-6)
    assert incidence.log_log(second.incidence, second.se) == pytest.approx((0.0319637, 0.7043107), abs=1e-6)
    assert incidence.log_log(last.incidence, last.se) == pytest.approx((0.0029472, 0.9513645), abs=1e-6)


def test_variance_of_the_first_day_by_hand():
    # One outcome among six on the first day: d (n - d) / (n^2 (n - 1)) with d = 1 is 1/36.
    (step,) = incidence.curve(*SIX, at=(30,))
    assert step.se == pytest.approx(1 / 6)


def test_the_competing_event_is_not_censoring():
    competing = incidence.curve(*SIX, at=(150,))[0].incidence
    unfinished = [a + b for a, b in zip(SIX[2], SIX[3], strict=True)]
    censored = incidence.curve(SIX[0], SIX[1], [0] * 5, unfinished, at=(150,))
    assert competing == pytest.approx(7 / 12) and censored[0].incidence == 1


def test_events_come_before_competing_and_censored_on_the_same_day():
    assert incidence.curve([10], [1], [1], [2], at=(10,))[0].incidence == 1 / 4
    after = incidence.curve([10, 11], [1, 1], [1, 0], [1, 0], at=(11,))[0]
    assert after.incidence == pytest.approx(1 / 4 + 2 / 4)


def test_a_day_may_come_twice_and_in_any_order():
    split = incidence.curve(
        [150, 60, 30, 60, 90, 120], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1], [0, 0, 0, 0, 1, 0], DAYS
    )
    assert split == incidence.curve(*SIX, DAYS)


def test_the_interval_ends_with_its_day():
    on, before = incidence.curve([91], [20], [5], [5], at=(91,)), incidence.curve([91], [20], [5], [5], at=(90,))
    assert (on[0].events, before[0].events) == (20, 0)
    assert (before[0].incidence, before[0].se) == (0, 0)


def test_day_zero_counts():
    (step,) = incidence.curve([0, 400], [2, 0], [0, 0], [0, 6], at=(91,))
    assert (step.at_risk, step.events, step.incidence) == (8, 2, 0.25)


def test_shares_that_add_up_to_one_are_one():
    # 2/11, then half of the rest, then all of it: 0.9999999999999999 in floating point.
    (step,) = incidence.curve([0, 1, 2], [2, 3, 1], [0, 0, 0], [3, 2, 0], at=(2,))
    assert step.incidence == 1 and incidence.log_log(step.incidence, step.se) is None


def test_an_incidence_just_short_of_one_has_the_widest_interval():
    steps = incidence.curve([1, 2, 3], [99_999, 0, 0], [0, 1, 0], [0, 0, 0], at=(1, 2))
    low, high = incidence.log_log(steps[0].incidence, steps[0].se)
    assert low < steps[0].incidence < high
    assert incidence.log_log(1 - 1e-9, 0.1) == (0, 1)


def test_no_events_are_an_incidence_of_nothing_without_interval():
    (step,) = incidence.curve([200, 400], [0, 0], [3, 0], [0, 9], at=(365,))
    assert (step.incidence, step.se, incidence.log_log(0.0, 0.0)) == (0, 0, None)


def test_no_journeys():
    for step in incidence.curve([], [], [], [], DAYS):
        assert (step.at_risk, step.events, step.incidence, step.se) == (0, 0, None, None)


def test_nothing_is_said_past_the_end_of_follow_up():
    within, past = incidence.curve([50, 200], [4, 0], [2, 0], [0, 9], at=(183, 365))
    assert within.incidence == pytest.approx(4 / 15) and past.incidence is None and past.se is None
    assert (past.at_risk, past.reached, past.censored) == (9, 0, 9)


def test_where_nobody_was_left_waiting_the_curve_stays_known():
    steps = incidence.curve([50, 200], [4, 2], [2, 7], [0, 0], at=(183, 365, 730))
    assert [step.incidence for step in steps] == pytest.approx([4 / 15, 6 / 15, 6 / 15])


@given(daily)
def test_without_censoring_the_curve_is_the_plain_proportion(rows):
    rows = [(day, events, competing + 1, 0) for day, events, competing, _ in rows]
    total = sum(events + competing for _, events, competing, _ in rows)
    for step in incidence.curve(*columns(rows), DAYS):
        assert step.incidence == pytest.approx(sum(row[1] for row in rows if row[0] <= step.day) / total)


@given(daily)
def test_both_causes_and_the_event_free_share_make_one(rows):
    day, events, competing, censored = columns(rows)
    either = [a + b for a, b in zip(events, competing, strict=True)]
    free = incidence.curve(day, either, [0] * len(day), censored, DAYS)
    causes = zip(
        incidence.curve(day, events, competing, censored, DAYS),
        incidence.curve(day, competing, events, censored, DAYS),
        strict=True,
    )
    for (outcome, other), any_event in zip(causes, free, strict=True):
        if outcome.incidence is not None:
            assert outcome.incidence + other.incidence == pytest.approx(any_event.incidence)
            low, high = incidence.log_log(outcome.incidence, outcome.se) or (0, 1)
            assert 0 <= low <= outcome.incidence <= high <= 1


@given(daily)
def test_counts_balance_and_curves_rise(rows):
    steps = incidence.curve(*columns(rows), DAYS)
    total = sum(sum(row[1:]) for row in rows)
    gone = 0
    for step in steps:
        assert step.at_risk == total - gone
        gone = step.events + step.competing + step.censored
        assert total - gone <= step.reached <= step.at_risk
    known = [step.incidence for step in steps if step.incidence is not None]
    assert known == sorted(known)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # statsmodels' own, where the last ones leave together
@given(daily.filter(lambda rows: sum(row[1] for row in rows) and sum(row[2] for row in rows)))
def test_incidence_agrees_with_statsmodels(rows):
    days, causes = long(rows)
    curve = CumIncidenceRight(days, causes)
    for step in incidence.curve(*columns(rows), DAYS):
        known = [share for day, share in zip(curve.times, curve.cinc[0], strict=True) if day <= step.day]
        if step.incidence is not None:
            assert step.incidence == pytest.approx(known[-1] if known else 0)


def test_without_a_competing_event_it_is_one_minus_the_textbook_survival():
    # Freireich 1963; survival 0.857, 0.753 and 0.448 in every textbook of survival analysis.
    rows = [(week, relapsed, 0, 1 - relapsed) for week, relapsed in zip(REMISSION, RELAPSED, strict=True)]
    sixth, tenth, last = incidence.curve(*columns(rows), at=(6, 10, 23))
    assert [1 - step.incidence for step in (sixth, tenth, last)] == pytest.approx([0.857, 0.753, 0.448], abs=5e-4)
    assert [step.reached for step in (sixth, tenth, last)] == [21, 15, 6]


def test_without_a_competing_event_it_agrees_with_statsmodels_survival():
    curve = SurvfuncRight(REMISSION, RELAPSED)
    rows = [(week, relapsed, 0, 1 - relapsed) for week, relapsed in zip(REMISSION, RELAPSED, strict=True)]
    steps = incidence.curve(*columns(rows), at=list(curve.surv_times))
    assert [1 - step.incidence for step in steps] == pytest.approx(list(curve.surv_prob))


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="equally many"):
        incidence.curve([1, 2], [1], [0], [0], DAYS)
    with pytest.raises(ValueError, match="negative"):
        incidence.curve([-1], [1], [0], [0], DAYS)
    with pytest.raises(ValueError, match="negative"):
        incidence.curve([1], [-1], [0], [0], DAYS)
    with pytest.raises(ValueError, match="later"):
        incidence.curve([1], [1], [0], [0], at=(183, 91))


def test_the_design_effect_by_hand():
    # Two of four have the outcome on day 10, one is lost on day 5 before it. The exact share is 2/3 of those left; n = 3
    # left with d = 2: variance d (n - d) / (n^2 (n - 1)) = 2/18; binomial variance of 2/3 over four: (2/9)/4 = 1/18.
    (step,) = incidence.curve([5, 10, 20], [0, 2, 0], [0, 0, 0], [1, 0, 1], at=(10,))
    assert step.incidence == pytest.approx(2 / 3) and step.se**2 == pytest.approx(0.5 * (1 / 3) * (2 / 3))
    assert incidence.design_effect(step, 4) == 2.0


def test_where_nobody_was_lost_from_sight_the_design_effect_is_1():
    for step in incidence.curve([30, 400], [20, 5], [5, 10], [0, 12], at=(91, 365)):
        assert incidence.design_effect(step, 52) == 1.0
    (nothing,) = incidence.curve([30], [0], [0], [5], at=(91,))
    assert incidence.design_effect(nothing, 5) == 1.0


def test_the_interval_of_a_released_incidence_by_hand():
    # 30 of 100 and an effect of 1.2: se sqrt(1.2 x 0.3 x 0.7 / 100) = 0.0502; log(0.3) = -1.20397;
    # 1.96 x 0.0502 / (0.3 x 1.20397) = 0.2724; 0.3 to the power of exp(0.2724) and exp(-0.2724).
    assert incidence.interval(30, 100, 1.2) == pytest.approx((0.2060, 0.3999), abs=5e-4)
    # the rounding reaches further than the interval of thousands: 2998 of 10002 to 3002 of 9998
    low, high = incidence.interval(3000, 10000, 0.0001)
    assert (low, high) == (2998 / 10002, 3002 / 9998)


@given(st.integers(4, 200).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))), st.floats(0.5, 5))
def test_the_interval_holds_the_share_and_widens_with_the_effect(part, effect):
    reached, cohort = 5 * part[0], 5 * part[1]
    low, high = incidence.interval(reached, cohort, effect)
    wide = incidence.interval(reached, cohort, effect + 1)
    assert 0 <= wide[0] <= low < reached / cohort < high <= wide[1] <= 1


def test_an_interval_of_no_part_is_refused():
    with pytest.raises(ValueError, match="between 0"):
        incidence.interval(30, 25, 1.0)
    with pytest.raises(ValueError, match="above 0"):
        incidence.interval(0, 0, 1.0)
