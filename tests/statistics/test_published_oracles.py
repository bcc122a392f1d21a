"""Our statistics against published packages, value by value, each to the tolerance its file states.

What others may copy is in tests/statistics/published (JSON; each file names its source and licence) and runs always.
`--oracles FOLDER` or the variable JOURNEYS_ORACLES names a folder with more of the same, for the numbers that are
published under licences that keep them out of this repository (test data of PHEindicatormethods and FunnelPlotR, GPL-3;
data sets of R's survival and of lifelines): each test then runs on that folder too.

Conventions of the packages that we do not follow, on purpose:
- spc_xmr: NHSRplotthedots drops moving ranges of 3.267 times the average or more; the Making Data Count workbook does
  not, nor do we. Limits are compared on the unscreened series and on screened ones from which nothing was dropped;
  where something was dropped ours must be wider. Signals are compared on every series, with the limits given there.
  Targets and their assurance icons are not drawn: no metric has a target. Degenerate series get words, not limits.
- funnel_proportions_phe: OHID uses the normal limits at every size; we use the exact ones under 100, so theirs are
  compared with `normal_limits`.
- funnel_ratios_phe: limit lines by observed count are not drawn; their formula is compared with the limits of a count.
- funnel_overdispersion: SHMI drops the extreme scores instead of pulling them in (compared on the scores it kept);
  CQC's ratio-scale limits are noted there as wrong. Ratios have no overdispersion in the product.
- kaplan_meier, cumulative_incidence: R and lifelines carry the last value past the end of follow-up; we say nothing.
  Medians and the log-rank test are not shown anywhere. Kaplan-Meier is the curve without a competing event; its
  Greenwood interval is not used, for every curve here has one.
- byars_rates, indirect_standardisation: rates per 100,000 are not shown; they are the ratio times a constant.
- disclosure_rules, opensafely_midpoint, wellbeing_measures: the rounding rules, the conversion of scores, bands and
  reliable change are not statistics of this room; what is: the rounding error that an interval must hold, and the
  Kaplan-Meier curve before rounding. Classes of change are made by SQL and tested with paired_change.
"""

import json
import os
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from journeys.statistics import (
    chart_rules,
    control_chart,
    funnel,
    incidence,
    paired_change,
    proportions,
    standardisation,
)

PUBLISHED = Path(__file__).parent / "published"


def pytest_generate_tests(metafunc):
    """The examples of this repository, and those of the folder outside where one is given."""
    outside = metafunc.config.getoption("--oracles") or os.environ.get("JOURNEYS_ORACLES")
    if "oracle" in metafunc.fixturenames:
        folders = {"published": PUBLISHED, **({"outside": Path(outside)} if outside else {})}
        metafunc.parametrize("oracle", folders.values(), ids=folders, indirect=True)


@pytest.fixture
def oracle(request):
    """Reads one file of worked examples, from this repository or from the folder outside."""

    def read(name):
        path = request.param / f"{name}.json"
        if not path.is_file():
            pytest.skip(f"{name} is not in {request.param.name}: its licence keeps it out of this repository")
        return json.loads(path.read_text(encoding="utf-8"))

    return read


def test_every_published_file_names_its_source_and_licence():
    files = [json.loads(path.read_text(encoding="utf-8")) for path in PUBLISHED.glob("*.json")]
    assert len(files) == 9 and all(data["source"] and data["licence"] for data in files)
    assert not any("GPL" in data["licence"] for data in files)


def close(expected, **tolerance):
    return pytest.approx(expected, **{"rel": 1e-12, "abs": 1e-12, **tolerance})


# --- proportions, counts, ratios -----------------------------------------------------------------------------------


def test_wilson_proportions(oracle):
    data = oracle("wilson_proportions")
    rel = data["tolerance"]["relative"]
    for case in data.get("primitives", []):
        found = proportions.wilson(case["x"], case["n"], case["confidence"])
        assert found == close((case["lower"], case["upper"]), rel=rel)
    for case in data["edge_cases_statsmodels"]:
        for confidence, name in ((0.95, "wilson95"), (0.998, "wilson998")):
            found = proportions.wilson(case["numerator"], case["denominator"], confidence)
            assert found == close(case[name], rel=rel)


