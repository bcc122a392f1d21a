"""The one way out of the store: runs a metric's SQL and, in the same function, applies disclosure control.

What comes back holds labels from closed lists and protected counts. Exact figures do not leave this module.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from journeys.answer.question import Question
from journeys.answer.released import HIDDEN, NOT_RECORDED, SHOWN, TOO_EARLY, Row
from journeys.answer.rule import Axis, Part, Rule, is_guarded
from journeys.statistics import incidence, proportions, standardisation
from journeys.statistics.paired_change import summary
from journeys.vocabulary import dictionary
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import DAYS

SOURCES = ("journey", "goal", "outcome", "contact", "reading")
COUNTS = {
    "count": ("count",),
    "proportion": ("numerator", "denominator"),
    "waiting": ("events", "competing", "censored"),
    "change": (
        "journeys", "first", "pairs", "improved", "same", "worse", "sum_first", "sum_latest", "sum_change", "sum_squares",
    ),
}  # fmt: skip
FEWEST_PAIRS = 10
FEWEST_AT_RISK = 10
COLUMNS = {"service": "service_id", "commissioner": "commissioner_code"}
WAITING_CLIENTS = """
select by_1, by_2, m.months,
    count(distinct part) as n,
    count(distinct part) filter (where day > m.begins) as at_risk,
    count(distinct part) filter (where events > 0 and day <= m.days) as events,
    count(distinct part) filter (where competing > 0 and day <= m.days) as competing,
    count(distinct part) filter (where censored > 0 and day <= m.days) as censored,
    count(distinct part) filter (where competing > 0 or censored > 0 or day > m.days) as rest
