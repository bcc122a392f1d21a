"""The published figures: intervals and arithmetic worked by hand, the nearest match of each, and one unit to an axis."""

import re
from dataclasses import replace

import pytest

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import evidence, literature
from tests.answers_by_hand import NAMES


def row(service, metric, period=None):
    found = [
        r
        for r in evidence.published()
        if r.service == service and r.metric == metric and (period is None or r.period == period)
    ]
    assert len(found) == 1
    return found[0]


ROTHERHAM = "Voluntary Action Rotherham mental health scheme"

# Worked apart from the product (and equal to statsmodels' proportion_confint) with the score interval as Wilson gives it (1927; Newcombe 1998, Stat Med 17:857, method 3):
# (2x + z² -/+ z sqrt(z² + 4x(1 - x/n))) / 2(n + z²), z = 1.959964, z² = 3.841459. E.g. 10 of 316: the middle is 23.841459,
# the root of 3.841459 + 40 x 0.968354 = 42.575636 is 6.525001, times z 12.788767; over 639.682918 that is 0.017278 and 0.057263.
HAND_WORKED = [
    (ROTHERHAM, "found_work", "2015/16-2016/17", 0.017278, 0.057263),
    (ROTHERHAM, "found_work", "2015/16", 0.006561, 0.055009),
    (ROTHERHAM, "found_work", "2016/17", 0.021352, 0.087543),
    ("Rotherham evaluation", "found_work", None, 0.018328, 0.060659),
    ("Rotherham evaluation", "training_or_education", None, 0.123694, 0.207081),
    ("Rotherham evaluation", "volunteering", None, 0.094331, 0.170184),
    ("Bristol evaluation", "found_work", None, 0.091999, 0.292253),
    ("Bromley by Bow Centre", "employment_referral", None, 0.097396, 0.181231),
    ("Ways to Wellness", "work_goal", None, 0.003469, 0.005444),
    ("Herts Help", "work_issue", None, 0.000831, 0.003949),
    ("Blackburn with Darwen scheme", "felt_better_chance_of_work", None, 0.561653, 0.751364),
]


@pytest.mark.parametrize(("service", "metric", "period", "low", "high"), HAND_WORKED)
def test_interval_of_each_figure_with_printed_counts(service, metric, period, low, high):
    assert row(service, metric, period).interval == pytest.approx((low, high), abs=1e-6)


def test_every_other_figure_has_no_interval():
    worked = {(service, metric) for service, metric, *_ in HAND_WORKED}
    others = [r for r in evidence.published() if (r.service, r.metric) not in worked]
    assert len(others) + len(HAND_WORKED) == len(evidence.published())
    assert all(r.interval == (None, None) and (r.share is None or r.is_at_most) for r in others)


def test_where_percentages_alone_are_printed_no_counts_are_made_up():
    survey = [r for r in evidence.published() if r.metric == "commissioners_ask_for_work_data"]
    assert [(r.printed, r.numerator, r.denominator) for r in survey] == [("31%", None, None), ("48%", None, None)]


def test_every_figure_has_a_source_and_what_was_not_found_is_said():
    assert all(evidence.sources([r]) for r in evidence.published())
    assert len(evidence.sources(evidence.published())) == 5
    said = " ".join(evidence.stays_out())
    assert "poll of GPs" in said and "Health Works for Women" in said
    assert not [r for r in evidence.published() if "Health Works" in r.service]


def test_what_is_printed_beside_a_figure_is_not_said_to_be_found_nowhere():
    content = lambda text: set(re.findall(r"[a-z]{4,}", text.lower())) - {"which", "those", "that"}  # noqa: E731
    for out in evidence.stays_out():
        for name, found in literature.findings().items():
            shared = content(out) & content(found.words)
            assert len(shared) < 3, f"{name} is printed, and {out!r} stays out: {sorted(shared)}"


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ((0.5, 0.1, 0.3), "here “employment” is 3rd of 3"),
        ((0.1, 0.5, 0.3), "here “employment” is 1st of 3"),
        ((0.5, None, 0.3), "here “employment” comes after 2 of 3"),
    ],
)
def test_a_printed_rank_stands_beside_the_rank_here(rates, words):
    published = row("Work Foundation", "rank_of_work_among_reasons")
    codes = ("housing", "employment", "wellbeing")
    rows = [
        Row({"reason": c}, "hidden", why="few", denominator=100)
        if v is None
        else Row({"reason": c}, "shown", numerator=10, denominator=100, rate=v, low=v, high=v)
        for c, v in zip(codes, rates, strict=True)
    ]
    asked = replace(answer("referral_reasons", rate=0.1), own=("reason",), rows=tuple(rows))
    assert evidence.rank_words(published, asked, NAMES) == words