def test_wilson_proportions_of_counts(oracle):
    data = oracle("wilson_proportions")
    rel = data["tolerance"]["relative"]
    for case in data.get("proportions", []):
        x, n, expected = case["numerator"], case["denominator"], case["expected"]
        found = proportions.proportion(x, n, base=1)
        if expected is None:
            assert found == proportions.Proportion(None, None, None)
            continue
        limits = [expected[name] / case["multiplier"] for name in ("value", "lower95", "upper95")]
        assert astuple(found) == close(limits, rel=rel)
        if "lower998" in expected:
            limits = [expected[name] / case["multiplier"] for name in ("lower998", "upper998")]
            assert proportions.wilson(x, n, 0.998) == close(limits, rel=rel)


def test_intervals_hold_the_rounding_error_of_a_percentage(oracle):
    for case in oracle("disclosure_rules")["rounding_error_of_a_percentage"]:
        shown = proportions.proportion(case["shown_num"], case["shown_den"])
        low, high = (share / 100 for share in case["interval_pct"])
        assert shown.low <= low * (1 + 1e-12) and high <= shown.high * (1 + 1e-12)
        assert shown.low <= case["pct_true"] / 100 <= shown.high


def test_byars_limits(oracle):
    data = oracle("byars_rates")
    rel = data["tolerance"]["relative"]
    for case in data.get("primitives", []):
        # A lower limit below nothing is not given there and is 0 here.
        assert standardisation.byar(case["x"], case["confidence"]) == close(
            (case["lower"] or 0, case["upper"]), rel=rel
        )
    for case in data["edge_cases_scipy"]:
        for confidence, level in ((0.95, "95"), (0.998, "998")):
            events = case["events"]
            assert standardisation.exact_poisson(events, confidence) == close(case[f"exact{level}"], rel=rel)
            assert limits_of(events, confidence) == close(case[f"published{level}"], rel=rel)
            low, high = case[f"byars{level}"]
            assert standardisation.byar(events, confidence) == close((max(low or 0, 0), high), rel=rel)


def limits_of(events, confidence):
    """Limits of a count as a ratio over 10 expected has them, without rounding: exact under 10, Byar's from there."""
    ratio = standardisation.compared(events, 10.0, 10**9, base=1, confidence=confidence)
    return 10 * ratio.low, 10 * ratio.high


def test_rates_of_events(oracle):
    data = oracle("byars_rates")
    for case in data.get("rates", []):
        scale, expected = case["multiplier"] / case["denominator"], case["expected"]
        for confidence, level in ((0.95, "95"), (0.998, "998")):
            found = [limit * scale for limit in limits_of(case["events"], confidence)]
            limits = [expected[f"lower{level}"], expected[f"upper{level}"]]
            assert found == close(limits, rel=data["tolerance"]["relative"])


def test_indirect_standardisation(oracle):
    data = oracle("indirect_standardisation")
    rel = data["tolerance"]["relative"]
    for group in data["groups"]:
        names = ("n", "ref_observed", "ref_n")
        strata = [tuple(stratum[name] for name in names) for stratum in group["strata"]]
        strata = [stratum for stratum in strata if None not in stratum]  # a missing count adds nothing there
        expected = group["expected_result"]
        found = standardisation.expected(strata)
        assert found == close(expected["expected"], rel=rel)
        for confidence, level in ((0.95, "95"), (0.998, "998")):
            # counts as they are, in a population so large that the events are rare in it
            ratio = standardisation.compared(expected["observed"], found, 10**9, base=1, confidence=confidence)
            for output in expected["outputs"].items():
                assert standardised(ratio, output, expected) == close(
                    [output[1][name] for name in ("value", f"lower{level}", f"upper{level}")], rel=rel
                )


