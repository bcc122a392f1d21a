"""The selection: one value that says which journeys are asked about, spelt the same everywhere.

It is made in one place, is hashable, and is its own cache key together with the store's version.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from journeys.vocabulary import calendar
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.horizons import DAYS, WITHIN

COHORT_DIMENSIONS = (
    "model",
    "funding",
    "co_located",
    "age_band",
    "gender",
    "ethnic_group",
    "imd_quintile",
    "long_term_conditions",
    "employment_status",
    "referral_source",
    "main_reason",
)
BREAKDOWNS = (
    "service",
    "commissioner",
    "model",
    "funding",
    "co_located",
    "quarter",
    "financial_year",
    "month",
    "age_band",
    "gender",
    "ethnic_group",
    "imd_quintile",
    "long_term_conditions",
    "employment_status",
    "referral_source",
    "main_reason",
    "work_goal",
    "start_rung",
)
# what the store's tables of events hold of a journey as the number of its code
CODED = (
    "gender",
    "ethnic_group",
    "imd_quintile",
    "long_term_conditions",
    "referral_source",
    "main_reason",
    "work_goal",
)
MOST_COHORT = 3
MOST_BREAKDOWNS = 2
LINK_VERSION = "1"


class Cohort(Mapping[str, str]):
    """A read-only, hashable mapping of cohort dimension to one value, in the order of COHORT_DIMENSIONS."""

    __slots__ = ("_pairs",)
    _pairs: tuple[tuple[str, str], ...]

    def __init__(self, pairs: Mapping[str, str] | None = None) -> None:
        given = dict(pairs or {})
        unknown = [d for d in given if d not in COHORT_DIMENSIONS]
        if unknown:
            raise ValueError(f"unknown cohort dimension {unknown[0]!r}: allowed are {', '.join(COHORT_DIMENSIONS)}")
        if len(given) > MOST_COHORT:
            raise ValueError(f"{len(given)} cohort choices: at most {MOST_COHORT} are allowed")
        object.__setattr__(self, "_pairs", tuple((d, str(given[d])) for d in COHORT_DIMENSIONS if d in given))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a cohort does not change")

    def __getitem__(self, dimension: str) -> str:
        return dict(self._pairs)[dimension]

    def __iter__(self) -> Iterator[str]:
        return (d for d, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return repr(dict(self._pairs))

    def __reduce__(self):
        return Cohort, (dict(self._pairs),)


@dataclass(frozen=True)
class Selection:
    """One choice from each closed list: period, where (service or commissioner), base, cohort, within (months).

    Raises ValueError for a choice that no store could allow; whether a service or code exists is checked when it is asked.
    """

    period: str = calendar.ALL
    service: str | None = None
    commissioner: str | None = None
    cohort: Mapping[str, str] = Cohort()
    base: str = "all"
    within: int = 12

    def __post_init__(self) -> None:
        object.__setattr__(self, "cohort", Cohort(self.cohort))
        calendar.kind(self.period)
        if self.service is not None and self.commissioner is not None:
            raise ValueError("a service and a commissioner were both chosen: choose one, or neither for all services")
        if self.base not in BASES:
            raise ValueError(f"unknown base {self.base!r}: allowed are {', '.join(BASES)}")
        if self.within not in WITHIN:
            raise ValueError(f"unknown horizon {self.within!r}: allowed are {', '.join(map(str, WITHIN))} months")

    @property
    def days(self) -> int:
        """The horizon in days (12 months = 365)."""
        return DAYS[self.within]

    def but(self, **changes: Any) -> "Selection":
        """The same selection with some choices changed; choosing a service drops the commissioner and the reverse."""
        if changes.get("service"):
            changes.setdefault("commissioner", None)
        if changes.get("commissioner"):
            changes.setdefault("service", None)
        return replace(self, **changes)

    def given(self) -> dict:
        """The selection as plain values, for JSON."""
        return {
            "period": self.period,
            "service": self.service,
            "commissioner": self.commissioner,
            "cohort": dict(self.cohort),
            "base": self.base,
            "within": self.within,
        }

    def to_query(self) -> dict[str, str | list[str]]:
        """Address parameters; every value is written out so that a link keeps its meaning when a default moves."""
        query: dict[str, str | list[str]] = {"v": LINK_VERSION, "period": self.period}
        if self.service is not None:
            query["service"] = self.service
        if self.commissioner is not None:
            query["commissioner"] = self.commissioner
        query["base"] = self.base
        query["within"] = str(self.within)
        if self.cohort:
            query["cohort"] = [f"{d}={v}" for d, v in self.cohort.items()]
        return query

    @classmethod
    def from_query(
        cls, query: Mapping[str, str | list[str]], others: Iterable[str] = ()
    ) -> tuple["Selection", tuple[str, ...]]:
        """The selection in an address, and what of it was not understood (in words) and therefore dropped; `others` are names that are somebody else's."""
        known = (*_CHOICES, "v", *others)
        dropped = [f"{name} (no choice has that name)" for name in query if name not in known]
        chosen = cls()
        for name, value in _choices(query):
            try:
                chosen = _with_choice(chosen, name, value)
            except ValueError as error:
                dropped.append(f"{name}={value} ({error})")
        return chosen, tuple(dropped)

    def wider(self) -> tuple["Selection", ...]:
        """The next wider selections, one choice widened each; the first to offer when an answer is hidden."""
        steps = [replace(self, cohort={k: v for k, v in self.cohort.items() if k != d}) for d in self.cohort]
        if self.period != calendar.ALL:
            steps.append(self.but(period=calendar.ALL))
        if self.service is not None or self.commissioner is not None:
            steps.append(replace(self, service=None, commissioner=None))
        if self.base != "all":
            steps.append(self.but(base="working_age" if self.base == "out_of_work" else "all"))
        return tuple(steps)


_CHOICES = ("period", "service", "commissioner", "base", "within", "cohort")


def _choices(query: Mapping[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    for name in _CHOICES:
        values = query.get(name, [])
        for value in [values] if isinstance(values, str) else values:
            yield name, value


def _with_choice(selection: Selection, name: str, value: str) -> Selection:
    if name == "within":
        if value not in map(str, WITHIN):
            raise ValueError(f"allowed are {', '.join(map(str, WITHIN))} months")
        return replace(selection, within=int(value))
    if name == "cohort":
        dimension, _, code = value.partition("=")
        return replace(selection, cohort={**selection.cohort, dimension: code})
    choice: dict[str, Any] = {name: value}
    return replace(selection, **choice)
