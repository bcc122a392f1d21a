"""The rows of an answer column by column: hundreds of thousands are protected and compared so, and made one by one only when somebody looks."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, overload

import numpy as np

from journeys.answer.released import CASE_MIX_KEYS, Expected, Protected, Row

COMPLETE = (None, False, True)  # what the numbers of `Rows.complete` stand for


@dataclass(frozen=True, eq=False)
class Laid:
    """What lies over some rows (`at`, their positions): by name numbers, and by name words, which are told by their position."""

    at: np.ndarray
    numbers: Mapping[str, np.ndarray]
    words: Mapping[str, tuple[np.ndarray, Sequence[str | None]]]

    def told(self, n: int) -> list[Mapping | None]:
        """What lies over each of n rows."""
        names = (*self.numbers, *self.words)
        columns = [one.tolist() for one in self.numbers.values()]
        columns += [[words[i] for i in code.tolist()] for code, words in self.words.values()]
        found: list[Mapping | None] = [None] * n
        for i, *values in zip(self.at.tolist(), *columns, strict=True):
            found[i] = dict(zip(names, values, strict=True))
        return found


Over = Laid | tuple[Mapping | None, ...] | None


@dataclass(frozen=True, eq=False)
class Rows(Sequence[Row]):
    """Each row is of a `cell` (`cells`: what all rows of one have in common, with the labels of the breakdown) and has an own label (`owns`, by name), what may be
    shown of it (`code`, in `protected`) and whether it is `complete` (in `COMPLETE`). Over it may lie an expected count, limits over time and limits by chance."""

    cells: Sequence[Row]
    owns: Sequence[Mapping[str, str]]
    protected: Sequence[Protected]
    cell: np.ndarray
    own: np.ndarray
    code: np.ndarray
    complete: np.ndarray
    case_mix: Mapping[int, Expected] = field(default_factory=dict)
    spc: Over = None
    funnel: Over = None

    @staticmethod
    def of(rows: Sequence[Row], by: Sequence[str]) -> "Rows":
        """Rows column by column; `by`: the labels of their breakdown."""
        if isinstance(rows, Rows):
            return rows
        cells, owns, protected = _Different(), _Different(), _Different()
        at = np.zeros((4, len(rows)), int)
        for i, row in enumerate(rows):
            labels = {name: row.labels[name] for name in by if name in row.labels}
            own = {name: value for name, value in row.labels.items() if name not in labels}
            like = row.but(labels=MappingProxyType(labels), case_mix=None, spc=None, funnel=None)
            seen = (*labels.items(), row.records, row.partly, row.covers, row.tools)
            one = Protected(row.state, row.values, row.why)
            places = cells.at(seen, like), owns.at(tuple(own.items()), own), protected.at(one, one)
            at[:, i] = (*places, COMPLETE.index(row.complete))
        case_mix = {i: row.case_mix for i, row in enumerate(rows) if row.case_mix}
        over = (tuple(getattr(row, name) for row in rows) for name in ("spc", "funnel"))
        spc, funnel = (one if any(one) else None for one in over)
        return Rows(cells.values, owns.values, protected.values, at[0], at[1], at[2], at[3], case_mix, spc, funnel)

    def __len__(self) -> int:
        return len(self.cell)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...

    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        return self._made[at]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows | tuple) and self._made == tuple(other)

    def __repr__(self) -> str:
        return repr(self._made)

    def __hash__(self) -> int:
        return hash(self._made)

    def __reduce__(self) -> tuple:
        return tuple, (list(self),)

    @cached_property
    def _made(self) -> tuple[Row, ...]:
        """The rows one by one, once somebody looks at one."""
        at = (one.tolist() for one in (self.cell, self.own, self.code, self.complete))
        rows = zip(range(len(self)), *at, self.over("spc"), self.over("funnel"), strict=True)
        likes, labels = [vars(cell) for cell in self.cells], [cell.labels for cell in self.cells]
        said = [{"state": one.state, "why": one.why, "values": one.values} for one in self.protected]
        owns, case_mix = self.owns, self.case_mix
        return tuple(
            Row.having({
                **likes[cell], **said[code], "labels": MappingProxyType({**labels[cell], **owns[own]}),
                "complete": COMPLETE[complete], "case_mix": case_mix.get(i), "spc": spc, "funnel": funnel,
            })
            for i, cell, own, code, complete, spc, funnel in rows
        )  # fmt: skip

    def over(self, name: str) -> Sequence[Mapping | None]:
        """What lies over each row: `spc` or `funnel`."""
        laid: Over = getattr(self, name)
        return laid.told(len(self)) if isinstance(laid, Laid) else laid or [None] * len(self)

    def lies_over(self, name: str) -> bool:
        """Whether anything does."""
        laid: Over = getattr(self, name)
        return len(laid.at) > 0 if isinstance(laid, Laid) else laid is not None

    def only(self, wanted: np.ndarray) -> "Rows":
        """Some of the rows, over which nothing lies yet, and of cells, own labels and what may be shown nothing that is not theirs: what was worked out of
        others is hidden, and would leave the store with them."""
        cells, cell = _used(self.cells, self.cell[wanted])
        owns, own = _used(self.owns, self.own[wanted])
        protected, code = _used(self.protected, self.code[wanted])
        return Rows(cells, owns, protected, cell, own, code, self.complete[wanted])

    def of_protected(self, value: Any, kind: type = object) -> np.ndarray:
        """What a function says of what may be shown, for every row."""
        return np.array([value(one) for one in self.protected], kind)[self.code]

    def of_cells(self, value: Any) -> tuple[np.ndarray, list]:
        """What a function says of each cell, as positions among what is different, in the order in which it comes."""
        found: dict = {}
        at = np.array([found.setdefault(value(cell), len(found)) for cell in self.cells], int)
        return at, list(found)

    def column(self, name: str) -> Any:
        """A field of all rows, or one of their labels, as a pandas Series."""
        import pandas as pd

        if name in ("spc", "funnel"):
            return pd.Series(self.over(name), dtype=object)
        if name == "complete":
            return _taken(COMPLETE, self.complete)
        if name in CASE_MIX_KEYS:
            return pd.Series([getattr(self.case_mix.get(i), name, None) for i in range(len(self))])
        if name in ("records", "partly", "covers"):
            return _taken([getattr(cell, name) for cell in self.cells], self.cell)
        if self.cells and name in self.cells[0].labels:
            return _taken([cell.labels[name] for cell in self.cells], self.cell)
        if self.owns and name in self.owns[0]:
            return _taken([own[name] for own in self.owns], self.own)
        said = [
            getattr(one, name) if name in ("state", "why") else getattr(one.values, name, None)
            for one in self.protected
        ]
        return _taken(said, self.code)


class _Different:
    """Different things, in the order in which they come."""

    def __init__(self) -> None:
        self.values: list = []
        self._at: dict = {}

    def at(self, key: Hashable, value: Any) -> int:
        """The position of a value, by what tells it from others."""
        if key not in self._at:
            self._at[key] = len(self.values)
            self.values.append(value)
        return self._at[key]


def _used(values: Sequence, at: np.ndarray) -> tuple[list, np.ndarray]:
    """Those of some values that are used, and their positions among these."""
    used, place = np.unique(at, return_inverse=True)
    return [values[i] for i in used.tolist()], place


def _taken(values: Sequence, at: np.ndarray) -> Any:
    """A Series of values by position, of the kind that those have which occur."""
    import pandas as pd

    used, place = _used(values, at)
    return pd.Series(used).take(place).reset_index(drop=True)
