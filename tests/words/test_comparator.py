"""What an answer stands beside, in words: the same labels, in the precision of the answer, and no difference."""

from dataclasses import replace

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import comparator


def names(name, code):
    return code.replace("_", " ").capitalize()


def share(labels, numerator, denominator=100, **more):
    if numerator is None:
        return Row(labels, "hidden", why="few", denominator=denominator, at_most=0.07, **more)
    rate = numerator / denominator
    values = {"numerator": numerator, "denominator": denominator, "rate": rate, "low": rate / 2, "high": rate * 1.5}
    return Row(labels, "shown", **values, **more)


def released(metric, shape, by, own, *rows):
    chosen = Selection(service="a")
    return Released(metric, "journeys", shape, chosen, "", by, own, "2026-03", {"k": 8, "base": 5}, rows)


def said(own, whole):
    rates = {tuple(row.labels.values()): row.rate for row in whole.rows if row.rate is not None}
    return comparator.said(own, "all services", whole, rates, metrics.get(own.metric), names)


def test_one_share_in_the_precision_of_the_answer():
    own, whole = (released("climbed", "proportion", (), (), row) for row in (share({}, 30), share({}, 2655, 10_000)))
    assert said(own, whole) == "All services: 27%."
    assert said(replace(own, rows=(share({}, 300, 1000),)), whole) == "All services: 26.6%."
    assert said(whole, replace(own, rows=(share({}, None),))) == "All services: [c] under 8% of about 100."


def test_the_labels_that_the_sentence_names():
    def goals(**counts):
        rows = [share({"goal": goal}, n) for goal, n in counts.items()]
        return released("goals_set", "proportion", (), ("goal",), *rows)

    own, whole = goals(debt=40, home=30, friends=20, other=10), goals(debt=31, home=12, friends=9, other=2)
    assert said(own, whole) == "All services: debt 31%, home 12% and friends 9%."


def test_a_curve_at_the_months_that_are_looked_at():
    def curve(share_of):
        row = Row({"months": "12"}, "shown", months=12, at_risk=100, events=9, incidence=share_of)
        return released("time_to_work", "waiting", (), ("months",), row)

    assert said(curve(0.05), curve(0.021)) == "All services: an estimated 2% by 12 months."


def test_the_scale_that_the_sentence_is_about():
    def pairs(change, n):
        row = Row(
            {"tool": "swemwbs", "item": "total"},
            "shown",
            pairs=n,
            mean_change=change,
            mean_first=18.0,
            mean_latest=18.0,
        )
        return released("wellbeing_change", "change", (), ("tool", "item"), row)

    assert said(pairs(1.5, 50), pairs(1.1, 500)) == "All services: wellbeing (SWEMWBS) +1.1."


def test_the_groups_that_the_sentence_names_and_never_services():
    def groups(by, **counts):
        return released("climbed", "proportion", (by,), (), *(share({by: code}, n) for code, n in counts.items()))

    own, whole = groups("age_band", young=40, old=30), groups("age_band", young=31, old=12)
    assert said(own, whole) == "All services: young 31% and old 12%."
    assert said(groups("service", a=40, b=30), groups("service", a=31, b=12)) == ""


def test_the_latest_point_of_a_series_and_nothing_where_there_is_none():
    quarters = [share({"quarter": f"2024-Q{i}"}, 20 + i, complete=i < 3) for i in (1, 2, 3)]
    own = released("climbed", "proportion", ("quarter",), (), *quarters)
    of = ("services that record the same", None, {("2024-Q2",): 0.3, ("2024-Q3",): 0.9}, metrics.get("climbed"), names)
    assert comparator.said(own, *of) == "Services that record the same, 2024-q2: 30%."
    assert comparator.said(own, "x", None, {}, metrics.get("climbed"), names) == ""
    assert comparator.said(own, "", None, {}, metrics.get("climbed"), names) == ""
