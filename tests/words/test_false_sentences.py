"""Sentences that were printed and false: the second reader catches each, and today's sentence about the same answer passes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from journeys.answer import overlays
from journeys.answer.released import Row
from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import ServiceChange, selection_words
from journeys.vocabulary.selection import Selection
from journeys.words import briefing, cohort, differences, sentences
from journeys.words.differences import Pair
from tests.answers_by_hand import LISTS, NAMES, bounded, released
from tests.words.grammar import caption_faults, caution_faults, difference_faults, faults


def share(labels, numerator, denominator, **more):
    found = proportions.proportion(numerator, denominator)
    values = {"rate": found.rate, "low": found.low, "high": found.high}
    return Row(labels, "shown", numerator=numerator, denominator=denominator, **values, **more)


def with_rows(slug, rows, by=(), selection=None):
    return replace(released(slug, by, selection=selection), rows=tuple(rows), left_out={})


def engaged_by_all_but_a_few():
    """17 of 20 quarters hide who did not engage, because nearly everyone did."""
    quarters = [f"{2021 + i // 4}-Q{i % 4 + 1}" for i in range(20)]
    rows = [bounded(Row({"quarter": q}, "hidden", why="most", denominator=150)) for q in quarters[:17]]
    rows += [share({"quarter": q}, 120, 150) for q in quarters[17:]]
    return with_rows("engaged", rows, ("quarter",))


def ages_of_working_age():
    """Of eight age bands three cannot occur in the base, and two are too few."""
    bands = LISTS.codes("age_band")
    states = ["not_applicable", "shown", "shown", "hidden", "hidden", *["not_applicable"] * (len(bands) - 5)]
    rows = [
        share({"age_band": b}, 60, 240) if s == "shown" else Row({"age_band": b}, s)
        for b, s in zip(bands, states, strict=True)
    ]
    return with_rows("climbed", rows, ("age_band",), Selection(base="working_age"))


def goals():
    return with_rows("work_goal", [share({}, 30, 1035)])


def steady_but_late():
    """Referrals are steady; the last quarter is not complete because a service is late."""
    answer = released("referrals", ("quarter",))
    rows = [replace(row, count=300 + 5 * (i % 3), complete=True, spc=None) for i, row in enumerate(answer.rows)]
    rows[-1] = replace(rows[-1], count=150, complete=False)
    return overlays.annotated(replace(answer, rows=tuple(rows)), metrics.get("referrals"))


def change():
    row = Row({"tool": "swemwbs", "item": "total"}, "shown", pairs=60, improved=30, same=20, worse=10, mean_first=18.5, mean_latest=19.8,
              mean_change=1.2, sd_change=3.0, low=0.4, high=2.0)  # fmt: skip
    return with_rows("wellbeing_change", [row])


def two_services():
    rows = [share({"service": s}, 60, 240) for s in list(LISTS.services)[:2]]
    return with_rows("climbed", rows, ("service",))


def one_service():
    lists = replace(
        LISTS,
        services={"w": replace(next(iter(LISTS.services.values())), service_id="w", name="Wrenborough Steady Minds")},
    )
    return with_rows("climbed", [share({"service": "w"}, 60, 240)], ("service",), Selection(service="w")), lists


def completeness():
    rates = {
        "age": 1190,
        "gender": 1150,
        "ethnic_group": 620,
        "postcode": 0,
        "employment_status": 1100,
        "long_term_conditions": 500,
    }
    fields = [f for f in LISTS.codes("field") if f in rates][:6] or list(LISTS.codes("field"))[:6]
    rows = [share({"field": f}, rates.get(f, 900 - 100 * i), 1200) for i, f in enumerate(fields)]
    return with_rows("completeness", rows)


def paths():
    return with_rows("paths", [Row({"path": "none"}, "shown", count=200), Row({"path": "1"}, "shown", count=100)])


BEST_FILLED = "Of those referred in April 2022 to March 2026, the largest groups had a record of {}."
FALSE = [
    (engaged_by_all_but_a_few(), "Of those referred in October to December 2025 (made at least 28 days before the end of the data), about 120 of about 150 referrals (80%, likely 72% to 87%) engaged with a link worker; 17 of 20 are too few to show."),
    (ages_of_working_age(), "By age at referral, 25% of referrals climbed at least one rung; 7 of 8 are too few to show."),
    (goals(), "Of everyone referred, 2.9% set a goal about work."),
    (paths(), "Of those referred in April 2022 to March 2026, the largest groups of referrals took the way “no rung reached yet” (about 200) and “basic needs” (about 100)."),
    (change(), "Of those referred in April 2022 to March 2026 (with a first and a later reading), Wellbeing (SWEMWBS): of about 60 pairs of readings, about 30 improved, about 20 changed little and about 10 got worse; the average went from 18.5 to 19.8, a change of +1.2 (likely +0.4 to +2.0)."),
    (two_services(), "Of those referred in April 2022 to March 2026 (with 12 months or more since referral), across 2 services, between 25% to 25% climbed at least one rung within 12 months."),
    (two_services(), "Of those referred in April 2022 to March 2026 (with 12 months or more since referral), across 2 services, 25% climbed at least one rung within 12 months; all 2 lie where chance alone could put them."),
    (steady_but_late(), "About 150 referrals were made in January to March 2026; lower than usual."),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "text"), FALSE, ids=[text[:60] for _, text in FALSE])
def test_a_false_sentence_is_caught_and_todays_is_not_false(answer, text):
    assert faults(text, answer, LISTS)
    metric = metrics.get(answer.metric)
    assert faults(sentences.sentence(answer, metric, NAMES), answer, LISTS) == []
    assert faults(sentences.finding(answer, metric, NAMES), answer, LISTS, is_heading=True) == []


def test_a_name_keeps_its_capitals():
    answer, lists = one_service()
    assert faults("wrenborough Steady Minds: 25% climbed.", answer, lists)
    text = sentences.sentence(answer, metrics.get("climbed"), lists.name)
    assert "Wrenborough Steady Minds" in text and faults(text, answer, lists) == []


def test_nearly_everyone_is_not_too_few():
    text = sentences.sentence(engaged_by_all_but_a_few(), metrics.get("engaged"), NAMES)
    assert text.endswith("; all but a few in 17 of 20 quarters.") and "fewer than" not in text


def test_ages_that_a_base_cannot_have_are_not_counted_as_hidden():
    text = sentences.sentence(ages_of_working_age(), metrics.get("climbed"), NAMES)
    assert "too few people, or too few left out, in 2 of 4 groups" in text


def test_people_in_work_are_not_without_a_rung():
    assert NAMES("path", "none") == "No further rung"


@pytest.mark.parametrize(
    "text",
    [
        "5% and 0.3%, 4 points higher",
        "5.0% and 0.3%; the first is 4.8 percentage points higher",
        "5% and 5%, 0 points higher",
    ],
)
def test_a_false_difference_is_caught(text):
    assert difference_faults(text)


@pytest.mark.parametrize(
    "sides",
    [
        ((10, 200), (5, 1700)),
        ((90, 200), (50, 200)),
        ((1500, 3000), (1380, 3000)),
        ((45, 900), (5, 1500)),
        ((560, 1000), (640, 1005)),
    ],
)
def test_a_difference_is_that_of_what_is_printed_in_one_precision(sides):
    rows = [with_rows("climbed", [share({}, *side)]) for side in sides]
    text = differences.difference_sentence(Pair(metrics.get("climbed"), *rows), NAMES, "the first", "the second")
    assert "percentage points" in text and difference_faults(text) == []
    cells = differences.table([Pair(metrics.get("climbed"), *rows)]).rows[0]
    assert len({"." in cells[i] for i in (1, 4, 7)}) == 1


def test_a_title_does_not_call_women_everyone():
    women = Selection(cohort={"gender": "female"})
    answer = released("climbed", selection=women)
    assert faults("Climbed at least one rung: everyone referred", answer, LISTS, is_heading=True)
    assert faults(sentences.finding(answer, metrics.get("climbed"), NAMES), answer, LISTS, is_heading=True) == []
    assert faults(sentences.sentence(answer, metrics.get("climbed"), NAMES), answer, LISTS) == []
    assert "gender: female" in selection_words(women, LISTS)


def test_each_card_says_its_own_base():
    assert caption_faults("referrals of people out of work at referral", "all")
    for base in ("all", "working_age", "out_of_work"):
        assert caption_faults(cohort.unit_words("journeys", Selection(base=base)), base) == []


def test_cautions_are_about_changes_inside_the_period():
    changes = [
        ServiceChange("service-1", "2023-05", "Merger", None),
        ServiceChange("service-1", "2024-05", "New referrer", None),
    ]
    chosen = Selection(period="2024/25")
    assert caution_faults(
        "Service B changed in May 2023: Merger. Read trends across that date with care.", "2024/25", LISTS
    )
    lines = briefing.cautions(chosen, LISTS, changes, [])
    assert [line for line in lines if "New referrer" in line]
    assert not [fault for line in lines for fault in caution_faults(line, "2024/25", LISTS)]


def test_on_data_quality_the_gaps_are_named():
    answer = completeness()
    best = sorted(answer.rows, key=lambda r: -r.rate)[:3]
    names = ", ".join(NAMES("field", r.labels["field"]) for r in best)
    assert faults(BEST_FILLED.format(names), answer, LISTS)
    text = sentences.sentence(answer, metrics.get("completeness"), NAMES)
    assert "least often" in text and faults(text, answer, LISTS) == []


def test_one_of_two_services_a_quarter_late_is_no_fall():
    answer = steady_but_late()
    text = briefing.change_words(answer, metrics.get("referrals"))
    assert (
        text.startswith("about 300 in October to December 2025")
        or text.startswith("about 305")
        or text.startswith("about 310")
    )
    assert "lower" not in text and "150" not in text and "in the same quarter a year before" in text
    late = SimpleNamespace(
        name="Late", records=frozenset({"outcomes"}), last_month="2025-12", is_late=True, service_id="l"
    )
    lists = SimpleNamespace(services={"l": late}, where=lambda s: {"l"}, calendar=LISTS.calendar)
    assert any("Late (to December 2025)" in line for line in briefing.cautions(Selection(), lists, [], []))
