"""What leaves the store: labels from closed lists and protected counts, with the statistics computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from journeys.vocabulary.selection import Selection

SHOWN, HIDDEN, NOT_RECORDED, TOO_EARLY = "shown", "hidden", "not_recorded", "too_early"
SHAPE_KEYS = {
    "count": ("count",),
    "proportion": ("numerator", "denominator", "rate", "low", "high"),
    "waiting": ("months", "at_risk", "events", "competing", "censored", "incidence", "low", "high"),
    "change": (
        "journeys",
        "first",
        "pairs",
        "improved",
        "same",
        "worse",
        "mean_first",
        "mean_latest",
        "mean_change",
        "sd_change",
        "low",
        "high",
    ),
}


@dataclass(frozen=True)
class Row:
    """One cell of an answer: its labels, its state, and by shape the keys of SHAPE_KEYS; what cannot be given is None.

    `why` is `few` or `most` when only the numerator is hidden. `spc` and `funnel` are mappings or None.
    """

    labels: Mapping[str, str]
    state: str
    why: str | None = None
    complete: bool | None = None
    count: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    months: int | None = None
    at_risk: int | None = None
    events: int | None = None
    competing: int | None = None
    censored: int | None = None
    incidence: float | None = None
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
    expected: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    spc: Mapping | None = None
    funnel: Mapping | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))

    def __reduce__(self):
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return _row, ({**values, "labels": dict(self.labels)},)

    @property
    def is_shown(self) -> bool:
        return self.state == SHOWN

    def to_json(self, shape: str, has_case_mix: bool = False) -> dict:
        """The row as interface.md spells it."""
        row = {"labels": dict(self.labels), "state": self.state, "complete": self.complete}
        if self.why:
            row["why"] = self.why
        row |= {key: getattr(self, key) for key in SHAPE_KEYS[shape]}
        if has_case_mix:
            row |= {key: getattr(self, key) for key in ("expected", "ratio", "ratio_low", "ratio_high")}
        row |= {key: dict(getattr(self, key)) for key in ("spc", "funnel") if getattr(self, key) is not None}
        return row


def _row(values: dict) -> Row:
    return Row(**values)


@dataclass(frozen=True)
class Released:
    """The answer to one question.

    `by` are the breakdown dimensions, `own` the metric's own labels; `left_out` maps a reason to a rounded count or None;
    `disclosure` holds k and the rounding base; `as_of` is the latest month of the data.
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
    rows: tuple[Row, ...]
    left_out: Mapping[str, int | None] = field(default_factory=dict)
    spc_note: str | None = None
    has_case_mix: bool = False
    version: str = ""
    is_synthetic: bool = False

    def row(self, **labels: str) -> Row:
        """The one row with these labels; LookupError when there is none."""
        for row in self.rows:
            if all(row.labels.get(name) == value for name, value in labels.items()):
                return row
        raise LookupError(f"{self.metric} has no row with {labels}")

    def frame(self):
        """A pandas DataFrame: a column per label, then state, why, complete and the keys of the shape."""
        import pandas as pd

        columns = ["state", "why", "complete", *SHAPE_KEYS[self.shape]]
        columns += ["expected", "ratio", "ratio_low", "ratio_high"] if self.has_case_mix else []
        labels = (*self.by, *self.own)
        columns = [c for c in columns if c not in labels]
        values = [[*(r.labels[n] for n in labels), *(getattr(r, c) for c in columns)] for r in self.rows]
        return pd.DataFrame(values, columns=[*labels, *columns])

    def to_json(self) -> dict:
        """The object that `ask --format json` prints."""
        answer = {
            "metric": self.metric,
            "unit": self.unit,
            "shape": self.shape,
            "selection": {"words": self.words, **self.selection.given()},
            "as_of": self.as_of,
            "disclosure": dict(self.disclosure),
            "rows": [row.to_json(self.shape, self.has_case_mix) for row in self.rows],
            "left_out": dict(self.left_out),
        }
        if self.spc_note:
            answer["spc_note"] = self.spc_note
        return answer
