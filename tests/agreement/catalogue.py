"""Every metric of metrics.md 3: its shape, unit, own labels and horizon, what it needs and is fed by, whom it leaves out."""

from dataclasses import dataclass
from itertools import product

import bringing as b
import spiral
from codes import (
    ACTIVITIES,
    CLOSURE_REASONS,
    CONTACT_KINDS,
    CONTACT_NUMBERS,
    CONTRACTS,
    FIELDS,
    FIRST_WAITS,
    GOALS,
    JOB_STATUSES,
    KEPT_STATUSES,
    LENGTHS,
    MONTH_DAYS,
    MOVEMENTS,
    OPEN_FOR,
    OUTCOME_KINDS,
    OUTCOMES,
    RATINGS,
    REASONS,
    ROUTES,
    RUNGS,
    SCALES,
    SOURCES,
    STAGES,
    START_RUNGS,
    STEPS,
    TOOLS,
    WAITS_NOW,
    WAYS,
    WEEK_DAYS,
    WHY_NOT,
)


@dataclass(frozen=True)
class Metric:
    """`needs`: kinds that a service must record; `fed_by`: kinds that it also looks at; `reasons`: why journeys are left
    out; `horizon`: days since referral, 'within' (the selection's), 'within+91', 'months' or 'weeks' (the row's own label);
    `base`: the only base it has, if any; `only`: the employment statuses that it counts, if not all; `is_placed`: whether an own
    label names the service of a row; `again`: of own labels, the dimension and value that choose the same journeys as the
    numerator, if any."""

    shape: str
    unit: str
    own: tuple
    bring: object
    needs: tuple = ()
    reasons: tuple = ()
    fed_by: tuple = ()
    horizon: object = None
    is_event_time: bool = False
    base: str | None = None
    only: tuple = ()
    is_placed: bool = False
    again: object = lambda own: None

    @property
    def seen_through(self):
        """The kinds that decide what can be seen."""
        return (*self.needs, *self.fed_by)

    @property
    def why_left_out(self):
        return ("not_recorded", "not_recorded_then", *self.reasons) if self.needs else self.reasons


def share(own, bring, needs=(), reasons=(), unit="journeys", **more):
    return Metric("proportion", unit, own, bring, needs, reasons, **more)


def count(own, bring, needs=(), reasons=(), unit="journeys", **more):
    return Metric("count", unit, own, bring, needs, reasons, **more)


def waiting(bring, needs):
    return Metric("waiting", "journeys", ("months",), bring, needs, (), FOLLOWED, "months")


NEEDS_OUTCOMES = ("outcomes",)
FOLLOWED = ("follows_up",)
EVIDENCE = ("goals", "readings_needs", "readings_confidence")
SPIRAL = (*EVIDENCE, "follows_up")


def outcome_share(own, bring, reasons=(), unit="journeys", fed_by=FOLLOWED, **more):
    return share(own, bring, NEEDS_OUTCOMES, reasons, unit, fed_by=fed_by, **more)


def within(kind):
    return outcome_share((), b.outcome_within(kind), ("too_early",), horizon="within")


def work_after(own, bring, *needs, fed_by=EVIDENCE):
    reasons = ("too_early", "found_work_before")
    needs = ("outcomes", *needs, "follows_up")
    return share(own, bring, needs, reasons, fed_by=fed_by, horizon=548, base="out_of_work")


