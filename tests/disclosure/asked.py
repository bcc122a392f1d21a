"""A family of closed selections, every answer to them, and the exact counts behind: what the attacker asks, and the truth to judge by.

An atom is a service, a financial year, a gender, ...; a cell is a selection, which holds atoms.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from tempfile import TemporaryDirectory

import duckdb

from journeys import Selection
from journeys.vocabulary import metrics
from journeys.vocabulary.horizons import DAYS
from tests.in_words import in_words

Atom = tuple[str, ...]
ANY = "any"
CURVE_MONTHS = tuple(DAYS)
COUNT, PROPORTIONS, CURVE, CHANGE = (
    "referrals",
    ("engaged", "stepping_stone"),
    "time_to_stepping_stone",
    "wellbeing_change",
)
TOOL = ("swemwbs", "total")
# a metric whose own label is also a dimension of people: the same numbers under a second name
SECOND_NAMES = {"referral_sources": ("source", "referral_source")}
_START = "(left(month, 4)::int - (right(month, 2) < '04')::int)"
FINANCIAL_YEAR = f"{_START} || '/' || lpad((({_START} + 1) % 100)::varchar, 2, '0')"
EXACT = {
    "referrals": ("count",),
    "engaged": ("numerator", "denominator"),
    "stepping_stone": ("numerator", "denominator"),
    "wellbeing_change": ("first", "pairs", "improved", "same", "worse", "sum_first", "sum_latest"),
}


@dataclass(frozen=True)
class Family:
    """The selections that are asked: where, when, and one value each of some cohort dimensions, or any."""

    where: Mapping[str, frozenset[str]]  # all, commissioners and services to the services of each
    when: tuple[str, ...]  # all, then financial years
    cohorts: Mapping[str, tuple[str, ...]]
    recorded: Mapping[str, frozenset[tuple[str, str]]]  # of each metric, the services and years where it is recorded

    @property
    def services(self) -> list[str]:
        return [name for name, services in self.where.items() if services == {name}]

    @property
    def atoms(self) -> list[Atom]:
        pairs = [pair for pair in product(self.services, self.when[1:]) if pair in self.recorded[COUNT]]
        return [(*pair, *values) for pair in pairs for values in product(*self.cohorts.values())]

    @property
    def cells(self) -> list[Atom]:
        """Every selection: where, when and a value or any of each dimension."""
        return list(product(self.where, self.when, *((ANY, *values) for values in self.cohorts.values())))

    def holds(self, cell: Atom, atom: Atom) -> bool:
        where, when, *values = cell
        is_placed = atom[0] in self.where[where] and when in ("all", atom[1])
        return is_placed and all(v in (ANY, a) for v, a in zip(values, atom[2:], strict=True))

    def wider(self, cell: Atom) -> Iterator[Atom]:
        """Every selection with one or more choices widened."""
        where, when, *values = cell
        places = [name for name, services in self.where.items() if services >= self.where[where]]
        times = dict.fromkeys((when, "all"))
        ways = product(places, times, *(dict.fromkeys((v, ANY)) for v in values))
        return (way for way in ways if way != cell)


def family(store, cohorts: Sequence[str]) -> Family:
    """All services, each commissioner and service; all times and each financial year; the values of some cohort dimensions."""
    lists = store.lists
    where = {"all": frozenset(lists.services)}
    where |= {code: lists.services_of(code) for code in lists.commissioners}
    where |= {name: frozenset([name]) for name in lists.services}
    years = tuple(lists.codes("financial_year"))
    recorded = {slug: _recorded(lists, metrics.get(slug).needs, years) for slug in (COUNT, *PROPORTIONS, CURVE, CHANGE)}
    return Family(where, ("all", *years), {d: tuple(lists.codes(d)) for d in cohorts}, recorded)


def _recorded(lists, needs: Sequence[str], years: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Service and financial year: where the store can hold what a metric needs. No secret: every page says so."""
    pairs = set()
    for name, service in lists.services.items():
        if set(needs) <= service.records:
            first = max([service.first_month, *(service.since[kind] for kind in needs)])
            last = min([service.last_month, *(service.until[kind] for kind in needs)])
            pairs |= {(name, year) for year in years if first <= last and _year(first) <= year <= _year(last)}
    return frozenset(pairs)


