"""A synthetic delivery: journeys of invented services, valid under every rule of the data dictionary.

Lives are drawn in chunks of one service each, so that memory stays bounded; every chunk has its own random numbers, so that
the same seed gives the same rows. Inside a chunk dates are days since 1970 and a negative number means "missing".
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import xlsxwriter

from journeys.sample.archetypes import (
    ARCHETYPES,
    BARRIERS,
    COMMISSIONERS,
    CONTACT_KINDS,
    DAYS_TO_GOAL,
    ETHNIC,
    ITEMS,
    MINUTES,
    QUALITY,
    SEASON,
    SOURCES,
    WEEKDAYS,
    Archetype,
    Change,
    Commissioner,
    Item,
    Tool,
)

FORMATS = ("csv", "parquet", "xlsx")
CHUNK = 25_000
WORKBOOK_ROWS = 1_048_575  # Excel's 1,048,576 without the header
NOTICE_FILE = "SYNTHETIC.txt"
NOTICE = "SYNTHETIC DATA: made by a program. No row describes a real person, service or commissioner."
YEAR = 365.25
CHECKPOINTS = (91, 182, 364)  # weeks 13, 26 and 52, when a job is asked after

Rows = dict[str, np.ndarray]
Progress = Callable[[int, int], None]

EMPLOYMENT = (
    "employed",
    "unemployed_seeking",
    "student",
    "long_term_sick",
    "homemaker",
    "not_seeking",
    "volunteering",
    "retired",
    "not_stated",
    "unknown",
)
EMPLOYED, STUDENT, LONG_TERM_SICK, RETIRED, NOT_STATED, UNKNOWN = 0, 2, 3, 7, 8, 9
ALL_SOURCES = (*SOURCES, "drug_and_alcohol_service", "jobcentre_plus")
GENDER = ("female", "male", "non_binary", "other", "not_stated")
CLOSURE = (
    "completed",
    "disengaged",
    "declined",
    "could_not_contact",
    "referred_elsewhere",
    "moved_away",
    "died",
    "other",
)
COMPLETED, DISENGAGED, DIED = 0, 1, 6
REASON = tuple(ARCHETYPES[0].reasons)
GOAL = tuple(ARCHETYPES[0].goals)
STATUS = ("open", "achieved", "partly_achieved", "not_achieved", "withdrawn")
OPEN, ACHIEVED = 0, 1
ACTIVITY = tuple(ARCHETYPES[0].activities)
OUTCOME = (
    "training",
    "education",
    "qualification",
    "volunteering",
    "work_experience",
    "job_started",
    "self_employment",
    "apprenticeship",
    "job_kept",
)
TRAINING, EDUCATION, QUALIFICATION, VOLUNTEERING, WORK_EXPERIENCE = range(5)
JOB, SELF_EMPLOYMENT, APPRENTICESHIP, JOB_KEPT = range(5, 9)
CONTRACT = ("permanent", "fixed_term", "agency", "zero_hours", "self_employed", "apprenticeship", "other")
READING = [(tool, item.code) for tool, items in ITEMS.items() for item in items]
READING += [("mbat", barrier) for barrier in BARRIERS]

# Column kinds: "date", "integer", "number", "flag", "text", "id" (of the journey) or the codes that the integers stand for.
CHILD = {"service_id": "service", "journey_id": "id"}
SCHEMA: dict[str, dict[str, str | Sequence[str]]] = {
    "service": {
        "service_id": "text",
        "service_name": "text",
        "commissioner_code": "text",
        "commissioner_name": "text",
        "model": "text",
        "link_workers_co_located": "text",
        "client_key": "text",
        "funding": "text",
        "opened_on": "date",
        "data_from": "date",
        "data_to": "date",
        "records_goals": "text",
        "records_outcomes": "text",
        "follows_up_after_closure": "text",
    },
    "journey": {
        "journey_id": "id",
        "client_ref": "text",
        "service_id": "service",
        "referred_on": "date",
        "referral_source": ALL_SOURCES,
        "first_contact_on": "date",
        "closed_on": "date",
        "closure_reason": CLOSURE,
        "age_at_referral": "integer",
        "gender": GENDER,
        "ethnic_group": tuple(ETHNIC),
        "imd_decile": "integer",
        "long_term_conditions": "integer",
        "employment_status": EMPLOYMENT,
    },
    "referral_reason": CHILD | {"reason": REASON, "main": "flag"},
    "goal": CHILD | {"goal": GOAL, "set_on": "date", "status": STATUS, "status_on": "date"},
    "contact": CHILD | {"contact_on": "date", "kind": tuple(CONTACT_KINDS), "minutes": "integer"},
    "activity": CHILD | {"referred_on": "date", "activity": ACTIVITY, "started_on": "date", "ended_on": "date"},
    "outcome": CHILD
    | {"outcome": OUTCOME, "started_on": "date", "ended_on": "date", "last_confirmed_on": "date"}
    | {"hours_per_week": "number", "contract": CONTRACT}
    | dict.fromkeys(QUALITY, "integer"),
    "measure": CHILD
    | {
        "measured_on": "date",
        "tool": tuple(tool for tool, _ in READING),
        "item": tuple(item for _, item in READING),
        "score": "number",
    },
    "service_change": {"service_id": "text", "changed_on": "date", "title": "text", "detail": "text"},
}


def write(
    out_dir: str | Path,
    journeys: int = 15_000,
    services: int = 8,
    seed: int = 1,
    format: str = "csv",
    progress: Progress | None = None,
) -> Path:
    """Write a synthetic delivery into the folder `out_dir` and return the folder.

    `format` is csv or parquet (one file a table) or xlsx (one workbook, delivery.xlsx, one sheet a table). The same seed
    gives the same csv bytes. `progress(done, total)` is called with journeys as they are written. The folder appears
    only when it is complete.

    Raises ValueError for a count below 1, a format that is not known, or rows that do not fit into a workbook, and
    FileExistsError when `out_dir` holds anything but an earlier sample.
    """
    out = Path(out_dir).resolve()
    _check_wanted(journeys, services, seed, format)
    _refuse_strangers(out)
    plan = _plan(journeys, services)
    if format == "xlsx":
        _check_fits_workbook(plan, seed)
    with _beside(out) as folder:
        _write_tables(folder, format, plan, seed, progress)
        notice = f"{NOTICE}\n\n{journeys} journeys, {services} services, seed {seed}, format {format}.\n"
        (folder / NOTICE_FILE).write_text(notice, encoding="utf-8", newline="\n")
    return out


def _check_wanted(journeys: int, services: int, seed: int, format: str) -> None:
    for name, value, least in (("journeys", journeys, 1), ("services", services, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name} is {value}: give a whole number from {least}")
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}: choose one of {', '.join(FORMATS)}")


def _write_tables(folder: Path, format: str, plan: "Sequence[Service]", seed: int, progress: Progress | None) -> None:
    total, done = sum(service.n_journeys for service in plan), 0
    with _WRITERS[format](folder) as write_table:
        write_table("service", _table("service", _service_rows(plan)))
        write_table("service_change", _table("service_change", _change_rows(plan)))
        for service, numbers, tables in _chunks(plan, seed):
            for name, table in _arrow(service, numbers, tables).items():
                write_table(name, table)
            done += len(numbers)
            if progress:
                progress(done, total)


# --- services -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    """One invented service of a sample: its archetype, its number among all, and how many journeys it has."""

    service_id: str
    name: str
    number: int
    archetype: Archetype
    n_journeys: int

    @property
    def commissioner(self) -> Commissioner:
        return COMMISSIONERS[self.archetype.commissioner]

    @property
    def first_day(self) -> int:
        return _day(self.archetype.data_from)

    @property
    def last_day(self) -> int:
        return _day(self.archetype.data_to)


def _plan(journeys: int, services: int) -> list[Service]:
    """The services, with the journeys shared out by their size (largest remainders)."""
    kinds = [ARCHETYPES[i % len(ARCHETYPES)] for i in range(services)]
    sizes = np.array([kind.referrals_a_year * (kind.data_to - kind.data_from).days for kind in kinds], float)
    shares = sizes / sizes.sum() * journeys
    counts = np.floor(shares).astype(int)
    counts[np.argsort(counts - shares, kind="stable")[: journeys - counts.sum()]] += 1
    return [_service(i, kind, int(n)) for i, (kind, n) in enumerate(zip(kinds, counts, strict=True))]


def _service(number: int, kind: Archetype, n_journeys: int) -> Service:
    again = number // len(ARCHETYPES) + 1
    slug, name = (kind.slug, kind.name) if again == 1 else (f"{kind.slug}-{again}", f"{kind.name} {again}")
    return Service(slug, f"{name} (synthetic)", number, kind, n_journeys)


def _service_rows(plan: Sequence[Service]) -> Rows:
    rows = [_service_row(service) for service in plan]
    return {column: np.array([row[column] for row in rows], dtype=object) for column in rows[0]}


def _service_row(service: Service) -> Mapping[str, object]:
    kind, commissioner = service.archetype, service.commissioner
    return {
        "service_id": service.service_id,
        "service_name": service.name,
        "commissioner_code": commissioner.code,
        "commissioner_name": commissioner.name,
        "model": kind.model,
        "link_workers_co_located": _yes(kind.co_located),
        "client_key": commissioner.client_key,
        "funding": kind.funding,
        "opened_on": _day(kind.opened_on),
        "data_from": service.first_day,
        "data_to": service.last_day,
        "records_goals": _yes(kind.records_goals),
        "records_outcomes": _yes(kind.records_outcomes),
        "follows_up_after_closure": _yes(kind.follows_up),
    }


def _change_rows(plan: Sequence[Service]) -> Rows:
    rows = [(s.service_id, _day(c.on), c.title, c.detail) for s in plan for c in s.archetype.changes]
    columns = zip(*rows, strict=True) if rows else ((),) * 4
    return {c: np.array(v, dtype=object) for c, v in zip(SCHEMA["service_change"], columns, strict=True)}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _day(on: date) -> int:
    return (on - date(1970, 1, 1)).days


# --- chunks ---------------------------------------------------------------------------------------------------------


def _chunks(plan: Sequence[Service], seed: int) -> Iterator[tuple[Service, np.ndarray, dict[str, Rows]]]:
    """Every service in chunks: the service, the numbers of its journeys, the rows of every table but service's."""
    pools: dict[str, Clients] = {}
    for service in plan:
        key = service.commissioner.client_key or service.service_id
        clients = pools.setdefault(key, Clients(np.random.default_rng((seed, len(pools), 0))))
        for start in range(0, service.n_journeys, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, service.n_journeys))
            rng = np.random.default_rng((seed, service.number, start // CHUNK, 1))
            yield service, numbers, _lives(service, clients, len(numbers), rng)


def _lives(service: Service, clients: "Clients", n: int, rng: np.random.Generator) -> dict[str, Rows]:
    kind = service.archetype
    lives = _referred(service, clients, n, rng)
    steps = _steps(kind, lives, rng)
    return {
        "journey": _journey_rows(lives, rng),
        "referral_reason": _reasons(kind, lives, rng),
        "goal": _goals(kind, lives, steps, rng),
        "contact": _contacts(kind, lives, rng),
        "activity": _activities(kind, lives, steps, rng),
        "outcome": _outcomes(kind, lives, steps, rng),
        "measure": _measures(kind, lives, rng),
    }


class Clients:
    """The people known under one client_key so far. People come back, also by the door of another service."""

    def __init__(self, rng: np.random.Generator):
        self._start = int(rng.integers(20**8))
        self.born = np.empty(0, np.int64)
        self.gender = self.ethnic = self.imd = np.empty(0, np.int8)

    def add(self, **columns: np.ndarray) -> np.ndarray:
        """Take new people in and return their numbers."""
        start = len(self.born)
        for name, values in columns.items():
            setattr(self, name, np.concatenate([getattr(self, name), values]))
        return np.arange(start, len(self.born))

    def bury(self, numbers: np.ndarray) -> None:
        """A client who has died is not referred again: nobody admits someone who is not yet born."""
        self.born[numbers] = np.iinfo(np.int32).max

    def refs(self, numbers: np.ndarray) -> pa.Array:
        """Eight consonants each, different for different people: never like a number, postcode or word."""
        letters = np.frombuffer(b"bcdfghjklmnpqrstvwxz", np.uint8)
        # 20**8 has no factor but 2 and 5, so that the multiplication is one to one
        scrambled = (numbers.astype(np.uint64) * np.uint64(10_333_777_213) + np.uint64(self._start)) % 20**8
        places = np.uint64(20) ** np.arange(8, dtype=np.uint64)
        return _strings(letters[(scrambled[:, None] // places) % np.uint64(20)])


def _strings(letters: np.ndarray) -> pa.Array:
    """A matrix of ASCII letters (rows, width) as strings."""
    n, width = letters.shape
    offsets = np.arange(0, (n + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(letters)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(data))


# --- drawing --------------------------------------------------------------------------------------------------------


def _pick(weights: Sequence[float], n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` places in `weights`, each as likely as its weight."""
    sums = np.cumsum(np.asarray(weights, float))
    places = np.searchsorted(sums, rng.random(n) * sums[-1], side="right")
    return np.minimum(places, len(sums) - 1).astype(np.int16)


def _pick_code(mix: Mapping[str, float], codes: Sequence[str], n: int, rng: np.random.Generator) -> np.ndarray:
    return np.array([codes.index(code) for code in mix], np.int16)[_pick(list(mix.values()), n, rng)]


def _chance(share: float | np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.random(n) < share


def _lag(median: float, spread: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Whole days, at least one, log-normal with this median."""
    return np.maximum(median * np.exp(spread * rng.standard_normal(n)), 1).astype(np.int64)


def _until(days: np.ndarray, last: np.ndarray | int) -> np.ndarray:
    """The days that are not after `last`; the others, and missing ones, are missing."""
    return np.where((days >= 0) & (days <= last), days, -1)


def _later(days: np.ndarray, lag: np.ndarray) -> np.ndarray:
    return np.where(days >= 0, days + lag, -1)


def _blank(values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, -1, values)


def _in_order(rows: Rows, *columns: str) -> Rows:
    """Rows by journey (`at`), then by the columns."""
    order = np.lexsort([rows[column] for column in reversed(("at", *columns))])
    return {column: values[order] for column, values in rows.items()}


def _stack(parts: Sequence[Rows]) -> Rows:
    return {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}


# --- referral, contact, closure -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lives:
    """The journeys of a chunk, an element each. `drive` (mean 0, SD 1) is behind staying, wellbeing and work alike.

    `first` is the first conversation, `active_until` the last day of the work with the client and `known_until` the last
    day on which outcomes are known; all three are negative for people who were never reached.
    """

    client_ref: pa.Array
    referred: np.ndarray
    source: np.ndarray
    age: np.ndarray
    gender: np.ndarray
    ethnic: np.ndarray
    imd: np.ndarray
    conditions: np.ndarray
    employment: np.ndarray
    employment_recorded: np.ndarray
    drive: np.ndarray
    first: np.ndarray
    share_done: np.ndarray
    active_until: np.ndarray
    known_until: np.ndarray
    closed: np.ndarray
    closure: np.ndarray

    @property
    def n(self) -> int:
        return len(self.referred)

    @property
    def is_engaged(self) -> np.ndarray:
        return self.first >= 0

    @property
    def is_working_age(self) -> np.ndarray:
        return (self.age < 65) & (self.employment != RETIRED)


def _referred(service: Service, clients: Clients, n: int, rng: np.random.Generator) -> Lives:
    kind = service.archetype
    referred = _referral_days(service, n, rng)
    who = _who(kind, clients, referred, rng)
    age = ((referred - clients.born[who]) / YEAR).astype(np.int64)
    drive = rng.standard_normal(n)
    is_only = np.bincount(who, minlength=len(clients.born))[who] == 1
    may_die = is_only & (who >= len(clients.born) - n)
    employment = _employment(kind, age, rng)
    contact = _contact(service, referred, age, may_die, drive, rng)
    clients.bury(who[contact["closure"] == DIED])
    return Lives(
        client_ref=clients.refs(who),
        referred=referred,
        source=_source(kind, referred, rng),
        age=age,
        gender=clients.gender[who],
        ethnic=clients.ethnic[who],
        imd=clients.imd[who],
        conditions=np.minimum(rng.poisson(kind.long_term_conditions * np.clip(age / 62, 0.4, 1.3)), 12),
        employment=employment,
        employment_recorded=_recorded(employment, rng),
        drive=drive,
        **contact,
    )


def _referral_days(service: Service, n: int, rng: np.random.Generator) -> np.ndarray:
    """Days in order, with growth, season, working week and the steps of the service's changes."""
    kind = service.archetype
    days = np.arange(service.first_day, service.last_day + 1)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    weight = kind.growth ** ((days - days[0]) / YEAR) * np.array(SEASON)[months] * np.array(WEEKDAYS)[(days + 3) % 7]
    for change in kind.changes:
        weight[days >= _day(change.on)] *= change.volume
    return np.sort(days[_pick(weight, n, rng)])


def _who(kind: Archetype, clients: Clients, referred: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Client numbers: new people, and for one in eight somebody known already whose age suits the service."""
    n = len(referred)
    lows, highs, weights = (np.array(column) for column in zip(*kind.ages, strict=True))
    band = _pick(weights, n, rng)
    age = lows[band] + rng.random(n) * (highs[band] + 1 - lows[band])
    who = clients.add(
        born=np.ceil(referred - age * YEAR).astype(np.int64),
        gender=_pick((kind.female * 97, (1 - kind.female) * 97, 0.8, 0.4, 1.8), n, rng).astype(np.int8),
        ethnic=_pick(tuple(ETHNIC.values()), n, rng).astype(np.int8),
        imd=(1 + _pick((1 - kind.deprivation) ** np.arange(10), n, rng)).astype(np.int8),
    )
    known = rng.integers(len(clients.born), size=n)
    then = (referred - clients.born[known]) / YEAR
    returns = _chance(0.125, n, rng) & (then >= lows.min()) & (then < highs.max() + 1)
    return np.where(returns, known, who)


def _source(kind: Archetype, referred: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    source = _pick_code(kind.sources, ALL_SOURCES, len(referred), rng)
    for change in kind.changes:
        source = _not_before(change, source, referred)
    return source


def _not_before(change: Change, source: np.ndarray, referred: np.ndarray) -> np.ndarray:
    if change.new_source is None:
        return source
    is_early = (source == ALL_SOURCES.index(change.new_source)) & (referred < _day(change.on))
    return np.where(is_early, ALL_SOURCES.index("mental_health_service"), source)


def _employment(kind: Archetype, age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = len(age)
    status = _pick_code(kind.status, EMPLOYMENT, n, rng)
    is_retired = rng.random(n) < np.select([age >= 75, age >= 66, age >= 60], [0.99, 0.9, 0.2], 0.0)
    status = np.where(is_retired, RETIRED, status)
    return np.where((age > 35) & (status == STUDENT) & _chance(0.7, n, rng), LONG_TERM_SICK, status)


def _recorded(employment: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the records say of it: not everybody was asked, or wished to say."""
    said = _pick((88.5, 5, 2.5, 4), len(employment), rng)
    return np.select([said == 1, said == 2, said == 3], [UNKNOWN, NOT_STATED, -1], employment)


def _contact(
    service: Service,
    referred: np.ndarray,
    age: np.ndarray,
    may_die: np.ndarray,
    drive: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """First contact, the length of the work, closure and its reason, by the service's last day."""
    kind, n, end = service.archetype, len(referred), service.last_day
    engages = _chance(np.clip(kind.engaged + 0.03 * drive, 0, 1), n, rng)
    first = np.where(engages, referred + _lag(kind.days_to_contact + 1, 0.7, n, rng) - 1, -1)
    closure = _closure(kind, engages, age, may_die, rng)
    is_cut = engages & (closure != COMPLETED)
    length = _lag(kind.days_open, 0.45, n, rng) * np.exp(0.15 * drive)
    length = np.maximum(np.where(is_cut, length * rng.uniform(0.08, 0.7, n), length), 7).astype(np.int64)
    close = np.where(engages, first + length, referred + 10 + _lag(28, 0.6, n, rng))
    is_forgotten = _chance(0.03, n, rng)
    closed = np.where(is_forgotten, -1, _until(close, end))
    first = _until(first, end)
    active = np.where(first >= 0, np.minimum(close, end), -1)
    follows = kind.follows_up and closure != DIED
    known = np.where(follows & (first >= 0), np.minimum(close + 420, end), active)
    return {
        "first": first,
        "share_done": np.where(first >= 0, (active - first) / np.maximum(length, 1), 0.0),
        "active_until": active,
        "known_until": known,
        "closed": closed,
        "closure": np.where(closed >= 0, closure, -1),
    }


def _closure(
    kind: Archetype, engages: np.ndarray, age: np.ndarray, may_die: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    n, out = len(engages), kind.drops_out
    reached = _pick((0.9 - out, out, 0.015, 0, 0.035, 0.02, 0, 0.03), n, rng)
    not_reached = _pick((0, 0.05, 0.42, 0.4, 0.08, 0.02, 0, 0.03), n, rng)
    dies = may_die & _chance(np.where(age >= 75, 0.035, 0.006), n, rng)
    return np.where(dies, DIED, np.where(engages, reached, not_reached))


def _journey_rows(lives: Lives, rng: np.random.Generator) -> Rows:
    """The journey table's rows, with the gaps that records have."""
    n = lives.n
    return {
        "at": np.arange(n),
        "client_ref": lives.client_ref,
        "referred_on": lives.referred,
        "referral_source": lives.source,
        "first_contact_on": _blank(lives.first, 0.04, rng),
        "closed_on": lives.closed,
        "closure_reason": _blank(lives.closure, 0.04, rng),
        "age_at_referral": _blank(lives.age, 0.025, rng),
        "gender": _blank(lives.gender, 0.015, rng),
        "ethnic_group": np.where(
            _chance(0.1, n, rng), list(ETHNIC).index("not_stated"), _blank(lives.ethnic, 0.05, rng)
        ),
        "imd_decile": _blank(lives.imd, 0.06, rng),
        "long_term_conditions": _blank(lives.conditions, 0.12, rng),
        "employment_status": lives.employment_recorded,
    }


# --- reasons and goals ----------------------------------------------------------------------------------------------


def _choices(
    mix: Mapping[str, float], further: float, instead: Mapping[str, str], is_apt: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One main choice for everybody and further ones by chance: the main one, and a matrix (journeys, codes) of all.

    Codes in `instead` become another one where `is_apt` is false.
    """
    n, codes = len(is_apt), list(mix)
    main = _pick(list(mix.values()), n, rng)
    shares = np.array(list(mix.values())) / sum(mix.values())
    chosen = rng.random((n, len(codes))) < np.minimum(shares * further, 0.9)
    for code, other in instead.items():
        main = np.where((main == codes.index(code)) & ~is_apt, codes.index(other), main)
        chosen[:, codes.index(code)] &= is_apt
    chosen[np.arange(n), main] = True
    return main, chosen


def _reasons(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Rows:
    instead = {"employment": "social_isolation", "training_learning": "wellbeing"}
    main, chosen = _choices(kind.reasons, 1.0, instead, lives.is_working_age, rng)
    chosen[_chance(0.03, lives.n, rng)] = False  # no reason recorded at all
    at, reason = np.nonzero(chosen)
    is_main = (reason == main[at]).astype(np.int8)
    return {"at": at, "reason": reason, "main": np.where(_chance(0.1, lives.n, rng)[at], -1, is_main)}


def _goals(kind: Archetype, lives: Lives, steps: "Steps", rng: np.random.Generator) -> Rows:
    instead = {"employment": "social_networks"}
    _, chosen = _choices(kind.goals, kind.further_goals, instead, lives.is_working_age, rng)
    chosen &= (lives.is_engaged & _chance(kind.sets_goals if kind.records_goals else 0, lives.n, rng))[:, None]
    at, goal = np.nonzero(chosen)
    set_on = lives.first[at] + rng.exponential(20, len(at)).astype(np.int64)
    kept = set_on <= lives.active_until[at]
    at, goal, set_on = at[kept], goal[kept], set_on[kept]
    status, status_on = _goal_status(lives, steps, at, goal, set_on, rng)
    return _in_order({"at": at, "goal": goal, "set_on": set_on, "status": status, "status_on": status_on}, "set_on")


def _goal_status(
    lives: Lives, steps: "Steps", at: np.ndarray, goal: np.ndarray, set_on: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """What became of each goal, and when: settled in its time, else at closure for half of them, else still open."""
    n, last = len(at), lives.active_until[at]
    medians = np.array([DAYS_TO_GOAL[code] for code in GOAL])
    settled = _until(set_on + (_lag(1000, 0.6, n, rng) * medians[goal]) // 1000, last)
    does_well = rng.random(n) < 1 / (1 + np.exp(-0.6 - 0.5 * lives.drive[at]))
    status = np.where(does_well, 1 + _pick((75, 25), n, rng), 2 + _pick((35, 40, 25), n, rng))
    is_work = goal == GOAL.index("employment")
    status = np.where(is_work & (status == ACHIEVED), 2, status)
    at_closure = (settled < 0) & (lives.closed[at] >= 0) & _chance(0.5, n, rng)
    settled = np.where(at_closure, last, settled)
    status = np.where(at_closure, 2 + _pick((30, 45, 25), n, rng), status)
    by_job = is_work & (steps.work[at] >= 0) & (steps.work[at] <= last)
    settled = np.where(by_job, np.maximum(steps.work[at], set_on), settled)
    status = np.where(by_job, ACHIEVED, status)
    return np.where(settled >= 0, status, OPEN), settled


# --- contacts and activities ----------------------------------------------------------------------------------------


def _contacts(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Rows:
    """The first conversation and, closer together early on, the later ones."""
    expected = (kind.n_contacts - 1) * np.clip(lives.share_done, 0, 1) * np.exp(0.2 * lives.drive - 0.02)
    n_contacts = np.where(lives.is_engaged, 1 + rng.poisson(expected), 0)
    at = np.repeat(np.arange(lives.n), n_contacts)
    is_first = np.concatenate([[True], at[1:] != at[:-1]]) if len(at) else np.empty(0, bool)
    span = lives.active_until[at] - lives.first[at]
    after = (rng.random(len(at)) ** 1.4 * span).astype(np.int64)
    kind_of = _pick(tuple(CONTACT_KINDS.values()), len(at), rng)
    medians = np.array([MINUTES[code] for code in CONTACT_KINDS])
    minutes = np.maximum(medians[kind_of] * np.exp(0.35 * rng.standard_normal(len(at))), 1).astype(np.int64)
    rows = {
        "at": at,
        "contact_on": lives.first[at] + np.where(is_first, 0, after),
        "kind": kind_of,
        "minutes": _blank(np.where(minutes > 20, minutes // 5 * 5, minutes), 0.15, rng),
    }
    return _in_order(rows, "contact_on")


def _activities(kind: Archetype, lives: Lives, steps: "Steps", rng: np.random.Generator) -> Rows:
    n_activities = np.where(lives.is_engaged, rng.poisson(kind.n_activities, lives.n), 0)
    at = np.repeat(np.arange(lives.n), n_activities)
    activity = _pick(tuple(kind.activities.values()), len(at), rng)
    is_work = activity == ACTIVITY.index("employment_support")
    activity = np.where(is_work & ~lives.is_working_age[at], ACTIVITY.index("befriending_social"), activity)
    referred = lives.first[at] + rng.exponential(np.where(is_work, 100, 35), len(at)).astype(np.int64)
    direct = np.flatnonzero(steps.support >= 0)
    at = np.concatenate([at, direct])
    activity = np.concatenate([activity, np.full(len(direct), ACTIVITY.index("employment_support"))])
    referred = _until(np.concatenate([referred, steps.support[direct]]), lives.active_until[at])
    kept = referred >= 0
    return _in_order(_activity_rows(lives, at[kept], activity[kept], referred[kept], rng), "referred_on")


def _activity_rows(
    lives: Lives, at: np.ndarray, activity: np.ndarray, referred: np.ndarray, rng: np.random.Generator
) -> Rows:
    n, last = len(at), lives.active_until[at]
    starts = _chance(np.clip(0.72 + 0.08 * lives.drive[at], 0, 1), n, rng)
    started = _until(np.where(starts, referred + _lag(16, 0.8, n, rng), -1), last)
    ended = _until(np.where(_chance(0.6, n, rng), _later(started, _lag(80, 0.7, n, rng)), -1), last)
    return {"at": at, "referred_on": referred, "activity": activity, "started_on": started, "ended_on": ended}


# --- steps towards work, and outcomes -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Steps:
    """The day of each first step, negative where it was not taken; `support`: referral to employment support."""

    training: np.ndarray
    qualification: np.ndarray
    volunteering: np.ndarray
    experience: np.ndarray
    support: np.ndarray
    work: np.ndarray


def _steps(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Steps:
    """First steps in their usual order: learning, volunteering, work; most who work climbed by the others before."""
    n, rates = lives.n, kind.work
    keen = np.exp(0.6 * lives.drive - 0.18)  # mean 1
    is_out = lives.is_working_age & (lives.employment != EMPLOYED)
    scale = keen * lives.is_engaged * np.where(is_out, 1.0, np.where(lives.is_working_age, 0.6, rates.later_life))
    training = np.where(_chance(rates.training * scale, n, rng), lives.referred + _lag(150, 0.55, n, rng), -1)
    volunteering = np.where(_chance(rates.volunteering * scale, n, rng), lives.referred + _lag(185, 0.55, n, rng), -1)
    is_late = (training >= 0) & (volunteering >= 0) & _chance(0.6, n, rng)
    volunteering = np.where(is_late, np.maximum(volunteering, training + _lag(45, 0.6, n, rng)), volunteering)
    training, volunteering = (np.where(d >= 0, np.maximum(d, lives.first), -1) for d in (training, volunteering))
    experience = np.where(_chance(0.25 * rates.job * scale, n, rng), lives.referred + _lag(230, 0.5, n, rng), -1)
    experience = np.where(experience >= 0, np.maximum(experience, lives.first), -1)
    qualification = np.where(_chance(0.22, n, rng), _later(training, _lag(120, 0.4, n, rng)), -1)
    steps = [_until(day, lives.known_until) for day in (training, qualification, volunteering, experience)]
    support, work = _work(kind, lives, scale * lives.is_working_age, steps, rng)
    return Steps(*steps, support, work)


def _work(
    kind: Archetype, lives: Lives, scale: np.ndarray, steps: Sequence[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Days of referral to employment support (for jobs found that way) and of the first job."""
    n, rates = lives.n, kind.work
    has_step = np.maximum.reduce(steps) >= 0
    is_out = lives.employment != EMPLOYED
    # a stepping stone more than doubles the chance; few who have a job already move to another
    chance = rates.job * scale * np.where(has_step, 1.6, 0.75) * np.where(is_out, 1.0, 0.3)
    is_direct = _chance(rates.direct, n, rng)
    days = _lag(rates.days_to_work, 0.5, n, rng) * np.where(is_direct, 0.75, 1.05)
    work = lives.referred + days.astype(np.int64)
    after_steps = np.maximum.reduce(steps) + _lag(40, 0.7, n, rng)
    work = np.where(has_step & ~is_direct & _chance(0.85, n, rng), np.maximum(work, after_steps), work)
    work = np.where(_chance(chance, n, rng), np.maximum(work, lives.first + 14), -1)
    work = _until(work, lives.known_until)
    support = lives.first + (rng.random(n) * 0.6 * (np.minimum(work, lives.active_until) - lives.first)).astype(int)
    return np.where(is_direct & (work >= 0), support, -1), work


def _outcomes(kind: Archetype, lives: Lives, steps: Steps, rng: np.random.Generator) -> Rows:
    parts = [
        _learning_rows(lives, steps.training, rng),
        _plain_rows(lives, QUALIFICATION, steps.qualification, 0, 0, rng),
        _plain_rows(lives, VOLUNTEERING, steps.volunteering, 200, 0.5, rng),
        _plain_rows(lives, WORK_EXPERIENCE, steps.experience, 45, 0.8, rng),
        *_job_rows(lives, steps.work, rng),
        _kept_rows(lives, rng),
    ]
    rows = _in_order(_stack(parts), "started_on", "outcome")
    return rows if kind.records_outcomes else {column: values[:0] for column, values in rows.items()}


def _outcome_rows(at: np.ndarray, outcome: np.ndarray | int, started: np.ndarray) -> Rows:
    """Outcome rows with nothing known but what and when."""
    rows = {"at": at, "outcome": np.broadcast_to(outcome, at.shape), "started_on": started}
    rows |= {column: np.full(len(at), -1) for column in ("ended_on", "last_confirmed_on", "contract")}
    rows |= {"hours_per_week": np.full(len(at), np.nan)}
    return rows | {dimension: np.full(len(at), -1) for dimension in QUALITY}


def _plain_rows(
    lives: Lives, outcome: int, day: np.ndarray, days_long: int, ends: float, rng: np.random.Generator
) -> Rows:
    at = np.flatnonzero(day >= 0)
    rows, last, n = _outcome_rows(at, outcome, day[at]), lives.known_until[at], len(at)
    if days_long:
        ended = np.where(_chance(ends, n, rng), day[at] + _lag(days_long, 0.6, n, rng), -1)
        rows["ended_on"] = _until(ended, last)
        rows["hours_per_week"] = _some_hours(n, 6, 0.5, rng)
    return rows


def _learning_rows(lives: Lives, day: np.ndarray, rng: np.random.Generator) -> Rows:
    rows = _plain_rows(lives, TRAINING, day, 75, 0.7, rng)
    return rows | {"outcome": np.where(_chance(0.2, len(rows["at"]), rng), EDUCATION, TRAINING)}


def _some_hours(n: int, median: float, known: float, rng: np.random.Generator) -> np.ndarray:
    hours = np.clip(np.round(median * np.exp(0.45 * rng.standard_normal(n)) * 2) / 2, 1, 48)
    return np.where(rng.random(n) < known, hours, np.nan)


def _job_rows(lives: Lives, work: np.ndarray, rng: np.random.Generator) -> list[Rows]:
    """First jobs, and second ones for some whose first job ended."""
    at = np.flatnonzero(work >= 0)
    jobs = _one_job(lives, at, work[at], rng)
    again = np.where(_chance(0.45, len(at), rng), _later(jobs["ended_on"], _lag(60, 0.7, len(at), rng)), -1)
    again = _until(again, lives.known_until[at])
    return [jobs, _one_job(lives, at[again >= 0], again[again >= 0], rng)]


def _one_job(lives: Lives, at: np.ndarray, started: np.ndarray, rng: np.random.Generator) -> Rows:
    n = len(at)
    outcome = np.array([JOB, SELF_EMPLOYMENT, APPRENTICESHIP])[_pick((86, 9, 5), n, rng)]
    outcome = np.where((outcome == APPRENTICESHIP) & (lives.age[at] > 45), JOB, outcome)
    rows = _outcome_rows(at, outcome, started)
    contract = _pick((42, 19, 12, 20, 0, 0, 3), n, rng)
    contract = np.where(outcome == SELF_EMPLOYMENT, 4, np.where(outcome == APPRENTICESHIP, 5, contract))
    rows["contract"] = _blank(contract, 0.18, rng)
    rows["hours_per_week"] = _some_hours(n, 20, 0.86, rng)
    rows["hours_per_week"] = np.where(_chance(0.03, n, rng), 2.5, rows["hours_per_week"])
    _follow(rows, lives, 0.5, rng)
    return rows | _ratings(n, 0.5, np.isin(contract, (2, 3)), rng)


def _kept_rows(lives: Lives, rng: np.random.Generator) -> Rows:
    """People recorded as in work at referral who were asked after: their job from the day of referral."""
    is_asked = lives.is_engaged & (lives.employment_recorded == EMPLOYED) & _chance(0.65, lives.n, rng)
    at = np.flatnonzero(is_asked)
    rows = _outcome_rows(at, JOB_KEPT, lives.referred[at])
    rows["contract"] = _blank(_pick((68, 10, 4, 10, 7, 1, 2), len(at), rng), 0.3, rng)
    rows["hours_per_week"] = _some_hours(len(at), 27, 0.6, rng)
    _follow(rows, lives, 0.16, rng)
    return rows | _ratings(len(at), 0.18, np.zeros(len(at), bool), rng)


def _follow(rows: Rows, lives: Lives, ends: float, rng: np.random.Generator) -> None:
    """Fill in when jobs ended, and the last of the checks at 13, 26 and 52 weeks at which the job was going on."""
    at, started = rows["at"], rows["started_on"]
    n, last = len(at), lives.known_until[at]
    ends_by_drive = np.clip(ends * np.exp(-0.25 * lives.drive[at]), 0, 1)
    ended = _until(np.where(_chance(ends_by_drive, n, rng), started + _lag(170, 0.8, n, rng), -1), last)
    seen_until = np.where(ended >= 0, ended, last)
    confirmed, is_asked = np.full(n, -1), np.ones(n, bool)
    for days in CHECKPOINTS:
        is_asked = is_asked & _chance(0.93, n, rng)
        check = started + days + rng.integers(0, 15, n)
        confirmed = np.where(is_asked & (check <= seen_until), check, confirmed)
    rows["ended_on"], rows["last_confirmed_on"] = ended, confirmed


def _ratings(n: int, rated: float, is_insecure: np.ndarray, rng: np.random.Generator) -> Rows:
    """The clients' own ratings of their jobs; agency and zero-hours work is rated lower on pay and contract."""
    overall, is_rated = rng.standard_normal(n), _chance(rated, n, rng)
    ratings = {}
    for dimension, mean in QUALITY.items():
        lower = 1.1 * is_insecure * (dimension in ("pay_benefits", "contract_terms"))
        score = np.clip(np.rint(mean - lower + 0.6 * overall + 0.8 * rng.standard_normal(n)), 1, 5).astype(int)
        ratings[dimension] = np.where(is_rated & _chance(0.95, n, rng), score, -1)
    return ratings


# --- measures -------------------------------------------------------------------------------------------------------


def _measures(kind: Archetype, lives: Lives, rng: np.random.Generator) -> Rows:
    nothing = {"at": np.empty(0, int), "measured_on": np.empty(0, int), "reading": np.empty(0, int)}
    parts = [nothing | {"score": np.empty(0)}]
    for tool in kind.tools:
        at, on, is_first = _reading_days(tool, lives, rng)
        if tool.code == "mbat":
            parts += _barrier_rows(lives, at, on, rng)
        else:
            parts += [row for item in ITEMS[tool.code] for row in _item_rows(tool, item, lives, at, on, is_first, rng)]
    rows = _in_order(_stack(parts), "measured_on", "reading")
    return rows | {"tool": rows["reading"], "item": rows["reading"]}


def _reading_days(tool: Tool, lives: Lives, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Readings taken: journey, day, and whether it is the first. Who misses one is not measured again."""
    days = np.full((lives.n, tool.n_readings), -1)
    taken = lives.is_engaged & _chance(tool.first, lives.n, rng)
    for k in range(tool.n_readings):
        jitter = rng.integers(0, 18, lives.n)
        days[:, k] = _until(np.where(taken, lives.first + k * tool.days_between + jitter, -1), lives.active_until)
        taken = (days[:, k] >= 0) & _chance(np.clip(tool.again + 0.05 * lives.drive, 0, 1), lives.n, rng)
    at, k = np.nonzero(days >= 0)
    return at, days[at, k], k == 0


def _item_rows(
    tool: Tool,
    item: Item,
    lives: Lives,
    at: np.ndarray,
    on: np.ndarray,
    is_first: np.ndarray,
    rng: np.random.Generator,
) -> list[Rows]:
    """Scores: a person's level, a gain that comes with the months, the day's noise, and now and then a setback."""
    n, direction = len(at), np.sign(item.gain)
    level = 0.35 * direction * lives.drive + 0.85 * rng.standard_normal(lives.n)
    gain = item.gain * (1 + 0.7 * lives.drive + 0.8 * rng.standard_normal(lives.n))
    score = item.mean + item.spread * level[at] + gain[at] * (1 - np.exp(-(on - lives.referred[at]) / 140))
    score += 0.33 * item.spread * rng.standard_normal(n)
    score -= direction * item.spread * 0.9 * (~is_first & _chance(0.16, n, rng))
    score = np.clip(np.round(score, item.decimals), item.low, item.high) + 0.0  # no minus zero
    reading = READING.index((tool.code, item.code))
    return [{"at": at, "measured_on": on, "reading": np.full(n, reading), "score": score}]


def _barrier_rows(lives: Lives, at: np.ndarray, on: np.ndarray, rng: np.random.Generator) -> list[Rows]:
    """Barriers there or not: they go in their time, may come back, and new ones appear."""
    rows = []
    for barrier, share in BARRIERS.items():
        is_there = _chance(np.clip(share * np.exp(-0.15 * lives.drive), 0, 1), lives.n, rng)
        gone = lives.referred + rng.exponential(380 * np.exp(-0.3 * lives.drive))
        comes = lives.referred + rng.exponential(4000, lives.n)
        score = np.where(is_there[at], on < gone[at], on > comes[at]) ^ _chance(0.03, len(at), rng)
        reading = np.full(len(at), READING.index(("mbat", barrier)))
        rows.append({"at": at, "measured_on": on, "reading": reading, "score": score.astype(float)})
    return rows


# --- tables ---------------------------------------------------------------------------------------------------------


def _arrow(service: Service, numbers: np.ndarray, tables: dict[str, Rows]) -> dict[str, pa.Table]:
    digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10 + ord("0")
    letters = np.full((len(numbers), 2), (ord("J"), ord("-")))
    ids = _strings(np.hstack([letters, digits]).astype(np.uint8))
    return {name: _table(name, rows, service.service_id, ids) for name, rows in tables.items()}


def _table(name: str, rows: Rows, service_id: str = "", ids: pa.Array | None = None) -> pa.Table:
    n = len(next(iter(rows.values())))
    columns = {}
    for column, kind in SCHEMA[name].items():
        if kind == "service":
            columns[column] = pa.repeat(pa.scalar(service_id), n)
        elif kind == "id":
            columns[column] = pc.take(ids, pa.array(rows["at"]))
        else:
            columns[column] = _column(kind, rows[column])
    return pa.table(columns, schema=_schema(name))


def _column(kind: str | Sequence[str], values: np.ndarray | pa.Array) -> pa.Array:
    if kind == "text":
        return values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if kind == "number":
        return pa.array(values, pa.float64(), from_pandas=True)
    whole = np.asarray(values, np.int32)
    numbers = pa.array(whole, mask=whole < 0)
    if kind == "date":
        return numbers.cast(pa.date32())
    if kind == "integer":
        return numbers
    return pc.take(pa.array(("no", "yes") if kind == "flag" else kind), numbers)


def _schema(name: str) -> pa.Schema:
    types = {"date": pa.date32(), "integer": pa.int32(), "number": pa.float64()}
    kinds = SCHEMA[name].items()
    return pa.schema([(c, types.get(k, pa.string()) if isinstance(k, str) else pa.string()) for c, k in kinds])


# --- files ----------------------------------------------------------------------------------------------------------

WriteTable = Callable[[str, pa.Table], None]


@contextmanager
def _csv_files(folder: Path) -> Iterator[WriteTable]:
    """Only the two service tables hold free text; nothing else can need quotes."""
    writers = {}
    for name in SCHEMA:
        style = "needed" if name.startswith("service") else "none"
        options = pyarrow.csv.WriteOptions(quoting_style=style, quoting_header="none", batch_size=16_384)
        path = folder / f"{name}.csv"
        writers[name] = pyarrow.csv.CSVWriter(path, _schema(name), write_options=options)
    with _closing(writers):
        yield lambda name, table: writers[name].write_table(table)


@contextmanager
def _parquet_files(folder: Path) -> Iterator[WriteTable]:
    writers = {name: pq.ParquetWriter(folder / f"{name}.parquet", _schema(name)) for name in SCHEMA}
    with _closing(writers):
        yield lambda name, table: writers[name].write_table(table)


@contextmanager
def _closing(writers: Mapping[str, object]) -> Iterator[None]:
    try:
        yield
    finally:
        for writer in writers.values():
            writer.close()


@contextmanager
def _workbook(folder: Path) -> Iterator[WriteTable]:
    """One workbook with a sheet a table; `constant_memory` keeps no row once it is written."""
    book = xlsxwriter.Workbook(folder / "delivery.xlsx", {"constant_memory": True, "tmpdir": str(folder)})
    # a fixed day, or the file would differ from run to run
    book.set_properties({"title": NOTICE, "created": date(2026, 4, 1)})
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheets = {name: book.add_worksheet(name) for name in SCHEMA}
    filled = dict.fromkeys(SCHEMA, 1)
    for name, columns in SCHEMA.items():
        sheets[name].write_row(0, 0, list(columns))
        sheets[name].set_column(0, len(columns) - 1, 16)

    def write_table(name: str, table: pa.Table) -> None:
        _fill(sheets[name], filled[name], table, as_date)
        filled[name] += table.num_rows

    try:
        yield write_table
    finally:
        book.close()


def _fill(sheet: object, start: int, table: pa.Table, as_date: object) -> None:
    columns = [column.to_pylist() for column in table.columns]
    for i, row in enumerate(zip(*columns, strict=True), start):
        for j, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(i, j, value, as_date)
            elif isinstance(value, str):
                sheet.write_string(i, j, value)
            elif value is not None:
                sheet.write_number(i, j, value)


_WRITERS = {"csv": _csv_files, "parquet": _parquet_files, "xlsx": _workbook}


def _check_fits_workbook(plan: Sequence[Service], seed: int) -> None:
    """Count before writing: the numbers are drawn in a fraction of the time that a workbook takes."""
    n_rows = dict.fromkeys(SCHEMA, 0)
    for _, _, tables in _chunks(plan, seed):
        for name, rows in tables.items():
            n_rows[name] += len(rows["at"])
            if n_rows[name] > WORKBOOK_ROWS:
                total = sum(service.n_journeys for service in plan)
                raise ValueError(
                    f"{total} journeys make more than {WORKBOOK_ROWS} rows of {name}, all that an Excel sheet holds:"
                    " ask for fewer journeys, or for csv or parquet"
                )


def _refuse_strangers(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise FileExistsError(f"{out} is a file: give a folder that is new, empty, or an earlier sample")
    names = {path.name for path in out.iterdir()}
    ours = {f"{table}.{format}" for table in SCHEMA for format in FORMATS} | {"delivery.xlsx", NOTICE_FILE}
    if names and not (names <= ours and _is_sample(out)):
        raise FileExistsError(f"{out} holds files that are not a sample: give a folder that is new or empty")


def _is_sample(folder: Path) -> bool:
    notice = folder / NOTICE_FILE
    return notice.is_file() and notice.read_text(encoding="utf-8").startswith(NOTICE)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out` that takes its place at the end, or goes if anything fails."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    old = out.parent / f".{out.name}.old-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        if out.exists():
            out.rename(old)
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
