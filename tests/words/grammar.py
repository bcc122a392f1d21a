"""A second reader of finished sentences: parses numbers, direction, base and period from the text and holds them to the answer.

It knows the answer and the closed lists, and nothing of journeys/words. `faults` returns what is wrong, in words; [] where nothing is.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, product

from journeys.answer.released import Released, Row
from journeys.vocabulary import calendar
from journeys.vocabulary.lists import Lists

PERIODS = {"month": 1, "quarter": 3, "financial_year": 12}
BASES = {"working_age": "people of working age", "out_of_work": "people out of work at referral"}
EVENTS = ("outcome_events", "people_with_outcome", "contacts", "missed_contacts", "closure_reasons", "support_length")
# what the denominator of a metric asks, which its sentences must say
CONDITIONS = {
    "goals_set": "with at least one goal", "work_goal": "with at least one goal", "goals_achieved": "not withdrawn",
    "referral_reasons": "with at least one reason", "activities_referred": "linked to at least one activity",
    "route_to_work": "found work", "climbed": "since referral", "found_work": "since referral", "volunteering": "since referral",
}  # fmt: skip
BANNED = (
    (r"\beveryone referred\b", "the base is not everyone referred, or need not be said"),
    (r"\bno rung reached\b", "people in work stand on a rung"),
    (r"\bbecause of\b|\bthanks to\b|\bled to\b", "an association is no effect"),
    (r"\btoo few to show\b(?= \(or| did)", "hidden has its reason"),
    (r"\b0 (?:percentage )?points\b", "no difference is said in words"),
    (r"(?<![\d.,])1 (?:referrals|groups|quarters|services|goals|people|are)\b", "one is not many"),
    (r"\ball (?:1|2)\b", "both, or the only one"),
    (r"\b(\d+(?:\.\d+)?%) to \1", "an interval of no width"),
    (
        r"\bof the kind\b|\btook the way\b|\bwere of\b|\breached the stage\b|\bby (?:in)?direct route\b|(?-i:from GP)",
        "nobody speaks so",
    ),
    (r"\b(?:referrals|people|contacts|goals|jobs): the\b", "a number that no verb goes with"),
    (r"(?<![\d,/–-])\d{4,}\.\d", "thousands have a comma"),
    (r"(?-i:[{}]|\bNone\b|\bnan\b|  |\(\)|\s[.,;]|\.\.)", "broken"),
)
NUMBERS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
)
SHARE = r"(?:[Uu]nder |[Oo]ver )?\d+(?:\.\d)?%"
COUNTED = re.compile(rf"about ([\d,]+) of about ([\d,]+)[^(;,]*? ?\(({SHARE})(?:, likely ([^)]*))?\)")


@dataclass(frozen=True)
class Reading:
    """One answer with the lists its names come from."""

    answer: Released
    lists: Lists

    @property
    def unit(self) -> str | None:
        return next((d for d in self.answer.by if d in PERIODS), None)


def faults(text: str, answer: Released, lists: Lists, *, is_heading: bool = False) -> list[str]:
    """What is wrong with a sentence, or a heading, about this answer."""
    reading = Reading(answer, lists)
    found = [f"{why}: {m[0]!r}" for pattern, why in BANNED if (m := re.search(pattern, text, re.I))]
    found += _whole(text, is_heading)
    found += _names(text, reading)
    found += _numbers(text, reading)
    found += _precision(text, reading)
    found += _hidden(text, reading)
    found += _direction(text, reading)
    found += _change(text, reading)
    found += _gaps(text, reading)
    if not is_heading:
        found += _base(text, reading) + _period(text, reading)
    return found


def _whole(text: str, is_heading: bool) -> list[str]:
    if is_heading:
        n = len(text.split())
        return ([f"{n} words in a heading"] if n > 14 else []) + (
            ["a heading has no full stop"] if text.endswith(".") else []
        )
    good = text.endswith(".") and (text[:1].isupper() or text[:1].isdigit())
    return [] if good else ["a sentence starts large and ends with a full stop"]


def _names(text: str, reading: Reading) -> list[str]:
    """Names of services and commissioners keep their capitals."""
    names = [s.name for s in reading.lists.services.values()] + list(reading.lists.commissioners.values())
    return [
        f"{m[0]!r} is called {name!r}"
        for name in dict.fromkeys(names)
        for m in re.finditer(rf"\b{re.escape(name)}\b", text, re.I)
        if m[0] != name
    ]


# --- base and period -------------------------------------------------------------------------------------------------


def _base(text: str, reading: Reading) -> list[str]:
    selection, found = reading.answer.selection, []
    is_about_rows = bool(re.match(r"(?:[^.;]*: )?(?:[Oo]f (?:those|the )|[Ii]n \w+|[Aa]bout |Across )", text))
    for base, words in BASES.items():
        n = text.count(words)
        wanted = 1 if base == selection.base and is_about_rows else 0
        if reading.answer.metric.startswith("work_after") and base == "out_of_work":
            n = text.count(words.removeprefix("people "))
        if n != wanted and not (n == 1 and "work" in reading.answer.metric):
            found.append(f"{words!r} stands {n} times, not {wanted}")
    if is_about_rows:
        for dimension, code in selection.cohort.items():
            if reading.lists.name(dimension, code).lower() not in text.lower():
                found.append(f"the cohort {dimension}={code} is not said")
        wanted = CONDITIONS.get(reading.answer.metric, "")
        if wanted not in text:
            found.append(f"{wanted!r} is asked of those counted and is not said")
    return found


def caption_faults(caption: str, base: str) -> list[str]:
    """Whether a caption names the base of its card."""
    said = [name for name in BASES if BASES[name].removeprefix("people ") in caption]
    return [] if said == ([base] if base in BASES else []) else [f"{caption!r} stands over the base {base}"]


def _period(text: str, reading: Reading) -> list[str]:
    m = re.match(r"(?:Of [^(,;]*? in|In|About [^(,;]*? in) (?=\w+ (?:\d{4}|to|year|last))", text)
    if not m:
        return [] if not text.startswith(("Of ", "In ")) else ["no period is said"]
    is_event = reading.answer.metric in EVENTS
    if text.startswith("Of ") and is_event and _declares_event(reading):
        return ["an event is not counted by referral"]
    if text.startswith("In ") and not is_event:
        return ["a cohort is counted by referral"]
    rest = text[m.end() :]
    if reading.unit is None:
        wanted = calendar.in_words(reading.answer.selection.period, reading.lists.calendar)
        return [] if rest.startswith(wanted) else [f"the period is {wanted}"]
    rows = [row for row in reading.answer.rows if rest.startswith(_when(row, reading.unit))]
    if not rows:
        return ["the period is none of the answer's"]
    last = max(len(_when(row, reading.unit)) for row in rows)
    mine = [row for row in rows if len(_when(row, reading.unit)) == last]
    mine = _told(text, mine)
    is_partly = bool(mine) and all(row.complete is False for row in mine if row.is_shown)
    if is_partly and any(row.is_shown for row in mine) and "not complete" not in text:
        return ["a period that is not complete is said as if it were"]
    return []


def _when(row: Row, unit: str) -> str:
    """A period by its name, and of one that is covered in part the months that are."""
    code = row.labels[unit]
    is_whole = row.covers in (None, calendar.months_in(code))
    return calendar.in_words(code) if is_whole else calendar.span_words(row.covers)


def _told(text: str, rows: list[Row]) -> list[Row]:
    """The rows of a period whose numbers are the ones said."""
    pairs = {(_int(n), _int(of)) for n, of, *_ in COUNTED.findall(text)}
    counts = {_int(n) for n in re.findall(r"about ([\d,]+) \w+ ", text)}
    return [r for r in rows if r.is_shown and ((r.numerator, r.denominator) in pairs or r.count in counts)]


def _declares_event(reading: Reading) -> bool:
    from journeys.vocabulary import metrics

    return bool(getattr(metrics.get(reading.answer.metric), "event_time", reading.answer.metric in EVENTS[:2]))


# --- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(text: str, reading: Reading) -> list[str]:
    """Every count is one of the answer's; counts with a share in brackets are those of one row, and so is the share."""
    answer, found = reading.answer, []
    for n, of, share, interval in COUNTED.findall(text):
        rows = [r for r in answer.rows if (r.numerator, r.denominator) == (_int(n), _int(of)) and r.rate is not None]
        if not rows:
            found.append(f"no row has {n} of {of}")
        elif not any(_is_share(share, r.rate) and _is_interval(interval, r) for r in rows):
            found.append(f"{share} ({interval}) is not what {n} of {of} gives")
    known = _counts(answer)
    counts = [n for n in re.findall(r"about ([\d,]+)", text) if _int(n) not in known]
    found += [f"{n} is no number of the answer" for n in counts if _int(n) not in _levels(reading)]
    rates = [v for r in answer.rows if r.is_shown for v in (r.rate, r.low, r.high, r.incidence) if v is not None]
    rates += _bounds(answer)
    shares = [s for s in re.findall(SHARE, text) if not any(_is_share(s, v) for v in rates)]
    return found + [
        f"{s} is no share of the answer" for s in shares if not any(_is_share(s, v) for v in _shares(reading))
    ]


