"""What an attacker can work out: unknown whole numbers, what the answers say of their sums, and the bounds that follow."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize, sparse

Terms = Mapping[int, float]  # variable to coefficient
_SLACK = 1e-6


@dataclass
class Programme:
    """Variables of 0 or more, and linear rows low <= sum <= high over them."""

    numbers: dict[Hashable, int] = field(default_factory=dict)
    is_whole: list[bool] = field(default_factory=list)
    rows: dict[tuple, list[float]] = field(default_factory=dict)

    def variable(self, key: Hashable, is_whole: bool = True) -> int:
        """The number of a variable, new if not seen before."""
        if key not in self.numbers:
            self.numbers[key] = len(self.is_whole)
            self.is_whole.append(is_whole)
        return self.numbers[key]

    def between(self, terms: Terms, low: float = -np.inf, high: float = np.inf) -> None:
        """low <= the sum of the terms <= high; said twice, the narrower holds."""
        row = self.rows.setdefault(tuple(sorted(terms.items())), [-np.inf, np.inf])
        row[0], row[1] = max(row[0], low), min(row[1], high)

    def matrix(self) -> optimize.LinearConstraint:
        filled = [(row, bounds) for row, bounds in self.rows.items() if row]
        lengths = [len(row) for row, _ in filled]
        columns = [number for row, _ in filled for number, _ in row]
        values = [value for row, _ in filled for _, value in row]
        where = np.repeat(np.arange(len(filled)), lengths)
        table = sparse.csr_matrix((values, (where, columns)), shape=(len(filled), len(self.is_whole)))
        low, high = np.array([bounds for _, bounds in filled]).T
        return optimize.LinearConstraint(table, low, high)


def total(numbers: Iterable[int], sign: float = 1) -> dict[int, float]:
    return dict.fromkeys(numbers, sign)


@dataclass
class Bounds:
    """Bounds of targets, found by solving; every solution on the way tells something of all targets."""

    programme: Programme
    targets: Sequence[Terms]
    seed: int = 1
    n_solved: int = 0

    def __post_init__(self) -> None:
        self.constraints = self.programme.matrix()
        size = len(self.programme.is_whole)
        rows = np.repeat(np.arange(len(self.targets)), [len(t) for t in self.targets])
        columns = [number for t in self.targets for number in t]
        values = [value for t in self.targets for value in t.values()]
        self.table = sparse.csr_matrix((values, (rows, columns)), shape=(len(self.targets), size))
        self.seen_low = np.full(len(self.targets), np.inf)
        self.seen_high = np.full(len(self.targets), -np.inf)

    def solve(self, objective: np.ndarray, is_whole: bool = False) -> np.ndarray | None:
        """A solution with the least of the objective; None where it cannot be had (no time, no solution)."""
        whole = np.array(self.programme.is_whole, dtype=int) if is_whole else 0
        limit = {"time_limit": 5.0} if is_whole else {}
        found = optimize.milp(objective, integrality=whole, constraints=self.constraints, options=limit)
        self.n_solved += 1
        if found.status != 0:
            if not is_whole and found.status == 2:
                raise AssertionError("the answers contradict each other: the attacker's model is wrong")
            return None
        seen = self.table @ found.x
        self.seen_low, self.seen_high = np.minimum(self.seen_low, seen), np.maximum(self.seen_high, seen)
        return found.x

    def explore(self, n_rounds: int) -> None:
        """Random directions: most targets show that they are wide without being asked one by one."""
        rng = np.random.default_rng(self.seed)
        for _ in range(n_rounds):
            self.solve(self.table.T @ rng.choice([-1.0, 0.0, 1.0], len(self.targets), p=[0.3, 0.4, 0.3]))

    def of(self, target: int, wide: float) -> tuple[float, float]:
        """Whole-number bounds of one target; those seen so far where they are `wide` apart already."""
        for sign in (1.0, -1.0):
            if self.seen_high[target] - self.seen_low[target] < wide - _SLACK:
                self.solve(sign * self.table[target].toarray()[0])
        return self.whole(target)

    def at_least_one(self, target: int) -> float:
        """1 if a target may be 1 or more, else 0."""
        if self.seen_high[target] < 1 - _SLACK:
            self.solve(-self.table[target].toarray()[0])
        return float(self.seen_high[target] >= 1 - _SLACK)

    def whole(self, target: int) -> tuple[float, float]:
        return float(np.ceil(self.seen_low[target] - _SLACK)), float(np.floor(self.seen_high[target] + _SLACK))

    def exactly(self, target: int) -> tuple[float, float]:
        """Bounds with every count a whole number; the linear ones where that takes too long."""
        low, high = self.whole(target)
        row = self.table[target].toarray()[0]
        least, most = (self.solve(sign * row, is_whole=True) for sign in (1.0, -1.0))
        if least is not None:
            low = max(low, round(float(row @ least)))
        if most is not None:
            high = min(high, round(float(row @ most)))
        return low, high
