"""What leaves a folder that was loaded on Spark, and going back there: `remove`, `forget` and `rollback` as they are in a store, each in one task
on an executor, where the folder and the key are. A task that is done twice changes the folder once."""

import contextlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from journeys.store import leaving, spark, tables, versions
from journeys.store.folder import (
    ON_SPARK,
    current_version,
    delete_answers_without_version,
    folder_of,
    sort_of,
)
from journeys.store.spark_load import tasks
from journeys.store.spark_tasks import WAIT_SECONDS, mounted_key
from journeys.store.work import LoadError

AFTER = "Look at `status` and, if it is not as you want it, say it again."


@dataclass(frozen=True)
class Order:
    """What a task is told. It stands in a plan, which Spark may keep: people are named in a file that the executors see, never here.
    `ending` is that of the version to be made, `since` the one that was pointed to before."""

    to: str
    definitions: str
    services: tuple[str, ...] = ()
    refs: str = ""
    ending: str = ""
    since: str = ""


def remove(at: spark.Place, services: Sequence[str]) -> str:
    """As leaving.remove, in the folder of `at`. Raises LoadError, StoreError and ValueError."""
    return _done(at, _remove, services=tuple(services))


def forget(at: spark.Place, refs: Path) -> str:
    """As leaving.forget; the executors read the file."""
    return _done(at, _forget, refs=str(refs))


def undo(at: spark.Place, refs: Path) -> str:
    """As leaving.undo; the executors read the file."""
    return _done(at, _undo, refs=str(refs))


def rollback(at: spark.Place) -> str:
    """As versions.rollback; returns the version that is current now."""
    return _done(at, _rollback)


def _done(at: spark.Place, work: Callable[[Order], dict], **told: Any) -> str:
    """What the task says. Answers that this machine kept of what is no longer pointed to go; other machines see to theirs."""
    order = replace(Order(at.tables, tables.definitions_fingerprint(), ending=secrets.token_hex(3)), **told)
    with contextlib.closing(spark.Session(at)) as session:
        (begun,) = tasks(session, _begin, [order], AFTER)
        (said,) = tasks(session, work, [replace(order, since=begun["since"])], AFTER)
    delete_answers_without_version(folder_of(None), but=said["version"])
    return said["words"]


# --- on an executor ---------------------------------------------------------------------------------------------------


def _begin(order: Order) -> dict:
    folder = Path(order.to)
    if sort_of(folder) not in (None, ON_SPARK):
        raise LoadError(f"{folder} {sort_of(folder)}: name the store with --store, and publish it again.")
    return {"since": versions.pointed(folder) or ""}


def _remove(order: Order) -> dict:
    mounted_key(Path(order.to))
    return _said(order, leaving.remove(order.services, order.to, WAIT_SECONDS, order.ending))


def _forget(order: Order) -> dict:
    mounted_key(Path(order.to))
    return _said(order, leaving.forget(Path(order.refs), order.to, WAIT_SECONDS, order.ending))


def _undo(order: Order) -> dict:
    mounted_key(Path(order.to))
    return _said(order, leaving.undo(Path(order.refs), order.to, WAIT_SECONDS))


def _rollback(order: Order) -> dict:
    return _said(order, versions.rollback(order.to, WAIT_SECONDS, order.since))


def _said(order: Order, words: str) -> dict:
    return {"words": words, "version": current_version(Path(order.to))}
