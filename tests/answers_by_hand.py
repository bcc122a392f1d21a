"""Released answers made by hand for the tests of words and figures: every metric, breakdown and state, without a store."""

from dataclasses import replace
from itertools import product

from journeys.answer import overlays
from journeys.answer.released import HIDDEN, NOT_RECORDED, TOO_EARLY, Released, Row
from journeys.statistics import funnel, proportions
from journeys.vocabulary import calendar, dictionary, metrics
from journeys.vocabulary.lists import Lists, Service
from journeys.vocabulary.selection import Selection

STATES = ("shown", "mixed", "few", "most", "hidden", "low", "early", "not_recorded", "one")
SECRET = 31337  # no released figure; a figure that holds it has it from elsewhere


def service(number: int) -> Service:
    return Service(
        f"service-{number}", f"Service {'ABCD'[number]}", f"C{number % 2}", f"Commissioner {number % 2}", "light", "health", "yes",
        frozenset(metrics.KINDS), False, "2022-04", "2026-03", {}, {},
    )  # fmt: skip


LISTS = Lists(
    calendar.Calendar("2022-04", "2026-03", "2026-03"),
    {s.service_id: s for s in map(service, range(4))},
    ("debt", "housing"),
)
NAMES = LISTS.name


def codes(label: str) -> tuple[str, ...]:
    return ("none", "1", "1>2", "2>3>5") if label == "path" else LISTS.codes(label)


def own_labels(metric) -> list[tuple[str, ...]]:
    if metric.labels == ("tool", "item"):
        return list(dictionary.load().changing_items)
    return list(product(*(metric.codes.get(name) or codes(name) for name in metric.labels)))


def released(slug: str, by=(), state: str = "shown", selection: Selection | None = None) -> Released:
    """An answer of that metric with every row in a state (mixed: each in another; one: all hidden but the first)."""
    metric = metrics.get(slug)
    cells = product(*(codes(d) for d in by))
    labels = [
        dict(zip((*by, *metric.labels), (*cell, *own), strict=True)) for cell in cells for own in own_labels(metric)
    ]
    rows = tuple(row(metric, values, _state(state, i), i) for i, values in enumerate(labels))
    answer = Released(
        slug, metric.unit, metric.shape, selection or Selection(), "all services, everyone referred", tuple(by), metric.labels,
        "2026-03", {"k": 8, "base": 5}, rows, left_out=_left_out(metric), is_synthetic=True,
    )  # fmt: skip
    return _with_funnel(overlays.annotated(answer, metric))


def _state(state: str, i: int) -> str:
    if state == "mixed":
        return ("shown", "few", "hidden", "shown", "incomplete", "low", "early", "not_recorded", "most")[i % 9]
    if state == "one":
        return "shown" if i == 0 else "hidden"
    return state


def row(metric, labels: dict, state: str, i: int) -> Row:
    months = int(labels["months"]) if metric.shape == "waiting" else None
    states = {"hidden": HIDDEN, "early": TOO_EARLY, "not_recorded": NOT_RECORDED}
    if state in states:
        return Row(labels, states[state], months=months, complete=False if state == "early" else None)
    if state in ("few", "most"):
        only = {"why": state, "denominator": 240 + 5 * i} if metric.shape == "proportion" else {}
        return bounded(Row(labels, HIDDEN, months=months, **only))
    values = {"count": _count, "proportion": _proportion, "waiting": _waiting, "change": _change}[metric.shape](
        i, state
    )
    return Row(labels, "shown", complete=state != "incomplete", **({"months": months} | values))


def bounded(row: Row, k: int = 8, half: int = 2) -> Row:
    """The row with what the rule lets through of a hidden numerator: at most (k - 1) / (R - 2), or at least one minus that."""
    if row.why and row.denominator and row.denominator >= 20:
        part = min(1.0, (k - 1) / (row.denominator - half))
        name, value = ("at_most", part) if row.why == "few" else ("at_least", 1 - part)
        return replace(row, **{name: value})
    return row


def _count(i: int, state: str) -> dict:
    return {"count": 100 + 5 * ((7 * i) % 23)}


def _proportion(i: int, state: str) -> dict:
    numerator, denominator = (10, 15) if state == "low" else (60 + 5 * ((3 * i) % 11), 240 + 5 * ((7 * i) % 13))
    found = proportions.proportion(numerator, denominator)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "rate": found.rate,
        "low": found.low,
        "high": found.high,
    }


def _waiting(i: int, state: str) -> dict:
    counts = {"at_risk": 500 - 5 * (i % 50), "events": 40 + 5 * (i % 7), "competing": 60, "censored": 20}
    return counts if state == "low" else counts | {"incidence": 0.1 + 0.01 * (i % 7), "low": 0.08, "high": 0.2}


def _change(i: int, state: str) -> dict:
    if state == "low":
        return {"journeys": 900, "first": 100, "pairs": 10, "improved": None, "same": None, "worse": None}
    parts = {"improved": 30, "same": 20, "worse": None if i % 3 == 1 else 10}
    means = {"mean_first": 18.5, "mean_latest": 19.8, "mean_change": 1.3, "sd_change": 3.0, "low": 0.5, "high": 2.1}
    return {"journeys": 900, "first": 100, "pairs": 60, **parts, **means}


def _left_out(metric) -> dict:
    return {reason: None if i == 2 else 90 + 5 * i for i, reason in enumerate(metric.left_out)}


def _with_funnel(answer: Released) -> Released:
    if answer.shape != "proportion" or not set(answer.by) & set(overlays.FUNNELS):
        return answer
    return replace(answer, rows=tuple(_placed(r) for r in answer.rows))


def _placed(r: Row) -> Row:
    if r.rate is None:
        return r
    found = funnel.limits(r.denominator, 0.3)
    place = {
        "centre": 0.3,
        "low95": found.low95,
        "high95": found.high95,
        "low998": found.low998,
        "high998": found.high998,
    }
    reach = funnel.reach(funnel.Counts(r.numerator, r.denominator))
    return replace(r, funnel=place | {"position": funnel.standing(reach, found)})
