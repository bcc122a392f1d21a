"""Turns: as many queries at once as there are processors, and one answer after another.

More queries would all be slower, and the clock of each would run while others work. Python runs one thread at a time: of ten answers that are worked out at
once none comes sooner than one after another, and whoever looks at what is there already would have to share with all ten.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterator

from journeys.store.folder import StoreError

LONGEST_WAIT = 30  # seconds, for a turn
N_TURNS = max(2, os.cpu_count() or 1)
TURNS = threading.BoundedSemaphore(N_TURNS)
BUSY = 0.2  # of a processor
WORK = threading.BoundedSemaphore(1)
PATIENCE = 3  # seconds that one answer waits for another: it may be a long one
BREATH = 0.05  # seconds of quiet before anything is counted beforehand


@contextlib.contextmanager
def working() -> Iterator[None]:
    """Work out an answer when nobody works out another, or beside one that takes long."""
    is_first = WORK.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if is_first:
            WORK.release()


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn to run a query, and have it meanwhile. Raises StoreError (busy)."""
    if not TURNS.acquire(timeout=LONGEST_WAIT):
        words = f"The server is busy: others have been asking for {LONGEST_WAIT} seconds. Try again in a minute."
        raise StoreError("busy", words)
    try:
        yield
    finally:
        TURNS.release()


def is_quiet(seconds: float) -> bool:
    """Whether this process had next to nothing to do for so long, and nobody asks."""
    before = time.process_time()
    time.sleep(seconds)
    if time.process_time() - before > BUSY * seconds:
        return False
    taken = [TURNS.acquire(blocking=False) for _ in range(N_TURNS)]
    for _ in filter(None, taken):
        TURNS.release()
    return all(taken)
