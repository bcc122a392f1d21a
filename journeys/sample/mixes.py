"""What a service of the sample can be like, and the mixes that all of them start from: reasons, goals, activities, tools.

Reasons and goals stand in the published rank order (Boxes C and D of the Work Foundation report of 2018/19). Mixes are
weights, not shares: they are divided by their sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Mix = Mapping[str, float]

FIRST_DAY = date(2021, 4, 1)
LAST_DAY = date(2026, 3, 31)


@dataclass(frozen=True)
class Commissioner:
    """An invented commissioner. With a `client_key`, its services know the same person by the same client_ref."""

    code: str
    name: str
    client_key: str | None


COMMISSIONERS = (
    Commissioner("SYN01", "Wrenborough Health Board (synthetic)", "wrenborough-key"),
    Commissioner("SYN02", "Ostermere Health Board (synthetic)", "ostermere-key"),
    Commissioner("SYN03", "Tarnholt Health Board (synthetic)", None),
)


@dataclass(frozen=True)
class Change:
    """Something that happened to a service on a day: `volume` multiplies its referrals from then on."""

    on: date
    title: str
    detail: str
    volume: float = 1.0
    new_source: str | None = None  # nobody is referred from this source before the change


@dataclass(frozen=True)
class Tool:
    """How a service uses a measurement tool: `first` and `again` are the chances of a first and of each later reading."""

    code: str
    days_between: int
    n_readings: int
    first: float = 0.8
    again: float = 0.7


@dataclass(frozen=True)
class Work:
    """Chances that an engaged client of working age who is out of work ever has such an outcome.

    `later_life` scales training and volunteering for people past work; `direct` is the share of jobs that came with a
    referral to employment support; `days_to_work` is the median from referral to the first job.
    """

    training: float
    volunteering: float
    job: float
    later_life: float = 0.4
    direct: float = 0.25
    days_to_work: int = 330


@dataclass(frozen=True)
class HandsOver:
    """Which kinds of record a service keeps, and since when it keeps goals."""

    reasons: bool = True
    goals: bool = True
    outcomes: bool = True
    contacts: bool = True
    activities: bool = True
    measures: bool = True
    attended: bool = False  # whether people came to their contacts
    goals_from: date | None = None


@dataclass(frozen=True)
class Enablers:
    """What the report found to help towards work, as a service has it; None where nobody said."""

    support_offer: str | None = "signposting"
    adviser_on_site: bool | None = False
    staff_trained: bool | None = None
    jobcentre_link: str | None = "none"
    asked_for: bool | None = False
    in_specification: bool | None = False
    contract_from: date | None = None
    contract_to: date | None = None


@dataclass(frozen=True)
class Archetype:
    """A kind of service. Rates are chances per journey, times are medians in days, ages are (from, to, weight)."""

    slug: str
    name: str
    follows: str
    commissioner: int
    model: str
    co_located: bool
    funding: str
    opened_on: date
    referrals_a_year: int
    growth: float
    ages: tuple[tuple[int, int, float], ...]
    female: float
    deprivation: float  # above 0: more clients from deprived areas, the chance falls by this share a decile
    long_term_conditions: float
    status: Mix  # employment status of those of working age
    sources: Mix
    reasons: Mix
    goals: Mix
    activities: Mix
    work: Work
    engaged: float
    days_to_contact: int
    days_open: int
    drops_out: float
    n_contacts: float
    n_activities: float
    tools: tuple[Tool, ...] = ()
    sets_goals: float = 0.85
    further_goals: float = 0.9  # expected number of goals beyond the first
    data_from: date = FIRST_DAY
    data_to: date = LAST_DAY
    hands_over: HandsOver = HandsOver()
    enablers: Enablers = Enablers()
    ages_for: str | None = None
    follows_up: bool = False
    changes: tuple[Change, ...] = field(default=())


# Base mixes: reasons and goals stand in the published rank order (Boxes C and D of the report).
REASONS = {
    "physical_mental_health": 24,
    "lifestyle_change": 18,
    "social_welfare_advice": 15,
    "financial_advice": 14.5,
    "social_isolation": 9.5,
    "wellbeing": 9,
    "self_care_ltc": 7.5,
    "employment": 1.3,
    "training_learning": 0.7,
    "other": 0.8,
}
GOALS = {
    "financial": 22,
    "lifestyle": 19,
    "mental_wellbeing": 18.5,
    "social_networks": 15,
    "physical_health": 13,
    "employment": 0.9,
    "new_skills": 0.8,
    "housing": 0.75,
    "volunteering": 1.6,
    "other": 2,
}
ACTIVITIES = {
    "money_benefits_advice": 18,
    "housing_support": 5,
    "health_self_care": 13,
    "physical_activity": 13,
    "arts_creative": 7,
    "nature": 6,
    "befriending_social": 14,
    "peer_support": 8,
    "counselling_wellbeing": 8,
    "learning_skills": 3,
    "digital_skills": 2,
    "volunteering_support": 2,
    "employment_support": 0.7,
    "other": 2,
}
SOURCES = {
    "gp": 62,
    "other_primary_care": 16,
    "hospital": 4,
    "mental_health_service": 2,
    "adult_social_care": 6,
    "housing_association": 1.5,
    "local_authority": 2.5,
    "voluntary_sector": 3,
    "self": 4,
    "other": 1,
}
STATUS = {
    "employed": 30,
    "unemployed_seeking": 10,
    "student": 3,
    "long_term_sick": 38,
    "homemaker": 8,
    "not_seeking": 8,
    "volunteering": 3,
}

ETHNIC = {"white": 80, "asian": 8, "black": 5, "mixed": 3, "other": 2, "not_stated": 2}

# The same for every service: the year's and the week's rhythm of referrals, contacts, the pace of goals, job quality.
SEASON = (1.12, 1.04, 1.08, 0.93, 1.02, 1.02, 0.97, 0.84, 1.06, 1.1, 1.08, 0.72)  # January to December
WEEKDAYS = (1.1, 1.08, 1.04, 1.0, 0.9, 0.05, 0.02)  # Monday to Sunday
CONTACT_KINDS = {"telephone": 52, "face_to_face": 30, "video": 5, "group": 5, "message": 8}
MINUTES = {"telephone": 22, "face_to_face": 55, "video": 40, "group": 90, "message": 4}  # median
DAYS_TO_GOAL = {  # median
    "financial": 60,
    "housing": 110,
    "mental_wellbeing": 120,
    "social_networks": 105,
    "lifestyle": 120,
    "physical_health": 130,
    "employment": 260,
    "new_skills": 170,
    "volunteering": 180,
    "other": 100,
}
MISSED = 0.14  # missed contacts for one that took place
WHY_NOT = {
    "none_available": 14,
    "waiting_list": 24,
    "travel": 12,
    "cost": 5,
    "health": 20,
    "not_suitable": 10,
    "choice": 15,
}
LATE_WORK_GOALS = 0.58  # of work goals set by people who are still seen by then: after 91 days
QUALITY = {  # mean rating of the seven dimensions of job quality (CIPD), 5 best
    "pay_benefits": 3.0,
    "contract_terms": 3.1,
    "job_design": 3.4,
    "work_life_balance": 3.6,
    "relationships": 3.9,
    "voice": 3.2,
    "health_wellbeing": 3.5,
}


@dataclass(frozen=True)
class Item:
    """An item of a tool: the first reading's mean and spread, the mean change in the long run, and the range."""

    code: str
    mean: float
    spread: float
    gain: float
    low: float
    high: float
    decimals: int = 0


