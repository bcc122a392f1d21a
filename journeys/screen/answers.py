"""Answers for the screens: the store that is pointed to, opened once per version, and every released answer kept by its question."""

import atexit
import gc
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import Store, StoreError, current_version, folder_of, open_version
from journeys.vocabulary.selection import Selection

VERSION = "store_version"
SAMPLE_JOURNEYS = 15_000
WRITING_SHARE = 0.4  # of the first run's time, the rest is validating and loading
_making_sample = threading.Lock()
atexit.register(gc.unfreeze)


def newest() -> Store:
    """The store as its folder points to it now; the session keeps to this version until its next run. Raises StoreError."""
    folder = str(folder_of(None))
    version = current_version(folder)
    found = _opened(folder, version)
    st.session_state[VERSION] = version
    return found


def store() -> Store:
    """The version that the page of this run was framed with, so that all its panels agree."""
    return _opened(str(folder_of(None)), st.session_state[VERSION])


def ask(metric: str, selection: Selection, by: tuple[str, ...] = (), *, case_mix: bool = False) -> Released:
    """The released answer to one question, asked once for everybody who asks it of this version."""
    try:
        return _answer(str(folder_of(None)), st.session_state[VERSION], metric, selection, tuple(by), case_mix)
    except StoreError as error:
        # a file that breaks, or a machine too busy, while somebody reads: words in place of the rest of the page
        st.error(str(error), icon=":material/error:")
        st.stop()


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(folder: str, version: str) -> Store:
    """One connection a version. An older one is dropped, never closed: sessions may still read from it."""
    opened = open_version(Path(folder), version)
    figures.bars(opened.ask("referrals"), opened.lists.name)
    gc.collect()
    gc.freeze()  # what lives as long as the server need not be walked after every click
    return opened


@st.cache_data(max_entries=2000, show_spinner=False, hash_funcs={Selection: lambda chosen: str(chosen.given())})
def _answer(
    folder: str, version: str, metric: str, selection: Selection, by: tuple[str, ...], case_mix: bool
) -> Released:
    return _opened(folder, version).ask(metric, selection, by, case_mix=case_mix)


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
