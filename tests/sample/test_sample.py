"""The synthetic delivery: valid by a plain reading of the data dictionary, the same for the same seed, near the published figures."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from statistics import median

import openpyxl
import pyarrow.parquet as pq
import pytest

from journeys.sample import lives, services
from journeys.sample.archetypes import ARCHETYPES
from journeys.sample.codes import SCHEMA

Row = dict[str, str]
Tables = dict[str, list[Row]]

# Written out again from the data dictionary on purpose: the sample's own lists are what is being checked.
COLUMNS = {
    "service": "service_id service_name commissioner_code commissioner_name model link_workers_co_located client_key funding"
    " opened_on data_from data_to records_goals records_outcomes follows_up_after_closure records_reasons records_contacts"
    " records_activities records_measures goals_from ages support_offer employment_adviser_on_site"
    " staff_trained_in_employment_support jobcentre_link work_outcomes_asked_for work_outcomes_in_specification"
    " contract_from contract_to",
    "journey": "journey_id client_ref service_id referred_on referral_source first_contact_on closed_on closure_reason"
    " age_at_referral gender ethnic_group imd_decile long_term_conditions employment_status",
    "referral_reason": "service_id journey_id reason main",
    "goal": "service_id journey_id goal set_on status status_on",
    "contact": "service_id journey_id contact_on kind minutes attended",
    "activity": "service_id journey_id referred_on activity started_on ended_on why_not",
    "outcome": "service_id journey_id outcome started_on ended_on last_confirmed_on hours_per_week contract pay_benefits"
    " contract_terms job_design work_life_balance relationships voice health_wellbeing",
    "measure": "service_id journey_id measured_on tool item score",
    "service_change": "service_id changed_on title detail",
}
CODES = {
    ("service", "model"): "signposting light medium holistic",
    ("service", "link_workers_co_located"): "yes no",
    ("service", "funding"): "health social_care employment pooled charitable social_impact_bond other",
    ("service", "records_goals"): "yes no",
    ("service", "records_outcomes"): "yes no",
    ("service", "follows_up_after_closure"): "yes no",
    ("service", "support_offer"): "in_house signposting both",
    ("service", "jobcentre_link"): "none contact co_located referrals",
    **{
        ("service", flag): "yes no"
        for flag in (
            "records_reasons",
            "records_contacts",
            "records_activities",
            "records_measures",
            "employment_adviser_on_site",
            "staff_trained_in_employment_support",
            "work_outcomes_asked_for",
            "work_outcomes_in_specification",
        )
    },
    ("contact", "attended"): "yes no",
    ("activity", "why_not"): "none_available waiting_list travel cost health not_suitable choice",
    ("journey", "referral_source"): "gp other_primary_care hospital mental_health_service drug_and_alcohol_service"
    " adult_social_care jobcentre_plus housing_association local_authority voluntary_sector self other",
    (
        "journey",
        "closure_reason",
    ): "completed disengaged declined could_not_contact referred_elsewhere moved_away died other",
    ("journey", "gender"): "female male non_binary other not_stated",
    ("journey", "ethnic_group"): "asian black mixed white other not_stated",
    ("journey", "employment_status"): "employed unemployed_seeking student long_term_sick homemaker not_seeking"
    " volunteering retired not_stated unknown",
    ("referral_reason", "reason"): "physical_mental_health lifestyle_change social_welfare_advice financial_advice"
    " social_isolation wellbeing self_care_ltc employment training_learning other",
    ("referral_reason", "main"): "yes no",
    (
        "goal",
        "goal",
    ): "financial lifestyle mental_wellbeing social_networks physical_health employment new_skills housing"
    " volunteering other",
    ("goal", "status"): "open achieved partly_achieved not_achieved withdrawn",
    ("contact", "kind"): "face_to_face telephone video group message",
    (
        "activity",
        "activity",
    ): "money_benefits_advice housing_support health_self_care physical_activity arts_creative nature"
    " befriending_social peer_support counselling_wellbeing learning_skills digital_skills volunteering_support"
    " employment_support other",
    ("outcome", "outcome"): "training education qualification volunteering work_experience job_started self_employment"
    " apprenticeship job_kept",
    ("outcome", "contract"): "permanent fixed_term agency zero_hours self_employed apprenticeship other",
}
RATINGS = (
    "pay_benefits",
    "contract_terms",
    "job_design",
    "work_life_balance",
    "relationships",
    "voice",
    "health_wellbeing",
)
RANGES = {
    ("journey", "age_at_referral"): (0, 120),
    ("journey", "imd_decile"): (1, 10),
    ("journey", "long_term_conditions"): (0, 30),
    ("contact", "minutes"): (0, 1440),
    ("outcome", "hours_per_week"): (0, 100),
} | {("outcome", rating): (1, 5) for rating in RATINGS}
REQUIRED = {
    "service": "service_id service_name commissioner_code commissioner_name model data_from data_to records_goals"
    " records_outcomes",
    "journey": "journey_id client_ref service_id referred_on referral_source",
    "referral_reason": "reason",
    "goal": "goal set_on status",
    "contact": "contact_on kind",
    "activity": "referred_on activity",
    "outcome": "outcome started_on",
    "measure": "measured_on tool item score",
    "service_change": "service_id changed_on title",
}
STAR = (
    "lifestyle",
    "looking_after_yourself",
    "managing_symptoms",
    "work_volunteering",
    "money",
    "where_you_live",
    "family_friends",
    "feeling_positive",
)
TOOLS = {
    "swemwbs": (["total"], 7, 35),
    "wemwbs": (["total"], 14, 70),
    "ons4": (["life_satisfaction", "worthwhile", "happiness", "anxiety"], 0, 10),
    "wellbeing_star": (STAR, 1, 5),
    "pam": (["score"], 0, 100),
    "ucla3": (["total"], 3, 9),
}
KEYS = {
    "service": "service_id",
    "journey": "service_id journey_id",
    "referral_reason": "service_id journey_id reason",
    "measure": "service_id journey_id measured_on tool item",
}
CHILDREN = ("referral_reason", "goal", "contact", "activity", "outcome", "measure")
ORDERED = {
    "goal": [("set_on", "status_on")],
    "activity": [("started_on", "ended_on")],
    "outcome": [("started_on", "ended_on")],
}
PHONE = re.compile(r"(\+44|0)[\d ]{9,12}")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
FOUND_WORK = ("job_started", "self_employment", "apprenticeship")


def read(folder: Path) -> Tables:
    tables = {}
    for name in COLUMNS:
        with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return tables


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return lives.write(tmp_path_factory.mktemp("small") / "delivery", journeys=2_000)


@pytest.fixture(scope="module")
def default(tmp_path_factory) -> Tables:
    return read(lives.write(tmp_path_factory.mktemp("default") / "delivery"))


# --- a plain reading of the data dictionary -------------------------------------------------------------------------


def broken(tables: Tables) -> list[str]:
    """Every rule of the data dictionary that a row breaks, in words."""
    return [
        *(f"{t}: columns" for t, rows in tables.items() if rows and list(rows[0]) != COLUMNS[t].split()),
        *broken_values(tables),
        *broken_keys(tables),
        *broken_dates(tables),
        *broken_measures(tables["measure"]),
        *broken_job_kept(tables),
    ]


def broken_values(tables: Tables):
    for (table, column), codes in CODES.items():
        strange = {row[column] for row in tables[table]} - {"", *codes.split()}
        yield from (f"{table}.{column}: {code!r}" for code in strange)
    for (table, column), (low, high) in RANGES.items():
        values = {row[column] for row in tables[table]} - {""}
        yield from (f"{table}.{column}: {v}" for v in values if not low <= float(v) <= high)
        if column != "hours_per_week":
            yield from (f"{table}.{column}: {v} is not whole" for v in values if not v.isdigit())
    for table, columns in REQUIRED.items():
        for column in columns.split():
            if not all(row[column] for row in tables[table]):
                yield f"{table}.{column}: empty"


def broken_keys(tables: Tables):
    for table, columns in KEYS.items():
        keys = Counter(tuple(row[c] for c in columns.split()) for row in tables[table])
        yield from (f"{table}: {key} twice" for key, n in keys.items() if n > 1)
    services = {row["service_id"] for row in tables["service"]}
    journeys = {key(row) for row in tables["journey"]}
    for table in ("journey", "service_change"):
        yield from (f"{table}: unknown {row}" for row in tables[table] if row["service_id"] not in services)
    for table in CHILDREN:
        yield from (f"{table}: unknown {row}" for row in tables[table] if key(row) not in journeys)
    mains = Counter(key(row) for row in tables["referral_reason"] if row["main"] == "yes")
    yield from (f"referral_reason: {k} has {n} main" for k, n in mains.items() if n > 1)


def key(row: Row) -> tuple[str, str]:
    return row["service_id"], row["journey_id"]


def broken_dates(tables: Tables):
    """ISO dates compare as text."""
    service = {row["service_id"]: row for row in tables["service"]}
    referred = {key(row): row["referred_on"] for row in tables["journey"]}
    for row in tables["journey"]:
        if not service[row["service_id"]]["data_from"] <= row["referred_on"] <= service[row["service_id"]]["data_to"]:
            yield f"journey: referred on {row['referred_on']}"
    for table in ("journey", *CHILDREN):
        dates = [column for column in COLUMNS[table].split() if column.endswith("_on")]
        for row in tables[table]:
            first, last = referred[key(row)], service[row["service_id"]]["data_to"]
            for column in dates:
                if row[column] and not first <= str(date.fromisoformat(row[column])) <= last:
                    yield f"{table}.{column}: {row[column]} is not in {first}..{last}"
    for table, pairs in ORDERED.items():
        for start, end in pairs:
            late = [row for row in tables[table] if row[end] and (not row[start] or row[end] < row[start])]
            yield from (f"{table}: {row[end]} before {row[start]}" for row in late)
    yield from (
        f"goal: {row['status']} without a day"
        for row in tables["goal"]
        if (row["status"] == "open") == bool(row["status_on"])
    )


def broken_measures(rows: list[Row]):
    for row in rows:
        if row["tool"] == "mbat":
            is_right = re.fullmatch(r"[a-z]+(_[a-z]+)*", row["item"]) and row["score"] in ("0", "1")
        else:
            items, low, high = TOOLS[row["tool"]]
            is_right = row["item"] in items and low <= float(row["score"]) <= high
        if not is_right:
            yield f"measure: {row}"


def broken_job_kept(tables: Tables):
    status = {key(row): row["employment_status"] for row in tables["journey"]}
    for row in tables["outcome"]:
        if row["outcome"] == "job_kept" and status[key(row)] != "employed":
            yield f"outcome: job_kept for {status[key(row)]!r}"


def identifying(text: str) -> bool:
    digits = re.sub(r"[ -]", "", text)
    return bool("@" in text or POSTCODE.search(text) or PHONE.search(text) or re.search(r"\d{10}", digits))


def test_every_rule_of_the_dictionary_holds(small):
    assert broken(read(small)) == []


def test_nothing_looks_like_a_person(small):
    tables = read(small)
    texts = {row[c] for row in tables["journey"] for c in ("journey_id", "client_ref")}
    texts |= {
        v for row in tables["service"] + tables["service_change"] for c, v in row.items() if not c.endswith("_on")
    }
    assert [text for text in texts if identifying(text)] == []
    assert all(re.search("[a-zA-Z]", row["client_ref"]) for row in tables["journey"])


def test_rules_hold_for_other_seeds_and_many_services(tmp_path):
    assert broken(read(lives.write(tmp_path / "delivery", journeys=1_500, services=19, seed=7))) == []


def test_rules_hold_across_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(lives, "CHUNK", 97)
    assert broken(read(lives.write(tmp_path / "delivery", journeys=1_000))) == []


@pytest.mark.slow
def test_rules_hold_for_many_journeys(tmp_path):
    tables = read(lives.write(tmp_path / "delivery", journeys=60_000, services=3))
    assert len(tables["journey"]) == 60_000
    assert broken(tables) == []


def test_its_codes_are_those_of_the_checked_dictionary():
    for (table, column), codes in CODES.items():
        kind = SCHEMA[table][column]
        if not isinstance(kind, str):
            assert set(kind) <= set(codes.split())


# --- the same seed, the same bytes ----------------------------------------------------------------------------------


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_same_seed_same_bytes(small, tmp_path):
    assert bytes_of(lives.write(tmp_path / "again", journeys=2_000)) == bytes_of(small)


def test_another_seed_gives_other_journeys(small, tmp_path):
    other = bytes_of(lives.write(tmp_path / "other", journeys=2_000, seed=2))
    assert other["journey.csv"] != bytes_of(small)["journey.csv"]


# --- services -------------------------------------------------------------------------------------------------------


def test_service_names_are_short_and_marked():
    names = [service.name for service in services.plan_of(5_000, 200)]
    assert len(set(names)) == 200
    assert all(len(name) < 45 and name.endswith("(synthetic)") for name in names)


def test_eight_services_under_three_commissioners(default):
    rows = default["service"]
    assert len(rows) == 8
    assert len({row["commissioner_code"] for row in rows}) == 3
    assert {row["funding"] for row in rows} >= {"social_impact_bond"}
    assert {row["model"] for row in rows} == set(CODES["service", "model"].split())
    assert Counter(row["records_outcomes"] for row in rows)["no"] == 1
    assert max(row["data_to"] for row in rows) == "2026-03-31"
    assert min(row["data_to"] for row in rows) == "2026-01-31"
    assert max(row["data_from"] for row in rows) > min(row["data_from"] for row in rows) == "2021-04-01"


@pytest.mark.parametrize(("n_journeys", "n_services"), [(1, 1), (3, 8), (250, 1), (1_001, 30)])
def test_journeys_are_shared_out_exactly(n_journeys, n_services):
    plan = services.plan_of(n_journeys, n_services)
    assert len(plan) == n_services
    assert sum(service.n_journeys for service in plan) == n_journeys


def test_one_journey_has_every_table(tmp_path):
    tables = read(lives.write(tmp_path / "delivery", journeys=1, services=1))
    assert len(tables["journey"]) == 1
    assert broken(tables) == []


def test_a_service_without_outcomes_or_goals_has_none(default):
    for flag, table in (("records_outcomes", "outcome"), ("records_goals", "goal")):
        without = {row["service_id"] for row in default["service"] if row[flag] == "no"}
        assert without
        assert without.isdisjoint(row["service_id"] for row in default[table])


def test_drug_and_alcohol_referrals_begin_with_the_service_change(default):
    changed = next(row["changed_on"] for row in default["service_change"] if "alcohol" in row["title"])
    days = [r["referred_on"] for r in default["journey"] if r["referral_source"] == "drug_and_alcohol_service"]
    assert len(days) > 50
    assert min(days) >= changed


# --- people ---------------------------------------------------------------------------------------------------------


def test_people_come_back_also_by_another_door(default):
    key_of = {row["service_id"]: row["client_key"] or row["service_id"] for row in default["service"]}
    visits = defaultdict(list)
    for row in default["journey"]:
        visits[key_of[row["service_id"]], row["client_ref"]].append(row)
    assert 0.8 < len(visits) / len(default["journey"]) < 0.95
    assert sum(len({row["service_id"] for row in rows}) > 1 for rows in visits.values()) > 50


def test_nobody_is_referred_after_they_died(default):
    key_of = {row["service_id"]: row["client_key"] or row["service_id"] for row in default["service"]}
    by_person = defaultdict(list)
    for row in default["journey"]:
        by_person[key_of[row["service_id"]], row["client_ref"]].append(row)
    dead = [rows for rows in by_person.values() if any(row["closure_reason"] == "died" for row in rows)]
    assert dead
    assert all(len(rows) == 1 for rows in dead)


def test_ages_suit_the_services(default):
    ages = defaultdict(list)
    for row in default["journey"]:
        if row["age_at_referral"]:
            ages[row["service_id"]].append(int(row["age_at_referral"]))
    assert sum(age >= 65 for age in ages["ostermere-navigators"]) > 0.7 * len(ages["ostermere-navigators"])
    assert min(ages["ostermere-futures"]) >= 40
    assert max(ages["ostermere-futures"]) <= 74
    assert min(ages["tarnholt-centre"]) >= 18


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [("age_at_referral", 0.01, 0.05), ("imd_decile", 0.03, 0.1), ("long_term_conditions", 0.05, 0.2)],
)
def test_records_have_gaps(default, column, low, high):
    empty = sum(not row[column] for row in default["journey"])
    assert low < empty / len(default["journey"]) < high


def test_referrals_grow_and_rest_at_christmas(default):
    months = Counter(row["referred_on"][:7] for row in default["journey"])
    years = Counter(row["referred_on"][:4] for row in default["journey"])
    assert years["2025"] > years["2022"]
    assert all(months[f"{year}-12"] < months[f"{year}-11"] for year in range(2021, 2026))


# --- near the published figures -------------------------------------------------------------------------------------


def within(tables: Tables, service_id: str, outcomes: tuple[str, ...], days: int, statuses=None) -> float:
    """Share of the service's journeys with the opportunity whose first such outcome came within so many days."""
    data_to = next(date.fromisoformat(r["data_to"]) for r in tables["service"] if r["service_id"] == service_id)
    base = {
        row["journey_id"]: date.fromisoformat(row["referred_on"])
        for row in tables["journey"]
        if row["service_id"] == service_id
        and data_to - date.fromisoformat(row["referred_on"]) >= timedelta(days)
        and (statuses is None or row["employment_status"] in statuses)
    }
    hits = {
        row["journey_id"]
        for row in tables["outcome"]
        if row["service_id"] == service_id
        and row["outcome"] in outcomes
        and float(row["hours_per_week"] or 99) >= (4 if outcomes == FOUND_WORK else 0)
        and row["journey_id"] in base
        and date.fromisoformat(row["started_on"]) - base[row["journey_id"]] <= timedelta(days)
    }
    return len(hits) / len(base)