ITEMS = {
    "swemwbs": (Item("total", 18.4, 4.4, 3.4, 7, 35),),
    "wemwbs": (Item("total", 38, 9.5, 5, 14, 70),),
    "ons4": (
        Item("life_satisfaction", 4.7, 2.1, 1.2, 0, 10),
        Item("worthwhile", 5.0, 2.2, 1.1, 0, 10),
        Item("happiness", 4.8, 2.3, 1.1, 0, 10),
        Item("anxiety", 5.6, 2.6, -1.0, 0, 10),
    ),
    "wellbeing_star": (
        Item("lifestyle", 2.7, 0.9, 0.8, 1, 5),
        Item("looking_after_yourself", 3.2, 0.9, 0.5, 1, 5),
        Item("managing_symptoms", 2.8, 0.9, 0.7, 1, 5),
        Item("work_volunteering", 2.9, 1.1, 0.4, 1, 5),
        Item("money", 3.3, 1.1, 0.5, 1, 5),
        Item("where_you_live", 3.7, 1.0, 0.3, 1, 5),
        Item("family_friends", 3.4, 1.0, 0.4, 1, 5),
        Item("feeling_positive", 2.7, 0.9, 0.7, 1, 5),
    ),
    "pam": (Item("score", 52, 13, 5, 0, 100, decimals=1),),
    "ucla3": (Item("total", 6.2, 1.7, -0.9, 3, 9),),
}

# Share of clients with the barrier at the first reading of the Multiple Barriers Assessment Tool.
BARRIERS = {
    "literacy": 0.15,
    "numeracy": 0.18,
    "digital_skills": 0.32,
    "mental_health": 0.62,
    "drug_alcohol": 0.11,
    "housing": 0.22,
    "debt": 0.36,
    "confidence": 0.66,
    "motivation": 0.41,
    "qualifications": 0.38,
    "work_history": 0.35,
}
