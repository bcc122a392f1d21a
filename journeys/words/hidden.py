"""What is not shown and why: each reason in its own words, counted over the labels that can occur."""

from collections import Counter
from collections.abc import Sequence

from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.words.cohort import is_event
from journeys.words.phrases import HIDDEN_WORDS, NOT_APPLICABLE, PERIODS, PLURALS, is_known, kinds_words, of_all

NO_GROUP = "No group here can be shown in figures"
NOT_HERE = "This does not apply here: nobody in this selection could be counted."


def nothing(released: Released, metric: Metric) -> str:
    """Nothing is shown: why, in the words of the most telling state."""
    states = states_of(released)
    if states == {NOT_APPLICABLE}:
        return NOT_HERE
    rest = states - {NOT_APPLICABLE}
    if rest == {NOT_RECORDED}:
        return f"{_not_recorded(released, metric)}; not recorded is not the same as none."
    if rest and rest <= {TOO_EARLY, NOT_RECORDED}:
        since = "" if is_event(metric) else " since these referrals"
        return f"Too early to say: not enough time has passed{since}."
    if rest == {HIDDEN} and any(row.why for row in released.rows):
        return _only_bounds(released)
    return HIDDEN_WORDS


def states_of(released: Released) -> set[str]:
    """Why nothing is shown: the states of the rows, of a curve those at the months that are asked for, as on the cards beside it."""
    months = str(released.selection.within)
    at = [row for row in released.rows if row.labels.get("months") == months] if released.shape == "waiting" else []
    return {row.state for row in at or released.rows}


def _not_recorded(released: Released, metric: Metric) -> str:
    """What of the metric's needs nobody here ever records; where each is recorded by somebody at some time, that it was not in this period."""
    recorded = {kind for row in released.rows for kind in (*row.records, *row.partly)}
    missing = [kind for kind in metric.needs if kind not in recorded]
    is_one = released.selection.service is not None
    if missing or not metric.needs:
        return f"{'This service does not record' if is_one else 'No service here records'} {kinds_words(missing, 'or')}"
    who = "This service did not record" if is_one else "No service here recorded"
    together = {1: "", 2: "both "}.get(len(metric.needs), "all of ")
    return f"{who} {together}{kinds_words(metric.needs)} in this period"


def _only_bounds(released: Released) -> str:
    """Every label that can occur is hidden, some at one end: said so, as that is an answer."""
    return f"{NO_GROUP}: {'; '.join(_reasons(possible(released.rows), released))}."


def possible(rows: Sequence[Row]) -> list[Row]:
    """The rows whose labels some service of the cell can have."""
    return [row for row in rows if row.state != NOT_APPLICABLE]


def are_all(said: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether a sentence that says these of the rows names every group that there can be; of ways, those that are hidden are not even listed."""
    return all(row in said or not is_known(row) for row in possible(rows)) and not any("path" in r.labels for r in rows)


def not_shown(rows: Sequence[Row], released: Released, noun: str = "") -> str:
    """How many of the labels are not shown, reason by reason: `; fewer than 8 in 3 of 10, all but a few in 2 of 10`."""
    found = _reasons(possible(rows), released, noun)
    return f"; {', '.join(found)}" if found else ""


def _reasons(rows: Sequence[Row], released: Released, noun: str = "") -> list[str]:
    k, total = released.disclosure["k"], len(rows)
    kinds = Counter(_kind(row) for row in rows)
    noun = noun or _noun(released)
    words = (
        ("few", f"fewer than {k}"),
        ("most", "all but a few"),
        (HIDDEN, "too few people, or too few left out,"),
        (NOT_RECORDED, "not recorded"),
        (TOO_EARLY, "too early to say"),
    )
    said = [(kinds[kind], what) for kind, what in words if kinds[kind]]
    if total == 1:  # the words before have said which one it is
        return [what.removesuffix(",") for _, what in said]
    parts = [f"{what} in {of_all(n, total)}" for n, what in said]
    return [f"{parts[0]} {noun}".strip(), *parts[1:]] if parts else []


def _kind(row: Row) -> str:
    return row.why if row.state == HIDDEN and row.why else row.state


def _noun(released: Released) -> str:
    unit = next((d for d in released.by if d in PERIODS), None)
    if len(released.by) > 1:
        return "figures"
    if unit is None:
        return PLURALS.get(released.by[0], "groups") if released.by else "groups"
    return {"quarter": "quarters", "month": "months", "financial_year": "years"}[unit]
