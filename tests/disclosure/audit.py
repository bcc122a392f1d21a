"""The audit: what the attacker can bound of every hidden cell and numerator, counted."""

from dataclasses import dataclass, replace

from tests.disclosure import asked, attacker
from tests.disclosure.programme import Bounds

RULES = attacker.Rules()
ROUNDS = 20  # of looking about in all directions at once
NARROW = 2  # so narrow that whole numbers are worth the time that they take
SLUGS = (asked.COUNT, *asked.PROPORTIONS, asked.CURVE, asked.CHANGE)


@dataclass(frozen=True)
class Found:
    """One hidden quantity: how many there are, and between which whole numbers the attacker can place it.

    `untold`: the bounds for an attacker who is not told which hidden cells are small, of those within 1 for one who is.
    """

    kind: str  # cell or numerator
    what: tuple
    truth: float
    low: float
    high: float
    untold: tuple[float, float] | None = None

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def is_pinned(self) -> bool:
        return self.width < 1


@dataclass(frozen=True)
class Audit:
    k: int
    found: tuple[Found, ...]
    n_solved: int
    n_rows: int

    def of(self, kind: str, is_nought: bool = False) -> list[Found]:
        return [f for f in self.found if f.kind == kind and (f.truth == 0) == is_nought]

    @property
    def pinned(self) -> list[Found]:
        """Cells and numerators of 1 to k-1 known exactly."""
        return [f for f in self.found if f.truth and f.is_pinned]

    @property
    def proved(self) -> list[Found]:
        """Groups of k or more proved to have none, or all: a hidden numerator (or what is left) of nought that is pinned."""
        return [f for f in self.found if f.kind == "numerator" and not f.truth and f.is_pinned]

    def within(self, kind: str, width: float) -> list[Found]:
        return [f for f in self.of(kind) if f.width <= width]

    def table(self) -> str:
        """One line a kind: how many are hidden, known exactly, within 1, and narrower than 0 to k-1; of noughts the first two."""
        lines = ["what is hidden  how many   known exactly   within 1   narrower than 0 to k-1"]
        for kind in ("cell", "numerator"):
            for is_nought in (False, True):
                rows = self.of(kind, is_nought)
                widths = (0,) if is_nought else (0, 1, self.k - 2)
                counts = [sum(f.width <= width for f in rows) for width in widths]
                name = f"{kind} of 0" if is_nought else f"{kind} of 1 to {self.k - 1}"
                lines.append(f"{name:20}{len(rows):5}" + "".join(f"{n:14}" for n in counts))
        return "\n".join(lines)


def audit(store, path, cohorts, slugs=SLUGS, rules=RULES) -> Audit:
    """Ask everything, write down what it says, bound every hidden quantity. path: the store's database file."""
    of = asked.family(store, cohorts)
    answers = asked.ask_all(store, of, slugs)
    made = attacker.model(path, of, answers, rules)
    bounds = Bounds(made.programme, [terms for terms, _, _, _ in made.targets])
    bounds.explore(ROUNDS)
    found = []
    for number, (_, truth, kind, what) in enumerate(made.targets):
        # of a nought it is enough to know whether it is proved to be one
        low, high = bounds.of(number, rules.k - 1) if truth else (0, bounds.at_least_one(number))
        if truth and high - low <= NARROW:
            low, high = bounds.exactly(number)
        assert low <= truth <= high, f"{what} is {truth}, not between {low} and {high}: the attacker's model is wrong"
        found.append(Found(kind, what, truth, low, high))
    narrow = [number for number, one in enumerate(found) if one.truth and one.width <= 1]
    for number, untold in zip(narrow, _untold(path, of, answers, rules, narrow), strict=True):
        found[number] = replace(found[number], untold=untold)
    return Audit(rules.k, tuple(found), bounds.n_solved, len(made.programme.rows))


def _untold(path, of, answers, rules, numbers) -> list[tuple[float, float]]:
    """Bounds of some targets for an attacker who is not told which hidden cells are small."""
    if not numbers:
        return []
    made = attacker.model(path, of, answers, replace(rules, is_told=False))
    bounds = Bounds(made.programme, [made.targets[number][0] for number in numbers])
    return [bounds.of(i, rules.k - 1) for i in range(len(numbers))]
