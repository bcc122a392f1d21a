"""Every rule that raises a question, held against loaded deliveries: a service that raises it and one that does not."""

import csv
from contextlib import closing
from datetime import date, timedelta

import pytest

from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import questions
from journeys.words.questions import Facts

pytestmark = pytest.mark.slow
QUARTERS, A_QUARTER = 16, 40


def facts(store, service_id):
    """What the page of a service asks, in one period and for everyone."""
    chosen, everywhere = Selection(service=service_id), Selection()
    among = {m: _among(store, m, everywhere, service_id) for m in questions.wanted(questions.AMONG)}
    own = {m: store.ask(m, chosen) for m in questions.wanted(questions.OWN)}
    quarters = {m: store.ask(m, chosen, ("quarter",)) for m in questions.wanted(questions.QUARTERS)}
    return Facts(store.lists.services[service_id], among, own, quarters, store.lists.name)


def _among(store, metric, everywhere, service_id):
    asked = store.ask(metric, metrics.get(metric).on_its_base(everywhere), ("service",), case_mix=True)
    return asked.row(service=service_id)


def raised(store):
    """Which rules, by their place in the file, each service raises."""
    found = {}
    for service_id in store.lists.services:
        known = facts(store, service_id)
        tests = [questions.TESTS[rule.test](rule, known) is not None for rule in questions.rules()]
        found[service_id] = {i for i, is_raised in enumerate(tests) if is_raised}
    return found


def of_late(folder):
    """Two services of the same size: in the one, first contacts come late in the last quarters; the other's data have nothing empty."""
    folder.mkdir(parents=True)
    described = {"commissioner_code": "Q1", "commissioner_name": "NHS One", "model": "light", "data_from": "2020-01-01"}
    described |= {"data_to": "2024-03-31", "records_contacts": "yes", "records_goals": "no", "records_outcomes": "no"}
    _write(
        folder / "service.csv", [{"service_id": s, "service_name": s.title(), **described} for s in ("late", "steady")]
    )
    journeys = [_journey(s, i) for s in ("late", "steady") for i in range(QUARTERS * A_QUARTER)]
    _write(folder / "journey.csv", journeys)
    reasons = [
        {"journey_id": one["journey_id"], "service_id": one["service_id"], "reason": "lifestyle_change"}
        for one in journeys
    ]
    _write(folder / "referral_reason.csv", [one for one in reasons if one["service_id"] == "steady"])
    return folder


def _journey(service, i):
    quarter, place = divmod(i, A_QUARTER)
    referred = date(2020 + quarter // 4, 3 * (quarter % 4) + 1, 1 + place % 28)
    n_soon_of_ten = 3 if service == "late" and quarter >= QUARTERS - 2 else 6 + quarter % 3
    is_late = place % 10 >= n_soon_of_ten
    ended = {"closed_on": (referred + timedelta(days=80)).isoformat(), "closure_reason": "completed"}
    about = {"gender": "female", "ethnic_group": "white", "imd_decile": 3, "long_term_conditions": 1, **ended}
    return (about if service == "steady" else dict.fromkeys(about, "")) | {
        "journey_id": f"{service}{i}", "client_ref": f"{service}{i}", "service_id": service, "referred_on": referred.isoformat(),
        "referral_source": "gp", "age_at_referral": 20 + i % 60, "employment_status": "unemployed_seeking",
        "first_contact_on": (referred + timedelta(days=60 if is_late else 10)).isoformat(),
    }  # fmt: skip


def _write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def of_services(tmp_path_factory):
    """The rules that each service of two deliveries raises: the sample, and one in which first contacts come late of late."""
    found = {}
    place = tmp_path_factory.mktemp("questions")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        for delivery in (lives.write(place / "sample", journeys=15_000, format="parquet"), of_late(place / "late")):
            build.load([delivery], place / f"store-{delivery.name}")
            with closing(open_store(place / f"store-{delivery.name}")) as store:
                found |= raised(store)
    return found


@pytest.mark.parametrize("place", range(len(questions.rules())))
def test_a_rule_is_raised_by_a_delivery_and_not_by_another(of_services, place):
    rule = questions.rules()[place]
    raising = {service for service, rules in of_services.items() if place in rules}
    assert raising, f"nobody raises {rule.test} of {rule.metric or rule.kind}"
    if not rule.last:  # the last rule is asked only where no other raised a question, so anybody may hold to it
        assert set(of_services) - raising, f"everybody raises {rule.test} of {rule.metric or rule.kind}"


def test_no_service_is_without_a_question(of_services):
    assert all(of_services.values())
