"""What a service records, since and until when, and whether it has ended or is late: read as `service_kind` and `service` hold it."""

import pytest
import small

from journeys import Selection
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics


def services(tmp_path, *deliveries):
    for number, tables in enumerate(deliveries):
        folder = small.write(tmp_path / f"delivery-{number}", **tables)
        assert build.load([folder], tmp_path / "store", is_meant=True).is_done
    return open_store(tmp_path / "store").lists.services


def one(tmp_path, described=None, **tables):
    journeys = tables.pop("journeys", small.journeys(100))
    return services(tmp_path, {"service": [small.service(**(described or {}))], "journey": journeys, **tables})["north"]


def reasons(of):
    return [{"service_id": j["service_id"], "journey_id": j["journey_id"], "reason": "wellbeing"} for j in of]


def readings(of, tool, *items):
    return [
        {"service_id": j["service_id"], "journey_id": j["journey_id"], "measured_on": j["referred_on"], "tool": tool, "item": item, "score": 3}
        for j in of
        for item in items
    ]  # fmt: skip


def test_rows_of_k_clients_make_a_kind_recorded_and_no_single_persons_do(tmp_path):
    made = small.journeys(100)
    assert "reasons" not in one(tmp_path / "seven", referral_reason=reasons(made[:7])).records
    assert "reasons" in one(tmp_path / "eight", referral_reason=reasons(made[:8])).records


def test_a_flag_beats_the_rows_but_not_a_missing_table(tmp_path):
    made = small.journeys(100)
    assert "reasons" not in one(tmp_path / "no", {"records_reasons": "no"}, referral_reason=reasons(made)).records
    assert "reasons" in one(tmp_path / "yes", {"records_reasons": "yes"}, referral_reason=reasons(made[:1])).records
    assert "reasons" not in one(tmp_path / "missing", {"records_reasons": "yes"}).records


def test_one_person_with_many_journeys_is_one_client(tmp_path):
    made = [j | {"client_ref": "same"} if i < 20 else j for i, j in enumerate(small.journeys(100))]
    assert "reasons" not in one(tmp_path, journeys=made, referral_reason=reasons(made[:20])).records


def test_first_contact_alone_is_contacts_handed_over(tmp_path):
    made = [j | {"first_contact_on": j["referred_on"] if i < 8 else ""} for i, j in enumerate(small.journeys(100))]
    assert "contacts" in one(tmp_path, journeys=made).records
    assert "attended" not in one(tmp_path / "attended", journeys=made).records


def test_recording_begins_in_the_month_from_which_k_clients_have_a_row(tmp_path):
    """Sixty referrals from 5 January on, one a day; sixty more from January of the next year on; reasons from the second year alone."""
    first = small.journeys(60)
    later = small.journeys(60, first=60, since="2022-11-06")  # the first of them on 5 January 2023
    service = one(tmp_path, journeys=first + later, referral_reason=reasons([*first[:7], *later]))
    assert (service.since["reasons"], service.until["reasons"]) == ("2023-01", "2023-12")


def of_each(table, **row):
    return lambda of: {table: [{"service_id": j["service_id"], "journey_id": j["journey_id"], **row} for j in of]}


ROWS = {
    "reasons": of_each("referral_reason", reason="wellbeing"),
    "goals": lambda of: {"goal": small.goals(of)},
    "outcomes": lambda of: {"outcome": small.outcomes(of)},
    "contacts": lambda of: {"contact": contacts(of)},
    "attended": lambda of: {"contact": contacts(of)},
    "activities": lambda of: {"activity": [{**row, "referred_on": j["referred_on"]} for row, j in zip(of_each("activity", activity="money_benefits_advice")(of)["activity"], of, strict=True)]},
    "readings": lambda of: {"measure": readings(of, "ons4", "anxiety")},
    "readings_needs": lambda of: {"measure": readings(of, "wellbeing_star", "money")},
    "readings_confidence": lambda of: {"measure": readings(of, "wellbeing_star", "feeling_positive")},
}  # fmt: skip


def contacts(of):
    return [
        {"service_id": j["service_id"], "journey_id": j["journey_id"], "contact_on": j["referred_on"], "kind": "telephone", "attended": "yes"}
        for j in of
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ROWS)
def test_who_comes_again_counts_from_the_first_time(tmp_path, kind):
    """Eight people with a row in January of the second year, and again in autumn."""
    first, eight = small.journeys(60), small.journeys(8, first=60, since="2022-11-06")
    again = [{**j, "journey_id": f"again-{j['journey_id']}", "referred_on": "2023-10-02"} for j in eight]
    service = one(tmp_path, journeys=[*first, *eight, *again], **ROWS[kind]([*eight, *again]))
    assert service.since[kind] == "2023-01"


def test_a_small_first_year_says_nothing_of_when_recording_began(tmp_path):
    first, later = small.journeys(49), small.journeys(60, first=60, since="2022-11-06")
    assert one(tmp_path, journeys=first + later, referral_reason=reasons(later)).since["reasons"] == "2022-01"


