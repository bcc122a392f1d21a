"""A figure at a glance: one word for what it does, what it stands beside, and never a change from points that are not complete."""

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import glance, series

METRIC = metrics.get("engaged")


def quarter(code, numerator, signal="none", direction=None, complete=True):
    rate = numerator / 100
    spc = {"signal": signal, "direction": direction, "mean": 0.5, "lower": 0.3, "upper": 0.7}
    values = {"numerator": numerator, "denominator": 100, "rate": rate, "low": rate - 0.1, "high": rate + 0.1}
    return Row({"quarter": code}, "shown", complete=complete, spc=spc, **values)


def quarters(*rows):
    return Released(
        "engaged", "journeys", "proportion", Selection(), "", ("quarter",), (), "2026-03", {"k": 8, "base": 5}, rows
    )


YEAR = [quarter(f"2024-Q{i}", 50) for i in (1, 2, 3, 4)]


def test_the_latest_complete_quarter_gives_the_word():
    assert glance.signal(quarters(*YEAR), METRIC) == glance.Signal("●", "as usual", "Oct–Dec 2024")
    high = glance.signal(quarters(*YEAR, quarter("2025-Q1", 80, "outside", "up")), METRIC)
    assert high == glance.Signal("▲", "higher than usual", "Jan–Mar 2025") and high.is_change
    assert glance.signal_words(high) == "▲ Jan–Mar 2025: higher than usual", "others before it may be usual"


def test_a_quarter_that_is_not_complete_changes_nothing():
    late = quarter("2025-Q1", 10, "outside", "down", complete=False)
    assert glance.signal(quarters(*YEAR, late), METRIC) == glance.Signal("●", "as usual", "Oct–Dec 2024")


def test_without_limits_nothing_is_said_to_have_changed():
    bare = [Row(one.labels, "shown", complete=True, values=one.values) for one in YEAR]
    found = glance.signal(quarters(*bare), METRIC)
    assert not found.icon and not found.is_change


def test_a_figure_stands_beside_all_services_or_the_year_before():
    whole, everyone = quarter("x", 30), quarter("x", 60)
    assert glance.beside(whole, everyone, quarters(*YEAR), METRIC) == "All services: 60%"
    a_year = quarters(*YEAR, quarter("2025-Q1", 61))
    assert glance.beside(whole, None, a_year, METRIC).endswith(": 61%; a year before: 50%")
    assert glance.beside(whole, None, quarters(*YEAR), METRIC) == ""
    assert glance.beside(whole, Row({}, "hidden"), quarters(*YEAR), METRIC) == ""


def test_a_figure_that_ripens_stands_beside_other_bases_and_speaks_of_no_quarters():
    work_goal = metrics.get("work_goal")
    assert glance.signal(quarters(*YEAR), work_goal).words == "later periods have had less time"  # they may be years
    assert glance.beside(quarter("x", 3), None, quarters(*YEAR), work_goal) == ""
    found = [series.verdict(series.series(one, work_goal), str, 0) for one in (quarters(*YEAR), quarters(YEAR[0]))]
    assert found == [series.LESS_TIME, ""], "a quarter alone has no later ones"
    others = {"working age": Row({}, "hidden"), "out of work at referral": quarter("x", 6)}
    assert glance.beside_bases(quarter("x", 3), others, work_goal) == "Out of work at referral: 6%"


def test_one_line_names_what_changed_and_nothing_else():
    unknown = glance.Signal("", "what is usual cannot be said yet")
    assert glance.signal_words(unknown) == "What is usual cannot be said yet"
    assert glance.changed([(METRIC, unknown)]) == "What has changed: too little is shown to say."
    usual, high = (
        glance.Signal("●", "as usual", "Oct–Dec 2024"),
        glance.Signal("▲", "higher than usual", "Oct–Dec 2024"),
    )
    nothing = "What has changed: nothing that is more than the usual variation, each in its latest complete quarter."
    assert glance.changed([(METRIC, usual)]) == nothing
    alone = "What has changed: one quarter or month alone does not say; choose more."
    assert glance.changed([(METRIC, unknown)], is_one_period=True) == alone
    said = f"What has changed: {METRIC.title}: higher than usual (Oct–Dec 2024)."
    assert glance.changed([(METRIC, usual), (METRIC, high)]) == said


def test_a_key_says_each_mark_once():
    usual, late = ("●", "usual variation"), ("○", "not complete")
    assert glance.key([usual, late, usual]) == "●\u00a0usual variation · ○\u00a0not complete"


def test_a_share_says_how_sure_it_is_and_a_hidden_one_says_why():
    assert glance.size_words(quarter("x", 50), "proportion") == "likely 40% to 60%, of about 100"
    assert glance.size_words(Row({}, "hidden"), "proportion") == "[c] hidden: too few people, or too few left out"
    few = Row({}, "hidden", why="few", denominator=200, at_most=0.035)
    assert glance.size_words(few, "proportion") == "[c] under 4%"


def test_what_is_not_like_the_one_that_is_chosen_keeps_its_mark():
    whole, everyone = quarter("x", 30), quarter("x", 60)
    said = glance.beside(whole, everyone, quarters(*YEAR), METRIC, "all services ◇")
    assert said == "All services ◇: 60%"