OUT_OF_WORK = ("unemployed_seeking", "student", "long_term_sick", "homemaker", "not_seeking", "volunteering")
LEARNING = ("training", "education")


@pytest.mark.parametrize(
    ("service_id", "outcomes", "days", "statuses", "low", "high"),
    [
        pytest.param("wrenborough-mh", FOUND_WORK, 365, None, 0.018, 0.045, id="work 3%: 10 of 316"),
        pytest.param("wrenborough-mh", LEARNING, 365, None, 0.13, 0.19, id="training 16%: 48 of 298"),
        pytest.param("wrenborough-mh", ("volunteering",), 365, None, 0.10, 0.16, id="volunteering 13%: 38 of 298"),
        pytest.param("tarnholt-next-steps", FOUND_WORK, 365, OUT_OF_WORK, 0.12, 0.24, id="work 17%: 9 of 53"),
        pytest.param("tarnholt-signpost", LEARNING, 183, None, 0.005, 0.03, id="training at most 2%: 40 of 2000"),
        pytest.param(
            "tarnholt-signpost", ("volunteering",), 183, None, 0.005, 0.03, id="volunteering 1.6%: 31 of 2000"
        ),
        pytest.param("tarnholt-signpost", FOUND_WORK, 183, None, 0.0, 0.012, id="work 0.5%: 10 of 2000"),
    ],
)
def test_outcomes_lie_near_the_published_ones(default, service_id, outcomes, days, statuses, low, high):
    assert low <= within(default, service_id, outcomes, days, statuses) <= high


