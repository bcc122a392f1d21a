"""What leaves the store: labels from closed lists and protected counts, with the statistics computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.vocabulary.selection import Selection

SHOWN, HIDDEN, NOT_RECORDED, TOO_EARLY, NOT_APPLICABLE = (
    "shown",
    "hidden",
    "not_recorded",
    "too_early",
    "not_applicable",
)


@dataclass(frozen=True)
class Count:
    count: int | None = None

    @property
    def size(self) -> int | None:
        """How many stand behind it, as those of the others do."""
        return self.count


@dataclass(frozen=True)
class Proportion:
    numerator: int | None = None
    denominator: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def size(self) -> int | None:
        return self.denominator


@dataclass(frozen=True)
class Waiting:
    """One point of a curve; counts are cumulative."""

    months: int | None = None
    at_risk: int | None = None
    events: int | None = None
    competing: int | None = None
    censored: int | None = None
    incidence: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def size(self) -> int | None:
        return self.at_risk


@dataclass(frozen=True)
class Change:
    journeys: int | None = None
    first: int | None = None
    pairs: int | None = None
    improved: int | None = None
    same: int | None = None
    worse: int | None = None
    mean_first: float | None = None
    mean_latest: float | None = None
    mean_change: float | None = None
    sd_change: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def size(self) -> int | None:
        return self.pairs


@dataclass(frozen=True)
class Expected:
    """What case mix makes of a cell: expected numerator, and observed over expected."""

    expected: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


Values = Count | Proportion | Waiting | Change
KINDS: Mapping[str, type] = {"count": Count, "proportion": Proportion, "waiting": Waiting, "change": Change}
BOUNDS = {"few": "at_most", "most": "at_least"}
_ALL_KEYS = {shape: tuple(f.name for f in fields(kind)) for shape, kind in KINDS.items()}
SHAPE_KEYS = {shape: tuple(k for k in keys if k not in BOUNDS.values()) for shape, keys in _ALL_KEYS.items()}
_SHAPE_OF = {kind: shape for shape, kind in KINDS.items()}
_OF_EVERY_ROW = ("state", "why", "complete", "records", "partly")
CASE_MIX_KEYS = tuple(f.name for f in fields(Expected))
_NAMES = frozenset(CASE_MIX_KEYS).union(*_ALL_KEYS.values())


@dataclass(frozen=True)
class Protected:
    """What of one cell may be shown: its state, its values, and why only a part of them (`few`, `most`)."""

    state: str = SHOWN
    values: Values | None = None
    why: str | None = None


NOTHING = Protected(HIDDEN)


@dataclass(frozen=True)
class Row:
    """One cell of an answer: its labels, its state, and the values of its shape, which are its attributes too; what cannot be
    given is None.

    `tools` says by which tools readings show the kinds that it was seen through, as (kind, tool, whether every service uses it).
    `why` is `few` or `most` when only the numerator is hidden; then `at_most` or `at_least` bounds its share. `records` and
    `partly` are the kinds that it was seen through (by every service, by some), `covers` the first and last month of a row of a
    time breakdown. `spc` and `funnel` are mappings or None. Values may be given by name: `Row(labels, "shown", count=10)`.
    """

    labels: Mapping[str, str]
    state: str
    complete: bool | None = None
    why: str | None = None
    values: Values | None = None
    case_mix: Expected | None = None
    spc: Mapping | None = None
    funnel: Mapping | None = None
    records: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    covers: tuple[str, str] | None = None
    tools: tuple[tuple[str, str, bool], ...] = ()

    def __init__(
        self, labels: Mapping[str, str], state: str, *, complete: bool | None = None, why: str | None = None,
        values: Values | None = None, case_mix: Expected | None = None, spc: Mapping | None = None,
        funnel: Mapping | None = None, records: tuple[str, ...] = (), partly: tuple[str, ...] = (),
        covers: tuple[str, str] | None = None, tools: tuple[tuple[str, str, bool], ...] = (), **named: Any,
    ) -> None:  # fmt: skip
        if named:
            of_case_mix = {name: named.pop(name) for name in CASE_MIX_KEYS if name in named}
            values = _named(values, named) if named else values
            case_mix = replace(case_mix or Expected(), **of_case_mix) if of_case_mix else case_mix
        # all at once: an answer can have tens of thousands of rows
        self.__dict__.update(
            labels=MappingProxyType(dict(labels)), state=state, complete=complete, why=why, values=values,
            case_mix=case_mix, spc=spc, funnel=funnel, records=records, partly=partly, covers=covers, tools=tools,
        )  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        """A value of the row's shape; None for those of another shape."""
        if name not in _NAMES:
            raise AttributeError(f"a row has no {name}")
        return getattr(self.case_mix if name in CASE_MIX_KEYS else self.values, name, None)

    def __reduce__(self) -> tuple:
        values = {name: getattr(self, name) for name in _FIELDS}
        return _row, ({**values, "labels": dict(self.labels)},)

    def but(self, **overlaid: Any) -> "Row":
        """The same row with some of its fields (no values of its shape) another."""
        return Row.having({**self.__dict__, **overlaid})

    @staticmethod
    def having(fields: dict[str, Any]) -> "Row":
        """The row of all of these fields, which it keeps: an answer can have hundreds of thousands of rows."""
        found = object.__new__(Row)
        object.__setattr__(found, "__dict__", fields)
        return found

    @property
    def is_shown(self) -> bool:
        return self.state == SHOWN

    def to_json(self, shape: str, has_case_mix: bool = False, has_limits: bool = False) -> dict:
        """The row as the specification's interface spells it; with limits in its answer a shown row has `spc`, null where it is a gap of the chart."""
        row: dict = {"labels": dict(self.labels), "state": self.state, "complete": self.complete}
        row |= {"records": list(self.records), "partly": list(self.partly)}
        if self.covers:
            row["covers"] = list(self.covers)
        if self.why:
            row |= {"why": self.why, BOUNDS[self.why]: getattr(self, BOUNDS[self.why])}
        row |= {key: getattr(self, key) for key in SHAPE_KEYS[shape]}
        if has_case_mix:
            row |= {key: getattr(self, key) for key in CASE_MIX_KEYS}
        if has_limits and self.is_shown:
            row["spc"] = None if self.spc is None else dict(self.spc)
        if self.funnel is not None:
            row["funnel"] = dict(self.funnel)
        return row


