"""Our released answers beside the published figures: points, sentences, tables, and how the sample fits what it was made after."""

from collections.abc import Iterable, Sequence

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from journeys.words.published import (
    COUNTED,
    MADE_AFTER,
    REPORT,
    Match,
    Published,
    apart,
    axis_unit,
    check,
    comparisons,
    is_comparable,
    is_off,
    is_part,
    match,
    matches,
    per_cent,
    published,
)

__all__ = [
    "COUNTED",
    "REPORT",
    "Match",
    "Published",
    "apart",
    "axis_unit",
    "check",
    "comparisons",
    "is_off",
    "match",
    "matches",
    "published",
]


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
    base = "" if near.base == "all" else f", {BASES[near.base].short.removesuffix(' at referral')}"
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

FIT_HEADER = (
    "Published figure", "Counted", "Published", "Published interval", "In the sample", "Sample interval", "Where it lies",
)  # fmt: skip


def fitted(services: Iterable[str]) -> tuple[tuple[Published, Selection], ...]:
    """The published figures that the sample was fitted to, each with the question that asks the invented service made after it."""
    there = set(services)
    return tuple(
        (row, match(row).selection(Selection(service=MADE_AFTER[row.service])))
        for row in published()
        if is_comparable(row) and MADE_AFTER.get(row.service) in there and not is_part(row)
    )


def fit_row(row: Published, released: Released) -> tuple[str, ...]:
    """One line of the table of FIT_HEADER, all of the sample's from a released answer."""
    ours = our_row(released, match(row))
    theirs = f"{'at most ' * row.is_at_most}{per_cent(row.share)}" if row.share is not None else row.printed
    mine = sentences.value_words(ours, released.shape)
    return (
        row.name, COUNTED[row.metric], theirs, _span(*row.interval), mine, _span(ours.low, ours.high), fit_words(row, ours),
    )  # fmt: skip


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{per_cent(low)} to {per_cent(high)}"


def fit_words(row: Published, ours: Row) -> str:
    """Where the sample's share lies beside the published interval."""
    if ours.rate is None or ours.low is None or ours.high is None:
        return "too few in the sample to show"
    low, high = row.interval
    if low is None or high is None:
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
