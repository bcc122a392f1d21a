"""What changed since the last quarter, and what to be careful with, in words from released answers."""

from dataclasses import replace
from types import SimpleNamespace

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import Calendar
from journeys.vocabulary.lists import LoadRecord, ServiceChange
from journeys.vocabulary.selection import Selection
from journeys.words import briefing

REFERRALS, WORK = metrics.get("referrals"), metrics.get("found_work")
EVERYBODY = Selection()
SPC = {"mean": 700.0, "lower": 600.0, "upper": 800.0, "signal": "none"}


def quarters(*rows, metric=REFERRALS, selection=EVERYBODY):
    return Released(
        metric.slug, metric.unit, metric.shape, selection, "", ("quarter",), (), "2026-03", {"k": 8, "base": 5}, rows
    )


def count(quarter, n, spc=None, **more):
    return Row({"quarter": quarter}, "shown" if n else "hidden", count=n, spc=spc, **more)


def share(quarter, rate, complete=True):
    return Row({"quarter": quarter}, "shown", complete=complete, numerator=int(500 * rate), denominator=500, rate=rate)


def test_the_latest_quarter_stands_beside_the_one_before():
    words = briefing.change_words(quarters(count("2025-Q4", 700, SPC), count("2026-Q1", 720, SPC)), REFERRALS)
    assert (
        words
        == "about 720 in January to March 2026, about 700 in the quarter before; no more than the usual variation."
    )


def test_a_signal_says_which_side():
    low = SPC | {"signal": "outside"}
    words = briefing.change_words(quarters(count("2025-Q4", 700, SPC), count("2026-Q1", 500, low)), REFERRALS)
    assert words.endswith("lower than usual.")


def test_a_quarter_that_is_not_complete_is_not_compared():
    rows = (share("2025-Q2", 0.04), share("2025-Q3", 0.05), share("2025-Q4", 0.01, complete=False))
    words = briefing.change_words(quarters(*rows, metric=WORK), WORK)
    assert words.startswith("5% in July to September 2025, 4% in the quarter before;")
    assert words.endswith("too few quarters to say whether that is unusual.")


def test_why_nothing_is_unusual_says_what_needs_more_quarters():
    """ "Whether that is unusual cannot be said: they need 13 complete quarters": who needs them was not said."""
    few = replace(quarters(count("2025-Q4", 700), count("2026-Q1", 720)), spc_note="too_few_points")
    said = briefing.change_words(few, REFERRALS)
    assert said.endswith("cannot be said: limits need 13 complete quarters with a figure, and there are 2.")


def test_quarters_with_a_hidden_one_between_are_not_compared():
    rows = (count("2025-Q2", 700), count("2025-Q3", None), count("2025-Q4", 710))
    assert "no two complete quarters in a row" in briefing.change_words(quarters(*rows), REFERRALS)
    assert "no two complete quarters in a row" in briefing.change_words(quarters(count("2025-Q4", 710)), REFERRALS)


def service(name, records=("outcomes",)):
    return SimpleNamespace(name=name, records=frozenset(records))


def cautions(*rows, services, changes=(), metric=REFERRALS, selection=EVERYBODY):
    calendar = Calendar("2022-04", "2026-03", "2026-03")
    lists = SimpleNamespace(services=services, where=lambda selection: frozenset(services), calendar=calendar)
    return briefing.cautions(
        Selection(), lists, changes, [(metric, quarters(*rows, metric=metric, selection=selection))]
    )


def test_a_service_that_records_no_outcomes_is_named():
    found = cautions(count("2026-Q1", 700), services={"a": service("Quiet"), "b": service("Silent", ())})
    assert found == ["Not recorded is not none: Silent does not record outcomes and is in no outcome figure."]


def test_hidden_quarters_and_late_outcomes_are_said():
    hidden = "Hidden quarter: Found work (too few people, or too few left out)."
    of_women = Selection(cohort={"gender": "2"})
    found = cautions(count("2026-Q1", None), services={"a": service("Quiet")}, metric=WORK, selection=of_women)
    assert any("less than 12 months before the end" in line for line in found)
    assert f"{hidden} A wider selection shows more." in found
    found = cautions(count("2026-Q1", None), services={"a": service("Quiet")}, metric=WORK)
    assert hidden in found, "nothing is wider than everybody"


def test_only_changes_of_services_in_the_selection_are_said():
    changes = [ServiceChange("a", "2024-03", "Merger", None), ServiceChange("z", "2024-04", "Elsewhere", None)]
    found = cautions(count("2026-Q1", 700), services={"a": service("Quiet")}, changes=changes)
    assert found == ["Quiet changed in March 2024: Merger. Read trends across that date with care."]


def years(*rows, metric=REFERRALS):
    return Released(
        metric.slug,
        metric.unit,
        metric.shape,
        Selection(),
        "",
        ("financial_year",),
        (),
        "2026-03",
        {"k": 8, "base": 5},
        rows,
    )


def year(code, n, complete=True):
    return Row({"financial_year": code}, "shown", count=n, complete=complete)


def test_a_year_that_ends_with_the_latest_complete_quarter_stands_beside_the_year_before():
    latest = quarters(count("2025-Q4", 700), count("2026-Q1", 720))
    found = years(year("2024/25", 2600), year("2025/26", 2800))
    assert briefing.year_words(found, latest, REFERRALS) == " 2025/26: about 2,800, about 2,600 the year before."
    assert briefing.year_words(found, quarters(count("2025-Q4", 700)), REFERRALS) == ""
    late = years(year("2024/25", 2600), year("2025/26", 2800, complete=False))
    assert briefing.year_words(late, latest, REFERRALS) == ""


def test_what_is_new_says_when_it_was_loaded():
    load = LoadRecord("2026-11-28T05:01:00+00:00", "000002-a", {}, (), 0, 0, {})
    assert briefing.loaded_words([load], "000002-a").startswith("Loaded on 28 November 2026. Each figure")
    assert briefing.loaded_words([load], "000003-b").startswith("Each figure")
