"""Publishing: the current version of a store, written beside as Parquet and pointed to when it is whole."""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from journeys.store import published
from journeys.store.folder import (
    PUBLISHED,
    copy_of,
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
from journeys.store.work import explained, is_full, workplace


def publish(to: Path, store: str | Path | None = None, wait_seconds: float = 600) -> str:
    """Publish the current version of a store into the folder `to`, and return its name. A folder that is there whole is only pointed to.

    What was published of versions that the store no longer has goes. Raises StoreError, and LoadError with `to` as it was.
    """
    folder = folder_of(store)
    with closing(open_store(folder)) as opened:  # what cannot be read is not published
        version = opened.version
    with explained(to), alone(to, wait_seconds, lambda words: None, PUBLISHED):
        if not published.is_whole(to, version):
            _written(folder, version, to)
        point(to, version)
        _sweep(folder, to)
    return version


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
    """What the store no longer has is no longer published: it may hold people who were forgotten."""
    for version in set(published_in(to)) - (set(versions_in(folder)) - must_go(folder)):
        shutil.rmtree(copy_of(to, version), ignore_errors=True)
    delete_answers_without_version(to)