def standardised(found, output, expected):
    """Ratio and limits on the scale that the output's name ends with."""
    name, scale = output[0], float(output[0].split()[-1])
    if name.startswith("indirectly standardised rate"):
        scale *= expected["ref_rate_per_100000"] / 100000
    return [value * scale for value in (found.ratio, found.low, found.high)]


# --- funnels -------------------------------------------------------------------------------------------------------


def test_funnel_exact_binomial(oracle):
    data = oracle("funnel_exact_binomial")
    for case in data["cases"]:
        n, centre = case["n"], case["target"]
        exact = close(case["exact_clipped"], abs=data["tolerance"]["absolute"])
        normal = close(case["normal_clipped"], abs=data["tolerance"]["absolute"])
        assert astuple(funnel.exact_limits(n, centre)) == exact
        assert astuple(funnel.normal_limits(n, centre)) == normal
        assert astuple(funnel.limits(n, centre)) == (exact if n < 100 else normal)


def test_funnel_proportions(oracle):
    data = oracle("funnel_proportions_phe")
    centre = data["baseline"] / 100
    for line in data["limits_at_n"]:
        found = [100 * limit for limit in astuple(funnel.normal_limits(line["n"], centre))]
        expected = [line[name] for name in ("lower95", "upper95", "lower998", "upper998")]
        assert found == pytest.approx(expected, abs=data["tolerance"]["absolute_percentage_points"])
    words = {"above998": "High (0.001)", "above95": "High (0.025)", "within": "Not significant"}
    words |= {"below95": "Low (0.025)", "below998": "Low (0.001)"}
    for case in data["significance_cases"]:
        limits = funnel.limits(case["denominator"], centre)
        share = case["numerator"] / case["denominator"]
        reach = (share, share)  # these counts are not rounded
        assert words[funnel.standing(reach, limits)] == case["significance"]


def test_funnel_ratios(oracle):
    for case in oracle("funnel_ratios_phe")["significance_cases"]:
        assert significance(case["observed"], case["expected"]) == case["significance"]


def significance(observed, expected):
    for confidence, level in ((0.998, "0.001"), (0.95, "0.025")):
        low, high = limits_of(observed, confidence)
        if low > expected:
            return f"High ({level})"
        if high < expected:
            return f"Low ({level})"
    return "Not significant"


def test_funnel_ratio_lines_are_the_exact_limits_of_a_count(oracle):
    data = oracle("funnel_ratios_phe")
    tolerance = {"rel": data["tolerance"]["relative"]}
    for line in data["limit_lines"]:
        low, high = standardisation.exact_poisson(line["observed"])
        assert (line["upper95_expected"], line["lower95_expected"]) == pytest.approx((low, high), **tolerance)
        low, high = standardisation.exact_poisson(line["observed"], 0.998)
        assert line["lower998_ratio_x100"] == pytest.approx(100 * line["observed"] / high, **tolerance)
        # The package bisects to 1e-7, which at one event is 5e-5 of an expected count of 0.001.
        assert line["upper998_ratio_x100"] == pytest.approx(100 * line["observed"] / low, rel=5e-5)


def test_funnel_overdispersion_of_proportions(oracle):
    data = oracle("funnel_overdispersion")
    for case in (case for case in data["cases"] if case["data_type"] == "PR"):
        groups = case["groups"]
        numerators, denominators = ([group[name] for group in groups] for name in ("numerator", "denominator"))
        found = funnel.overdispersion(numerators, denominators, case["trim_by"])
        assert found[:2] == close((case["phi"], case["tau2"]), abs=data["tolerance"]["absolute"])
        for group in groups:
            for tau2, name in ((0, "unadj"), (case["tau2"], "od")):
                limits = funnel.adjusted_limits(group["denominator"], case["target"], tau2)
                expected = group.get("od_raw", group["od"]) if name == "od" else group["unadj"]
                assert astuple(limits) == close(expected, abs=data["tolerance"]["absolute"])


