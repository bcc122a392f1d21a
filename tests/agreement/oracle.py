"""A second answer to every metric, in plain loops over the rows of a delivery, for the product to agree with.

It shares no code with the product and is written from the words of the metric catalogue and of the disclosure rules
alone: every rung is looked up day by day, every widened selection of the difference guard is really evaluated. It is slow on
purpose; a delivery of a few hundred journeys takes seconds.

    exact(delivery, "found_work", by=("service",))      true counts by label; they never leave a test
    released(delivery, "found_work", by=("service",))   what may be shown: a list of rows as in `ask --format json`
    left_out(delivery, "found_work")                    who is in no denominator, by reason, as released

`delivery` is what generate.delivery() makes: {table: list of dicts}, a table that was not handed over being None. Facts
are kept between calls for the delivery object itself: do not change one after asking about it; copy it.

Readings, where the words leave room:

Facts
- "The last thing recorded" is the latest of all dates of the journey and its child rows, ends and confirmations included.
- A service records goals (outcomes) when its flag says so and the delivery has the table.
- A client without an age is not of working age; one without an employment status may be.
- Improvement and change are compared in exact decimals, so a PAM score of 54.3 to 58.3 is a change of 4.
- Rung 6 of someone employed at referral looks at one `job_kept` row: that row confirmed, and that row not ended by d.
- main_reason is the reason flagged as main; without a flag it is unknown, even if there is one reason only.
Labels
- A label list has `unknown` as its last code where the column may be empty: not for referral_source and model.
- Barriers and services are listed in alphabetical order; months, quarters and years in time, those of the store within the
  period. Two breakdowns that cannot meet (a month of another quarter) still make a row, a hidden one.
- `time_to_training` waits for training_or_education.
Denominators for the guard ("the metric's own denominator in that label")
- change: the pairs (journeys and first readings of a wider selection then differ by at least as many); waiting: the
  journeys whose waiting is followed; people: different people.
- A period widens to every period of the closed list that covers more of the store and all of its months: this is the
  chain of the methods, and also a part-covered financial year inside the last four quarters.
- model, funding and co_located belong to services: two questions that differ only in these and in the place, and cover the
  same services, are the same question. Every other cohort value widens to any.
Release
- Rule 2 holds for the numerators of a curve and of a paired change as for any other: incidence x N and what is left of N,
  the clients behind both; improved, same and worse and what is left of the pairs. The row of a curve needs 10 at
  risk at the start of its interval and somebody seen up to its day (unless nobody was lost sight of), the row of a
  change 8 (k) pairs, its means 10. Under a released cohort of 20 a curve has counts and no share.
- A numerator that is few and leaves few says `few`.
- A cell's services are those of its place and of its model, funding and co-location. A cell without any service is hidden
  and its `complete` is None. All services of the cell count for the calendar, recording or not.
- Left out are journeys that are in no row's denominator. Each reason is a count: hidden under k, rounded, guarded.
  For outcome_events and people_with_outcome they are journeys referred in the period.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import floor, sqrt
from pathlib import Path

MONTH_DAYS = {"3": 91, "6": 183, "9": 274, "12": 365, "18": 548, "24": 730}
WEEK_DAYS = {"13": 91, "26": 182, "52": 364}

MODELS = ["signposting", "light", "medium", "holistic"]
FUNDING = ["health", "social_care", "employment", "pooled", "charitable", "social_impact_bond", "other", "unknown"]
FLAGS = ["yes", "no", "unknown"]
SOURCES = [
    "gp",
    "other_primary_care",
    "hospital",
    "mental_health_service",
    "drug_and_alcohol_service",
    "adult_social_care",
    "jobcentre_plus",
    "housing_association",
    "local_authority",
    "voluntary_sector",
    "self",
    "other",
]
CLOSURE_REASONS = [
    "completed",
    "disengaged",
    "declined",
    "could_not_contact",
    "referred_elsewhere",
    "moved_away",
    "died",
    "other",
    "unknown",
]
GENDERS = ["female", "male", "non_binary", "other", "not_stated", "unknown"]
ETHNIC_GROUPS = ["asian", "black", "mixed", "white", "other", "not_stated", "unknown"]
EMPLOYMENT = [
    "employed",
    "unemployed_seeking",
    "student",
    "long_term_sick",
    "homemaker",
    "not_seeking",
    "volunteering",
    "retired",
    "not_stated",
    "unknown",
]
OUT_OF_WORK = ["unemployed_seeking", "student", "long_term_sick", "homemaker", "not_seeking", "volunteering"]
REASONS = [
    "physical_mental_health",
    "lifestyle_change",
    "social_welfare_advice",
    "financial_advice",
    "social_isolation",
    "wellbeing",
    "self_care_ltc",
    "employment",
    "training_learning",
    "other",
]
GOALS = [
    "financial",
    "lifestyle",
    "mental_wellbeing",
    "social_networks",
    "physical_health",
    "employment",
    "new_skills",
    "housing",
    "volunteering",
    "other",
]
CONTACT_KINDS = ["face_to_face", "telephone", "video", "group", "message"]
ACTIVITIES = [
    "money_benefits_advice",
    "housing_support",
    "health_self_care",
    "physical_activity",
    "arts_creative",
    "nature",
    "befriending_social",
    "peer_support",
    "counselling_wellbeing",
    "learning_skills",
    "digital_skills",
    "volunteering_support",
    "employment_support",
    "other",
]
OUTCOMES = [
    "training",
    "education",
    "qualification",
    "volunteering",
    "work_experience",
    "job_started",
    "self_employment",
    "apprenticeship",
    "job_kept",
]
JOBS = ["job_started", "self_employment", "apprenticeship"]
OUTCOME_KINDS = {
    "training_or_education": ["training", "education"],
    "qualification": ["qualification"],
    "volunteering": ["volunteering"],
    "work_experience": ["work_experience"],
    "found_work": JOBS,
    "stepping_stone": ["training", "education", "qualification", "volunteering", "work_experience"],
}
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
RUNGS = ["starting_out", "basic_needs", "confidence", "learning", "volunteering", "work", "staying"]
START_RUNGS = ["starting_out", "learning", "volunteering", "work"]
MOVEMENTS = ["up", "same", "back"]
ROUTES = ["indirect", "direct", "both", "neither"]
OPEN_FOR = ["under_3", "3_to_6", "6_to_12", "over_12"]
AGE_BANDS = ["0-15", "16-24", "25-34", "35-49", "50-64", "65-74", "75+", "unknown"]
TOOLS = ["swemwbs", "wemwbs", "ons4", "wellbeing_star", "mbat", "pam", "ucla3"]
# tool, item: (threshold of a change worth the name, 1 if up is better and -1 if down is)
SCALES = {
    ("swemwbs", "total"): (1, 1),
    ("wemwbs", "total"): (3, 1),
    ("ons4", "life_satisfaction"): (1, 1),
    ("ons4", "worthwhile"): (1, 1),
    ("ons4", "happiness"): (1, 1),
    ("ons4", "anxiety"): (1, -1),
    **{("wellbeing_star", item): (1, 1) for item in STAR},
    ("pam", "score"): (4, 1),
    ("ucla3", "total"): (1, -1),
}
WELLBEING = [
    ("swemwbs", "total"),
    ("wemwbs", "total"),
    ("ons4", "life_satisfaction"),
    ("ons4", "worthwhile"),
    ("ons4", "happiness"),
    ("wellbeing_star", "feeling_positive"),
    ("wellbeing_star", "family_friends"),
    ("ucla3", "total"),
]
JOURNEY_FIELDS = [
    "first_contact_on",
    "closed_on",
    "closure_reason",
    "age_at_referral",
    "gender",
    "ethnic_group",
    "imd_decile",
    "long_term_conditions",
    "employment_status",
]
FIELDS = [*JOURNEY_FIELDS, "reasons", "goals", "measures"]
PERIOD_DIMENSIONS = ("month", "quarter", "financial_year")
LABELS = {
    "model": MODELS,
    "funding": FUNDING,
    "co_located": FLAGS,
    "age_band": AGE_BANDS,
    "gender": GENDERS,
    "ethnic_group": ETHNIC_GROUPS,
    "imd_quintile": ["1", "2", "3", "4", "5", "unknown"],
    "long_term_conditions": ["0", "1", "2", "3+", "unknown"],
    "employment_status": EMPLOYMENT,
    "referral_source": SOURCES,
    "main_reason": [*REASONS, "unknown"],
    "work_goal": FLAGS,
    "start_rung": START_RUNGS,
}
CHILDREN = ("referral_reason", "goal", "contact", "activity", "outcome", "measure")


# -- facts of one journey (section 1) ---------------------------------------------------------------------------------


@dataclass(eq=False)
class Journey:
    """The facts of one journey. Days are counted from referral; `dimensions` maps each dimension to a label."""

    row: dict
    service: dict
    rows: dict  # child table -> rows of this journey, in the order of the delivery
    records_goals: bool
    records_outcomes: bool
    person: tuple = ()
    month: str = ""
    days_possible: int = 0
    days_observed: int = 0
    days_to_contact: int | None = None
    bases: set = field(default_factory=set)
    dimensions: dict = field(default_factory=dict)
    readings: dict = field(default_factory=dict)  # (tool, item) -> [(day, score)], earliest first
    jobs: list = field(
        default_factory=list
    )  # found-work rows: (start, end, confirmed) in days, end and confirmed may be None
    first_days: dict = field(default_factory=dict)  # kind of outcome -> day of the first one, if any
    first_job: dict | None = None
    start_rung: int = 0
    evidence: list = field(default_factory=list)  # [day] -> seven flags, rung 0 to 6

    def day(self, on):
        """Days from referral to a date; None for None."""
        return None if on is None else (on - self.row["referred_on"]).days

    def rung(self, day):
        """The highest rung with evidence on that day."""
        return max(rung for rung, holds in enumerate(self.evidence[day]) if holds)


def _journey(row, service, rows, delivery):
    journey = Journey(
        row,
        service,
        rows,
        records_goals=service["records_goals"] and delivery.get("goal") is not None,
        records_outcomes=service["records_outcomes"] and delivery.get("outcome") is not None,
    )
    key = service["client_key"]
    journey.person = ("key", key, row["client_ref"]) if key else ("service", row["service_id"], row["client_ref"])
    journey.month = _month(row["referred_on"])
    journey.days_possible = (service["data_to"] - row["referred_on"]).days
    journey.days_observed = _days_observed(journey)
    journey.days_to_contact = _days_to_contact(journey)
    journey.bases = _bases(row)
    journey.readings = _readings(journey)
    journey.jobs = [_job(journey, outcome) for outcome in rows["outcome"] if _is_job(outcome)]
    journey.first_days = _first_days(journey)
    journey.first_job = _first_job(journey)
    journey.start_rung = {"employed": 5, "volunteering": 4, "student": 3}.get(row["employment_status"], 0)
    journey.dimensions = _dimensions(journey)
    journey.evidence = _evidence_by_day(journey)
    return journey


def _days_observed(journey):
    closed_on = journey.row["closed_on"]
    if closed_on is None or journey.service["follows_up_after_closure"]:
        return journey.days_possible
    latest = closed_on
    for row in [journey.row, *(row for rows in journey.rows.values() for row in rows)]:
        for value in row.values():
            if isinstance(value, date) and value > latest:
                latest = value
    return journey.day(latest)


def _days_to_contact(journey):
    days = [journey.day(row["contact_on"]) for row in journey.rows["contact"]]
    if journey.row["first_contact_on"] is not None:
        days.append(journey.day(journey.row["first_contact_on"]))
    return min(days) if days else None


def _bases(row):
    bases = {"all"}
    age = row["age_at_referral"]
    if age is not None and 16 <= age <= 64 and row["employment_status"] != "retired":
        bases.add("working_age")
        if row["employment_status"] in OUT_OF_WORK:
            bases.add("out_of_work")
    return bases


def _readings(journey):
    readings = defaultdict(list)
    for row in journey.rows["measure"]:
        score = Decimal(str(row["score"]))
        if row["tool"] == "swemwbs":
            score = SWEMWBS_METRIC[int(score)]
        readings[row["tool"], row["item"]].append((journey.day(row["measured_on"]), score))
    return {scale: sorted(series) for scale, series in readings.items()}


def _read_swemwbs_metric():
    path = Path(__file__).parents[2] / "data" / "reference" / "swemwbs_metric.csv"
    with open(path, newline="", encoding="utf-8") as file:
        return {int(row["raw"]): Decimal(row["metric"]) for row in csv.DictReader(file)}


SWEMWBS_METRIC = _read_swemwbs_metric()


def _is_job(outcome):
    hours = outcome["hours_per_week"]
    return outcome["outcome"] in JOBS and (hours is None or hours >= 4)


def _counts(outcome):
    """A row of found work under four hours a week counts nowhere; any other outcome row counts."""
    return outcome["outcome"] not in JOBS or _is_job(outcome)


def _job(journey, outcome):
    return tuple(journey.day(outcome[column]) for column in ("started_on", "ended_on", "last_confirmed_on"))


def _first_days(journey):
    first_days = {}
    for kind, codes in OUTCOME_KINDS.items():
        for outcome in journey.rows["outcome"]:
            if outcome["outcome"] in codes and _counts(outcome):
                day = journey.day(outcome["started_on"])
                first_days[kind] = min(day, first_days.get(kind, day))
    return first_days


def _first_job(journey):
    first = None
    for outcome in journey.rows["outcome"]:
        if _is_job(outcome) and (first is None or outcome["started_on"] < first["started_on"]):
            first = outcome
    return first


def _dimensions(journey):
    row, service = journey.row, journey.service
    mains = [reason["reason"] for reason in journey.rows["referral_reason"] if reason["main"]]
    return {
        "service": row["service_id"],
        "commissioner": service["commissioner_code"],
        "model": service["model"],
        "funding": service["funding"] or "unknown",
        "co_located": _flag(service["link_workers_co_located"]),
        "age_band": _age_band(row["age_at_referral"]),
        "gender": row["gender"] or "unknown",
        "ethnic_group": row["ethnic_group"] or "unknown",
        "imd_quintile": "unknown" if row["imd_decile"] is None else str((row["imd_decile"] + 1) // 2),
        "long_term_conditions": _conditions(row["long_term_conditions"]),
        "employment_status": row["employment_status"] or "unknown",
        "referral_source": row["referral_source"],
        "main_reason": mains[0] if mains else "unknown",
        "work_goal": _flag(_has_work_goal(journey) if journey.records_goals else None),
        "start_rung": RUNGS[journey.start_rung],
    }


def _flag(value):
    return "unknown" if value is None else "yes" if value else "no"


def _age_band(age):
    if age is None:
        return "unknown"
    for band, youngest in (("75+", 75), ("65-74", 65), ("50-64", 50), ("35-49", 35), ("25-34", 25), ("16-24", 16)):
        if age >= youngest:
            return band
    return "0-15"


def _conditions(number):
    return "unknown" if number is None else "3+" if number >= 3 else str(number)


def _has_work_goal(journey):
    return any(goal["goal"] == "employment" for goal in journey.rows["goal"])


# -- the positive upward spiral (section 2) ---------------------------------------------------------------------------


def _evidence_by_day(journey):
    """Whether there is evidence for each rung, on every day from referral to the last day possible."""
    dated = _Dated(journey)
    seen = {}
    days = []
    for day in range(journey.days_possible + 1):
        flags = _evidence(dated, day)
        days.append(seen.setdefault(flags, flags))
    return days


class _Dated:
    """The rows of a journey that the evidence table asks for, as days since referral."""

    def __init__(self, journey):
        achieved = [goal for goal in journey.rows["goal"] if goal["status"] == "achieved"]

        def goals(*codes):
            return [journey.day(goal["status_on"]) for goal in achieved if goal["goal"] in codes]

        def outcomes(*codes):
            return [journey.day(row["started_on"]) for row in journey.rows["outcome"] if row["outcome"] in codes]

        def kept(column):
            return [journey.day(row[column]) for row in journey.rows["outcome"] if row["outcome"] == "job_kept"]

        self.status = journey.row["employment_status"]
        self.basic = goals("financial", "housing") + [
            journey.day(row["started_on"])
            for row in journey.rows["activity"]
            if row["activity"] in ("money_benefits_advice", "housing_support", "health_self_care")
            and row["started_on"] is not None
        ]
        self.basic_readings = _series(journey, [("wellbeing_star", "money"), ("wellbeing_star", "where_you_live")])
        self.confidence = goals("mental_wellbeing", "social_networks", "lifestyle", "physical_health")
        self.wellbeing = _series(journey, WELLBEING)
        self.learning = outcomes("training", "education", "qualification")
        self.volunteering = outcomes("volunteering", "work_experience")
        self.jobs = journey.jobs
        self.kept = list(zip(kept("ended_on"), kept("last_confirmed_on"), strict=True))


def _series(journey, scales):
    return [(*SCALES[scale], journey.readings[scale]) for scale in scales if scale in journey.readings]


def _evidence(dated, day):
    """The evidence table, line by line: seven flags for one day."""
    return (
        True,
        _basic_needs(dated, day),
        _confidence(dated, day),
        _any_by(dated.learning, day) or dated.status == "student",
        _any_by(dated.volunteering, day) or dated.status == "volunteering",
        _work(dated, day),
        _staying(dated, day),
    )


def _any_by(days, day):
    return any(one <= day for one in days)


def _basic_needs(dated, day):
    return _any_by(dated.basic, day) or any(_is_improved(*series, day) for series in dated.basic_readings)


def _confidence(dated, day):
    return any(_is_improved(*series, day) for series in dated.wellbeing) or _any_by(dated.confidence, day)


def _is_improved(threshold, better, series, day):
    """Is the latest reading up to the day, if later than the first, better than the first by the threshold?"""
    known = [reading for reading in series if reading[0] <= day]
    if len(known) < 2:
        return False
    return (known[-1][1] - known[0][1]) * better >= threshold


def _work(dated, day):
    if any(start <= day and (end is None or end > day) for start, end, _ in dated.jobs):
        return True
    return dated.status == "employed" and not any(end is not None and end <= day for end, _ in dated.kept)


def _staying(dated, day):
    for start, end, confirmed in dated.jobs:
        is_held = start <= day - 182 and (end is None or end > day)
        if is_held and confirmed is not None and confirmed <= day and confirmed - start >= 182:
            return True
    if dated.status != "employed":
        return False
    return any(
        confirmed is not None and 182 <= confirmed <= day and (end is None or end > day)
        for end, confirmed in dated.kept
    )


def rung_now(journey):
    return journey.rung(journey.days_observed)


def highest_rung(journey):
    return max(journey.rung(day) for day in range(journey.days_observed + 1))


def movement(journey):
    now = rung_now(journey)
    return "up" if now > journey.start_rung else "same" if now == journey.start_rung else "back"


def has_climbed(journey, horizon):
    return any(journey.rung(day) > journey.start_rung for day in range(horizon + 1))


def path(journey):
    """The rungs 1 to 5 in the order in which they were first reached, such as '1>2>4>5', or 'none'."""
    reached = []
    for day in range(journey.days_observed + 1):
        for rung in (1, 2, 3, 4, 5):
            if rung != journey.start_rung and rung not in reached and journey.evidence[day][rung]:
                reached.append(rung)
    return ">".join(str(rung) for rung in reached) or "none"


def route(journey):
    """How the first job was reached, from what came before it."""
    found_on = journey.first_days["found_work"]
    dated = _Dated(journey)
    dated.status = None
    is_prepared = any(any(_evidence(dated, day)[1:5]) for day in range(found_on))
    is_supported = any(
        row["activity"] == "employment_support" and journey.day(row["referred_on"]) <= found_on
        for row in journey.rows["activity"]
    )
    if is_prepared:
        return "both" if is_supported else "indirect"
    return "direct" if is_supported else "neither"


# -- the store: all journeys and its closed lists ---------------------------------------------------------------------


class World:
    """A delivery with its facts, its calendar and its closed lists of places and periods."""

    def __init__(self, delivery):
        self.delivery = delivery
        self.services = {row["service_id"]: row for row in delivery["service"]}
        self.journeys = self._derive()
        self.months = _months_between(
            min(row["data_from"] for row in delivery["service"]), max(row["data_to"] for row in delivery["service"])
        )
        self.places = self._places()
        self.periods = self._periods()
        self.found = {}

    def _derive(self):
        children = {table: defaultdict(list) for table in CHILDREN}
        for table in CHILDREN:
            for row in self.delivery.get(table) or []:
                children[table][row["service_id"], row["journey_id"]].append(row)
        return [
            _journey(
                row,
                self.services[row["service_id"]],
                {table: children[table][row["service_id"], row["journey_id"]] for table in CHILDREN},
                self.delivery,
            )
            for row in self.delivery["journey"]
        ]

    def _places(self):
        """Every closed choice of a place, as the services that it covers."""
        places = {frozenset(self.services)} | {frozenset([service]) for service in self.services}
        return places | {self.of_commissioner(row["commissioner_code"]) for row in self.services.values()}

    def of_commissioner(self, code):
        return frozenset(name for name, row in self.services.items() if row["commissioner_code"] == code)

    def _periods(self):
        """Every closed choice of a period, as the months of the store that it covers."""
        names = {"all", "last-4-quarters", *self.months}
        names |= {_quarter(month) for month in self.months} | {_financial_year(month) for month in self.months}
        return {self.coverage(self.days(name)) for name in names} - {frozenset()}

    def days(self, period):
        """First and last day of a period; None for all."""
        if period == "all":
            return None
        if period == "last-4-quarters":
            return self._last_four_quarters()
        if "/" in period:
            year = int(period[:4])
            return date(year, 4, 1), date(year + 1, 3, 31)
        year, part = int(period[:4]), period[5:]
        first, n_months = ((int(part[1]) - 1) * 3 + 1, 3) if part.startswith("Q") else (int(part), 1)
        return date(year, first, 1), _before(year, first + n_months)

    def _last_four_quarters(self):
        latest = max(row["data_to"] for row in self.services.values())
        year, quarter = latest.year + 1, 4
        while _before(year, quarter * 3 + 1) > latest:
            year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        last = _before(year, quarter * 3 + 1)
        first = date(year, 1, 1) if quarter == 4 else date(year - 1, quarter * 3 + 1, 1)
        return first, last

    def coverage(self, days):
        """The months of the store that lie in a period, given by its first and last day."""
        if days is None:
            return frozenset(self.months)
        return frozenset(month for month in self.months if _month(days[0]) <= month <= _month(days[1]))


def _before(year, month):
    """The day before the first of a month; month 13 is January of the next year."""
    return (date(year + 1, month - 12, 1) if month > 12 else date(year, month, 1)) - timedelta(days=1)


def _month(on):
    return f"{on.year:04}-{on.month:02}"


def _quarter(month):
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def _financial_year(month):
    year = int(month[:4]) - (int(month[5:]) < 4)
    return f"{year}/{(year + 1) % 100:02}"


def _months_between(first, last):
    months, day = [], first
    while day <= last:
        if not months or months[-1] != _month(day):
            months.append(_month(day))
        day += timedelta(days=1)
    return months


_worlds = {}


def world(delivery):
    """The facts of a delivery; those of the last few deliveries are kept."""
    if id(delivery) not in _worlds:
        while len(_worlds) >= 4:
            del _worlds[next(iter(_worlds))]
        _worlds[id(delivery)] = World(delivery)
    return _worlds[id(delivery)]


# -- the metrics (section 3) ------------------------------------------------------------------------------------------
#
# Each function below says what one journey brings to a metric: a list of (own labels, what) or, if it brings nothing
# to any row, the reason why. `what` is whether it is in the numerator (proportions), the day of an event or None
# (counts), (day, kind) for waiting, and (score, score) or a first reading alone for change.


def _referrals(journey, horizon):
    return [((), None)]


def _referral_reasons(journey, horizon):
    reasons = {row["reason"] for row in journey.rows["referral_reason"]}
    return [((reason,), reason in reasons) for reason in REASONS] if reasons else "no_reason_recorded"


def _referral_sources(journey, horizon):
    return [((source,), journey.row["referral_source"] == source) for source in SOURCES]


def _contact_within_28_days(journey, horizon):
    if journey.days_possible < 28:
        return "too_early"
    return [((), journey.days_to_contact is not None and journey.days_to_contact <= 28)]


def _engaged(journey, horizon):
    return "too_early" if journey.days_possible < 28 else [((), journey.days_to_contact is not None)]


def _goals_set(journey, horizon):
    goals = {row["goal"] for row in journey.rows["goal"]}
    return [((goal,), goal in goals) for goal in GOALS] if goals else "no_goal_set"


def _goals_achieved(journey, horizon):
    if not journey.rows["goal"]:
        return "no_goal_set"
    kept = [row for row in journey.rows["goal"] if row["status"] != "withdrawn"]
    return [((row["goal"],), row["status"] == "achieved") for row in kept] or "withdrawn"


def _work_goal(journey, horizon):
    return [((), _has_work_goal(journey))] if journey.rows["goal"] else "no_goal_set"


def _work_goal_moved(journey, horizon):
    if journey.days_possible < horizon:
        return "too_early"
    if not _has_work_goal(journey):
        return "no_work_goal"
    return [((), any(_is_within(journey, kind, horizon) for kind in ("stepping_stone", "found_work")))]


def _is_within(journey, kind, horizon):
    return kind in journey.first_days and 0 <= journey.first_days[kind] <= horizon


def _on_rung(rung_of):
    def bring(journey, horizon):
        rung = rung_of(journey)
        return [((code,), RUNGS[rung] == code) for code in RUNGS]

    return bring


def _spiral_after(journey, horizon):
    brought = []
    for months, days in MONTH_DAYS.items():
        if journey.days_possible >= days:
            brought += [((months, code), RUNGS[journey.rung(days)] == code) for code in RUNGS]
    return brought or "too_early"


def _spiral_movement(journey, horizon):
    if journey.days_observed < 91:
        return "observed_under_91_days"
    return [((code,), movement(journey) == code) for code in MOVEMENTS]


def _spiral_flow(journey, horizon):
    return [((RUNGS[journey.start_rung], RUNGS[rung_now(journey)]), None)]


def _climbed(journey, horizon):
    return "too_early" if journey.days_possible < horizon else [((), has_climbed(journey, horizon))]


def _outcome_within(kind):
    def bring(journey, horizon):
        return "too_early" if journey.days_possible < horizon else [((), _is_within(journey, kind, horizon))]

    return bring


def _kept_work(journey, horizon):
    if journey.days_possible < horizon:
        return "too_early"
    if journey.row["employment_status"] != "employed":
        return "not_employed_at_referral"
    kept = [row for row in journey.rows["outcome"] if row["outcome"] == "job_kept"]
    is_ended = any(row["ended_on"] is not None and journey.day(row["ended_on"]) <= horizon for row in kept)
    is_confirmed = any(
        row["last_confirmed_on"] is not None and 91 <= journey.day(row["last_confirmed_on"]) <= horizon for row in kept
    )
    return [((), is_confirmed and not is_ended)]


def _outcome_events(journey, horizon):
    return [((row["outcome"],), row["started_on"]) for row in journey.rows["outcome"] if _counts(row)]


def _job_after(state):
    def bring(journey, horizon):
        if journey.first_job is None:
            return "no_job_found"
        start, end, confirmed = _job(journey, journey.first_job)
        brought = []
        for weeks, days in WEEK_DAYS.items():
            if journey.days_possible - start >= days:
                brought.append(((weeks,), _job_state(start, end, confirmed, days) == state))
        return brought or "too_early"

    return bring


def _job_state(start, end, confirmed, days):
    if end is not None and end - start < days:
        return "ended"
    return "sustained" if confirmed is not None and confirmed - start >= days else "not_confirmed"


def _route_to_work(journey, horizon):
    if "found_work" not in journey.first_days:
        return "no_work_found"
    taken = route(journey)
    return [((code,), taken == code) for code in ROUTES]


def _paths(journey, horizon):
    return "observed_under_91_days" if journey.days_observed < 91 else [((path(journey),), None)]


def _good_work(journey, horizon):
    if journey.first_job is None:
        return "no_job_found"
    ratings = [(rating, journey.first_job[rating]) for rating in RATINGS]
    return [((rating,), score >= 4) for rating, score in ratings if score is not None] or "not_rated"


def _time_to(kind):
    def bring(journey, horizon):
        if kind in journey.first_days:
            what = (journey.first_days[kind], "event")
        elif journey.row["closed_on"] is not None and not journey.service["follows_up_after_closure"]:
            what = (journey.days_observed, "competing")
        else:
            what = (journey.days_observed, "censored")
        return [((months,), what) for months in MONTH_DAYS]

    return bring


def _wellbeing_change(journey, horizon):
    brought = []
    for scale in SCALES:
        series = journey.readings.get(scale, [])
        brought.append((scale, tuple(score for _, score in (series[:1] + series[1:][-1:]))))
    return brought


def _barriers(was_there, is_counted):
    """Barriers as at the first reading `was_there`, and at the latest of the later readings `is_counted`."""

    def bring(journey, horizon):
        brought = []
        for (tool, item), series in journey.readings.items():
            if tool == "mbat" and len(series) > 1 and series[0][1] == was_there:
                brought.append(((item,), series[-1][1] == is_counted))
        return brought or "no_such_pair"

    return bring


def _followed_up(journey, horizon):
    if journey.days_possible < 183:
        return "too_early"
    brought = []
    for tool in TOOLS:
        readings = [len(series) for (name, _), series in journey.readings.items() if name == tool]
        if readings:
            brought.append(((tool,), max(readings) > 1))
    return brought or "no_measure"


def _completeness(journey, horizon):
    brought = []
    for column in JOURNEY_FIELDS:
        if column != "closure_reason" or journey.row["closed_on"] is not None:
            brought.append(((column,), journey.row[column] not in (None, "unknown", "not_stated")))
    for name, table in (("reasons", "referral_reason"), ("goals", "goal"), ("measures", "measure")):
        brought.append(((name,), bool(journey.rows[table])))
    return brought


def _caseload(journey, horizon):
    if journey.row["closed_on"] is not None:
        return "closed"
    days = journey.days_possible
    return [((OPEN_FOR[(days >= 91) + (days >= 183) + (days >= 365)],), None)]


def _closure_reasons(journey, horizon):
    if journey.row["closed_on"] is None:
        return "still_open"
    reason = journey.row["closure_reason"] or "unknown"
    return [((code,), reason == code) for code in CLOSURE_REASONS]


def _activities_referred(journey, horizon):
    referred = {row["activity"] for row in journey.rows["activity"]}
    return [((activity,), activity in referred) for activity in ACTIVITIES] if referred else "no_activity_recorded"


def _activities_started(journey, horizon):
    referred = {row["activity"] for row in journey.rows["activity"]}
    started = {row["activity"] for row in journey.rows["activity"] if row["started_on"] is not None}
    return [((activity,), activity in started) for activity in sorted(referred)] or "no_activity_recorded"


def _contacts(journey, horizon):
    return [((row["kind"],), None) for row in journey.rows["contact"]]


@dataclass(frozen=True)
class Metric:
    """`needs`: flags of the service or tables of the delivery without which it is not recorded; `horizon`: a number of
    days, 'within' (the selection's), 'months' or 'weeks' (the row's own label); `reasons`: why journeys are left out."""

    shape: str
    unit: str
    own: tuple
    bring: object
    needs: tuple = ()
    horizon: object = None
    reasons: tuple = ()


OUTCOMES_NEEDED = ("records_outcomes",)
GOALS_NEEDED = ("records_goals",)


def _outcome_metric(kind):
    reasons = ("not_recorded", "too_early")
    return Metric("proportion", "journeys", (), _outcome_within(kind), OUTCOMES_NEEDED, "within", reasons)


def _spiral_metric(rung_of):
    return Metric("proportion", "journeys", ("rung",), _on_rung(rung_of), OUTCOMES_NEEDED, None, ("not_recorded",))


def _job_metric(state):
    reasons = ("not_recorded", "no_job_found", "too_early")
    return Metric("proportion", "first jobs", ("weeks",), _job_after(state), OUTCOMES_NEEDED, "weeks", reasons)


def _waiting_metric(kind):
    return Metric("waiting", "journeys", ("months",), _time_to(kind), OUTCOMES_NEEDED, "months", ("not_recorded",))


def _barrier_metric(was_there, is_counted):
    bring = _barriers(was_there, is_counted)
    return Metric("proportion", "journeys", ("barrier",), bring, ("measure",), None, ("not_recorded", "no_such_pair"))


def _count_metric(own, bring, needs=(), unit="journeys", reasons=()):
    return Metric("count", unit, own, bring, needs, None, reasons)


def _share_metric(own, bring, needs=(), unit="journeys", horizon=None, reasons=()):
    return Metric("proportion", unit, own, bring, needs, horizon, reasons)


METRICS = {
    "referrals": _count_metric((), _referrals),
    "people_referred": _count_metric((), _referrals, unit="people"),
    "referral_reasons": _share_metric(
        ("reason",), _referral_reasons, ("referral_reason",), reasons=("not_recorded", "no_reason_recorded")
    ),
    "referral_sources": _share_metric(("source",), _referral_sources),
    "contact_within_28_days": _share_metric((), _contact_within_28_days, horizon=28, reasons=("too_early",)),
    "engaged": _share_metric((), _engaged, horizon=28, reasons=("too_early",)),
    "goals_set": _share_metric(("goal",), _goals_set, GOALS_NEEDED, reasons=("not_recorded", "no_goal_set")),
    "goals_achieved": _share_metric(
        ("goal",), _goals_achieved, GOALS_NEEDED, "goals", reasons=("not_recorded", "no_goal_set", "withdrawn")
    ),
    "work_goal": _share_metric((), _work_goal, GOALS_NEEDED, reasons=("not_recorded", "no_goal_set")),
    "work_goal_moved": _share_metric(
        (),
        _work_goal_moved,
        GOALS_NEEDED + OUTCOMES_NEEDED,
        horizon="within",
        reasons=("not_recorded", "too_early", "no_work_goal"),
    ),
    "spiral_start": _spiral_metric(lambda journey: journey.start_rung),
    "spiral_now": _spiral_metric(rung_now),
    "spiral_highest": _spiral_metric(highest_rung),
    "spiral_after": _share_metric(
        ("months", "rung"), _spiral_after, OUTCOMES_NEEDED, horizon="months", reasons=("not_recorded", "too_early")
    ),
    "spiral_movement": _share_metric(
        ("movement",), _spiral_movement, OUTCOMES_NEEDED, reasons=("not_recorded", "observed_under_91_days")
    ),
    "spiral_flow": _count_metric(("start_rung", "rung"), _spiral_flow, OUTCOMES_NEEDED, reasons=("not_recorded",)),
    "climbed": _share_metric((), _climbed, OUTCOMES_NEEDED, horizon="within", reasons=("not_recorded", "too_early")),
    **{kind: _outcome_metric(kind) for kind in OUTCOME_KINDS},
    "kept_work": _share_metric(
        (),
        _kept_work,
        OUTCOMES_NEEDED,
        horizon="within",
        reasons=("not_recorded", "too_early", "not_employed_at_referral"),
    ),
    "outcome_events": _count_metric(
        ("outcome",), _outcome_events, OUTCOMES_NEEDED, "outcomes", reasons=("not_recorded",)
    ),
    "people_with_outcome": _count_metric(
        ("outcome",), _outcome_events, OUTCOMES_NEEDED, "people", reasons=("not_recorded",)
    ),
    "job_sustained": _job_metric("sustained"),
    "job_ended": _job_metric("ended"),
    "job_not_confirmed": _job_metric("not_confirmed"),
    "route_to_work": _share_metric(
        ("route",), _route_to_work, OUTCOMES_NEEDED, reasons=("not_recorded", "no_work_found")
    ),
    "paths": _count_metric(("path",), _paths, OUTCOMES_NEEDED, reasons=("not_recorded", "observed_under_91_days")),
    "good_work": _share_metric(
        ("dimension",), _good_work, OUTCOMES_NEEDED, "first jobs", reasons=("not_recorded", "no_job_found", "not_rated")
    ),
    "time_to_stepping_stone": _waiting_metric("stepping_stone"),
    "time_to_volunteering": _waiting_metric("volunteering"),
    "time_to_training": _waiting_metric("training_or_education"),
    "time_to_work": _waiting_metric("found_work"),
    "wellbeing_change": Metric(
        "change", "journeys", ("tool", "item"), _wellbeing_change, ("measure",), None, ("not_recorded",)
    ),
    "barriers_gone": _barrier_metric(1, 0),
    "barriers_new": _barrier_metric(0, 1),
    "followed_up": _share_metric(
        ("tool",), _followed_up, ("measure",), horizon=183, reasons=("not_recorded", "too_early", "no_measure")
    ),
    "completeness": _share_metric(("field",), _completeness),
    "caseload": _count_metric(("open_for",), _caseload, reasons=("closed",)),
    "closure_reasons": _share_metric(("closure_reason",), _closure_reasons, reasons=("still_open",)),
    "activities_referred": _share_metric(
        ("activity",), _activities_referred, ("activity",), reasons=("not_recorded", "no_activity_recorded")
    ),
    "activities_started": _share_metric(
        ("activity",), _activities_started, ("activity",), reasons=("not_recorded", "no_activity_recorded")
    ),
    "contacts": _count_metric(("kind",), _contacts, ("contact",), "contacts", reasons=("not_recorded",)),
}
OWN_LABELS = {
    "reason": REASONS,
    "source": SOURCES,
    "goal": GOALS,
    "rung": RUNGS,
    "start_rung": START_RUNGS,
    "movement": MOVEMENTS,
    "outcome": OUTCOMES,
    "weeks": list(WEEK_DAYS),
    "months": list(MONTH_DAYS),
    "route": ROUTES,
    "dimension": RATINGS,
    "field": FIELDS,
    "open_for": OPEN_FOR,
    "closure_reason": CLOSURE_REASONS,
    "activity": ACTIVITIES,
    "kind": CONTACT_KINDS,
}
EVENT_TIME = ("outcome_events", "people_with_outcome")


@dataclass(frozen=True)
class Unit:
    """One thing that a metric counts: whose it is, the month that places it in time, its own labels and what it says."""

    journey: Journey
    month: str
    labels: tuple
    what: object


def _brought(world, slug, within):
    """Everything that any journey brings to a metric: the units, and the journeys left out by reason."""
    if (slug, within) not in world.found:
        metric, horizon = METRICS[slug], MONTH_DAYS[str(within)]
        units, out = [], {reason: [] for reason in metric.reasons}
        for journey in world.journeys:
            brought = metric.bring(journey, horizon) if _is_recorded(world, metric, journey.service) else "not_recorded"
            if isinstance(brought, str):
                out[brought].append(Unit(journey, journey.month, (), None))
                continue
            for labels, what in brought:
                month = _month(what) if slug in EVENT_TIME else journey.month
                units.append(Unit(journey, month, labels, what))
        world.found[slug, within] = units, out
    return world.found[slug, within]


def _is_recorded(world, metric, service):
    """Does the service record everything that the metric needs?"""
    tables = {"records_goals": "goal", "records_outcomes": "outcome"}
    return all(
        service.get(need, True) and world.delivery.get(tables.get(need, need)) is not None for need in metric.needs
    )


def _own_labels(world, slug, k):
    """The metric's own labels, in the order of their closed lists; barriers only those that k clients were asked about."""
    own = METRICS[slug].own
    if own == ("path",):
        return sorted({unit.labels for unit in _brought(world, slug, 12)[0]})
    if own == ("barrier",):
        return [(name,) for name in _barrier_names(world, k)]
    if own == ("tool", "item"):
        return list(SCALES)
    if own == ("tool",):
        return [(tool,) for tool in TOOLS]
    return list(product(*(OWN_LABELS[name] for name in own)))


