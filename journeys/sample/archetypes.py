"""What each invented service of the sample is like: its clients, its pace, its rates and its tools.

The services are invented; each is modelled on a kind of service in the Work Foundation report of 2018/19, and its rates lie
in the region of data/reference/published_evidence.csv. Mixes are weights, not shares: they are divided by their sum.
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
    records_goals: bool = True
    records_outcomes: bool = True
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
QUALITY = {  # mean rating of the seven dimensions of job quality (CIPD), 5 best
    "pay_benefits": 3.0,
    "contract_terms": 3.1,
    "job_design": 3.4,
    "work_life_balance": 3.6,
    "relationships": 3.9,
    "voice": 3.2,
    "health_wellbeing": 3.5,
}

MENTAL_HEALTH = Archetype(
    slug="wrenborough-mh",
    name="Wrenborough Steady Minds",
    follows="a mental-health scheme of about 200 referrals a year (Voluntary Action Rotherham)",
    commissioner=0,
    model="holistic",
    co_located=False,
    funding="health",
    opened_on=date(2015, 4, 1),
    referrals_a_year=200,
    growth=1.06,
    ages=((18, 24, 10), (25, 34, 22), (35, 49, 36), (50, 64, 28), (65, 74, 4)),
    female=0.55,
    deprivation=0.16,
    long_term_conditions=1.2,
    status=STATUS | {"employed": 14, "unemployed_seeking": 14, "long_term_sick": 52, "not_seeking": 10},
    sources={"mental_health_service": 78, "gp": 12, "drug_and_alcohol_service": 22, "self": 4, "other": 2},
    reasons=REASONS
    | {"physical_mental_health": 34, "wellbeing": 16, "social_isolation": 15, "employment": 3, "self_care_ltc": 5},
    goals=GOALS
    | {"mental_wellbeing": 26, "employment": 6.8, "new_skills": 3, "volunteering": 6, "social_networks": 22},
    activities=ACTIVITIES
    | {
        "peer_support": 16,
        "arts_creative": 13,
        "learning_skills": 8,
        "volunteering_support": 7,
        "employment_support": 3,
    },
    work=Work(training=0.215, volunteering=0.18, job=0.072, direct=0.25),
    engaged=0.9,
    days_to_contact=9,
    days_open=290,
    drops_out=0.2,
    n_contacts=10,
    n_activities=2.0,
    tools=(Tool("swemwbs", 91, 5, first=0.9, again=0.75),),
    follows_up=True,
    changes=(
        Change(
            date(2023, 10, 2),
            "Drug and alcohol referrals began",
            "The drug and alcohol service may refer from this day; before it, only mental health teams and practices did.",
            volume=1.2,
            new_source="drug_and_alcohol_service",
        ),
    ),
)

LONG_TERM_CONDITIONS = Archetype(
    slug="wrenborough-ltc",
    name="Wrenborough Living Well",
    follows="a long-term-conditions scheme of about 1,500 referrals a year (Rotherham)",
    commissioner=0,
    model="medium",
    co_located=True,
    funding="pooled",
    opened_on=date(2012, 4, 2),
    referrals_a_year=1500,
    growth=1.03,
    ages=((18, 34, 4), (35, 49, 9), (50, 64, 25), (65, 74, 24), (75, 97, 38)),
    female=0.59,
    deprivation=0.1,
    long_term_conditions=2.6,
    status=STATUS | {"employed": 20, "long_term_sick": 54},
    sources=SOURCES | {"gp": 68, "hospital": 6},
    reasons=REASONS | {"self_care_ltc": 8.5, "physical_mental_health": 25, "employment": 0.8},
    goals=GOALS | {"financial": 26, "employment": 0.9, "volunteering": 1.3},
    activities=ACTIVITIES | {"health_self_care": 18},
    work=Work(training=0.12, volunteering=0.1, job=0.08, later_life=0.3),
    engaged=0.84,
    days_to_contact=13,
    days_open=140,
    drops_out=0.2,
    n_contacts=4,
    n_activities=1.4,
    tools=(Tool("pam", 122, 3, first=0.75, again=0.6), Tool("swemwbs", 122, 3, first=0.6, again=0.6)),
    further_goals=0.7,
    changes=(
        Change(
            date(2024, 1, 8),
            "Referral form put into practice systems",
            "Practices can refer without leaving the patient record.",
            volume=1.1,
        ),
    ),
)

COUNTY_NAVIGATORS = Archetype(
    slug="ostermere-navigators",
    name="Ostermere County Navigators",
    follows="a county navigator service, mostly for people over 65 (Herts Help)",
    commissioner=1,
    model="light",
    co_located=False,
    funding="social_care",
    opened_on=date(2016, 9, 1),
    referrals_a_year=420,
    growth=1.08,
    ages=((18, 34, 3), (35, 49, 6), (50, 64, 13), (65, 74, 24), (75, 99, 54)),
    female=0.63,
    deprivation=-0.03,
    long_term_conditions=1.9,
    status=STATUS | {"employed": 34},
    sources=SOURCES | {"gp": 34, "hospital": 24, "adult_social_care": 22, "self": 10},
    reasons=REASONS | {"social_welfare_advice": 20, "social_isolation": 17, "employment": 0.4},
    goals=GOALS | {"social_networks": 26, "employment": 0.6, "new_skills": 0.8, "volunteering": 1},
    activities=ACTIVITIES | {"befriending_social": 30, "digital_skills": 4},
    work=Work(training=0.07, volunteering=0.08, job=0.06, later_life=0.35),
    engaged=0.86,
    days_to_contact=8,
    days_open=95,
    drops_out=0.15,
    n_contacts=3.5,
    n_activities=1.4,
    tools=(Tool("ucla3", 84, 2, first=0.6, again=0.55), Tool("ons4", 84, 2, first=0.5, again=0.55)),
    further_goals=0.6,
)

OUTCOMES_FUNDED = Archetype(
    slug="ostermere-futures",
    name="Ostermere Well Futures",
    follows="an outcomes-funded service for ages 40-74 with long-term conditions (Ways to Wellness)",
    commissioner=1,
    model="holistic",
    co_located=True,
    funding="social_impact_bond",
    opened_on=date(2015, 4, 1),
    referrals_a_year=300,
    growth=1.0,
    ages=((40, 49, 22), (50, 64, 48), (65, 74, 30)),
    female=0.55,
    deprivation=0.14,
    long_term_conditions=2.4,
    status=STATUS | {"employed": 28, "long_term_sick": 46},
    sources={"gp": 86, "other_primary_care": 14},
    reasons=REASONS | {"self_care_ltc": 14, "lifestyle_change": 24, "employment": 0.8},
    goals=GOALS | {"lifestyle": 30, "physical_health": 22, "employment": 0.85, "volunteering": 2.2, "new_skills": 0.9},
    activities=ACTIVITIES | {"physical_activity": 22, "health_self_care": 18},
    work=Work(training=0.16, volunteering=0.14, job=0.06, later_life=0.5),
    engaged=0.8,
    days_to_contact=16,
    days_open=540,
    drops_out=0.24,
    n_contacts=12,
    n_activities=1.8,
    tools=(Tool("wellbeing_star", 182, 4, first=0.92, again=0.75),),
    further_goals=2.2,
    follows_up=True,
)

CENTRE = Archetype(
    slug="tarnholt-centre",
    name="Tarnholt Corner Centre",
    follows="a neighbourhood centre for adults with employment advisers on site (Bromley by Bow)",
    commissioner=2,
    model="holistic",
    co_located=True,
    funding="pooled",
    opened_on=date(2011, 6, 1),
    referrals_a_year=250,
    growth=1.05,
    ages=((18, 24, 9), (25, 34, 20), (35, 49, 33), (50, 64, 26), (65, 74, 8), (75, 92, 4)),
    female=0.64,
    deprivation=0.22,
    long_term_conditions=1.1,
    status=STATUS | {"employed": 24, "unemployed_seeking": 24, "long_term_sick": 26, "homemaker": 16},
    sources=SOURCES | {"gp": 70, "self": 9, "jobcentre_plus": 3, "housing_association": 4},
    reasons=REASONS | {"employment": 9.0, "training_learning": 3.5, "social_welfare_advice": 19},
    goals=GOALS | {"employment": 8.5, "new_skills": 3.5, "housing": 3, "financial": 26},
    activities=ACTIVITIES | {"employment_support": 12, "learning_skills": 9, "money_benefits_advice": 24},
    work=Work(training=0.24, volunteering=0.14, job=0.16, direct=0.55, days_to_work=270),
    engaged=0.83,
    days_to_contact=10,
    days_open=200,
    drops_out=0.22,
    n_contacts=5,
    n_activities=1.8,
    tools=(Tool("mbat", 91, 4, first=0.7, again=0.65), Tool("swemwbs", 91, 3, first=0.6, again=0.6)),
    follows_up=True,
    changes=(
        Change(
            date(2022, 9, 5),
            "Second employment adviser on site",
            "Employment advice on four days a week instead of two.",
            volume=1.05,
        ),
    ),
)

SIGNPOSTING = Archetype(
    slug="tarnholt-signpost",
    name="Tarnholt Signpost Line",
    follows="a light service seen over a few months (Gloucestershire)",
    commissioner=2,
    model="signposting",
    co_located=False,
    funding="health",
    opened_on=date(2019, 7, 1),
    referrals_a_year=190,
    growth=1.15,
    ages=((18, 34, 16), (35, 49, 22), (50, 64, 26), (65, 74, 18), (75, 95, 18)),
    female=0.61,
    deprivation=0.02,
    long_term_conditions=1.3,
    status=STATUS | {"employed": 44},
    sources=SOURCES | {"other_primary_care": 30, "self": 12},
    reasons=REASONS | {"social_isolation": 15, "employment": 2},
    goals=GOALS,
    activities=ACTIVITIES,
    work=Work(training=0.06, volunteering=0.06, job=0.04, later_life=0.3, direct=0.4, days_to_work=240),
    engaged=0.72,
    days_to_contact=6,
    days_open=75,
    drops_out=0.1,
    n_contacts=1.6,
    n_activities=1.3,
    tools=(Tool("ons4", 70, 2, first=0.45, again=0.45),),
    records_goals=False,
    follows_up=True,
    data_to=date(2026, 1, 31),
)

NO_OUTCOMES = Archetype(
    slug="ostermere-neighbours",
    name="Ostermere Good Company",
    follows="the many services that record no work outcomes (31% were asked for them)",
    commissioner=1,
    model="light",
    co_located=True,
    funding="charitable",
    opened_on=date(2018, 1, 8),
    referrals_a_year=110,
    growth=1.04,
    ages=((18, 34, 8), (35, 49, 14), (50, 64, 22), (65, 74, 24), (75, 97, 32)),
    female=0.66,
    deprivation=0.04,
    long_term_conditions=1.6,
    status=STATUS,
    sources=SOURCES | {"voluntary_sector": 10, "self": 10},
    reasons=REASONS | {"social_isolation": 26},
    goals=GOALS | {"social_networks": 30, "employment": 0.4},
    activities=ACTIVITIES | {"befriending_social": 28, "nature": 10},
    work=Work(training=0, volunteering=0, job=0),
    engaged=0.85,
    days_to_contact=12,
    days_open=160,
    drops_out=0.18,
    n_contacts=4.5,
    n_activities=1.5,
    tools=(Tool("ucla3", 91, 3, first=0.6, again=0.55),),
    records_outcomes=False,
)

YOUNG_ADULTS = Archetype(
    slug="tarnholt-next-steps",
    name="Tarnholt Next Steps",
    follows="a holistic service of the kind evaluated in Bristol, here for younger adults, opened later",
    commissioner=2,
    model="holistic",
    co_located=False,
    funding="employment",
    opened_on=date(2023, 1, 9),
    referrals_a_year=140,
    growth=1.2,
    ages=((16, 17, 6), (18, 24, 46), (25, 34, 34), (35, 49, 14)),
    female=0.68,
    deprivation=0.15,
    long_term_conditions=0.6,
    status=STATUS | {"employed": 20, "unemployed_seeking": 32, "student": 18, "long_term_sick": 14},
    sources=SOURCES | {"mental_health_service": 12, "jobcentre_plus": 8, "self": 14},
    reasons=REASONS | {"employment": 6, "training_learning": 5, "self_care_ltc": 1, "wellbeing": 14},
    goals=GOALS | {"employment": 12, "new_skills": 6, "volunteering": 5, "physical_health": 6, "housing": 3},
    activities=ACTIVITIES | {"employment_support": 8, "learning_skills": 12, "volunteering_support": 7},
    work=Work(training=0.34, volunteering=0.2, job=0.28, direct=0.35, days_to_work=290),
    engaged=0.84,
    days_to_contact=10,
    days_open=250,
    drops_out=0.26,
    n_contacts=7,
    n_activities=1.8,
    tools=(Tool("wemwbs", 91, 4, first=0.8, again=0.62), Tool("ons4", 91, 3, first=0.5, again=0.6)),
    follows_up=True,
    data_from=date(2023, 1, 9),
)

# The order counts: a sample of N services takes the first N and starts again, with numbered names, after the last.
ARCHETYPES = (
    MENTAL_HEALTH,
    LONG_TERM_CONDITIONS,
    COUNTY_NAVIGATORS,
    OUTCOMES_FUNDED,
    CENTRE,
    SIGNPOSTING,
    NO_OUTCOMES,
    YOUNG_ADULTS,
)


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
