"""Answers for the screens: the store that is pointed to, opened once per version, and every released answer kept by its question."""

import atexit
import gc
from pathlib import Path

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import html, session
from journeys.screen.once import Once
from journeys.store.kept import Kept
from journeys.store.opened import Store, StoreError, current_version, folder_of, open_version
from journeys.store.work import sweep_dead
from journeys.vocabulary.selection import Selection

atexit.register(gc.unfreeze)

_OPENED: Once[Kept] = Once(3)
_ANSWERS: Once[Released] = Once(2000)


def newest() -> Store:
    """The store as its folder points to it now; the session keeps to this version until its next run. Raises StoreError."""
    folder = str(folder_of(None))
    version = current_version()
    found = _opened(folder, version).store
    session.VERSION.keep(version)
    return found


def store() -> Store:
    """The version that the page of this run was framed with, so that all its panels agree."""
    return _opened(str(folder_of(None)), session.VERSION.get()).store


def ask(metric: str, selection: Selection, by: tuple[str, ...] = (), *, case_mix: bool = False) -> Released:
    """The released answer to one question, asked once for everybody who asks it of this version."""
    where, question = (str(folder_of(None)), session.VERSION.get()), (metric, selection, tuple(by))
    try:
        return _ANSWERS.get((where, question, case_mix), lambda: _opened(*where).ask(*question, case_mix=case_mix))
    except StoreError as error:
        # a file that breaks, or a machine too busy, while somebody reads: words in place of the rest of the page
        st.error(html.plain(str(error)), icon=":material/error:")
        st.stop()


def _opened(folder: str, version: str) -> Kept:
    """One connection a version. An older one is dropped, never closed: sessions may still read from it."""
    return _OPENED.get((folder, version), lambda: _open(folder, version))


def _open(folder: str, version: str) -> Kept:
    sweep_dead(Path(folder))  # what a killed load left unpacked
    opened = Kept(open_version(None, version))
    figures.bars(opened.ask("referrals", Selection(), ()), opened.store.lists.name)
    gc.collect()
    gc.freeze()  # what lives as long as the server need not be walked after every click
    return opened