def _barrier_names(world, k):
    asked = defaultdict(set)
    for journey in world.journeys:
        for tool, item in journey.readings:
            if tool == "mbat":
                asked[item].add(journey.person)
    return sorted(item for item, people in asked.items() if len(people) >= k)


# -- which units a question is about ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One question: months of the store, services, base and a value for some dimensions. `days`: None for all."""

    months: frozenset
    services: frozenset
    base: str
    values: tuple
    days: tuple | None

    def matches(self, unit):
        journey = unit.journey
        return (
            unit.month in self.months
            and journey.row["service_id"] in self.services
            and self.base in journey.bases
            and all(journey.dimensions[name] == value for name, value in self.values)
        )


def _selection(world, period, service, commissioner, cohort, base):
    if service is not None and commissioner is not None:
        raise ValueError("choose a service or a commissioner, not both")
    services = frozenset(world.services)
    if service is not None:
        services = frozenset([service])
    if commissioner is not None:
        services = world.of_commissioner(commissioner)
    days = world.days(period)
    return Cell(world.coverage(days), services, base, tuple(sorted(cohort.items())), days)


def _breakdown_labels(world, cell, dimension):
    """The labels of a dimension inside the selection, in the list's order."""
    if dimension == "month":
        return sorted(cell.months)
    if dimension == "quarter":
        return sorted({_quarter(month) for month in cell.months})
    if dimension == "financial_year":
        return sorted({_financial_year(month) for month in cell.months})
    if dimension == "service":
        return sorted(cell.services)
    if dimension == "commissioner":
        return sorted({world.services[service]["commissioner_code"] for service in cell.services})
    fixed = dict(cell.values)
    return [fixed[dimension]] if dimension in fixed else LABELS[dimension]