def test_funnel_overdispersion_of_ratios(oracle):
    data = oracle("funnel_overdispersion")
    for case in (case for case in data["cases"] if case["data_type"] == "SR"):
        is_shmi = case["sr_method"] == "SHMI"
        kept = [group for group in case["groups"] if group["z_adj"] is not None]
        distances = np.array([group["y"] - (0 if is_shmi else 1) for group in kept])
        errors = np.array([group["s"] for group in kept])
        found = funnel.dispersion(distances, errors, 0 if is_shmi else case["trim_by"])
        assert found[:2] == close((case["phi"], case["tau2"]), abs=data["tolerance"]["absolute"])


# --- control charts ------------------------------------------------------------------------------------------------

SIGNALS = {
    "Common Cause": ("none", 0),
    "Above UCL": ("outside", 1),
    "Below LCL": ("outside", -1),
    "7 Point Trend (Increasing)": ("trend", 1),
    "7 Point Trend (Decreasing)": ("trend", -1),
    "2 in 3 Above CL": ("two_of_three", 1),
    "2 in 3 Below CL": ("two_of_three", -1),
    "7 Points Above CL": ("shift", 1),
    "7 Points Below CL": ("shift", -1),
}
MEANINGS = {
    "common_cause": "common",
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
    "special_cause_neutral_high": "neutral",
    "special_cause_neutral_low": "neutral",
}
DIRECTIONS = {"increase": "higher", "decrease": "lower", "neutral": "none"}


def segments(case):
    """Of each segment: start, stop and the limits that the package drew."""
    values, expected = case["input"]["values"], case["expected"]
    for start, stop in pairwise([0, *case["input"]["rebase_at_index"], len(values)]):
        lines = (expected[name] for name in ("mean", "lpl", "upl"))
        yield start, stop, control_chart.Limits(*(line[start] if isinstance(line, list) else line for line in lines))


def chart(values, starts=(), direction="none", minimum=control_chart.MINIMUM_POINTS):
    return control_chart.of([control_chart.Period(value) for value in values], starts, direction, minimum=minimum)


def drops_a_moving_range(values):
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    return any(size >= 3.267 * sum(ranges) / len(ranges) for size in ranges)


def test_spc_signals(oracle):
    for case in oracle("spc_xmr")["cases"]:
        expected = [SIGNALS[name] for name in case["expected"]["special_cause_type"]]
        for start, stop, limits in segments(case):
            assert control_chart.signals(case["input"]["values"][start:stop], limits) == expected[start:stop], case[
                "id"
            ]


def test_spc_limits(oracle):
    data = oracle("spc_xmr")
    tolerance = {"rel": data["tolerance"]["relative"], "abs": data["tolerance"]["absolute"]}
    for case in data["cases"]:
        is_screened, fixed = case["input"]["screen_outliers"], case["input"]["fix_after_n_points"]
        for start, stop, limits in segments(case):
            values = case["input"]["values"][start : start + fixed if fixed else stop]
            if is_screened and drops_a_moving_range(values):
                found = control_chart.limits(values)
                assert found.mean == close(limits.mean, **tolerance)
                assert found.upper - found.mean > limits.upper - limits.mean
            elif any(values):
                assert astuple(control_chart.limits(values)) == close(astuple(limits), **tolerance), case["id"]


def test_spc_limits_of_the_second_package(oracle):
    data = oracle("spc_xmr")
    for case in data["limit_pairs_screened"]:
        found, (expected_low, expected_high) = control_chart.limits(case["values"]), (case["lpl"], case["upl"])
        if not drops_a_moving_range(case["values"]):
            assert astuple(found) == close((case["mean"], expected_low, expected_high), rel=1e-9)


