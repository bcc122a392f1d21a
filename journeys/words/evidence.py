"""The published figures beside ours: each with its nearest match here, its interval, a check of its arithmetic, and one unit to an axis.

Source: Work Foundation, "Embedding work and related outcomes into social prescribing" (2018/19), as held in
data/reference/published_evidence.csv, where every figure stands as it was printed.
"""

import csv
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from journeys.answer.released import Released, Row
from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.selection import Selection
from journeys.words import sentences

FILE = Path(__file__).resolve().parents[2] / "data" / "reference" / "published_evidence.csv"
REPORT = "Work Foundation, Embedding work and related outcomes into social prescribing (2018/19)"
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_SHORT = {"Voluntary Action Rotherham mental health scheme": "Rotherham scheme"}
# What the report counts, in words, by the name that the file gives it.
COUNTED = {
    "found_work": "Found work",
    "training_or_education": "Training or education",
    "volunteering": "Volunteering",
    "work_goal": "Have a goal about work",
    "volunteering_goal": "Have a goal about volunteering",
    "employment_reason": "Referred because of work",
    "employment_referral": "Referred on to employment support",
    "work_issue": "Issues about work",
    "felt_better_chance_of_work": "Feel they have a better chance of work",
    "further_volunteering_learning_or_work": "Went on to volunteering, learning or work",
    "commissioners_ask_for_work_data": "Commissioners ask for data on work",
}


@dataclass(frozen=True)
class Published:
    """One figure as printed; what was not printed is None."""

    service: str
    place: str
    metric: str
    numerator: int | None
    denominator: int | None
    unit: str
    period: str
    printed: str
    section: str
    note: str

    @property
    def share(self) -> float | None:
        """Numerator over denominator, 0 to 1, where both are printed."""
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Wilson 95% of the printed counts, which are taken as exact; (None, None) where one is not printed."""
        if self.share is None:
            return None, None
        return proportions.wilson(self.numerator, self.denominator)

    @property
    def is_at_most(self) -> bool:
        """Whether the printed base is a lower bound, so that the share is an upper one."""
        return "upper bound" in self.note

    @property
    def name(self) -> str:
        """Service and period, short enough for an axis."""
        return f"{_SHORT.get(self.service, self.service)}, {self.period.replace('-', ' to ')}"


@dataclass(frozen=True)
class Match:
    """Our metric that comes nearest to a published figure, on the base and horizon that come nearest; `metric` is '' where nothing does.

    `bases` says how the bases differ.
    """

    metric: str
    bases: str
    labels: Mapping[str, str] = field(default_factory=dict)
    base: str = "all"
    within: int = 12

    @property
    def unit(self) -> str:
        return metrics.get(self.metric).unit if self.metric else ""

    def selection(self, chosen: Selection) -> Selection:
        """The reader's selection on the base and horizon of the match."""
        return chosen.but(base=self.base, within=self.within)