def _narrowed(world, cell, dimension, label):
    """The cell of a breakdown: the same question with one more choice made."""
    months, services, values, days = cell.months, cell.services, cell.values, cell.days
    if dimension in PERIOD_DIMENSIONS:
        first, last = world.days(label)
        months &= world.coverage((first, last))
        days = (first, last) if days is None else (max(first, days[0]), min(last, days[1]))
    elif dimension == "service":
        services &= {label}
    elif dimension == "commissioner":
        services &= world.of_commissioner(label)
    else:
        values = tuple(sorted({**dict(values), dimension: label}.items()))
    return Cell(months, services, cell.base, values, days)


def _cells(world, selection, by):
    """Every cell of a breakdown with its labels."""
    cells = [((), selection)]
    for dimension in by:
        cells = [
            ((*labels, label), _narrowed(world, cell, dimension, label))
            for labels, cell in cells
            for label in _breakdown_labels(world, selection, dimension)
        ]
    return cells


# -- true counts ------------------------------------------------------------------------------------------------------


def exact(
    delivery,
    metric,
    *,
    period="all",
    service=None,
    commissioner=None,
    cohort=None,
    base="all",
    within=12,
    by=(),
):
    """True counts: {(labels of `by`, then own labels): counts}, a row for every label of the closed lists.

    count: count, clients. proportion: numerator, denominator, clients_numerator, clients_rest, clients_denominator.
    waiting: journeys, clients, at_risk, events, competing, censored (and clients_ of each), incidence (Aalen-Johansen,
    a Fraction). change: journeys, first, pairs, improved, same, worse (and clients_ of each), left_improved and so on
    (clients of the other pairs), mean_first, mean_latest, mean_change, sd_change (None without enough pairs).
    """
    facts = world(delivery)
    selection = _selection(facts, period, service, commissioner, cohort or {}, base)
    return {
        (*labels, *own): counts
        for labels, cell in _cells(facts, selection, by)
        for own, counts in _counted(facts, metric, within, cell, 1).items()
    }


