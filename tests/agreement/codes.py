"""The closed lists of the data dictionary and of the metric catalogue, for the plain implementation (oracle.py).

Written out again on purpose: nothing here is read from the product's own dictionary.
"""

MONTH_DAYS = {"3": 91, "6": 183, "9": 274, "12": 365, "18": 548, "24": 730, "36": 1095}
WEEK_DAYS = {"13": 91, "26": 182, "52": 364}
HORIZONS = [28, 91, 183, 274, 365, 456, 548, 639, 730, 821, 1095, 1186]  # the flags of time possible

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
STEPS = ["basic_needs", "confidence", "learning", "volunteering", "none"]
WAYS = ["direct", "indirect", "both", "neither"]
JOB_STATUSES = ["going_on", "ended", "not_known"]
KEPT_STATUSES = ["kept", "ended", "not_known"]
CONTRACTS = ["permanent", "fixed_term", "agency", "zero_hours", "self_employed", "apprenticeship", "other"]
WHY_NOT = ["none_available", "waiting_list", "travel", "cost", "health", "not_suitable", "choice", "not_said"]
STAGES = ["spoken_with", "linked", "started"]
# code: the last day (or number) of the band, in order; None: everything beyond
OPEN_FOR = {"under_3": 90, "3_to_6": 182, "6_to_12": 364, "over_12": None}
FIRST_WAITS = {"0_7": 7, "8_14": 14, "15_28": 28, "29_56": 56, "57_91": 91, "none": None}
WAITS_NOW = {"under_28": 27, "28_to_90": 90, "over_90": None}
LENGTHS = {"under_1": 30, "1_to_3": 91, "3_to_6": 183, "6_to_12": 365, "over_12": None}
CONTACT_NUMBERS = {"0": 0, "1": 1, "2_3": 3, "4_6": 6, "7_12": 12, "13_plus": None}
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
    ("mbat", "total"): (1, -1),
}
# lowest and highest score; the metric score of SWEMWBS has the ends of the raw one; barriers have no upper end
ENDS = {
    "swemwbs": (7, 35),
    "wemwbs": (14, 70),
    "ons4": (0, 10),
    "wellbeing_star": (1, 5),
    "pam": (0, 100),
    "ucla3": (3, 9),
    "mbat": (0, None),
}
KINDS = [
    "goals",
    "outcomes",
    "reasons",
    "contacts",
    "activities",
    "readings_needs",
    "readings_confidence",
    "readings",
    "follows_up",
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
AGES = {"0-15": 15, "16-24": 24, "25-34": 34, "35-49": 49, "50-64": 64, "65-74": 74, "75+": None}
WORKING_AGES = ["16-24", "25-34", "35-49", "50-64"]
CHILDREN = ("referral_reason", "goal", "contact", "activity", "outcome", "measure")


def band(number, bands):
    """The code of the band that a number lies in: the first whose end is not below it."""
    return next(code for code, end in bands.items() if end is None or number <= end)


def flag(value):
    return "unknown" if value is None else "yes" if value else "no"
