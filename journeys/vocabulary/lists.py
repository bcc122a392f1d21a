"""The closed lists of one store: its calendar, services, changes and loads; and the selection in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from journeys.vocabulary import calendar as periods
from journeys.vocabulary import dictionary
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence, lowered
from journeys.vocabulary.selection import BREAKDOWNS, MOST_BREAKDOWNS, Selection

DOORS = ("from_service", "to_service")
ON_NO_BASE = {"any age": {"age_band"}, "in work or not": {"employment_status", "start_rung"}}  # and what chooses it
PERIOD_UNITS = ("month", "quarter", "financial_year")
RECORDS = ("outcomes", "goals", "reasons", "contacts", "activities", "readings")


@dataclass(frozen=True)
class Service:
    """What a store knows of one service, to the month.

    `records` are the kinds that it records at some time, `since` and `until` the months of referral from and to which; `tools` are
    pairs of a kind of readings and a tool that shows it. What it does towards work is in codes; `unknown` where the service did not say.
    """

    service_id: str
    name: str
    commissioner: str
    commissioner_name: str
    model: str
    funding: str
    co_located: str
    records: frozenset[str]
    follows_up: bool
    first_month: str
    last_month: str
    complete_until: Mapping[int, str]
    early_from: Mapping[int, str]
    all_early: frozenset[int] = frozenset()
    since: Mapping[str, str] = field(default_factory=dict)
    until: Mapping[str, str] = field(default_factory=dict)
    tools: frozenset[tuple[str, str]] = frozenset()
    ended_month: str | None = None
    is_late: bool = False
    ages: str | None = None
    replaces: str | None = None
    support_offer: str = "unknown"
    employment_adviser_on_site: str = "unknown"
    staff_trained_in_employment_support: str = "unknown"
    jobcentre_link: str = "unknown"
    work_outcomes_asked_for: str = "unknown"
    work_outcomes_in_specification: str = "unknown"
    contract_from_month: str | None = None
    contract_to_month: str | None = None
    first_whole_month: str | None = None

    @property
    def whole_from(self) -> str:
        """The first month of which every day is covered."""
        return self.first_whole_month or self.first_month

    def records_in(self, kind: str, month: str) -> bool:
        """Whether the service recorded a kind for those referred in a month."""
        return kind in self.since and self.since[kind] <= month <= self.until[kind]


@dataclass(frozen=True)
class Lists:
    """The closed lists of one store: its calendar, services and barriers; codes come from the dictionary."""

    calendar: periods.Calendar
    services: Mapping[str, Service]
    barriers: tuple[str, ...]
    worked_out: dict = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # by others, of these lists alone

    @cached_property
    def commissioners(self) -> Mapping[str, str]:
        """Commissioner code to name, by name."""
        names = {s.commissioner: s.commissioner_name for s in self.services.values()}
        return dict(sorted(names.items(), key=lambda item: item[1].casefold()))

    def services_of(self, commissioner: str) -> frozenset[str]:
        return frozenset(s.service_id for s in self.services.values() if s.commissioner == commissioner)

    def services_with(self, dimension: str, code: str) -> frozenset[str]:
        """The services of a model, a funding or a co-location."""
        return frozenset(s.service_id for s in self.services.values() if getattr(s, dimension) == code)

    def where(self, selection: Selection) -> frozenset[str]:
        """The services that a selection covers."""
        if selection.service is not None:
            return frozenset((selection.service,))
        if selection.commissioner is not None:
            return self.services_of(selection.commissioner)
        return frozenset(self.services)

    def codes(self, label: str) -> tuple[str, ...]:
        """Every value of a label's closed list, in order; ValueError for a label that has no list."""
        if label in ("service", *DOORS):
            return tuple(self.services)
        if label == "commissioner":
            return tuple(self.commissioners)
        if label in PERIOD_UNITS:
            return self.calendar.units(label, periods.ALL)
        if label == "barrier":
            return self.barriers
        derived = dictionary.load().derived
        if label not in derived:
            raise ValueError(f"label {label!r} has no closed list: it cannot be shown")
        return tuple(code.code for code in derived[label])

    def own_codes(self, metric: Metric, label: str) -> tuple[str, ...]:
        """Every value that one of a metric's own labels can have, in order."""
        return metric.codes.get(label) or self.codes(label)

    def name(self, label: str, code: str) -> str:
        """What a screen calls a code."""
        words = dictionary.load()
        if label in ("service", *DOORS):
            return self.services[code].name
        if label == "commissioner":
            return self.commissioners[code]
        if label in PERIOD_UNITS:
            return periods.in_words(code)
        if label == "period":
            return periods.in_words(code, self.calendar)
        if label == "barrier":
            return words.item("mbat", code).label
        if label == "path":
            return path_words(code)
        if label == "item":
            return _item_words(code)
        return words.derived_label(label, code)

    def check(self, selection: Selection, by: Sequence[str]) -> None:
        """ValueError for a choice or breakdown that this store does not have; what the data hold plays no part."""
        _check_breakdowns(by)
        if selection.service is not None and selection.service not in self.services:
            raise ValueError(f"unknown service {selection.service!r}: the store has {', '.join(self.services)}")
        if selection.commissioner is not None and selection.commissioner not in self.commissioners:
            raise ValueError(
                f"unknown commissioner {selection.commissioner!r}: the store has {', '.join(self.commissioners)}"
            )
        for dimension, value in selection.cohort.items():
            if value not in self.codes(dimension):
                raise ValueError(f"unknown {dimension} {value!r}: allowed are {', '.join(self.codes(dimension))}")
        if not self.calendar.months(selection.period):
            raise ValueError(f"period {selection.period!r} lies outside the store, which covers {self.calendar.words}")


