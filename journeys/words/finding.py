"""The finding of an answer as a heading: at most 14 words that a board member would use, the number once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence
from journeys.words import ranges
from journeys.words.breakdowns import PLACES, chance, compared, is_large, largest, latest_row, narrowed, now_words
from journeys.words.cohort import is_event, kind_of, row_period, short_who, unit_of
from journeys.words.hidden import NO_GROUP, possible, states_of
from journeys.words.likeness import alike
from journeys.words.phrases import (
    NOT_APPLICABLE,
    PERIODS,
    PLURALS,
    Names,
    amount,
    does,
    groups_among,
    is_known,
    is_single,
    item_name,
    label_words,
    lower_first,
    mark,
    short_period,
    signed,
    upper_first,
)  # fmt: skip
from journeys.words.shapes import (
    MOVES,
    at_horizon,
    is_of_fields,
    larger_unknown,
    most_pairs,
    named,
    told_once,
    told_together,
)  # fmt: skip
from journeys.words.shares import digits_of, per_cent, share_of, size_of

MOST_WORDS = 14
PARTS = (("status",), ("stage",))  # last labels of which no one row is the finding
_NOTHING = {
    HIDDEN: "Too few people here, or too few left out",
    NOT_RECORDED: "Not recorded here, which is not the same as none",
    TOO_EARLY: "Too early to say",
    NOT_APPLICABLE: "Does not apply here",
}
_IN_EVERY_GROUP = {"few": "A few at most in every group", "most": "All but a few in every group"}


def finding(
    released: Released, metric: Metric, names: Names, digits: int | None = None, whole: Row | None = None
) -> str:
    """The finding, e.g. `6% of those out of work found work within 12 months`; at most 14 words, without a full stop.

    `digits` are those of a figure that shows more than this answer, `whole` is the row whose denominator all that is counted are parts of.
    """
    if not any(row.is_shown or row.why for row in released.rows):
        return _nothing(released)
    digits = digits_of(released.rows) if digits is None else digits
    if not released.by:
        return fitting(_plain(released, metric, names, digits, whole))
    if len(released.by) > 1:
        return _cells(released, metric)
    one, _ = narrowed(released)
    if not any(row.is_shown or row.why for row in one.rows):
        return _cells(released, metric)
    if released.by[0] in PERIODS:
        return fitting(_over_time(one, metric, names, digits))
    say = _places if released.by[0] in PLACES else _groups
    return fitting(say(one, metric, names, digits))


def standing_alone(said: str, released: Released, metric: Metric) -> str:
    """A finding (`said`) where no title stands beside it: one that names only a place, or nobody, has the measure in front."""
    named = of_measure(said, metric.title)
    is_of_a_place = released.by[:1] and released.by[0] in PLACES and len(released.rows) == 1
    return named if named.startswith(metric.title) or not is_of_a_place else f"{metric.title}, {named}"


def of_measure(said: str, title: str) -> str:
    """A finding that is none with the measure in front, as far as there is room: four headings of a page were one and the same."""
    if said not in (*_NOTHING.values(), *_IN_EVERY_GROUP.values(), NO_GROUP):
        return said
    short = "hidden" if said == _NOTHING[HIDDEN] else lower_first(said).partition(",")[0].removesuffix(" to say")
    return fitting([f"{title}: {lower_first(said)}", f"{title}: {short}", said])


def finding_beside(first: Released, other: Released, metric: Metric, names: Names, whole: Row | None = None) -> str:
    """The finding of the same question about other people, at the weeks or months that the first finding speaks of and in its precision."""
    digits = digits_of(first.rows)
    name = next((n for n in ("months", "weeks") if n in first.own), None)
    said = at_horizon(first)[0]
    if name is None or not said:
        return finding(_of_the_same(first, other, metric), metric, names, digits, whole)
    at = said[0].labels[name]
    rows = tuple(row for row in other.rows if row.labels[name] == at)
    words = finding(replace(other, rows=rows), metric, names, digits)
    is_known = any(row.is_shown or row.why for row in other.rows)  # at other weeks, whose bars stand beside it
    return f"{words}, after {names(name, at)}" if is_known and words == _NOTHING[HIDDEN] else words


def _of_the_same(first: Released, other: Released, metric: Metric) -> Released:
    """The rows of the label that the first finding is about: training beside training, whatever is commonest among others."""
    label = metric.labels[-1] if len(metric.labels) == 1 and len(first.by) < 2 else None
    is_one_share = first.shape in ("count", "proportion") and metric.labels not in PARTS
    if label is None or not is_one_share or metric.says.endswith("})"):
        return other
    if first.by:
        spoken = list(narrowed(first)[0].rows)
    else:
        spoken = named(metric, first.rows) if first.shape == "proportion" else _largest_counts(first)
        spoken = [row for row in spoken if row.labels.get("movement") == "up"] or spoken
    rows = tuple(row for row in other.rows if spoken and row.labels[label] == spoken[0].labels[label])
    return replace(other, rows=rows) if rows else other


def fitting(candidates: Iterable[str]) -> str:
    """The first that is short enough, else the first words of the last: candidates go from the fullest to the shortest."""
    found = [upper_first(words.strip()) for words in candidates if words.strip()]
    short = next((words for words in found if len(words.split()) <= MOST_WORDS), None)
    return short or " ".join(found[-1].split()[:MOST_WORDS])


def _nothing(released: Released) -> str:
    states = states_of(released) - {NOT_APPLICABLE}
    if not states:
        return _NOTHING[NOT_APPLICABLE if released.rows else HIDDEN]
    if states <= {TOO_EARLY, NOT_RECORDED}:
        return _NOTHING[TOO_EARLY if TOO_EARLY in states else NOT_RECORDED]
    return _NOTHING[HIDDEN]


def finding_of_all(asked: Sequence[Released], names: Names) -> str:
    """Of several answers about the time to an outcome the first and the last: `An estimated 12% had reached training, 2% work by 12 months`."""
    told = told_together(asked, names)
    if len(told) < 2:
        one = next((one for one in asked if any(row.is_shown for row in at_horizon(one)[0])), asked[0])
        return finding(one, metrics.get(one.metric), names, digits_of(row for other in asked for row in other.rows))
    digits, ends = digits_of(row for one in asked for row in one.rows), (told[0], told[-1])
    dids = told_once([did for _, did in ends])
    parts = [f"{per_cent(row.incidence, digits)} {did}" for (row, _), did in zip(ends, dids, strict=True)]
    alone = f"{per_cent(told[0][0].incidence, digits)} {told[0][1]}"  # with the months, which the last has for both
    return fitting([f"an estimated {', '.join(parts)}", f"an estimated {alone}"])


def _plain(released: Released, metric: Metric, names: Names, digits: int, whole: Row | None) -> list[str]:
    rows = at_horizon(released)[0]
    if released.shape == "change":
        return _change(released)
    if is_single(released) or (released.shape == "waiting" and rows):
        row = next((r for r in rows if r.is_shown or r.why), rows[0])
        return _one(released, metric, row, names, digits)
    if spread := ranges.heading(metric, rows, names, digits):
        return spread
    if metric.says.endswith("})") and sum(row.rate is not None for row in rows) > 1:
        return _in_groups(metric, rows, names, digits)
    if metric.labels[-1:] in PARTS and sum(row.rate is not None for row in rows) > 1:
        return _in_parts(released, metric, rows, names, digits)
    chosen = named(metric, rows) if released.shape == "proportion" else _largest_counts(released)
    if not chosen:
        return [_hidden_labels(rows)]
    row = next((r for r in chosen if r.labels.get("movement") == "up"), chosen[0])
    did, figure = _did(released, metric, row, names), _figure(released, row, digits)
    if is_of_fields(metric):
        return [f"Least often filled in: {label_words('field', row.labels, names)}, {figure}"]
    beside = _unknown_beside(released, rows, row, names, digits)
    n = size_of(whole) if whole is not None else None
    figure += f" of {amount(n)}" if n is not None else ""
    kind = kind_of(metric, released.selection, names)
    subject = f"{figure} {unit_of(metric)}" if released.shape == "count" else figure
    whom = [f"{figure}{of} {did}" for of in (_whom(released, metric, names), f" of those {kind}") if kind]
    label = f"{figure}: {label_words(metric.labels[-1], row.labels, names)}"
    plain = [*_of_things(metric, figure, did), *whom, f"{subject} {did}", f"{figure} {did}", label]
    return [*(f"{words}{beside}" for words in plain), *plain]


def _unknown_beside(released: Released, rows: Sequence[Row], row: Row, names: Names, digits: int) -> str:
    """`; 13.3% “not said”`: what is no group and yet larger than the one that is said; empty over bases of their own."""
    if released.shape == "proportion" and len({one.denominator for one in rows if one.is_shown}) > 1:
        return ""
    found = [
        f"{_figure(released, one, digits)} {label_words(released.own[-1], one.labels, names)}"
        for one in larger_unknown(rows, [row])
    ]
    return f"; {', '.join(found)}" if found else ""


def _in_groups(metric: Metric, rows: Iterable[Row], names: Names, digits: int) -> list[str]:
    """`Found work in the year after: direct 50%, indirect 7%`: each of people of its own, so the figures of all, or of the two largest, in the list's order."""
    start, shown = metric.says.rpartition(" (")[0], [row for row in rows if row.rate is not None and is_known(row)]
    large = [row for row in shown if (row.denominator or 0) >= ranges.LARGE]
    shown = large if len(large) > 1 else shown  # half of 20 people is no finding beside a tenth of a thousand
    two = sorted(shown, key=lambda row: -(row.denominator or 0))[:2]
    said = [f"{label_words(metric.labels[-1], row.labels, names)} {per_cent(row.rate, digits)}" for row in shown]
    of_two = [words for row, words in zip(shown, said, strict=True) if row in two]
    return [f"{start}: {', '.join(some)}" for some in (said, of_two, of_two[:1])]