@pytest.mark.parametrize(
    ("service", "metric", "words"),
    [
        ("Ways to Wellness", "work_goal", "75 of 17,258 is 0.43%, which does not round to the printed 0.5%"),
        ("Bristol evaluation", "found_work", "9 of 53 is 17.0%, printed as 17%"),
        ("Gloucestershire evaluation", "found_work", "10 of 2,000 is at most 0.5%"),
        ("Tower Hamlets evaluation", "employment_reason", "285 at 13% would need a base of 2,112 to 2,280"),
        ("Herts Help", "work_issue", "6 of 3,310 is 0.18%, printed as 0.2%"),
        ("County Durham supported volunteering", "further_volunteering_learning_or_work", ""),
    ],
)
def test_printed_arithmetic_is_worked_again(service, metric, words):
    assert evidence.check(row(service, metric)) == words


def test_the_same_ten_over_two_bases_is_said_on_both():
    whole = evidence.check(row(ROTHERHAM, "found_work", "2015/16-2016/17"))
    assert "the same 10 are also printed over 298" in whole
    assert "its years add up to it" in whole  # 3 + 7 = 10 and 156 + 160 = 316
    assert "the same 10 are also printed over 316" in evidence.check(row("Rotherham evaluation", "found_work"))


def test_only_one_printed_percentage_is_off():
    assert [r.service for r in evidence.published() if evidence.is_off(r)] == ["Ways to Wellness"]


def test_a_base_printed_as_over_2000_gives_an_upper_bound():
    bounds = [r for r in evidence.published() if r.is_at_most]
    assert {r.service for r in bounds} == {"Gloucestershire evaluation"} and len(bounds) == 3
    drawn = evidence.points(bounds)
    assert all(p["is_at_most"] and "at most" not in p["service"] for p in drawn)  # its figure says it
    assert evidence.table_row(bounds[0])[2] == "40 of over 2,000 clients"


def test_every_cell_of_a_table_says_something():
    """ "Where printed" was empty for this data, and said no place for a figure whose place in its report is not noted."""
    asked = (evidence.Match("found_work", ""), answer(numerator=10, denominator=100, rate=0.1, low=0.0, high=0.2))
    ours = evidence.our_table_row(asked[1], asked[0], 0)
    theirs = [evidence.table_row(r) for r in evidence.published()]
    assert [cells for cells in (ours, *theirs) if "" in cells] == []
    where = evidence.HEADER.index("Where printed")
    assert ours[where] == "counted here, not printed"
    placed = {cells[where] for r, cells in zip(evidence.published(), theirs, strict=True) if not r.section}
    assert placed == {"Work Foundation, where in it is not noted", "DWP, where in it is not noted"}


# --- matches and units ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("published", evidence.published(), ids=lambda r: f"{r.service} {r.metric}")
def test_every_figure_has_a_nearest_match_or_says_that_there_is_none(published):
    near = evidence.match(published)
    assert near.bases
    if near.metric:
        known = metrics.get(near.metric)
        assert set(near.labels) <= set(known.labels)
    else:
        assert not evidence.is_comparable(published)
        assert evidence.nearest_words(published).startswith("Nothing here counts this")


def test_an_unknown_figure_is_refused():
    with pytest.raises(ValueError, match="no match is given for 'steps' in 'miles'"):
        evidence.match(evidence.Published("A", "B", "steps", 1, 2, "miles", "2018", "50%", "1", "bu-2024", ""))


def test_different_units_are_refused_on_one_axis():
    with pytest.raises(ValueError, match="one axis takes one unit, got journeys, goals, issues"):
        evidence.axis_unit(["journeys", "goals", "journeys", "issues"])
    with pytest.raises(ValueError, match="got none"):
        evidence.axis_unit([])
    assert evidence.axis_unit(["goals", "goals"]) == "goals"


def test_clients_are_not_journeys_so_ours_are_said_and_never_drawn_on_their_axis():
    drawn = evidence.comparisons()
    assert set(drawn) == {"found_work", "training_or_education", "volunteering", "work_goal", "referral_reasons"}
    for metric, rows in drawn.items():
        assert evidence.axis_unit(r.unit for r in rows) == "clients" != metrics.get(metric).unit
        assert not any(p.get("is_ours") for p in evidence.points(rows))
    kept_apart = evidence.apart()
    assert {r.unit for r in kept_apart} == {
        "referrals",
        "goals",
        "issues",
        "volunteers",
        "participants",
        "services",
        "ranks",
        "people",
    }
    assert len(kept_apart) + sum(len(rows) for rows in drawn.values()) == len(evidence.published())


