"""Turns: as many queries at once as there are processors. More would all be slower, and the clock of each would run while others work."""

import contextlib
import os
import threading
from collections.abc import Iterator

from journeys.store.folder import StoreError

LONGEST_WAIT = 30  # seconds, for a turn
N_TURNS = max(2, os.cpu_count() or 1)
TURNS = threading.BoundedSemaphore(N_TURNS)


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and have it meanwhile. Raises StoreError (busy)."""
    if not TURNS.acquire(timeout=LONGEST_WAIT):
        words = f"The server is busy: others have been asking for {LONGEST_WAIT} seconds. Try again in a minute."
        raise StoreError("busy", words)
    try:
        yield
    finally:
        TURNS.release()


def is_quiet() -> bool:
    """Whether nobody asks at this moment: every turn is free."""
    taken = [TURNS.acquire(blocking=False) for _ in range(N_TURNS)]
    for _ in filter(None, taken):
        TURNS.release()
    return all(taken)
