"""Answers for the screens: the store that is pointed to, opened once per version, and every released answer kept by its question."""

import atexit
import gc
import threading
from functools import partial
from pathlib import Path

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.screen import browser, html, session
from journeys.screen.ahead import Asked, Pages
from journeys.screen.once import Once
from journeys.store.kept import Kept
from journeys.store.opened import Store, StoreError, current_version, folder_of, open_version
from journeys.store.work import sweep_dead
from journeys.vocabulary.selection import Selection

atexit.register(gc.unfreeze)

_OPENED: Once[Kept] = Once(3)
_ANSWERS: Once[Released] = Once(2000)
_PAGES = Pages()


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
    asked = (metric, selection, tuple(by), case_mix)
    if page := session.ASKING.get():
        page.add(asked)
    try:
        return _answer(_where(), asked)
    except StoreError as error:
        # a file that breaks, or a machine too busy, while somebody reads: words in place of the rest of the page
        st.error(html.plain(str(error)), icon=":material/error:")
        st.stop()


def ask_ahead(title: str, chosen: Selection) -> None:
    """A page begins: what it asked the last time is asked of this selection. Where no browser asks (tests), nothing is worked out before it is asked for."""
    ask = partial(_answer, _where()) if browser.is_there() else None
    page = (title, *session.opened())  # a panel behind a closed heading asks nothing
    session.ASKING.keep(_PAGES.begin(page, chosen, session.ASKING.get(), ask))


def _where() -> tuple[str, str]:
    return str(folder_of(None)), session.VERSION.get()


def _answer(where: tuple[str, str], asked: Asked) -> Released:
    """The answer to a question, made once however many ask for it at the same time."""
    metric, selection, by, case_mix = asked
    return _ANSWERS.get((where, asked), lambda: _opened(*where).ask(metric, selection, by, case_mix=case_mix))


def _opened(folder: str, version: str) -> Kept:
    """One connection a version. An older one is dropped, never closed: sessions may still read from it."""
    return _OPENED.get((folder, version), lambda: _open(folder, version))


def _open(folder: str, version: str) -> Kept:
    sweep_dead(Path(folder))  # what a killed load left unpacked
    opened = Kept(open_version(None, version))
    for other in _OPENED.made():  # it is asked by those alone who have not moved on
        other.store.forget_counts()
    figures.bars(opened.ask("referrals", Selection(), ()), opened.store.lists.name)
    if browser.is_there():
        threading.Thread(target=opened.store.count_beforehand, name="beforehand", daemon=True).start()
    gc.collect()
    gc.freeze()  # what lives as long as the server need not be walked after every click
    return opened