def share_of_journeys(rows: list[Row], column: str, code: str) -> float:
    """Share with the code among the journeys with any row."""
    return len({key(row) for row in rows if row[column] == code}) / len({key(row) for row in rows})


def of_service(tables: Tables, table: str, service_id: str) -> list[Row]:
    return [row for row in tables[table] if row["service_id"] == service_id]


def test_work_is_a_goal_for_one_in_ten_of_the_mental_health_scheme(default):
    assert 0.07 < share_of_journeys(of_service(default, "goal", "wrenborough-mh"), "goal", "employment") < 0.13


@pytest.mark.parametrize("service_id", ["wrenborough-ltc", "ostermere-futures"])
def test_work_goals_are_under_one_in_a_hundred_goals_of_older_services(default, service_id):
    goals = Counter(row["goal"] for row in of_service(default, "goal", service_id))
    assert 0 < goals["employment"] / goals.total() < 0.01
    assert goals["volunteering"] > 2 * goals["employment"]


def test_employment_is_a_reason_for_an_eighth_in_the_centre_with_advisers(default):
    reasons = of_service(default, "referral_reason", "tarnholt-centre")
    assert 0.1 < share_of_journeys(reasons, "reason", "employment") < 0.16


def test_reasons_stand_in_the_published_order(default):
    counts = Counter(row["reason"] for row in default["referral_reason"] if row["reason"] != "other")
    assert [reason for reason, _ in counts.most_common()] == CODES["referral_reason", "reason"].split()[:-1]


