"""Small random deliveries for the tests: valid under every rule of the data dictionary, unlike any real service.

`delivery(seed, **shape)` gives every table of the dictionary as a list of dicts (codes as str, dates as
datetime.date, flags as bool, numbers as int or float, not recorded as None); the same seed and shape give the same
delivery. `write(delivery, folder)` writes it as CSV. Nothing here is shared with the product.

The point is not to look real but to be awkward: many dates fall on day 0 and exactly on (or one day beside) the
horizons; clients return, some of them often, some on the very day; jobs start on the same day, end on the day they start,
are worked for under 4 hours; wellbeing slips back; services differ in what they record, since when and until when, are late
or have ended. Codes are drawn unevenly, so that some cells of any breakdown are large enough to be shown and others are not.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from draws import (
    CLOSURE_REASONS,
    EMPLOYMENT,
    ETHNIC_GROUPS,
    FUNDING,
    GENDERS,
    HORIZONS,
    MODELS,
    SOURCES,
    TOOLS,
    Draws,
)
from events import CHILDREN, Habits, rows_of

__all__ = ["CHILDREN", "COLUMNS", "KINDS", "Shape", "delivery", "write"]

# what is handed over -> the child table that holds it
KINDS = {
    "goals": "goal",
    "outcomes": "outcome",
    "reasons": "referral_reason",
    "contacts": "contact",
    "activities": "activity",
    "measures": "measure",
}
COLUMNS = {
    "service": (
        "service_id service_name commissioner_code commissioner_name model link_workers_co_located client_key funding"
        " opened_on data_from data_to records_goals records_outcomes follows_up_after_closure records_reasons"
        " records_contacts records_activities records_measures goals_from goals_to outcomes_from outcomes_to reasons_from"
        " reasons_to contacts_from contacts_to activities_from activities_to measures_from measures_to closed_on ages"
        " replaces support_offer employment_adviser_on_site staff_trained_in_employment_support jobcentre_link"
        " work_outcomes_asked_for work_outcomes_in_specification contract_from contract_to"
    ),
    "journey": (
        "journey_id client_ref service_id referred_on referral_source first_contact_on closed_on closure_reason"
        " age_at_referral gender ethnic_group imd_decile long_term_conditions employment_status"
    ),
    "referral_reason": "service_id journey_id reason main",
    "goal": "service_id journey_id goal set_on status status_on",
    "contact": "service_id journey_id contact_on kind minutes attended",
    "activity": "service_id journey_id referred_on activity started_on ended_on why_not",
    "outcome": (
        "service_id journey_id outcome started_on ended_on last_confirmed_on hours_per_week contract pay_benefits"
        " contract_terms job_design work_life_balance relationships voice health_wellbeing"
    ),
    "measure": "service_id journey_id measured_on tool item score",
    "service_change": "service_id changed_on title detail",
}
COLUMNS = {table: names.split() for table, names in COLUMNS.items()}


@dataclass(frozen=True)
class Shape:
    """What a delivery looks like; every field may be given to `delivery`.

    `services`, `commissioners` and `months` (length of the longest data period) are drawn when None.
    `empty`: child tables handed over without rows; `missing`: child tables not handed over at all.
    `outcomes`: 'some' or 'none'; `closures`: 'some', 'early' (all within two months) or 'none'.
    `recording`: 'mixed' (the first service records everything, the others vary), 'all', 'none', 'alone' (the first
    everything, the others outcomes alone) or 'later' (all begin to record some kinds late or stop, and say so or not),
    or 'unsaid' (all begin to record some kinds late and do not say so).
    `follow_up`: True, False or None (varies). `returning`: the chance that a referral is of a client already known.
    `identical`: every journey has the same client attributes (one big cell).
    `awkward`: nearly every date falls exactly on a horizon, some open journeys have a reason for closing, a service says that
    it records what it does not hand over, a client key is another service's name, barriers are called like items of other tools, and rare codes are frequent.
    `employment`: everyone's status at referral; None: all of them.
    `span`: the days from the first to the last of every service's data but the first one's.
    """

    journeys: int = 400
    services: int | None = None
    commissioners: int | None = None
    months: int | None = None
    empty: tuple = ()
    missing: tuple = ()
    outcomes: str = "some"
    closures: str = "some"
    recording: str = "mixed"
    follow_up: bool | None = None
    returning: float | None = None
    identical: bool = False
    awkward: bool = False
    employment: str | None = None
    span: int | None = None


def delivery(seed, **shape):
    """Every table of the dictionary: {table: list of dicts, or None for a table that is not handed over}."""
    shape = Shape(**shape)
    rng = Draws(seed)
    if shape.awkward:
        rng.is_awkward, rng.edges, rng.share_on_edge, rng.falling = True, HORIZONS, 0.9, 1
    tables = {table: [] for table in COLUMNS}
    described = _services(rng, shape)
    tables["service"] = [service for service, _ in described]
    tables["service_change"] = _service_changes(rng, tables["service"])
    known = {}
    weights = rng.falling_weights(len(described))
    for number in range(shape.journeys):
        service, habits = rng.choices(described, weights)[0]
        journey = _journey(rng, shape, service, number, known)
        tables["journey"].append(journey)
        key = {"service_id": journey["service_id"], "journey_id": journey["journey_id"]}
        for table, rows in rows_of(rng, shape, service, habits, journey).items():
            tables[table] += [key | row for row in rows]
    for table in shape.empty:
        tables[table] = []
    for table in shape.missing:
        tables[table] = None
    return {table: _in_columns(table, rows) for table, rows in tables.items()}


def write(delivery, folder):
    """Write a delivery as UTF-8 CSV files, one a table, into `folder` (made if absent); gives the folder back."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        if delivery.get(table) is None:
            continue
        with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in delivery[table]:
                writer.writerow([_as_text(row[column]) for column in columns])
    return folder


