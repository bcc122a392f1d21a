"""Services beside all of them and beside clients like their own, several measures at once: what the table of small figures says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeys.answer.released import NOT_APPLICABLE, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.vocabulary.lists import people_words, short_people
from journeys.vocabulary.metrics import Metric
from journeys.words import likeness
from journeys.words.phrases import (
    MARKS,
    Names,
    listed,
    lower_first,
    mark,
    of_all,
    short_period,
    upper_first,
    value_words,
)
from journeys.words.shares import bound, bound_span, digits_of, interval, per_cent, short_bound
from journeys.words.tables import Table

GOOD = {"higher": "higher is better", "lower": "lower is better", "none": "no judgement"}
BEYOND = ("above998", "below998")
TWO = 2
MOST_NAMED = 8  # services in one line
NONE_COMPARED = "No services can be compared on these measures"
WHY_NONE = (
    "the service does not record it",
    "it is not compared for what it records",
    "it is too early to say",
    "it does not apply here",
    "too few people like them are measured, here or elsewhere",
)


@dataclass(frozen=True)
class Measure:
    """One measure of all services: each of them, what all have together, and both over time by `unit`.

    `bases` are its rows on other bases by their code, by service (None for all), where it is about some people only.
    """

    metric: Metric
    services: Released
    whole: Row
    unit: str
    over_time: Released
    wholes: Released
    bases: Mapping[str, Mapping[str | None, Row]]

    @property
    def digits(self) -> int:
        """The decimals of every share of this measure."""
        return digits_of([*self.services.rows, self.whole])

    @property
    def top(self) -> float:
        """How far right its strips reach: the highest end of an interval, an expected share or a bound."""
        return max([_end(row) for row in (*self.services.rows, self.whole)], default=0) or 1

    @property
    def spark_top(self) -> float:
        """How high its small series reach."""
        rows = [*self.over_time.rows, *self.wholes.rows]
        spans = [span[1] for row in rows if row.why == "few" and (span := bound_span(row))]
        return max([row.rate for row in rows if row.rate is not None] + spans, default=0) or 1

    def row(self, service: str | None) -> Row:
        """The row of a service; of all together for None."""
        return self.whole if service is None else self.services.row(service=service)

    def series(self, service: str | None) -> list[Row]:
        """Its rows over time."""
        if service is None:
            return list(self.wholes.rows)
        return [row for row in self.over_time.rows if row.labels["service"] == service]

    def is_apart(self, row: Row) -> bool:
        """Whether a service is not compared with the others, for what it records."""
        return any(row.labels == labels for labels, _ in likeness.entries(self.services))


def _end(row: Row) -> float:
    if row.rate is None:
        span = bound_span(row)
        return span[1] if span and row.why == "few" else 0
    return max(row.high, expected(row) or 0)


def expected(row: Row) -> float | None:
    """The share expected of clients like its own, 0 to 1."""
    return row.expected / row.denominator if row.expected is not None and row.denominator else None


def figure_words(row: Row, digits: int) -> str:
    """The figure of a cell: `12%`; `5 of about 15 [low]`; a mark with its bound or its words."""
    found = mark(row, "proportion")
    if row.why:
        return f"[c] {bound(row) or ('too few' if row.why == 'few' else 'all but a few')}"
    return (
        value_words(row, "proportion", digits)
        if not found or found == "[low]"
        else f"{found} {MARKS[found].split(':')[0]}"
    )


def expected_words(row: Row, digits: int) -> str:
    """What is expected of clients like its own; empty where case mix says nothing."""
    share = expected(row)
    return "" if share is None else per_cent(share, digits)


def heard(row: Row, measure: Measure) -> str:
    """A cell for whoever hears the page: the interval, all together, what is expected."""
    digits = measure.digits
    parts = [f"likely {interval(row.low, row.high, digits)}"] if row.rate is not None else []
    if row is not measure.whole:
        parts += [f"all services {figure_words(measure.whole, digits)}"]
    parts += [f"expected of clients like its own {words}"] if (words := expected_words(row, digits)) else []
    return ", ".join(parts)


def series_words(rows: Sequence[Row], unit: str) -> str:
    """A small series in words: its first and its latest complete point, and what is not there."""
    shown = [row for row in rows if row.rate is not None and row.complete is not False]
    marks = [mark(row, "proportion") for row in rows]
    gaps = [f"{marks.count(one)} {one}" for one in dict.fromkeys(marks) if one]
    name = f"By {unit.replace('_', ' ')}"
    if not shown:
        return f"{name}: no complete figure{_and(gaps)}"
    digits = digits_of(shown)
    said = [f"{short_period(row.labels[unit])} {per_cent(row.rate, digits)}" for row in (shown[0], shown[-1])]
    return f"{name}: {' to '.join(dict.fromkeys(said))}{_and(gaps)}"


def _and(gaps: Sequence[str]) -> str:
    return f"; {', '.join(gaps)}" if gaps else ""


def head_words(measure: Measure, names: Names) -> str:
    """Whom a column is about and what is good: `people out of work at referral; no judgement`."""
    return f"{people_words(measure.services.selection, names)}; {GOOD[measure.metric.direction]}"


def beside_bases(measure: Measure, service: str | None) -> str:
    """Work beside other bases: `working age 4%; everyone 2%`; of some people `in work or not 2%`; empty where the measure is about everyone anyway."""
    asked = measure.services.selection
    said = [
        f"{short_people(asked.but(base=base))} {_short(rows[service], measure.digits)}"
        for base, rows in measure.bases.items()
        if service in rows
    ]
    return "; ".join(said)


def _short(row: Row, digits: int) -> str:
    """A figure in a word: `4%`, `[c] <3%`, `[low]`."""
    found = mark(row, "proportion")
    return f"{found} {short_bound(row)}".strip() if found else figure_words(row, digits)


def heading(measures: Sequence[Measure]) -> str:
    """The finding: on how many measures some service lies beyond chance; at most 14 words."""
    placed = [[row.funnel["position"] for row in one.services.rows if row.funnel] for one in measures]
    n = sum(any(position in BEYOND for position in one) for one in placed)
    if not any(placed):
        return NONE_COMPARED
    if not n:
        return "No service lies beyond chance on these measures"
    are_two = all(len(one) <= TWO for one in placed)  # of whom one always lies above both together and the other below
    said = "the two services compared differ beyond chance" if are_two else "one service or another lies beyond chance"
    if len(measures) == 1:
        return f"{upper_first(said)} on this measure"
    which = f"each of the {n}" if n == len(measures) else f"{n} of {len(measures)}"
    return f"On {which} measures {said}"


def finding(measures: Sequence[Measure]) -> str:
    """Where services lie beyond chance, measure by measure, without their names; empty where none can be compared."""
    said = [f"{lower_first(one.metric.title)}: {words}" for one in measures if (words := _beyond(one))]
    if said:
        return f"Beyond chance: {'; '.join(said)}."
    within = "Each lies where chance alone could put it, or is not compared."
    return "" if heading(measures) == NONE_COMPARED else within


def _beyond(measure: Measure) -> str:
    placed = [row.funnel["position"] for row in measure.services.rows if row.funnel]
    counts = ((placed.count(position), word) for position, word in zip(BEYOND, ("higher", "lower"), strict=True))
    parts = [f"{n} {word}" for n, word in counts if n]
    if parts and len(placed) == TWO:
        return "the two compared differ"
    return f"{' and '.join(parts)} of {len(placed)} compared" if parts else ""


def one_service(measures: Sequence[Measure], service: str) -> str:
    """The chosen service in a sentence: each measure beside all services and beside clients like its own."""
    said = [_one(measure, measure.row(service)) for measure in measures if measure.row(service).rate is not None]
    return "; ".join(said)


def _one(measure: Measure, row: Row) -> str:
    digits = measure.digits
    words = f"{lower_first(measure.metric.title)} {figure_words(row, digits)} (all services {figure_words(measure.whole, digits)}"
    words += f", expected of clients like its own {said}" if (said := expected_words(row, digits)) else ""
    return f"{words})"


def standing(measures: Sequence[Measure], service: str) -> str:
    """How often a service lies, for certain, below or above what is expected of clients like its own; at most 14 words."""
    rows = [row for one in measures if (row := one.row(service)).ratio is not None]
    below = sum(round(row.ratio_high, 2) < 1 for row in rows)
    above = sum(round(row.ratio_low, 2) > 1 for row in rows)
    if not rows:
        return _nothing_expected([one.row(service) for one in measures])
    counts = [(n, word) for n, word in ((below, "below"), (above, "above")) if n]
    compared = " compared" if 1 < len(rows) < len(measures) else ""
    if not counts:
        return f"As expected for clients like its own on {_on(len(rows), len(rows))}{compared}"
    (n, word), *more = counts
    said = f"{n}, {more[0][1]} on {more[0][0]} of {len(rows)}" if more else f"{_on(n, len(rows))}{compared}"
    return f"{upper_first(word)} expected for clients like its own on {said}"


def _nothing_expected(rows: Sequence[Row]) -> str:
    """Why a service stands beside nothing: it does not record what is counted, or too little is known."""
    n = sum(row.state == NOT_RECORDED for row in rows)
    if n == len(rows):
        return "Nothing to compare, for it does not record what these measures count"
    if n:
        return f"It does not record what {n} of {len(rows)} measures count; the rest cannot be compared"
    return "Too little is known to say what to expect of clients like its own"


def why_nothing_expected(measures: Sequence[Measure], service: str) -> str:
    """Why a service has no expected figure on some measures, by what is so of those; empty where it has one on all."""
    found = [one for one in measures if one.row(service).ratio is None]
    why = {_why(one.row(service), one.is_apart(one.row(service))) for one in found}
    return f"Where there is none, {listed((words for words in WHY_NONE if words in why), 'or')}." if why else ""


def _why(row: Row, is_apart: bool) -> str:
    recorded, compared, early, applies, few = WHY_NONE
    states = {NOT_RECORDED: recorded, TOO_EARLY: early, NOT_APPLICABLE: applies}
    return states.get(row.state, compared if is_apart else few)


def _on(n: int, total: int) -> str:
    return "the one measure compared" if total == 1 else f"{of_all(n, total)} measures"


def apart_words(measures: Sequence[Measure], names: Names) -> str:
    """Who is drawn apart, and on which measures: by name, where many by how many, since each is marked. The reason in full stands with each measure's own figure."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in measures:
        who = tuple(names("service", labels["service"]) for labels, _ in likeness.entries(one.services))
        if who and any(row.is_shown for row in one.services.rows):  # where nobody is shown, nobody is compared
            found.setdefault(who, []).append(lower_first(one.metric.title))
    said = "; ".join(f"{_who(who)} on {listed(f'“{what}”' for what in whats)}" for who, whats in found.items())
    return f"◇ Not compared with the others, for what they record: {said}." if said else ""


def _who(who: Sequence[str]) -> str:
    return listed(who) if len(who) <= MOST_NAMED else f"{len(who)} services"


def not_compared(measures: Sequence[Measure], service: str) -> str:
    """On which measures one service is not compared, for what it records; empty where on none."""
    said = [f"“{lower_first(one.metric.title)}”" for one in measures if one.is_apart(one.row(service))]
    return f"◇ Not compared with the others on {listed(said)}, for what it records." if said else ""


def table(measures: Sequence[Measure], names: Names) -> Table:
    """The same as text: a row a service, all together first; figure, interval and expected share of each measure."""
    header = ["Service"]
    for one in measures:
        header += [one.metric.title, "95% interval", "Expected of clients like its own"]
    services = [None, *(row.labels["service"] for row in measures[0].services.rows)]
    rows = []
    for service in services:
        cells = ["All services" if service is None else names("service", service)]
        for one in measures:
            row = one.row(service)
            words = expected_words(row, one.digits) or "–"
            cells += [figure_words(row, one.digits), interval(row.low, row.high, one.digits), words]
        rows.append(tuple(cells))
    return Table(tuple(header), tuple(rows), 1, ())