def test_goals_stand_in_the_published_order(default):
    counts = Counter(row["goal"] for row in default["goal"] if row["goal"] not in ("other", "volunteering"))
    assert [goal for goal, _ in counts.most_common()] == CODES["goal", "goal"].split()[:-2]


# --- the way to work ------------------------------------------------------------------------------------------------


def days_since_referral(tables: Tables, table: str, column: str, is_wanted) -> list[int]:
    referred = {key(row): date.fromisoformat(row["referred_on"]) for row in tables["journey"]}
    rows = [row for row in tables[table] if row[column] and is_wanted(row)]
    return [(date.fromisoformat(row[column]) - referred[key(row)]).days for row in rows]


def test_steps_come_in_their_usual_order_and_work_comes_late(default):
    basics = days_since_referral(default, "activity", "started_on", lambda r: r["activity"] == "money_benefits_advice")
    goals = days_since_referral(
        default, "goal", "status_on", lambda r: r["goal"] == "mental_wellbeing" and r["status"] == "achieved"
    )
    training = days_since_referral(default, "outcome", "started_on", lambda r: r["outcome"] == "training")
    volunteering = days_since_referral(default, "outcome", "started_on", lambda r: r["outcome"] == "volunteering")
    work = days_since_referral(default, "outcome", "started_on", lambda r: r["outcome"] in FOUND_WORK)
    medians = [median(days) for days in (basics, goals, training, volunteering, work)]
    assert medians == sorted(medians)
    assert medians[-1] > 220


