"""The calendar of the store: months, quarters, financial years, and which periods hold which.

A month is `2024-05`, a quarter `2024-Q2` (calendar quarter, April to June 2024), a financial year `2024/25` (April to March).
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

ALL = "all"
LAST_FOUR = "last-4-quarters"
FORMS = "all, last-4-quarters, a financial year (2024/25), a quarter (2024-Q2) or a month (2024-05)"

# [0-9] and not \d, which would take digits of any script
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\Z")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])\Z")
_YEAR = re.compile(r"([0-9]{4})/([0-9]{2})\Z")


@lru_cache(maxsize=4096)
def kind(period: str) -> str:
    """`all`, `last`, `financial_year`, `quarter` or `month`; ValueError for anything else."""
    if period == ALL:
        return "all"
    if period == LAST_FOUR:
        return "last"
    for name, pattern in (("month", _MONTH), ("quarter", _QUARTER)):
        if pattern.match(period):
            return name
    year = _YEAR.match(period)
    if year and (int(year[1]) + 1) % 100 == int(year[2]):
        return "financial_year"
    raise ValueError(f"unknown period {period!r}: allowed are {FORMS}")


def quarter_of(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def year_of(month: str) -> str:
    """The financial year (April to March) of a month."""
    first = int(month[:4]) - (int(month[5:]) < 4)
    return f"{first}/{(first + 1) % 100:02d}"


def month_after(month: str, n: int = 1) -> str:
    """The month `n` months later (earlier when negative)."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + n
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


@lru_cache(maxsize=4096)
def _months_of(period: str) -> tuple[str, ...]:
    what = kind(period)
    if what == "month":
        return (period,)
    if what == "quarter":
        first = f"{period[:4]}-{int(period[6]) * 3 - 2:02d}"
        return tuple(month_after(first, i) for i in range(3))
    return tuple(month_after(f"{period[:4]}-04", i) for i in range(12))


def months_in(period: str) -> tuple[str, str]:
    """First and last month of a month, quarter or financial year, covered or not."""
    months = _months_of(period)
    return months[0], months[-1]


def in_words(period: str, calendar: "Calendar | None" = None) -> str:
    """A period as a reader says it: `April to June 2024`, `financial year 2024/25`."""
    what = kind(period)
    if what == "all":
        return "all periods" if calendar is None else f"{calendar.words}"
    if what == "last":
        return "the last four complete quarters" + (
            f" ({span_words(calendar.months(period))})" if calendar and calendar.months(period) else ""
        )
    if what == "financial_year":
        return f"financial year {period}"
    return span_words(_months_of(period))


def span_words(months: Iterable[str]) -> str:
    """First and last month in words: `April to June 2024`, `April 2021 to March 2026`."""
    ordered = sorted(months)
    first, last = ordered[0], ordered[-1]
    name = [f"{calendar.month_name[int(m[5:])]} {m[:4]}" for m in (first, last)]
    if first == last:
        return name[0]
    return f"{name[0][:-5] if first[:4] == last[:4] else name[0]} to {name[1]}"


@dataclass(frozen=True)
class Calendar:
    """The months that the store covers, and up to which month every day is covered.

    `first` and `last` are the months of the earliest data_from and the latest data_to; `whole_until` is the last month
    that ends on or before the latest data_to.
    """

    first: str
    last: str
    whole_until: str

    @cached_property
    def all_months(self) -> tuple[str, ...]:
        months = [self.first]
        while months[-1] < self.last:
            months.append(month_after(months[-1]))
        return tuple(months)

    @property
    def words(self) -> str:
        return span_words(self.all_months)

    @cached_property
    def last_four(self) -> tuple[str, ...]:
        """The last four quarters that end on or before the latest data_to, oldest first."""
        end = self.whole_until
        while int(end[5:]) % 3:
            end = month_after(end, -1)
        return tuple(quarter_of(month_after(end, -3 * i)) for i in range(3, -1, -1))

    def months(self, period: str) -> frozenset[str]:
        """The months of a period that the store covers; two periods with the same months are the same choice."""
        return _covered(self, period)

    def span(self, period: str) -> tuple[str, str]:
        """First and last month of a period as the calendar has it, covered or not."""
        what = kind(period)
        if what == "all":
            return self.first, self.last
        if what == "last":
            return _months_of(self.last_four[0])[0], _months_of(self.last_four[-1])[-1]
        months = _months_of(period)
        return months[0], months[-1]

    def units(self, unit: str, period: str) -> tuple[str, ...]:
        """The months, quarters or financial years of a period that the store covers, in order."""
        months = sorted(self.months(period))
        names: dict[str, Callable[[str], str]] = {"month": str, "quarter": quarter_of, "financial_year": year_of}
        name = names[unit]
        return tuple(dict.fromkeys(name(m) for m in months))

    def holding(self, months: frozenset[str]) -> tuple[str, ...]:
        """Every period that covers all of these months, narrowest first; of periods that cover the same, one.

        A financial year of which the store covers a part can lie inside the last four quarters, and then they hold it too.
        """
        if not months:
            return ()
        first = min(months)
        candidates = (first, quarter_of(first), year_of(first), LAST_FOUR, ALL)
        found = {self.months(p): p for p in reversed(candidates) if self.months(p) >= months}
        return tuple(p for p in candidates if p in found.values())


@lru_cache(maxsize=4096)
def _covered(calendar: Calendar, period: str) -> frozenset[str]:
    if kind(period) == "all":
        return frozenset(calendar.all_months)
    quarters = calendar.last_four if kind(period) == "last" else (period,)
    return frozenset(m for p in quarters for m in _months_of(p)) & frozenset(calendar.all_months)