def _in_parts(released: Released, metric: Metric, rows: Iterable[Row], names: Names, digits: int) -> list[str]:
    """`54% going on, 20% ended, 24% not known 26 weeks after the start`: no part says it alone."""
    name, shown = metric.labels[-1], [row for row in rows if row.rate is not None]
    words = [label_words(name, row.labels, names).removeprefix("been ") for row in shown]
    tail = _did(released, metric, shown[0], names).rpartition(words[0])[2]
    parts = [f"{per_cent(share_of(row), digits)} {said}" for row, said in zip(shown, words, strict=True)]
    return [f"{', '.join(parts)}{tail}", f"{parts[0]}, {parts[-1]}{tail}", ", ".join(parts)]


def _largest_counts(released: Released) -> list[Row]:
    shown = groups_among(row for row in released.rows if row.is_shown)
    if released.own in MOVES:
        shown = [row for row in shown if len({*row.labels.values()}) == len(row.labels)]
    if released.own == ("wait",):  # of those who wait, the ones who have waited longest
        return shown[::-1]
    return sorted(shown, key=lambda row: -(row.count or 0))


def _hidden_labels(rows: Iterable[Row]) -> str:
    whys = {row.why for row in rows if row.state == HIDDEN}
    why = next(iter(whys)) if len(whys) == 1 else None
    return NO_GROUP if len(whys) > 1 else _IN_EVERY_GROUP.get(why or "", _NOTHING[HIDDEN])