def _item_words(item: str) -> str:
    """The name of an item; one that several tools share (total) is named for what it is, as its tool stands beside it."""
    tools = dictionary.load().tools.values()
    labels = {tool.items[item].label for tool in tools if tool.any_item is None and item in tool.items}
    return labels.pop() if len(labels) == 1 else f"{item.replace('_', ' ').capitalize()} score"


def path_words(path: str) -> str:
    """A path of rung numbers by name: `1>3` is `Basic needs, then Learning and training`."""
    if path == "none":
        return "No further rung"
    rungs = dictionary.load().derived["rung"]
    return ", then ".join(rungs[int(n)].label for n in path.split(">"))


def _check_breakdowns(by: Sequence[str]) -> None:
    unknown = [d for d in by if d not in BREAKDOWNS]
    if unknown:
        raise ValueError(f"unknown breakdown {unknown[0]!r}: allowed are {', '.join(BREAKDOWNS)}")
    if len(by) > MOST_BREAKDOWNS:
        raise ValueError(f"{len(by)} breakdowns: at most {MOST_BREAKDOWNS} are allowed")
    if len(set(by)) < len(by):
        raise ValueError(f"breakdown {by[0]!r} is given twice")


@dataclass(frozen=True)
class ServiceChange:
    """A dated change of a service (to the month) worth showing on a chart over time."""

    service_id: str
    month: str
    title: str
    detail: str | None


@dataclass(frozen=True)
class LoadRecord:
    """One load: when, of which files (name to SHA-256), how many rows were read and refused, and under which definitions.

    `what` is `load`, or how something left the store: `remove`, `forget`.
    """

    loaded_at: str
    version: str
    files: Mapping[str, str]
    services: tuple[str, ...]
    rows_read: int
    rows_refused: int
    findings: Mapping[str, int]
    definitions: str = ""
    what: str = "load"


def selection_words(selection: Selection, lists: Lists, metric: Metric | None = None) -> str:
    """The selection as one plain sentence, e.g. `All services, April 2021 to March 2026, everyone referred, within 12 months`."""
    when = periods.in_words(selection.period, lists.calendar)
    parts = [_where(selection, lists), when, people_words(selection, lists.name)]
    if metric is None or metric.has_within:
        parts.append(f"within {selection.within} months")
    return ", ".join(parts)


def people_words(selection: Selection, names: Callable[[str, str], str]) -> str:
    """Who a title is about: `everyone referred`, `people of working age`, and of some people `those referred, gender: female`."""
    titles = dictionary.load().titles
    base = "those referred" if selection.base == "all" and selection.cohort else BASES[selection.base].people
    cohort = [f"{lowered(titles[d])}: {in_a_sentence(d, names(d, v))}" for d, v in selection.cohort.items()]
    return ", ".join([base, *cohort])


def short_people(selection: Selection) -> str:
    """The same in a few words, beside other bases: `everyone`, `working age`, and of some people what no base narrows: `any age, in work or not`."""
    if selection.base != "all" or not selection.cohort:
        return BASES[selection.base].short
    return ", ".join(words for words, by in ON_NO_BASE.items() if not by & set(selection.cohort)) or "all of these"


def _where(selection: Selection, lists: Lists) -> str:
    if selection.service is not None:
        return lists.name("service", selection.service)
    if selection.commissioner is not None:
        return f"Services of {lists.name('commissioner', selection.commissioner)}"
    return "All services"