def _counted(world, slug, within, cell, k):
    """{own labels: counts} of one cell."""
    groups = {labels: [] for labels in _own_labels(world, slug, k)}
    for unit in _brought(world, slug, within)[0]:
        if unit.labels in groups and cell.matches(unit):
            groups[unit.labels].append(unit)
    count = {"count": _count, "proportion": _proportion, "waiting": _waiting, "change": _change}
    return {labels: count[METRICS[slug].shape](slug, labels, units) for labels, units in groups.items()}


def _clients(units):
    return len({unit.journey.person for unit in units})


def _count(slug, labels, units):
    clients = _clients(units)
    return {"count": clients if METRICS[slug].unit == "people" else len(units), "clients": clients}


def _proportion(slug, labels, units):
    hits = [unit for unit in units if unit.what]
    rest = [unit for unit in units if not unit.what]
    return {
        "numerator": len(hits),
        "denominator": len(units),
        "clients_numerator": _clients(hits),
        "clients_rest": _clients(rest),
        "clients_denominator": _clients(units),
    }


def _waiting(slug, labels, units):
    """Counts up to the label's day; at risk are those still waiting when the interval that ends there begins."""
    day = MONTH_DAYS[labels[0]]
    begins = max((other for other in MONTH_DAYS.values() if other < day), default=-1)
    groups = {
        "at_risk": [unit for unit in units if unit.what[0] > begins],
        "events": [unit for unit in units if unit.what[1] == "event" and unit.what[0] <= day],
        "competing": [unit for unit in units if unit.what[1] == "competing" and unit.what[0] <= day],
        "censored": [unit for unit in units if unit.what[1] == "censored" and unit.what[0] <= day],
    }
    counts = {"journeys": len(units), "clients": _clients(units), "incidence": _incidence(units, day)}
    for name, group in groups.items():
        counts |= {name: len(group), f"clients_{name}": _clients(group)}
    counts["clients_rest"] = _clients([unit for unit in units if not (unit.what[1] == "event" and unit.what[0] <= day)])
    counts["is_followed"] = _is_followed(units, day)
    return counts