def _did(released: Released, metric: Metric, row: Row, names: Names) -> str:
    """What was done, without the explanation in brackets, which the sentence has."""
    plain = replace(metric, says=re.sub(r" \([^){]*\)", "", metric.says))
    return does(plain, released.selection, row.labels, names)


def _of_things(metric: Metric, figure: str, did: str) -> list[str]:
    """`35% of first jobs were permanent`: of what, where a share is none of people; those are meant where nothing is said."""
    if metric.unit in ("journeys", "people") or metric.shape != "proportion":
        return []
    things = unit_of(metric) if " of about " in figure else f"of {unit_of(metric)}"
    return [f"{figure} {things} {did}"]


def _figure(released: Released, row: Row, digits: int) -> str:
    """`6%`, `about 1,250`, `fewer than 8 of about 240`, `10 of about 15`; as precise as the figure and the sentence below it."""
    if released.shape == "count":
        return amount(row.count)
    if row.why:
        few = f"fewer than {released.disclosure['k']}" if row.why == "few" else "all but a few"
        return f"{few} of about {size_of(row):,}"
    if mark(row, released.shape) == "[low]":
        done = row.numerator if row.numerator is not None else row.events
        return f"{amount(done)} of {amount(size_of(row))}"
    share = per_cent(share_of(row), digits)
    return f"an estimated {share}" if released.shape == "waiting" else share


