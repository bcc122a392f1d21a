"""Publishing: the current version of a store, written beside as Parquet and pointed to when it is whole."""

import shutil
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

import duckdb

from journeys.store import published
from journeys.store.folder import (
    PUBLISHED,
    STORE,
    StoreError,
    copy_of,
    current_version,
    delete_answers_without_version,
    file_of,
    folder_of,
    is_damage,
    must_go,
    published_in,
    unreadable,
    versions_in,
)
from journeys.store.opened import open_store
from journeys.store.versions import alone, point
from journeys.store.work import LoadError, explained, is_full, workplace


def publish(to: Path, store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """Publish the current version of a store into the folder `to`, and return its name. A folder that is there whole is only pointed to.

    What was published of versions that the store no longer has goes. Raises StoreError, and LoadError with `to` as it was.
    """
    folder = folder_of(store)
    with closing(open_store(folder)) as opened:  # what cannot be read is not published
        version = opened.version
    _check_held(folder, version)
    with explained(to), _for_publishing(to, wait_seconds, PUBLISHED):
        if not published.is_whole(to, version):
            _written(folder, version, to)
        with _for_publishing(folder, wait_seconds, STORE):  # nobody is forgotten between the look and the pointer
            try:
                _check_held(folder, version)
            except LoadError:
                _sweep(folder, to)
                raise
            point(to, version)
            _sweep(folder, to)
    return version


def _for_publishing(folder: Path, wait_seconds: float, sort: str) -> AbstractContextManager[None]:
    return alone(folder, wait_seconds, lambda words: None, sort)


def _check_held(folder: Path, version: str) -> None:
    """LoadError for a version that must not be shown any more: it left the store, or holds people who are to be forgotten."""
    if version in must_go(folder):
        raise LoadError(
            f"Version {version} holds people who are to be forgotten, and `forget` was stopped before it was done: "
            "say it again with the same list, then publish again. Nothing was published."
        )
    if version not in versions_in(folder):
        raise LoadError(
            f"Version {version} left the store {folder} while it was being published: publish again. Nothing was published."
        )


def _written(folder: Path, version: str, to: Path) -> None:
    with workplace(to) as work:
        try:
            published.write(file_of(folder, version), version, work / "made")
        except duckdb.Error as error:
            if is_damage(error) and not is_full(error):
                raise unreadable(folder, version, error) from error
            raise
        published.put(work / "made", to, version)


def _sweep(folder: Path, to: Path) -> None:
    """What the store no longer has is no longer published, since it may hold people who were forgotten; what is pointed to stays."""
    kept = set(versions_in(folder)) - must_go(folder)
    with suppress(StoreError):
        kept.add(current_version(to))
    for version in set(published_in(to)) - kept:
        shutil.rmtree(copy_of(to, version), ignore_errors=True)
    delete_answers_without_version(to)