def test_jobs_are_confirmed_after_13_26_and_52_weeks_and_some_end(default):
    jobs = [row for row in default["outcome"] if row["outcome"] in FOUND_WORK]
    confirmed = [
        (date.fromisoformat(row["last_confirmed_on"]) - date.fromisoformat(row["started_on"])).days
        for row in jobs
        if row["last_confirmed_on"]
    ]
    assert min(confirmed) >= 91
    reached = [sum(days >= weeks * 7 for days in confirmed) for weeks in (13, 26, 52)]
    assert reached[0] > reached[1] > reached[2] > 20
    assert 0.15 < sum(bool(row["ended_on"]) for row in jobs) / len(jobs) < 0.5
    assert not [row for row in jobs if row["ended_on"] and row["last_confirmed_on"] > row["ended_on"]]


def test_kept_jobs_and_ratings_are_there(default):
    kept = [row for row in default["outcome"] if row["outcome"] == "job_kept"]
    assert any(row["ended_on"] for row in kept)
    assert any(row["last_confirmed_on"] for row in kept)
    assert all(any(row[rating] for row in default["outcome"]) for rating in RATINGS)
    assert any(row["hours_per_week"] and float(row["hours_per_week"]) < 4 for row in default["outcome"])


def pairs_of(rows: list[Row]) -> list[tuple[float, float]]:
    ordered = sorted(rows, key=lambda row: (*key(row), row["tool"], row["item"], row["measured_on"]))
    series = [list(g) for _, g in groupby(ordered, key=lambda row: (*key(row), row["tool"], row["item"]))]
    return [(float(s[0]["score"]), float(s[-1]["score"])) for s in series if len(s) > 1]


