"""A chosen period whose quarters, months or years a figure shows: what is found is found of the whole."""

from collections.abc import Callable

from journeys.answer.released import Released
from journeys.vocabulary import calendar
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words.cohort import is_event
from journeys.words.finding import finding, fitting
from journeys.words.phrases import PERIODS, Names, short_period


def chosen_whole(parts: Released, ask: Callable[[str, Selection], Released]) -> Released | None:
    """The answer about a period that was chosen, where `parts` are its quarters, months or years and both are shown: its finding is the one to say."""
    selection = parts.selection
    is_of_parts = len(parts.by) == 1 and parts.by[0] in PERIODS and not parts.own
    if not is_of_parts or selection.period == calendar.ALL:
        return None
    whole = ask(parts.metric, selection)
    return whole if whole.rows[0].is_shown and any(row.is_shown for row in parts.rows) else None


def finding_of_period(whole: Released, metric: Metric, names: Names, digits: int) -> str:
    """The finding of a period that was chosen, which it names, in the precision of the figure that shows its parts."""
    said, period = finding(whole, metric, names, digits), whole.selection.period
    referred = "" if is_event(metric) or whole.shape == "count" else ", referred"
    short = f"{said}, {short_period(period)}" if period != calendar.LAST_FOUR else ""
    return fitting([f"{said}{referred} in {names('period', period)}", short, said])
