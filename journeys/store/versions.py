"""The versions in a store's folder, for whoever writes there: one at a time, a pointer that moves last, nothing left lying about."""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from journeys.store import published
from journeys.store.client_key import key_file, unfinished
from journeys.store.folder import (
    ON_SPARK,
    STORE,
    TO_DELETE,
    StoreError,
    current_version,
    delete_answers_without_version,
    delete_marked,
    delete_version,
    file_of,
    folder_of,
    held_in,
    must_go,
    number_of,
    sort_of,
)
from journeys.store.opened import open_store, open_version
from journeys.store.work import LoadError, explained, private, workplace

KEPT = 5
AS_ANOTHER = "load, remove, forget and roll back in the store; publish it, or load on Spark, to a folder of its own."


@contextlib.contextmanager
def alone(folder: Path, wait_seconds: float, say: Callable[[str], object], *sorts: str) -> Iterator[None]:
    """One writer at a time; the operating system lets go of the lock when a process dies. LoadError in a folder of another sort than these
    (a store)."""
    if sort_of(folder) not in (None, *(sorts or (STORE,))):
        raise LoadError(f"{folder} {sort_of(folder)}: {AS_ANOTHER}")
    with private():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / "load.lock")
        _acquire(lock, folder, wait_seconds, say)
        try:
            yield
        finally:
            lock.release()


def _acquire(lock: FileLock, folder: Path, wait_seconds: float, say: Callable[[str], object]) -> None:
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
        return
    say("waiting for another load to end")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        words = (
            f"Another load of {folder} is running, still after {wait_seconds:.0f} seconds of waiting: try again later."
        )
        raise LoadError(words) from None


def sweep(folder: Path) -> None:
    """Remove what an interrupted load left behind, versions that were rolled back and those that must go. StoreError when the
    pointer is damaged."""
    current = _current(folder)
    delete_marked(folder)
    for version in held_in(folder):
        if version != current and number_of(version) >= number_of(current):
            delete_version(folder, version)
    delete_answers_without_version(folder)
    for file in (*folder.glob("CURRENT.*"), unfinished(key_file(folder))):
        _remove(file)


def sweep_if_free(folder: Path) -> None:
    """Sweep at the start of a program, unless another is writing."""
    if folder.is_dir():
        with contextlib.suppress(LoadError), alone(folder, 0, lambda words: None):
            sweep(folder)


def mark(folder: Path, versions: Iterable[str]) -> None:
    """Write down that versions must go, before what replaces them is there: an interrupted program leaves no version behind."""
    write_whole(folder / TO_DELETE, "\n".join(sorted(must_go(folder) | frozenset(versions))))


def _current(folder: Path) -> str:
    try:
        return current_version(folder)
    except StoreError as error:
        if error.kind != "missing":
            raise
        return ""


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):  # Windows refuses while a dashboard still reads it; the next load tries again
        file.unlink(missing_ok=True)


def next_version(previous: str, ending: str = "") -> str:
    """A name that no other version ever had: caches are keyed by it. A task that may be done twice has an `ending` of its own (token_hex(3))."""
    return f"{number_of(previous) + 1:06d}-{ending or secrets.token_hex(3)}"


def publish(made: Path, folder: Path, version: str, first: Callable[[], object] = lambda: None) -> None:
    """Make a whole database file the current version; its place is taken before anything points to it, and what comes `first` is done.
    In a folder that was loaded on Spark it is written as Parquet."""
    _place(made, folder, version)
    first()
    try:
        point(folder, version)
    except OSError:
        delete_version(folder, version)
        raise
    for old in held_in(folder)[:-KEPT]:
        delete_version(folder, old)


def _place(made: Path, folder: Path, version: str) -> None:
    if sort_of(folder) != ON_SPARK:
        _sync(made)
        os.replace(made, file_of(folder, version))
        return
    with workplace(folder) as near:
        published.write(made, version, near / "made")
        published.put(near / "made", folder, version)


def point(folder: Path, version: str) -> None:
    """Move the pointer, in one step."""
    write_whole(folder / "CURRENT", version)


def write_whole(file: Path, words: str) -> None:
    """A small file, whole or as it was."""
    beside = file.with_name(f"CURRENT.{secrets.token_hex(3)}")
    try:
        beside.write_text(words, encoding="utf-8")
        _sync(beside)
        os.replace(beside, file)
    finally:
        _remove(beside)
    if os.name == "posix":
        _sync(file.parent)


def _sync(path: Path) -> None:
    """On the disk, not only on its way there."""
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def rollback(store: str | Path | None = None, wait_seconds: float = 600, since: str | None = None) -> str:
    """Point back to the version before the last load and return it; from a damaged store, to the newest earlier one that opens.

    `since` is the version that was pointed to when this was first tried ("" where the pointer was damaged): done twice, it goes back once.
    StoreError (missing) when there is none. LoadError where another change came between.
    """
    folder = folder_of(store)
    pointed(folder)
    with explained(folder), alone(folder, wait_seconds, lambda words: None, STORE, ON_SPARK):
        if since is not None and (now := pointed(folder) or "") != since:
            return _gone_back(since, now)
        for version in _earlier(folder):
            if version not in must_go(folder) and _opens(folder, version):
                point(folder, version)
                return version
    raise StoreError("missing", f"There is no earlier version in {folder} to go back to; the store is as it was.")


def _gone_back(since: str, now: str) -> str:
    if now and (not since or number_of(now) < number_of(since)):
        return now
    raise LoadError("Another change of the folder came between. Nothing was changed: look at `status`.")


def pointed(folder: Path) -> str | None:
    """The version that is pointed to; None when the pointer itself is damaged. StoreError when there is no store, or it cannot be reached."""
    try:
        return current_version(folder)
    except StoreError as error:
        if error.kind != "damaged":
            raise
        return None


def _earlier(folder: Path) -> tuple[str, ...]:
    """What to go back to, best first."""
    try:
        with contextlib.closing(open_store(folder)) as current:
            return (current.about["previous"],)
    except StoreError:
        now = pointed(folder)
    older = [v for v in held_in(folder) if now is None or number_of(v) < number_of(now)]
    return tuple(reversed(older))


def _opens(folder: Path, version: str) -> bool:
    try:
        open_version(folder, version).close()
    except StoreError:
        return False
    return True