def test_wellbeing_rises_on_average_and_falls_for_some(default):
    pairs = pairs_of([row for row in default["measure"] if row["tool"] == "swemwbs"])
    changes = [latest - first for first, latest in pairs]
    assert 0.5 < sum(changes) / len(changes) < 4
    assert 0.1 < sum(change < 0 for change in changes) / len(changes) < 0.4


def test_many_have_no_second_reading_and_every_tool_is_used(default):
    readings = Counter((*key(row), row["tool"], row["item"]) for row in default["measure"])
    assert 0.25 < sum(n == 1 for n in readings.values()) / len(readings) < 0.8
    assert {row["tool"] for row in default["measure"]} == {*TOOLS, "mbat"}


def test_barriers_go_and_new_ones_come(default):
    pairs = pairs_of([row for row in default["measure"] if row["tool"] == "mbat"])
    assert sum(pair == (1, 0) for pair in pairs) > sum(pair == (0, 1) for pair in pairs) > 0


def test_stars_come_every_six_months_for_eighteen(default):
    stars = [row for row in default["measure"] if row["tool"] == "wellbeing_star" and row["item"] == "money"]
    counts = Counter(key(row) for row in stars)
    assert max(counts.values()) == 4
    assert {row["service_id"] for row in stars} == {"ostermere-futures"}


