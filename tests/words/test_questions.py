"""Each rule that raises a question: an answer that raises it, and one that does not."""

import re
from dataclasses import replace

import pytest

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import Service
from journeys.vocabulary.selection import Selection
from journeys.words import glance, questions
from journeys.words.questions import Facts, Rule

KINDS = frozenset({"outcomes", "goals", "reasons", "contacts", "activities", "readings"})
SERVICE = Service(
    "a",
    "Service A",
    "C",
    "Board C",
    "holistic",
    "health",
    "yes",
    KINDS,
    True,
    "2021-04",
    "2026-03",
    {},
    {},
    frozenset(),
)


def released(metric, *rows):
    return Released(metric, "journeys", "proportion", Selection(), "", (), (), "2026-03", {"k": 8, "base": 5}, rows)


def share(numerator, denominator, **labels):
    rate = numerator / denominator
    return Row(
        labels, "shown", numerator=numerator, denominator=denominator, rate=rate, low=rate - 0.05, high=rate + 0.05
    )


def facts(service=SERVICE, among=None, own=None, quarters=None):
    return Facts(service, among or {}, own or {}, quarters or {}, lambda name, code: code)


def ratio(low, high):
    return replace_row(share(50, 100), ratio=1.0, ratio_low=low, ratio_high=high)


def replace_row(row, **more):
    values = {n: getattr(row, n) for n in ("numerator", "denominator", "rate", "low", "high")}
    return Row(row.labels, row.state, **values, **more)


def quarters(*signals):
    rows = [
        Row(
            {"quarter": f"2024-Q{i}"}, "shown", complete=True, count=100, spc={"signal": s, "direction": d, "mean": 110}
        )
        for i, (s, d) in enumerate(signals, 1)
    ]
    return {"referrals": replace(released("referrals", *rows), shape="count", by=("quarter",))}


CASES = {
    "below_expected": (
        Rule("below_expected", "", "", "", "", metric="engaged"),
        facts(among={"engaged": ratio(0.7, 0.9)}),
        facts(among={"engaged": ratio(0.7, 1.0)}),
    ),
    "above_expected": (
        Rule("above_expected", "", "", "", "", metric="engaged"),
        facts(among={"engaged": ratio(1.1, 1.3)}),
        facts(among={"engaged": ratio(1.001, 1.3)}),
    ),
    "signal": (
        Rule("signal", "", "", "", "", metric="referrals"),
        facts(quarters=quarters(("none", None), ("outside", "down"))),
        facts(quarters=quarters(("none", None), ("outside", "down"), ("none", None))),
    ),
    "mostly": (
        Rule("mostly", "", "", "", "", metric="not_started", label="why_not"),
        facts(own={"not_started": released("not_started", share(30, 100, why_not="cost"))}),
        facts(own={"not_started": released("not_started", share(90, 100, why_not="not_said"))}),
    ),
    "mostly_unknown": (
        Rule("mostly_unknown", "", "", "", "", metric="first_jobs", label="status", value="not_known"),
        facts(own={"first_jobs": released("first_jobs", share(70, 100, status="not_known"))}),
        facts(own={"first_jobs": released("first_jobs", share(52, 100, status="not_known"))}),
    ),
    "below_half": (
        Rule("below_half", "", "", "", "", metric="followed_up"),
        facts(own={"followed_up": released("followed_up", share(30, 100, tool="ons4"))}),
        facts(own={"followed_up": released("followed_up", share(30, 100, tool="a"), share(60, 100, tool="b"))}),
    ),
    "gap": (
        Rule("gap", "", "", "", "", metric="completeness", label="field"),
        facts(own={"completeness": released("completeness", share(70, 100, field="gender"))}),
        facts(own={"completeness": released("completeness", share(85, 100, field="gender"))}),
    ),
    "least_filled": (
        Rule("least_filled", "", "", "", "", metric="completeness", label="field", last=True),
        facts(own={"completeness": released("completeness", share(95, 100, field="gender"))}),
        facts(own={"completeness": released("completeness", share(100, 100, field="gender"))}),
    ),
    "not_recorded": (
        Rule("not_recorded", "", "", "", "", kind="goals"),
        facts(replace(SERVICE, records=KINDS - {"goals"})),
        facts(),
    ),
    "no_follow_up": (Rule("no_follow_up", "", "", "", ""), facts(replace(SERVICE, follows_up=False)), facts()),
    "late": (Rule("late", "", "", "", ""), facts(replace(SERVICE, is_late=True)), facts()),
}


@pytest.mark.parametrize("name", questions.TESTS)
def test_a_rule_holds_where_it_should_and_not_where_it_should_not(name):
    rule, raises, does_not = CASES[name]
    assert questions.TESTS[name](rule, raises) is not None
    assert questions.TESTS[name](rule, does_not) is None


def test_the_words_of_every_rule_can_be_filled_and_name_no_judgement():
    for rule in questions.rules():
        said = rule.seen.format(now="lower than usual", quarter="April to June 2024", value="cost", share="70%")
        assert rule.ask.endswith("?") and said.endswith(".")
        says = metrics.get(rule.metric).says if rule.metric else ""
        assert all(time in says for time in re.findall(r"within \d+ \w+", said)), "what leads to a panel has its words"
        assert not {"bad", "poor", "fail", "worse", "better", "best", "worst"} & set(
            f"{said} {rule.ask}".lower().split()
        )


def test_every_question_leads_to_a_panel_of_a_metric_that_exists():
    for rule in questions.rules():
        assert not rule.metric or rule.metric in metrics.catalogue(), rule.metric


def test_a_service_with_nothing_unusual_is_asked_about_its_emptiest_field_and_one_with_something_is_not():
    filled = {"completeness": released("completeness", share(95, 100, field="gender"), share(90, 100, field="age"))}
    (only,) = questions.questions(facts(own=filled))
    assert "“age”, filled in for 90%" in only.seen and only.page == "Data_quality"
    late = questions.questions(facts(replace(SERVICE, is_late=True), own=filled))
    assert [one.seen for one in late] == ["Its data end earlier than those of the other services."]


def test_a_question_about_a_series_says_what_the_board_says_of_it_and_of_which_quarter():
    lower = quarters(("none", None), ("outside", "down"))
    (only,) = questions.questions(facts(quarters=lower))
    board = glance.signal(lower["referrals"], metrics.get("referrals"))
    assert board.is_change and board.words in only.seen and "April to June 2024" in only.seen
    usual = quarters(("outside", "down"), ("none", None))
    assert not glance.signal(usual["referrals"], metrics.get("referrals")).is_change
    assert not questions.questions(facts(quarters=usual))


def test_a_field_that_hardly_anybody_has_filled_in_is_the_emptiest_though_it_is_hidden():
    few = Row({"field": "goals"}, "hidden", why="few", denominator=200, at_most=0.035)
    (only,) = questions.questions(
        facts(own={"completeness": released("completeness", share(70, 100, field="age"), few)})
    )
    assert only.seen == "“goals” is filled in for under 4% of its referrals."


def test_missing_data_raise_their_questions():
    silent = questions.questions(facts(replace(SERVICE, records=frozenset())))
    assert [one.page for one in silent] == ["Data_quality"] * 4


def test_a_question_names_the_figure_that_raised_it():
    (only,) = questions.questions(facts(replace(SERVICE, is_late=True)))
    assert only.figure == "What each service records"
    by_panel = {rule.panel: rule.figure for rule in questions.rules()}
    assert by_panel["engaged-service"] == "Engaged with a link worker by service"
    assert by_panel["not_started"] == "Why activities did not start"
