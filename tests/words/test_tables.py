"""Released numbers as tables to read: nothing that was not released, marks where numbers are hidden."""

from collections import Counter
from dataclasses import replace

from journeys.answer.released import Row
from journeys.vocabulary import metrics
from journeys.words import tables
from tests.released_by_hand import HIDDEN, METRIC, TITLES, names, proportion, released


def test_the_table_to_read_has_marks_where_numbers_are_hidden():
    table = tables.table(released(proportion(), HIDDEN), METRIC, names, TITLES)
    assert table.header[0] == "Referral reason"
    assert table.rows[0] == ("Housing", "120", "480", "25%", "21% to 29%")
    assert table.rows[1] == ("Employment", "[c]", "480", "[c]", "–")
    assert table.marks == ("[c]",)


def test_an_expected_count_is_written_as_every_other_count():
    mixed = replace(
        released(proportion(expected=1598.1, ratio=1.02, ratio_low=0.98, ratio_high=1.06)), has_case_mix=True
    )
    assert tables.table(mixed, METRIC, names, TITLES).rows[0][-3:] == ("1,598.1", "1.02", "0.98 to 1.06")


def test_every_row_is_looked_at_once_however_many_there_are(monkeypatch):
    """Each row asked all the others whether any has an expected count: a table of 13,440 rows took two minutes."""
    answer, looks = released(*[proportion()] * 50), Counter()
    expected = Row.__getattr__
    monkeypatch.setattr(Row, "__getattr__", lambda row, name: looks.update([name]) or expected(row, name))
    tables.table(answer, METRIC, names, TITLES)
    assert 0 < looks["expected"] <= 2 * 50 and max(looks.values()) <= 10 * 50, looks


def test_a_count_that_is_hidden_beside_those_that_are_shown_has_the_mark_of_hidden():
    part = {"labels": {"tool": "swemwbs", "item": "total"}, "journeys": 480, "first": 200, "pairs": 60, "improved": 45}
    means = {"mean_first": 18.0, "mean_latest": 19.0, "mean_change": 1.0, "sd_change": 2.0, "low": 0.5, "high": 1.5}
    change = Row(state="shown", **part, **means)
    low = Row(state="shown", **part)
    answer = released(change, low, shape="change", own=("tool", "item"), metric="wellbeing_change")
    shown = tables.table(answer, metrics.get("wellbeing_change"), names, TITLES)
    assert shown.rows[0][-3:] == ("45", "[c]", "[c]")
    assert shown.rows[1][5:] == ("[low]", "[low]", "[low]", "–", "45", "[c]", "[c]")
    assert shown.marks == ("[c]", "[low]")


def test_a_point_of_a_curve_marks_the_counts_that_are_hidden():
    point = Row({"months": "12"}, "shown", months=12, at_risk=100, events=10, incidence=0.1, low=0.05, high=0.15)
    answer = released(point, shape="waiting", own=("months",), metric="time_to_work")
    shown = tables.table(answer, metrics.get("time_to_work"), names, TITLES)
    assert shown.rows[0][1:5] == ("100", "10", "[c]", "[c]")
    assert shown.marks == ("[c]",)


def test_a_row_begins_as_a_sentence_does_and_a_service_as_it_is_written():
    rows = [proportion(labels={"financial_year": "2021/22", "service": "s"})]
    said = {"financial_year": "financial year 2021/22", "service": "eCare"}
    table = tables.table(
        released(*rows, by=("financial_year", "service"), own=()), METRIC, lambda n, _: said[n], TITLES
    )
    assert table.rows[0][:2] == ("Financial year 2021/22", "eCare"), "bars beside it began with a capital"
