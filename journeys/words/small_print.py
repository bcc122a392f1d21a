"""The small print of an answer: who is left out, why a chart has no limits, who is not compared, who is counted and how it is protected."""

from collections.abc import Mapping

from journeys.answer.released import Released
from journeys.statistics import inequality
from journeys.vocabulary import calendar
from journeys.vocabulary.metrics import Metric
from journeys.words.breakdowns import OF_TWO, chance
from journeys.words.cohort import UNITS
from journeys.words.likeness import alike, not_alike_words
from journeys.words.norms import norm_words
from journeys.words.phrases import PERIODS, PLURALS, Names, amount, listed, lower_first, measure, upper_first
from journeys.words.shares import per_cent

LARGE_SHARE = 0.3  # of the pool: from there on a service is said to be measured partly by itself
LIKE_ITS_OWN = "Clients like its own: each service beside the pooled rate for such clients, not beside another service."
LIKE_THEM = (
    "Expected: what people of the same service, age and status found on the whole, whatever step or way they took."
)
NOT_EXPECTED = "Where ○ is missing, too little is known to say what to expect."
WORTH_A_LOOK = "Between the 95% and the 99.8% limits a service is worth a look: of 20 services about one lies there by chance alone."
RETURN_TO_USUAL = "People are referred when things are worst, so part of any rise would have come without help (regression to the mean)."
SWEMWBS = (
    "SWEMWBS: © NHS Health Scotland, University of Warwick and University of Edinburgh, 2008, all rights reserved."
)
_LEFT_OUT = {
    "not_recorded": "of services that do not record this",
    "not_recorded_then": "made before the service recorded this",
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
    "contract_not_recorded": "without a contract recorded",
    "hours_not_recorded": "without hours recorded",
    "spoken_with": "of people spoken with already",
    "found_work_before": "of people who had found work before",
    "no_next_journey": "without a later referral",
    "still_open": "still open",
    "closed": "closed",
}
_NOTES = {
    "too_few_points": "No control limits: they need 13 complete {periods} with a figure, and there {are} {n}.",
    "too_many_hidden": "No control limits: too many points hidden; choose years.",
    "ripening": "No control limits: later {periods} have had less time.",
    "not_enough_variation": "No control limits: there is not enough variation from one {period} to the next.",
}


def lines(released: Released, names: Names) -> list[str]:
    """Everything that stands below this answer and no other, where nothing else is said once for a page: who is left out, and `notes`."""
    return [left_out_words(released), *notes(released, names)]


def notes(released: Released, names: Names) -> list[str]:
    """What a reader of this figure must know: who is not compared, what parts the series, how ratios and limits are read."""
    found = [
        spc_words(released),
        breaks_words(released),
        slope_words(released),
        not_alike_words(released, names),
        case_mix_words(released, names) if released.has_case_mix and _has_line(released) else "",
        _worth_a_look(released),
    ]
    return [line for line in found if line]


def _worth_a_look(released: Released) -> str:
    """What it means to lie between the limits; of two that differ the words above say more."""
    placed = [row.funnel["position"] for row in released.rows if row.funnel]
    is_between = any(position.endswith("95") for position in placed)
    return WORTH_A_LOOK if is_between and not chance(released.rows).endswith(OF_TWO) else ""


def change_notes(released: Released) -> list[str]:
    """What stands with every change: that part of it comes by itself, the population's norms, whose scale it is."""
    if released.shape != "change" or not _has_line(released):
        return []
    tools = dict.fromkeys(row.labels["tool"] for row in released.rows if "tool" in row.labels and row.is_shown)
    return [words for words in (RETURN_TO_USUAL, *map(norm_words, tools)) if words]


def rights(released: Released) -> str:
    """Whose scale is shown, where its owners want it said."""
    return (
        SWEMWBS
        if any(row.labels.get("tool") == "swemwbs" and (row.is_shown or row.why) for row in released.rows)
        else ""
    )


def counted_words(released: Released, metric: Metric) -> str:
    """What is counted, out of whom, what to be careful with, and who is left out; said once a page."""
    of = f"out of: {lower_first(metric.denominator).rstrip('.')}" if metric.denominator else ""
    counted = "; ".join(part for part in (lower_first(metric.numerator).rstrip("."), of) if part)
    return " ".join(part for part in (f"{counted}.", metric.caution, left_out_words(released)) if part)


def left_out_words(released: Released) -> str:
    """Who is in neither numerator nor denominator, and why; always one sentence."""
    possible = {reason: n for reason, n in released.left_out.items() if n != 0}  # 0: no service could leave anybody out
    if not possible:
        return "Nobody is left out."
    parts = [_left_out(n, reason, i == 0) for i, (reason, n) in enumerate(_by_size(possible))]
    return f"Left out: {listed(parts)}."