def _is_followed(units, day):
    """Whether anybody was seen that long, or nobody was lost sight of: past that, the curve would be a guess."""
    last = max((unit.what[0] for unit in units), default=0)
    return last >= day or all(unit.what[1] != "censored" for unit in units if unit.what[0] == last)


def _incidence(units, day):
    """Aalen-Johansen: the sum over days of (share still waiting the day before) x (events / at risk)."""
    waiting, incidence = Fraction(1), Fraction(0)
    for today in sorted({unit.what[0] for unit in units if unit.what[0] <= day}):
        at_risk = sum(unit.what[0] >= today for unit in units)
        kinds = [unit.what[1] for unit in units if unit.what[0] == today]
        incidence += waiting * Fraction(kinds.count("event"), at_risk)
        waiting *= 1 - Fraction(kinds.count("event") + kinds.count("competing"), at_risk)
    return incidence if units else None


def _change(slug, labels, units):
    threshold, better = SCALES[labels]
    pairs = [unit for unit in units if len(unit.what) == 2]
    changes = [(unit, (unit.what[1] - unit.what[0]) * better) for unit in pairs]
    groups = {
        "journeys": units,
        "first": [unit for unit in units if unit.what],
        "pairs": pairs,
        "improved": [unit for unit, change in changes if change >= threshold],
        "same": [unit for unit, change in changes if -threshold < change < threshold],
        "worse": [unit for unit, change in changes if change <= -threshold],
    }
    counts = {}
    for name, group in groups.items():
        counts |= {name: len(group), f"clients_{name}": _clients(group)}
    for name in ("improved", "same", "worse"):
        counts[f"left_{name}"] = _clients([unit for unit in pairs if unit not in groups[name]])
    return counts | _means([unit.what for unit in pairs])


