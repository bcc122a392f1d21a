"""Building the next version of a store beside the current one, and pointing to it: loads, and what leaves the store.

The pointer moves last and in one step, so whatever happens on the way (a refused row, a full disk, a killed process) the
old version stays whole and current. A delivery is read, checked and worked out before the store is locked.
"""

import contextlib
import hashlib
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from journeys.answer.rule import Rule
from journeys.intake import read as intake
from journeys.intake.findings import Report
from journeys.store import codes, comparison, forgotten, joined, kept, tables
from journeys.store.client_key import NAME as KEY_NAME
from journeys.store.client_key import client_key, key_file
from journeys.store.comparison import Comparison
from journeys.store.folder import STORE, folder_of
from journeys.store.next import Entry, Next, Previous, previous_of
from journeys.store.tables import Progress
from journeys.store.versions import alone, publish, rollback, sweep, sweep_if_free
from journeys.store.work import LoadError, explained, workplace
from journeys.vocabulary.calendar import in_words

__all__ = ["LoadError", "Loaded", "load", "rollback"]

SHARE_OF_INTAKE = 0.35
SHARE_OF_FACTS = 0.55
Ask = Callable[[Comparison], bool]
ReportTo = Callable[[Report, duckdb.DuckDBPyConnection], object]


@dataclass(frozen=True)
class Loaded:
    """What a load did: the report of what was read, what it changes beside what was held (None where nothing could be loaded), and
    the version now current (None when nothing changed). `is_done` is False when the load was refused or stopped."""

    report: Report
    version: str | None
    note: str
    is_done: bool = True
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Wanted:
    """How a load is asked for; the specification's interface says what each means."""

    accept_valid: bool
    latest_wins: bool
    is_dry: bool
    is_meant: bool
    k: int | None
    base: int | None
    mapping: Path | None

    def rule(self, kept: Rule) -> Rule:
        """The disclosure rule: what is asked for, else what the store keeps. ValueError when it is not allowed."""
        return Rule(kept.k if self.k is None else self.k, kept.base if self.base is None else self.base)


def load(
    deliveries: Sequence[Path],
    store: str | Path | None = None,
    *,
    accept_valid: bool = False,
    latest_wins: bool = False,
    is_dry: bool = False,
    is_meant: bool = False,
    k: int | None = None,
    base: int | None = None,
    mapping: Path | None = None,
    wait_seconds: float = 600,
    progress: Progress | None = None,
    report_to: ReportTo | None = None,
    ask: Ask | None = None,
) -> Loaded:
    """Validate deliveries and make them the next version of the store; they replace all earlier data of their services.

    Nothing changes if any row is refused, unless `accept_valid`; nor if what is held would be lost (Comparison.stops), unless
    `is_meant` or `ask` says yes; nor with `is_dry`. `latest_wins` makes one of several deliveries of a service. `k` and `base` set
    the disclosure rule; without them the store keeps its own. `report_to` gets the report and the connection while the findings can still be read.
    Raises LoadError (another load is running, no space, another client key, codes that look alike, a check that fails), StoreError
    (the current store is damaged) and ValueError (no delivery at a path, a mapping that does not fit, a rule that is not allowed).
    """
    wanted = Wanted(accept_valid, latest_wins, is_dry, is_meant, k, base, mapping)
    wanted.rule(Rule())
    folder = folder_of(store)
    with explained(folder):
        sweep_if_free(folder)
        previous = previous_of(folder)  # a damaged store is said before the long work
        k = wanted.rule(previous.rule if previous else Rule()).k
        with workplace(folder) as work:
            one = Load(folder, work, wanted, k, wait_seconds, progress or (lambda share, doing: None))
            return one.run(deliveries, report_to, ask)