def test_work_is_asked_on_every_base_that_a_published_figure_has():
    asked = [
        near.selection(Selection(period="2024/25")) for near in evidence.matches(evidence.comparisons()["found_work"])
    ]
    assert {(s.base, s.within) for s in asked} == {("all", 12), ("out_of_work", 12), ("all", 6)}
    assert {s.period for s in asked} == {"2024/25"}


# --- ours beside them -------------------------------------------------------------------------------------------------


def answer(metric="found_work", **values):
    chosen = Selection()
    row = Row({}, values.pop("state", "shown"), **values)
    return Released(
        metric, "journeys", "proportion", chosen, "All services", (), (), "2026-03", {"k": 8, "base": 5}, (row,)
    )


def test_the_sentence_says_ours_on_its_own_base_with_its_interval_and_does_not_rank():
    rows = evidence.comparisons()["found_work"]
    near = evidence.match(row("Bristol evaluation", "found_work"))
    shown = replace(
        answer(numerator=15, denominator=240, rate=0.0625, low=0.04, high=0.1), selection=near.selection(Selection())
    )
    assert evidence.sentence([(near, shown)], rows, NAMES) == (
        "Here, of those referred in April 2022 to March 2026 (people out of work at referral; with 12 months or more since referral), 6.2% "
        "(likely 4.0% to 10.0%) within 12 months. Published, of clients: 1.9% to 17.0%, each on a base of its own."
    )
    assert evidence.others([(near, shown)], rows) == [
        "Published, of clients: at most 0.5% where the base is printed as over 2,000."
    ]
    assert evidence.our_name(near) == "This data, out of work, 12 months"
    hidden = evidence.sentence([(near, answer(state="hidden"))], rows, NAMES)
    assert "[c]" in hidden and "6.2%" not in hidden


def test_one_finding_stands_first_and_the_others_below_it_a_line_each():
    rows = evidence.comparisons()["found_work"]
    asked = [
        (
            near,
            replace(
                answer(numerator=15, denominator=240, rate=0.0625, low=0.04, high=0.1),
                selection=near.selection(Selection()),
            ),
        )
        for near in evidence.matches(rows)
    ]
    assert len(evidence.sentence(asked, rows, NAMES).split()) <= 45
    assert evidence.others(asked, rows)[:2] == [
        "Here, of people out of work at referral: 6.2% (likely 4.0% to 10.0%) within 12 months.",
        "Here, 6.2% (likely 4.0% to 10.0%) within 6 months.",
    ]


def test_that_ours_is_not_recorded_is_said_once_and_of_no_months():
    rows = evidence.comparisons()["found_work"]
    asked = [
        (near, replace(answer(state="not_recorded"), selection=near.selection(Selection())))
        for near in evidence.matches(rows)
    ]
    assert evidence.sentence(asked, rows, NAMES).startswith("Here: [x] not recorded by this service. Published, of")
    assert [words for words in evidence.others(asked, rows) if words.startswith("Here")] == []
    asked[1] = (asked[1][0], replace(answer(state="hidden"), selection=asked[1][1].selection))
    assert evidence.others(asked, rows)[0] == (
        "Here, of people out of work at referral: [c] hidden: too few people, or too few left out."
    )


def test_a_single_published_share_has_no_each():
    rows = [row(ROTHERHAM, "found_work", "2015/16")]
    near = evidence.match(rows[0])
    assert "each" not in evidence.sentence([(near, answer(rate=0.0625, low=0.04, high=0.1))], rows, NAMES)


def test_a_share_of_those_with_a_goal_is_not_one_of_everyone_referred():
    rows = evidence.comparisons()["work_goal"]
    near = evidence.match(rows[0])
    text = evidence.sentence(
        [(near, answer("work_goal", numerator=30, denominator=1035, rate=0.029, low=0.02, high=0.041))], rows, NAMES
    )
    assert "(with at least one goal), 2.9% (likely 2.0% to 4.1%)" in text and "everyone" not in text
    assert "about 1 in 10 (Rotherham), as printed, without counts" in text


@pytest.mark.parametrize(
    ("rate", "low", "high", "words"),
    [
        (0.03, 0.02, 0.04, "inside the published interval"),
        (0.07, 0.05, 0.09, "outside it, but the intervals overlap"),
        (0.2, 0.15, 0.25, "apart"),
        (None, None, None, "too few in the sample to show"),
    ],
)
def test_where_the_sample_lies_beside_a_published_interval(rate, low, high, words):
    published = row(ROTHERHAM, "found_work", "2015/16-2016/17")
    assert evidence.fit_words(published, answer(rate=rate, low=low, high=high).rows[0]) == words