def _means(pairs):
    if not pairs:
        return dict.fromkeys(("mean_first", "mean_latest", "mean_change", "sd_change"))
    changes = [latest - first for first, latest in pairs]
    mean = sum(changes) / len(pairs)
    squares = sum((change - mean) ** 2 for change in changes)
    return {
        "mean_first": sum(first for first, _ in pairs) / len(pairs),
        "mean_latest": sum(latest for _, latest in pairs) / len(pairs),
        "mean_change": mean,
        "sd_change": Decimal(sqrt(squares / (len(pairs) - 1))) if len(pairs) > 1 else None,
    }


# -- what may be shown (methods 1 and 2) ------------------------------------------------------------------------------


def released(
    delivery,
    metric,
    *,
    period="all",
    service=None,
    commissioner=None,
    cohort=None,
    base="all",
    within=12,
    by=(),
    k=8,
    base_=5,
):
    """The rows of the released answer, as in the JSON of `ask` but without interval and rate.

    Each row: labels {name: label}, state ('shown', 'hidden', 'not_recorded', 'too_early'), why ('few', 'most', None),
    complete (True, False, None) and by shape count; numerator, denominator; at_risk, events, competing, censored,
    incidence; journeys, first, pairs, improved, same, worse, mean_first, mean_latest, mean_change, sd_change.
    """
    facts = world(delivery)
    selection = _selection(facts, period, service, commissioner, cohort or {}, base)
    rows = []
    for labels, cell in _cells(facts, selection, by):
        for own, counts in _counted(facts, metric, within, cell, k).items():
            names = dict(zip((*by, *METRICS[metric].own), (*labels, *own), strict=True))
            rows.append({"labels": names} | _row(facts, metric, within, cell, own, counts, k, base_))
    return [row for row in rows if row["state"] == "shown"] if METRICS[metric].own == ("path",) else rows


