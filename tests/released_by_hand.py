"""Released answers made by hand, for tests of tables and files."""

from dataclasses import replace

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

TITLES = {"reason": "Referral reason"}


def names(label, code):
    return {"GP": "General practice", "formula": "=1+1"}.get(code, code.capitalize())


def proportion(**changes):
    row = {
        "labels": {"reason": "housing"},
        "state": "shown",
        "numerator": 120,
        "denominator": 480,
        "rate": 0.25,
        "low": 0.21,
        "high": 0.29,
    }
    return Row(**(row | changes))


def released(*rows, **changes):
    answer = Released(
        metric="referral_reasons",
        unit="journeys",
        shape="proportion",
        selection=Selection(),
        words="All services, April 2021 to March 2026, everyone referred",
        by=(),
        own=("reason",),
        as_of="2026-03",
        disclosure={"k": 8, "base": 5},
        rows=rows,
        left_out={"no_reason_recorded": 45, "not_recorded": None},
        version="000001-abcdef",
        is_synthetic=True,
    )
    return replace(answer, **changes)


METRIC = metrics.get("referral_reasons")
HIDDEN = proportion(
    labels={"reason": "employment"}, state="hidden", why="few", numerator=None, rate=None, low=None, high=None
)
