"""Who and when a sentence is about: `of those referred in ...` for people followed from their referral, `in ...` for events."""

import re
from collections.abc import Mapping

from journeys.answer.released import Released, Row
from journeys.vocabulary import dictionary
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import people_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence, lowered
from journeys.vocabulary.selection import Selection
from journeys.words.phrases import PERIODS, Names, amount, is_known, row_period
from journeys.words.shares import digits_of, per_cent

UNITS = {"journeys": "referrals"}
MOST_SOURCES = 3
_WHO = {"journeys": "those referred", "people": "the people referred"}
_COUNTED = (
    (r", in services that .*$", ""),
    (r" (?:of|in) services that record .*$", ""),
    (r" \(.*?\)", ""),
    (r" in the period\b", ""),
    (r"\bAll journeys\b", "referrals"),
    (r"\b[Jj]ourneys\b", "referrals"),
    (r"\breferrals referred to\b", "referrals linked to"),
    (r"\breferrals referred at least\b", "referrals made at least"),
    (r"\breferrals employed\b", "referrals of people employed"),
    (r"\bwith the time to reach the horizon\b", "with {within} months or more since referral"),
    (r"\band the time to reach the horizon\b", "and {within} months or more since referral"),
    (r"\bthe horizon\b", "{within} months"),
    (r"\bthat much time\b", "{months} or more"),
    (r"\bthat many weeks\b", "{weeks}"),
    (r"\b548 days\b", "18 months"),
    (r"\b365 days\b", "12 months"),
    (r"\bby day 183\b", "in the first half year"),
    (r"\b183 days\b", "half a year"),
    (r"\b91 days\b", "three months"),
)
_UNIT = re.compile(
    r"\A(?:(closed) )?(referrals to an activity(?= at)|referrals|goals|first jobs|people|contacts|outcomes)\b[ ,]*"
)


_TIME_ALONE = re.compile(r"with (?:\d+|at least|that much)(?: \w+)+ since referral")


def is_event(metric: Metric) -> bool:
    """Whether the period is when the event happened, not when the person was referred."""
    return bool(getattr(metric, "event_time", metric.is_by_event))


def unit_of(metric: Metric) -> str:
    """What is counted: `referrals`, `goals`, `first jobs`."""
    return UNITS.get(metric.unit, metric.unit)


def counted(metric: Metric, selection: Selection, labels: Mapping[str, str], names: Names) -> str:
    """The denominator inside a sentence, without a base of the reader's: `referrals with 12 months or more since referral`."""
    text = metric.denominator or unit_of(metric)
    for pattern, words in _COUNTED:
        text = re.sub(pattern, words, text)
    places = {n: names(n, labels[n]) for n in ("months", "weeks") if n in labels}
    months = f"{selection.within} months" if metric.has_within else "that much time"
    places = {"months": months, "weeks": "that many weeks", **places, "within": str(selection.within)}
    return lowered(text.format(**places))


def condition(metric: Metric, selection: Selection, labels: Mapping[str, str], names: Names) -> str:
    """What the denominator asks of those counted, without the unit: `with at least one goal`; empty where it asks nothing."""
    text = counted(metric, selection, labels, names)
    found = _UNIT.match(text)
    rest = text[found.end() :] if found else ("" if text == unit_of(metric) else text)
    closed = "closed" if found and found[1] else ""
    return " ".join(
        part for part in (closed, re.sub(r"\Aat least", "made at least", rest.strip()).removeprefix("of ")) if part
    )


def opening(
    released: Released,
    metric: Metric,
    names: Names,
    labels: Mapping[str, str] | None = None,
    row: Row | None = None,
    size: str = "",
) -> str:
    """`Of those referred in April to June 2024 to Steady Minds (people out of work at referral, with a goal; about 240 referrals)`.

    The period is that of `row` where the answer is over time, else the selection's; base, cohort and condition stand once.
    """
    selection = released.selection
    when = period_of(released, names, row)
    asked = condition(metric, selection, labels or {}, names)
    base = BASES[selection.base].of.removeprefix("of people ")
    who = _people(selection, names)
    whom = "; ".join(part for part in (*(who[1:] if base and base in asked else who), asked) if part)
    whom = "; ".join(part for part in (whom, size) if part)
    aside = f" ({whom})" if whom else ""
    if is_event(metric):
        people = f" ({'; '.join(part for part in (*who, size) if part)})" if who or size else ""
        return f"In {when}{_place(selection, names, 'at')}{people}"
    subject = _WHO.get(metric.unit, f"the {metric.unit} of those referred")
    return f"Of {subject} in {when}{_place(selection, names, 'to')}{aside}"