@cache
def published() -> tuple[Published, ...]:
    """Every published figure, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_published(row) for row in csv.DictReader(file))


def _published(row: Mapping[str, str]) -> Published:
    counts = {name: int(row[name]) if row[name] else None for name in ("numerator", "denominator")}
    return Published(**{**row, **counts})


# --- the nearest match here -------------------------------------------------------------------------------------------

_EVERYONE = "ours counts every referral of services that record outcomes"
_OUTCOME_BASES = {
    "Voluntary Action Rotherham mental health scheme": Match(
        "", f"its base is everyone in a mental health scheme, with no set time to get there; {_EVERYONE}, 12 months on"
    ),
    "Rotherham evaluation": Match(
        "", f"its base is only clients whose outcomes were recorded, which makes shares larger; {_EVERYONE}, 12 months on"
    ),
    "Bristol evaluation": Match(
        "", "its base is clients looking for work, long-term sick, in education or on bail; ours is everyone of working age who was out of "
        "work at referral, carers and volunteers among them", base="out_of_work",
    ),
    "Gloucestershire evaluation": Match(
        "", f"its base is printed only as 'over 2000', so its share is an upper bound; {_EVERYONE}, 6 months on", within=6
    ),
}  # fmt: skip
_OTHERS = {
    ("work_goal", "journeys"): Match(
        "work_goal", "no counts are printed and its base is all clients; ours is referrals with at least one goal"
    ),
    ("employment_reason", "journeys"): Match(
        "referral_reasons",
        "its base is not printed; ours is referrals with at least one reason recorded",
        {"reason": "employment"},
    ),
    ("employment_referral", "referrals"): Match(
        "activities_referred",
        "it counts onward referrals, of which one person may have several; ours counts each journey once",
        {"activity": "employment_support"},
    ),
    ("work_goal", "goals"): Match(
        "goals_set", "it counts goals, of which one person has several; ours counts journeys with a goal", {"goal": "employment"}
    ),
    ("volunteering_goal", "goals"): Match(
        "goals_set", "it counts goals, of which one person has several; ours counts journeys with a goal", {"goal": "volunteering"}
    ),
    ("work_issue", "issues"): Match(
        "referral_reasons", "it counts issues raised, not people; ours counts journeys", {"reason": "employment"}
    ),
    ("further_volunteering_learning_or_work", "participants"): Match(
        "stepping_stone", "it counts people on a volunteering programme; ours counts everyone referred"
    ),
}  # fmt: skip
_NOTHING = {
    "felt_better_chance_of_work": "it is how volunteers see their own chances; no figure here counts views",
    "commissioners_ask_for_work_data": "it counts services that answered a survey; no figure here counts services",
}


def match(row: Published) -> Match:
    """The nearest match of a published figure; ValueError for one that nobody has matched yet."""
    if row.unit == "journeys" and row.service in _OUTCOME_BASES and row.metric in metrics.catalogue():
        near = _OUTCOME_BASES[row.service]
        return Match(row.metric, near.bases, {}, near.base, near.within)
    if (row.metric, row.unit) in _OTHERS:
        return _OTHERS[row.metric, row.unit]
    if row.metric in _NOTHING:
        return Match("", _NOTHING[row.metric])
    raise ValueError(f"no match is given for {row.metric!r} in {row.unit!r}: add one to journeys/evidence.py")


def is_comparable(row: Published) -> bool:
    """Whether ours may stand on one axis with it: the same thing in the same unit."""
    return match(row).unit == row.unit


def axis_unit(units: Iterable[str]) -> str:
    """The one unit of an axis. ValueError when there are several: a share of goals beside a share of people misleads."""
    found = list(dict.fromkeys(units))
    if len(found) != 1:
        words = ", ".join(found) or "none"
        raise ValueError(
            f"one axis takes one unit, got {words}: draw journeys, goals, issues, referrals and the like apart"
        )
    return found[0]


def comparisons() -> dict[str, tuple[Published, ...]]:
    """Our metrics that published figures may stand beside, each with those figures, in the order of the file."""
    found: dict[str, list[Published]] = {}
    for row in published():
        if is_comparable(row):
            found.setdefault(match(row).metric, []).append(row)
    return {metric: tuple(rows) for metric, rows in found.items()}


def apart() -> tuple[Published, ...]:
    """The published figures that nothing here may stand beside."""
    return tuple(row for row in published() if not is_comparable(row))


def matches(rows: Sequence[Published]) -> tuple[Match, ...]:
    """The different bases and horizons on which ours has to be asked for these figures."""
    found = {(m.metric, m.base, m.within, *sorted(m.labels.items())): m for m in map(match, rows)}
    return tuple(found.values())


# --- the arithmetic of the print --------------------------------------------------------------------------------------


def check(row: Published) -> str:
    """What the printed numbers give when worked again, in words; empty where there is nothing to work with."""
    said = [_recomputed(row), _implied_base(row), *_twice(row), _parts(row)]
    return "; ".join(words for words in said if words)


def _printed_percent(row: Published) -> tuple[float, int] | None:
    """The printed per cent and its number of decimals."""
    found = _PERCENT.fullmatch(row.printed)
    return (float(found[1]), len(found[1].partition(".")[2])) if found else None


def is_off(row: Published) -> bool:
    """Whether the printed counts do not round to the printed per cent."""
    printed = _printed_percent(row)
    if row.share is None or printed is None:
        return False
    value, decimals = printed
    return abs(100 * row.share - value) > 0.5 * 10**-decimals + 1e-9


def _recomputed(row: Published) -> str:
    if row.share is None:
        return ""
    worked = f"{row.numerator:,} of {row.denominator:,} is {'at most ' * row.is_at_most}{_per_cent(row.share)}"
    if is_off(row):
        return f"{worked}, which does not round to the printed {row.printed}"
    return f"{worked}, printed as {row.printed}" if row.printed else worked


def _per_cent(share: float) -> str:
    return f"{100 * share:.2f}%" if share < 0.01 else f"{100 * share + 1e-9:.1f}%"


def _implied_base(row: Published) -> str:
    """The bases that would round to the printed per cent, where only the numerator is printed."""
    printed = _printed_percent(row)
    if row.numerator is None or row.denominator or printed is None:
        return ""
    value, half = printed[0], 0.5 * 10 ** -printed[1]
    least = math.ceil(100 * row.numerator / (value + half))
    most = math.floor(100 * row.numerator / (value - half))
    return f"{row.numerator:,} at {row.printed} would need a base of {least:,} to {most:,}"


def _twice(row: Published) -> list[str]:
    """The same count printed over another base."""
    return [
        f"the same {row.numerator} are also printed over {other.denominator:,} ({_SHORT.get(other.service, other.service)})"
        for other in published()
        if _is_same(row, other) and other.numerator == row.numerator and other.denominator != row.denominator
    ]


def _is_same(row: Published, other: Published) -> bool:
    return (row.place, row.metric, row.unit, row.period) == (other.place, other.metric, other.unit, other.period)


def _parts(row: Published) -> str:
    """Whether the years of a service add up to the figure of all its years."""
    years = [
        other
        for other in published()
        if other.service == row.service and other.metric == row.metric and other is not row
    ]
    is_whole = len(years) > 1 and "-" in row.period and row.period.split("-") == [other.period for other in years]
    if not is_whole:
        return ""
    sums = sum(y.numerator for y in years), sum(y.denominator for y in years)
    return "its years add up to it" if sums == (row.numerator, row.denominator) else "its years do not add up to it"


# --- ours beside them -------------------------------------------------------------------------------------------------


def point(row: Published) -> dict:
    """A published figure as figures.evidence draws it."""
    low, high = row.interval
    return {
        "service": row.name + " (at most)" * row.is_at_most, "numerator": row.numerator, "denominator": row.denominator, "unit": row.unit,
        "rate": row.share, "low": low, "high": high, "period": row.period,
    }  # fmt: skip


def our_row(released: Released, near: Match) -> Row:
    """The one row of our answer that the match names."""
    return released.row(**near.labels)


def our_point(released: Released, near: Match) -> dict:
    """Our released answer as figures.evidence draws it."""
    row = our_row(released, near)
    return {
        "service": our_name(released, near), "numerator": row.numerator, "denominator": row.denominator, "unit": released.unit,
        "rate": row.rate, "low": row.low, "high": row.high, "period": released.words, "is_ours": True,
    }  # fmt: skip


def our_name(released: Released, near: Match) -> str:
    """`This data, out of work, 12 months`."""
    base = {"all": "", "working_age": ", working age", "out_of_work": ", out of work"}[near.base]
    horizon = f", {near.within} months" if metrics.get(near.metric).has_within else ""
    return f"This data{base}{horizon}"


def sentence(answers: Sequence[tuple[Match, Released]], rows: Sequence[Published]) -> str:
    """Ours and the published figures in words, without a judgement."""
    mine = "; ".join(_our_words(near, released) for near, released in answers)
    shares = sorted(row.share for row in rows if row.share is not None)
    if not shares:
        theirs = "; ".join(f"{row.printed} ({row.place})" for row in rows if row.printed)
        return f"In this data, {mine}. Published: {theirs}; its counts were not printed in full, so it cannot be drawn."
    span = " to ".join(dict.fromkeys(f"{100 * share:.1f}%" for share in (shares[0], shares[-1])))
    return f"In this data, {mine}. Published: {span}, each on a base of its own."


def _our_words(near: Match, released: Released) -> str:
    """`of everyone referred, 1.7% (likely 1.4% to 1.9%) within 12 months`."""
    row, metric = our_row(released, near), metrics.get(near.metric)
    words = f"of {BASES[near.base].people}, {sentences.value_words(row, released.shape)}"
    if row.rate is not None:
        low, high = (sentences.percent(v, row.denominator) for v in (row.low, row.high))
        words += f" (likely {low} to {high})"
    return words + (f" within {near.within} months" if metric.has_within else "")


def basis_lines(rows: Sequence[Published]) -> tuple[str, ...]:
    """How the base of each published figure differs from ours, once for each service."""
    return tuple(dict.fromkeys(f"{row.service}: {match(row).bases}." for row in rows))


# --- how the sample fits ----------------------------------------------------------------------------------------------

# Which invented service of the sample was made after which published one.
MADE_AFTER = {
    "Voluntary Action Rotherham mental health scheme": "wrenborough-mh",
    "Rotherham evaluation": "wrenborough-mh",
    "Rotherham": "wrenborough-mh",
    "Bristol evaluation": "tarnholt-next-steps",
    "Gloucestershire evaluation": "tarnholt-signpost",
    "Tower Hamlets evaluation": "tarnholt-centre",
}
FIT_HEADER = (
    "Published figure", "Counted", "Published", "Published interval", "In the sample", "Sample interval", "Where it lies",
)  # fmt: skip


def fitted(services: Iterable[str]) -> tuple[tuple[Published, Selection], ...]:
    """The published figures that the sample was fitted to, each with the question that asks the invented service made after it."""
    there = set(services)
    return tuple(
        (row, match(row).selection(Selection(service=MADE_AFTER[row.service])))
        for row in published()
        if is_comparable(row) and MADE_AFTER.get(row.service) in there and not _is_part(row)
    )


def _is_part(row: Published) -> bool:
    """Whether the figure is one year of another one."""
    mine = [other for other in published() if (other.service, other.metric) == (row.service, row.metric)]
    return any("-" in other.period and row.period in other.period.split("-") for other in mine)


def fit_row(row: Published, released: Released) -> tuple[str, ...]:
    """One line of the table of FIT_HEADER, all of the sample's from a released answer."""
    ours = our_row(released, match(row))
    theirs = f"{'at most ' * row.is_at_most}{_per_cent(row.share)}" if row.share is not None else row.printed
    mine = sentences.value_words(ours, released.shape)
    return (
        row.name, COUNTED[row.metric], theirs, _span(*row.interval), mine, _span(ours.low, ours.high), fit_words(row, ours),
    )  # fmt: skip


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None else f"{_per_cent(low)} to {_per_cent(high)}"


