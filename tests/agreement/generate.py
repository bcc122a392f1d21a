"""Small random deliveries for the tests: valid under every rule of the data dictionary, unlike any real service.

`delivery(seed, **shape)` gives every table of the dictionary as a list of dicts (codes as str, dates as
datetime.date, flags as bool, numbers as int or float, not recorded as None); the same seed and shape give the same
delivery. `write(delivery, folder)` writes it as CSV. Nothing here is shared with the product.

The point is not to look real but to be awkward: many dates fall on day 0 and exactly on (or one day beside) the
horizons; clients return, some of them often; jobs start on the same day, end on the day they start, are worked for
under 4 hours; wellbeing slips back; services differ in what they record and until when. Codes are drawn unevenly, so that
some cells of any breakdown are large enough to be shown and others are not.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

HORIZONS = [0, 28, 91, 182, 183, 274, 364, 365, 548, 730]
EDGES = [0, 0, 1, 27, 28, 29]
for _horizon in (91, 182, 183, 274, 364, 365, 548, 730):
    EDGES += [_horizon - 1, _horizon, _horizon, _horizon + 1]

COLUMNS = {
    "service": (
        "service_id service_name commissioner_code commissioner_name model link_workers_co_located client_key funding"
        " opened_on data_from data_to records_goals records_outcomes follows_up_after_closure"
    ),
    "journey": (
        "journey_id client_ref service_id referred_on referral_source first_contact_on closed_on closure_reason"
        " age_at_referral gender ethnic_group imd_decile long_term_conditions employment_status"
    ),
    "referral_reason": "service_id journey_id reason main",
    "goal": "service_id journey_id goal set_on status status_on",
    "contact": "service_id journey_id contact_on kind minutes",
    "activity": "service_id journey_id referred_on activity started_on ended_on",
    "outcome": (
        "service_id journey_id outcome started_on ended_on last_confirmed_on hours_per_week contract pay_benefits"
        " contract_terms job_design work_life_balance relationships voice health_wellbeing"
    ),
    "measure": "service_id journey_id measured_on tool item score",
    "service_change": "service_id changed_on title detail",
}
COLUMNS = {table: names.split() for table, names in COLUMNS.items()}
CHILDREN = ("referral_reason", "goal", "contact", "activity", "outcome", "measure")

MODELS = ["light", "holistic", "medium", "signposting"]
FUNDING = ["health", None, "pooled", "social_care", "charitable", "employment", "social_impact_bond", "other"]
SOURCES = [
    "gp",
    "self",
    "jobcentre_plus",
    "other_primary_care",
    "hospital",
    "voluntary_sector",
    "adult_social_care",
    "mental_health_service",
    "housing_association",
    "local_authority",
    "drug_and_alcohol_service",
    "other",
]
CLOSURE_REASONS = [
    "completed",
    "disengaged",
    "could_not_contact",
    "declined",
    "other",
    "referred_elsewhere",
    "moved_away",
    "died",
    None,
]
GENDERS = ["female", "male", "not_stated", None, "non_binary", "other"]
ETHNIC_GROUPS = ["white", "asian", "black", None, "mixed", "not_stated", "other"]
EMPLOYMENT = [
    "unemployed_seeking",
    "employed",
    "long_term_sick",
    "student",
    "volunteering",
    "retired",
    "not_seeking",
    "homemaker",
    "unknown",
    "not_stated",
    None,
]
REASONS = [
    "physical_mental_health",
    "social_isolation",
    "employment",
    "financial_advice",
    "wellbeing",
    "lifestyle_change",
    "training_learning",
    "social_welfare_advice",
    "self_care_ltc",
    "other",
]
GOALS = [
    "mental_wellbeing",
    "employment",
    "financial",
    "social_networks",
    "lifestyle",
    "new_skills",
    "housing",
    "physical_health",
    "volunteering",
    "other",
]
STATUSES = ["achieved", "open", "partly_achieved", "not_achieved", "withdrawn"]
KINDS = ["telephone", "face_to_face", "video", "group", "message"]
ACTIVITIES = [
    "employment_support",
    "money_benefits_advice",
    "learning_skills",
    "physical_activity",
    "befriending_social",
    "arts_creative",
    "housing_support",
    "health_self_care",
    "nature",
    "peer_support",
    "counselling_wellbeing",
    "digital_skills",
    "volunteering_support",
    "other",
]
JOBS = ["job_started", "self_employment", "apprenticeship"]
STONES = ["training", "volunteering", "education", "work_experience", "qualification"]
CONTRACTS = ["permanent", None, "fixed_term", "zero_hours", "agency", "self_employed", "apprenticeship", "other"]
RATINGS = [
    "pay_benefits",
    "contract_terms",
    "job_design",
    "work_life_balance",
    "relationships",
    "voice",
    "health_wellbeing",
]
STAR = [
    "lifestyle",
    "looking_after_yourself",
    "managing_symptoms",
    "work_volunteering",
    "money",
    "where_you_live",
    "family_friends",
    "feeling_positive",
]
BARRIERS = [
    "confidence",
    "debt",
    "digital_skills",
    "housing",
    "literacy",
    "motivation",
    "work_history",
    "rural_transport",
]
TOOLS = {
    "swemwbs": {"total": (7, 35)},
    "wemwbs": {"total": (14, 70)},
    "ons4": dict.fromkeys(("life_satisfaction", "worthwhile", "happiness", "anxiety"), (0, 10)),
    "wellbeing_star": dict.fromkeys(STAR, (1, 5)),
    "mbat": dict.fromkeys(BARRIERS, (0, 1)),
    "pam": {"score": (0, 100)},
    "ucla3": {"total": (3, 9)},
}
BARRIERS_NAMED_AS_ITEMS = dict.fromkeys(("money", "feeling_positive", "happiness"), (0, 1))


@dataclass(frozen=True)
class Shape:
    """What a delivery looks like; every field may be given to `delivery`.

    `services`, `commissioners` and `months` (length of the longest data period) are drawn when None.
    `empty`: child tables handed over without rows; `missing`: child tables not handed over at all.
    `outcomes`: 'some' or 'none'; `closures`: 'some', 'early' (all within two months) or 'none'.
    `recording`: 'mixed' (the first service records everything, the others vary), 'all' or 'none'.
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


