"""Generated deliveries keep the rules of the data dictionary, and hold what they are made to hold."""

from collections import Counter
from datetime import date

import generate
import pytest
import recording
from codes import CHILDREN


@pytest.mark.parametrize("seed", range(6))
def test_generated_deliveries_keep_the_rules_of_the_dictionary(seed):
    tables = generate.delivery(seed, journeys=150)
    services = {row["service_id"]: row for row in tables["service"]}
    journeys = {(row["service_id"], row["journey_id"]): row for row in tables["journey"]}
    assert len(journeys) == len(tables["journey"]) == 150
    for row in tables["journey"]:
        assert services[row["service_id"]]["data_from"] <= row["referred_on"]
    for table in ("journey", *CHILDREN):
        for row in tables[table]:
            of = journeys[row["service_id"], row["journey_id"]]
            days = [value for value in row.values() if isinstance(value, date)]
            assert all(of["referred_on"] <= day <= services[row["service_id"]]["data_to"] for day in days)
            assert not row.get("ended_on") or not row.get("started_on") or row["started_on"] <= row["ended_on"]
            assert row.get("outcome") != "job_kept" or of["employment_status"] == "employed"
            assert not row.get("why_not") or row["started_on"] is None
    for row in tables["goal"]:
        assert row["status"] == "open" or row["set_on"] <= row["status_on"]
    keys = {"referral_reason": ("reason",), "measure": ("measured_on", "tool", "item")}
    for table, columns in keys.items():
        once = [tuple(row[name] for name in ("service_id", "journey_id", *columns)) for row in tables[table]]
        assert len(once) == len(set(once))
    mains = Counter((row["service_id"], row["journey_id"]) for row in tables["referral_reason"] if row["main"])
    assert all(count == 1 for count in mains.values())
    for row in services.values():
        for kind in generate.KINDS:
            days = [row[f"{kind}_from"], row[f"{kind}_to"]]
            assert all(row["data_from"] <= day <= row["data_to"] for day in days if day)


def test_the_same_seed_gives_the_same_delivery_and_another_seed_another():
    assert generate.delivery(1, journeys=30) == generate.delivery(1, journeys=30)
    assert generate.delivery(1, journeys=30) != generate.delivery(2, journeys=30)


def test_a_table_not_handed_over_is_not_written_and_an_empty_one_has_a_header(tmp_path):
    tables = generate.delivery(1, journeys=5, missing=("measure",), empty=("contact",))
    folder = generate.write(tables, tmp_path / "delivery")
    assert not (folder / "measure.csv").exists()
    assert (folder / "contact.csv").read_text(encoding="utf-8").splitlines() == [
        "service_id,journey_id,contact_on,kind,minutes,attended"
    ]
    lines = (folder / "journey.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("journey_id,client_ref,service_id,referred_on")


def recordings(n_seeds=12, **shape):
    return [one for seed in range(n_seeds) for one in recording.read(generate.delivery(seed, **shape), 8).values()]


def test_some_services_are_late_some_have_ended_some_hand_over_outcomes_alone():
    found = recordings(journeys=60, services=3, recording="alone")
    assert any(one.is_late for one in found)
    assert any(one.ended_month for one in found)
    assert {"outcomes"} in [set(one.kinds) - {"shared_key", "follows_up"} for one in found]


def test_some_kinds_are_recorded_later_or_stop_said_or_seen():
    found = recordings(journeys=400, services=2, months=40, recording="later")
    kinds = [(one, kind, *ends) for one in found for kind, ends in one.kinds.items()]
    assert any(last < one.last_month for one, _, _, last in kinds)
    later = [(one.service, kind) for one, kind, first, _ in kinds if first > one.first_month]
    said = [service.get(f"{'measures' if 'readings' in kind else kind}_from") for service, kind in later]
    assert any(said)
    assert not all(said)
