"""The published figures as printed, the metric here that comes nearest to each, and a check of their arithmetic.

The figures are held in data/reference/published_evidence.csv as they were printed, most from the Work Foundation's "Embedding work
and related outcomes into social prescribing" (2018/19); how each is read, and every source, is data too, in published_matches.toml.
"""

import csv
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reference"
FIGURES, MATCHES = FOLDER / "published_evidence.csv", FOLDER / "published_matches.toml"
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_READ = tomllib.loads(MATCHES.read_text(encoding="utf-8"))
REPORT: str = _READ["sources"]["work-foundation"]["title"]
COUNTED: Mapping[str, str] = _READ["counted"]  # what the report counts, in words, by the name that the file gives it
MADE_AFTER: Mapping[str, str] = _READ["made_after"]  # the invented service of the sample made after a published one


@dataclass(frozen=True)
class Published:
    """One figure as printed; what was not printed is None."""

    service: str
    place: str
    metric: str
    numerator: int | None
    denominator: int | None
    unit: str
    period: str
    printed: str
    section: str
    source: str
    note: str

    @property
    def share(self) -> float | None:
        """Numerator over denominator, 0 to 1, where both are printed."""
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Wilson 95% of the printed counts, which are taken as exact; (None, None) where one is not printed or the base is only a bound."""
        if self.numerator is None or not self.denominator or self.is_at_most:
            return None, None
        return proportions.wilson(self.numerator, self.denominator)

    @property
    def is_at_most(self) -> bool:
        """Whether the printed base is a lower bound, so that the share is an upper one."""
        return "upper bound" in self.note

    @property
    def name(self) -> str:
        """Service and period, short enough for an axis."""
        return f"{_READ['short'].get(self.service, self.service)}, {self.period.replace('-', ' to ')}"


@dataclass(frozen=True)
class Match:
    """Our metric that comes nearest to a published figure, on the base and horizon that come nearest; `metric` is '' where nothing does.

    `bases` says how the bases differ; `beside`, that both count the same thing, in different units, so that ours may be said beside it.
    """

    metric: str
    bases: str
    labels: Mapping[str, str] = field(default_factory=dict)
    base: str = "all"
    within: int = 12
    beside: bool = False

    @property
    def unit(self) -> str:
        return metrics.get(self.metric).unit if self.metric else ""

    def selection(self, chosen: Selection) -> Selection:
        """The reader's selection on the base and horizon of the match."""
        return chosen.but(base=self.base, within=self.within)