def _int(text: str) -> int:
    return int(text.replace(",", ""))


def _counts(answer: Released) -> set[int]:
    names = (
        "count",
        "numerator",
        "denominator",
        "at_risk",
        "events",
        "pairs",
        "improved",
        "same",
        "worse",
        "journeys",
        "first",
    )
    found = {getattr(row, n) for row in answer.rows if row.is_shown or row.why for n in names}
    return {n for n in (*found, *answer.left_out.values()) if n is not None}


def _is_share(text: str, value: float) -> bool:
    """Whether a printed share is this one, at its own precision; `under` and `over` are bounds."""
    number = float(re.sub(r"[^\d.]", "", text))
    digits = 1 if "." in text else 0
    step = 10**-digits + 1e-6  # a bound is the nearest that can be printed
    if text.lower().startswith("under"):
        return -1e-9 <= number - 100 * value <= step
    if text.lower().startswith("over"):
        return -1e-9 <= 100 * value - number <= step
    return abs(100 * value - number) <= 0.5 * 10**-digits + 1e-6


def _is_interval(text: str, row: Row) -> bool:
    if not text:
        return True
    ends = re.findall(r"\d+(?:\.\d)?%", text)
    if "up to" in text:
        return _is_share(ends[0], row.high)
    if "or more" in text:
        return _is_share(ends[0], row.low)
    return len(ends) == 2 and _is_share(ends[0], row.low) and _is_share(ends[1], row.high)


