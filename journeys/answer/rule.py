"""Disclosure control: what is hidden, how counts are rounded, and the guard against subtracting one answer from another.

There is no off switch. A rate, interval, curve or sentence is made from what these functions let through.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

LOWEST_K = 5


@dataclass(frozen=True)
class Rule:
    """Counts under `k` are hidden, the rest rounded to the nearest `base`. Set when a store is built."""

    k: int = 8
    base: int = 5

    def __post_init__(self) -> None:
        if self.k < LOWEST_K:
            raise ValueError(f"a threshold of {self.k} was asked for: {LOWEST_K} is the lowest allowed")
        if self.base < 1:
            raise ValueError(f"a rounding base of {self.base} was asked for: it must be 1 or more")
        if self.base > 2 * self.k:
            raise ValueError(
                f"a rounding base of {self.base} was asked for: above {2 * self.k} a count of {self.k} would be shown as 0"
            )

    @property
    def words(self) -> str:
        return f"Counts under {self.k} are hidden, the rest rounded to the nearest {self.base}."

    def rounded(self, n: float) -> int:
        """`n` to the nearest multiple of the base (half a base goes up)."""
        return int((n + self.base / 2) // self.base) * self.base

    def is_small(self, n: float, n_clients: float | None = None) -> bool:
        """Whether a count is under k, or stands for fewer than k people. Zero is as small as seven."""
        return n < self.k or (n_clients is not None and n_clients < self.k)

    def count(self, n: float, n_clients: float | None = None) -> int | None:
        """The count as it may be shown, or None."""
        return None if self.is_small(n, n_clients) else self.rounded(n)


@dataclass(frozen=True)
class Part:
    """One choice that selects some of an axis: the elements it covers and the SQL that picks them."""

    covers: frozenset[str]
    sql: str = ""
    value: object = None


@dataclass(frozen=True)
class Axis:
    """One of the choices of a question: period, where, base, or one cohort dimension.

    `elements` names what its choices cover (months, services, clients of a dimension); axes over the same elements are told
    apart only by what they cover together. `chosen` is the selection's own choice, `labels` the breakdown's labels on this axis (None without a breakdown) with what
    each covers, `wider` gives every closed choice that covers more than a set. Choices with equal cover are one choice.
    """

    name: str
    elements: str
    chosen: Part
    labels: Mapping[tuple[str, ...], frozenset[str]] | None
    closed: tuple[Part, ...]

    def cell(self, label: tuple[str, ...]) -> frozenset[str]:
        """What a cell of the breakdown covers on this axis."""
        return self.chosen.covers & self.labels[label] if self.labels else self.chosen.covers

    def wider(self, covers: frozenset[str]) -> tuple[frozenset[str], ...]:
        return tuple(dict.fromkeys(p.covers for p in self.closed if p.covers > covers)) if covers else ()

    def bits(self, cells: Sequence[tuple[str, ...]]) -> tuple[Part, ...]:
        """The choices that a row must be told apart by, beyond its breakdown labels, to know which sets hold it."""
        values = {self.cell(label) for label in cells}
        needed = {w for v in values for w in self.wider(v)}
        parts = {p.covers: p for p in (self.chosen, *self.closed) if p.covers in needed or p is self.chosen}
        return tuple(p for p in parts.values() if p.sql and not self._is_told_by_label(p.covers))

    def _is_told_by_label(self, covers: frozenset[str]) -> bool:
        return self.labels is not None and all(v <= covers or not v & covers for v in self.labels.values())

    def holders(self, label: tuple[str, ...], held: Mapping[frozenset[str], bool], sets) -> tuple[frozenset[str], ...]:
        """Which of `sets` hold a row with this label and these bits."""
        return tuple(s for s in sets if self._holds(s, label, held))

    def _holds(self, covers: frozenset[str], label: tuple[str, ...], held: Mapping[frozenset[str], bool]) -> bool:
        if covers in held:
            return held[covers]
        if self.labels is None:
            return True  # only the whole axis has neither a bit nor a label
        mine = self.labels.get(label, frozenset())
        if mine and mine <= covers:
            return True
        return bool(mine & covers) and held.get(self.chosen.covers, False)


def widenings(axes: Sequence[Axis], cell: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], ...]]:
    """Every question that contains the cell's: one or more choices widened, without those that cover the same."""
    ways = [(covers, *axis.wider(covers)) for axis, covers in zip(axes, cell, strict=True)]
    here = _together(axes, cell)
    return (wider for wider in product(*ways) if _together(axes, wider) != here)


def _together(axes: Sequence[Axis], covers: Sequence[frozenset[str]]) -> dict[str, frozenset[str]]:
    """What the choices cover together: a service and its own model are that service."""
    joint: dict[str, frozenset[str]] = {}
    for axis, mine in zip(axes, covers, strict=True):
        joint[axis.elements] = joint.get(axis.elements, mine) & mine
    return joint


def is_guarded(rule: Rule, axes: Sequence[Axis], cell: tuple[frozenset[str], ...], n: Mapping) -> bool:
    """Whether some wider question differs from the cell's by fewer than k, so that the cell must be hidden.

    `n` maps what each axis covers to the metric's own denominator there.
    """
    here = n.get(cell, 0)
    return any(n.get(wider, 0) - here < rule.k for wider in widenings(axes, cell))