@pytest.mark.parametrize(
    ("rate", "low", "words"),
    [
        (0.014, 0.008, "no higher than the bound allows"),
        (0.019, 0.011, "above the bound, but its interval reaches it"),
        (0.05, 0.04, "above the bound"),
    ],
)
def test_a_sample_above_a_published_bound_is_not_said_to_be_below_it(rate, low, words):
    published = next(row for row in evidence.published() if row.is_at_most and row.metric == "volunteering")
    assert evidence.fit_words(published, answer(rate=rate, low=low, high=0.1).rows[0]) == words


def test_the_fit_is_asked_of_the_invented_service_made_after_each_published_one():
    fitted = evidence.fitted(["wrenborough-mh", "another"])
    assert {selection.service for _, selection in fitted} == {"wrenborough-mh"}
    assert all(published.period not in ("2015/16", "2016/17") for published, _ in fitted)
    assert not evidence.fitted(["a-real-service"])
    assert [published.metric for published, _ in evidence.fitted(["tarnholt-signpost"])] == [
        "training_or_education",
        "volunteering",
        "found_work",
    ]


def test_the_table_says_what_was_not_printed_and_each_note_once():
    tower, ways = row("Tower Hamlets evaluation", "employment_reason"), row("Ways to Wellness", "work_goal")
    assert evidence.table_row(tower)[2] == "285 clients, base not printed"
    assert evidence.table_row(row("Rotherham", "work_goal"))[2] == "not printed (clients)"
    assert evidence.table_row(ways)[-1] == "75 of 17,258 is 0.43%, which does not round to the printed 0.5%"


def test_the_heading_says_ours_and_what_is_published():
    published = [row(ROTHERHAM, "found_work", "2015/16"), row("Bristol evaluation", "found_work")]
    near = evidence.match(published[0])
    mine = Row(dict(near.labels), "shown", numerator=245, denominator=11_150, rate=0.022, low=0.019, high=0.025)
    answer = Released(
        near.metric, "journeys", "proportion", Selection(), "", (), tuple(near.labels), "2026-03", {"k": 8, "base": 5}, (mine,)
    )  # fmt: skip
    assert evidence.headline([(near, answer)], published) == "Found work: 2% here, 2% to 17% published"
    hidden = replace(answer, rows=(Row(dict(near.labels), "hidden"),))
    assert evidence.headline([(near, hidden)], published[:1]).startswith("Found work: hidden here, ")


def test_what_is_here_and_what_is_published_have_one_precision():
    for rows in evidence.comparisons().values():
        near = evidence.match(rows[0])
        mine = answer(near.metric, numerator=800, denominator=11_150, rate=0.0717, low=0.067, high=0.0766)
        mine = replace(
            mine, rows=tuple(replace(r, labels=dict(near.labels)) for r in mine.rows), own=tuple(near.labels)
        )
        asked, printed = [(near, mine)], {row.printed for row in rows}
        said = " ".join(
            (evidence.headline(asked, rows), evidence.sentence(asked, rows, NAMES), *evidence.others(asked, rows))
        )
        shares = [share for share in re.findall(r"[\d.]+%", said) if share not in printed]
        assert shares and len({"." in share for share in shares}) == 1, said
        assert ("." in shares[0]) is (evidence.precision(asked, rows) == 1)
        assert evidence.our_table_row(mine, near, evidence.precision(asked, rows))[3] == shares[0]


def test_every_share_that_stands_beside_a_figure_is_in_the_list_of_what_is_printed():
    """What Activity quotes of the study of 2024 was on no line of Evidence."""
    listed = {(row.source, share) for row in evidence.published() for share in re.findall(r"\d+%", row.printed)}
    said = re.findall(r"\d+%", literature.findings()["reached_and_supported"].words)
    assert said == ["90%", "38%"] and {("bu-2024", share) for share in said} <= listed
    others = [name for name, found in literature.findings().items() if re.search(r"\d%", found.words)]
    assert others == ["reached_and_supported"]


def test_what_the_study_of_2024_counts_is_referrals():
    study = [row for row in evidence.published() if row.source == "bu-2024"]
    assert [(row.unit, row.printed) for row in study] == [
        ("referrals", "72% to 85%"), ("referrals", "90%"), ("referrals", "38%"),
    ]  # fmt: skip
    assert not any(evidence.is_comparable(row) for row in study)
