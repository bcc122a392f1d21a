"""The line that a service's series stands beside: of the services seen through the same records, from released counts, or none."""

from journeys.answer import alike, together
from journeys.answer.released import Released, Row
from journeys.vocabulary.selection import Selection


def row(service, quarter, numerator, denominator=100, records=("goals",), **more):
    labels = {"service": service, "quarter": quarter}
    if numerator is None:
        return Row(labels, "hidden", why="few", denominator=denominator, records=records, **more)
    values = {"numerator": numerator, "denominator": denominator, "rate": numerator / denominator}
    return Row(labels, "shown", records=records, **values, **more)


def released(*rows):
    by = ("service", "quarter")
    return Released("climbed", "journeys", "proportion", Selection(), "", by, (), "2026-03", {"k": 8, "base": 5}, rows)


Q = "2024-Q1"


def test_the_line_is_what_services_that_are_alike_make_together():
    found = released(row("a", Q, 10), row("b", Q, 20), row("c", Q, 60, 200), row("d", Q, 90, records=()))
    assert together.like(found, "a", "quarter") == {Q: 90 / 400}


def test_a_hidden_numerator_counts_as_in_the_centre_of_a_funnel():
    found = released(row("a", Q, 10), row("b", Q, None), row("c", Q, 20))
    assert together.like(found, "a", "quarter") == {Q: 33.5 / 300}


def test_there_is_no_line_beside_a_service_that_is_not_like_two_others():
    alone = released(row("a", Q, 10, records=()), row("b", Q, 20), row("c", Q, 30), row("d", Q, 30))
    assert together.like(alone, "a", "quarter") == {}
    assert together.like(released(row("a", Q, 10), row("b", Q, 20)), "a", "quarter") == {}


def test_there_is_no_line_where_a_period_is_not_complete_or_the_service_does_not_record():
    late = released(row("a", Q, 10), row("b", Q, 20), row("c", Q, 30, complete=False))
    assert together.like(late, "a", "quarter") == {}
    silent = Row({"service": "a", "quarter": Q}, "not_recorded")
    assert together.like(released(silent, row("b", Q, 20), row("c", Q, 30), row("d", Q, 30)), "a", "quarter") == {}


def test_beside_a_service_that_does_not_record_stands_the_largest_group():
    silent, others = Row({"service": "a", "quarter": Q}, "not_recorded"), [row(code, Q, 20) for code in "bcd"]
    assert alike.compared([silent, *others], silent) == others
    assert alike.compared([silent], silent) == []