def test_spc_charts(oracle):
    """Whole charts, where the package's series needs neither screening nor limits fixed from its first points."""
    n_compared = 0
    for case in oracle("spc_xmr")["cases"]:
        given, expected = case["input"], case["expected"]
        dropped = given["screen_outliers"] and any(
            drops_a_moving_range(given["values"][start:stop]) for start, stop, _ in segments(case)
        )
        if dropped or given["fix_after_n_points"]:
            continue
        drawn = chart(
            given["values"],
            given["rebase_at_index"],
            direction=DIRECTIONS[given["improvement_direction"]],
            minimum=2,
        )
        assert drawn.note is None
        assert [point.signal for point in drawn.points] == [SIGNALS[name][0] for name in expected["special_cause_type"]]
        assert [point.meaning for point in drawn.points] == [MEANINGS[name] for name in expected["point_type"]]
        assert drawn.points[-1].meaning == MEANINGS[expected["variation_icon"]]
        n_compared += 1
    assert n_compared > 20


def test_spc_meanings_of_every_signal(oracle):
    """Direction and side give the package's colours, also where its limits differ from ours."""
    for case in oracle("spc_xmr")["cases"]:
        direction = DIRECTIONS[case["input"]["improvement_direction"]]
        for name, colour in zip(case["expected"]["special_cause_type"], case["expected"]["point_type"], strict=True):
            assert control_chart._meaning(SIGNALS[name][1], direction) == MEANINGS[colour]


def test_spc_short_series_have_no_limits(oracle):
    for case in oracle("spc_xmr")["cases"]:
        drawn = chart(case["input"]["values"], case["input"]["rebase_at_index"])
        warned = [case["expected"]["short_group_warning"][start] for start, _, _ in segments(case)]
        assert [note == "too_few_points" for note in drawn.notes] == warned, case["id"]


def test_spc_rules_one_by_one(oracle):
    rules = oracle("spc_xmr")["rule_pairs"]
    for case in rules["seven_point_one_side_of_mean"]:
        ends = run_ends(chart_rules.shift(np.array(case["relative_to_mean"])), case["relative_to_mean"])
        assert ends == [bool(end) for end in case["expected_end_of_run"]]
    for case in rules["seven_point_trend"]:
        marks = chart_rules.trend(np.array(case["y"])).tolist()
        # The package marks the point that completes seven; ours are all points of the trend.
        expected = {
            i for end, mark in enumerate(case["expected_end_of_trend"]) if mark for i in range(end - 6, end + 1)
        }
        assert {i for i, mark in enumerate(marks) if mark} == expected
        assert set(marks) - {0} == set(case["expected_end_of_trend"]) - {0}
    for case in rules["points_highlighted_by_two_in_three"]:
        found = chart_rules.two_of_three(np.array(case["rel"]), np.array(case["close"], bool))
        assert found.tolist() == case["expected"]


def run_ends(marks, sides):
    """Whether each point is at least the seventh of its run."""
    ends, length = [], 0
    for position, side in enumerate(sides):
        length = length + 1 if position and side == sides[position - 1] else 1
        ends.append(bool(marks[position]) and length >= 7)
    return ends


def test_spc_degenerate_series_get_words(oracle):
    constant, single, lone = (case["values"] for case in oracle("spc_xmr")["degenerate_upstream"]["cases"])
    assert chart(constant).note == "not_enough_variation"
    assert chart(single).note == "too_few_points"
    drawn = chart(lone)  # unscreened, its one moving range is kept and the limits do not collapse
    assert drawn.note is None and drawn.points[0].upper - drawn.points[0].mean == pytest.approx(2.66 * 3 / 13)


# --- time to first outcome -----------------------------------------------------------------------------------------


def per_day(times, causes, outcome):
    """Daily counts of the outcome, of other causes and of censoring (cause 0)."""
    days = sorted(set(times))
    counts = {day: [0, 0, 0] for day in days}
    for day, cause in zip(times, causes, strict=True):
        counts[day][2 if cause == 0 else int(cause != outcome)] += 1
    return (days, *(list(column) for column in zip(*counts.values(), strict=True)))


def test_cumulative_incidence(oracle):
    data = oracle("cumulative_incidence")
    for case in data["cases"]:
        points = case["expected"]["points"]
        for index, outcome in enumerate((1, 2)):
            counts = per_day(case["input"]["time"], case["input"]["cause"], outcome)
            steps = incidence.curve(*counts, at=[point["time"] for point in points])
            for step, point in zip(steps, points, strict=True):
                check_incidence(step, point, point["causes"][index], data["tolerance"])


