"""An attacker who asks everything: a family of closed selections, every answer to them, and what each says of the exact counts.

The exact counts are unknown whole numbers, one for each quantity of each atom (a service, a financial year, a gender, ...). The
attacker knows the rules: what is shown stands for at least k, and lies within half the base; a shown answer passed the guard, so
that at least k more stand in every wider selection; `few` and `most` mean fewer than k. For free, and more than anybody has, the
attacker is told which of the hidden cells are hidden because they are small.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from tempfile import TemporaryDirectory

import duckdb

from journeys import Selection
from journeys.vocabulary import metrics
from journeys.vocabulary.horizons import DAYS
from tests.disclosure.programme import Programme, total

Atom = tuple[str, ...]
ANY = "any"
CURVE_MONTHS = (6, 12, 24)
COUNT, PROPORTIONS, CURVE, CHANGE = (
    "referrals",
    ("engaged", "stepping_stone"),
    "time_to_stepping_stone",
    "wellbeing_change",
)
TOOL = ("swemwbs", "total")
SCALE = (7, 35)
EXACT = {
    "referrals": ("count",),
    "engaged": ("numerator", "denominator"),
    "stepping_stone": ("numerator", "denominator"),
    "wellbeing_change": ("first", "pairs", "improved", "same", "worse", "sum_first", "sum_latest"),
}


@dataclass(frozen=True)
class Family:
    """The selections that are asked: where, when, and one value each of some cohort dimensions, or any."""

    where: Mapping[str, frozenset[str]]  # all, commissioners and services to the services of each
    when: tuple[str, ...]  # all, then financial years
    cohorts: Mapping[str, tuple[str, ...]]
    recorded: Mapping[str, frozenset[tuple[str, str]]]  # of each metric, the services and years where it is recorded

    @property
    def services(self) -> list[str]:
        return [name for name, services in self.where.items() if services == {name}]

    @property
    def atoms(self) -> list[Atom]:
        pairs = [pair for pair in product(self.services, self.when[1:]) if pair in self.recorded[COUNT]]
        return [(*pair, *values) for pair in pairs for values in product(*self.cohorts.values())]

    @property
    def cells(self) -> list[Atom]:
        """Every selection: where, when and a value or any of each dimension."""
        return list(product(self.where, self.when, *((ANY, *values) for values in self.cohorts.values())))

    def holds(self, cell: Atom, atom: Atom) -> bool:
        where, when, *values = cell
        is_placed = atom[0] in self.where[where] and when in ("all", atom[1])
        return is_placed and all(v in (ANY, a) for v, a in zip(values, atom[2:], strict=True))

    def wider(self, cell: Atom) -> Iterator[Atom]:
        """Every selection with one or more choices widened."""
        where, when, *values = cell
        places = [name for name, services in self.where.items() if services >= self.where[where]]
        times = dict.fromkeys((when, "all"))
        ways = product(places, times, *(dict.fromkeys((v, ANY)) for v in values))
        return (way for way in ways if way != cell)


def family(store, cohorts: Sequence[str]) -> Family:
    """All services, each commissioner and service; all times and each financial year; the values of some cohort dimensions."""
    lists = store.lists
    where = {"all": frozenset(lists.services)}
    where |= {code: lists.services_of(code) for code in lists.commissioners}
    where |= {name: frozenset([name]) for name in lists.services}
    years = tuple(lists.codes("financial_year"))
    recorded = {slug: _recorded(lists, metrics.get(slug).needs, years) for slug in (COUNT, *PROPORTIONS, CURVE, CHANGE)}
    return Family(where, ("all", *years), {d: tuple(lists.codes(d)) for d in cohorts}, recorded)


def _recorded(lists, needs: Sequence[str], years: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Service and financial year: where the store can hold what a metric needs. No secret: every page says so."""
    pairs = set()
    for name, service in lists.services.items():
        if set(needs) <= service.records:
            first = max([service.first_month, *(service.since[kind] for kind in needs)])
            last = min([service.last_month, *(service.until[kind] for kind in needs)])
            pairs |= {(name, year) for year in years if first <= last and _year(first) <= year <= _year(last)}
    return frozenset(pairs)