# --- formats --------------------------------------------------------------------------------------------------------


def test_parquet_holds_the_same_rows(small, tmp_path):
    folder = lives.write(tmp_path / "delivery", journeys=2_000, format="parquet")
    for name, rows in read(small).items():
        table = pq.read_table(folder / f"{name}.parquet")
        assert table.column_names == COLUMNS[name].split()
        assert [as_text(row) for row in table.to_pylist()] == rows


def as_text(row: dict[str, object]) -> Row:
    return {column: cell_text(value) for column, value in row.items()}


def cell_text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_workbook_holds_the_same_rows(tmp_path):
    texts = read(lives.write(tmp_path / "csv", journeys=120))
    folder = lives.write(tmp_path / "xlsx", journeys=120, format="xlsx")
    assert {path.name for path in folder.iterdir()} == {"delivery.xlsx", "SYNTHETIC.txt"}
    book = openpyxl.load_workbook(folder / "delivery.xlsx")
    assert book.sheetnames == list(COLUMNS)
    for name, rows in texts.items():
        header, *cells = book[name].iter_rows(values_only=True)
        assert list(header) == COLUMNS[name].split()
        assert [as_text(dict(zip(header, map(day_only, row), strict=True))) for row in cells] == rows
    book.close()


def day_only(value: object) -> object:
    return value.date() if hasattr(value, "date") else value


def test_a_workbook_that_would_not_fit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(lives, "WORKBOOK_ROWS", 300)
    with pytest.raises(ValueError, match=r"more than 300 rows of .* csv or parquet"):
        lives.write(tmp_path / "delivery", journeys=500, format="xlsx")
    assert list(tmp_path.iterdir()) == []


# --- folders --------------------------------------------------------------------------------------------------------


def test_says_that_it_is_synthetic(small):
    text = (small / "SYNTHETIC.txt").read_text(encoding="utf-8")
    assert text.startswith("SYNTHETIC DATA")
    assert "2000 journeys, 8 services, seed 1" in text