def check_incidence(step, point, expected, tolerance):
    assert (step.reached, step.events) == (point["n_at_risk"], expected["events_to_date"])
    assert step.incidence == pytest.approx(expected["cif"], abs=tolerance["cif_absolute"])
    assert step.se == pytest.approx(expected["aalen_std_err"], rel=1e-9)
    interval = expected["cloglog_ci_with_cmprsk_var"]
    found = incidence.log_log(step.incidence, step.se)
    assert found == (interval and pytest.approx(interval, abs=1e-9))  # the file would allow 0.005
    if expected["cif"] < expected["one_minus_km_wrong"] - 1e-9:
        assert step.incidence < expected["one_minus_km_wrong"]


def arms(case):
    """The series of a case as a whole, and of each of its groups, with what is expected of them."""
    given = case["input"]
    rows = list(zip(given["time"], given["event"], given.get("group", given["time"]), strict=True))
    yield rows, case["expected"]
    for name, expected in case.get("expected_by_group", {}).items():
        yield [row for row in rows if str(row[2]) == name], expected


def test_kaplan_meier_is_the_curve_without_a_competing_event(oracle):
    data = oracle("kaplan_meier")
    for case in data["cases"]:
        for rows, expected in arms(case):
            counts = per_day([row[0] for row in rows], [row[1] for row in rows], 1)
            points = expected["points"]
            steps = incidence.curve(*counts, at=[point["time"] for point in points])
            for step, point in zip(steps, points, strict=True):
                check_kaplan_meier(step, point, data["tolerance"], case["id"])


def check_kaplan_meier(step, point, tolerance, name):
    assert (step.reached, step.events) == (point["n_at_risk"], point["events_to_date"]), name
    if point["beyond_last_follow_up"]:
        assert (step.incidence, step.se) == (None, None)
    else:
        assert step.incidence == pytest.approx(point["cumulative_incidence"], abs=tolerance["survival_absolute"])


def test_kaplan_meier_before_opensafely_rounds_it(oracle):
    data, cases = oracle("opensafely_midpoint"), oracle("kaplan_meier")["cases"]
    for rounded in data["kaplan_meier"]:
        given = next(case["input"] for case in cases if case["id"] == rounded["dataset"])
        steps = incidence.curve(*per_day(given["time"], given["event"], 1), rounded["times"])
        expected = rounded["unrounded_cumulative_incidence"]
        assert [step.incidence for step in steps] == pytest.approx(expected, abs=data["tolerance"]["absolute"])


# --- paired change -------------------------------------------------------------------------------------------------


def summary(values, confidence=0.95):
    """Mean, standard deviation and interval, from sums as the product has them."""
    n, total = len(values), sum(values)
    sd = paired_change.standard_deviation(n, total, sum(value**2 for value in values))
    return [total / n, sd, *paired_change.interval(n, total / n, sd, confidence)]


def test_paired_change(oracle):
    data = oracle("paired_change")
    for case in data["paired"]:
        readings = zip(case["input"]["baseline"], case["input"]["followup"], strict=True)
        changes = [after - before for before, after in readings if None not in (before, after)]
        expected = case["expected"]
        assert len(changes) == expected["n_pairs"]
        if "ci95" not in expected:
            with pytest.raises(ValueError, match="two or more"):
                summary(changes)
            continue
        named = (expected["mean_change"], expected["sd_change"], *expected["ci95"])
        assert summary(changes) == pytest.approx(named, abs=data["tolerance"]["absolute"])


def test_means(oracle):
    data = oracle("paired_change")
    for case in data.get("means", []):
        expected = case["expected"]
        for confidence, level in ((0.95, "95_0"), (0.998, "99_8")):
            named = [expected[name] for name in ("value", "stdev", f"lower{level}cl", f"upper{level}cl")]
            found = summary(case["values"], confidence)
            assert found == pytest.approx(named, abs=data["tolerance"]["absolute"])
