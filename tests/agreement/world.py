"""A delivery with its facts, its calendar and its closed lists of places and periods, and what it brings to each metric."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import recording
from catalogue import METRICS
from codes import CHILDREN, MONTH_DAYS
from facts import Journey, derive
from months import between, financial_year_of, month_of, quarter_of


@dataclass(frozen=True, eq=False)
class Unit:
    """One thing that a metric counts: whose it is, the month that places it in time, its own labels and what it says."""

    journey: Journey
    month: str
    labels: tuple
    what: object
    pair: tuple  # its service and the month


class World:
    """Everything known of a delivery under a threshold k: how many clients must hold a kind for it to be recorded."""

    def __init__(self, delivery, k):
        self.delivery = delivery
        self.recordings = recording.read(delivery, k)
        self.services = {row["service_id"]: row for row in delivery["service"]}
        self.journeys = self._derive()
        self._find_families()
        services = self.services.values()
        self.latest = max(row["data_to"] for row in services)
        self.months = between(month_of(min(row["data_from"] for row in services)), month_of(self.latest))
        self.places = self._places()
        self.periods = self._periods()
        self.rare_barriers = self._rare_barriers(k)
        self.found = {}

    def _derive(self):
        children = {table: defaultdict(list) for table in CHILDREN}
        for table in CHILDREN:
            for row in self.delivery.get(table) or []:
                children[table][row["service_id"], row["journey_id"]].append(row)
        return [
            derive(
                row,
                {table: children[table][row["service_id"], row["journey_id"]] for table in CHILDREN},
                self.recordings[row["service_id"]],
            )
            for row in self.delivery["journey"]
        ]

    def _find_families(self):
        """Every journey is told of the others of the same person, and where the services under its key end."""
        by_person = defaultdict(list)
        for journey in self.journeys:
            by_person[journey.person].append(journey)
        for journey in self.journeys:
            journey.family = by_person[journey.person]
            key = journey.service["client_key"]
            under = [row for row in self.services.values() if key and row["client_key"] == key] or [journey.service]
            journey.family_ends = min(row["data_to"] for row in under)

    def _places(self):
        """Every closed choice of a place, as the services that it covers."""
        places = {frozenset(self.services)} | {frozenset([service]) for service in self.services}
        return places | {self.of_commissioner(row["commissioner_code"]) for row in self.services.values()}

    def of_commissioner(self, code):
        return frozenset(name for name, row in self.services.items() if row["commissioner_code"] == code)

    def _periods(self):
        """Every closed choice of a period, as the months of the store that it covers."""
        names = {"all", "last-4-quarters", *self.months}
        names |= {quarter_of(month) for month in self.months} | {financial_year_of(month) for month in self.months}
        return {self.coverage(self.days(name)) for name in names} - {frozenset()}

    def days(self, period):
        """First and last day of a period; None for all."""
        if period == "all":
            return None
        if period == "last-4-quarters":
            return self._last_four_quarters()
        if "/" in period:
            year = int(period[:4])
            return date(year, 4, 1), date(year + 1, 3, 31)
        year, part = int(period[:4]), period[5:]
        first, n_months = ((int(part[1]) - 1) * 3 + 1, 3) if part.startswith("Q") else (int(part), 1)
        return date(year, first, 1), _before(year, first + n_months)

    def _last_four_quarters(self):
        year, quarter = self.latest.year + 1, 4
        while _before(year, quarter * 3 + 1) > self.latest:
            year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        last = _before(year, quarter * 3 + 1)
        first = date(year, 1, 1) if quarter == 4 else date(year - 1, quarter * 3 + 1, 1)
        return first, last

    def coverage(self, days):
        """The months of the store that lie in a period, given by its first and last day."""
        if days is None:
            return frozenset(self.months)
        return frozenset(month for month in self.months if month_of(days[0]) <= month <= month_of(days[1]))

    def once(self, function, *asked):
        """The function's answer about this world, worked out once for each question."""
        key = (function, *asked)
        if key not in self.found:
            self.found[key] = function(self, *asked)
        return self.found[key]

    def barriers(self, k):
        """The barriers of which k people have a reading; the others are one, `other`."""
        asked = defaultdict(set)
        for journey in self.journeys:
            for tool, item in journey.readings:
                if tool == "mbat":
                    asked[self.barrier_name(item)].add(journey.person)
        return sorted(item for item, people in asked.items() if len(people) >= k)

    def barrier_name(self, item):
        return "other" if item in self.rare_barriers else item

    def _rare_barriers(self, k):
        asked = defaultdict(set)
        for journey in self.journeys:
            for tool, item in journey.readings:
                if tool == "mbat":
                    asked[item].add(journey.person)
        return {item for item, people in asked.items() if len(people) < k}

    def brought(self, slug, within):
        """Everything that any journey brings to a metric: the units, and those left out by reason."""
        if (slug, within) not in self.found:
            self.found[slug, within] = self._brought(slug, MONTH_DAYS[str(within)])
        return self.found[slug, within]

    def brought_to(self, slug, within, pairs):
        """The units of `brought` that lie in these pairs of a service and a month."""
        by_pair = self.once(_by_pair, slug, within)
        return [unit for pair, units in by_pair.items() if pair in pairs for unit in units]

    def _brought(self, slug, horizon):
        metric = METRICS[slug]
        units, out = [], {reason: [] for reason in metric.why_left_out}
        for journey in self.journeys:
            brought = _why_not_recorded(metric, journey) or metric.bring(journey, horizon)
            if isinstance(brought, str):
                out[brought].append(_unit(journey, journey.month, (), None))
                continue
            for labels, what in brought:
                month = journey.month
                if metric.is_event_time:
                    what, happened_on = what
                    month = month_of(happened_on)
                if metric.own == ("barrier",):
                    labels = (self.barrier_name(labels[0]),)
                units.append(_unit(journey, month, labels, what))
        return units, out


def _unit(journey, month, labels, what):
    return Unit(journey, month, labels, what, (journey.row["service_id"], month))


def _by_pair(world, slug, within):
    found = defaultdict(list)
    for unit in world.brought(slug, within)[0]:
        found[unit.pair].append(unit)
    return found


def _why_not_recorded(metric, journey):
    if not journey.recording.has_ever(metric.needs):
        return "not_recorded"
    return None if journey.recording.has(metric.needs, journey.month) else "not_recorded_then"


def _before(year, month):
    """The day before the first of a month; month 13 is January of the next year."""
    return (date(year + 1, month - 12, 1) if month > 12 else date(year, month, 1)) - timedelta(days=1)


_worlds = {}


def world(delivery, k=8):
    """The facts of a delivery; those of the last few deliveries are kept."""
    if (id(delivery), k) not in _worlds:
        while len(_worlds) >= 4:
            del _worlds[next(iter(_worlds))]
        _worlds[id(delivery), k] = World(delivery, k)
    return _worlds[id(delivery), k]
