"""What is costly and the same for everybody is made once: however many sessions ask at the same moment, one makes it and the others wait."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Values by key, shared by all sessions as they are (so they must not change); the `most` that were asked for last are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of this key. What `make` raises goes to all who wait for it and is not kept; where the maker was merely stopped, another makes it."""
        while True:
            found, is_mine = self._place(key)
            if is_mine:
                return self._made(key, found, make)
            try:
                return found.result()
            except Stopped:
                continue

    def made(self) -> list[T]:
        """The values that are kept and done, those asked for last at the end."""
        with self._lock:
            places = [place for place in self._kept.values() if place.done()]
        return [place.result() for place in places if place.exception() is None]

    def _place(self, key: Hashable) -> tuple[Future[T], bool]:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], False
            made: Future[T] = Future()
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return made, True

    def _made(self, key: Hashable, place: Future[T], make: Callable[[], T]) -> T:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is place:
                    del self._kept[key]
            # Streamlit stops a script by raising what is no Exception: that is this session's alone
            place.set_exception(error if isinstance(error, Exception) else Stopped())
            raise
        place.set_result(value)
        return value


class Stopped(Exception):
    """Whoever made a value was stopped before it was done."""
