"""The facts of one journey (metrics.md 1), derived in plain loops from the rows of a delivery."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import spiral
from codes import AGES, JOBS, OUT_OF_WORK, OUTCOME_KINDS, RUNGS, WORKING_AGES, band, flag
from months import month_of, time_possible


@dataclass(eq=False)
class Journey:
    """One journey. Days are counted from referral; `dimensions` maps each dimension to a label."""

    row: dict
    rows: dict  # child table -> rows of this journey, in the order of the delivery
    recording: object  # recording.Recording of its service
    person: tuple = ()
    month: str = ""
    time_possible: int = 0  # the largest horizon that has passed
    days_possible: int = 0
    days_observed: int = 0
    days_to_contact: int | None = None
    bases: set = field(default_factory=set)
    dimensions: dict = field(default_factory=dict)
    person_class: tuple = ()  # age band and employment status
    readings: dict = field(default_factory=dict)  # (tool, item) -> [(day, score)], earliest first
    first_days: dict = field(default_factory=dict)  # kind of outcome -> day of the first one, if any
    first_job: dict | None = None
    start_rung: int = 0
    evidence: list = field(default_factory=list)  # [day] -> seven flags, rung 0 to 6
    own_evidence: list = field(default_factory=list)  # without the status at referral, for six months or until work
    family: list = field(default_factory=list)  # every journey of the same person, this one included
    family_ends: object = None  # the earliest data_to of the services under its client key

    @property
    def service(self):
        return self.recording.service

    def day(self, on):
        """Days from referral to a date; None for None."""
        return None if on is None else (on - self.row["referred_on"]).days

    def days(self, table, column):
        """The days of a column of dates in the rows of a table, in their order; those without a date left out."""
        return [self.day(row[column]) for row in self.rows[table] if row[column] is not None]

    @property
    def jobs(self):
        """The outcome rows of found work, in their order; under four hours a week is none."""
        return [row for row in self.rows["outcome"] if is_job(row)]

    def sums(self, tool, items):
        """[(day, sum of the items)] of the days on which all of them were read, earliest first."""
        by_item = [dict(self.readings.get((tool, item), [])) for item in items]
        days = set(by_item[0]).intersection(*by_item[1:])
        return [(day, sum(scores[day] for scores in by_item)) for day in sorted(days)]

    def rung(self, day):
        """The highest rung with evidence on that day."""
        return spiral.rung_of(self.evidence[day])


def derive(row, rows, recording):
    journey = Journey(row, rows, recording)
    journey.person = _person(row, journey.service)
    journey.month = month_of(row["referred_on"])
    journey.time_possible = time_possible(row["referred_on"], journey.service["data_to"])
    journey.days_possible = (journey.service["data_to"] - row["referred_on"]).days
    journey.days_observed = days_observed(journey, "outcome")
    journey.days_to_contact = _days_to_contact(journey)
    journey.readings = _readings(journey)
    journey.first_days = _first_days(journey)
    journey.first_job = _first_job(journey)
    journey.start_rung = {"employed": 5, "volunteering": 4, "student": 3}.get(row["employment_status"], 0)
    journey.dimensions = _dimensions(journey)
    journey.person_class = journey.dimensions["age_band"], journey.dimensions["employment_status"]
    journey.bases = _bases(journey.dimensions)
    journey.evidence = spiral.evidence_by_day(journey, row["employment_status"], journey.days_possible + 1)
    six_months_or_work = max(184, journey.first_days.get("found_work", 0))
    journey.own_evidence = spiral.evidence_by_day(journey, None, six_months_or_work)
    return journey


def _person(row, service):
    key = service["client_key"]
    return ("key", key, row["client_ref"]) if key else ("service", row["service_id"], row["client_ref"])


def days_observed(journey, table):
    """Up to the last day possible, or closure, or the last date in the rows of the table if that is later."""
    if journey.row["closed_on"] is None or journey.service["follows_up_after_closure"]:
        return journey.days_possible
    columns = {"outcome": ("started_on", "ended_on", "last_confirmed_on"), "goal": ("set_on", "status_on")}[table]
    recorded = [day for column in columns for day in journey.days(table, column)]
    return max([journey.day(journey.row["closed_on"]), *recorded])


def attended(journey):
    """The contact rows that were attended; nothing said counts as attended."""
    return [row for row in journey.rows["contact"] if row["attended"] is not False]


def _days_to_contact(journey):
    days = [journey.day(row["contact_on"]) for row in attended(journey)]
    if journey.row["first_contact_on"] is not None:
        days.append(journey.day(journey.row["first_contact_on"]))
    return min(days, default=None)


def _bases(dimensions):
    bases = {"all"}
    if dimensions["age_band"] in WORKING_AGES:
        bases.add("working_age")
        if dimensions["employment_status"] in OUT_OF_WORK:
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


def is_job(outcome):
    hours = outcome["hours_per_week"]
    return outcome["outcome"] in JOBS and (hours is None or hours >= 4)


def counts(outcome):
    """A row of found work under four hours a week counts nowhere; any other outcome row counts."""
    return outcome["outcome"] not in JOBS or is_job(outcome)


def outcome_days(journey, kind):
    """The days on which outcomes of a kind started, in the order of the rows."""
    codes = OUTCOME_KINDS[kind]
    rows = [row for row in journey.rows["outcome"] if row["outcome"] in codes and counts(row)]
    return [journey.day(row["started_on"]) for row in rows]


def _first_days(journey):
    first = {kind: min(outcome_days(journey, kind), default=None) for kind in OUTCOME_KINDS}
    return {kind: day for kind, day in first.items() if day is not None}


def _first_job(journey):
    return min(journey.jobs, key=lambda row: row["started_on"], default=None)  # of several on one day the first row


def work_goal_days(journey):
    return [journey.day(goal["set_on"]) for goal in journey.rows["goal"] if goal["goal"] == "employment"]


def _dimensions(journey):
    row, service = journey.row, journey.service
    age, decile, conditions = row["age_at_referral"], row["imd_decile"], row["long_term_conditions"]
    mains = [reason["reason"] for reason in journey.rows["referral_reason"] if reason["main"]]
    records_goals = journey.recording.has(["goals"], month_of(row["referred_on"]))
    return {
        "service": row["service_id"],
        "commissioner": service["commissioner_code"],
        **of_service(service),
        "age_band": "unknown" if age is None else band(age, AGES),
        "gender": row["gender"] or "unknown",
        "ethnic_group": row["ethnic_group"] or "unknown",
        "imd_quintile": "unknown" if decile is None else str((decile + 1) // 2),
        "long_term_conditions": "unknown" if conditions is None else "3+" if conditions >= 3 else str(conditions),
        "employment_status": row["employment_status"] or "unknown",
        "referral_source": row["referral_source"],
        "main_reason": mains[0] if mains else "unknown",
        "work_goal": flag(bool(work_goal_days(journey)) if records_goals else None),
        "start_rung": RUNGS[journey.start_rung],
    }


def of_service(service):
    """The dimensions that belong to a service."""
    return {
        "model": service["model"],
        "funding": service["funding"] or "unknown",
        "co_located": flag(service["link_workers_co_located"]),
    }
