"""The small words of every sentence: amounts, marks, names of labels, what the numerator did."""

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary import dictionary
from journeys.vocabulary.calendar import months_in, span_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import PROPER_LABELS, in_a_sentence, lowered
from journeys.vocabulary.selection import Selection
from journeys.words.shares import NOTHING, bound, digits_of, per_cent, share_of, size_of

Names = Callable[[str, str], str]

MARKS = {
    "[c]": "hidden: too few people, or too few left out",
    "[x]": "not recorded by this service",
    "[low]": "too few for a rate",
    "[early]": "too early to say",
    "[z]": "does not apply here",
}
NOT_APPLICABLE = "not_applicable"
STATE_MARKS = {HIDDEN: "[c]", NOT_RECORDED: "[x]", TOO_EARLY: "[early]", NOT_APPLICABLE: "[z]"}
HIDDEN_WORDS = "Too few people here, or too few left out; choose something wider."
PLURALS = {
    "service": "services",
    "commissioner": "commissioners",
    "quarter": "quarters",
    "month": "months",
    "financial_year": "financial years",
    "model": "models",
}
QUOTED = (
    "path",
    "rung",
    "start_rung",
    "barrier",
    "outcome",
    "closure_reason",
    "why_not",
)  # names of codes that are no part of speech
NO_RUNG = "no further rung"
THEN = " by then"  # ends what is so at the horizon, and not what has happened within it
# how a sentence says a code whose name alone is none of its words
SPOKEN = {
    "source": {
        "gp": "a GP", "hospital": "a hospital", "mental_health_service": "a mental health service", "drug_and_alcohol_service": "a drug and alcohol service",
        "housing_association": "a housing association", "local_authority": "a local authority", "voluntary_sector": "the voluntary sector", "other": "another source",
    },
    "stage": {"linked": "been linked to an activity"},
    "route": {"indirect": "the indirect route", "direct": "the direct route"},
    "kind": {"telephone": "by telephone", "video": "by video", "group": "in a group", "message": "by message"},
    "contract": {
        "agency": "through an agency", "zero_hours": "on zero hours", "apprenticeship": "apprenticeships", "other": "on another contract",
    },
}  # fmt: skip
PERIODS = ("quarter", "month", "financial_year")
PARTIAL = "(not complete)"  # beside a period that is shown; one in which a service began never will be
TOTALS = {("mbat", "total"): "Barriers present"}  # made of a tool's items and not one of them; fewer is better
UNKNOWN = ("unknown", "not_stated", "not_known", "not_said")
LARGEST = 3  # how many labels a sentence names

_MEASURE = {"proportion": "rate", "waiting": "incidence", "change": "mean_change", "count": "count"}
_NEEDS = {
    "outcomes": "outcomes such as training, volunteering and work",
    "goals": "goals",
    "reasons": "reasons for referral",
    "contacts": "contacts",
    "activities": "what people were linked to",
    "readings": "wellbeing or barrier readings",
    "readings_needs": "readings about money and home",
    "readings_confidence": "readings about wellbeing",
    "follows_up": "outcomes after closure",
    "attended": "whether contacts were attended",
    "shared_key": "a client key shared with another service",
}


def mark(row: Row, shape: str) -> str:
    """The mark of a row that gives no figure: [c], [x], [early], [low]; empty where the figure stands."""
    if row.state in STATE_MARKS:
        return STATE_MARKS[row.state]
    return "[low]" if measure(row, shape) is None else ""


def is_partial(row: Row, labels: Iterable[str]) -> bool:
    """Whether the row is a period that not everyone has had the time for, or that not everyone covers."""
    return row.complete is False and row.is_shown and bool(set(labels) & set(PERIODS))


def measure(row: Row, shape: str) -> float | None:
    """What a figure of that shape draws: count, rate, incidence or mean change; None for a row that is not shown, whatever it holds."""
    return getattr(row, _MEASURE[shape]) if row.is_shown else None


def value_words(row: Row, shape: str, digits: int | None = None) -> str:
    """The figure of a row in two or three words, or its mark with its words; `digits` are those of the chart or table it stands in."""
    found = mark(row, shape)
    if shape == "proportion" and found == "[low]":
        return f"{row.numerator:,} of about {row.denominator:,} [low]"
    if row.why and size_of(row) is not None:
        unbounded = "a few" if row.why == "few" else "all but a few"
        return f"[c] {bound(row) or unbounded} of about {size_of(row):,}"
    if found:
        return f"{found} {MARKS[found]}"
    if shape == "count":
        return f"{row.count:,}"
    if shape == "change":
        return signed(row.mean_change)
    return per_cent(share_of(row), digits_of([row]) if digits is None else digits)


def amount(n: int | None) -> str:
    """A released count as text: `about 1,250`."""
    return "too few to show" if n is None else f"about {n:,}"


def signed(value: float | None) -> str:
    """A change with its sign: `+1.3`, `−0.2` (a real minus sign), `0.0`."""
    if value is None:
        return NOTHING
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"


def item_name(tool: str, item: str) -> str:
    """What a screen calls one scale of a tool: `Wellbeing (SWEMWBS)`, `Life satisfaction (ONS4)`."""
    found = dictionary.load().tools[tool]
    label = found.items[item].label if item in found.items else TOTALS.get((tool, item), item)
    return label if found.label in label or "(" in label else f"{label} ({found.label})"