class Draws(Random):
    """Random draws that know how often a date falls on an edge, on which, and how uneven codes are."""

    is_awkward, edges, share_on_edge, falling = False, EDGES, 0.35, 0.67


def delivery(seed, **shape):
    """Every table of the dictionary: {table: list of dicts, or None for a table that is not handed over}."""
    shape = Shape(**shape)
    rng = Draws(seed)
    if shape.awkward:
        rng.is_awkward, rng.edges, rng.share_on_edge, rng.falling = True, HORIZONS, 0.9, 1
    tables = {table: [] for table in COLUMNS}
    tables["service"] = _services(rng, shape)
    tables["service_change"] = _service_changes(rng, tables["service"])
    clients = {}
    weights = _falling(rng, len(tables["service"]))
    for number in range(shape.journeys):
        service = rng.choices(tables["service"], weights)[0]
        journey = _journey(rng, shape, service, number, clients)
        tables["journey"].append(journey)
        _children(rng, shape, tables, service, journey)
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
    n_services = shape.services or rng.randint(1, 6)
    n_commissioners = min(n_services, shape.commissioners or rng.randint(1, 3))
    months = shape.months or rng.choice([14, 20, 27, 33, 40])
    latest = date(2024, rng.randint(7, 12), 1) + timedelta(days=rng.choice([-1, 0, 13, 29]))
    earliest = latest - timedelta(days=months * 30)
    return [_service(rng, shape, number, number % n_commissioners, earliest, latest) for number in range(n_services)]