def test_replaces_an_earlier_sample(tmp_path):
    folder = lives.write(tmp_path / "delivery", journeys=60, format="parquet")
    lives.write(folder, journeys=40)
    assert {path.suffix for path in folder.iterdir()} == {".csv", ".txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["delivery"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "delivery").mkdir()
    assert (lives.write(tmp_path / "delivery", journeys=5) / "journey.csv").exists()


@pytest.mark.parametrize("name", ["journey.csv", "notes.txt"])
def test_a_folder_of_somebody_elses_is_refused(tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="new or empty"):
        lives.write(tmp_path, journeys=5)
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_sample_with_something_added_is_refused(tmp_path):
    folder = lives.write(tmp_path / "delivery", journeys=5)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="new or empty"):
        lives.write(folder, journeys=5)


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "delivery").write_text("", encoding="utf-8")
    with pytest.raises(FileExistsError, match="is a file"):
        lives.write(tmp_path / "delivery", journeys=5)


@pytest.mark.parametrize("format", ["csv", "parquet", "xlsx"])
def test_an_interrupted_run_leaves_what_was_there(tmp_path, format):
    folder = lives.write(tmp_path / "delivery", journeys=30)
    before = bytes_of(folder)

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lives.write(folder, journeys=50, format=format, progress=interrupt)
    assert bytes_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["delivery"]


def test_progress_counts_journeys_to_the_last(tmp_path, monkeypatch):
    monkeypatch.setattr(lives, "CHUNK", 100)
    calls = []
    lives.write(tmp_path / "delivery", journeys=1_000, services=3, progress=lambda *call: calls.append(call))
    assert calls[-1] == (1_000, 1_000)
    assert calls == sorted(calls)
    assert len(calls) > 9


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"journeys": 0}, "journeys is 0"),
        ({"services": 0}, "services is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"format": "ods"}, "'ods'.*csv, parquet, xlsx"),
    ],
)
def test_a_wrong_wish_is_refused_in_words(tmp_path, wrong, said):
    with pytest.raises(ValueError, match=said):
        lives.write(tmp_path / "delivery", **wrong)


def test_every_archetype_says_what_it_follows():
    assert all(kind.follows and kind.slug.count("-") >= 1 for kind in ARCHETYPES)


# --- what services hand over ----------------------------------------------------------------------------------------


def test_a_third_of_work_goals_come_up_after_three_months(default):
    days = days_since_referral(default, "goal", "set_on", lambda r: r["goal"] == "employment")
    assert 0.25 < sum(day > 91 for day in days) / len(days) < 0.45


def test_services_hand_over_what_they_say_and_nothing_else(default):
    tables = {"reasons": "referral_reason", "goals": "goal", "outcomes": "outcome", "contacts": "contact"}
    tables |= {"activities": "activity", "measures": "measure"}
    for service in default["service"]:
        for kind, table in tables.items():
            rows = of_service(default, table, service["service_id"])
            assert bool(rows) == (service[f"records_{kind}"] == "yes"), (service["service_id"], kind)


def test_a_service_begins_to_record_goals_on_its_day(default):
    referred = {key(row): row["referred_on"] for row in default["journey"]}
    starts = {row["service_id"]: row["goals_from"] for row in default["service"] if row["goals_from"]}
    assert starts == {"tarnholt-centre": "2023-04-01"}
    for row in default["goal"]:
        assert referred[key(row)] >= starts.get(row["service_id"], "")


def test_some_contacts_are_missed_and_say_nothing_else(default):
    said = [row for row in default["contact"] if row["attended"]]
    missed = [row for row in said if row["attended"] == "no"]
    assert 0.05 < len(missed) / len(said) < 0.2
    assert not [row for row in missed if row["minutes"]]


def test_why_an_activity_did_not_start_is_said_of_those_alone(default):
    not_started = [row for row in default["activity"] if not row["started_on"]]
    said = [row for row in not_started if row["why_not"]]
    assert 0.5 < len(said) / len(not_started) < 0.7
    assert not [row for row in default["activity"] if row["why_not"] and row["started_on"]]
