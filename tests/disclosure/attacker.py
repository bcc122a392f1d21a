"""An attacker who asks everything: a family of closed selections, every answer to them, and what each says of the exact counts.

The exact counts are unknown whole numbers, one for each quantity of each atom (a service, a financial year, a gender, ...). The
attacker knows the rules: what is shown stands for at least k, and lies within half the base; a shown answer passed the guard, so
that at least k more stand in every wider selection; `few` and `most` mean fewer than k. For free, and more than anybody has, the
attacker is told which of the hidden cells are hidden because they are small.
"""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from tests.disclosure.asked import (
    CHANGE,
    COUNT,
    CURVE,
    CURVE_MONTHS,
    EXACT,
    SECOND_NAMES,
    TOOL,
    Answers,
    Atom,
    Family,
    exact,
)
from tests.disclosure.programme import Programme, total

SCALE = (7, 35)
FEWEST_PAIRS, FEWEST_AT_RISK = 10, 10


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


def round_to(base: int, n: float) -> int:
    return int((n + base / 2) // base) * base


def summed(truth: Mapping[Atom, Mapping[str, float]], name: str, atoms: Iterable[Atom]) -> float:
    return sum(truth.get(atom, {}).get(name, 0) for atom in atoms)


def model(path, of: Family, answers: Answers, rules: Rules) -> Model:
    """Everything that the answers say, as one programme; of a copy without a guard nothing follows from an answer being given."""
    made = Model(of, rules)
    for slug in dict.fromkeys(slug for slug, _, _ in answers.rows):
        if slug in SECOND_NAMES:
            _by_second_name(made, slug, exact(path, COUNT, of), answers)
            continue
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
            # nobody else is missing from the denominator where every service has always recorded what is needed
            high = n + half if counts.get("not_recorded_then") == 0 else inf
            late = made.sum("n", cell, of=lambda atom: atom[0] in ever) | made.sum(f"{slug} denominator", cell, -1)
            made.programme.between(late, max(n - half, k), high)


def _rows(answers: Answers, slug: str, own: tuple = ()) -> Iterator[tuple[Atom, object]]:
    return ((cell, row) for (of, cell, labels), row in answers.rows.items() if of == slug and labels == own)


def _count(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    for cell, row in _rows(answers, slug):
        if row.state == "shown":
            made.shown("n", cell, row.count)
            made.passed_guard(slug, "n", cell)
        elif row.state == "hidden":
            made.hidden("n", cell, summed(truth, "count", made.atoms_of[cell]))


def _by_second_name(made: Model, slug: str, truth: Mapping, answers: Answers) -> None:
    """The referrals of a cell by a label: each numerator is the count of the cell that chooses it, and has the guard of that choice.

    A part that is hidden without a reason beside others that have a denominator is hidden by the guard alone: it is k or more, and so is the rest.
    """
    place = 2 + list(made.of.cohorts).index(SECOND_NAMES[slug][1])
    seen = {cell for (of, cell, _), row in answers.rows.items() if of == slug and row.denominator is not None}
    for (of, cell, own), row in answers.rows.items():
        if of != slug or cell not in seen:
            continue
        one = (*cell[:place], *own, *cell[place + 1 :])
        rest = {variable: 1.0 for variable in made.sum("n", cell) if variable not in made.sum("n", one)}
        if row.denominator is None:
            made.programme.between(made.sum("n", one), made.rules.k)
            made.programme.between(rest, made.rules.k)
            continue
        made.shown("n", cell, row.denominator)
        if row.state == "shown":
            made.shown("n", one, row.numerator)
            made.passed_guard(COUNT, "n", one)
            made.programme.between(rest, made.rules.k)
        else:
            few = summed(truth, "count", made.atoms_of[one])
            whole = summed(truth, "count", made.atoms_of[cell])
            small, n = (made.sum("n", one), few) if row.why == "few" else (rest, whole - few)
            made.programme.between(small, 0, made.rules.k - 1)
            made.targets.append((small, n, "numerator", (row.why, slug, one)))


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
    for earlier, months in zip((None, *CURVE_MONTHS), CURVE_MONTHS, strict=False):
        for cell, row in _rows(answers, slug, (str(months),)):
            if row.state == "shown":
                made.passed_guard(slug, "wait total", cell)
                _point(made, cell, row, earlier, summed(truth, "total", made.atoms_of[cell]))
            if row.state == "shown" and row.events is None:
                made.hidden(
                    f"events {months}", cell, summed(truth, f"events {months}", made.atoms_of[cell]), "numerator"
                )


def _point(made: Model, cell: Atom, row, earlier: int | None, total_: float) -> None:
    """What one point of a curve says: counts, who is still at risk, and the share reached.

    People x share is at least the events, and at most the events and all who were lost from sight (each had it at most).
    """
    k, half = made.rules.k, made.rules.base // 2
    for name in ("events", "competing", "censored"):
        if getattr(row, name) is not None:
            made.shown(f"{name} {row.months}", cell, getattr(row, name))
    gone = [made.sum(f"{name} {earlier}", cell, -1) for name in ("events", "competing", "censored")] if earlier else []
    at_risk = made.sum("wait total", cell) | dict(ChainMap(*gone))
    made.programme.between(at_risk, max(FEWEST_AT_RISK, (row.at_risk or 0) - half), (row.at_risk or inf) + half)
    if row.incidence is not None:
        people = round_to(made.rules.base, total_)
        reached, events = round(row.incidence * people), made.sum(f"events {row.months}", cell)
        made.programme.between(made.sum("wait total", cell), max(people - half, k), people + half)
        made.programme.between(events, high=reached + half)
        made.programme.between(events | made.sum(f"censored {row.months}", cell), max(reached - half, k))
        made.programme.between(made.sum("wait total", cell) | dict.fromkeys(events, -1.0), k)


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
        if row.mean_first is not None:
            made.programme.between(made.sum("pairs", cell), FEWEST_PAIRS)
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