class Load:
    """One load, from deliveries to the pointer; until that, all of it is in a folder of its own."""

    sort = STORE  # of the folder that it writes to

    def __init__(
        self, folder: Path, work: Path, wanted: Wanted, k: int, wait_seconds: float, progress: Progress
    ) -> None:
        self.folder, self.work, self.wanted, self.k = folder, work, wanted, k
        self.wait_seconds, self.progress = wait_seconds, progress
        self.key = self._key()

    def _key(self) -> str:
        """Two first loads at once must not make two keys."""
        if key_file(self.folder).exists() or os.environ.get(KEY_NAME):
            return client_key(self.folder)
        if self.wanted.is_dry:
            return secrets.token_hex(32)  # nothing of this is kept
        with self.alone():
            return client_key(self.folder)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with alone(self.folder, self.wait_seconds, lambda words: self.progress(0.0, words)):
            sweep(self.folder)
            yield

    def run(self, deliveries: Sequence[Path], report_to: ReportTo | None, ask: Ask | None) -> Loaded:
        with contextlib.closing(tables.connected(self.work, self.key)) as connection:
            report = self.read(connection, deliveries)
            if report_to:
                report_to(report, connection)
            services = tables.column(connection, "select distinct service_id from delivery.service order by 1")
            refusal = why_not(report, services, self.wanted.accept_valid)
            if refusal:
                return Loaded(report, None, f"Nothing was loaded: {refusal}", is_done=False)
            return Worked(self, connection, worked_out(self, connection, report, services)).compared_and_published(ask)

    def put(self, made: Path, version: str) -> None:
        """Make what was built the current version."""
        publish(made, self.folder, version, lambda: kept.ask_again(self.folder, version))

    def read(self, connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Path]) -> Report:
        return intake.read(
            deliveries,
            connection,
            mapping=self.wanted.mapping,
            progress=lambda share, doing: self.progress(SHARE_OF_INTAKE * share, doing),
            work=self.work,
            is_joined=self.wanted.latest_wins,
        )


@dataclass(frozen=True)
class Facts:
    """What is known of deliveries when the facts of their journeys stand in `next`."""

    report: Report
    services: Sequence[str]
    people: Sequence[int]
    joined: tuple[str, ...]
    n_left_out: int


def worked_out(load: Load, connection: duckdb.DuckDBPyConnection, report: Report, services: Sequence[str]) -> Facts:
    """The facts of what was read, without the people who are to be forgotten. LoadError where deliveries cannot be joined."""
    people = forgotten.listed(load.folder, load.key, load.sort)
    found = Facts(report, services, people, joined.join(connection), forgotten.leave_out(connection, people))
    tables.facts(
        connection,
        load.k,
        lambda share, doing: load.progress(SHARE_OF_INTAKE + SHARE_OF_FACTS * share, doing),
    )
    return found