def _as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _in_columns(table, rows):
    if rows is None:
        return None
    return [{column: row.get(column) for column in COLUMNS[table]} for row in rows]


# -- services ---------------------------------------------------------------------------------------------------------


def _services(rng, shape):
    """Every service with its habits."""
    n_services = shape.services or rng.randint(1, 6)
    n_commissioners = min(n_services, shape.commissioners or rng.randint(1, 3))
    months = shape.months or rng.choice([14, 20, 27, 33, 40, 52])
    latest = date(2024, rng.randint(7, 12), 1) + timedelta(days=rng.choice([-1, 0, 5, 13, 24, 29]))
    earliest = latest - timedelta(days=months * 30)
    described = []
    for number in range(n_services):
        service = _service(rng, shape, number, number % n_commissioners, earliest, latest)
        described.append((service, _habits(rng, shape, service, is_varied=number > 0)))
    return described


def _service(rng, shape, number, commissioner, earliest, latest):
    is_varied = number > 0
    data_from = earliest + timedelta(days=rng.choice([0, 0, 45, 120])) if is_varied else earliest
    data_to = latest - timedelta(days=rng.choice([0, 0, 0, 31, 100, 182, 190, 215, 300])) if is_varied else latest
    data_to = max(data_to, data_from + timedelta(days=60))
    if is_varied and shape.span:
        data_from = data_to - timedelta(days=shape.span)
    follows_up = rng.choice([True, False, None]) if shape.follow_up is None else shape.follow_up
    return {
        "service_id": f"service-{number + 1}",
        "service_name": f"Service {number + 1}",
        "commissioner_code": f"board-{commissioner + 1}",
        "commissioner_name": f"Board {commissioner + 1}",
        "model": rng.skewed(MODELS),
        "link_workers_co_located": rng.choice([True, False, None]),
        "client_key": _client_key(rng, shape, is_varied),
        "funding": rng.skewed(FUNDING),
        "opened_on": rng.choice([None, data_from - timedelta(days=rng.randint(0, 900))]),
        "data_from": data_from,
        "data_to": data_to,
        "follows_up_after_closure": follows_up,
        "closed_on": rng.perhaps(0.15, lambda: data_to) if is_varied else None,
        "ages": rng.choice([None, "18+", "16-64"]),
        "support_offer": rng.choice([None, "in_house", "signposting", "both"]),
        "employment_adviser_on_site": rng.choice([True, False, None]),
        "staff_trained_in_employment_support": rng.choice([True, False, None]),
        "jobcentre_link": rng.choice([None, "none", "contact", "co_located", "referrals"]),
        "work_outcomes_asked_for": rng.choice([True, False, None]),
        "work_outcomes_in_specification": rng.choice([True, False, None]),
        "contract_from": rng.choice([None, data_from]),
        "contract_to": rng.choice([None, data_to]),
    }


def _client_key(rng, shape, is_varied):
    if shape.awkward:
        return "service-1" if is_varied else None
    return rng.choice(["shared-key", "shared-key", None, "other-key"])


def _habits(rng, shape, service, is_varied):
    """Draw what a service hands over; its flags and dates of recording are filled in, telling it or leaving it to be seen."""
    tables, few = {}, {}
    for kind, table in KINDS.items():
        chance = {"all": 1, "none": 0, "alone": kind == "outcomes"}.get(shape.recording, 0.7)
        does_record = rng.random() < (chance if is_varied or shape.recording == "none" else 1)
        service[f"records_{kind}"] = _flag(rng, shape, kind, does_record)
        if does_record:
            tables[table] = service["data_from"]
            if shape.recording in ("mixed", "later", "unsaid") and (is_varied or shape.recording != "mixed"):
                tables[table] = _begins(rng, shape, service, kind)
        elif rng.random() < 0.3:
            few[table] = (set(), rng.choice([1, 7, 8]))
    tools = sorted(TOOLS)
    if is_varied or shape.recording == "later":
        tools = rng.sample(tools, rng.randint(1, len(tools)))
    return Habits(tables, tuple(tools), few, rng.random() < 0.6)


def _flag(rng, shape, kind, does_record):
    """Flags of goals and outcomes are required; the others may be left empty."""
    if KINDS[kind] in shape.missing and not shape.awkward:
        does_record = False
    if kind in ("goals", "outcomes"):
        return does_record
    return rng.choice([does_record, None])


