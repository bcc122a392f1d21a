"""Steps towards work, and the outcomes that are recorded of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from journeys.sample.codes import (
    APPRENTICESHIP,
    EDUCATION,
    EMPLOYED,
    JOB,
    JOB_KEPT,
    QUALIFICATION,
    SELF_EMPLOYMENT,
    TRAINING,
    VOLUNTEERING,
    WORK_EXPERIENCE,
)
from journeys.sample.draws import Rows, blank, by_chance, in_order, lag, later, pick, stack, until
from journeys.sample.mixes import QUALITY, Archetype
from journeys.sample.people import Lives

CHECKPOINTS = (91, 182, 364)  # weeks 13, 26 and 52, when a job is asked after


@dataclass(frozen=True)
class Steps:
    """The day of each first step, negative where it was not taken; `support`: referral to employment support."""

    training: np.ndarray
    qualification: np.ndarray
    volunteering: np.ndarray
    experience: np.ndarray
    support: np.ndarray
    work: np.ndarray


def steps_of(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Steps:
    """First steps in their usual order: learning, volunteering, work; most who work climbed by the others before."""
    n, rates = lives.n, kind.work
    keen = np.exp(0.6 * lives.drive - 0.18)  # mean 1
    is_out = lives.is_working_age & (lives.employment != EMPLOYED)
    scale = keen * lives.is_engaged * np.where(is_out, 1.0, np.where(lives.is_working_age, 0.6, rates.later_life))
    training = np.where(by_chance(rates.training * scale, n, rng), lives.referred + lag(150, 0.55, n, rng), -1)
    volunteering = np.where(by_chance(rates.volunteering * scale, n, rng), lives.referred + lag(185, 0.55, n, rng), -1)
    is_late = (training >= 0) & (volunteering >= 0) & by_chance(0.6, n, rng)
    volunteering = np.where(is_late, np.maximum(volunteering, training + lag(45, 0.6, n, rng)), volunteering)
    training, volunteering = (np.where(d >= 0, np.maximum(d, lives.first), -1) for d in (training, volunteering))
    experience = np.where(by_chance(0.25 * rates.job * scale, n, rng), lives.referred + lag(230, 0.5, n, rng), -1)
    experience = np.where(experience >= 0, np.maximum(experience, lives.first), -1)
    qualification = np.where(by_chance(0.22, n, rng), later(training, lag(120, 0.4, n, rng)), -1)
    training, qualification, volunteering, experience = (
        until(day, lives.known_until) for day in (training, qualification, volunteering, experience)
    )
    steps = (training, qualification, volunteering, experience)
    support, work = _work(kind, lives, scale * lives.is_working_age, steps, rng)
    return Steps(*steps, support, work)


def _work(
    kind: Archetype, lives: Lives, scale: np.ndarray, steps: Sequence[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Days of referral to employment support (for jobs found that way) and of the first job."""
    n, rates = lives.n, kind.work
    has_step = np.maximum.reduce(steps) >= 0
    is_out = lives.employment != EMPLOYED
    # a stepping stone more than doubles the chance; few who have a job already move to another
    chance = rates.job * scale * np.where(has_step, 1.6, 0.75) * np.where(is_out, 1.0, 0.3)
    is_direct = by_chance(rates.direct, n, rng)
    days = lag(rates.days_to_work, 0.5, n, rng) * np.where(is_direct, 0.75, 1.05)
    work = lives.referred + days.astype(np.int64)
    after_steps = np.maximum.reduce(steps) + lag(40, 0.7, n, rng)
    work = np.where(has_step & ~is_direct & by_chance(0.85, n, rng), np.maximum(work, after_steps), work)
    work = np.where(by_chance(chance, n, rng), np.maximum(work, lives.first + 14), -1)
    work = until(work, lives.known_until)
    support = lives.first + (rng.random(n) * 0.6 * (np.minimum(work, lives.active_until) - lives.first)).astype(int)
    return np.where(is_direct & (work >= 0), support, -1), work


def outcome_rows(lives: Lives, steps: Steps, rng: np.random.Generator) -> Rows:
    parts = [
        _learning_rows(lives, steps.training, rng),
        _plain_rows(lives, QUALIFICATION, steps.qualification, 0, 0, rng),
        _plain_rows(lives, VOLUNTEERING, steps.volunteering, 200, 0.5, rng),
        _plain_rows(lives, WORK_EXPERIENCE, steps.experience, 45, 0.8, rng),
        *_job_rows(lives, steps.work, rng),
        _kept_rows(lives, rng),
    ]
    return in_order(stack(parts), "started_on", "outcome")


def _plain(at: np.ndarray, outcome: np.ndarray | int, started: np.ndarray) -> Rows:
    """Outcome rows with nothing known but what and when."""
    rows = {"at": at, "outcome": np.broadcast_to(outcome, at.shape), "started_on": started}
    rows |= {column: np.full(len(at), -1) for column in ("ended_on", "last_confirmed_on", "contract")}
    rows |= {"hours_per_week": np.full(len(at), np.nan)}
    return rows | {dimension: np.full(len(at), -1) for dimension in QUALITY}


