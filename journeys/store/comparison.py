"""What a load would change, beside what is held: and what of it must be meant, so that nothing is replaced in silence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from journeys.store import tables
from journeys.vocabulary.calendar import in_words

LOST = 0.1  # of the journeys held
REFUSED = 0.05  # of the rows read
MARKS = {
    "measures": "readings",
    "readings_needs": "readings of basic needs",
    "readings_confidence": "readings of confidence and wellbeing",
    "follows_up": "outcomes after closure",
    "attended": "who attended",
}


@dataclass(frozen=True)
class Held:
    """What is held of one service: its months, the kinds of rows it records, and its journeys, exact: never to be shown."""

    name: str
    first_month: str
    last_month: str
    records: frozenset[str]
    n_journeys: int = field(repr=False)


@dataclass(frozen=True)
class Change:
    """One service, before and after. `n_journeys` is the deliverer's own, exact; `shown_before` what the store releases (None: hidden)."""

    service_id: str
    name: str
    is_new: bool
    shown_before: int | None
    months_before: tuple[str, str] | None
    records_before: tuple[str, ...]
    n_journeys: int
    months: tuple[str, str] | None
    records: tuple[str, ...]
    replaces: tuple[str, ...]
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What a load would change: service by service; `n_kept` other services stay; `notes` stop nothing."""

    changes: tuple[Change, ...]
    n_kept: int
    notes: tuple[str, ...] = ()

    @property
    def stops(self) -> tuple[str, ...]:
        """Why the load stops unless it is meant, in sentences that name the service."""
        return tuple(f"{change.service_id}: {words}" for change in self.changes for words in change.stops)

    def noting(self, *notes: str) -> "Comparison":
        return replace(self, notes=(*self.notes, *notes))


@dataclass(frozen=True)
class Incoming:
    """A delivery as the comparison needs it: its services, what each replaces, and rows read and good, by service."""

    services: Mapping[str, Held]
    replaces: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[int, int]]


def held(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, Held]:
    """The services of a version of the store, by service_id."""
    answer = connection.execute(
        f"select s.*, (select count(*) from {database}.journey as j where j.service_id = s.service_id) as n_journeys "
        f"from {database}.service as s order by lower(s.service_name), s.service_id"
    )
    names = [one[0] for one in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    kinds = _kinds(connection, database, rows)
    return {
        row["service_id"]: Held(
            row["service_name"], row["first_month"], row["last_month"], kinds[row["service_id"]], row["n_journeys"]
        )
        for row in rows
    }


def _kinds(connection: duckdb.DuckDBPyConnection, database: str, rows: Iterable[Mapping]) -> dict[str, frozenset[str]]:
    """What each service records: `service_kind` has a row for each kind; before it, `service` had a flag for each."""
    named = "select 1 from duckdb_columns() where database_name = ? and table_name = 'service_kind' limit 1"
    has_kinds = bool(tables.column(connection, named, [database]))
    found: dict[str, set[str]] = {row["service_id"]: set() for row in rows}
    if has_kinds:
        sql = f"select service_id, kind from {database}.service_kind where kind <> 'shared_key'"
        for service, kind in connection.execute(sql).fetchall():
            found[service].add(kind)
        return {service: frozenset(kinds) for service, kinds in found.items()}
    return {
        row["service_id"]: frozenset(
            name.removeprefix("records_") for name in row if name.startswith("records_") and row[name]
        )
        for row in rows
    }


def incoming(connection: duckdb.DuckDBPyConnection) -> Incoming:
    """What was read and worked out of a delivery."""
    replaced = connection.execute(
        "select service_id, replaces from delivery.service where replaces is not null"
    ).fetchall()
    rows = connection.execute("select service_id, n_read, n_good from delivery.rows_read").fetchall()
    return Incoming(
        held(connection, "next"),
        {service: tuple(words.split()) for service, words in replaced},
        {service: (n_read, n_good) for service, n_read, n_good in rows},
    )


def compare(
    before: Mapping[str, Held],
    shown: Mapping[str, int | None],
    after: Incoming,
    retired: Mapping[str, str],
) -> Comparison:
    """The comparison of what is held (`shown` as it may be shown) with a delivery; `retired` maps services to those that replaced them."""
    gone = {service for services in after.replaces.values() for service in services}
    changes = [_change(service, before, shown, after, retired) for service in after.services]
    changes += [
        _refused_whole(service, before, shown, n_read)
        for service, (n_read, _) in sorted(after.rows.items())
        if service not in after.services
    ]
    n_kept = sum(service not in after.services and service not in gone for service in before)
    return Comparison(tuple(changes), n_kept)


def _change(
    service: str,
    before: Mapping[str, Held],
    shown: Mapping[str, int | None],
    after: Incoming,
    retired: Mapping[str, str],
) -> Change:
    now = after.services[service]
    replaces = after.replaces.get(service, ())
    sources = [before[one] for one in (service, *replaces) if one in before]
    was = _together(sources)
    stops = [*(_losses(was, now) if was else ()), *_refused(*after.rows.get(service, (0, 0)))]
    if service in retired:
        stops.append(f"it was replaced by {retired[service]}, which holds its journeys: they would be counted twice")
    return Change(
        service, now.name, was is None,
        _sum([shown.get(one) for one in (service, *replaces) if one in before]),
        (was.first_month, was.last_month) if was else None,
        tuple(sorted(was.records)) if was else (),
        now.n_journeys, (now.first_month, now.last_month), tuple(sorted(now.records)), replaces, tuple(stops),
    )  # fmt: skip


def _together(sources: Sequence[Held]) -> Held | None:
    """What several services hold as one: those that a service replaces, with what it had itself."""
    if not sources:
        return None
    return Held(
        sources[0].name,
        min(source.first_month for source in sources),
        max(source.last_month for source in sources),
        frozenset().union(*(source.records for source in sources)),
        sum(source.n_journeys for source in sources),
    )


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _losses(was: Held, now: Held) -> Iterable[str]:
    if now.n_journeys < (1 - LOST) * was.n_journeys:
        yield f"it would lose more than a tenth of its journeys; {now.n_journeys:,} would be left"
    if now.first_month > was.first_month:
        yield f"it would begin in {in_words(now.first_month)}, not in {in_words(was.first_month)}"
    if now.last_month < was.last_month:
        yield f"it would end in {in_words(now.last_month)}, not in {in_words(was.last_month)}"
    lost = sorted(was.records - now.records)
    if lost:
        yield f"it would no longer record {', '.join(map(kind_words, lost))}"


def kind_words(kind: str) -> str:
    """What a reader calls a kind of rows."""
    return MARKS.get(kind, kind.replace("_", " "))


def _refused(n_read: int, n_good: int) -> Iterable[str]:
    if n_read - n_good > REFUSED * n_read:
        yield f"more than a twentieth of its rows are refused: {n_read - n_good:,} of {n_read:,}"


def _refused_whole(service: str, before: Mapping[str, Held], shown: Mapping[str, int | None], n_read: int) -> Change:
    """A service of which nothing can be loaded: what is held of it stays."""
    was = before.get(service)
    stop = f"its row in the service table is refused or missing, so none of its {n_read:,} rows can be loaded"
    return Change(
        service, was.name if was else service, was is None, shown.get(service),
        (was.first_month, was.last_month) if was else None, tuple(sorted(was.records)) if was else (),
        0, None, (), (), (stop,),
    )  # fmt: skip


def of_json(found: Mapping) -> Comparison:
    """A comparison as `load --format json` prints it."""
    changes = tuple(Change(**{name: _fixed(value) for name, value in change.items()}) for change in found["changes"])
    return Comparison(changes, found["n_kept"], tuple(found["notes"]))


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# --- words ------------------------------------------------------------------------------------------------------------

HEADER = ("service", "held now", "months held", "in the delivery", "its months", "what it records", "what happens")


def row_words(change: Change) -> tuple[str, ...]:
    """One service as cells of words, in the order of HEADER."""
    return (
        change.name,
        "not held" if change.is_new else _journeys_before(change.shown_before),
        _months(change.months_before),
        f"{change.n_journeys:,} journeys",
        _months(change.months),
        _records(change),
        _happens(change),
    )


def _journeys_before(shown: int | None) -> str:
    return "[c] hidden" if shown is None else f"about {shown:,} journeys"


def _months(months: tuple[str, str] | None) -> str:
    return f"{in_words(months[0])} to {in_words(months[1])}" if months else "–"


def _records(change: Change) -> str:
    if change.is_new:
        return ", ".join(map(kind_words, change.records)) or "referrals alone"
    added = [f"+ {kind_words(kind)}" for kind in change.records if kind not in change.records_before]
    lost = [f"no more {kind_words(kind)}" for kind in change.records_before if kind not in change.records]
    return ", ".join([*added, *lost]) or "as before"


def _happens(change: Change) -> str:
    if change.months is None:
        return "nothing loaded"
    if change.replaces:
        return f"takes the place of {', '.join(change.replaces)}"
    return "new" if change.is_new else "replaced"


def text(comparison: Comparison) -> str:
    """The comparison for a terminal: a table, then what stops the load, then notes."""
    rows = [HEADER, *((change.service_id, *row_words(change)[1:]) for change in comparison.changes)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = ["What this load changes", ""]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if comparison.n_kept:
        stays = (
            "1 other service stays as it is"
            if comparison.n_kept == 1
            else f"{comparison.n_kept} other services stay as they are"
        )
        lines += ["", f"{stays}. Counts of what is held are rounded; those of the delivery are exact."]
    said = [f"STOP {words}" for words in comparison.stops] + [f"note: {words}" for words in comparison.notes]
    return "\n".join([*lines, *([""] if said else []), *said]) + "\n"
