"""The small print of an answer: who is left out, why a chart has no limits, who is counted and how it is protected."""

from collections.abc import Mapping

from journeys.answer.released import Released
from journeys.vocabulary import calendar
from journeys.vocabulary.metrics import Metric
from journeys.words.phrases import PERIODS, PLURALS, UNITS, amount, listed, lower_first, measure

SWEMWBS = (
    "SWEMWBS: © NHS Health Scotland, University of Warwick and University of Edinburgh, 2008, all rights reserved."
)
_LEFT_OUT = {
    "not_recorded": "of services that do not record this",
    "too_early": "for which it is too early to say",
    "no_reason_recorded": "without a reason recorded",
    "no_goal_set": "without a goal",
    "no_work_goal": "without a goal about work",
    "no_activity_recorded": "not linked to any activity",
    "no_such_pair": "without a first and a later reading",
    "no_reading": "without a reading",
    "no_measure": "without a first reading",
    "not_rated": "with a first job that was not rated",
    "withdrawn": "with every goal withdrawn",
    "no_job_found": "without a job found",
    "no_work_found": "without work found",
    "not_employed_at_referral": "of people not employed at referral",
    "observed_under_91_days": "observed for less than three months",
    "still_open": "still open",
    "closed": "closed",
}
_NOTES = {
    "too_few_points": "No control limits: they need 13 {periods} with a figure, and there are {n}. The line stands alone.",
    "too_few_events": "No control limits: there are fewer than 4 a {period} on average. Choose a longer period.",
    "not_enough_variation": "No control limits: there is not enough variation from one {period} to the next.",
}


def left_out_words(released: Released, metric: Metric) -> str:
    """Who is in neither numerator nor denominator, and why; always one sentence."""
    if not released.left_out:
        return "Nobody is left out."
    parts = [_left_out(n, reason, i == 0) for i, (reason, n) in enumerate(_by_size(released.left_out))]
    return f"Left out: {listed(parts)}."


def _by_size(left_out: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    return sorted(left_out.items(), key=lambda item: -(item[1] or 0))


def _left_out(n: int | None, reason: str, is_first: bool) -> str:
    words = _LEFT_OUT.get(reason, reason.replace("_", " "))
    if n is None:
        return f"an undisclosed number of referrals {words}"
    return f"{amount(n)} {'referrals ' if is_first else ''}{words}"


def spc_words(released: Released) -> str:
    """Why a chart over time has no control limits; empty when it has them or is not over time."""
    if released.spc_note not in _NOTES:
        return ""
    unit = next((d for d in released.by if d in PERIODS), "period")
    known = [r for r in released.rows if measure(r, released.shape) is not None and r.complete is not False]
    n = len(known) if len(released.by) + len(released.own) == 1 else "fewer"
    return _NOTES[released.spc_note].format(periods=PLURALS.get(unit, "periods"), period=unit.replace("_", " "), n=n)


def footnote(released: Released, metric: Metric) -> str:
    """Who is counted, base and horizon, the month of the data, what is hidden and rounded, and whether the data are real."""
    k, base = released.disclosure["k"], released.disclosure["base"]
    unit = UNITS.get(released.unit, released.unit)
    parts = [
        f"Counts {unit}: {lower_first(released.words)}.",
        f"Data to {calendar.in_words(released.as_of)}.",
        metric.caution,
        f"Counts under {k} are hidden [c]; others are rounded to the nearest {base}, so totals need not add up.",
        SWEMWBS if any(row.labels.get("tool") == "swemwbs" for row in released.rows) else "",
        "SYNTHETIC data: no real people." if released.is_synthetic else "",
    ]
    return " ".join(part for part in parts if part)
