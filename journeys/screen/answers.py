"""Answers for the screens: the store that is pointed to, opened once per version, and every released answer kept by its question."""

import atexit
import gc
import threading
import time
from functools import partial
from pathlib import Path

import streamlit as st

from journeys import figures
from journeys.answer.protect import TooManyRows
from journeys.answer.question import is_on_its_own_base
from journeys.answer.released import Released
from journeys.screen import browser, html, session
from journeys.screen.ahead import Asked, Pages
from journeys.screen.arriving import Arriving
from journeys.screen.once import Once
from journeys.store.answerers import Answerers, wanted
from journeys.store.folder import number_of
from journeys.store.kept import Elsewhere, KeptAnswers
from journeys.store.opened import Store, StoreError, current_version, folder_of, open_version
from journeys.store.work import sweep_dead
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

atexit.register(gc.unfreeze)

_OPENED: Once[KeptAnswers] = Once(3)
_ANSWERS: Once[Released] = Once(2000)
_ANSWERERS: Once[Answerers] = Once(1)
_ARRIVING = Arriving()
_PAGES = Pages()


def newest() -> Store:
    """The store as its folder points to it now; the session keeps to this version until its next run. Raises StoreError."""
    folder, current = str(folder_of(None)), current_version()
    version = current
    if session.VERSION.get() != current:
        version = _ARRIVING.shown(folder, current, partial(_prepare, folder, current) if _ANSWERERS.made() else None)
        if version != current and _is_taken_away(folder, version, current):
            version = _ARRIVING.shown(folder, current, None)
    found = _opened(folder, version).store
    if version == current:
        _move_on(folder, found)
    session.VERSION.keep(version)
    return found


def move_on() -> None:
    """This reader, who has just loaded, goes to the version that is pointed to at once."""
    session.VERSION.keep(current_version())


def _move_on(folder: str, shown: Store) -> None:
    """A version is shown, be it the next or one that was gone back to: who answers is told, and it is counted. The others are asked by those alone who
    have not moved on, and give back the memory of their counts."""
    for other in _OPENED.made():
        if other.store is not shown:
            other.store.forget_counts()
    if _ARRIVING.goes_over(folder, shown.version):
        _tell(shown.version)
        if browser.is_there() and not _ANSWERERS.made():
            threading.Thread(target=shown.count_beforehand, name="beforehand", daemon=True).start()


def _tell(version: str) -> None:
    for others in _ANSWERERS.made():
        others.open(version)


def _is_taken_away(folder: str, shown: str, current: str) -> bool:
    """Whether anything was taken out of the store since the version that is shown; then nobody reads that any more."""
    since = (load for load in _opened(folder, current).store.loads if number_of(load.version) > number_of(shown))
    return any(load.what != "load" for load in since)


def _prepare(folder: str, version: str, seconds: float) -> None:
    """Open a version, and wait until what is counted of it beforehand is counted."""
    until = time.monotonic() + seconds
    _opened(folder, version)
    _tell(version)
    while time.monotonic() < until and not all(one.has_counted(version) for one in _ANSWERERS.made()):
        time.sleep(0.2)


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
    except (StoreError, TooManyRows) as error:
        # a file that breaks, a machine too busy, or more rows than can be drawn, while somebody reads: words in place of the rest of the page
        st.error(html.plain(str(error)), icon=":material/error:")
        st.stop()


def wider(metric: str, selection: Selection) -> list[Selection]:
    """The next wider selections that a metric can be asked of: one of people out of work alone has no other base."""
    is_fixed = is_on_its_own_base(metrics.get(metric))
    return [step for step in selection.wider() if step.base == selection.base or not is_fixed]


def ask_ahead(title: str, chosen: Selection) -> None:
    """A page begins: what it asked the last time is asked of this selection. Where no browser asks (tests), nothing is worked out before it is asked for."""
    ask = partial(_answer, _where()) if browser.is_there() else None
    page = (title, *session.opened())  # a panel behind a closed heading asks nothing
    at_once = max([1, *map(len, _ANSWERERS.made())])
    session.ASKING.keep(_PAGES.begin(page, chosen, session.ASKING.get(), ask, at_once))


def _where() -> tuple[str, str]:
    return str(folder_of(None)), session.VERSION.get()


def _answer(where: tuple[str, str], asked: Asked) -> Released:
    """The answer to a question, made once however many ask for it at the same time."""
    metric, selection, by, case_mix = asked
    return _ANSWERS.get((where, asked), lambda: _opened(*where).ask(metric, selection, by, case_mix=case_mix))


def _opened(folder: str, version: str) -> KeptAnswers:
    """One connection a version. An older one is dropped, never closed: sessions may still read from it."""
    return _OPENED.get((folder, version), lambda: _open(folder, version))


def _elsewhere(store: Store) -> Elsewhere | None:
    """Who answers for this process, so that whoever draws a page need not wait for whoever asks; nobody where no browser asks (tests)."""
    is_asked = bool(_ANSWERERS.made()) or browser.is_there()
    if not is_asked or not store.is_answered_here or not wanted():
        return None
    try:
        others = _ANSWERERS.get(store.folder, lambda: Answerers(store.folder, wanted()))
    except OSError:  # no process can be started
        return None
    return others.ask


def _open(folder: str, version: str) -> KeptAnswers:
    sweep_dead(Path(folder))  # what a killed load left unpacked
    store = open_version(None, version)
    opened = KeptAnswers(store, _elsewhere(store))
    figures.bars(opened.ask("referrals", Selection(), ()), store.lists.name)
    gc.unfreeze()  # what was kept of versions that are dropped goes
    gc.collect()
    gc.freeze()  # what lives as long as the server need not be walked after every click
    return opened