@cache
def published() -> tuple[Published, ...]:
    """Every published figure, in the order of the file."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return tuple(_published(row) for row in csv.DictReader(file))


def _published(row: Mapping[str, str]) -> Published:
    texts = {
        name: row[name]
        for name in ("service", "place", "metric", "unit", "period", "printed", "section", "source", "note")
    }
    return Published(numerator=_whole(row["numerator"]), denominator=_whole(row["denominator"]), **texts)


def _whole(text: str) -> int | None:
    return int(text) if text else None


def match(row: Published) -> Match:
    """The nearest match of a published figure; ValueError for one that nobody has matched yet."""
    for near in _READ["match"]:
        if all(near.get(name, getattr(row, name)) == getattr(row, name) for name in ("service", "metric", "unit")):
            return Match(
                near.get("ours", row.metric),
                near["bases"],
                near.get("labels", {}),
                near.get("base", "all"),
                near.get("within", 12),
                near.get("beside", False),
            )
    raise ValueError(f"no match is given for {row.metric!r} in {row.unit!r}: add one to {MATCHES.name}")


def is_comparable(row: Published) -> bool:
    """Whether ours may be said beside it: the same thing, though clients are not journeys."""
    return match(row).beside


def source(row: Published) -> Mapping[str, str]:
    """Title and link of where a figure is printed."""
    return _READ["sources"][row.source]


def sources(rows: Iterable[Published]) -> tuple[str, ...]:
    """The titles of the sources of these figures, once each."""
    return tuple(dict.fromkeys(source(row)["title"] for row in rows))


def stays_out() -> tuple[str, ...]:
    """What was looked for and is not shown, because no print of it could be found that can be cited."""
    return tuple(_READ["stays_out"])


def axis_unit(units: Iterable[str]) -> str:
    """The one unit of an axis. ValueError when there are several: a share of goals beside a share of people misleads."""
    found = list(dict.fromkeys(units))
    if len(found) != 1:
        words = ", ".join(found) or "none"
        raise ValueError(
            f"one axis takes one unit, got {words}: draw journeys, goals, issues, referrals and the like apart"
        )
    return found[0]


def comparisons() -> dict[str, tuple[Published, ...]]:
    """Our metrics that published figures may stand beside, each with those figures, in the order of the file."""
    found: dict[str, list[Published]] = {}
    for row in published():
        if is_comparable(row):
            found.setdefault(match(row).metric, []).append(row)
    return {metric: tuple(rows) for metric, rows in found.items()}


def apart() -> tuple[Published, ...]:
    """The published figures that nothing here may stand beside."""
    return tuple(row for row in published() if not is_comparable(row))


def matches(rows: Sequence[Published]) -> tuple[Match, ...]:
    """The different bases and horizons on which ours has to be asked for these figures."""
    found = {(m.metric, m.base, m.within, *sorted(m.labels.items())): m for m in map(match, rows)}
    return tuple(found.values())


# --- the arithmetic of the print --------------------------------------------------------------------------------------


def check(row: Published) -> str:
    """What the printed numbers give when worked again, in words; empty where there is nothing to work with."""
    said = [_recomputed(row), _implied_base(row), *_twice(row), _parts(row)]
    return "; ".join(words for words in said if words)


def _printed_percent(row: Published) -> tuple[float, int] | None:
    """The printed per cent and its number of decimals."""
    found = _PERCENT.fullmatch(row.printed)
    return (float(found[1]), len(found[1].partition(".")[2])) if found else None


def is_off(row: Published) -> bool:
    """Whether the printed counts do not round to the printed per cent."""
    printed = _printed_percent(row)
    if row.share is None or printed is None:
        return False
    value, decimals = printed
    return abs(100 * row.share - value) > 0.5 * 10**-decimals + 1e-9


def _recomputed(row: Published) -> str:
    if row.share is None or row.numerator is None or row.denominator is None:
        return ""
    worked = f"{row.numerator:,} of {row.denominator:,} is {'at most ' * row.is_at_most}{per_cent(row.share)}"
    if is_off(row):
        return f"{worked}, which does not round to the printed {row.printed}"
    return f"{worked}, printed as {row.printed}" if row.printed else worked


def per_cent(share: float) -> str:
    return f"{100 * share:.2f}".removesuffix("0") + "%" if share < 0.01 else f"{100 * share + 1e-9:.1f}%"


def _implied_base(row: Published) -> str:
    """The bases that would round to the printed per cent, where only the numerator is printed."""
    printed = _printed_percent(row)
    if row.numerator is None or row.denominator or printed is None:
        return ""
    value, half = printed[0], 0.5 * 10 ** -printed[1]
    least = math.ceil(100 * row.numerator / (value + half))
    most = math.floor(100 * row.numerator / (value - half))
    return f"{row.numerator:,} at {row.printed} would need a base of {least:,} to {most:,}"


def _twice(row: Published) -> list[str]:
    """The same count printed over another base."""
    return [
        f"the same {row.numerator} are also printed over {other.denominator:,} ({_READ['short'].get(other.service, other.service)})"
        for other in published()
        if _is_same(row, other) and other.numerator == row.numerator and other.denominator != row.denominator
    ]


def _is_same(row: Published, other: Published) -> bool:
    return (row.place, row.metric, row.unit, row.period) == (other.place, other.metric, other.unit, other.period)


def _parts(row: Published) -> str:
    """Whether the years of a service add up to the figure of all its years."""
    years = [
        other
        for other in published()
        if other.service == row.service and other.metric == row.metric and other is not row
    ]
    is_whole = len(years) > 1 and "-" in row.period and row.period.split("-") == [other.period for other in years]
    if not is_whole:
        return ""
    sums = sum(y.numerator or 0 for y in years), sum(y.denominator or 0 for y in years)
    return "its years add up to it" if sums == (row.numerator, row.denominator) else "its years do not add up to it"


def is_part(row: Published) -> bool:
    """Whether the figure is one year of another one."""
    mine = [other for other in published() if (other.service, other.metric) == (row.service, row.metric)]
    return any("-" in other.period and row.period in other.period.split("-") for other in mine)
