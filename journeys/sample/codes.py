"""The codes and columns of a synthetic delivery: integers stand for codes until the tables are written."""

from collections.abc import Sequence

from journeys.sample.archetypes import ARCHETYPES
from journeys.sample.mixes import BARRIERS, CONTACT_KINDS, ETHNIC, ITEMS, QUALITY, SOURCES, WHY_NOT

EMPLOYMENT = (
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
)
EMPLOYED, STUDENT, LONG_TERM_SICK, RETIRED, NOT_STATED, UNKNOWN = 0, 2, 3, 7, 8, 9
ALL_SOURCES = (*SOURCES, "drug_and_alcohol_service", "jobcentre_plus")
GENDER = ("female", "male", "non_binary", "other", "not_stated")
CLOSURE = (
    "completed",
    "disengaged",
    "declined",
    "could_not_contact",
    "referred_elsewhere",
    "moved_away",
    "died",
    "other",
)
COMPLETED, DIED = 0, 6
REASON = tuple(ARCHETYPES[0].reasons)
GOAL = tuple(ARCHETYPES[0].goals)
STATUS = ("open", "achieved", "partly_achieved", "not_achieved", "withdrawn")
OPEN, ACHIEVED = 0, 1
ACTIVITY = tuple(ARCHETYPES[0].activities)
OUTCOME = (
    "training",
    "education",
    "qualification",
    "volunteering",
    "work_experience",
    "job_started",
    "self_employment",
    "apprenticeship",
    "job_kept",
)
TRAINING, EDUCATION, QUALIFICATION, VOLUNTEERING, WORK_EXPERIENCE = range(5)
JOB, SELF_EMPLOYMENT, APPRENTICESHIP, JOB_KEPT = range(5, 9)
CONTRACT = ("permanent", "fixed_term", "agency", "zero_hours", "self_employed", "apprenticeship", "other")
READING = [(tool, item.code) for tool, items in ITEMS.items() for item in items]
READING += [("mbat", barrier) for barrier in BARRIERS]

# Column kinds: "date", "integer", "number", "flag", "text", "id" (of the journey) or the codes that the integers stand for.
CHILD = {"service_id": "service", "journey_id": "id"}
SCHEMA: dict[str, dict[str, str | Sequence[str]]] = {
    "service": {
        "service_id": "text",
        "service_name": "text",
        "commissioner_code": "text",
        "commissioner_name": "text",
        "model": "text",
        "link_workers_co_located": "text",
        "client_key": "text",
        "funding": "text",
        "opened_on": "date",
        "data_from": "date",
        "data_to": "date",
        "records_goals": "text",
        "records_outcomes": "text",
        "follows_up_after_closure": "text",
        "records_reasons": "text",
        "records_contacts": "text",
        "records_activities": "text",
        "records_measures": "text",
        "goals_from": "date",
        "ages": "text",
        "support_offer": "text",
        "employment_adviser_on_site": "text",
        "staff_trained_in_employment_support": "text",
        "jobcentre_link": "text",
        "work_outcomes_asked_for": "text",
        "work_outcomes_in_specification": "text",
        "contract_from": "date",
        "contract_to": "date",
    },
    "journey": {
        "journey_id": "id",
        "client_ref": "text",
        "service_id": "service",
        "referred_on": "date",
        "referral_source": ALL_SOURCES,
        "first_contact_on": "date",
        "closed_on": "date",
        "closure_reason": CLOSURE,
        "age_at_referral": "integer",
        "gender": GENDER,
        "ethnic_group": tuple(ETHNIC),
        "imd_decile": "integer",
        "long_term_conditions": "integer",
        "employment_status": EMPLOYMENT,
    },
    "referral_reason": CHILD | {"reason": REASON, "main": "flag"},
    "goal": CHILD | {"goal": GOAL, "set_on": "date", "status": STATUS, "status_on": "date"},
    "contact": CHILD | {"contact_on": "date", "kind": tuple(CONTACT_KINDS), "minutes": "integer", "attended": "flag"},
    "activity": CHILD
    | {"referred_on": "date", "activity": ACTIVITY, "started_on": "date", "ended_on": "date"}
    | {"why_not": tuple(WHY_NOT)},
    "outcome": CHILD
    | {"outcome": OUTCOME, "started_on": "date", "ended_on": "date", "last_confirmed_on": "date"}
    | {"hours_per_week": "number", "contract": CONTRACT}
    | dict.fromkeys(QUALITY, "integer"),
    "measure": CHILD
    | {
        "measured_on": "date",
        "tool": tuple(tool for tool, _ in READING),
        "item": tuple(item for _, item in READING),
        "score": "number",
    },
    "service_change": {"service_id": "text", "changed_on": "date", "title": "text", "detail": "text"},
}