from fact
cross join (
    values ('3', -1, 91), ('6', 91, 183), ('9', 183, 274), ('12', 274, 365), ('18', 365, 548), ('24', 548, 730)
) as m (months, begins, days)
group by by_1, by_2, m.months"""
# a breakdown by what the strata are made of would compare each cell with itself and give back its exact numerator
STRATA = ("age_band", "employment_status", "imd_quintile", "start_rung")
CASE_MIX = "age_band || '|' || employment_status || '|' || imd_quintile"
_WAY = re.compile(r"none|[1-5](>[1-5])*")

Run = Callable[[str, Mapping], list[dict]]


@dataclass(frozen=True)
class Source:
    """Where answers come from: `run` executes SQL, `most_rows` says how many rows of a table one client can have."""

    run: Run = field(repr=False)
    rule: Rule
    most_rows: Mapping[str, int]
    as_of: str = ""
    version: str = ""
    is_synthetic: bool = False


def rows(source: Source, question: Question) -> tuple[Row, ...]:
    """The protected rows of a question, one for every label of its closed lists."""
    found = _Found(source, question)
    return tuple(found.row(cell, own) for cell in question.cells for own in found.own_labels(cell))


def left_out(source: Source, question: Question) -> dict[str, int | None]:
    """How many journeys are in neither numerator nor denominator, by reason; None where that may not be shown."""
    reasons = question.metric.left_out
    if not reasons:
        return {}
    whole = Question(question.metric, question.selection, (), question.lists)
    totals = _left_out_totals(source, whole, reasons)
    cell, rule = whole.covers(()), source.rule
    most = rule.k * source.most_rows.get("journey", 1)
    is_near = any(rule.k <= n[cell] < most for n in totals.values())
    clients = _left_out_clients(source, whole, reasons) if is_near else dict.fromkeys(reasons)
    return {
        name: None if is_guarded(rule, whole.axes, cell, n) else rule.count(n[cell], clients[name])
        for name, n in totals.items()
    }


def _left_out_totals(source: Source, whole: Question, reasons: Mapping[str, str]) -> dict[str, dict]:
    """Exact journeys left out by reason, in each set that the guard compares."""
    parts, sets = _parts(whole, ((),)), _sets(whole, ((),))
    counts = ", ".join(f"count(*) filter (where {sql}) as {name}" for name, sql in reasons.items())
    totals: dict = {name: defaultdict(int) for name in reasons}
    for row in source.run(*_selecting(whole, f"select part, {counts} from selected group by part", parts)):
        for target in _holding(whole.axes, parts, (), row["part"], sets):
            for name in reasons:
                totals[name][target] += row[name]
    return totals


def _left_out_clients(source: Source, whole: Question, reasons: Mapping[str, str]) -> dict:
    """How many people are behind each, asked only when a count could come from fewer than k."""
    clients = ", ".join(f"count(distinct client) filter (where {sql}) as {name}" for name, sql in reasons.items())
    return source.run(*_selecting(whole, f"select {clients} from selected", (), is_inside=True))[0]


def expected(source: Source, question: Question) -> dict[tuple, tuple[float, float]]:
    """Case mix: observed and expected numerators of each cell, from exact strata of the whole selection.

    Strata are age band x employment status at referral x IMD quintile; those with a pooled denominator under 20 are merged.
    A cell that has its strata nearly to itself is left out: what is expected of it would be its own exact numerator.
    """
    own_strata = [d for d in question.by if d in STRATA]
    if own_strata:
        raise ValueError(f"case mix allows for {own_strata[0]} already: break down by something else, such as service")
    sql, values = _selecting(question, question.metric.sql, (), second=CASE_MIX, is_inside=True)
    strata = [r for r in source.run(sql, values) if r["denominator"]]
    own = question.metric.labels
    if own and any(r[own[-1]] is None for r in strata):
        raise ValueError(
            f"{question.metric.slug} has several labels: case mix is for metrics without labels of their own"
        )
    return _standardised(strata, source.rule)


def _standardised(strata: Sequence[dict], rule: Rule) -> dict[tuple, tuple[float, float]]:
    sizes: dict = defaultdict(int)
    for row in strata:
        sizes[tuple(row["by_2"].split("|"))] += row["denominator"]
    merged = standardisation.merge_strata(sizes)
    pooled: dict = defaultdict(lambda: [0, 0])
    mine: dict = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in strata:
        stratum = merged[tuple(row["by_2"].split("|"))]
        for counts in (pooled[stratum], mine[(row["by_1"],)][stratum]):
            counts[0] += row["numerator"]
            counts[1] += row["denominator"]
    return {cell: _compared(parts, pooled) for cell, parts in mine.items() if not rule.is_small(_others(parts, pooled))}


def _compared(parts: Mapping, pooled: Mapping) -> tuple[float, float]:
    """Observed, and what the pooled rates of its strata would make of a cell."""
    mine = ((n, *pooled[stratum]) for stratum, (_, n) in parts.items())
    return sum(observed for observed, _ in parts.values()), standardisation.expected(mine)


def _others(parts: Mapping, pooled: Mapping) -> float:
    """How many of a cell are measured by others: each counts by the share that others have in its stratum."""
    return sum(n * (1 - n / pooled[stratum][1]) for stratum, (_, n) in parts.items())


def _selecting(
    question: Question, sql: str, parts: Sequence[tuple[str, Part]], *, second: str = "", is_inside: bool = False,
    part: str = "", cells: Iterable[tuple[str, ...]] = (),
) -> tuple[str, dict]:  # fmt: skip
    """The metric's SQL over the question's rows: labels, part and horizon added; only the selection itself when is_inside.

    `cells` keeps to the breakdown labels that occur in some cells.
    """
    values: dict = {}
    by = [COLUMNS.get(d, d) for d in question.by] + ["null::varchar"] * 2
    columns = f"{by[0]} as by_1, {second or by[1]} as by_2, {part or _part_sql(parts, values)} as part, {question.selection.days} as horizon"
    chosen = [_predicate(a.chosen, values) for a in question.axes if a.chosen.sql] if is_inside else []
    chosen += [
        _predicate(Part(frozenset(), f"{by[i]} in (select unnest({{}}::varchar[]))", sorted(set(labels))), values)
        for i, labels in enumerate(zip(*cells, strict=True))
    ]
    where = " and ".join(chosen)
    ctes = ", ".join(
        f"{_selected(s)} as not materialized (select *, {columns} from {s}{' where ' + where if where else ''})"
        for s in SOURCES
        if _reads(sql, _selected(s))
    )
    return f"with {ctes} select * from (\n{sql}\n) as answer", values


def _selected(source: str) -> str:
    return "selected" if source == "journey" else f"selected_{source}"


def _reads(sql: str, name: str) -> bool:
    words = sql.replace("\n", " ").replace(")", " ").split(" ")
    return name in words


def _predicate(part: Part, values: dict) -> str:
    if part.value is None:
        return part.sql
    name = f"v{len(values)}"
    values[name] = part.value
    return part.sql.format(f"${name}")


def _part_sql(parts: Sequence[tuple[str, Part]], values: dict) -> str:
    """The choices that hold a row, one bit each."""
    terms = [f"({_predicate(part, values)})::bigint * {1 << i}" for i, (_, part) in enumerate(parts)]
    return " + ".join(terms) or "0"


def _parts(question: Question, cells: Sequence) -> tuple[tuple[str, Part], ...]:
    return tuple(
        (axis.name, part)
        for axis in question.axes
        for part in axis.bits([question.axis_label(axis, cell) for cell in cells])
    )


def _sets(question: Question, cells: Sequence) -> dict[str, tuple[frozenset[str], ...]]:
    """Every set of each axis that the guard must know the size of."""
    sets = {}
    for axis in question.axes:
        mine = dict.fromkeys(axis.cell(question.axis_label(axis, cell)) for cell in cells)
        sets[axis.name] = tuple(dict.fromkeys(s for m in mine for s in (m, *axis.wider(m))))
    return sets


def _holding(axes: Sequence[Axis], parts, labels, bits: int, sets) -> tuple[tuple[frozenset[str], ...], ...]:
    """Every combination of sets, one an axis, that holds the rows with these labels and bits."""
    held: dict = defaultdict(dict)
    for i, (name, part) in enumerate(parts):
        held[name][part.covers] = bool(bits >> i & 1)
    each = [a.holders(labels[i] if labels else (), held[a.name], sets[a.name]) for i, a in enumerate(axes)]
    return tuple(product(*each))


class _Found:
    """The exact counts behind one question. Nothing outside this module sees an instance."""

    def __init__(self, source: Source, question: Question) -> None:
        self.rule, self.question, self.metric = source.rule, question, question.metric
        self.names = COUNTS[self.metric.shape]
        self.source = source
        self.exact: dict = {}
        self.n: dict = defaultdict(lambda: defaultdict(int))
        self.clients: dict = {}
        self.days: dict = defaultdict(list)
        self.curves: dict = {}
        self.cells = frozenset(question.cells)
        self._read()

    def _read(self) -> None:
        if self.metric.unit == "people":
            self._read_people()
        else:
            self._read_parts()
        if self.metric.shape == "waiting":
            self._read_days()
        if self.metric.unit != "people":
            self._read_clients()

    def _answered(self, sql: str, values: Mapping) -> list[dict]:
        """The rows of a metric; a column that it does not declare is refused, so that no identifier can pose as a label."""
        found = self.source.run(sql, values)
        declared = {"by_1", "by_2", "part", "day", "n", *self.metric.labels, *self.names}
        unknown = [name for name in (found[0] if found else ()) if name not in declared]
        if unknown:
            raise ValueError(
                f"metric {self.metric.slug} returns {unknown[0]!r}, which is neither a label nor a count of it"
            )
        return found

    def _key_sql(self) -> str:
        """The metric's SQL, summed over days for waiting times: the guard needs only how many there are."""
        if self.metric.shape != "waiting":
            return self.metric.sql
        return (
            "select by_1, by_2, part, sum(events + competing + censored) as n from (\n"
            + self.metric.sql
            + "\n) as waiting group by by_1, by_2, part"
        )

    def _read_parts(self) -> None:
        question = self.question
        parts = _parts(question, question.cells)
        sets = _sets(question, question.cells)
        found = self._answered(*_selecting(question, self._key_sql(), parts))
        holding: dict = {}
        for row in found:
            key = (row["by_1"], row["by_2"], row["part"])
            if key not in holding:
                holding[key] = self._targets(key, parts, sets)
            self._add(row, *holding[key])

    def _targets(self, key: tuple, parts, sets) -> tuple[tuple, tuple | None]:
        """The sets that hold a group of rows, and the cell of the answer it belongs to, if any."""
        axes = self.question.axes
        cell = key[: len(self.question.by)]
        labels = [self.question.axis_label(axis, cell) for axis in axes]
        targets = _holding(axes, parts, labels, key[2] or 0, sets)
        is_cell = cell in self.cells and self.question.covers(cell) in targets
        return targets, cell if is_cell else None

    def _add(self, row: dict, targets: tuple, cell: tuple | None) -> None:
        own = self._own(row)
        n = self._n(row)
        if n is not None:
            for target in targets:
                self.n[own][target] += n
        if cell is not None and self.metric.shape != "waiting":
            mine = self.exact.setdefault((cell, own), dict.fromkeys(self.names, 0))
            for name in self.names:
                mine[name] += row[name] or 0

    def _own(self, row: dict) -> tuple:
        if self.metric.shape == "waiting":
            return ()
        return tuple(row[name] for name in self.metric.labels)

    def _n(self, row: dict) -> float | None:
        """What the guard compares: the metric's own denominator; for a count the count, for change the pairs."""
        name = {"count": "count", "proportion": "denominator", "waiting": "n", "change": "pairs"}[self.metric.shape]
        return row[name]

    def _read_people(self) -> None:
        """Different people do not add up over parts: each set of the guard is counted on its own, in one query."""
        question = self.question
        parts, sets = _parts(question, question.cells), _sets(question, question.cells)
        targets: dict = {}
        places = []
        for row in self.source.run(*_selecting(question, _groups(self.metric.source), parts)):
            key = (row["by_1"], row["by_2"], row["part"])
            places += [(*key, targets.setdefault(t, len(targets))) for t in self._targets(key, parts, sets)[0]]
        known = list(targets)
        for row in self._answered(*_expanding(question, self.metric, parts, places)):
            self.n[self._own(row)][known[int(row["by_1"])]] = row["count"]
        for cell, own in product(question.cells, list(self.n)):
            self.exact[cell, own] = {"count": self.n[own].get(question.covers(cell), 0)}

    def _read_days(self) -> None:
        """Events by day inside the selection, for the exact curve."""
        for row in self._answered(*_selecting(self.question, self.metric.sql, (), is_inside=True)):
            cell = (row["by_1"], row["by_2"])[: len(self.question.by)]
            self.days[cell].append((row["day"], row["events"], row["competing"], row["censored"]))

    def _read_clients(self) -> None:
        """How many people stand behind the counts that could come from fewer than k: one client can have several rows."""
        most = self.rule.k * self.source.most_rows.get(self.metric.source, 1)
        near = {cell for cell, n in self._amounts() if self.rule.k <= n < most}
        if not near:
            return
        sql = _per_client(self.metric, self.has_shared)
        selecting = _selecting(self.question, sql, (), part="client", is_inside=True, cells=near)
        for row in self.source.run(*selecting):
            cell = (row["by_1"], row["by_2"])[: len(self.question.by)]
            self.clients[cell, tuple(row[name] for name in self.metric.labels)] = row

    def _amounts(self) -> Iterable[tuple[tuple, float]]:
        """Every count that may be shown, and what is left of every denominator, with its cell."""
        for cell, days in self.days.items():
            total = sum(events + competing + censored for _, events, competing, censored in days)
            yield cell, total
            for step in self._curve(cell).values():
                reached = _people(step, total)
                for n in (step.at_risk, step.events, step.competing, step.censored, reached, total - reached):
                    yield cell, n
        for (cell, own), exact in self.exact.items():
            for n in (*(n for name, n in exact.items() if not name.startswith("sum_")), *self._left(cell, own, exact)):
                yield cell, n

    def _left(self, cell: tuple, own: tuple, exact: Mapping) -> Iterable[float]:
        """What is left of a denominator beside each of its parts."""
        if self.metric.shape == "proportion":
            yield self._denominator(cell, own) - exact["numerator"]
        if self.metric.shape == "change":
            yield from (exact["pairs"] - exact[name] for name in ("improved", "same", "worse"))

    def _denominator(self, cell: tuple, own: tuple) -> int:
        key = self._shared(own) if self.has_shared else own
        return self.exact.get((cell, key), {"denominator": 0})["denominator"]

    def own_labels(self, cell: tuple) -> Iterable[tuple[str, ...]]:
        """Every value of the metric's own labels; of paths only those that can be shown."""
        labels = self.metric.labels
        if labels == ("tool", "item"):
            return _items()
        if labels == ("path",):
            return [own for own in self._paths(cell) if self.row(cell, own).is_shown]
        return product(*(self.question.lists.codes(name) for name in labels))

    def _paths(self, cell: tuple) -> list[tuple]:
        found = [own for (of, own) in self.exact if of == cell]
        return sorted(own for own in found if _WAY.fullmatch(str(own[0])))

    def row(self, cell: tuple, own: tuple[str, ...]) -> Row:
        labels = dict(zip((*self.question.by, *self.metric.labels), (*cell, *own), strict=True))
        state, complete = self._calendar_state(cell, labels)
        months = int(labels["months"]) if self.metric.shape == "waiting" else None
        if state is not None:
            return Row(labels, state, complete=complete, months=months)
        values = getattr(self, f"_{self.metric.shape}")(cell, own)
        return Row(labels, values.pop("state", SHOWN), complete=complete, **values)

    def _calendar_state(self, cell: tuple, labels: Mapping[str, str]) -> tuple[str | None, bool | None]:
        services = self.question.services_of(cell)
        is_recorded = not services or any(s.records >= set(self.metric.needs) for s in services)
        days = self._horizon(labels)
        if days is None or not services:
            return None if is_recorded else NOT_RECORDED, None
        span = self.question.months_of(cell)
        is_early = all(span[0] >= s.early_from[days] if span else days in s.all_early for s in services)
        is_complete = all((span[1] if span else s.last_month) <= s.complete_until[days] for s in services)
        # the start of a job is not on the calendar, so nobody can say that a cell of jobs is complete
        complete = None if self.metric.horizon == "weeks" else is_complete
        state = TOO_EARLY if is_early else None
        return state if is_recorded else NOT_RECORDED, complete

    def _horizon(self, labels: Mapping[str, str]) -> int | None:
        horizon = self.metric.horizon
        if horizon == "none":
            return None
        if horizon == "within":
            return self.question.selection.days
        if horizon == "months":
            return DAYS[int(labels["months"])]
        return int(labels["weeks"]) * 7 if horizon == "weeks" else int(horizon)

    def _is_guarded(self, cell: tuple, own: tuple) -> bool:
        return is_guarded(self.rule, self.question.axes, self.question.covers(cell), self.n.get(own, {}))

    def _count(self, cell: tuple, own: tuple[str, ...]) -> dict:
        n = self.exact.get((cell, own), {"count": 0})["count"]
        clients = n if self.metric.unit == "people" else self._n_clients(cell, own, "count")
        count = None if self._is_guarded(cell, own) else self.rule.count(n, clients)
        return {"state": HIDDEN} if count is None else {"count": count}

    def _n_clients(self, cell: tuple, own: tuple, name: str) -> int | None:
        row = self.clients.get((cell, own))
        return None if row is None else row[name]

    def _shared(self, own: tuple) -> tuple:
        return (*own[:-1], None)

    @cached_property
    def has_shared(self) -> bool:
        """Whether the rows without a last label carry the denominator of all labels."""
        return self.metric.shape == "proportion" and any(own and own[-1] is None for _, own in self.exact)

    def _proportion(self, cell: tuple, own: tuple[str, ...]) -> dict:
        if self._is_guarded(cell, self._shared(own) if self.has_shared else own):
            return {"state": HIDDEN}
        numerator = self.exact.get((cell, own), {"numerator": 0})["numerator"]
        clients = self._shared_clients(cell, own) if self.has_shared else self.clients.get((cell, own), {})
        return self._protected(numerator, self._denominator(cell, own), clients)

    def _shared_clients(self, cell: tuple, own: tuple) -> dict:
        if (cell, self._shared(own)) not in self.clients:
            return {}  # too many for so few people to be behind them
        everyone = self.clients[cell, self._shared(own)]["denominator"]
        mine = self.clients.get((cell, own), {"numerator": 0, "is_all": 0})
        return {"numerator": mine["numerator"], "denominator": everyone, "rest": everyone - mine["is_all"]}

    def _protected(self, numerator: int, denominator: int, clients: Mapping) -> dict:
        rule = self.rule
        shown = rule.count(denominator, clients.get("denominator"))
        if shown is None:
            return {"state": HIDDEN}
        few = rule.is_small(numerator, clients.get("numerator"))
        if few or rule.is_small(denominator - numerator, clients.get("rest")):
            return {"state": HIDDEN, "denominator": shown, "why": "few" if few else "most"}
        released = rule.rounded(numerator)
        interval = proportions.proportion(released, shown, rule.base)
        return {
            "numerator": released,
            "denominator": shown,
            "rate": interval.rate,
            "low": interval.low,
            "high": interval.high,
        }

    def _waiting(self, cell: tuple, own: tuple[str, ...]) -> dict:
        months, rule = int(own[0]), self.rule
        hidden = {"state": HIDDEN, "months": months}
        total = sum(events + competing + censored for _, events, competing, censored in self.days.get(cell, ()))
        clients = self.clients.get((cell, own), {})
        if self._is_guarded(cell, ()) or rule.is_small(total, clients.get("n")):
            return hidden
        step = self._curve(cell)[DAYS[months]]
        if step.at_risk < FEWEST_AT_RISK or step.incidence is None:
            return hidden
        reached = _people(step, total)
        if rule.is_small(reached, clients.get("events")) or rule.is_small(total - reached, clients.get("rest")):
            return hidden
        return {"months": months, **self._step(step, total, clients)}

    def _step(self, step, total: int, clients: Mapping) -> dict:
        """Incidence over the rounded cohort, and the interval of the exact variance widened to what rounding hides."""
        rule = self.rule
        cohort, reached = rule.rounded(total), rule.rounded(_people(step, total))
        names = ("at_risk", "events", "competing", "censored")
        counts = {name: rule.count(getattr(step, name), clients.get(name)) for name in names}
        if cohort < proportions.MINIMUM_DENOMINATOR or step.low is None:
            return counts
        low, high = incidence.widened(step.low, step.high, reached, cohort, rule.base)
        return counts | {"incidence": reached / cohort, "low": low, "high": high}

    def _curve(self, cell: tuple) -> dict:
        if cell not in self.curves:
            columns = zip(*sorted(self.days[cell]), strict=True)
            self.curves[cell] = {step.day: step for step in incidence.curve(*columns, at=tuple(DAYS.values()))}
        return self.curves[cell]

    def _change(self, cell: tuple, own: tuple[str, ...]) -> dict:
        exact = self.exact.get((cell, own), dict.fromkeys(self.names, 0))
        exact = exact | {"journeys": self.exact.get((cell, (None, None)), {"journeys": 0})["journeys"]}
        clients = dict(self.clients.get((cell, own), {}))
        clients["journeys"] = self.clients.get((cell, (None, None)), {}).get("journeys")
        if self._is_guarded(cell, own) or self.rule.is_small(exact["pairs"], clients.get("pairs")):
            return {"state": HIDDEN}
        counts = {name: self.rule.count(exact[name], clients.get(name)) for name in ("journeys", "first", "pairs")}
        for name in ("improved", "same", "worse"):
            is_most = self.rule.is_small(exact["pairs"] - exact[name], clients.get(f"left_{name}"))
            counts[name] = None if is_most else self.rule.count(exact[name], clients.get(name))
        return counts | self._means(exact)

    def _means(self, exact: Mapping) -> dict:
        n = exact["pairs"]
        if n < FEWEST_PAIRS:
            return {}
        change = summary(n, exact["sum_change"], exact["sum_squares"])
        means = {
            "mean_first": exact["sum_first"] / n,
            "mean_latest": exact["sum_latest"] / n,
            "mean_change": change.mean,
            "sd_change": change.sd,
            "low": change.low,
            "high": change.high,
        }
        return {name: None if value is None else round(value, 1) for name, value in means.items()}