def _bounds(answer: Released) -> list[float]:
    return [v for r in answer.rows for n in ("at_most", "at_least") if (v := getattr(r, n, None)) is not None]


def _series(reading: Reading) -> list[list[Row]]:
    """The complete shown points of every series of the answer, in time."""
    if reading.unit is None:
        return []
    others = [n for n in (*reading.answer.by, *reading.answer.own) if n != reading.unit]
    series: dict[tuple, list[Row]] = {}
    for row in reading.answer.rows:
        series.setdefault(tuple(row.labels[n] for n in others), []).append(row)
    return [[r for r in one if r.is_shown and r.complete is not False] for one in series.values()]


def _splits(reading: Reading) -> list[tuple[list[Row], list[Row]]]:
    return [(one[:i], one[i:]) for one in _series(reading) for i in range(1, len(one))]


def _levels(reading: Reading) -> set[int]:
    parts = [p for pair in _splits(reading) for p in pair if all(r.count is not None for r in p)]
    return {5 * round(sum(r.count for r in p) / len(p) / 5) for p in parts}


def _shares(reading: Reading) -> list[float]:
    parts = [p for pair in _splits(reading) for p in pair if all(r.denominator for r in p)]
    return [sum(r.numerator for r in p) / sum(r.denominator for r in p) for p in parts]


def _precision(text: str, reading: Reading) -> list[str]:
    """One precision in heading, sentence and figure: that of all rows of the answer."""
    plain = [s for s in re.findall(SHARE, text) if not s.lower().startswith(("under", "over"))]
    decimals = {"." in s for s in plain}
    if len(decimals) > 1:
        return [f"two precisions in one sentence: {plain}"]
    drawn = [
        (r.rate, r.denominator) if r.rate is not None else (r.incidence, r.at_risk)
        for r in reading.answer.rows
        if r.is_shown
    ]
    known = [(share, size) for share, size in drawn if share is not None and size is not None]
    if not known or not plain:
        return []
    large = all(size >= 1000 for _, size in known)
    small = any(size >= 200 and not 0.02 <= share <= 0.98 for share, size in known)
    return (
        [] if decimals == {large or small} else [f"{plain} should {'' if large or small else 'not '}have one decimal"]
    )