def _year(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    start = year if number >= 4 else year - 1
    return f"{start}/{(start + 1) % 100:02d}"


@dataclass
class Answers:
    """Every row of every answer, by metric and cell; of a metric with labels of its own, by these too."""

    rows: dict[tuple, object] = field(default_factory=dict)
    left_out: dict[tuple[str, Atom], Mapping[str, int | None]] = field(default_factory=dict)


def ask_all(store, of: Family, slugs: Iterable[str]) -> Answers:
    """A cell of a breakdown is the same question as the selection that names it: breakdowns in place of many questions."""
    found = Answers()
    dimensions = ("service", "commissioner", *of.cohorts)
    for slug, when, (where, chosen, by) in product(slugs, of.when, list(_questions(of, dimensions))):
        cohort = {d: v for d, v in zip(of.cohorts, chosen, strict=True) if v != ANY and d not in by}
        answer = store.ask(slug, Selection(period=when, cohort=cohort, **_place(of, where)), by)
        own = [name for name in ("months", "tool", "item") if name in answer.rows[0].labels]
        for row in answer.rows:
            place = row.labels.get("service") or row.labels.get("commissioner") or where
            values = tuple(row.labels.get(d, cohort.get(d, ANY)) for d in of.cohorts)
            found.rows[slug, (place, when, *values), tuple(row.labels[name] for name in own)] = row
        if not by:
            found.left_out[slug, (where, when, *chosen)] = answer.left_out
    return found


def _questions(of: Family, dimensions: Sequence[str]) -> Iterator[tuple[str, tuple, tuple]]:
    """Up to two breakdowns, the other dimensions chosen; together they give every cell of the family."""
    for place in ("all", "service", "commissioner"):
        for n in range(len(of.cohorts) + 1):
            for broken in combinations(of.cohorts, n):
                by = tuple(d for d in (place, *broken) if d != "all")
                if len(by) <= 2:
                    yield "all", tuple(ANY for _ in of.cohorts), by
                else:
                    kept = by[:2]
                    for values in product(*(of.cohorts[d] if d in by[2:] else (ANY,) for d in of.cohorts)):
                        yield "all", values, kept


def _place(of: Family, where: str) -> dict[str, str]:
    if where == "all":
        return {}
    return {"service": where} if of.where[where] == {where} else {"commissioner": where}


# --- the truth, from the same SQL over the whole store ---------------------------------------------------------------


def exact(path, slug: str, of: Family, days: int = 365) -> dict[Atom, dict[str, float]]:
    """Exact counts of a metric by atom: its own SQL over every row, with the atom for a label."""
    sql = metrics.get(slug).sql
    key = " || '|' || ".join(("service_id", "financial_year", *of.cohorts))
    with TemporaryDirectory() as folder, duckdb.connect(shutil.copy(path, folder), read_only=True) as connection:
        tables = {t for (t,) in connection.sql("select distinct table_name from information_schema.columns").fetchall()}
        named = set(re.findall(r"\bselected\w*", sql))
        ctes = [
            f"{name} as (select *, {key} as by_1, null as by_2, 0 as part, {days} as horizon from {table})"
            for name in sorted(named)
            if (table := name.removeprefix("selected").removeprefix("_") or "journey") in tables
        ]
        rows = (
            connection.sql(f"with {', '.join(ctes)} select * from (\n{sql}\n) as answer").to_arrow_table().to_pylist()
        )
    found: dict[Atom, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        counts = found[tuple(row["by_1"].split("|"))]
        if slug == CURVE:
            _add_wait(counts, row)
        elif slug == CHANGE and (row["tool"], row["item"]) != TOOL:
            counts["journeys"] += row["journeys"] or 0
        else:
            for name in EXACT[slug]:
                counts[name] += row[name] or 0
    return found


def _add_wait(counts: dict[str, float], row: Mapping) -> None:
    counts["total"] += row["events"] + row["competing"] + row["censored"]
    for months in CURVE_MONTHS:
        if row["day"] <= DAYS[months]:
            for name in ("events", "competing", "censored"):
                counts[f"{name} {months}"] += row[name]


# --- what the answers say --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rules:
    """What the attacker knows of how answers are made; of a weakened copy, how it is weakened."""

    k: int = 8
    base: int = 5
    is_guarded: bool = True
    is_told: bool = True  # which of the cells that are hidden without a reason are small


@dataclass
class Model:
    """The attacker's programme, and the hidden quantities that are worth bounding: terms, truth and kind of each."""

    of: Family
    rules: Rules
    programme: Programme = field(default_factory=Programme)
    targets: list[tuple[dict[int, float], float, str, tuple]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.atoms_of = {c: [a for a in self.of.atoms if self.of.holds(c, a)] for c in self.of.cells}

    def sum(self, name: str, cell: Atom, sign: float = 1, of=lambda atom: True) -> dict[int, float]:
        """A quantity over the atoms of a cell, or some of them."""
        return total((self.programme.variable((name, atom)) for atom in self.atoms_of[cell] if of(atom)), sign)

    def nowhere_else(self, slug: str, names: Iterable[str]) -> None:
        """What a metric counts is nought where it is not recorded."""
        for atom in self.of.atoms:
            if atom[:2] not in self.of.recorded[slug]:
                for name in names:
                    self.programme.between({self.programme.variable((name, atom)): 1.0}, 0, 0)

    def shown(self, name: str, cell: Atom, value: int) -> None:
        """A released count: within half the base, and at least k."""
        half = self.rules.base // 2
        self.programme.between(self.sum(name, cell), max(value - half, self.rules.k), value + half)

    def passed_guard(self, slug: str, name: str, cell: Atom) -> None:
        """An answered question: every wider one covers the same atoms, or at least k more."""
        if not self.rules.is_guarded:
            return
        mine, recorded = set(self.atoms_of[cell]), self.of.recorded[slug]
        for wide in self.of.wider(cell):
            more = [atom for atom in self.atoms_of[wide] if atom not in mine and atom[:2] in recorded]
            if more:
                self.programme.between(total(self.programme.variable((name, atom)) for atom in more), self.rules.k)

    def hidden(self, name: str, cell: Atom, truth: float, kind: str = "cell") -> None:
        """A hidden count: told for free to be small where it is, and a target then."""
        if truth < self.rules.k:
            if self.rules.is_told:
                self.programme.between(self.sum(name, cell), 0, self.rules.k - 1)
            self.targets.append((self.sum(name, cell), truth, kind, (name, cell)))

    def at_most(self, *names: str) -> None:
        """Of every atom, each quantity is at most the next."""
        for atom in self.of.atoms:
            for small, large in pairwise(names):
                pair = {self.programme.variable((small, atom)): 1.0, self.programme.variable((large, atom)): -1.0}
                self.programme.between(pair, high=0)


def summed(truth: Mapping[Atom, Mapping[str, float]], name: str, atoms: Iterable[Atom]) -> float:
    return sum(truth.get(atom, {}).get(name, 0) for atom in atoms)


def model(path, of: Family, answers: Answers, rules: Rules) -> Model:
    """Everything that the answers say, as one programme; of a copy without a guard nothing follows from an answer being given."""
    made = Model(of, rules)
    for slug in dict.fromkeys(slug for slug, _, _ in answers.rows):
        {COUNT: _count, CURVE: _curve, CHANGE: _change}.get(slug, _proportion)(
            made, slug, exact(path, slug, of), answers
        )
        _left_out(made, slug, answers)
    return made


def _left_out(made: Model, slug: str, answers: Answers) -> None:
    """Those of services that never record what is needed, with at least k beside them; and those for whom it is too early."""
    ever = {service for service, _ in made.of.recorded[slug]}
    half, k = made.rules.base // 2, made.rules.k
    for (of, cell), counts in answers.left_out.items():
        if of != slug:
            continue
        if n := counts.get("not_recorded"):
            made.programme.between(made.sum("n", cell, of=lambda atom: atom[0] not in ever), max(n - half, k), n + half)
            made.programme.between(made.sum("n", cell, of=lambda atom: atom[0] in ever), k)
        if n := counts.get("too_early"):
            made.programme.between(made.sum("n", cell) | made.sum(f"{slug} denominator", cell, -1), max(n - half, k))


def _rows(answers: Answers, slug: str, own: tuple = ()) -> Iterator[tuple[Atom, object]]:
    return ((cell, row) for (of, cell, labels), row in answers.rows.items() if of == slug and labels == own)


def _count(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    for cell, row in _rows(answers, slug):
        if row.state == "shown":
            made.shown("n", cell, row.count)
            made.passed_guard(slug, "n", cell)
        elif row.state == "hidden":
            made.hidden("n", cell, summed(truth, "count", made.atoms_of[cell]))


def _proportion(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    x, d = f"{slug} numerator", f"{slug} denominator"
    made.at_most(x, d, "n")
    made.nowhere_else(slug, (d,))
    for cell, row in _rows(answers, slug):
        atoms = made.atoms_of[cell]
        exact_x, exact_d = (summed(truth, name, atoms) for name in ("numerator", "denominator"))
        if row.denominator is not None:
            made.shown(d, cell, row.denominator)
            made.passed_guard(slug, d, cell)
        elif row.state == "hidden":
            made.hidden(d, cell, exact_d)
        rest = made.sum(d, cell) | made.sum(x, cell, -1)
        if row.state == "shown":
            made.shown(x, cell, row.numerator)
            made.programme.between(rest, made.rules.k)
        elif row.denominator is not None:
            _hidden_part(made, (x, cell), rest, (exact_x, exact_d), row.why)


def _hidden_part(made: Model, what: tuple, rest: dict, truth: tuple[float, float], why: str) -> None:
    """few: fewer than k in the numerator; most: fewer than k beside it. Either may prove a group all or none."""
    small, n = (made.sum(*what), truth[0]) if why == "few" else (rest, truth[1] - truth[0])
    made.programme.between(small, 0, made.rules.k - 1)
    made.targets.append((small, n, "numerator", (why, *what)))


def _curve(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    made.at_most("wait total", "n")
    made.nowhere_else(slug, ("wait total",))
    for atom in made.of.atoms:
        _curve_of_atom(made.programme, atom)
    for months in CURVE_MONTHS:
        for cell, row in _rows(answers, slug, (str(months),)):
            for name in ("events", "competing", "censored"):
                if row.state == "shown" and getattr(row, name) is not None:
                    made.shown(f"{name} {months}", cell, getattr(row, name))
            if row.state == "shown":
                made.passed_guard(slug, "wait total", cell)
            if row.state == "shown" and row.events is None:
                made.hidden(
                    f"events {months}", cell, summed(truth, f"events {months}", made.atoms_of[cell]), "numerator"
                )


def _curve_of_atom(programme: Programme, atom: Atom) -> None:
    """Cumulative counts rise and stay within all who wait; the first stepping stones are those of the proportion."""
    number = lambda name: programme.variable((name, atom))  # noqa: E731
    for name in ("events", "competing", "censored"):
        for early, late in pairwise(CURVE_MONTHS):
            programme.between({number(f"{name} {early}"): 1, number(f"{name} {late}"): -1}, high=0)
    last = {number(f"{name} {CURVE_MONTHS[-1]}"): 1 for name in ("events", "competing", "censored")}
    programme.between(last | {number("wait total"): -1}, high=0)
    x, d, e = number("stepping_stone numerator"), number("stepping_stone denominator"), number("events 12")
    programme.between({d: 1, number("wait total"): -1}, high=0)
    programme.between({x: 1, e: -1}, high=0)
    programme.between({d: 1, x: -1, number("wait total"): -1, e: 1}, high=0)


def _change(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    made.at_most("pairs", "first", "n")
    made.nowhere_else(slug, ("first",))
    for atom in made.of.atoms:
        _change_of_atom(made.programme, atom)
    for cell, row in _rows(answers, slug, TOOL):
        exact_of = {name: summed(truth, name, made.atoms_of[cell]) for name in EXACT[slug]}
        for name in ("first", "pairs", "improved", "same", "worse"):
            value = getattr(row, name) if row.state == "shown" else None
            if value is not None:
                made.shown(name, cell, value)
            elif row.state in ("shown", "hidden"):
                made.hidden(name, cell, exact_of[name], "cell" if name in ("first", "pairs") else "numerator")
        if row.state == "shown":
            made.passed_guard(slug, "pairs", cell)
            _means(made, cell, row)


def _change_of_atom(programme: Programme, atom: Atom) -> None:
    pairs = programme.variable(("pairs", atom))
    parts = {programme.variable((name, atom)): 1.0 for name in ("improved", "same", "worse")}
    programme.between(parts | {pairs: -1}, 0, 0)
    for name in ("sum_first", "sum_latest"):
        one = programme.variable((name, atom), is_whole=False)
        programme.between({one: 1, pairs: -SCALE[0]}, low=0)
        programme.between({one: 1, pairs: -SCALE[1]}, high=0)


def _means(made: Model, cell: Atom, row) -> None:
    """A mean to one decimal bounds the sum of scores by that of the pairs."""
    for name, mean in (("sum_first", row.mean_first), ("sum_latest", row.mean_latest)):
        if mean is not None:
            scores = {made.programme.variable((name, a), is_whole=False): 1.0 for a in made.atoms_of[cell]}
            made.programme.between(scores | made.sum("pairs", cell, -(mean - 0.05)), low=0)
            made.programme.between(scores | made.sum("pairs", cell, -(mean + 0.05)), high=0)
