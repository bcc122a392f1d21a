"""Our released answers beside the published figures: points, sentences, tables, and how the sample fits what it was made after."""

from collections.abc import Iterable, Sequence

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from journeys.words.cohort import opening
from journeys.words.phrases import Names, lower_first
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
    source,
    sources,
    stays_out,
)
from journeys.words.shares import bound, digits_for, interval, with_interval
from journeys.words.shares import per_cent as rounded

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
    "precision",
    "published",
    "sources",
    "stays_out",
]


def points(rows: Sequence[Published]) -> list[dict]:
    """Published figures as figures.evidence draws them; a base printed as `over 2000` gives a bound, no point."""
    return [
        {
            "service": row.name, "numerator": row.numerator, "denominator": row.denominator,
            "unit": row.unit, "rate": row.share, "low": row.interval[0], "high": row.interval[1], "period": row.period,
            "is_at_most": row.is_at_most, "printed": row.printed,
        }
        for row in rows
    ]  # fmt: skip


def our_row(released: Released, near: Match) -> Row:
    """The one row of our answer that the match names."""
    return released.row(**near.labels)


def our_name(near: Match) -> str:
    """`This data, out of work, 12 months`."""
    base = "" if near.base == "all" else f", {BASES[near.base].short.removesuffix(' at referral')}"
    horizon = f", {near.within} months" if metrics.get(near.metric).has_within else ""
    return f"This data{base}{horizon}"


def precision(answers: Sequence[tuple[Match, Released]], rows: Sequence[Published]) -> int:
    """The decimals of every share, here and published, that stands in one panel."""
    ours = [our_row(released, near) for near, released in answers]
    mine = [(row.rate, row.denominator or 0) for row in ours if row.rate is not None]
    return digits_for([*mine, *((row.share, row.denominator or 0) for row in rows if row.share is not None)])


def sentence(answers: Sequence[tuple[Match, Released]], rows: Sequence[Published], names: Names) -> str:
    """The first of ours in words, and the published shares in theirs, without a judgement."""
    (near, released), digits = answers[0], precision(answers, rows)
    known = _is_known(our_row(released, near))
    ours = f"Here, {_our_words(near, released, names, digits)}" if known else f"Here: {_share(near, released, digits)}"
    return f"{ours}. Published, of {rows[0].unit}: {_their_words(rows, digits)[0]}."


def others(answers: Sequence[tuple[Match, Released]], rows: Sequence[Published]) -> list[str]:
    """What stands below the sentence, a line each: ours on the bases and horizons of other published figures, and bounds that are printed.

    That nothing is known of ours for the same reason is not said again.
    """
    digits = precision(answers, rows)
    first, *more = [(near, released, our_row(released, near)) for near, released in answers]
    mine = [
        f"Here, {_of(near)}{_share(near, released, digits)}."
        for near, released, row in more
        if _is_known(row) or row.state != first[2].state
    ]
    return [*mine, *(f"Published, of {rows[0].unit}: {words}." for words in _their_words(rows, digits)[1:])]


def headline(answers: Sequence[tuple[Match, Released]], rows: Sequence[Published]) -> str:
    """The first of ours and the published ones as a heading: `Found work: 2.2% here, 1.9% to 17.0% published`."""
    (near, released), digits = answers[0], precision(answers, rows)
    row = our_row(released, near)
    known = with_interval(row, digits).partition(",")[0] if row.rate is not None else bound(row)
    ours = known or sentences.MARKS.get(sentences.mark(row, released.shape), "too few to show").partition(":")[0]
    ours = ours.removesuffix(" by this service")
    theirs = _their_words(rows, digits)[0].partition(",")[0].partition(";")[0].partition(" where")[0].partition(" (")[0]
    return f"{COUNTED[rows[0].metric]}: {ours} here, {theirs} published"


def _of(near: Match) -> str:
    return "" if near.base == "all" else f"{BASES[near.base].of}: "


def _their_words(rows: Sequence[Published], digits: int) -> list[str]:
    """`3.2% to 17.0%, each on a base of its own` and `at most 0.5%`; as printed where no share can be worked out."""
    shares = sorted(row.share for row in rows if row.share is not None and not row.is_at_most)
    bounds = sorted(row.share for row in rows if row.share is not None and row.is_at_most)
    if not shares and not bounds:
        printed = "; ".join(f"{row.printed} ({row.place})" for row in rows if row.printed)
        return [f"{printed}, as printed, without counts"]
    span = " to ".join(dict.fromkeys(rounded(share, digits) for share in (shares[0], shares[-1]))) if shares else ""
    each = ", each on a base of its own" if len(shares) > 1 else ""
    parts = [f"{span}{each}"] if span else []
    parts += (
        [f"at most {rounded(bounds[-1], digits)} where the base is printed as over {_over(rows):,}"] if bounds else []
    )
    return parts