def _service(rng, shape, number, commissioner, earliest, latest):
    is_varied = number > 0
    data_from = earliest + timedelta(days=rng.choice([0, 0, 45, 120])) if is_varied else earliest
    data_to = latest - timedelta(days=rng.choice([0, 0, 31, 100])) if is_varied else latest
    if is_varied and shape.span:
        data_from = data_to - timedelta(days=shape.span)
    records = {"all": True, "none": False}.get(shape.recording)
    follows_up = rng.choice([True, False, None]) if shape.follow_up is None else shape.follow_up
    return {
        "service_id": f"service-{number + 1}",
        "service_name": f"Service {number + 1}",
        "commissioner_code": f"board-{commissioner + 1}",
        "commissioner_name": f"Board {commissioner + 1}",
        "model": _skewed(rng, MODELS),
        "link_workers_co_located": rng.choice([True, False, None]),
        "client_key": _client_key(rng, shape, is_varied),
        "funding": _skewed(rng, FUNDING),
        "opened_on": rng.choice([None, data_from - timedelta(days=rng.randint(0, 900))]),
        "data_from": data_from,
        "data_to": data_to,
        "records_goals": _records(rng, "goal", shape, records, is_varied),
        "records_outcomes": _records(rng, "outcome", shape, records, is_varied),
        "follows_up_after_closure": follows_up,
    }


def _client_key(rng, shape, is_varied):
    if shape.awkward:
        return "service-1" if is_varied else None
    return rng.choice(["shared-key", "shared-key", None, "other-key"])


def _records(rng, table, shape, records, is_varied):
    if table in shape.missing and not shape.awkward:
        return False
    if records is None:
        return rng.random() < 0.7 if is_varied else True
    return records


def _service_changes(rng, services):
    return [
        {
            "service_id": service["service_id"],
            "changed_on": service["data_from"] + timedelta(days=rng.randint(30, 300)),
            "title": "New referrer",
            "detail": rng.choice([None, "Referrals from the job centre began"]),
        }
        for service in services
        if rng.random() < 0.5
    ]


# -- journeys ---------------------------------------------------------------------------------------------------------


def _journey(rng, shape, service, number, clients):
    referred_on = _referral_day(rng, service)
    possible = (service["data_to"] - referred_on).days
    journey = {
        "journey_id": f"j-{number + 1}",
        "client_ref": _client(rng, shape, service, clients),
        "service_id": service["service_id"],
        "referred_on": referred_on,
        "referral_source": _skewed(rng, SOURCES),
        "first_contact_on": _perhaps(rng, 0.7, lambda: _day(rng, referred_on, possible, soon=40)),
        "closed_on": _closure(rng, shape, referred_on, possible),
    }
    if journey["closed_on"] or (shape.awkward and rng.random() < 0.2):
        journey["closure_reason"] = _skewed(rng, CLOSURE_REASONS)
    journey |= _SAME_CLIENT if shape.identical else _attributes(rng)
    return journey | ({"employment_status": shape.employment} if shape.employment else {})


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


def _client(rng, shape, service, clients):
    """A reference: new, or one met before under the same key. A few clients come back again and again."""
    known = clients.setdefault(service["client_key"] or service["service_id"], [])
    returning = 0.15 if shape.returning is None else shape.returning
    if known and rng.random() < returning:
        return known[0] if rng.random() < 0.2 else rng.choice(known)
    known.append(f"c-{len(known) + 1}")
    return known[-1]


