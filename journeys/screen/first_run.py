"""The first run: with no store, a synthetic sample is made, for a first look, saying how far it is."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import StoreError, current_version

SAMPLE_JOURNEYS = 15_000
WRITING_SHARE = 0.4  # of the first run's time, the rest is validating and loading
_making_sample = threading.Lock()


def make_sample(progress: Callable[[float, str], None]) -> None:
    """Write a synthetic delivery and load it, for a first look. One session does it, the others wait for it."""
    with _making_sample:
        if _is_there():
            return
        with tempfile.TemporaryDirectory(prefix="journeys-sample-") as work:
            delivery = Path(work) / "delivery"
            lives.write(delivery, journeys=SAMPLE_JOURNEYS, format="parquet", progress=_writing(progress))
            progress(WRITING_SHARE, "Checking and loading it")
            loaded = _loaded(delivery, progress)
        if loaded.version is None:
            raise StoreError("damaged", loaded.note)


def _loaded(delivery: Path, progress: Callable[[float, str], None]) -> build.Loaded:
    try:
        return build.load([delivery], progress=_loading(progress))
    except build.LoadError as error:
        raise StoreError("damaged", str(error)) from error


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