def _over(rows: Sequence[Published]) -> int:
    return min(row.denominator or 0 for row in rows if row.is_at_most)


def _our_words(near: Match, released: Released, names: Names, digits: int) -> str:
    """`of those referred in April 2022 to March 2026 (with at least one goal), 2.9% (likely 2.0% to 4.1%)`."""
    start = opening(released, metrics.get(near.metric), names, our_row(released, near).labels)
    return f"{lower_first(start)}, {_share(near, released, digits)}"


def _is_known(row: Row) -> bool:
    """Whether a share or its bound may be shown."""
    return row.rate is not None or bool(row.why)


def _share(near: Match, released: Released, digits: int) -> str:
    """`2.9% (likely 2.0% to 4.1%) within 12 months`; a mark alone says nothing about months."""
    row = our_row(released, near)
    if not _is_known(row):
        return sentences.value_words(row, released.shape)
    if row.rate is None:
        words = sentences.value_words(row, released.shape)
    else:
        share, _, rest = with_interval(row, digits).partition(", ")
        words = f"{share} ({rest})" if rest else share
    return words + (f" within {near.within} months" if metrics.get(near.metric).has_within else "")


def rank_words(row: Published, released: Released, names: Names) -> str:
    """Where the match of a printed rank stands here: `here “employment” is 7th of 10`; empty where it cannot be said."""
    near = match(row)
    mine = our_row(released, near)
    others = [r for r in released.rows if r.state != "not_applicable"]
    if mine.rate is None and mine.why != "few":
        return ""
    higher = sum(r.rate is not None and r.rate > (mine.rate or 0.0) for r in others)
    name = f"“{lower_first(names(*next(iter(near.labels.items()))))}”"
    if mine.rate is None:
        return f"here {name} comes after {higher} of {len(others)}"
    return f"here {name} is {_ordinal(higher + 1)} of {len(others)}"


def _ordinal(n: int) -> str:
    if n % 100 in (11, 12, 13):
        return f"{n}th"
    return f"{n}{({1: 'st', 2: 'nd', 3: 'rd'}).get(n % 10, 'th')}"


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
    if row.is_at_most and row.share is not None:
        if ours.rate <= row.share:
            return "no higher than the bound allows"
        return "above the bound, but its interval reaches it" if ours.low <= row.share else "above the bound"
    low, high = row.interval
    if low is None or high is None:
        return "no interval: the base is not printed"
    if low <= ours.rate <= high:
        return "inside the published interval"
    return "outside it, but the intervals overlap" if ours.low <= high and ours.high >= low else "apart"


# --- tables -----------------------------------------------------------------------------------------------------------

HEADER = (
    "Service and period",
    "Counted",
    "Count",
    "Printed",
    "95% interval",
    "Where printed",
    "Worked again, and notes",
)


# Notes of the file that the check says as well, and better.
_CHECKED_NOTES = ("arithmetic gives", "same ten as", "base not printed;", "no figure")


def table_row(row: Published) -> tuple[str, ...]:
    """One published figure as a line of the table of HEADER."""
    said = (check(row), "" if row.note.startswith(_CHECKED_NOTES) else row.note)
    notes = ". ".join(words[:1].upper() + words[1:] for words in said if words)
    name = f"{row.service}, {row.period.replace('-', ' to ') or 'no period printed'}"
    where = f"{source(row)['title'].partition(',')[0].partition(':')[0]}{f' {row.section}' if row.section else ', where in it is not noted'}"
    return name, COUNTED[row.metric], _counts(row), row.printed or "–", _span(*row.interval), where, notes or "–"


def _counts(row: Published) -> str:
    if row.share is not None:
        return f"{row.numerator:,} of {'over ' * row.is_at_most}{row.denominator:,} {row.unit}"
    if row.numerator is not None:
        return f"{row.numerator:,} {row.unit}, base not printed"
    return f"not printed, of {row.denominator:,} {row.unit}" if row.denominator else f"not printed ({row.unit})"


def our_table_row(released: Released, near: Match, digits: int) -> tuple[str, ...]:
    """Our answer as a line of the same table, in the precision of its panel."""
    row, title = our_row(released, near), metrics.get(near.metric).title
    share = sentences.value_words(row, released.shape, digits)
    count = f"{_count(row.numerator)} of {_count(row.denominator)} {released.unit}"
    span = interval(row.low, row.high, digits)
    return our_name(near), title, count, share, span, "counted here, not printed", "Released counts, rounded"


def _count(n: int | None) -> str:
    return "[c]" if n is None else f"{n:,}"


def nearest_words(row: Published) -> str:
    """For a figure that nothing here may stand beside: what comes nearest, and why the two are kept apart."""
    near = match(row)
    if not near.metric:
        return f"Nothing here counts this: {near.bases}."
    return (
        f"Nearest here: {lower_first(metrics.get(near.metric).title)} ({near.unit}), kept apart because {near.bases}."
    )