# --- what is hidden --------------------------------------------------------------------------------------------------

REASONS = {
    "few": r"fewer than \d+ in", "most": r"all but a few in", "hidden": r"too few people, or too few left out, in",
    "not_recorded": r"not recorded in", "too_early": r"too early to say in",
}  # fmt: skip
COUNT_OF = r"(both|the only one|all \d+|\d+ of \d+)"


def _hidden(text: str, reading: Reading) -> list[str]:
    claims = {kind: m[1] for kind, words in REASONS.items() if (m := re.search(f"{words} {COUNT_OF}", text))}
    old = re.search(r"(\d+) of (\d+) (?:are |is )?too few", text)
    if old:
        claims["hidden"] = f"{old[1]} of {old[2]}"
    if not claims:
        return []
    if any(_agrees(claims, rows) for rows in _sets(reading)):
        return []
    return [f"what is hidden is counted otherwise: {claims}"]


def _sets(reading: Reading) -> list[list[Row]]:
    """The rows a sentence may be about: all of them, or those of one own label, at one horizon."""
    rows, own = list(reading.answer.rows), reading.answer.own
    found = [rows]
    values = [dict.fromkeys(r.labels[n] for r in rows) for n in own]
    for k in range(1, 2 ** len(own)):
        names = [n for i, n in enumerate(own) if k >> i & 1]
        for codes in product(*(v for i, v in enumerate(values) if k >> i & 1)):
            found.append([r for r in rows if all(r.labels[n] == c for n, c in zip(names, codes, strict=True))])
    if "start_rung" in own:
        starts = dict.fromkeys(r.labels["start_rung"] for r in rows)
        found += [[r for r in rows if r.labels["start_rung"] == s != r.labels["rung"]] for s in starts]
        found += [
            [r for r in rows if r.labels["start_rung"] == s and r.labels["rung"] == t] for s in starts for t in dict.fromkeys(r.labels["rung"] for r in rows) if s != t
        ]  # fmt: skip
    return found


def _agrees(claims: dict[str, str], rows: list[Row]) -> bool:
    rows = [r for r in rows if r.state != "not_applicable"]
    kinds = Counter((r.why or r.state) if r.state == "hidden" else r.state for r in rows)
    return all(_number_of(claim, len(rows)) == kinds[kind] for kind, claim in claims.items())


def _number_of(claim: str, total: int) -> int | None:
    if claim == "both":
        return 2 if total == 2 else None
    if claim == "the only one":
        return 1 if total == 1 else None
    digits = [int(n) for n in re.findall(r"\d+", claim)]
    if digits[-1] != total:
        return None
    return digits[0]


# --- direction -------------------------------------------------------------------------------------------------------


def _direction(text: str, reading: Reading) -> list[str]:
    return _beyond_chance(text, reading) + _over_time(text, reading)


def _beyond_chance(text: str, reading: Reading) -> list[str]:
    if "expected by chance" not in text:
        return []
    sides = ("higher", "lower")
    said = {
        side: int(m[1]) if (m := re.search(rf"(\d+)(?: \w+)?(?: (?:is|are))? {side}", text)) else 0 for side in sides
    }
    differ = re.search(r"[Tt]he two(?: \w+)? differ more than expected", text) is not None
    for rows in _sets(reading):
        placed = [r.funnel["position"] for r in rows if r.funnel]
        if len(placed) == 2:  # of whom one is always the higher: only whether they differ may be said
            if not any(said.values()) and differ and any(one.endswith("998") for one in placed):
                return []
            continue
        true = {"higher": placed.count("above998"), "lower": placed.count("below998")}
        if placed and true == said and not differ:
            return []
    return ["how many lie beyond chance is counted otherwise"]


def _over_time(text: str, reading: Reading) -> list[str]:
    fall = re.search(
        r"\b(?:(higher|lower) than usual|(rising|falling) for (\w+)|(higher|lower) since|fell|fallen|risen)\b", text
    )
    usual = "usual variation" in text or text.endswith(": as usual")
    if not (fall or usual) or reading.unit is None:
        return [] if not fall or reading.unit else ["a direction without time"]
    for points in _series(reading):
        if points and points[-1].spc and _fits(fall, usual, points, reading):
            return []
    return ["the series does something else, or nothing that can be said"]