def _items() -> Iterable[tuple[str, str]]:
    tools = dictionary.load().tools
    return [(tool.code, item) for tool in tools.values() if tool.any_item is None for item in tool.items]


def _groups(source: str) -> str:
    return f"select distinct by_1, by_2, part from {_selected(source)}"


def _expanding(question: Question, metric: Metric, parts, places: Sequence[tuple]) -> tuple[str, dict]:
    """The metric over rows that stand once in every set that holds them; by_1 is the number of the set."""
    name = _selected(metric.source)
    inner, values = _selecting(question, f"select * from {name}", parts)
    columns = list(zip(*places, strict=True)) or [(), (), (), ()]
    values |= {"e1": columns[0], "e2": columns[1], "e3": columns[2], "e4": columns[3]}
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
    if not question.axes:
        return (
            f"with {name} as (select * replace ('0' as by_1) from ({inner}) as answer) select * from ({metric.sql}) as answer",
            {k: v for k, v in values.items() if not k.startswith("e")},
        )
    return (
        f"""with place as (
    select unnest($e1::varchar[]) as l1, unnest($e2::varchar[]) as l2, unnest($e3::bigint[]) as l3, unnest($e4::bigint[]) as number
), {name} as (
    select p.* replace (place.number::varchar as by_1, null::varchar as by_2, 0::bigint as part)
    from ({inner}) as p
    join place on place.l1 is not distinct from p.by_1 and place.l2 is not distinct from p.by_2 and place.l3 = p.part
) select * from (
{metric.sql}
) as answer""",
        values,
    )