def test_what_a_service_says_of_since_and_until_takes_whole_months(tmp_path):
    said = {"reasons_from": "2022-03-17", "reasons_to": "2022-06-02"}
    service = one(tmp_path, said, referral_reason=reasons(small.journeys(100)))
    assert (service.since["reasons"], service.until["reasons"]) == ("2022-03", "2022-06")
    assert [service.records_in("reasons", m) for m in ("2022-02", "2022-03", "2022-06", "2022-07")] == [
        False,
        True,
        True,
        False,
    ]


def test_which_readings_show_the_lower_rungs(tmp_path):
    made = small.journeys(100)
    needs = one(tmp_path / "needs", measure=readings(made, "wellbeing_star", "money")).records
    assert needs & {"readings", "readings_needs", "readings_confidence"} == {"readings", "readings_needs"}
    two = one(tmp_path / "two", measure=readings(made, "ons4", "worthwhile", "happiness")).records
    assert "readings_confidence" not in two
    three = one(
        tmp_path / "three", measure=readings(made, "ons4", "worthwhile", "happiness", "life_satisfaction")
    ).records
    assert "readings_confidence" in three


@pytest.mark.parametrize(
    ("tool", "item", "is_shown"),
    [("swemwbs", "total", True), ("wemwbs", "total", True), ("ucla3", "total", True), ("ons4", "anxiety", False),
     ("wellbeing_star", "feeling_positive", True), ("wellbeing_star", "family_friends", True), ("wellbeing_star", "lifestyle", False)],
)  # fmt: skip
def test_confidence_is_shown_by_each_of_its_tools_alone(tmp_path, tool, item, is_shown):
    made = [
        reading | {"score": 20 if tool.endswith("wemwbs") else 5}
        for reading in readings(small.journeys(100), tool, item)
    ]
    records = one(tmp_path, measure=made).records
    assert "readings" in records and ("readings_confidence" in records) is is_shown


def test_follow_up_after_closure_and_a_shared_key_are_kinds(tmp_path):
    keyed = {"client_key": "k"}
    north = small.service(**keyed, follows_up_after_closure="yes")
    made = services(tmp_path, {"service": [north, small.service("south", **keyed), small.service("west", client_key="other")],
        "journey": [*small.journeys(20), *small.journeys(20, "south"), *small.journeys(20, "west")]})  # fmt: skip
    assert made["north"].records >= {"follows_up", "shared_key"} and "follows_up" not in made["south"].records
    assert "shared_key" not in made["west"].records


def of(service, **described):
    made = small.journeys(20, service, since="2022-01-05")
    return {"service": [small.service(service, **described)], "journey": made}


def test_a_service_is_late_until_its_data_end_more_than_two_quarters_before_the_latest(tmp_path):
    made = services(
        tmp_path,
        of("north", data_to="2023-12-31"),
        of("late", data_to="2023-06-30"),
        of("silent", data_to="2023-05-31"),
        of("gone", data_to="2023-12-31", closed_on="2023-08-15"),
        of("going", data_to="2023-12-31", closed_on="2024-08-15"),
    )
    assert {name: (one.ended_month, one.is_late) for name, one in made.items()} == {
        "north": (None, False),
        "late": (None, True),
        "silent": ("2023-05", False),
        "gone": ("2023-08", False),
        "going": (None, False),
    }


def test_what_a_service_does_towards_work_is_kept(tmp_path):
    said = {
        "ages": "18+",
        "support_offer": "both",
        "jobcentre_link": "contact",
        "work_outcomes_asked_for": "no",
        "contract_to": "2025-03-31",
    }
    service = one(tmp_path, said)
    assert (service.ages, service.support_offer, service.jobcentre_link) == ("18+", "both", "contact")
    assert (service.work_outcomes_asked_for, service.work_outcomes_in_specification) == ("no", "unknown")
    assert service.contract_to_month == "2025-03"


def test_outcomes_from_before_a_service_recorded_them_count_in_no_measure_of_outcomes(tmp_path):
    """The same people twice: once with jobs from both years, once from the second alone, which is the one that the service says it recorded."""
    first, later = (
        small.journeys(60),
        small.journeys(60, first=60, since="2022-11-06"),
    )  # from 5 January 2022, from 5 January 2023
    activities = [
        {"service_id": j["service_id"], "journey_id": j["journey_id"], "activity": "employment_support", "referred_on": j["referred_on"], "started_on": j["referred_on"]}
        for j in (first + later)[::2]
    ]  # fmt: skip
    told = []
    for name, working in (("both", first + later), ("second", later)):
        folder = small.write(
            tmp_path / name, service=[small.service(outcomes_from="2023-01-01")], journey=first + later,
            outcome=small.outcomes(working, last_confirmed_on="2023-12-31", contract="permanent", hours_per_week=20), activity=activities,
        )  # fmt: skip
        assert build.load([folder], tmp_path / f"store-{name}").is_done
        store = open_store(tmp_path / f"store-{name}")
        about = [slug for slug, metric in metrics.catalogue().items() if "outcomes" in metric.needs]
        told.append({slug: store.ask(slug, Selection()).rows for slug in about})
    assert "route_to_work" in told[0] and any(row.is_shown for row in told[0]["route_to_work"])
    assert told[0] == told[1]