_FIELDS = tuple(f.name for f in fields(Row))


def _row(values: dict) -> Row:
    return Row(**values)


def _named(values: Values | None, named: Mapping[str, Any]) -> Values | None:
    """Values with some given by name; ValueError where no shape has all of the names."""
    given = {name: value for name, value in named.items() if value is not None}
    own = _ALL_KEYS[_SHAPE_OF[type(values)]] if values is not None else ()
    if values is not None and set(given) <= set(own):
        return replace(values, **{name: value for name, value in named.items() if name in own})
    if not given:
        return values
    kind = next((kind for shape, kind in KINDS.items() if set(given) <= set(_ALL_KEYS[shape])), None)
    if kind is None:
        raise ValueError(f"no shape has the values {', '.join(sorted(given))}")
    return kind(**given)


class NotAlike(NamedTuple):
    """A row that is not compared with the others: what it was seen through differs."""

    labels: Mapping[str, str]
    why: str


@dataclass(frozen=True)
class Break:
    """A month in which a series stops being one, in words; `labels` name its place. Small ones are notes and break nothing."""

    month: str
    words: str
    labels: Mapping[str, str] = field(default_factory=dict)
    is_break: bool = True


@dataclass(frozen=True)
class Released:
    """The answer to one question.

    `by` are the breakdown dimensions, `own` the metric's own labels; `left_out` maps a reason to a rounded count or None;
    `disclosure` holds k and the rounding base; `as_of` is the latest month of the data. `spc_note` says why a series has no
    limits; `changes` are those in what is recorded (`breaks`: those at which a series stops being one); `not_alike` the rows that
    are not compared.
    """

    metric: str
    unit: str
    shape: str
    selection: Selection
    words: str
    by: tuple[str, ...]
    own: tuple[str, ...]
    as_of: str
    disclosure: Mapping[str, int]
    rows: Sequence[Row]
    left_out: Mapping[str, int | None] = field(default_factory=dict)
    spc_note: str | None = None
    changes: tuple[Break, ...] = ()
    not_alike: tuple[NotAlike, ...] = ()
    ripens: bool = False
    has_case_mix: bool = False
    version: str = ""
    is_synthetic: bool = False

    def row(self, **labels: str) -> Row:
        """The one row with these labels; LookupError when there is none."""
        for row in self.rows:
            if all(row.labels.get(name) == value for name, value in labels.items()):
                return row
        raise LookupError(f"{self.metric} has no row with {labels}")

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The months at which a series stops being one; smaller changes are notes."""
        return tuple(one for one in self.changes if one.is_break)

    def frame(self):
        """A pandas DataFrame of the rows: a column per label, then the names that rows have in JSON, of those that any answer of this shape
        can have; `spc` and `funnel` are mappings, as there, or None."""
        import pandas as pd

        from journeys.answer.rows import Rows  # which are made of these

        labels, rows = (*self.by, *self.own), Rows.of(self.rows, self.by)
        columns = [c for c in (*_OF_EVERY_ROW, *SHAPE_KEYS[self.shape]) if c not in labels]
        columns += BOUNDS.values() if self.shape == "proportion" else ()
        columns += CASE_MIX_KEYS if self.has_case_mix else ()
        columns += ["covers"] if any(cell.covers for cell in rows.cells) else []
        columns += [name for name in ("spc", "funnel") if rows.lies_over(name)]
        return pd.DataFrame({name: rows.column(name) for name in (*labels, *columns)})

    def to_json(self) -> dict:
        """The object that `ask --format json` prints."""
        has_limits = any(row.spc for row in self.rows)
        answer = {
            "metric": self.metric,
            "unit": self.unit,
            "shape": self.shape,
            "selection": {"words": self.words, **self.selection.given()},
            "as_of": self.as_of,
            "disclosure": dict(self.disclosure),
            "rows": [row.to_json(self.shape, self.has_case_mix, has_limits) for row in self.rows],
            "left_out": dict(self.left_out),
        }
        if self.not_alike:
            answer["not_alike"] = [{"labels": dict(one.labels), "why": one.why} for one in self.not_alike]
        if set(self.by) & set(PERIOD_UNITS):
            answer["breaks"] = [
                {"month": one.month, "words": one.words, "labels": dict(one.labels), "is_break": one.is_break}
                for one in self.changes
            ]
        if self.spc_note:
            answer["spc_note"] = self.spc_note
        return answer
