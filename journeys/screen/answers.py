"""Answers for the screens: the store that is pointed to, opened once per version, and every released answer kept by its question."""

import atexit
import gc
from pathlib import Path

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import html, session
from journeys.store.opened import Store, StoreError, current_version, folder_of, open_version
from journeys.store.work import sweep_dead
from journeys.vocabulary.selection import Selection

atexit.register(gc.unfreeze)


def newest() -> Store:
    """The store as its folder points to it now; the session keeps to this version until its next run. Raises StoreError."""
    folder = str(folder_of(None))
    version = current_version(folder)
    found = _opened(folder, version)
    session.VERSION.keep(version)
    return found


def store() -> Store:
    """The version that the page of this run was framed with, so that all its panels agree."""
    return _opened(str(folder_of(None)), session.VERSION.get())


def ask(metric: str, selection: Selection, by: tuple[str, ...] = (), *, case_mix: bool = False) -> Released:
    """The released answer to one question, asked once for everybody who asks it of this version."""
    try:
        return _answer(str(folder_of(None)), session.VERSION.get(), metric, selection, tuple(by), case_mix)
    except StoreError as error:
        # a file that breaks, or a machine too busy, while somebody reads: words in place of the rest of the page
        st.error(html.plain(str(error)), icon=":material/error:")
        st.stop()


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(folder: str, version: str) -> Store:
    """One connection a version. An older one is dropped, never closed: sessions may still read from it."""
    sweep_dead(Path(folder))  # what a killed load left unpacked
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