def _begins(rng, shape, service, kind):
    """The day from whose referrals on a kind is handed over, and the columns that say so, or do not."""
    length = (service["data_to"] - service["data_from"]).days
    if shape.recording == "unsaid":
        return service["data_from"] + timedelta(days=rng.choice([0, 364, 365, 400, 500]))
    if rng.random() < (0.5 if shape.recording == "later" else 0.2):
        since = service["data_from"] + timedelta(days=min(length, rng.choice([40, 200, 364, 365, 400, 500, length])))
        if rng.random() < 0.5:
            service[f"{kind}_from"] = since
            if rng.random() < 0.4:  # rows of before that day are there, and yet not counted as recorded
                return service["data_from"]
        return since
    if rng.random() < 0.2:
        service[f"{kind}_to"] = service["data_to"] - timedelta(days=min(length, rng.choice([0, 40, 200])))
    return service["data_from"]


def _service_changes(rng, services):
    return [
        {
            "service_id": service["service_id"],
            "changed_on": service["data_from"] + timedelta(days=rng.randint(30, 60)),
            "title": "New referrer",
            "detail": rng.choice([None, "Referrals from the job centre began"]),
        }
        for service in services
        if rng.random() < 0.5
    ]


# -- journeys ---------------------------------------------------------------------------------------------------------


def _journey(rng, shape, service, number, known):
    client, referred_on = _client_and_day(rng, shape, service, known)
    possible = (service["data_to"] - referred_on).days
    journey = {
        "journey_id": f"j-{number + 1}",
        "client_ref": client,
        "service_id": service["service_id"],
        "referred_on": referred_on,
        "referral_source": rng.skewed(SOURCES),
        "first_contact_on": rng.perhaps(0.5, lambda: rng.day(referred_on, possible, soon=100)),
        "closed_on": _closure(rng, shape, referred_on, possible),
    }
    if journey["closed_on"] or (shape.awkward and rng.random() < 0.2):
        journey["closure_reason"] = rng.skewed(CLOSURE_REASONS)
    journey |= _SAME_CLIENT if shape.identical else _attributes(rng)
    known[service["client_key"] or service["service_id"]].setdefault(client, []).append(journey)
    return journey | ({"employment_status": shape.employment} if shape.employment else {})


def _client_and_day(rng, shape, service, known):
    """A client, new or met before under the same key, and the day of the referral: of a known one sometimes the day of
    an earlier referral, or exactly so long after a closure. A few clients come back again and again."""
    family = known.setdefault(service["client_key"] or service["service_id"], {})
    returning = 0.15 if shape.returning is None else shape.returning
    if not family or rng.random() >= returning:
        return f"c-{len(family) + 1}", _referral_day(rng, service)
    names = list(family)
    client = names[0] if rng.random() < 0.2 else rng.choice(names)
    earlier = rng.choice(family[client])
    from_on = earlier["closed_on"] or earlier["referred_on"]
    referred_on = from_on + timedelta(days=rng.choice(rng.edges))
    if rng.random() < 0.2:
        referred_on = earlier["referred_on"]
    is_possible = service["data_from"] <= referred_on <= service["data_to"]
    return client, referred_on if is_possible and rng.random() < 0.6 else _referral_day(rng, service)


def _referral_day(rng, service):
    """Anywhere in the data period, often at its ends or exactly a horizon before its end."""
    length = (service["data_to"] - service["data_from"]).days
    draw = rng.random()
    if draw < 0.15:
        return service["data_to"] - timedelta(days=rng.choice([edge for edge in rng.edges if edge <= length]))
    if draw < 0.17:
        return service["data_from"]
    leap = date(2024, 2, 29)
    if draw < 0.19 and service["data_from"] <= leap <= service["data_to"]:
        return leap
    return service["data_from"] + timedelta(days=rng.randint(0, length))


def _closure(rng, shape, referred_on, possible):
    if shape.closures == "none" or (shape.closures == "some" and rng.random() < 0.4):
        return None
    if shape.closures == "early":
        return referred_on + timedelta(days=rng.randint(0, min(60, possible)))
    return rng.day(referred_on, possible)


_SAME_CLIENT = {
    "age_at_referral": 40,
    "gender": "female",
    "ethnic_group": "white",
    "imd_decile": 2,
    "long_term_conditions": 1,
    "employment_status": "unemployed_seeking",
}


def _attributes(rng):
    return {
        "age_at_referral": rng.choice([None, 0, 15, 16, 24, 25, 34, 35, 40, 45, 49, 50, 60, 64, 65, 74, 75, 101]),
        "gender": rng.skewed(GENDERS),
        "ethnic_group": rng.skewed(ETHNIC_GROUPS),
        "imd_decile": rng.choice([None, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        "long_term_conditions": rng.choice([None, 0, 1, 1, 2, 2, 3, 4, 30]),
        "employment_status": rng.skewed(EMPLOYMENT),
    }
