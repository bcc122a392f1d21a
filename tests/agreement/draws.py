"""Random draws for generated deliveries: code lists from the likeliest to the rarest, and days on and beside the horizons."""

from datetime import timedelta
from random import Random

HORIZONS = [0, 28, 91, 182, 183, 274, 364, 365, 456, 548, 639, 730, 821, 1095, 1186]
EDGES = [0, 0, 1, 27, 28, 29]
for _horizon in (91, 182, 183, 274, 364, 365, 456, 548, 639, 730, 821, 1095, 1186):
    EDGES += [_horizon - 1, _horizon, _horizon, _horizon + 1]
# a job that starts so long before the end of the data has just been followed, or just not, for 13, 26, 52 weeks
JOB_EDGES = [days + 91 + beside for days in (91, 182, 364) for beside in (-1, 0, 1)]

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
WHY_NOT = [None, "waiting_list", "choice", "travel", "none_available", "cost", "health", "not_suitable"]
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


class Draws(Random):
    """Random draws that know how often a date falls on an edge, on which, and how uneven codes are."""

    is_awkward, edges, share_on_edge, falling = False, EDGES, 0.35, 0.67

    def day(self, from_on, n_days, soon=None, late=False):
        """A day 0 to `n_days` after `from_on`: often exactly on an edge, else soon (within `soon` days) or anywhere."""
        if late and self.random() < 0.4:
            return from_on + timedelta(days=n_days)
        edges = [edge for edge in self.edges if edge <= n_days and (soon is None or edge <= soon)]
        if edges and self.random() < self.share_on_edge:
            return from_on + timedelta(days=self.choice(edges))
        return from_on + timedelta(days=self.randint(0, min(n_days, soon) if soon else n_days))

    def perhaps(self, chance, make, otherwise=None):
        return make() if self.random() < chance else otherwise

    def skewed(self, codes):
        """A code, the earlier in the list the likelier (each about two thirds as likely as the one before)."""
        return self.choices(codes, [self.falling**place for place in range(len(codes))])[0]

    def falling_weights(self, n):
        return [0.8**place * self.uniform(0.6, 1.4) for place in range(n)]
