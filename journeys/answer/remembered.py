"""Counts that were made once are not made again: several panels of a page, and several selections, are made of the same counts.

They are exact, so they stay in this room: in the memory of the process that has the store open anyway, as long as it has, and on no disk.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

from journeys.answer.columns import Columns

T = TypeVar("T")
LEAST_BYTES, MOST_BYTES, BYTES_A_JOURNEY = 150_000_000, 600_000_000, 60


def bytes_for(n_journeys: int) -> int:
    """How many bytes of counts by number are worth keeping: of many services there are many months."""
    return min(max(LEAST_BYTES, BYTES_A_JOURNEY * n_journeys), MOST_BYTES)


class Latest(Generic[T]):
    """What was worked out, by what it was worked out of (so nobody may change it): of all that is kept, `weigh` adds up to `most` at most, what was asked for last.

    Safe to share between threads.
    """

    def __init__(self, weigh: Callable[[T], int], most: int) -> None:
        self._weigh, self._most = weigh, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._n = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, or what `make` gives."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        with self._lock:
            self._keep(key, found)
        return found

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def weight(self) -> int:
        """What is kept weighs together."""
        return self._n

    @property
    def is_nearly_full(self) -> bool:
        """Whether what is kept from now on may soon push out other things."""
        return self._n > 0.8 * self._most

    def _keep(self, key: Hashable, found: T) -> None:
        weight = self._weigh(found)
        if key in self._kept or weight > self._most:  # another thread was faster, or it would push out all others
            return
        self._kept[key] = found
        self._n += weight
        while self._n > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._n -= self._weigh(oldest)


class Remembered(Latest[T]):
    """Runs SQL over one version of a store, which never changes, and keeps what it gives by text and values."""

    def __init__(self, run: Callable[..., T], weigh: Callable[[T], int], most: int) -> None:
        super().__init__(weigh, most)
        self._run = run

    def __call__(self, sql: str, values: Mapping, *more: tuple[str, ...]) -> T:
        return self.get((sql, *sorted(values.items()), *more), lambda: self._run(sql, values, *more))


def rows(run: Callable[..., list[dict]], most: int = 100_000) -> Remembered[list[dict]]:
    """What keeps so many rows, some 40 MB; each text and its values count for fifty."""
    return Remembered(run, lambda found: len(found) + 50, most)


def columns(run: Callable[..., Columns], most: int = LEAST_BYTES) -> Remembered[Columns]:
    """What keeps so many bytes of counts by number; each text and its values count for some thousand."""
    return Remembered(run, lambda found: found.nbytes + 5_000, most)


def names(run: Callable[..., tuple[str, ...]], most: int = 1_000) -> Remembered[tuple[str, ...]]:
    """What keeps the columns of so many texts."""
    return Remembered(run, lambda found: 1, most)