ASKED = {
    "count": ("count",),
    "proportion": ("numerator", "denominator"),
    "waiting": ("at_risk", "events", "competing", "censored", "incidence"),
    "change": (
        "journeys",
        "first",
        "pairs",
        "improved",
        "same",
        "worse",
        "mean_first",
        "mean_latest",
        "mean_change",
        "sd_change",
    ),
}


def _row(world, slug, within, cell, own, counts, k, base_):
    metric = METRICS[slug]
    row = {"state": "hidden", "why": None, "complete": None} | dict.fromkeys(ASKED[metric.shape])
    services = _services_of(world, cell)
    horizon = _horizon(metric, within, own)
    if horizon is not None and metric.horizon != "weeks" and services:
        row["complete"] = all(_last_day(cell, one) + horizon <= one["data_to"] for one in services)
    if services and not any(_is_recorded(world, metric, one) for one in services):
        return row | {"state": "not_recorded"}
    if horizon is not None and services and all(_first_day(cell, one) + horizon > one["data_to"] for one in services):
        return row | {"state": "too_early"}
    if not _may_be_asked(world, slug, within, cell, own, k):
        return row
    release = {"count": _show_count, "proportion": _show_share, "waiting": _show_curve, "change": _show_change}
    return row | release[metric.shape](counts, k, base_)


