"""The first run: with no store, a synthetic sample is made, for a first look, saying how far it is."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import StoreError, current_version, folder_of
from journeys.store.work import explained

SAMPLE_JOURNEYS = 15_000
WRITING_SHARE = 0.4  # of the first run's time, the rest is validating and loading
_making_sample = threading.Lock()


def make_sample(progress: Callable[[float, str], None]) -> None:
    """Write a synthetic delivery and load it, for a first look. One session does it, the others wait for it. StoreError (missing) says why it
    cannot be done, and what to do."""
    with _making_sample, _in_words():
        if _is_there():
            return
        with tempfile.TemporaryDirectory(prefix="journeys-sample-") as work:
            delivery = Path(work) / "delivery"
            lives.write(delivery, journeys=SAMPLE_JOURNEYS, format="parquet", progress=_writing(progress))
            progress(WRITING_SHARE, "Checking and loading it")
            loaded = build.load([delivery], progress=_loading(progress))
        if loaded.version is None:
            raise build.LoadError(loaded.note)


@contextmanager
def _in_words() -> Iterator[None]:
    """What a machine or its settings refuse: no room, a folder that may not be written to, a client key that is too short or not there."""
    try:
        with explained(folder_of(None)):
            yield
    except (build.LoadError, ValueError) as error:
        raise StoreError("missing", str(error)) from error


def _is_there() -> bool:
    try:
        current_version()
    except StoreError:
        return False
    return True


def _writing(progress: Callable[[float, str], None]) -> Callable[[int, int], None]:
    return lambda done, total: progress(WRITING_SHARE * done / max(total, 1), "Writing synthetic journeys")


def _loading(progress: Callable[[float, str], None]) -> Callable[[float, str], None]:
    return lambda share, what: progress(WRITING_SHARE + (1 - WRITING_SHARE) * min(max(share, 0.0), 1.0), what)