def _closure(rng, shape, referred_on, possible):
    if shape.closures == "none" or (shape.closures == "some" and rng.random() < 0.4):
        return None
    if shape.closures == "early":
        return referred_on + timedelta(days=rng.randint(0, min(60, possible)))
    return _day(rng, referred_on, possible)


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
        "gender": _skewed(rng, GENDERS),
        "ethnic_group": _skewed(rng, ETHNIC_GROUPS),
        "imd_decile": rng.choice([None, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        "long_term_conditions": rng.choice([None, 0, 1, 1, 2, 2, 3, 4, 30]),
        "employment_status": _skewed(rng, EMPLOYMENT),
    }


# -- what happens on a journey ----------------------------------------------------------------------------------------


def _children(rng, shape, tables, service, journey):
    """Add the journey's rows to every child table."""
    key = {"service_id": journey["service_id"], "journey_id": journey["journey_id"]}
    last = _last_event_day(rng, service, journey)
    makers = {"referral_reason": _reasons, "contact": _contacts, "activity": _activities, "measure": _measures}
    if service["records_goals"] or rng.random() < 0.1:
        makers["goal"] = _goals
    if shape.outcomes == "some" and (service["records_outcomes"] or rng.random() < 0.1):
        makers["outcome"] = _outcomes
    for table in CHILDREN:
        if table in makers:
            tables[table] += [key | row for row in makers[table](rng, journey, last)]


def _last_event_day(rng, service, journey):
    """How late things are recorded, in days since referral: seldom after closure unless the service follows up."""
    possible = (service["data_to"] - journey["referred_on"]).days
    if journey["closed_on"] is None or service["follows_up_after_closure"] or rng.random() < 0.1:
        return possible
    return (journey["closed_on"] - journey["referred_on"]).days


def _reasons(rng, journey, last):
    reasons = {_skewed(rng, REASONS) for _ in range(rng.choice([0, 1, 1, 2, 3]))}
    main = rng.choice(sorted(reasons)) if reasons and rng.random() < 0.8 else None
    return [
        {"reason": reason, "main": True if reason == main else rng.choice([False, None])} for reason in sorted(reasons)
    ]


def _goals(rng, journey, last):
    rows = []
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        set_on = _day(rng, journey["referred_on"], last, soon=60)
        status = _skewed(rng, STATUSES)
        rest = last - (set_on - journey["referred_on"]).days
        status_on = None if status == "open" else _day(rng, set_on, rest)
        rows.append({"goal": _skewed(rng, GOALS), "set_on": set_on, "status": status, "status_on": status_on})
    return rows


def _contacts(rng, journey, last):
    rows = [
        {
            "contact_on": _day(rng, journey["referred_on"], last),
            "kind": _skewed(rng, KINDS),
            "minutes": rng.choice([None, 5, 30, 60]),
        }
        for _ in range(rng.choice([0, 0, 1, 2, 4]))
    ]
    return rows + rows[:1] if rng.random() < 0.1 else rows


def _activities(rng, journey, last):
    rows = []
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        referred_on = _day(rng, journey["referred_on"], last)
        row = {"referred_on": referred_on, "activity": _skewed(rng, ACTIVITIES)}
        if rng.random() < 0.6:
            row |= _span(rng, journey, referred_on, last)
        rows.append(row)
    return rows


def _span(rng, journey, from_on, last):
    """A start on or after `from_on` and perhaps an end, sometimes on the same day, within `last` days of referral."""
    started_on = _day(rng, from_on, last - (from_on - journey["referred_on"]).days)
    rest = last - (started_on - journey["referred_on"]).days
    ended_on = None
    if rng.random() < 0.35:
        ended_on = started_on if rng.random() < 0.15 else _day(rng, started_on, rest)
    return {"started_on": started_on, "ended_on": ended_on}


def _outcomes(rng, journey, last):
    rows = []
    if journey["employment_status"] == "employed":
        rows += [_work(rng, journey, last, "job_kept") for _ in range(rng.choice([0, 1, 1, 2]))]
    for _ in range(rng.choice([0, 0, 1, 2]) * (3 if rng.is_awkward else 1)):
        rows.append(_stone(rng, journey, last))
    for _ in range(rng.choice([0, 0, 1, 2])):
        rows.append(_work(rng, journey, last, _skewed(rng, JOBS)))
    if rows and rows[-1]["outcome"] in JOBS and rng.random() < 0.2:
        twin = _work(rng, journey, last, _skewed(rng, JOBS))
        rows.append(twin | {"started_on": rows[-1]["started_on"], "ended_on": None, "last_confirmed_on": None})
    rng.shuffle(rows)
    return rows


def _stone(rng, journey, last):
    row = {"outcome": _skewed(rng, STONES)} | _span(rng, journey, journey["referred_on"], last)
    if row["outcome"] == "qualification":
        row["ended_on"] = None
    if rng.is_awkward:
        rest = last - (row["started_on"] - journey["referred_on"]).days
        row["last_confirmed_on"] = _day(rng, row["started_on"], rest, late=True)
    return row | _perhaps(rng, 0.1, lambda: {"hours_per_week": rng.choice([1, 3.5, 10])}, {})


def _work(rng, journey, last, outcome):
    row = {"outcome": outcome} | _span(rng, journey, journey["referred_on"], last)
    until = last - (row["started_on"] - journey["referred_on"]).days
    if row["ended_on"] and rng.random() < 0.95:
        until = (row["ended_on"] - row["started_on"]).days
    row["last_confirmed_on"] = _perhaps(rng, 0.65, lambda: _day(rng, row["started_on"], until, late=True))
    row["hours_per_week"] = rng.choice([None, 37.5, 20, 16, 4, 3.9, 0])
    row["contract"] = _skewed(rng, CONTRACTS)
    if rng.random() < 0.7:
        row |= {rating: rng.choice([None, 1, 2, 3, 4, 4, 5, 5]) for rating in RATINGS}
    return row | (_lasting(rng, journey, last) if rng.is_awkward and rng.random() < 0.3 else {})


def _lasting(rng, journey, last):
    """A job of at least half a year that ends on the day after a horizon."""
    ends = [horizon + 1 for horizon in HORIZONS if 200 < horizon < last]
    if not ends:
        return {}
    first, end = rng.randint(0, 10), rng.choice(ends)
    days = {"started_on": first, "last_confirmed_on": rng.randint(first + 182, end - 1), "ended_on": end}
    return {name: journey["referred_on"] + timedelta(days=n) for name, n in days.items()}


def _measures(rng, journey, last):
    """Up to four readings of some items of some tools, rising, slipping back or standing still."""
    rows = []
    for tool in rng.sample(sorted(TOOLS), rng.choice([0, 1, 2, 3])):
        days = {_day(rng, journey["referred_on"], last) for _ in range(rng.choice([1, 2, 2, 3, 4]))}
        items = TOOLS[tool] | (BARRIERS_NAMED_AS_ITEMS if rng.is_awkward and tool == "mbat" else {})
        for item, bounds in items.items():
            if rng.random() < (0.15 if item == "rural_transport" else 0.9):
                rows += _series(rng, tool, item, bounds, sorted(days))
    return rows


def _series(rng, tool, item, bounds, days):
    low, high = bounds
    score = rng.randint(low, high)
    if tool == "pam" and rng.random() < 0.5:
        score = rng.randint(10 * low, 10 * high) / 10
    rows = []
    for measured_on in days:
        if rng.random() < 0.9:
            rows.append({"measured_on": measured_on, "tool": tool, "item": item, "score": score})
        step = rng.choice([-4, -3, -1, -1, 0, 0, 1, 1, 1, 2, 3, 4])
        score = min(high, max(low, round(score + step, 1)))
    return rows


# -- draws ------------------------------------------------------------------------------------------------------------


def _day(rng, from_on, n_days, soon=None, late=False):
    """A day 0 to `n_days` after `from_on`: often exactly on an edge, else soon (within `soon` days) or anywhere."""
    if late and rng.random() < 0.4:
        return from_on + timedelta(days=n_days)
    edges = [edge for edge in rng.edges if edge <= n_days and (soon is None or edge <= soon)]
    if edges and rng.random() < rng.share_on_edge:
        return from_on + timedelta(days=rng.choice(edges))
    return from_on + timedelta(days=rng.randint(0, min(n_days, soon) if soon else n_days))


def _perhaps(rng, chance, make, otherwise=None):
    return make() if rng.random() < chance else otherwise


def _skewed(rng, codes):
    """A code, the earlier in the list the likelier (each about two thirds as likely as the one before)."""
    return rng.choices(codes, [rng.falling**place for place in range(len(codes))])[0]


def _falling(rng, n):
    return [0.8**place * rng.uniform(0.6, 1.4) for place in range(n)]
