"""Who is referred, when, by whom; the first conversation and the closure."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from journeys.sample.codes import (
    ALL_SOURCES,
    COMPLETED,
    DIED,
    EMPLOYMENT,
    LONG_TERM_SICK,
    NOT_STATED,
    RETIRED,
    STUDENT,
    UNKNOWN,
)
from journeys.sample.draws import Rows, blank, by_chance, lag, pick, pick_code, strings, until
from journeys.sample.mixes import ETHNIC, SEASON, WEEKDAYS, Archetype, Change
from journeys.sample.services import Service, day_number

YEAR = 365.25


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
        return strings(letters[(scrambled[:, None] // places) % np.uint64(20)])


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


def people_referred(service: Service, clients: Clients, n: int, rng: np.random.Generator) -> Lives:
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
        weight[days >= day_number(change.on)] *= change.volume
    return np.sort(days[pick(weight, n, rng)])


def _who(kind: Archetype, clients: Clients, referred: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Client numbers: new people, and for one in eight somebody known already whose age suits the service."""
    n = len(referred)
    lows, highs, weights = (np.array(column) for column in zip(*kind.ages, strict=True))
    band = pick(weights, n, rng)
    age = lows[band] + rng.random(n) * (highs[band] + 1 - lows[band])
    who = clients.add(
        born=np.ceil(referred - age * YEAR).astype(np.int64),
        gender=pick((kind.female * 97, (1 - kind.female) * 97, 0.8, 0.4, 1.8), n, rng).astype(np.int8),
        ethnic=pick(tuple(ETHNIC.values()), n, rng).astype(np.int8),
        imd=(1 + pick((1 - kind.deprivation) ** np.arange(10), n, rng)).astype(np.int8),
    )
    known = rng.integers(len(clients.born), size=n)
    then = (referred - clients.born[known]) / YEAR
    returns = by_chance(0.125, n, rng) & (then >= lows.min()) & (then < highs.max() + 1)
    return np.where(returns, known, who)


def _source(kind: Archetype, referred: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    source = pick_code(kind.sources, ALL_SOURCES, len(referred), rng)
    for change in kind.changes:
        source = _not_before(change, source, referred)
    return source


def _not_before(change: Change, source: np.ndarray, referred: np.ndarray) -> np.ndarray:
    if change.new_source is None:
        return source
    is_early = (source == ALL_SOURCES.index(change.new_source)) & (referred < day_number(change.on))
    return np.where(is_early, ALL_SOURCES.index("mental_health_service"), source)


def _employment(kind: Archetype, age: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = len(age)
    status = pick_code(kind.status, EMPLOYMENT, n, rng)
    is_retired = rng.random(n) < np.select([age >= 75, age >= 66, age >= 60], [0.99, 0.9, 0.2], 0.0)
    status = np.where(is_retired, RETIRED, status)
    return np.where((age > 35) & (status == STUDENT) & by_chance(0.7, n, rng), LONG_TERM_SICK, status)


def _recorded(employment: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the records say of it: not everybody was asked, or wished to say."""
    said = pick((88.5, 5, 2.5, 4), len(employment), rng)
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
    engages = by_chance(np.clip(kind.engaged + 0.03 * drive, 0, 1), n, rng)
    first = np.where(engages, referred + lag(kind.days_to_contact + 1, 0.7, n, rng) - 1, -1)
    closure = _closure(kind, engages, age, may_die, rng)
    is_cut = engages & (closure != COMPLETED)
    length = lag(kind.days_open, 0.45, n, rng) * np.exp(0.15 * drive)
    length = np.maximum(np.where(is_cut, length * rng.uniform(0.08, 0.7, n), length), 7).astype(np.int64)
    close = np.where(engages, first + length, referred + 10 + lag(28, 0.6, n, rng))
    is_forgotten = by_chance(0.03, n, rng)
    closed = np.where(is_forgotten, -1, until(close, end))
    first = until(first, end)
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
    reached = pick((0.9 - out, out, 0.015, 0, 0.035, 0.02, 0, 0.03), n, rng)
    not_reached = pick((0, 0.05, 0.42, 0.4, 0.08, 0.02, 0, 0.03), n, rng)
    dies = may_die & by_chance(np.where(age >= 75, 0.035, 0.006), n, rng)
    return np.where(dies, DIED, np.where(engages, reached, not_reached))


def journey_rows(lives: Lives, rng: np.random.Generator) -> Rows:
    """The journey table's rows, with the gaps that records have."""
    n = lives.n
    return {
        "at": np.arange(n),
        "client_ref": lives.client_ref,
        "referred_on": lives.referred,
        "referral_source": lives.source,
        "first_contact_on": blank(lives.first, 0.04, rng),
        "closed_on": lives.closed,
        "closure_reason": blank(lives.closure, 0.04, rng),
        "age_at_referral": blank(lives.age, 0.025, rng),
        "gender": blank(lives.gender, 0.015, rng),
        "ethnic_group": np.where(
            by_chance(0.1, n, rng), list(ETHNIC).index("not_stated"), blank(lives.ethnic, 0.05, rng)
        ),
        "imd_decile": blank(lives.imd, 0.06, rng),
        "long_term_conditions": blank(lives.conditions, 0.12, rng),
        "employment_status": lives.employment_recorded,
    }
