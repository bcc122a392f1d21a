"""Work folders: private places for deliveries and unfinished files, each with a lock that the operating system lets go of when its
process dies, so that the next start sweeps what was left; and words for what a disk refuses."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from journeys.store.folder import folder_of

ALIVE, GUARD = "alive", "work.lock"
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
FULL_WORDS = ("no space left", "not enough space", "file too large", "disk quota", "max_temp_directory_size")
AS_IT_WAS = "The store is as it was."


class LoadError(Exception):
    """A change of the store that cannot go on; nothing has changed. The text says why and what to do."""


@contextlib.contextmanager
def private() -> Iterator[None]:
    """What is made meanwhile is for its owner alone: folders 700, files 600."""
    was = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(was)


@contextlib.contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """A private folder inside `parent` (made if absent), removed on leaving; what killed processes left there is swept first."""
    with private():
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(parent / GUARD):
            sweep_dead(parent)
            folder = parent / f"work-{os.getpid()}-{secrets.token_hex(3)}"
            folder.mkdir(mode=0o700)
            alive = FileLock(folder / ALIVE, thread_local=False)
            alive.acquire()
        try:
            yield folder
        finally:
            alive.release()
            shutil.rmtree(folder, ignore_errors=True)


def spill(folder: Path) -> FileLock:
    """Make a private folder for what does not fit into memory, held until this process ends; those of killed ones beside it are swept.

    Its name must be one that nobody can foresee, because others may write beside it. Older ones without a lock stay.
    """
    beside = f"{folder.name.partition('-spill-')[0]}-spill-*"
    _sweep(one for one in folder.parent.glob(beside) if _is_mine(one) and (one / ALIVE).exists())
    new = folder.with_name(
        f"new-{folder.name}"
    )  # no sweep looks here: its lock is held before it has the name that is swept
    new.mkdir(mode=0o700)
    alive = FileLock(new / ALIVE, thread_local=False)
    alive.acquire()
    new.rename(folder)
    return alive


def _is_mine(folder: Path) -> bool:
    """Whether a folder is one (no link) and of this user, so that nobody else put anything into it."""
    with contextlib.suppress(OSError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
    return False


def sweep_dead(parent: Path) -> None:
    """Remove the work folders of processes that are no more."""
    _sweep(parent.glob("work-*/"))


def _sweep(folders: Iterable[Path]) -> None:
    for folder in folders:
        lock = FileLock(folder / ALIVE)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def check_place() -> Path:
    """Where a check works: the store's folder if there is one to write in, else a folder of this user's among temporary files.

    LoadError where somebody else made that folder first: they could put another in its place and read the delivery.
    """
    folder = folder_of(None)
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else temporary()


def temporary() -> Path:
    """A folder of this user's among temporary files. LoadError where somebody else made it first."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    place = Path(tempfile.gettempdir()) / f"journeys-work-{user}"
    if os.path.lexists(place) and not _is_mine(place):
        raise LoadError(f"{place} belongs to somebody else: set TMPDIR to a folder of your own. {AS_IT_WAS}")
    return place


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """A full disk, a folder that may not be written to, too little memory: in words, as LoadError. The store is still whole."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise LoadError(_full(folder)) from error
        raise LoadError(f"{error.filename or folder} cannot be used: {error.strerror or error}. {AS_IT_WAS}") from error
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if is_full(error):
            raise LoadError(_full(folder)) from error
        raise LoadError(f"It stopped: {str(error).splitlines()[0]} {AS_IT_WAS}") from error


def is_full(error: Exception) -> bool:
    return getattr(error, "errno", None) in FULL or any(words in str(error).lower() for words in FULL_WORDS)


def _full(folder: Path) -> str:
    return (
        f"A disk is full: that of the store ({folder}), of temporary files or of the report. "
        f"Free some space and try again. {AS_IT_WAS}"
    )