def _fits(fall: re.Match | None, usual: bool, points: list[Row], reading: Reading) -> bool:
    last = points[-1]
    value = last.rate if last.denominator is not None else last.count
    if usual:
        return last.spc["signal"] == "none"
    assert fall is not None
    word = fall[1] or fall[4]
    if word:
        signals = ("outside", "two_of_three") if fall[1] else ("shift",)
        return last.spc["signal"] in signals and (word == "higher") == (value > last.spc["mean"])
    if fall[2]:
        n = NUMBERS.get(fall[3]) or int(fall[3])
        values = [r.rate if r.denominator is not None else r.count for r in points[-n:]]
        pairs = list(pairwise(values))
        return n >= 7 and all(b > a if fall[2] == "rising" else b < a for a, b in pairs)
    return False


def _change(text: str, reading: Reading) -> list[str]:
    m = re.search(r"from (\d+\.\d) to (\d+\.\d)(?:, lower is better)?, a change of ([+−\-]?\d+\.\d)", text)
    if not m:
        return []
    first, latest, change = float(m[1]), float(m[2]), float(m[3].replace("−", "-"))
    found = [] if math.isclose(latest - first, change, abs_tol=1e-9) else [f"{m[2]} less {m[1]} is not {m[3]}"]
    means = [(round(r.mean_first, 1), round(r.mean_latest, 1)) for r in reading.answer.rows if r.mean_first is not None]
    return found + ([] if (first, latest) in means else ["no row has these means"])


def _most_filled(row):
    return row.rate if row.rate is not None else row.at_most or 0.0


def _gaps(text: str, reading: Reading) -> list[str]:
    """On data quality the fields filled in least are named, those that hardly anybody has filled in among them; the closing date, which who is still seen lacks by right, is not."""
    if reading.answer.own != ("field",) or reading.answer.by:
        return []
    rows = [r for r in reading.answer.rows if r.rate is not None or r.why == "few"]
    listed = re.split(r"record of |filled in: |filled in least often: ", text.lower())[-1]
    names = {r.labels["field"]: reading.lists.name("field", r.labels["field"]).lower() for r in rows}
    named = [r for r in rows if re.search(rf"(?:\A|, |and ){re.escape(names[r.labels['field']])}(?: \(|,|\Z)", listed)]
    others = [r for r in rows if r not in named and r.labels["field"] != "closed_on"]
    if not named or not others:
        return []
    if any(r.labels["field"] == "closed_on" for r in named):
        return ["the closing date is named as a gap"]
    return (
        []
        if max(map(_most_filled, named)) <= min(map(_most_filled, others))
        else ["better filled fields are named than others"]
    )


# --- two selections, and cautions ------------------------------------------------------------------------------------


def difference_faults(text: str) -> list[str]:
    """Of two shares and their difference: one precision, and the difference of what is printed."""
    m = re.search(
        r"(\d+(?:\.\d)?)%[^;]*? and (\d+(?:\.\d)?)%.*?[,;] (?:the first is )?(\d+(?:\.\d)?) (?:percentage )?points(?: (higher|lower))?",
        text,
    )
    if not m:
        return []
    found = ["two precisions"] if len({"." in part for part in m.groups()[:3]}) > 1 else []
    difference = float(m[1]) - float(m[2])
    if not math.isclose(abs(difference), float(m[3]), abs_tol=1e-9):
        found.append(f"{m[1]} less {m[2]} is not {m[3]}")
    if m[4] and (m[4] == "higher") != (difference > 0):
        found.append("the other one is higher")
    return found + (["no difference is no number"] if float(m[3]) == 0 else [])


def caution_faults(line: str, period: str, lists: Lists) -> list[str]:
    """A caution about a dated change is about a month of the selection."""
    m = re.search(r"changed in (\w+ \d{4})", line)
    inside = {calendar.in_words(month) for month in lists.calendar.months(period)}
    return [] if not m or m[1] in inside else [f"{m[1]} is not in the selection"]
