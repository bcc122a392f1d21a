"""Every metric against the plain implementation in oracle.py, through the real load path, on generated deliveries."""

import math
from random import Random

import generate
import oracle
import pytest

from journeys import load, metrics
from journeys.selection import COHORT_DIMENSIONS, Selection
from journeys.store import open_store

SHAPES = [
    {"journeys": 500, "services": 3, "commissioners": 2},
    {"journeys": 400, "services": 1, "identical": True},
    {"journeys": 300, "services": 4, "outcomes": "none"},
    {"journeys": 300, "services": 2, "closures": "early", "follow_up": False},
    {"journeys": 300, "services": 2, "closures": "none"},
    {"journeys": 200, "services": 2, "empty": ("goal", "outcome", "measure", "contact", "activity", "referral_reason")},
    {"journeys": 300, "services": 3, "missing": ("measure", "activity")},
    {"journeys": 400, "services": 2, "returning": 0.7, "recording": "all"},
    {"journeys": 300, "services": 2, "recording": "none"},
    {"journeys": 500, "services": 2, "months": 40, "follow_up": True, "identical": True},
]
KEYS = {
    "count": ("count",),
    "proportion": ("numerator", "denominator"),
    "waiting": ("at_risk", "events", "competing", "censored", "incidence"),
    "change": ("journeys", "first", "pairs", "improved", "same", "worse", "mean_first", "mean_latest", "mean_change", "sd_change"),
}  # fmt: skip
BREAKDOWNS = [
    (), ("service",), ("quarter",), ("commissioner",), ("financial_year",), ("age_band",), ("gender",), ("model",), ("month",),
    ("employment_status",), ("work_goal",), ("start_rung",), ("main_reason",), ("service", "quarter"), ("gender", "age_band"),
]  # fmt: skip


def some_selections(lists, rng, n):
    """The default selection, then random ones from the closed lists."""
    yield Selection()
    units = [u for unit in ("financial_year", "quarter", "month") for u in lists.calendar.units(unit, "all")]
    for _ in range(n - 1):
        where = rng.choice(["all", "service", "commissioner"])
        dimensions = rng.sample(COHORT_DIMENSIONS, rng.choice([0, 0, 1, 2]))
        yield Selection(
            period=rng.choice(["all", "last-4-quarters", *rng.sample(units, 2)]),
            service=rng.choice(list(lists.services)) if where == "service" else None,
            commissioner=rng.choice(list(lists.commissioners)) if where == "commissioner" else None,
            cohort={d: rng.choice(lists.codes(d)) for d in dimensions},
            base=rng.choice(["all", "all", "working_age", "out_of_work"]),
            within=rng.choice([6, 12, 18]),
        )


def differences(released, expected):
    """Rows in which the answer and the plain implementation differ."""
    theirs = {tuple(sorted(row["labels"].items())): row for row in expected}
    mine = {tuple(sorted(row.labels.items())): row for row in released.rows}
    if set(theirs) != set(mine):
        return [("labels", sorted(set(theirs) ^ set(mine))[:3])]
    return [
        (labels, key, getattr(mine[labels], key), theirs[labels].get(key))
        for labels in theirs
        for key in ("state", "why", "complete", *KEYS[released.shape])
        if not is_same(key, getattr(mine[labels], key), theirs[labels].get(key))
    ]


def is_same(key, mine, theirs):
    if mine is None or theirs is None or isinstance(mine, str):
        return mine == theirs
    # one decimal of a mean that ends in 5 depends on binary or decimal arithmetic
    return math.isclose(mine, theirs, abs_tol=0.1001 if key.startswith(("mean_", "sd_")) else 1e-9)


def asked(lists, rng):
    """One question for each metric: a selection and a breakdown that it allows."""
    selections = list(some_selections(lists, rng, 6))
    for slug, metric in metrics.catalogue().items():
        for selection in (selections[0], rng.choice(selections[1:])):
            by = rng.choice([b for b in BREAKDOWNS if not set(b) & set(metric.labels)])
            yield slug, selection, by


def made(seed, shape, folder):
    delivery = generate.delivery(seed, **shape)
    load.load([generate.write(delivery, folder / "delivery")], folder / "store")
    return delivery, open_store(folder / "store")


@pytest.mark.parametrize("seed", range(len(SHAPES)))
def test_released_answers_equal_the_plain_implementation(seed, tmp_path):
    delivery, store = made(seed, SHAPES[seed], tmp_path)
    for slug, selection, by in asked(store.lists, Random(seed)):
        answer = store.ask(slug, selection, by)
        expected = oracle.released(delivery, slug, by=by, **selection.given())
        assert not differences(answer, expected), (slug, selection, by)
        assert dict(answer.left_out) == oracle.left_out(delivery, slug, **selection.given()), (slug, selection)