def whole_words(of: Released, metric: Metric, names: Names) -> str:
    """`observed for at least three months; about 12,440 referrals`: of whom the counts of another answer are parts; empty where that is hidden."""
    row = of.rows[0]
    if row.denominator is None:
        return ""
    asked = condition(metric, of.selection, row.labels, names)
    return "; ".join(part for part in (asked, f"{amount(row.denominator)} {unit_of(metric)}") if part)


def period_of(released: Released, names: Names, row: Row | None = None) -> str:
    """The period of a row over time, for the months that it covers, or that of the selection."""
    unit = next((d for d in released.by if d in PERIODS), None)
    if row is None or unit is None:
        return names("period", released.selection.period)
    return row_period(row, unit, names)


def _people(selection: Selection, names: Names) -> list[str]:
    """The base, if one was chosen, and the cohort: `people out of work at referral`, `gender: female`."""
    titles = dictionary.load().titles
    base = [] if selection.base == "all" else [BASES[selection.base].people]
    return base + [f"{lowered(titles[d])}: {in_a_sentence(d, names(d, v))}" for d, v in selection.cohort.items()]


def _place(selection: Selection, names: Names, word: str) -> str:
    if selection.service is not None:
        return f" {word} {names('service', selection.service)}"
    if selection.commissioner is not None:
        return f" {word} services of {names('commissioner', selection.commissioner)}"
    return ""


def short_who(selection: Selection) -> str:
    """The base of a heading: ` of those out of work`; empty for everyone."""
    return {"all": "", "working_age": " of those of working age", "out_of_work": " of those out of work"}[
        selection.base
    ]


def kind_of(metric: Metric, selection: Selection, names: Names) -> str:
    """`with a goal`, `linked to the activity`: which of the people referred are counted, where that is no matter of time alone; else empty."""
    asked = condition(metric, selection, {}, names)
    is_of_people = metric.unit == "journeys" and asked.startswith(("with ", "without ", "linked "))
    kind = asked if is_of_people and not _TIME_ALONE.fullmatch(asked) else ""
    return re.sub(r"at least one (?=([aeiou])?)", lambda m: "an " if m[1] else "a ", kind)


def people_counted(metric: Metric, selection: Selection, names: Names) -> str:
    """Who a title or a card is about, as counted: `those with a goal`, never `everyone referred` where some are left out for what they have."""
    who, kind = people_words(selection, names), kind_of(metric, selection, names)
    if not kind:
        return who
    return f"those {kind}" if selection.base == "all" and not selection.cohort else f"{who}, {kind}"


def unit_words(unit: str, selection: Selection) -> str:
    """Who is counted, with the base of the selection: `referrals of people out of work at referral`."""
    of = BASES[selection.base].of
    of = of.removeprefix("of people ") if unit == "people" else of
    return f"{UNITS.get(unit, unit)} {of}".strip()


def served_words(whole: Row, part: Row, sources: Released, names: Names, any_base: str = "") -> str:
    """Whom a service serves: its referrals, how many of working age, and the sources that most of them come from, in one precision.

    All three are of people on any base: `any_base` says so where the reader has chosen one.
    """
    found = [row for row in sources.rows if row.rate is not None and is_known(row)]
    known = sorted(found, key=lambda row: -(row.rate or 0.0))[:MOST_SOURCES]
    digits = digits_of(known)
    said = [f"{lowered(names('source', row.labels['source']))} {per_cent(row.rate, digits)}" for row in known]
    from_whom = f"; mostly from: {', '.join(said)}" if said else ""
    of = f" ({any_base})" if any_base else ""
    return f"{amount(whole.count)} referrals{of}, {amount(part.count)} of people of working age{from_whom}"