class Worked:
    """A delivery whose facts are worked out: compared with what is held and, if it may be, made the next version."""

    def __init__(self, load: Load, connection: duckdb.DuckDBPyConnection, facts: Facts) -> None:
        self.load, self.connection, self.facts = load, connection, facts
        self.report, self.services = facts.report, facts.services
        self.files = _files(facts.report, load.wanted.mapping)
        self.incoming = comparison.incoming(connection)

    def compared_and_published(self, ask: Ask | None) -> Loaded:
        """The lock is held for the comparison and for building; nobody waits for a person's answer."""
        wanted = self.load.wanted
        if wanted.is_dry:
            return self._dry(self._compared(self._previous()))
        with self.load.alone():
            previous = self._previous()
            if self._is_loaded_already(previous):
                return Loaded(self.report, None, "Nothing to do: this delivery is what the store already holds.")
            compared = self._compared(previous)
            if wanted.is_meant or not compared.stops:
                return self._published(previous, compared)
        if ask is None or not ask(compared):
            return Loaded(self.report, None, STOPPED, is_done=False, comparison=compared)
        with self.load.alone():
            if self._compared(previous := self._previous()) != compared:
                raise LoadError("Another load changed the store meanwhile. Nothing was loaded: load again.")
            return self._published(previous, compared)

    def _previous(self) -> Previous | None:
        return previous_of(self.load.folder)

    def _dry(self, compared: Comparison) -> Loaded:
        end = "it would stop without --confirm." if compared.stops else "nothing stands against it."
        note = f"Nothing was changed (--dry-run): {end}"
        return Loaded(self.report, None, note, is_done=not compared.stops, comparison=compared)

    def _compared(self, previous: Previous | None) -> Comparison:
        """What would change. LoadError for what cannot be loaded whatever is meant."""
        before: Mapping[str, comparison.Held] = {}
        pairs: list[tuple[str, str]] = []
        gone = self._replaced()
        if previous:
            _check_key(self.load, previous, [*self.services, *gone])
            with previous.attached(self.connection):
                before = comparison.held(self.connection, "previous")
                kept = "where service_id not in (select unnest(?::varchar[]))"
                pairs = _commissioners(self.connection, "previous", kept, [[*self.services, *gone]])
        pairs += _commissioners(self.connection, "next", "where ?", [True])
        kept_services = set(before) - set(gone)
        _check_alike("Service codes", {*kept_services, *self.services})
        _check_alike("Commissioner codes", {code for code, _ in pairs})
        found = comparison.compare(before, previous.shown if previous else {}, self.incoming, self._retired(previous))
        return found.noting(*self._notes(before, pairs, previous))

    def _replaced(self) -> list[str]:
        """The services that leave because another continues them. LoadError when one of them is in the delivery itself."""
        gone = sorted({one for services in self.incoming.replaces.values() for one in services})
        both = [one for one in gone if one in self.services]
        if both:
            raise LoadError(
                f"{', '.join(both)} is in the delivery and replaced by it too: hand over the journeys under the new service_id "
                "alone, or leave `replaces` empty. Nothing was loaded."
            )
        return gone

    def _retired(self, previous: Previous | None) -> dict[str, str]:
        """Services that were replaced, by those that are still there to hold their journeys."""
        if previous is None:
            return {}
        staying = previous.services - set(self._replaced())
        return {gone: by for gone, by in previous.retired.items() if by in staying and by not in self.services}

    def _notes(
        self, before: Mapping[str, comparison.Held], pairs: list[tuple[str, str]], previous: Previous | None
    ) -> Iterator[str]:
        known = {*before, *(previous.retired if previous else {})}
        unknown = [one for one in self._replaced() if one not in known]
        if unknown:
            yield f"`replaces` names {', '.join(unknown)}, which the store does not hold"
        yield from codes.named_twice(pairs)
        yield from (f"{service}: {words}" for service, words in _short_months(self.connection))
        if self.facts.joined:
            yield f"several deliveries were made one for {', '.join(self.facts.joined)}; later ones won journey by journey"
        if n := self.facts.n_left_out:
            words = (
                "1 journey of people who are to be forgotten was"
                if n == 1
                else f"{n:,} journeys of people who are to be forgotten were"
            )
            yield f"{words} left out"

    def _is_loaded_already(self, previous: Previous | None) -> bool:
        """Whether the store holds just this, read in the same way: then loading it again would change nothing."""
        if previous is None or previous.rule != self._rule(previous) or not previous.has_key(self.load.key):
            return False
        if previous.forgotten != forgotten.list_fingerprint(self.facts.people, self.load.key):
            return False
        if previous.services & set(self._replaced()):  # one that it had retired came back since
            return False
        latest = {service: load for load in previous.loads for service in load.services}
        return all(
            service in latest
            and service in previous.services
            and [*latest[service].files.items()] == [*self.files.items()]  # their order tells which is the latest
            and latest[service].definitions == tables.definitions_fingerprint()
            for service in self.services
        )

    def _rule(self, previous: Previous | None) -> Rule:
        return self.load.wanted.rule(previous.rule if previous else Rule())

    def _published(self, previous: Previous | None, compared: Comparison) -> Loaded:
        report, gone = self.report, self._replaced()
        entry = Entry("load", tuple(self.services), self.files, report.n_read, report.n_refused, report.by_rule)
        following = Next(self.load.folder, self.connection, self.load.key, self._rule(previous), previous)
        following.retired |= {one: service for service, ones in self.incoming.replaces.items() for one in ones}
        following.forgotten = self.facts.people
        self.load.progress(SHARE_OF_INTAKE + SHARE_OF_FACTS, "building the next version")
        self.load.put(following.built(self.load.work, entry, [*self.services, *gone]), following.version)
        self.load.progress(1.0, "loaded")
        note = self._note(following, gone, previous)
        return Loaded(report, following.version, note, comparison=compared)

    def _note(self, following: Next, gone: Sequence[str], previous: Previous | None) -> str:
        n = len(self.services)
        note = f"Loaded {n} {'service' if n == 1 else 'services'} as version {following.version}."
        retired = [one for one in gone if previous and one in previous.services]
        if retired:
            note += f" Retired, because another continues them: {', '.join(retired)}."
        if not following.synthetic or len(following.synthetic) == following.n_services:
            return note
        return (
            f"{note} The store holds synthetic services ({', '.join(following.synthetic)}) beside others, so every figure is marked as "
            f"synthetic: to have only your own, `remove` them, or move the folder {self.load.folder} away and load again."
        )