def _plain_rows(
    lives: Lives, outcome: int, day: np.ndarray, days_long: int, ends: float, rng: np.random.Generator
) -> Rows:
    at = np.flatnonzero(day >= 0)
    rows, last, n = _plain(at, outcome, day[at]), lives.known_until[at], len(at)
    if days_long:
        ended = np.where(by_chance(ends, n, rng), day[at] + lag(days_long, 0.6, n, rng), -1)
        rows["ended_on"] = until(ended, last)
        rows["hours_per_week"] = _some_hours(n, 6, 0.5, rng)
    return rows


def _learning_rows(lives: Lives, day: np.ndarray, rng: np.random.Generator) -> Rows:
    rows = _plain_rows(lives, TRAINING, day, 75, 0.7, rng)
    return rows | {"outcome": np.where(by_chance(0.2, len(rows["at"]), rng), EDUCATION, TRAINING)}


def _some_hours(n: int, median: float, known: float, rng: np.random.Generator) -> np.ndarray:
    hours = np.clip(np.round(median * np.exp(0.45 * rng.standard_normal(n)) * 2) / 2, 1, 48)
    return np.where(rng.random(n) < known, hours, np.nan)


def _job_rows(lives: Lives, work: np.ndarray, rng: np.random.Generator) -> list[Rows]:
    """First jobs, and second ones for some whose first job ended."""
    at = np.flatnonzero(work >= 0)
    jobs = _one_job(lives, at, work[at], rng)
    again = np.where(by_chance(0.45, len(at), rng), later(jobs["ended_on"], lag(60, 0.7, len(at), rng)), -1)
    again = until(again, lives.known_until[at])
    return [jobs, _one_job(lives, at[again >= 0], again[again >= 0], rng)]


def _one_job(lives: Lives, at: np.ndarray, started: np.ndarray, rng: np.random.Generator) -> Rows:
    n = len(at)
    outcome = np.array([JOB, SELF_EMPLOYMENT, APPRENTICESHIP])[pick((86, 9, 5), n, rng)]
    outcome = np.where((outcome == APPRENTICESHIP) & (lives.age[at] > 45), JOB, outcome)
    rows = _plain(at, outcome, started)
    contract = pick((42, 19, 12, 20, 0, 0, 3), n, rng)
    contract = np.where(outcome == SELF_EMPLOYMENT, 4, np.where(outcome == APPRENTICESHIP, 5, contract))
    rows["contract"] = blank(contract, 0.18, rng)
    rows["hours_per_week"] = _some_hours(n, 20, 0.86, rng)
    rows["hours_per_week"] = np.where(by_chance(0.03, n, rng), 2.5, rows["hours_per_week"])
    _follow(rows, lives, 0.5, rng)
    return rows | _ratings(n, 0.5, np.isin(contract, (2, 3)), rng)


def _kept_rows(lives: Lives, rng: np.random.Generator) -> Rows:
    """People recorded as in work at referral who were asked after: their job from the day of referral."""
    is_asked = lives.is_engaged & (lives.employment_recorded == EMPLOYED) & by_chance(0.65, lives.n, rng)
    at = np.flatnonzero(is_asked)
    rows = _plain(at, JOB_KEPT, lives.referred[at])
    rows["contract"] = blank(pick((68, 10, 4, 10, 7, 1, 2), len(at), rng), 0.3, rng)
    rows["hours_per_week"] = _some_hours(len(at), 27, 0.6, rng)
    _follow(rows, lives, 0.16, rng)
    return rows | _ratings(len(at), 0.18, np.zeros(len(at), bool), rng)


def _follow(rows: Rows, lives: Lives, ends: float, rng: np.random.Generator) -> None:
    """Fill in when jobs ended, and the last of the checks at 13, 26 and 52 weeks at which the job was going on."""
    at, started = rows["at"], rows["started_on"]
    n, last = len(at), lives.known_until[at]
    ends_by_drive = np.clip(ends * np.exp(-0.25 * lives.drive[at]), 0, 1)
    ended = until(np.where(by_chance(ends_by_drive, n, rng), started + lag(170, 0.8, n, rng), -1), last)
    seen_until = np.where(ended >= 0, ended, last)
    confirmed, is_asked = np.full(n, -1), np.ones(n, bool)
    for days in CHECKPOINTS:
        is_asked = is_asked & by_chance(0.93, n, rng)
        check = started + days + rng.integers(0, 15, n)
        confirmed = np.where(is_asked & (check <= seen_until), check, confirmed)
    rows["ended_on"], rows["last_confirmed_on"] = ended, confirmed


def _ratings(n: int, rated: float, is_insecure: np.ndarray, rng: np.random.Generator) -> Rows:
    """The clients' own ratings of their jobs; agency and zero-hours work is rated lower on pay and contract."""
    overall, is_rated = rng.standard_normal(n), by_chance(rated, n, rng)
    ratings = {}
    for dimension, mean in QUALITY.items():
        lower = 1.1 * is_insecure * (dimension in ("pay_benefits", "contract_terms"))
        score = np.clip(np.rint(mean - lower + 0.6 * overall + 0.8 * rng.standard_normal(n)), 1, 5).astype(int)
        ratings[dimension] = np.where(is_rated & by_chance(0.95, n, rng), score, -1)
    return ratings
