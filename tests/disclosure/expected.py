"""What expected counts give away: an attacker who is told, besides all answers, how many people of every kind there are.

A rate that case mix expects is a mix of pooled rates; with the sizes of all strata known (a gift: nobody has them) it is linear in
the unknown numerators. One factor for all rows is not known, so what a row of expected counts says is how they stand to each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from journeys import Selection
from journeys.answer import alike
from journeys.answer.case_mix import STRATA
from journeys.statistics import standardisation
from tests.disclosure.asked import ANY, Atom, Family, ask_all, exact, family, placed
from tests.disclosure.audit import Audit, Found
from tests.disclosure.programme import Bounds, Programme

OF_PEOPLE = STRATA[:3]
HALF, PRINTED, OF_RATE = 2, 0.05, 0.0005
K = 8


@dataclass
class Told:
    """Numerators of kinds of people (service, year, gender, then stratum), of which the sizes are told."""

    of: Family
    sizes: Mapping[Atom, int]
    programme: Programme = field(default_factory=Programme)
    is_scaled: bool = True

    def atoms(self, cell: Atom) -> list[Atom]:
        return [atom for atom in self.sizes if self.of.holds(cell, atom[: len(cell)])]

    def numerator(self, cell: Atom, sign: float = 1.0) -> dict[int, float]:
        return {self.programme.variable(atom): sign for atom in self.atoms(cell)}

    def size(self, cell: Atom) -> int:
        return sum(self.sizes[atom] for atom in self.atoms(cell))


def audit(store, path, slug: str, cohorts: Sequence[str], is_scaled: bool = True) -> Audit:
    """Bounds of every hidden numerator; `is_scaled` is false of a copy that prints rate x people as it is."""
    of = family(store, cohorts)
    kinds = replace(of, cohorts={**of.cohorts, **dict.fromkeys(OF_PEOPLE, ())})
    truth = {atom: n for atom, n in exact(path, slug, kinds).items() if n["denominator"]}
    told = Told(of, {atom: int(n["denominator"]) for atom, n in truth.items()}, is_scaled=is_scaled)
    for atom, n in told.sizes.items():
        told.programme.between({told.programme.variable(atom): 1.0}, 0, n)
    targets = list(_shares(told, ask_all(store, of, (slug,)), truth))
    for cells, rows in _asked(store, of, slug):
        _say(told, cells, rows)
    bounds = Bounds(told.programme, [terms for terms, _, _ in targets])
    bounds.explore(20)
    found = [Found("numerator", cell, true, *bounds.of(i, K - 1)) for i, (_, true, cell) in enumerate(targets)]
    assert all(one.low <= one.truth <= one.high for one in found), "the attacker's model is wrong"
    return Audit(K, tuple(found), bounds.n_solved, len(told.programme.rows))


def _shares(told: Told, answers, truth: Mapping[Atom, Mapping[str, float]]) -> Iterator[tuple[dict, float, Atom]]:
    """What shares say; those that are hidden as few or most are targets."""
    for (_, cell, _), row in answers.rows.items():
        n = sum(truth[atom]["numerator"] for atom in told.atoms(cell))
        if row.numerator is not None:
            low = max(row.numerator - HALF, K)
            told.programme.between(told.numerator(cell), low, min(row.numerator + HALF, max(told.size(cell) - K, low)))
        elif row.why == "few":
            told.programme.between(told.numerator(cell), 0, K - 1)
            yield told.numerator(cell), n, cell
        elif row.why == "most":
            told.programme.between(told.numerator(cell), told.size(cell) - K + 1)
            yield told.numerator(cell), n, cell


def _asked(store, of: Family, slug: str) -> Iterator[tuple[list[Atom], list]]:
    """Case mix of every selection by every breakdown of more than one row: the cells of the rows that are compared, and the rows."""
    for where, when, *chosen in of.cells:
        places = {"all": ("service", "commissioner")}.get(where, ("service",) if len(of.where[where]) > 1 else ())
        times = ("financial_year",) if when == "all" else ()
        others = [d for d, v in zip(of.cohorts, chosen, strict=True) if v == ANY]
        cohort = {d: v for d, v in zip(of.cohorts, chosen, strict=True) if v != ANY}
        selection = Selection(period=when, cohort=cohort, **placed(of, where))
        for by in (*places, *times, *others):
            rows = alike.compared(store.ask(slug, selection, (by,), case_mix=True).rows)
            if any(row.expected for row in rows):
                yield [_cell(of, by, row.labels[by], (where, when, *chosen)) for row in rows], rows


def _cell(of: Family, by: str, label: str, whole: Atom) -> Atom:
    where, when, *chosen = whole
    if by in of.cohorts:
        return where, when, *(label if d == by else v for d, v in zip(of.cohorts, chosen, strict=True))
    return (where, label, *chosen) if by == "financial_year" else (label, when, *chosen)


def _say(told: Told, cells: Sequence[Atom], rows: Sequence) -> None:
    """Expected counts stand to each other as rates x released denominators; unscaled, each is that itself."""
    rates = _rates(told, cells)
    known = [
        (row.expected, row.denominator, rates[cell]) for row, cell in zip(rows, cells, strict=True) if row.expected
    ]
    if not told.is_scaled:
        for expected, n, rate in known:
            told.programme.between({v: n * c for v, c in rate.items()}, expected - PRINTED, expected + PRINTED)
        return
    first, n_first, rate_first = max(known, key=lambda one: one[0])
    for expected, n, rate in known:
        terms: dict[int, float] = defaultdict(float)
        for variable, c in rate_first.items():
            terms[variable] += expected * n_first * c
        for variable, c in rate.items():
            terms[variable] -= first * n * c
        slack = (PRINTED + OF_RATE) * (n_first + n) + OF_RATE * (expected * n_first + first * n)
        if rate is not rate_first:
            told.programme.between(dict(terms), -slack, slack)


def _rates(told: Told, cells: Sequence[Atom]) -> dict[Atom, dict[int, float]]:
    """The rate expected of each cell, as a sum over unknown numerators."""
    mine = {cell: told.atoms(cell) for cell in cells}
    pooled: dict = defaultdict(int)
    for atom in {atom for atoms in mine.values() for atom in atoms}:
        pooled[atom[-len(OF_PEOPLE) :]] += told.sizes[atom]
    merged = standardisation.merge_strata(pooled)
    members: dict = defaultdict(list)
    for atom in {atom for atoms in mine.values() for atom in atoms}:
        members[merged[atom[-len(OF_PEOPLE) :]]].append(atom)
    size = {stratum: sum(told.sizes[atom] for atom in atoms) for stratum, atoms in members.items()}
    return {cell: _rate(told, atoms, merged, members, size) for cell, atoms in mine.items()}


def _rate(told: Told, atoms: Sequence[Atom], merged: Mapping, members: Mapping, size: Mapping) -> dict[int, float]:
    own: dict = defaultdict(int)
    for atom in atoms:
        own[merged[atom[-len(OF_PEOPLE) :]]] += told.sizes[atom]
    whole = sum(own.values())
    return {
        told.programme.variable(atom): n / whole / size[stratum]
        for stratum, n in own.items()
        for atom in members[stratum]
    }