def _by_size(left_out: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    return sorted(left_out.items(), key=lambda item: -(item[1] or 0))


def _left_out(n: int | None, reason: str, is_first: bool) -> str:
    words = _LEFT_OUT.get(reason, reason.replace("_", " "))
    if n is None:
        return f"an undisclosed number of referrals {words}"
    return f"{amount(n)} {'referrals ' if is_first else ''}{words}"


def spc_words(released: Released) -> str:
    """Why a chart over time has no control limits; empty when it has them, is not over time or is of one period alone."""
    unit = next((d for d in released.by if d in PERIODS), "period")
    is_alone = len({row.labels.get(unit) for row in released.rows}) == 1
    if released.spc_note not in _NOTES or is_alone or not _has_line(released):
        return ""
    known = [r for r in released.rows if measure(r, released.shape) is not None and r.complete is not False]
    n = len(known) or "none" if len(released.by) + len(released.own) == 1 else "fewer"
    are, periods = "is" if n == 1 else "are", PLURALS.get(unit, "periods")
    return _NOTES[released.spc_note].format(periods=periods, period=unit.replace("_", " "), are=are, n=n)


def _has_line(released: Released) -> bool:
    """Whether anything is shown: without it no line is drawn, and there is no figure that anything could be said of."""
    return any(row.is_shown for row in released.rows)


def breaks_words(released: Released) -> str:
    """The changes in what is recorded that part a series, with their months; empty where there are none, or no line."""
    if not _has_line(released):
        return ""
    found = [f"{calendar.in_words(one.month)} ({one.words})" for one in getattr(released, "breaks", ())]
    return f"Not compared across: {'; '.join(found)}." if found else ""


def slope_words(released: Released) -> str:
    """How a share changes from the least to the most deprived fifth (slope index of inequality); empty where it cannot be said."""
    if released.shape != "proportion" or (*released.by, *released.own) != ("imd_quintile",):
        return ""
    found = {row.labels["imd_quintile"]: (row.numerator, row.denominator) for row in released.rows}
    # a fifth that is not known and hidden is taken for as many as may be hidden
    unknown = found.get("unknown", (None, 0))[1]
    unknown = released.disclosure["k"] - 1 if unknown is None else unknown
    fifths = [found.get(str(code), (None, None)) for code in range(1, inequality.GROUPS + 1)]
    slope = inequality.slope_index(fifths, sum(n or 0 for _, n in fifths) + unknown)
    if slope is None:
        return ""
    if not slope.is_clear:
        return "Across the fifths of deprivation there is no clear gradient."
    points, ends = 100 * abs(slope.slope), sorted(100 * abs(end) for end in (slope.low, slope.high))
    way = "higher" if slope.slope > 0 else "lower"
    return (
        f"From the least to the most deprived the share is {points:.0f} points {way} "
        f"(slope index of inequality, likely {ends[0]:.0f} to {ends[1]:.0f})."
    )


def spread_words(phi: float | None) -> str:
    """How much more services differ than chance allows, where they do: the square root of phi."""
    if phi is None or phi <= 1:
        return ""
    return f"Services are spread {phi**0.5:.1f} times as wide as chance alone would spread them."


def case_mix_words(released: Released, names: Names) -> str:
    """What a ratio compares, and which services are a large part of what they are compared with; empty where nothing is expected of any."""
    if all(row.expected is None for row in released.rows):
        return ""
    is_missing = any(row.rate is not None and row.expected is None for row in released.rows)
    return f"{_pool_words(released, names)}{f' {NOT_EXPECTED}' if is_missing else ''}"


def _pool_words(released: Released, names: Names) -> str:
    if not released.by:
        return LIKE_THEM
    rows = [row for row in alike(released) if row.denominator is not None]
    total = sum(row.denominator or 0 for row in rows)
    large = [row for row in rows if row.ratio is not None and (row.denominator or 0) > LARGE_SHARE * total]
    parts = [
        f"{', '.join(names(n, row.labels[n]) for n in released.by)} is {per_cent((row.denominator or 0) / total, 0)} of that pool"
        for row in large
    ]
    return f"{LIKE_ITS_OWN} {upper_first(listed(parts))}." if parts else LIKE_ITS_OWN


def footnote(released: Released, metric: Metric) -> str:
    """Who is counted, base and horizon, the month of the data, what is hidden and rounded, and whether the data are real."""
    k, base = released.disclosure["k"], released.disclosure["base"]
    unit = UNITS.get(released.unit, released.unit)
    parts = [
        f"Counts {unit}: {_whose(released)}.",
        f"Data to {calendar.in_words(released.as_of)}.",
        metric.caution,
        *(note for note in change_notes(released) if note.partition(" (")[0] not in metric.caution),
        f"Counts under {k} are hidden [c]; others are rounded to the nearest {base}, so totals need not add up.",
        rights(released),
        "SYNTHETIC data: no real people." if released.is_synthetic else "",
    ]
    return " ".join(part for part in parts if part)


def _whose(released: Released) -> str:
    """The selection inside a sentence; a service's name keeps its first letter."""
    return released.words if released.selection.service else lower_first(released.words)