METRICS = {
    "referrals": count((), b.referrals),
    "people_referred": count((), b.referrals, unit="people"),
    "referral_reasons": share(("reason",), b.referral_reasons, ("reasons",), ("no_reason_recorded",)),
    "referral_sources": share(("source",), b.referral_sources, again=lambda own: ("referral_source", own[0])),
    "contact_within_28_days": share((), b.contact_within(28), ("contacts",), ("too_early",), horizon=28),
    "engaged": share((), b.contact_within(91), ("contacts",), ("too_early",), horizon=91),
    "first_contact_wait": share(("wait",), b.first_contact_wait, ("contacts",), ("too_early",), horizon=91),
    "stages": share(("stage",), b.stages, ("contacts", "activities"), ("too_early",), horizon=91),
    "goals_set": share(
        ("goal",), b.goals_set, ("goals",), ("no_goal_set",),
        again=lambda own: ("work_goal", "yes") if own == ("employment",) else None,
    ),
    "goals_achieved": share(("goal",), b.goals_achieved, ("goals",), ("no_goal_set", "withdrawn"), "goals"),
    "work_goal": share((), b.work_goal, ("goals",), ("no_goal_set",), again=lambda own: ("work_goal", "yes")),
    "work_goal_moved": share(
        (), b.work_goal_moved, ("goals", "outcomes"), ("too_early", "no_work_goal"), fed_by=FOLLOWED, horizon=548
    ),
    "time_to_work_goal": waiting(b.time_to_work_goal, ("goals",)),
    "spiral_start": outcome_share(
        ("rung",), b.on_rung(lambda journey: journey.start_rung), again=lambda own: ("start_rung", own[0])
    ),
    "spiral_now": outcome_share(("rung",), b.on_rung(spiral.rung_now), fed_by=SPIRAL),
    "spiral_highest": outcome_share(("rung",), b.on_rung(spiral.highest_rung), fed_by=SPIRAL),
    "spiral_after": outcome_share(("months", "rung"), b.spiral_after, ("too_early",), fed_by=SPIRAL, horizon="months"),
    "spiral_movement": outcome_share(("movement",), b.spiral_movement, ("observed_under_91_days",), fed_by=SPIRAL),
    "spiral_flow": count(("start_rung", "rung"), b.spiral_flow, NEEDS_OUTCOMES, fed_by=SPIRAL),
    "climbed": outcome_share((), b.climbed, ("too_early",), fed_by=SPIRAL, horizon="within"),
    **{kind: within(kind) for kind in OUTCOME_KINDS},
    "work_after_step": work_after(("step",), b.work_after_step),
    "work_after_way": work_after(("way",), b.work_after_way, "activities"),
    "job_at_referral": outcome_share(
        ("status",), b.job_at_referral, ("not_employed_at_referral", "too_early"), horizon="within+91", only=("employed",)
    ),
    "first_jobs": outcome_share(
        ("weeks", "status"), b.first_jobs, ("no_job_found",), "first jobs", horizon="weeks"
    ),
    "first_job_contract": outcome_share(
        ("contract",), b.first_job_contract, ("no_job_found", "contract_not_recorded"), "first jobs"
    ),
    "first_job_hours": outcome_share(
        ("hours",), b.first_job_hours, ("no_job_found", "hours_not_recorded"), "first jobs"
    ),
    "good_work": outcome_share(("dimension",), b.good_work, ("no_job_found", "not_rated"), "first jobs"),
    "route_to_work": share(
        ("route",), b.route_to_work, ("outcomes", "activities"), ("no_work_found",), fed_by=SPIRAL
    ),
    "paths": count(("path",), b.paths, NEEDS_OUTCOMES, ("observed_under_91_days",), fed_by=SPIRAL),
    "outcome_events": count(
        ("outcome",), b.outcome_events, NEEDS_OUTCOMES, unit="outcomes", fed_by=FOLLOWED, is_event_time=True
    ),
    "people_with_outcome": count(
        ("outcome",), b.outcome_events, NEEDS_OUTCOMES, unit="people", fed_by=FOLLOWED, is_event_time=True
    ),
    "time_to_stepping_stone": waiting(b.time_to("stepping_stone"), NEEDS_OUTCOMES),
    "time_to_volunteering": waiting(b.time_to("volunteering"), NEEDS_OUTCOMES),
    "time_to_training": waiting(b.time_to("training_or_education"), NEEDS_OUTCOMES),
    "time_to_work": waiting(b.time_to("found_work"), NEEDS_OUTCOMES),
    "wellbeing_change": Metric("change", "journeys", ("tool", "item"), b.wellbeing_change, ("readings",)),
    "barriers_gone": share(("barrier",), b.barriers(1, 0), ("readings",), ("no_such_pair",)),
    "barriers_new": share(("barrier",), b.barriers(0, 1), ("readings",), ("no_such_pair",)),
    "followed_up": share(("tool",), b.followed_up, ("readings",), ("too_early", "no_measure"), horizon=183),
    "completeness": share(("field",), b.completeness),
    "caseload": count(("open_for",), b.caseload, (), ("closed",)),
    "closure_reasons": share(("closure_reason",), b.closure_reasons, (), ("still_open",), is_event_time=True),
    "support_length": share(("length",), b.support_length, (), ("still_open",), is_event_time=True),
    "contacts_per_journey": share(
        ("contacts",), b.contacts_per_journey, ("contacts",), ("too_early",), horizon=183
    ),
    "not_started": share(
        ("why_not",), b.not_started, ("activities",), ("no_activity_recorded",), "referrals to an activity", horizon=91
    ),
    "missed_contacts": share(
        ("kind",), b.missed_contacts, ("contacts", "attended"), (), "contacts", is_event_time=True
    ),
    "waiting_now": count(("wait",), b.waiting_now, ("contacts",), ("closed", "spoken_with")),
    "activities_referred": share(("activity",), b.activities_referred, ("activities",), ("no_activity_recorded",)),
    "activities_started": share(("activity",), b.activities_started, ("activities",), ("no_activity_recorded",)),
    "contacts": count(("kind",), b.contacts, ("contacts",), unit="contacts", is_event_time=True),
    "returned": share((), b.returned, (), ("still_open",), fed_by=("shared_key",), horizon="within"),
    "doors": count(
        ("from_service", "to_service"), b.doors, ("shared_key",), ("no_next_journey",), "people", is_placed=True
    ),
}  # fmt: skip