def _per_client(metric: Metric, has_shared: bool) -> str:
    """The metric's SQL by client (part), turned into how many clients stand behind each of its counts."""
    own = ", ".join(metric.labels)
    keys = f"by_1, by_2, {own}" if own and metric.shape != "waiting" else "by_1, by_2"
    facts = f"with fact as materialized (\n{metric.sql}\n)\n"
    if metric.shape == "waiting":
        return facts + WAITING_CLIENTS
    if not has_shared:
        names = [n for n in COUNTS[metric.shape] if not n.startswith("sum_")]
        counts = [f"count(*) filter (where {n} > 0) as {n}" for n in names]
        counts += ["count(*) filter (where denominator > numerator) as rest"] if metric.shape == "proportion" else []
        if metric.shape == "change":
            counts += [f"count(*) filter (where pairs > {n}) as left_{n}" for n in ("improved", "same", "worse")]
        return f"{facts}select {keys}, {', '.join(counts)} from fact group by {keys}"
    last, *others = reversed(metric.labels)
    shared = ["by_1", "by_2", "part", *reversed(others)]
    same = " and ".join(f"f.{name} is not distinct from e.{name}" for name in shared)
    mine = ", ".join(f"f.{name}" for name in ("by_1", "by_2", *metric.labels))
    everyone = ", ".join(name for name in shared if name != "part")
    return f"""{facts}, everyone as (select * from fact where {last} is null)
select {mine}, count(*) filter (where f.numerator > 0) as numerator,
    count(*) filter (where f.numerator >= e.denominator) as is_all, null as denominator
from fact as f join everyone as e on {same}
where f.{last} is not null group by {mine}
union all
select {everyone}, null as {last}, null, null, count(*) from everyone group by {everyone}"""


def _people(step, total: int) -> float:
    """Incidence x N; nine decimals, so that 8 of 51 is 8 and not 7.999999999999999."""
    return round((step.incidence or 0) * total, 9)