def fit_words(row: Published, ours: Row) -> str:
    """Where the sample's share lies beside the published interval."""
    if ours.rate is None:
        return "too few in the sample to show"
    low, high = row.interval
    if low is None:
        return "no interval: the base is not printed"
    if row.is_at_most:
        return "no higher than the bound allows" if ours.low <= high else "above the bound"
    if low <= ours.rate <= high:
        return "inside the published interval"
    return "outside it, but the intervals overlap" if ours.low <= high and ours.high >= low else "apart"


# --- tables -----------------------------------------------------------------------------------------------------------

HEADER = ("Service and period", "Counted", "Count", "Printed", "95% interval", "Section", "Worked again, and notes")


# Notes of the file that the check says as well, and better.
_CHECKED_NOTES = ("arithmetic gives", "same ten as", "base not printed;", "no figure")


def table_row(row: Published) -> tuple[str, ...]:
    """One published figure as a line of the table of HEADER."""
    said = (check(row), "" if row.note.startswith(_CHECKED_NOTES) else row.note)
    notes = ". ".join(words[:1].upper() + words[1:] for words in said if words)
    name = f"{row.service}, {row.period.replace('-', ' to ') or 'no period printed'}"
    return name, COUNTED[row.metric], _counts(row), row.printed or "–", _span(*row.interval), row.section, notes or "–"


def _counts(row: Published) -> str:
    if row.share is not None:
        return f"{row.numerator:,} of {row.denominator:,} {row.unit}"
    if row.numerator is not None:
        return f"{row.numerator:,} {row.unit}, base not printed"
    return f"not printed, of {row.denominator:,} {row.unit}" if row.denominator else f"not printed ({row.unit})"


def our_table_row(released: Released, near: Match) -> tuple[str, ...]:
    """Our answer as a line of the same table."""
    row, title = our_row(released, near), metrics.get(near.metric).title
    share = sentences.value_words(row, released.shape)
    count = f"{_count(row.numerator)} of {_count(row.denominator)} {released.unit}"
    return our_name(released, near), title, count, share, _span(row.low, row.high), "", "Released counts, rounded"


def _count(n: int | None) -> str:
    return "[c]" if n is None else f"{n:,}"


def nearest_words(row: Published) -> str:
    """For a figure that nothing here may stand beside: what comes nearest, and why the two are kept apart."""
    near = match(row)
    if not near.metric:
        return f"Nothing here counts this: {near.bases}."
    return f"Nearest here: {metrics.get(near.metric).title.lower()} ({near.unit}), kept apart because {near.bases}."
