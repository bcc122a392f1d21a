"""What people come with, want and are linked to: reasons, goals, contacts and activities."""

from collections.abc import Mapping

import numpy as np

from journeys.sample.codes import ACHIEVED, ACTIVITY, GOAL, OPEN
from journeys.sample.draws import Rows, blank, by_chance, in_order, lag, later, pick, stack, until
from journeys.sample.mixes import (
    CONTACT_KINDS,
    DAYS_TO_GOAL,
    LATE_WORK_GOALS,
    MINUTES,
    MISSED,
    WHY_NOT,
    Archetype,
    HandsOver,
)
from journeys.sample.outcomes import Steps
from journeys.sample.people import Lives
from journeys.sample.services import day_number


def _choices(
    mix: Mapping[str, float], further: float, instead: Mapping[str, str], is_apt: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One main choice for everybody and further ones by chance: the main one, and a matrix (journeys, codes) of all.

    Codes in `instead` become another one where `is_apt` is false.
    """
    n, codes = len(is_apt), list(mix)
    main = pick(list(mix.values()), n, rng)
    shares = np.array(list(mix.values())) / sum(mix.values())
    chosen = rng.random((n, len(codes))) < np.minimum(shares * further, 0.9)
    for code, other in instead.items():
        main = np.where((main == codes.index(code)) & ~is_apt, codes.index(other), main)
        chosen[:, codes.index(code)] &= is_apt
    chosen[np.arange(n), main] = True
    return main, chosen


def reason_rows(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Rows:
    instead = {"employment": "social_isolation", "training_learning": "wellbeing"}
    main, chosen = _choices(kind.reasons, 1.0, instead, lives.is_working_age, rng)
    chosen[by_chance(0.03, lives.n, rng)] = False  # no reason recorded at all
    at, reason = np.nonzero(chosen)
    is_main = (reason == main[at]).astype(np.int8)
    return {"at": at, "reason": reason, "main": np.where(by_chance(0.1, lives.n, rng)[at], -1, is_main)}


def goal_rows(
    kind: Archetype, lives: Lives, steps: Steps, rng: np.random.Generator, later_on: np.random.Generator
) -> Rows:
    """Goals from the first talks on; a wish to work is often named only after some months."""
    instead = {"employment": "social_networks"}
    _, chosen = _choices(kind.goals, kind.further_goals, instead, lives.is_working_age, rng)
    chosen &= (lives.is_engaged & by_chance(kind.sets_goals, lives.n, rng) & _keeps_goals(kind.hands_over, lives))[
        :, None
    ]
    at, goal = np.nonzero(chosen)
    set_on = lives.first[at] + rng.exponential(20, len(at)).astype(np.int64)
    set_on = _comes_up_late(lives, at, goal, set_on, later_on)
    kept = set_on <= lives.active_until[at]
    at, goal, set_on = at[kept], goal[kept], set_on[kept]
    status, status_on = _goal_status(lives, steps, at, goal, set_on, rng)
    return in_order({"at": at, "goal": goal, "set_on": set_on, "status": status, "status_on": status_on}, "set_on")


def _keeps_goals(kept: HandsOver, lives: Lives) -> np.ndarray:
    begins = 0 if kept.goals_from is None else day_number(kept.goals_from)
    return kept.goals & (lives.referred >= begins)


def _comes_up_late(
    lives: Lives, at: np.ndarray, goal: np.ndarray, set_on: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Work goals of people who are still seen: many are set after the first three months."""
    late = lives.referred[at] + 91 + rng.exponential(75, len(at)).astype(np.int64)
    is_late = (goal == GOAL.index("employment")) & by_chance(LATE_WORK_GOALS, len(at), rng)
    return np.where(is_late & (late <= lives.active_until[at]), np.maximum(late, set_on), set_on)


def _goal_status(
    lives: Lives, steps: Steps, at: np.ndarray, goal: np.ndarray, set_on: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """What became of each goal, and when: settled in its time, else at closure for half of them, else still open."""
    n, last = len(at), lives.active_until[at]
    medians = np.array([DAYS_TO_GOAL[code] for code in GOAL])
    settled = until(set_on + (lag(1000, 0.6, n, rng) * medians[goal]) // 1000, last)
    does_well = rng.random(n) < 1 / (1 + np.exp(-0.6 - 0.5 * lives.drive[at]))
    status = np.where(does_well, 1 + pick((75, 25), n, rng), 2 + pick((35, 40, 25), n, rng))
    is_work = goal == GOAL.index("employment")
    status = np.where(is_work & (status == ACHIEVED), 2, status)
    at_closure = (settled < 0) & (lives.closed[at] >= 0) & by_chance(0.5, n, rng)
    settled = np.where(at_closure, last, settled)
    status = np.where(at_closure, 2 + pick((30, 45, 25), n, rng), status)
    by_job = is_work & (steps.work[at] >= 0) & (steps.work[at] <= last)
    settled = np.where(by_job, np.maximum(steps.work[at], set_on), settled)
    status = np.where(by_job, ACHIEVED, status)
    return np.where(settled >= 0, status, OPEN), settled


# --- contacts and activities ----------------------------------------------------------------------------------------


def contact_rows(kind: Archetype, lives: Lives, rng: np.random.Generator, missing: np.random.Generator) -> Rows:
    """The first conversation and, closer together early on, the later ones; those that were missed stand among them."""
    expected = (kind.n_contacts - 1) * np.clip(lives.share_done, 0, 1) * np.exp(0.2 * lives.drive - 0.02)
    n_contacts = np.where(lives.is_engaged, 1 + rng.poisson(expected), 0)
    at = np.repeat(np.arange(lives.n), n_contacts)
    is_first = np.concatenate([[True], at[1:] != at[:-1]]) if len(at) else np.empty(0, bool)
    span = lives.active_until[at] - lives.first[at]
    after = (rng.random(len(at)) ** 1.4 * span).astype(np.int64)
    kind_of = pick(tuple(CONTACT_KINDS.values()), len(at), rng)
    medians = np.array([MINUTES[code] for code in CONTACT_KINDS])
    minutes = np.maximum(medians[kind_of] * np.exp(0.35 * rng.standard_normal(len(at))), 1).astype(np.int64)
    rows = {
        "at": at,
        "contact_on": lives.first[at] + np.where(is_first, 0, after),
        "kind": kind_of,
        "minutes": blank(np.where(minutes > 20, minutes // 5 * 5, minutes), 0.15, rng),
    }
    rows["attended"] = np.full(len(at), 1 if kind.hands_over.attended else -1)
    if kind.hands_over.attended:
        rows = stack([rows, _missed_rows(lives, at, rows, missing)])
    return in_order(rows, "contact_on")


def _missed_rows(lives: Lives, at: np.ndarray, came: Rows, rng: np.random.Generator) -> Rows:
    """Appointments that nobody came to, after the first conversation, more often by people who drop out."""
    is_missed = by_chance(np.clip(MISSED * np.exp(-0.4 * lives.drive[at]), 0, 0.6), len(at), rng)
    mine = at[is_missed]
    span = lives.active_until[mine] - lives.first[mine]
    return {
        "at": mine,
        "contact_on": lives.first[mine] + (rng.random(len(mine)) * span).astype(np.int64),
        "kind": came["kind"][is_missed],
        "minutes": np.full(len(mine), -1),
        "attended": np.zeros(len(mine), int),
    }


def activity_rows(
    kind: Archetype, lives: Lives, steps: Steps, rng: np.random.Generator, reasons: np.random.Generator
) -> Rows:
    n_activities = np.where(lives.is_engaged, rng.poisson(kind.n_activities, lives.n), 0)
    at = np.repeat(np.arange(lives.n), n_activities)
    activity = pick(tuple(kind.activities.values()), len(at), rng)
    is_work = activity == ACTIVITY.index("employment_support")
    activity = np.where(is_work & ~lives.is_working_age[at], ACTIVITY.index("befriending_social"), activity)
    referred = lives.first[at] + rng.exponential(np.where(is_work, 100, 35), len(at)).astype(np.int64)
    direct = np.flatnonzero(steps.support >= 0)
    at = np.concatenate([at, direct])
    activity = np.concatenate([activity, np.full(len(direct), ACTIVITY.index("employment_support"))])
    referred = until(np.concatenate([referred, steps.support[direct]]), lives.active_until[at])
    kept = referred >= 0
    rows = _linked(lives, at[kept], activity[kept], referred[kept], rng)
    why_not = blank(pick(tuple(WHY_NOT.values()), kept.sum(), reasons), 0.4, reasons)
    return in_order(rows | {"why_not": np.where(rows["started_on"] < 0, why_not, -1)}, "referred_on")


def _linked(lives: Lives, at: np.ndarray, activity: np.ndarray, referred: np.ndarray, rng: np.random.Generator) -> Rows:
    n, last = len(at), lives.active_until[at]
    starts = by_chance(np.clip(0.72 + 0.08 * lives.drive[at], 0, 1), n, rng)
    started = until(np.where(starts, referred + lag(16, 0.8, n, rng), -1), last)
    ended = until(np.where(by_chance(0.6, n, rng), later(started, lag(80, 0.7, n, rng)), -1), last)
    return {"at": at, "referred_on": referred, "activity": activity, "started_on": started, "ended_on": ended}
