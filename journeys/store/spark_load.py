"""Loads on Spark. A task for each delivery does what a load does up to the facts of its journeys, in a private folder of its executor;
one more task puts them together as the next version of the published folder.

Deliveries that have a service or a client key in common are worked out in one task, because who returned, and by which door, is asked
of days: so no date leaves a task. The program and the key are on the executors; a plan names folders, and Spark's event log with it.
"""

import contextlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from journeys.store import spark, spark_tasks, tables
from journeys.store.build import Ask, Wanted
from journeys.store.comparison import Comparison, of_json
from journeys.store.folder import StoreError
from journeys.store.spark_tasks import Order
from journeys.store.tables import Progress
from journeys.store.work import LoadError

LONGEST_SECONDS = 12 * 3600.0
NOTHING = "Nothing was loaded."


@dataclass(frozen=True)
class Outcome:
    """What a load on Spark did; the version now current, None where nothing was loaded."""

    version: str | None
    note: str
    is_done: bool
    comparison: Comparison | None = None


def load(
    at: spark.Place,
    deliveries: Sequence[Path],
    wanted: Wanted,
    *,
    progress: Progress = lambda share, doing: None,
    tell: Callable[[str], object] = lambda words: None,
    ask: Ask | None = None,
) -> Outcome:
    """Load deliveries, as the executors see them, into the folder of `at`: all of them, or nothing. `tell` gets what was
    read, in words, before anything is loaded.

    Raises LoadError, StoreError (damaged, away, other_version) and ValueError, as a load does.
    """
    with contextlib.closing(spark.Session(at)) as session:
        run = _Run(session, Order(at.tables, f"run-{secrets.token_hex(8)}", wanted, tables.definitions_fingerprint()))
        try:
            return run.loaded([str(path) for path in deliveries], progress, tell, ask)
        finally:
            with contextlib.suppress(Exception):  # the next load sweeps what is left
                tasks(session, spark_tasks.clean, [run.order])


class _Run:
    """One load: what each of its tasks is told, and what they say."""

    def __init__(self, session: spark.Session, order: Order) -> None:
        self.session, self.order = session, order

    def loaded(
        self, deliveries: Sequence[str], progress: Progress, tell: Callable[[str], object], ask: Ask | None
    ) -> Outcome:
        progress(0.0, "asking Spark for the folder and the key")
        (begun,) = tasks(self.session, spark_tasks.begin, [self.order])
        self.order = replace(self.order, k=begun["k"])
        progress(0.05, f"reading {len(deliveries)} deliveries on Spark")
        parts = self._parts(deliveries, progress)
        tell("\n".join(part["words"] for part in parts))
        refusals = [f"{', '.join(part['deliveries'])}: {part['refusal']}" for part in parts if part["refusal"]]
        if refusals:
            return Outcome(None, f"{NOTHING} {' '.join(refusals)}", is_done=False)
        progress(0.8, "putting the deliveries together")
        # a report can quote a delivery: it is for whoever loads, and in no plan
        told = tuple({name: said for name, said in part.items() if name != "words"} for part in parts)
        self.order = replace(self.order, deliveries=tuple(deliveries), parts=told)
        return self._together(ask)

    def _parts(self, deliveries: Sequence[str], progress: Progress) -> list[dict]:
        """What was made of each delivery, and of those that belong together once more, as one."""
        apart = tasks(
            self.session, spark_tasks.work_out, [replace(self.order, deliveries=(path,)) for path in deliveries]
        )
        groups = together(apart)
        again = [group for group in groups if len(group) > 1]
        if not again or any(part["refusal"] for part in apart):
            return apart
        progress(0.5, "working out together what has a service or a client key in common")
        orders = [replace(self.order, deliveries=tuple(deliveries[n] for n in group)) for group in again]
        made = iter(tasks(self.session, spark_tasks.work_out, orders))
        return [next(made) if len(group) > 1 else apart[group[0]] for group in groups]

    def _together(self, ask: Ask | None) -> Outcome:
        order = self.order
        (said,) = tasks(self.session, spark_tasks.put_together, [order])
        compared = of_json(said["comparison"]) if said["comparison"] else None
        if compared and not said["is_done"] and not order.wanted.is_dry and ask and ask(compared):
            (said,) = tasks(
                self.session, spark_tasks.put_together, [replace(order, wanted=replace(order.wanted, is_meant=True))]
            )
        return Outcome(said["version"], said["note"], said["is_done"], compared)


def tasks(
    session: spark.Session, work: Callable[[Any], dict], orders: Sequence[Any], after: str = NOTHING
) -> list[dict]:
    """What each task says, in the order of the orders; `after` is what to say where one fails for good. LoadError, StoreError and ValueError
    as the tasks raised them."""

    def rows(session: Any) -> list[str]:
        each = session.range(0, len(orders), 1, len(orders))  # a partition for each
        said = each.mapInArrow(partial(spark_tasks.on_executor, work, tuple(orders)), "number long, said string")
        return [row["said"] for row in sorted(said.toArrow().to_pylist(), key=lambda row: row["number"])]

    try:
        said = [json.loads(words) for words in session.run(rows, LONGEST_SECONDS)]
    except StoreError:
        raise
    except Exception as error:
        raise LoadError(f"{_task_words(error)} {after}") from error
    for one in said:
        _raise(one)
    return said


def together(parts: Sequence[Mapping]) -> list[list[int]]:
    """The places of parts that have a service or a client key in common, as groups in the order of their first."""
    groups: list[tuple[list[int], set[str]]] = []
    for place, part in enumerate(parts):
        numbers, names = [place], {*(f"service {one}" for one in part["services"]), *part["keys"]}
        apart = []
        for group in groups:
            if group[1] & names:
                numbers, names = [*group[0], *numbers], names | group[1]
            else:
                apart.append(group)
        groups = [*apart, (sorted(numbers), names)]
    return sorted(numbers for numbers, _ in groups)


def _raise(said: Mapping) -> None:
    """What a task said was wrong with the data, the folder or the call, as a load on one machine raises it."""
    kind, words = said.get("at_fault", ("", ""))
    if kind in spark_tasks.RAISED:
        raise spark_tasks.RAISED[kind](words)
    if kind:
        raise StoreError(kind, words)


def _task_words(error: Exception) -> str:
    """Never what the server wrote: values of people can stand in it."""
    said = str(error)
    if "No module named 'journeys'" in said:
        return "The executors do not have this program: put its folder on their PYTHONPATH (docs/spark.md)."
    return f"A task failed on Spark, each time that it was tried ({spark.condition(error)})."