def _services_of(world, cell):
    """The services that a cell is about: those of its place, with its model, funding and co-location."""

    def has(row, name, value):
        known = {
            "model": row["model"],
            "funding": row["funding"] or "unknown",
            "co_located": _flag(row["link_workers_co_located"]),
        }
        return known.get(name, value) == value

    rows = [world.services[service] for service in cell.services]
    return [row for row in rows if cell.months and all(has(row, *chosen) for chosen in cell.values)]


def _horizon(metric, within, own):
    """How long after referral the row looks, or None."""
    if metric.horizon is None:
        return None
    if metric.horizon == "within":
        return timedelta(days=MONTH_DAYS[str(within)])
    if metric.horizon in ("months", "weeks"):
        label = own[metric.own.index(metric.horizon)]
        return timedelta(days=(MONTH_DAYS | WEEK_DAYS)[label])
    return timedelta(days=metric.horizon)


def _first_day(cell, service):
    return service["data_from"] if cell.days is None else cell.days[0]


def _last_day(cell, service):
    return service["data_to"] if cell.days is None else cell.days[1]


def _may_be_asked(world, slug, within, cell, own, k):
    """Is the denominator large enough, of enough clients, and far enough from that of every wider question?"""
    n, clients = _denominator(world, slug, within, cell, own)
    if n < k or clients < k:
        return False
    return all(_denominator(world, slug, within, other, own)[0] - n >= k for other in _wider(world, cell))


def _denominator(world, slug, within, cell, own):
    """The metric's own denominator in a label, and the different clients behind it."""
    key = ("denominators", slug, within, cell.months, cell.services, cell.base, cell.values)
    if key not in world.found:
        groups = defaultdict(list)
        for unit in _brought(world, slug, within)[0]:
            if cell.matches(unit) and (METRICS[slug].shape != "change" or len(unit.what) == 2):
                groups[unit.labels].append(unit)
        is_people = METRICS[slug].unit == "people"
        world.found[key] = {
            labels: (_clients(units) if is_people else len(units), _clients(units)) for labels, units in groups.items()
        }
    return world.found[key].get(own, (0, 0))


def _wider(world, cell):
    """Every way of widening one or more of the choices of a question; choices of the same coverage are the same."""
    bases = {
        "out_of_work": ["out_of_work", "working_age", "all"],
        "working_age": ["working_age", "all"],
        "all": ["all"],
    }
    kept_values = [()]
    for value in cell.values:
        kept_values += [(*kept, value) for kept in kept_values]
    for months, services, base, values in product(
        {cell.months} | {other for other in world.periods if other > cell.months},
        {cell.services} | {other for other in world.places if other > cell.services},
        bases[cell.base],
        kept_values,
    ):
        wider = Cell(months, services, base, values, cell.days)
        if not _is_same(world, cell, wider):
            yield wider


def _is_same(world, cell, other):
    """The same question: the same months and clients, and the same services however they were named."""

    def services(one):
        return {row["service_id"] for row in _services_of(world, one)}

    def clients(one):
        return {value for value in one.values if value[0] not in ("model", "funding", "co_located")}

    is_equal = (cell.months, cell.base, clients(cell)) == (other.months, other.base, clients(other))
    return is_equal and services(cell) == services(other)


def _rounded(number, base_):
    """To the nearest multiple of the base, halves up."""
    return floor(Fraction(number) / base_ + Fraction(1, 2)) * base_


def _protected(count, clients, k, base_):
    return None if count < k or clients < k else _rounded(count, base_)


def _show_count(counts, k, base_):
    return {"state": "shown", "count": _rounded(counts["count"], base_)}


def _show_share(counts, k, base_):
    shown = {"denominator": _rounded(counts["denominator"], base_)}
    if counts["numerator"] < k or counts["clients_numerator"] < k:
        return shown | {"why": "few"}
    if counts["denominator"] - counts["numerator"] < k or counts["clients_rest"] < k:
        return shown | {"why": "most"}
    return shown | {"state": "shown", "numerator": _rounded(counts["numerator"], base_)}


def _show_curve(counts, k, base_):
    n, reached = counts["journeys"], counts["incidence"] * counts["journeys"]
    if counts["at_risk"] < 10 or not counts["is_followed"] or min(reached, n - reached) < k:
        return {}
    if counts["clients_events"] < k or counts["clients_rest"] < k:
        return {}
    cohort = _rounded(n, base_)
    shown = {"state": "shown", "incidence": _rounded(reached, base_) / cohort if cohort >= 20 else None}
    for name in ("at_risk", "events", "competing", "censored"):
        shown[name] = _protected(counts[name], counts[f"clients_{name}"], k, base_)
    return shown


def _show_change(counts, k, base_):
    shown = {"state": "shown"}
    for name in ("journeys", "first", "pairs"):
        shown[name] = _protected(counts[name], counts[f"clients_{name}"], k, base_)
    for name in ("improved", "same", "worse"):
        left = min(counts["pairs"] - counts[name], counts[f"left_{name}"])
        shown[name] = None if left < k else _protected(counts[name], counts[f"clients_{name}"], k, base_)
    for name in ("mean_first", "mean_latest", "mean_change", "sd_change"):
        shown[name] = _one_decimal(counts[name]) if counts["pairs"] >= 10 else None
    return shown


def _one_decimal(number):
    return float(number.quantize(Decimal("0.1"), ROUND_HALF_UP))


def left_out(
    delivery,
    metric,
    *,
    period="all",
    service=None,
    commissioner=None,
    cohort=None,
    base="all",
    within=12,
    k=8,
    base_=5,
):
    """{reason: journeys in no row's denominator, rounded, or None when hidden}, in the order in which they are asked."""
    facts = world(delivery)
    cell = _selection(facts, period, service, commissioner, cohort or {}, base)
    return {
        reason: _released_left_out(facts, units, cell, k, base_)
        for reason, units in _brought(facts, metric, within)[1].items()
    }


def exact_left_out(
    delivery, metric, *, period="all", service=None, commissioner=None, cohort=None, base="all", within=12
):
    """{reason: true number of journeys in no row's denominator}."""
    facts = world(delivery)
    cell = _selection(facts, period, service, commissioner, cohort or {}, base)
    return {
        reason: sum(cell.matches(unit) for unit in units)
        for reason, units in _brought(facts, metric, within)[1].items()
    }


def _released_left_out(world, units, cell, k, base_):
    inside = [unit for unit in units if cell.matches(unit)]
    if len(inside) < k or _clients(inside) < k:
        return None
    for wider in _wider(world, cell):
        if sum(wider.matches(unit) for unit in units) - len(inside) < k:
            return None
    return _rounded(len(inside), base_)