def _one(released: Released, metric: Metric, row: Row, names: Names, digits: int) -> list[str]:
    did, figure = _did(released, metric, row, names), _figure(released, row, digits)
    if released.shape == "count":
        return [f"{figure} {unit_of(metric)} {did}"]
    return [
        f"{figure}{_whom(released, metric, names)} {did}",
        f"{figure}{short_who(released.selection)} {did}",
        f"{figure} {did}",
        f"{figure}: {lower_first(metric.title)}",
    ]


def _whom(released: Released, metric: Metric, names: Names) -> str:
    """` of those out of work with a goal`, where there is room: whom a share is of."""
    kind, who = kind_of(metric, released.selection, names), short_who(released.selection)
    return f"{who or ' of those'} {kind}" if kind else who


def _change(released: Released) -> list[str]:
    row = most_pairs([r for r in released.rows if r.is_shown])
    name = item_name(row.labels["tool"], row.labels["item"])
    if row.mean_first is not None and row.mean_latest is not None:
        change = round(row.mean_latest, 1) - round(row.mean_first, 1)
        return [
            f"{name}: {signed(change)} on average, of {amount(row.pairs)} pairs",
            f"{name}: {signed(change)} on average",
        ]
    return [f"{name}: {amount(row.improved)} of {amount(row.pairs)} improved"]


def _over_time(released: Released, metric: Metric, names: Names, digits: int) -> list[str]:
    row = latest_row(released)
    if row is None:
        return [_nothing(released)]
    unit = released.by[0]
    if released.shape == "change":
        return _change(released)
    now = now_words(released, metric, row, names, digits)
    when = row_period(row, unit, names)
    did, figure = _did(released, metric, row, names), _figure(released, row, digits)
    subject = f"{figure} {unit_of(metric)}" if released.shape == "count" else figure
    place = (
        f"{subject} {did} in {when}"
        if is_event(metric) or released.shape == "count"
        else f"{subject} {did}, referred in {when}"
    )
    brief = short_period(row.labels[unit]) if when == names(unit, row.labels[unit]) else ""
    short = f"{subject} {did}, {brief}" if brief else ""
    level = now.partition(":")[0].replace("no more than the usual variation", "as usual")
    plain = [place, short, f"{metric.title}: {lower_first(subject)}, {brief or when}", f"{subject}, {when}"]
    judged = [f"{words}{';' if ': ' in words else ':'} {level}" for words in plain if words] if level else []
    return [*judged, *plain[:2], f"{subject} {did}", *plain[2:]]