def _year(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    start = year if number >= 4 else year - 1
    return f"{start}/{(start + 1) % 100:02d}"


@dataclass
class Answers:
    """Every row of every answer, by metric and cell; of a metric with labels of its own, by these too."""

    rows: dict[tuple, object] = field(default_factory=dict)
    left_out: dict[tuple[str, Atom], Mapping[str, int | None]] = field(default_factory=dict)


def ask_all(store, of: Family, slugs: Iterable[str]) -> Answers:
    """A cell of a breakdown is the same question as the selection that names it: breakdowns in place of many questions."""
    found = Answers()
    dimensions = ("service", "commissioner", *of.cohorts)
    slugs = list(slugs)
    for slug in set(slugs) & set(SECOND_NAMES):
        _ask_by_second_name(store, of, slug, found)
        slugs.remove(slug)
    for slug, when, (where, chosen, by) in product(slugs, of.when, list(_questions(of, dimensions))):
        cohort = {d: v for d, v in zip(of.cohorts, chosen, strict=True) if v != ANY and d not in by}
        answer = store.ask(slug, Selection(period=when, cohort=cohort, **placed(of, where)), by)
        own = [name for name in ("months", "tool", "item") if name in answer.rows[0].labels]
        for row in answer.rows:
            place = row.labels.get("service") or row.labels.get("commissioner") or where
            values = tuple(row.labels.get(d, cohort.get(d, ANY)) for d in of.cohorts)
            found.rows[slug, (place, when, *values), tuple(row.labels[name] for name in own)] = row
        if not by:
            found.left_out[slug, (where, when, *chosen)] = answer.left_out
    return found


def _ask_by_second_name(store, of: Family, slug: str, found: Answers) -> None:
    """Every answer whose own label names one more choice: a row stands for the cell in which that choice is made."""
    label, dimension = SECOND_NAMES[slug]
    for cell in of.cells:
        where, when, *chosen = cell
        cohort = {d: v for d, v in zip(of.cohorts, chosen, strict=True) if v != ANY}
        if dimension not in cohort:
            for row in store.ask(slug, Selection(period=when, cohort=cohort, **placed(of, where))).rows:
                found.rows[slug, cell, (row.labels[label],)] = row


def _questions(of: Family, dimensions: Sequence[str]) -> Iterator[tuple[str, tuple, tuple]]:
    """Up to two breakdowns, the other dimensions chosen; together they give every cell of the family."""
    for place in ("all", "service", "commissioner"):
        for n in range(len(of.cohorts) + 1):
            for broken in combinations(of.cohorts, n):
                by = tuple(d for d in (place, *broken) if d != "all")
                if len(by) <= 2:
                    yield "all", tuple(ANY for _ in of.cohorts), by
                else:
                    kept = by[:2]
                    for values in product(*(of.cohorts[d] if d in by[2:] else (ANY,) for d in of.cohorts)):
                        yield "all", values, kept


def placed(of: Family, where: str) -> dict[str, str]:
    if where == "all":
        return {}
    return {"service": where} if of.where[where] == {where} else {"commissioner": where}


# --- the truth, from the same SQL over the whole store ---------------------------------------------------------------


def exact(path, slug: str, of: Family, days: int = 365) -> dict[Atom, dict[str, float]]:
    """Exact counts of a metric by atom: its own SQL over every row, with the atom for a label."""
    sql = metrics.get(slug).sql
    key = " || '|' || ".join(("service_id", FINANCIAL_YEAR, *of.cohorts))
    with TemporaryDirectory() as folder, duckdb.connect(shutil.copy(path, folder), read_only=True) as connection:
        tables = {t for (t,) in connection.sql("select distinct table_name from information_schema.columns").fetchall()}
        named = set(re.findall(r"\bselected\w*", sql))
        ctes = [
            f"{name} as (select *, {key} as by_1, null as by_2, 0 as part, {days} as horizon from {in_words(table)})"
            for name in sorted(named)
            if (table := name.removeprefix("selected").removeprefix("_") or "journey") in tables
        ]
        rows = (
            connection.sql(f"with {', '.join(ctes)} select * from (\n{sql}\n) as answer").to_arrow_table().to_pylist()
        )
    found: dict[Atom, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        counts = found[tuple(row["by_1"].split("|"))]
        if slug == CURVE:
            _add_wait(counts, row)
        elif slug == CHANGE and (row["tool"], row["item"]) != TOOL:
            counts["journeys"] += row["journeys"] or 0
        else:
            for name in EXACT[slug]:
                counts[name] += row[name] or 0
    return found


def _add_wait(counts: dict[str, float], row: Mapping) -> None:
    counts["total"] += row["events"] + row["competing"] + row["censored"]
    for months in CURVE_MONTHS:
        if row["day"] <= DAYS[months]:
            for name in ("events", "competing", "censored"):
                counts[f"{name} {months}"] += row[name]