LABELS_OF = {
    "activity": ACTIVITIES,
    "closure_reason": CLOSURE_REASONS,
    "contacts": list(CONTACT_NUMBERS),
    "contract": CONTRACTS,
    "dimension": RATINGS,
    "field": FIELDS,
    "goal": GOALS,
    "hours": b.HOURS,
    "kind": CONTACT_KINDS,
    "length": list(LENGTHS),
    "months": list(MONTH_DAYS),
    "movement": MOVEMENTS,
    "open_for": list(OPEN_FOR),
    "outcome": OUTCOMES,
    "reason": REASONS,
    "route": ROUTES,
    "rung": RUNGS,
    "source": SOURCES,
    "stage": STAGES,
    "start_rung": START_RUNGS,
    "step": STEPS,
    "way": WAYS,
    "weeks": list(WEEK_DAYS),
    "why_not": WHY_NOT,
}
OF_METRIC = {
    ("first_contact_wait", "wait"): list(FIRST_WAITS),
    ("waiting_now", "wait"): list(WAITS_NOW),
    ("first_jobs", "status"): JOB_STATUSES,
    ("job_at_referral", "status"): KEPT_STATUSES,
}


def own_labels(world, slug, k):
    """The metric's own labels, in the order of their lists; of barriers those alone that k clients were asked about."""
    own = METRICS[slug].own
    if own == ("path",):
        return sorted({unit.labels for unit in world.brought(slug, 12)[0]})
    if own == ("barrier",):
        return [(name,) for name in world.barriers(k)]
    if own == ("tool", "item"):
        return list(SCALES)
    if own == ("tool",):
        return [(tool,) for tool in TOOLS]
    if own == ("from_service", "to_service"):
        return list(product(sorted(world.services), repeat=2))
    return list(product(*(OF_METRIC.get((slug, name)) or LABELS_OF[name] for name in own)))