def _places(released: Released, metric: Metric, names: Names, digits: int) -> list[str]:
    """Never which service: how many lie beyond chance, else how many there are."""
    rows = [row for row in alike(released) if row.is_shown]
    one, plural = released.by[0], PLURALS[released.by[0]]
    apart = " compared" if sum(row.is_shown for row in released.rows) > len(rows) else ""  # others are drawn, too
    brief = chance(alike(released)).removeprefix("; ").replace("none is", f"no {one} is")
    brief, words = (brief.replace("two", f"two{who}{apart}") for who in ("", f" {plural}"))
    large = [row for row in rows if is_large(row, released.shape)]
    if len(large) < 2 and len(possible(released.rows)) > 1:
        said = [f"fewer than two {of} can be compared" for of in _compared(released)]
        return [*(f"{metric.title}: {few}" for few in (*said, f"too few {plural} to compare")), *said]
    if words:
        counted = re.sub(r"(\d+) (is|are)", lambda m: f"{m[1]} {plural if m[1] != '1' else one} {m[2]}", words, count=1)
        short = re.sub(r" (?:is|are) (higher|lower)", r" \1", counted).replace(" and ", ", ")
        measures = [_did(released, metric, row, names) for row in rows[:1] if released.own] + [metric.title]
        return [*(f"{said}: {each}" for said in measures for each in (counted, short, brief)), counted]
    if released.shape == "count" and len(rows) > 1:
        return _between(released, metric, rows, names)
    if len(rows) == 1 == len(released.rows):
        name = names(one, rows[0].labels[one])
        return [f"{name}: {_figure(released, rows[0], digits)}", _figure(released, rows[0], digits)]
    if len(large) > 1 and released.shape == "proportion":
        low, high = (per_cent(pick(row.rate or 0.0 for row in large), digits) for pick in (min, max))
        between = f"{low}" if low == high else f"between {low} and {high}"
        said, did = [f"across {len(large)} {of}" for of in _compared(released)], _did(released, metric, large[0], names)
        return [
            *(f"{between} {did}, {across}" for across in said),
            *[f"{between} {did}, by {one}" for _ in released.own],
            *(f"{metric.title}: {between} {across}" for across in said),
            f"{metric.title} {said[-1]}",
        ]
    shown = f"{len(rows)} {plural if len(rows) > 1 else one} shown"
    return [f"{metric.title}: {shown}", shown]


def _between(released: Released, metric: Metric, rows: Sequence[Row], names: Names) -> list[str]:
    """`Between about 445 and about 7,365 referrals were made across 8 services`."""
    counts = [row.count or 0 for row in rows]
    low, high = min(counts), max(counts)
    between = amount(low) if low == high else f"between {amount(low)} and {amount(high)}"
    across = f"across {len(rows)} {PLURALS[released.by[0]]}"
    did = _did(released, metric, rows[0], names)
    return [
        f"{between} {unit_of(metric)} {did} {across}",
        f"{metric.title}: {between} {across}",
        f"{metric.title} {across}",
    ]


def _compared(released: Released) -> tuple[str, str]:
    """What a range rests on, in words and shorter: `services of 50 or more`, `services of 50+`."""
    return compared(released), compared(released).replace(" or more", "+")


def _groups(released: Released, metric: Metric, names: Names, digits: int) -> list[str]:
    """The two largest groups with their figures."""
    found, dimension = largest(released), released.by[0]
    if not found:
        return [_hidden_labels(released.rows)]
    rows = found[:2]
    parts = [
        f"{in_a_sentence(dimension, names(dimension, row.labels[dimension]))} ({_group_figure(released, row, digits)})"
        for row in rows
    ]
    did = _did(released, metric, rows[0], names) if metric.says and (metric.labels or released.shape != "count") else ""
    did = did or lower_first(metric.title)
    both, unknown = ", ".join(parts), larger_unknown(released.rows, rows) if released.shape == "count" else []
    beside = [
        f"{in_a_sentence(dimension, names(dimension, row.labels[dimension]))} ({amount(row.count)})" for row in unknown
    ]
    whole = [f"{did}: {both}; {', '.join(beside)}"] if beside else []
    return [*whole, f"{did}: {both}", f"{metric.title}: {both}", both, parts[0]]


def _group_figure(released: Released, row: Row, digits: int) -> str:
    if released.shape == "count":
        return amount(row.count)
    return signed(row.mean_change) if released.shape == "change" else per_cent(share_of(row), digits)


def _cells(released: Released, metric: Metric) -> str:
    n, total = sum(row.is_shown for row in released.rows), len(possible(released.rows))
    return fitting(
        [
            f"{metric.title}: {n} of {total} figures can be shown",
            f"{n} of {total} figures can be shown",
        ]
    )