STOPPED = "Nothing was loaded: what is held would be lost, as said above. Say --confirm if it is meant."


def why_not(report: Report, services: Sequence[str], accept_valid: bool) -> str | None:
    """Why nothing of a delivery may be loaded, if so."""
    if report.is_refused_whole:
        return "a file is refused whole; mend it and load again."
    if not (report.is_clean or accept_valid):
        return "mend the findings, or use --accept-valid to load the good rows."
    return None if services else "there is no valid service in the delivery."


def _check_key(load: Load, previous: Previous, replaced: Sequence[str]) -> None:
    if previous.has_key(load.key):
        return
    left = sorted(previous.services - set(replaced))
    if left:
        raise LoadError(
            f"The client key differs from the store's, and {', '.join(left)} would keep the old one, so that one person would "
            f"count as two. Use the store's key (the variable JOURNEYS_KEY or the file {key_file(load.folder)}), or load "
            "all services at once. Nothing was loaded."
        )


def _short_months(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Months of which a delivery covers under eight days: a referral in one of them is known to within a week by its month alone."""
    sql = (
        "select service_id, strftime(day, '%Y-%m'), n from (select service_id, data_from as day, "
        "least(last_day(data_from), data_to) - data_from + 1 as n from delivery.service union "
        "select service_id, data_to, data_to - greatest(date_trunc('month', data_to)::date, data_from) + 1 "
        "from delivery.service) where n < 8 order by all"
    )
    for service, month, n in connection.execute(sql).fetchall():
        days = "1 day" if n == 1 else f"{n} days"
        yield (
            service,
            (
                f"the data cover only {days} of {in_words(month)}, so a referral in that month is known to within a week; "
                "end and begin deliveries with whole months"
            ),
        )


def _check_alike(kind: str, found: set[str]) -> None:
    refusal = codes.refusal(kind, found)
    if refusal:
        raise LoadError(refusal)


def _commissioners(
    connection: duckdb.DuckDBPyConnection, database: str, condition: str, values: list
) -> list[tuple[str, str]]:
    sql = f"select distinct commissioner_code, commissioner_name from {database}.service {condition} order by all"
    return [(code, name) for code, name in connection.execute(sql, values).fetchall()]


def _files(report: Report, mapping: Path | None) -> dict[str, str]:
    """The SHA-256 of every file that the data came from, the mapping too; files of the same name are numbered."""
    read = [(f.file, f.sha256) for f in report.files]
    if mapping:
        read.append((mapping.name, hashlib.sha256(mapping.read_bytes()).hexdigest()))
    files: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for name, digest in read:
        seen[name] += 1
        files[name if seen[name] == 1 else f"{name} ({seen[name]})"] = digest
    return files
