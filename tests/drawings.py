"""Every figure drawn from answers made by hand, in every state, for the tests of figures and of what fits."""

from dataclasses import replace
from types import SimpleNamespace

from journeys import figures
from tests.answers_by_hand import NAMES, released

CHANGES = (
    SimpleNamespace(service_id="service-1", month="2023-09", title="A second adviser", detail=None),
    SimpleNamespace(service_id="service-2", month="2030-01", title="Not in this span", detail=None),
)


def spiral(state="shown", names=NAMES):
    return figures.spiral(
        *(released(f"spiral_{part}", state=state) for part in ("start", "now", "flow", "movement")), names
    )


def evidence(state="shown"):
    ours = released("found_work", state=state).rows[0]
    rows = [
        {"service": "Printed, with a long name that needs two lines", "numerator": "10", "denominator": "316", "unit": "journeys"},
        {"service": "Not printed", "numerator": "", "denominator": "", "unit": "journeys"},
        {"service": "This data", "unit": "journeys", "is_ours": True, "numerator": ours.numerator, "denominator": ours.denominator,
         "rate": ours.rate, "low": ours.low, "high": ours.high},
    ]  # fmt: skip
    return figures.evidence(rows, "journeys")


def with_case_mix(state):
    answer = released("climbed", ("service",), state)
    rows = [replace(r, expected=60.5, ratio=1.1, ratio_low=0.9, ratio_high=1.3) if r.rate else r for r in answer.rows]
    return replace(answer, rows=tuple(rows), has_case_mix=True)


def drawings(names):
    """Every figure by a short name: a function from a state of the rows to the figure."""
    return {
        "bars": lambda s: figures.bars(released("referral_reasons", state=s), names),
        "bars_count": lambda s: figures.bars(released("referrals", ("service",), s), names),
        "bars_one": lambda s: figures.bars(released("found_work", state=s), names),
        "bars_paths": lambda s: figures.bars(released("paths", state=s), names),
        "bars_period": lambda s: figures.bars(released("climbed", ("financial_year",), s), names),
        "grid": lambda s: figures.grid(released("goals_set", ("service",), s), names),
        "grid_wide": lambda s: figures.grid(released("engaged", ("age_band", "quarter"), s), names),
        "over_time": lambda s: figures.over_time(released("climbed", ("quarter",), s), names, "higher", CHANGES, True),
        "over_time_months": lambda s: figures.over_time(released("referrals", ("month",), s), names, "none", CHANGES),
        "over_time_years": lambda s: figures.over_time(released("climbed", ("financial_year",), s), names),
        "over_time_lines": lambda s: figures.over_time(released("contacts", ("quarter",), s), names),
        "over_time_curves": lambda s: figures.over_time(released("time_to_work", ("quarter",), s), names),
        "small_chart": lambda s: figures.small_chart(released("climbed", ("quarter",), s), names, "higher", CHANGES),
        "spiral": lambda s: spiral(s, names),
        "after_months": lambda s: figures.after_months(released("spiral_after", state=s), names),
        "waiting": lambda s: figures.waiting([released(f"time_to_{t}", state=s) for t in ("work", "training")], names),
        "waiting_by": lambda s: figures.waiting(released("time_to_work", ("service",), s), names),
        "change": lambda s: figures.change(released("wellbeing_change", state=s), names),
        "funnel": lambda s: figures.funnel(released("climbed", ("service",), s), names),
        "case_mix": lambda s: figures.case_mix(with_case_mix(s), names),
        "compare": lambda s: figures.compare(released("climbed", ("age_band",)), released("climbed", ("age_band",), s), names, "Women", "Men"),
        "compare_services": lambda s: figures.compare(released("engaged", ("service",)), released("engaged", ("service",), s), names, "Women", "Men"),
        "dots": lambda s: figures.dots(released("engaged", ("service",), s), names, whole=released("engaged").rows[0]),
        "dots_chosen": lambda s: figures.dots(released("engaged", ("service",), s), names, chosen=frozenset({"service-1"})),
        "strips": lambda s: figures.strips(released("closure_reasons", ("quarter",), s), names),
        "strips_service": lambda s: figures.strips(released("engaged", ("service", "quarter"), s), names),
        "grid_services": lambda s: figures.grid(released("doors", (), s), names),
        "parts": lambda s: figures.parts([released("first_jobs", state=s)], names),
        "ways": lambda s: figures.ways(released("paths", state=s), names),
        "evidence": evidence,
    }  # fmt: skip