def is_lower_better(tool: str, item: str) -> bool:
    found = dictionary.load().tools[tool]
    return (tool, item) in TOTALS or (item in found.items and found.items[item].better == "down")


def label_name(row: Row, label: str, labels: Iterable[str], names: Names) -> str:
    """One label of a row in words; the period of a row is named for the months that it covers, where no other label says when it is."""
    is_the_period = [n for n in labels if n in PERIODS] == [label]
    return row_period(row, label, names) if is_the_period else names(label, row.labels[label])


def row_period(row: Row, unit: str, names: Names) -> str:
    """`April to June 2024`; of a period that is covered only in part, the months that are."""
    code, covers = row.labels[unit], row.covers
    if not covers or covers == months_in(code):
        return names(unit, code)
    return span_words(covers)


def row_name(row: Row, labels: Sequence[str], names: Names) -> str:
    """The labels of a row in words; tool and item are one name."""
    if "tool" in labels and "item" in labels:
        others = [label_name(row, n, labels, names) for n in labels if n not in ("tool", "item")]
        return ", ".join([item_name(row.labels["tool"], row.labels["item"]), *others])
    return ", ".join(label_name(row, n, labels, names) for n in labels)


def dimension_words(dimension: str) -> str:
    """What a label column is called: `age at referral`, `service`."""
    titles = dictionary.load().titles
    return lowered(titles[dimension]) if dimension in titles else dimension.replace("_", " ")


def listed(parts: Iterable[str], joint: str = "and") -> str:
    """`a, b and c`; semicolons between parts that hold commas outside brackets; `a and b, and c` where a part has that word itself."""
    parts = list(parts)
    if len(parts) < 2:
        return "".join(parts)
    bare = [re.sub(r"\(.*?\)", "", p) for p in parts]
    comma = "; " if any(", " in p for p in bare) else ", "
    is_needed = comma == "; " or any(f" {joint} " in re.sub("“.*?”", "", p) for p in bare)
    return f"{comma.join(parts[:-1])}{comma if is_needed else ' '}{joint} {parts[-1]}"


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def inside(said: str, released: Released, names: Names) -> str:
    """A finding as it stands inside a sentence: with a small letter, unless it begins with the name of a service or another name of somebody's own."""
    label = next((name for name in released.by if name in PROPER_LABELS), None)
    own = () if label is None else tuple(names(label, row.labels[label]) for row in released.rows)
    return said if said.startswith(own) else lower_first(said)


def does(metric: Metric, selection: Selection, labels: Mapping[str, str], names: Names) -> str:
    """What the numerator did, labels filled in: `found work within 12 months`."""
    words = metric.says.format(**{n: label_words(n, labels, names) for n in metric.labels})
    return words.removesuffix(THEN) + span(metric, selection)


def span(metric: Metric, selection: Selection) -> str:
    """The horizon of the selection, where the metric has it: ` within 12 months` of what happens in it, ` after 12 months` of what is so by then."""
    joint = "after" if metric.says.endswith(THEN) else "within"
    return f" {joint} {selection.within} months" if metric.has_within else ""


def label_words(name: str, labels: Mapping[str, str], names: Names) -> str:
    """A label of a row inside a sentence, as it is spoken; what is a name and no part of speech in quotation marks."""
    if name == "movement" and labels[name] == "same":
        return "stayed on the same rung"
    if name == "item":
        return item_name(labels["tool"], labels["item"])
    spoken = SPOKEN.get(name, {}).get(labels[name])
    words = spoken or in_a_sentence(name, names(name, labels[name]))
    return f"“{words}”" if name in QUOTED and words != NO_RUNG else words


def is_known(row: Row) -> bool:
    """Whether every label of the row is one: not unknown, not stated."""
    return not set(row.labels.values()) & set(UNKNOWN)


def groups_among(rows: Iterable[Row]) -> list[Row]:
    """Those of the rows that are groups; where none is, those that are not: what is shown is not said to be hidden."""
    given = list(rows)
    return [row for row in given if is_known(row)] or given


def before_and_after(metric: Metric) -> tuple[str, str]:
    """The words of `says` before and after its last label."""
    before, _, rest = metric.says.rpartition("{")
    return before, rest.partition("}")[2]


def kinds_words(kinds: Iterable[str], joint: str = "and") -> str:
    """Kinds of records in words: `goals and outcomes such as training, volunteering and work`."""
    return listed((_NEEDS[kind] for kind in kinds), joint) or "this"


def of_all(n: int, total: int) -> str:
    """`3 of 10`, `all 10`, `both`."""
    if n < total:
        return f"{n} of {total}"
    return {1: "the only one", 2: "both"}.get(total, f"all {total}")


def is_single(released: Released) -> bool:
    """Whether the answer is one row without labels."""
    return not released.by and not released.own


def short_period(code: str) -> str:
    """A period in a word or two for an axis: `Apr–Jun 2024`, `Apr 2024`, `2024/25`."""
    if "/" in code:
        return code
    if "Q" in code:
        first = int(code[6]) * 3 - 2
        return f"{calendar.month_abbr[first]}–{calendar.month_abbr[first + 2]} {code[:4]}"
    return f"{calendar.month_abbr[int(code[5:])]} {code[:4]}"


def month_of(code: str) -> str:
    """The first month of a period: `2024-04`."""
    if "/" in code:
        return f"{code[:4]}-04"
    return f"{code[:4]}-{int(code[6]) * 3 - 2:02d}" if "Q" in code else code
