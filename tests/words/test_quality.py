"""What is known of the data themselves: records, freshness, refusals at load, and whom to tell."""

from dataclasses import replace

import pytest

from journeys.answer.rule import Rule
from journeys.intake.rules import RULES
from journeys.vocabulary.lists import LoadRecord, Service
from journeys.words import quality


def service(service_id="a", records=("goals", "outcomes"), last="2026-03", follows_up=False):
    return Service(
        service_id, f"Service {service_id.upper()}", "C1", "Commissioner", "light", "health", "yes", frozenset(records), follows_up,
        "2024-04", last, {}, {},
    )  # fmt: skip


def load(day, services=("a",), n_read=1000, n_refused=0, findings=None):
    return LoadRecord(
        f"{day}T10:00:00+00:00", "000001-x", {"journey.csv": "0"}, services, n_read, n_refused, findings or {}
    )


def test_not_recorded_is_marked_and_never_a_no():
    shown = quality.services_table([service(records=("goals",))], "2026-03")
    cells = dict(zip(shown.header, shown.rows[0], strict=True))
    assert (cells["Goals"], cells["Outcomes"], cells["Readings"]) == ("yes", "[x]", "[x]")
    assert shown.marks == ("[x]",)


def test_a_service_that_records_everything_needs_no_mark():
    assert quality.services_table([service(records=quality.RECORDS)], "2026-03").marks == ()


@pytest.mark.parametrize(
    ("last", "words"), [("2026-03", "up to date"), ("2026-02", "1 month late"), ("2025-12", "3 months late")]
)
def test_how_far_a_service_lies_behind_the_latest(last, words):
    shown = quality.services_table([service(last=last)], "2026-03")
    assert dict(zip(shown.header, shown.rows[0], strict=True))["Late or ended"] == words


def test_the_sentence_names_the_gaps():
    words = quality.services_sentence([service(), service("b", ("goals",), "2026-01")], "2026-03")
    assert words == (
        "Of 2 services, not recorded: outcomes by 1, reasons by 2, contacts by 2, activities by 2, readings by 2; late: Service B."
    )
    assert quality.services_sentence([service()], "2026-03") == (
        "Service A does not record reasons, contacts, activities or readings; it is up to date."
    )
    everything = [service(records=quality.RECORDS), service("b", quality.RECORDS)]
    assert quality.services_sentence(everything, "2026-03") == (
        "Of 2 services, every service records everything; all of them reach March 2026."
    )


def test_what_is_never_handed_over_is_said_to_count_as_not_filled_in():
    everything, some = service(records=quality.RECORDS), service("b", ("outcomes", "reasons", "contacts"))
    assert quality.never_handed_over([everything]) == ""
    assert quality.never_handed_over([everything, some, some]) == (
        "Counted as not filled in, because never handed over: goals by 2 and readings by 2 of 3 services."
    )
    assert quality.recorded_words(some) == "outcomes, reasons, contacts; not goals, activities or readings [x]"
    assert quality.never_handed_over([some]) == "It never hands over goals or readings, which counts as not filled in."


def test_what_is_handed_over_since_lately_is_said_of_a_period_from_before():
    """43% had goals on record beside 66% to 73% elsewhere, because the service began to hand them over after two of the five years."""
    late = replace(service(records=quality.RECORDS), since={"goals": "2025-04"})
    before, both, after = ["2024-04"], ["2024-04", "2025-05"], ["2025-05"]
    assert quality.never_handed_over([late], both) == (
        "It does not hand over goals all the time, which counts as not filled in."
    )
    assert quality.never_handed_over([late], before).startswith("It never hands over goals")
    assert quality.never_handed_over([late], after) == quality.never_handed_over([late]) == ""
    some = service("b", ("outcomes", "reasons", "contacts", "readings"))
    assert quality.never_handed_over([late, some], both) == (
        "Counted as not filled in, because never handed over: goals by 1 of 2 services; because not handed over all the time: goals by 1."
    )


@pytest.mark.parametrize(
    ("n", "words"), [(0, "none"), (1, "fewer than 8"), (7, "fewer than 8"), (8, "about 10"), (4_092, "about 4,090")]
)
def test_rows_are_said_rounded(n, words):
    assert quality.rows_words(n, Rule()) == words


def test_the_latest_loads_of_the_chosen_services_come_first():
    loads = [load("2026-01-01"), load("2026-02-01", ("b",)), load("2026-03-01", ("a", "b"))]
    assert [found.loaded_at[:10] for found in quality.latest_loads(loads, ["a"])] == ["2026-03-01", "2026-01-01"]


def test_refusals_are_named_by_rule_with_how_to_mend_them():
    shown = quality.findings_table(
        [load("2026-01-01", n_refused=60, findings={"code_unknown": 3, "required": 57})], Rule()
    )
    assert shown.rows == (
        ("1 January 2026", RULES["code_unknown"].words, "fewer than 8", RULES["code_unknown"].mend),
        ("1 January 2026", RULES["required"].words, "about 55", RULES["required"].mend),
    )


def test_a_rule_that_a_later_version_no_longer_has_is_still_shown():
    shown = quality.findings_table([load("2026-01-01", findings={"old_rule": 20})], Rule())
    assert shown.rows == (("1 January 2026", "old rule", "none", ""),)


def test_a_load_of_every_service_is_said_so():
    names = {"a": "Service A", "b": "Service B"}
    shown = quality.loads_table([load("2026-01-01", ("b", "a")), load("2025-01-09", ("b",))], names, Rule())
    assert [row[:2] for row in shown.rows] == [("1 January 2026", "all 2 services"), ("9 January 2025", "Service B")]


def test_the_sentence_on_loads():
    assert quality.loads_sentence([], Rule()) == "No load is on record for this selection."
    assert (
        quality.loads_sentence([load("2026-01-01")], Rule()) == "The latest load, on 1 January 2026, refused nothing."
    )
    words = quality.loads_sentence([load("2026-01-01", n_refused=13)], Rule())
    assert "left out about 15 rows" in words


def test_rows_that_were_taken_are_not_rounded_a_second_time():
    """12 journeys of a service that hands over nothing else are shown as 10 referrals; 13 rows, as about 15, would tell that they are 12."""
    rule, names = Rule(), {"a": "Service A"}
    apart = [n for n in range(8, 13) if (rule.rounded(n), rule.rounded(n + 1)) == (10, 15)]
    assert apart == [12]
    note = next(name for name, one in RULES.items() if not one.is_refusal)
    said = set()
    for n in range(8, 13):
        loads = [load("2026-01-01", n_read=n + 1, n_refused=9, findings={note: n, "required": 9})]
        tables = quality.loads_table(loads, names, rule), quality.findings_table(loads, rule)
        said.add(repr((quality.loads_sentence(loads, rule), *(table.rows for table in tables))))
    assert len(said) == 1


def test_whom_to_tell_is_configurable():
    assert quality.contact({}) == "the person who loads the deliveries"
    assert quality.contact({"JOURNEYS_CONTACT": " data@example.org "}) == "data@example.org"
    assert "data@example.org" in quality.accessibility({"JOURNEYS_CONTACT": "data@example.org"})[-1]
