"""Figures: drawn from released rows alone, hidden numbers nowhere in them, gaps as gaps, readable without colour."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import plotly.graph_objects as go
import plotly.io
import pytest
from plotly.tools import return_figure_from_figure_or_data

from journeys import figures
from journeys.answer import overlays
from journeys.answer.released import HIDDEN, SHAPE_KEYS, Row
from journeys.figures import canvas, colours
from journeys.figures import rows as figure_rows
from journeys.figures.grid import INK, ROUNDED, SHADES
from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words.finding import finding
from journeys.words.phrases import MARKS, month_of
from journeys.words.shares import digits_of
from tests import answers_by_hand
from tests.answers_by_hand import NAMES, SECRET, STATES, released
from tests.drawings import CHANGES, drawings, spiral

MOST_POINTS = 2000


DRAW = drawings(NAMES)


def texts(fig: go.Figure):
    """Every text of a figure: annotations, ticks, hover, cells."""
    return [a.text for a in fig.layout.annotations] + [
        t for trace in fig.data for name in ("text", "hovertext") for t in _flat(getattr(trace, name, None))
    ]


def _flat(found):
    if found is None or isinstance(found, str):
        return [found] if found else []
    return [t for part in found for t in _flat(part)]


def notes(fig):
    """What is written on a figure, as annotations and as traces of nothing but text."""
    return [a.text for a in fig.layout.annotations] + [
        t for trace in fig.data if getattr(trace, "mode", None) == "text" for t in trace.text
    ]


def marks(fig):
    """The traces that draw something."""
    return [trace for trace in fig.data if getattr(trace, "mode", None) != "text"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", DRAW)
def test_every_figure_in_every_state(name, state):
    fig = DRAW[name](state)
    assert isinstance(fig, go.Figure)
    assert fig.layout.title.text is None, "the title stands outside the figure"
    assert fig.layout.paper_bgcolor == fig.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert sum(len(trace.x) for trace in fig.data if getattr(trace, "x", None) is not None) <= MOST_POINTS
    assert len(fig.to_json()) < 120_000
    for text in texts(fig):
        assert not re.search(r"\bNone\b|\bnan\b|[{}]", text), text
    assert texts(fig), "a figure says something in every state"


@pytest.mark.parametrize("name", DRAW)
def test_the_colour_of_text_is_left_to_the_theme(name):
    fig = DRAW[name]("mixed")
    written = [note.font for note in fig.layout.annotations]
    for font in (*written, *(t.textfont for t in fig.data if getattr(t, "mode", None) == "text")):
        assert font.color is None


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def colours_of(fig):
    """Every colour that marks are drawn in."""
    said = json.dumps(
        [trace.to_plotly_json() for trace in marks(fig)] + [s.to_plotly_json() for s in fig.layout.shapes]
    )
    return {code.upper() for code in re.findall(r"#[0-9A-Fa-f]{6}", said)}


INKS = {canvas.LIGHT, canvas.DARK, INK, "#FFFFFF", colours.INTERVAL, colours.PALE, *SHADES}
BETTER_OR_WORSE = {"change", "spiral", "over_time", "over_time_months", "small_chart"}


@pytest.mark.parametrize("name", DRAW)
def test_every_colour_has_one_meaning(name):
    found = colours_of(DRAW[name]("shown"))
    assert found <= INKS | {one.code for one in colours.TABLE}
    if name not in BETTER_OR_WORSE:
        assert not found & {colours.TEAL, colours.ORANGE}, "green is better and orange worse, and nothing else"


def test_the_colours_of_lines_have_no_other_meaning():
    assert len({one.code for one in colours.TABLE}) == len(colours.TABLE)
    assert not set(colours.LINES) & {colours.TEAL, colours.ORANGE, colours.GREY}


@pytest.mark.parametrize("ground", ["#FFFFFF", "#0E1117", "#12181F"])
@pytest.mark.parametrize("colour", [*colours.LINES, colours.GREY])
def test_colours_stand_out_on_both_themes(colour, ground):
    assert contrast(colour, ground) >= 3


def test_text_on_every_shade_of_a_grid_can_be_read():
    for shade in SHADES:
        assert contrast(INK, shade) >= 7


def poisoned(answer):
    """The answer with hidden rows that hold what they must never show."""
    secret = {name: SECRET for name in SHAPE_KEYS[answer.shape] if name not in ("months", "denominator")}
    rows = [r if r.is_shown else replace(r, state=HIDDEN, why=None, denominator=None, **secret) for r in answer.rows]
    return replace(answer, rows=tuple(rows))


@pytest.mark.parametrize(
    "draw",
    [
        lambda p: figures.bars(p(released("referral_reasons", state="mixed")), NAMES),
        lambda p: figures.grid(p(released("goals_set", ("service",), "mixed")), NAMES),
        lambda p: figures.over_time(p(released("climbed", ("quarter",), "mixed")), NAMES),
        lambda p: figures.over_time(p(released("contacts", ("quarter",), "mixed")), NAMES),
        lambda p: figures.small_chart(p(released("referrals", ("quarter",), "mixed")), NAMES),
        lambda p: figures.spiral(*(p(released(f"spiral_{s}", state="mixed")) for s in ("start", "now", "flow", "movement")), NAMES),
        lambda p: figures.after_months(p(released("spiral_after", state="mixed")), NAMES),
        lambda p: figures.waiting(p(released("time_to_work", ("service",), "mixed")), NAMES),
        lambda p: figures.change(p(released("wellbeing_change", state="mixed")), NAMES),
        lambda p: figures.funnel(p(released("climbed", ("service",), "mixed")), NAMES),
        lambda p: figures.compare(p(released("climbed", ("age_band",), "mixed")), p(released("climbed", ("age_band",), "mixed")), NAMES, "A", "B"),
    ],
)  # fmt: skip
def test_a_hidden_number_is_nowhere_in_the_figure(draw):
    written = draw(poisoned).to_json()
    assert "31337" not in written and "31,337" not in written and "3133700" not in written


def numbers(values):
    return {v for v in values if v is not None}


def test_bars_hold_only_released_numbers():
    answer = released("referral_reasons", state="mixed")
    fig = figures.bars(answer, NAMES)
    allowed = numbers(v for r in answer.rows if r.is_shown for v in (r.rate, r.low, r.high))
    bounds = numbers(getattr(r, name, None) for r in answer.rows for name in ("at_most", "at_least")) | {0.0, 1.0}
    assert bounds - {0.0, 1.0}
    for trace in marks(fig):
        assert numbers(trace.x) <= allowed | (bounds if getattr(trace, "mode", None) == "lines" else set())


@pytest.mark.parametrize(
    "draw",
    [
        lambda s: figures.bars(released("climbed", ("age_band",), s), NAMES),
        lambda s: figures.over_time(released("climbed", ("quarter",), s), NAMES),
        lambda s: figures.small_chart(released("climbed", ("quarter",), s), NAMES),
        lambda s: figures.compare(
            released("climbed", ("age_band",)), released("climbed", ("age_band",), s), NAMES, "A", "B"
        ),
    ],
)
def test_bounds_of_hidden_shares_are_drawn_alike(draw):
    def pale(fig):
        return [t for t in fig.data if getattr(t, "mode", None) == "lines" and t.line.color == colours.BOUND]

    assert pale(draw("few")) and {t.line.width for t in pale(draw("few"))} == {9}
    assert not pale(draw("shown")) and not pale(draw("hidden"))


def test_a_label_that_cannot_occur_has_no_bar_and_is_not_counted_as_hidden():
    answer = released("climbed", ("age_band",))
    rows = (Row(answer.rows[0].labels, "not_applicable"), *answer.rows[1:])
    words = notes(figures.bars(replace(answer, rows=rows), NAMES))
    assert not any(NAMES("age_band", "0-15") in t or "[z]" in t for t in words)


def test_one_precision_in_a_chart():
    answer = released("climbed", ("age_band",))
    small = replace(answer.rows[0], numerator=5, denominator=1500, rate=5 / 1500, low=0.001, high=0.01)
    words = notes(figures.bars(replace(answer, rows=(small, *answer.rows[1:])), NAMES))
    shares = [t for t in words if "%" in t and t.startswith("&nbsp;<b>")]
    assert len(shares) == len(answer.rows) and all(re.search(r"\d\.\d%", t) for t in shares)


def test_over_time_holds_only_released_numbers_and_their_limits():
    answer = released("climbed", ("quarter",), "shown")
    limits = {v for r in answer.rows for v in (r.spc["mean"], r.spc["lower"], r.spc["upper"])}
    allowed = {round(v, 9) for v in numbers(r.rate for r in answer.rows) | limits | {0}}
    for trace in figures.over_time(answer, NAMES, "higher").data:
        assert {round(v, 9) for v in numbers(trace.y)} <= allowed


def quarters(*states):
    """An answer by quarter whose rows are in these states, shown from there on."""
    answer = released("climbed", ("quarter",))
    rows = list(answer.rows)
    for i, state in enumerate(states):
        rows[i] = released("climbed", ("quarter",), state).rows[i]
    return replace(answer, rows=tuple(rows))


def line_of(fig):
    return next(t for t in fig.data if t.mode == "lines" and t.line.color == colours.BLUE)


def test_a_hidden_period_is_a_visible_gap_with_its_mark():
    fig = figures.over_time(quarters("shown", "hidden", "few", "shown", "not_recorded"), NAMES)
    line = line_of(fig)
    assert line.connectgaps is False
    assert [y is None for y in line.y[:6]] == [False, True, True, False, True, False]
    bands = [(s.x0, s.x1) for s in fig.layout.shapes if s.type == "rect"]
    assert bands == [(0.5, 2.5), (3.5, 4.5)]
    assert [t for t in notes(fig) if t in ("[c]", "[x]")] == ["[c]", "[x]"]


def test_an_incomplete_period_is_hollow_grey_and_not_joined():
    answer = quarters()
    rows = [*answer.rows[:-1], replace(answer.rows[-1], complete=False)]
    fig = figures.over_time(replace(answer, rows=tuple(rows)), NAMES)
    assert line_of(fig).y[-1] is None
    hollow = next(t for t in fig.data if t.mode == "markers" and t.marker.symbol == "circle-open")
    assert list(hollow.x) == [len(rows) - 1] and hollow.marker.color == colours.GREY
    assert any("not complete" in t for t in notes(fig))


def test_signals_differ_by_shape_and_outline_and_words():
    answer = released("referrals", ("quarter",))
    rows = [replace(r, count=100 + i % 3 if i < 8 else 200 + i % 3) for i, r in enumerate(answer.rows)]
    for direction, symbol, word in (("higher", "diamond", "improvement"), ("none", "triangle-up", "no judgement")):
        fig = figures.over_time(replace(answer, rows=tuple(rows)), NAMES, direction)
        marked = [t for t in fig.data if t.mode == "markers" and t.marker.symbol == symbol]
        assert marked and marked[0].marker.line.width == 2
        assert any(word in t for t in notes(fig)) and any(word in h.lower() for h in marked[0].hovertext)
    assert not any(t.marker.symbol in ("diamond", "square") for t in fig.data), "no judgement where the metric has none"


def test_limits_that_are_wider_where_fewer_are_counted_say_so():
    """methods.md 3: limits of each point's own size are said in words; they were drawn as steps that nothing explained."""
    answer = released("climbed", ("quarter",))
    for few, is_said in ((1000, False), (200, True)):
        rows = [
            replace(row, numerator=n // 4, denominator=n, rate=0.2 + 0.01 * (i % 5))
            for i, row in enumerate(answer.rows)
            for n in [(1000, few)[i % 2]]
        ]
        drawn = figures.Drawn(figures.over_time(replace(answer, rows=tuple(rows)), NAMES), is_bare=True)
        (words,) = (said for _, _, said in drawn.key if said.startswith("limits of usual variation"))
        assert ("wider where fewer are counted" in words) is is_said


def test_without_judgement_a_mark_points_to_the_side_of_the_average_that_its_point_lies_on_and_the_key_says_so():
    answer = released("referrals", ("quarter",))
    rows = [replace(r, count=100 + i % 3 if i < 8 else 200 + i % 3) for i, r in enumerate(answer.rows)]
    answer = replace(answer, rows=tuple(rows))
    for fig in (figures.over_time(answer, NAMES), figures.small_chart(answer, NAMES)):
        above, below = (
            next(t for t in fig.data if t.mode == "markers" and t.marker.symbol == f"triangle-{side}")
            for side in ("up", "down")
        )
        assert set(below.y) <= {100, 101, 102} and set(above.y) <= {200, 201, 202}
    said = "".join(notes(figures.over_time(answer, NAMES)))
    assert said.index("▲") < said.index("higher or rising") < said.index("▼") < said.index("lower or falling")


@pytest.mark.parametrize("state", ["shown", "mixed", "few"])
def test_the_key_of_a_small_chart_names_the_marks_that_occur_and_no_others(state):
    answer = released("climbed", ("quarter",), state)
    fig, key = figures.small_chart(answer, NAMES, "higher"), dict(figures.small_key(answer, NAMES, "higher"))
    there = {one for one in notes(fig) if one in MARKS}
    assert {sign for sign in key if sign in MARKS} == there
    assert ("▮" in key) == any(t.mode == "lines" and t.line.color == colours.BOUND for t in fig.data)
    assert ("○" in key) == any(t.mode == "markers" and t.marker.symbol == "circle-open" for t in fig.data)
    assert ("◆" in key) == any(t.mode == "markers" and t.marker.symbol == "diamond" for t in fig.data)
    assert ("┊" in key) == any(shape.line.dash == "dot" for shape in fig.layout.shapes)


def test_a_small_chart_has_a_line_for_every_change_and_where_it_is_numbered_its_name():
    answer = released("referrals", ("quarter",))
    at = [row.labels["quarter"] for row in answer.rows][3:5]
    changes = [SimpleNamespace(month=month_of(one), service_id="service-0", title=f"Change {one}") for one in at]
    plain = figures.small_chart(answer, NAMES, "none", changes)
    assert sum(shape.line.dash == "dot" for shape in plain.layout.shapes) == 2 and "<b>1</b>" not in notes(plain)
    assert "┊" in dict(figures.small_key(answer, NAMES, "none", changes))
    numbered = figures.small_chart(answer, NAMES, "none", changes, is_numbered=True)
    said = figures.small_notes(answer, NAMES, changes)
    assert {"<b>1</b>", "<b>2</b>"} <= set(notes(numbered)) and [
        f"Change {one}" in line for one, line in zip(at, said, strict=True)
    ] == [True, True]
    assert "┊" not in dict(figures.small_key(answer, NAMES, "none", changes, is_numbered=True))


def test_long_names_of_columns_lie_where_a_browser_has_room_and_stand_in_as_few_lines():
    fig = figures.grid(released("spiral_flow"), NAMES)
    assert fig.layout.xaxis.tickangle is None and list(fig.layout.xaxis.autotickangles) == [0, -90]
    assert "Volunteering<br>and experience" in fig.layout.xaxis.ticktext
    pixels, from_width = figures.Drawn(fig, is_bare=True).spare  # what the names take upright, and from where they lie
    assert 0 < pixels < fig.layout.margin.t - 2 * 15 and 390 < from_width < 800
    assert (
        not figures.Drawn(fig).spare
        and not figures.Drawn(figures.bars(released("goals_set"), NAMES), is_bare=True).spare
    )


def test_the_key_above_a_grid_takes_no_room_twice():
    """The names above the columns had their room below the key and above it: as much was blank."""
    answer = released("spiral_movement", ("service",))
    others = figures.Beside("everyone referred", {tuple(row.labels.values()): 0.3 for row in answer.rows})
    room = [
        figures.Drawn(figures.grid(answer, NAMES, **beside), is_bare=True).to_dict()["layout"]["margin"]["t"]
        for beside in ({}, {"beside": others})
    ]
    assert abs(room[1] - room[0]) <= 4


def test_the_mark_of_those_little_changed_stands_in_the_gap_that_they_leave():
    readings = released("wellbeing_change")
    rows = (replace(readings.rows[0], pairs=100, improved=None, same=None, worse=50),)
    fig = figures.change(replace(readings, rows=rows), NAMES)
    marks = [
        x for t in fig.data if t.text and t.mode == "text" for x, said in zip(t.x, t.text, strict=True) if said == "[c]"
    ]
    assert sorted(marks) == [0, 0.25], "those who got worse are from 0.5 on"


def test_marks_are_explained_that_stand_in_a_figure_and_no_others():
    answer = released("engaged", ("age_band",))
    outside = tuple(Row(r.labels, "not_applicable") if i == 2 else r for i, r in enumerate(answer.rows))
    for draw in (figures.bars, figures.dots):
        assert figures.Drawn(draw(replace(answer, rows=outside), NAMES)).marks == (), "that row has no place in it"
    few = released("engaged", ("age_band",), "one")
    assert figures.Drawn(figures.dots(few, NAMES)).marks == (f"[c] {MARKS['[c]']}",)
    readings = released("wellbeing_change")
    for parts, is_there in (
        ({"improved": 60, "same": 30, "worse": 10}, False),
        ({"improved": None, "same": 30, "worse": None}, True),
    ):
        rows = tuple(replace(row, pairs=100, **parts) for row in readings.rows)
        fig = figures.change(replace(readings, rows=rows), NAMES)
        assert any("[c] in a bar" in note for note in notes(fig)) == is_there


@pytest.mark.parametrize(
    ("unit", "ticks"),
    [
        ("quarter", ["Apr–Jun 2022", "Apr 2023", "Apr 2024", "Apr 2025"]),
        ("month", ["Apr 2022", "Apr 2023", "Apr 2024", "Apr 2025"]),
        ("financial_year", ["2022/23", "2023/24", "2024/25", "2025/26"]),
    ],
)
def test_a_tick_names_the_month_that_it_stands_at(unit, ticks):
    axis = figures.over_time(released("referrals", (unit,)), NAMES).layout.xaxis
    assert [text.replace("<br>", " ") for text in axis.ticktext] == ticks


def test_below_thirteen_points_the_line_stands_alone():
    few = quarters(*["hidden"] * 5)
    fig = figures.over_time(few, NAMES, "higher")
    assert not any(t.mode == "lines" and t.line.color == colours.GREY for t in fig.data)


def test_service_changes_are_numbered_and_said():
    fig = figures.over_time(quarters(), NAMES, "higher", CHANGES)
    assert "<b>1</b>" in notes(fig)
    assert any("Sep 2023: A second adviser (Service B)" in t.replace("<br>", " ") for t in notes(fig))
    assert not any("Not in this span" in t for t in notes(fig))


def test_over_time_needs_a_period():
    with pytest.raises(ValueError, match="ask by quarter, month or financial_year"):
        figures.over_time(released("climbed", ("service",)), NAMES)


def test_at_most_four_lines_and_what_is_left_out_is_said():
    fig = figures.over_time(released("contacts", ("quarter",)), NAMES)
    lines = [t for t in fig.data if t.mode == "lines+markers"]
    assert len(lines) == 4
    assert len({t.line.dash for t in lines}) == len({t.marker.symbol for t in lines}) == 4
    assert any("4 largest of 5" in t for t in notes(fig))


def test_services_are_in_alphabetical_order_and_labels_by_size():
    fig = figures.bars(released("referrals", ("service",)), NAMES)
    assert list(fig.data[0].customdata) == ["service-0", "service-1", "service-2", "service-3"]
    of_one_base = replace(
        released("referral_reasons"), rows=tuple(of(row, 480) for row in released("referral_reasons").rows)
    )
    by_size = figures.bars(of_one_base, NAMES)
    assert list(by_size.data[0].x) == sorted(by_size.data[0].x, reverse=True)
    assert not any("largest group" in t for t in notes(by_size))


def of(row, denominator):
    return Row(
        row.labels,
        "shown",
        numerator=row.numerator,
        denominator=denominator,
        rate=row.numerator / denominator,
        low=0.0,
        high=1.0,
    )


def test_of_shares_of_their_own_bases_the_one_that_the_heading_names_comes_first():
    answer = released("barriers_new")
    of_few, of_many = answer.rows[0].labels["barrier"], answer.rows[1].labels["barrier"]
    answer = replace(answer, rows=(of(answer.rows[0], 120), of(answer.rows[1], 280)))
    fig = figures.bars(answer, NAMES)
    assert list(fig.data[0].customdata) == [of_many, of_few]
    assert fig.data[0].x[0] < fig.data[0].x[1]
    assert any("largest group comes first" in t for t in notes(fig))
    assert NAMES("barrier", of_many).lower() in finding(answer, metrics.get("barriers_new"), NAMES).lower()


def test_of_fields_the_emptiest_comes_first_as_the_sentence_names_it():
    answer = released("completeness")
    codes = [row.labels["field"] for row in answer.rows[:2]]
    rows = [share(code, n, of) for code, n, of in zip(codes, (90, 40), (100, 80), strict=True)]
    fig = figures.bars(replace(answer, rows=tuple(rows)), NAMES)
    assert list(fig.data[0].customdata) == codes[::-1]
    assert any("least often filled in comes first" in t for t in notes(fig))


def share(field, numerator, denominator):
    return Row(
        {"field": field}, "shown", numerator=numerator, denominator=denominator, rate=numerator / denominator, low=0.0, high=1.0
    )  # fmt: skip


def test_rows_without_a_figure_keep_their_place_with_their_mark_in_words():
    words = notes(figures.bars(released("climbed", ("age_band",), "mixed"), NAMES))
    for mark in (
        "[c] under 3% of about",
        "[c] hidden",
        "[x] not recorded by this service",
        "[early] too early",
        "[low]",
    ):
        assert any(mark in t for t in words), mark
    names = [NAMES("age_band", c) for c in ("0-15", "16-24", "75+", "unknown")]
    assert all(any(n in t for t in words) for n in names)


def test_axes_of_counts_and_rates_start_at_nought():
    assert figures.bars(released("climbed", ("service",)), NAMES).layout.xaxis.range[0] == 0
    assert figures.over_time(released("climbed", ("quarter",)), NAMES).layout.yaxis.range[0] == 0
    assert figures.funnel(released("climbed", ("service",)), NAMES).layout.yaxis.range[0] == 0


@pytest.mark.parametrize("top", [0.004, 0.03, 0.5, 1, 7, 95, 1204, 7365, 12_000_000])
def test_ticks_are_few_round_and_reach_the_top(top):
    ticks = canvas.round_ticks(top)
    assert ticks[0] == 0 and ticks[-1] >= top * 0.999 and 2 <= len(ticks) <= 6
    assert len({canvas.tick_text(t, False) for t in ticks}) == len(ticks)


def ribbons(fig):
    return [t for t in fig.data if t.hoveron == "fills"]


def flows(state="shown"):
    return [row for row in released("spiral_flow", state=state).rows if row.is_shown]


def test_the_spiral_shows_rungs_sides_moves_and_movement():
    fig = spiral()
    words = " ".join(notes(fig)).replace("<br>&nbsp;&nbsp;&nbsp;", " ").replace("<br>", " ")
    for rung in ("Starting out", "Basic needs", "Confidence and wellbeing", "In work", "Staying in work"):
        assert rung in words
    for said in (
        "at referral",
        "by employment status alone",
        "Now",
        "moved up",
        "same rung",
        "moved back",
        "Everyone referred",
    ):
        assert said in words
    assert len(ribbons(fig)) == len(flows())
    ups = [row for row in flows() if row.labels["rung"] == "staying"]
    assert "▲" + "+".join(f"{n:,}" for n in sorted((row.count for row in ups), reverse=True)) in words


def test_the_spiral_draws_no_hidden_move_and_marks_what_cannot_be_seen_or_occur():
    fig = spiral("mixed")
    assert len(ribbons(fig)) == len(flows("mixed"))
    assert any("▲[c]" in note or "+[c]" in note for note in notes(fig))
    impossible = [
        replace(r, state="not_applicable") if r.labels["rung"] == "basic_needs" else r
        for r in released("spiral_start").rows
    ]
    unseen = [
        replace(r, state="not_recorded") if r.labels["rung"] == "confidence" else r for r in released("spiral_now").rows
    ]
    fig = figures.spiral(
        replace(released("spiral_start"), rows=tuple(impossible)), replace(released("spiral_now"), rows=tuple(unseen)),
        released("spiral_flow"), released("spiral_movement"), NAMES,
    )  # fmt: skip
    assert any(note.startswith("[z]") for note in notes(fig)) and any(
        "Confidence" in note and "[x]" in note for note in notes(fig)
    )
    assert sum(t.line.dash == "dot" for t in fig.data if t.mode == "lines") == 2
    assert figures.Drawn(fig).marks == (), "the figure says what its marks mean"


def test_the_head_of_the_spiral_fits_a_phone_whoever_is_chosen():
    start, now, flow, movement = (released(f"spiral_{one}") for one in ("start", "now", "flow", "movement"))
    some = replace(movement, selection=Selection(cohort={"age_band": "50-64", "gender": "female"}))
    (said,) = [text for text in notes(figures.spiral(start, now, flow, some, NAMES)) if "observed for at least" in text]
    assert said.startswith("About ") and max(map(len, said.split("<br>"))) <= 44


def test_ribbons_are_as_wide_as_their_people():
    found = {}
    for trace in ribbons(spiral()):
        half = len(trace.y) // 2
        found[int(re.search(r"about ([\d,]+)", trace.text)[1].replace(",", ""))] = trace.y[half] - trace.y[half - 1]
    counts = sorted(found)
    assert found[counts[-1]] / found[counts[-2]] == pytest.approx(counts[-1] / counts[-2], abs=0.1)
    assert min(found.values()) >= 2


def test_a_thin_way_back_is_one_dashed_line_and_only_marks_that_occur_are_explained():
    few = flows()[0]
    asked = {part: released(f"spiral_{part}") for part in ("start", "now", "flow", "movement")}
    rows = tuple(replace(few, labels={"start_rung": "work", "rung": "starting_out"}, count=n) for n in (10, 3000))
    for row, is_line in zip(rows, (True, False), strict=True):
        fig = figures.spiral(*(replace(asked["flow"], rows=(row,)) if p == "flow" else asked[p] for p in asked), NAMES)
        dashed = [t for t in fig.data if t.line.dash and t.line.color == colours.ORANGE]
        assert len(dashed) == 1 and (dashed[0].fill is None) == is_line
    words = " ".join(notes(fig)).replace("<br>", " ")
    assert "[c] too few to show" not in words and re.search(r"the thinnest stand for [\d,]*[05] or fewer", words)


def test_people_of_working_age_stand_beside_everyone_in_the_spiral():
    asked = [released(f"spiral_{part}") for part in ("start", "now", "flow", "movement")]
    assert "working age" not in " ".join(notes(figures.spiral(*asked, NAMES)))
    for is_wide in (False, True):
        assert "working age" in " ".join(
            notes(figures.spiral(*asked, NAMES, released("spiral_movement"), is_wide=is_wide))
        )


def test_strips_of_the_months_after_referral_are_on_one_scale_and_tall_enough_to_see():
    fig = figures.after_months(released("spiral_after"), NAMES)
    tall = [(abs(y), row) for t in fig.data if t.type == "bar" for y, row in zip(t.y, t.hovertext, strict=True)]
    shares = [float(re.search(r"([\d.]+)%", said)[1]) for _, said in tall]
    ratios = [pixels / share for (pixels, _), share in zip(tall, shares, strict=True)]
    assert max(ratios) / min(ratios) < 1.2 and max(pixels for pixels, _ in tall) == pytest.approx(170)


def test_a_hidden_part_of_a_change_is_a_gap():
    row = Row({"tool": "ons4", "item": "anxiety"}, "shown", pairs=100, improved=60, same=30, worse=None, mean_first=5.0, mean_latest=4.0,
              mean_change=-1.0, low=-1.4, high=-0.6)  # fmt: skip
    fig = figures.change(replace(released("wellbeing_change"), rows=(row,)), NAMES)
    assert [len(t.x or ()) for t in fig.data if t.type == "bar"] == [1, 1, 0]
    assert fig.data[1].base[0] + fig.data[1].x[0] == pytest.approx(0.9)
    assert "[c]" in notes(fig)


def test_evidence_refuses_two_units_on_one_axis():
    rows = [{"service": "A", "unit": "journeys"}, {"service": "B", "unit": "goals"}]
    with pytest.raises(ValueError, match="one unit only"):
        figures.evidence(rows, "journeys")


def test_funnel_names_those_outside_without_ranking_and_counts_the_rest():
    answer = released("climbed", ("service",), "shown")
    far = {"centre": 0.3, "low95": 0.28, "high95": 0.32, "low998": 0.27, "high998": 0.33, "position": "above998"}
    rows = [
        replace(answer.rows[0], funnel=far),
        *answer.rows[1:3],
        released("climbed", ("service",), "not_recorded").rows[3],
    ]
    words = " ".join(notes(figures.funnel(replace(answer, rows=tuple(rows)), NAMES)))
    assert "Service A" in words and "Not drawn: 1 [x]" in words


def test_a_grid_of_three_labels_shows_one_horizon_or_says_that_there_are_too_many():
    fig = figures.grid(released("spiral_after", ("service",)), NAMES)
    assert len(fig.data[0].z) * len(fig.data[0].z[0]) == 7 * 4
    assert any(
        "Too many labels" in t for t in notes(figures.grid(released("goals_set", ("service", "quarter")), NAMES))
    )


@pytest.mark.parametrize(
    ("by", "size", "is_rounded"), [("age_band", 2_000, True), ("age_band", 500, False), ("gender", 2_000, False)]
)
def test_cells_without_the_decimal_that_the_words_have_say_so(by, size, is_rounded):
    """Eight columns have no room for one on a phone."""
    answer = released("completeness", (by,))
    rows = [replace(row, numerator=n, denominator=size, rate=n / size) for n, row in enumerate(answer.rows, size // 3)]
    fig = figures.grid(replace(answer, rows=tuple(rows)), NAMES)
    cells = [text for line in fig.data[0].text for text in line]
    has_decimals = digits_of(rows) == 1
    assert any(ROUNDED in text for text in notes(fig)) is is_rounded
    assert all(("." in text) is (has_decimals and not is_rounded) for text in cells)


def test_a_grid_has_no_line_of_which_nothing_applies():
    """Of one service, the ways out of every other were 56 cells of [z]."""
    answer = released("doors", ())
    left = answer.rows[0].labels["from_service"]
    rows = [row if row.labels["from_service"] == left else Row(row.labels, "not_applicable") for row in answer.rows]
    fig = figures.grid(replace(answer, rows=tuple(rows)), NAMES)
    z = next(trace.z for trace in fig.data if trace.type == "heatmap")
    assert len(z) * len(z[0]) == sum(row.state != "not_applicable" for row in rows) < len(rows)
    assert not any("[z]" in text for text in texts(fig) if text)
    none = replace(answer, rows=tuple(Row(row.labels, "not_applicable") for row in rows))
    assert any("[z]" in text for text in texts(figures.grid(none, NAMES)) if text)


def test_intervals_stand_out_on_bars_and_beside_them():
    assert contrast(colours.INTERVAL, "#FFFFFF") >= 3 and contrast(colours.INTERVAL, "#12181F") >= 3
    for colour in (colours.BLUE, colours.ORANGE, colours.GREY):
        assert contrast(canvas.LIGHT, colour) >= 3


def test_a_bar_of_change_has_no_gap_where_all_three_parts_are_shown():
    row = Row({"tool": "ons4", "item": "anxiety"}, "shown", pairs=105, improved=50, same=30, worse=20, mean_first=5.0, mean_latest=4.0,
              mean_change=-1.0, low=-1.4, high=-0.6)  # fmt: skip
    fig = figures.change(replace(released("wellbeing_change"), rows=(row,)), NAMES)
    ends = [(t.base[0], t.base[0] + t.x[0]) for t in fig.data if t.type == "bar"]
    assert (
        ends[0][1] == pytest.approx(ends[1][0])
        and ends[1][1] == pytest.approx(ends[2][0])
        and ends[2][1] == pytest.approx(1)
    )


def test_points_carry_the_code_to_narrow_to():
    assert "service-2" in figures.funnel(released("climbed", ("service",)), NAMES).to_json()
    assert "starting_out" in json.dumps([list(t.customdata) for t in spiral().data if t.customdata is not None])


@pytest.mark.parametrize("slug", metrics.catalogue())
def test_every_metric_can_be_drawn_as_bars_or_grid(slug):
    assert isinstance(figures.bars(released(slug, state="mixed"), NAMES), go.Figure)
    assert isinstance(figures.bars(released(slug, ("service",), "mixed"), NAMES), go.Figure)


def test_the_norm_of_the_population_is_a_line_across_the_scale_of_a_tool():
    answer = released("wellbeing_change")
    lines = [s for s in figures.change(answer, NAMES).layout.shapes if s.x0 == s.x1]
    assert (
        round((23.6 - 7) / (35 - 7), 6) in {round(s.x0, 6) for s in lines} and len(lines) == 5
    )  # SWEMWBS and the four of ONS4
    assert not [
        s for s in figures.change(released("wellbeing_change", state="hidden"), NAMES).layout.shapes if s.x0 == s.x1
    ]


def test_a_break_is_noted_and_starts_limits_anew_with_the_average_before_still_seen():
    answer = released("referrals", ("month",))
    rows = [replace(r, count=100 + i % 3 if i < 24 else 200 + i % 3) for i, r in enumerate(answer.rows)]
    answer = replace(answer, rows=tuple(rows))
    object.__setattr__(
        answer,
        "changes",
        (SimpleNamespace(month=rows[24].labels["month"], words="Service A began", is_break=True, labels={}),),
    )
    fig = figures.over_time(answer, NAMES)
    assert any("Service A began" in t for t in notes(fig)) and any("average before" in t for t in notes(fig))
    assert not any(t.mode == "markers" and t.marker.symbol != "circle" for t in fig.data), "no signal across a break"


@pytest.mark.parametrize("unit", ["financial_year", "quarter", "month"])
def test_a_small_chart_draws_every_period_of_one_line(unit):
    answer = released("climbed", (unit,), "shown")
    figure = figures.small_chart(answer, NAMES)
    drawn = {x for trace in figure.data if trace.mode == "markers" for x in trace.x}
    assert drawn == set(range(len(answer.rows)))


def test_the_average_before_a_lasting_shift_goes_on_dashed():
    """Thirteen quarters about 300, then eight about 200: the old level stays on the chart."""
    answer = released("referrals", ("quarter",))
    levels = [300, 310] * ((len(answer.rows) - 8) // 2 + 1)
    counts = [*levels[: len(answer.rows) - 8], *[200, 210] * 4]
    rows = tuple(
        replace(row, state="shown", complete=True, count=n) for row, n in zip(answer.rows, counts, strict=True)
    )
    fig = figures.over_time(replace(answer, rows=rows), NAMES)
    before = [trace for trace in fig.data if trace.line.dash == "longdash"]
    assert len(before) == 1 and before[0].x[0] == len(rows) - 8 - 0.4
    assert 300 <= before[0].y[0] <= 310


def test_new_limits_are_offered_once_thirteen_points_follow_a_shift_and_drawn_only_when_asked_for():
    """Thirteen months about 300, then about 200: after twelve nothing is offered, after thirteen the month of the shift is."""
    answer = released("referrals", ("month",))
    counts = [[300, 310][i % 2] if i < 13 else [200, 210][i % 2] for i in range(len(answer.rows))]
    rows = [replace(r, state="shown", complete=True, count=n) for r, n in zip(answer.rows, counts, strict=True)]
    assert figures.new_limits_from(replace(answer, rows=tuple(rows[:25]))) is None
    shifted = replace(answer, rows=tuple(rows[:26]))
    assert figures.new_limits_from(shifted) == rows[13].labels["month"]
    unasked, asked = (figures.over_time(shifted, NAMES, restarts=one) for one in (False, True))
    means = [{y for y in _averages(fig) if y is not None} for fig in (unasked, asked)]
    assert len(means[0]) == 1 and len(means[1]) == 2
    assert max(means[1]) > 300 > 210 > min(means[1])
    for fig in (unasked, asked):  # the earlier mean stays
        (before,) = [trace for trace in fig.data if trace.line.dash == "longdash"]
        assert before.x[0] == 13 - 0.4 and 300 <= before.y[0] <= 310
    assert not any(trace.line.dash == "dot" for trace in asked.data)


def _averages(fig):
    return next(t for t in fig.data if t.mode == "lines" and t.line.color == colours.GREY and t.line.dash == "solid").y


def test_nothing_is_offered_without_a_shift_or_over_years():
    assert figures.new_limits_from(released("climbed", ("quarter",))) is None
    assert figures.new_limits_from(released("climbed", ("financial_year",))) is None


def test_bounds_of_hidden_points_are_drawn_beside_several_lines_too():
    answer = released("engaged", ("commissioner", "quarter"))
    rows = [
        replace(r, state="hidden", why="few", values=None, denominator=100, at_most=0.07)
        if i in (2, len(answer.rows) // 2 + 2)
        else r
        for i, r in enumerate(answer.rows)
    ]
    fig = figures.over_time(replace(answer, rows=tuple(rows)), NAMES)
    bars = [t for t in fig.data if t.mode == "lines" and t.line.color == colours.BOUND]
    assert len(bars) == 2 and len({t.x[0] for t in bars}) == 2
    said = [h for t in fig.data if t.mode == "markers" and t.marker.opacity == 0 for h in t.hovertext]
    assert len(said) == 2 and all("under 8%" in h for h in said)


@pytest.mark.parametrize("state", STATES)
def test_no_type_in_a_wide_grid_is_under_12_pixels(state):
    fig = figures.grid(released("engaged", ("age_band", "quarter"), state), NAMES)
    sizes = [trace.textfont.size for trace in fig.data if trace.text is not None]
    assert sizes and all(size >= 12 for size in sizes), sizes


@pytest.mark.parametrize("name", DRAW)
def test_a_figure_that_is_done_is_sent_as_it_was_drawn(name):
    """Streamlit asks for its dict and writes that as JSON; both as often as somebody looks."""
    drawn = DRAW[name]("shown")
    done = figures.Drawn(drawn)
    once, again = (return_figure_from_figure_or_data(done, validate_figure=True) for _ in range(2))
    once["data"].clear()  # whoever gets it may change it
    assert plotly.io.to_json(again, validate=False) == plotly.io.to_json(drawn.to_dict(), validate=False)


@pytest.mark.parametrize("slug", ["wellbeing_change", "referral_reasons"])
def test_where_most_of_a_list_is_hidden_it_is_said_in_one_line(slug):
    fig, whole = (figures.bars(released(slug, state=state), NAMES) for state in ("one", "shown"))
    said = [text for text in texts(fig) if "too few" in text.replace("<br>", " ") and "bar:" not in text]
    assert len(said) == 1 and said[0].startswith("[c] too few people, or too few left out: ")
    assert fig.layout.height < whole.layout.height / 2
    assert len([text for text in texts(figures.bars(released(slug, state="mixed"), NAMES)) if "[c]" in text]) > 1


def test_no_share_and_no_limit_of_shares_is_drawn_above_100_per_cent():
    answer = released("contact_within_28_days", ("quarter",))
    rows = [
        replace(row, rate=rate, low=rate - 0.02, high=min(1, rate + 0.02), complete=True, spc=None)
        for row, rate in zip(answer.rows, [0.99, 0.82] * len(answer.rows), strict=False)
    ]
    answer = overlays.annotated(replace(answer, rows=tuple(rows)), metrics.get("contact_within_28_days"))
    assert max(row.spc["upper"] for row in answer.rows if row.spc) > 1
    for fig in (figures.over_time(answer, NAMES), figures.small_chart(answer, NAMES)):
        assert max(fig.layout.yaxis.tickvals) <= 1
        assert max(y for trace in fig.data for y in trace.y or () if y is not None) <= 1


def test_what_others_moved_stands_in_a_line_of_its_own_in_one_figure():
    asked = [released(f"spiral_{name}") for name in ("start", "now", "flow", "movement")]
    few = replace(
        asked[3], rows=tuple(replace(row, rate=0.012) for row in asked[3].rows)
    )  # alone it would have a decimal
    fig = figures.spiral(*asked, NAMES, few)
    lines = [note.text for note in fig.layout.annotations if note.text.startswith("working age")]
    lines += [text for trace in fig.data for text in trace.text or () if str(text).startswith("working age")]
    assert lines == ["working age: 1%, 1%, 1%"]


@pytest.fixture
def projector():
    figures.are_wide(True)
    yield
    figures.are_wide(False)


def test_a_grid_on_a_projector_names_its_columns_where_there_is_room(projector):
    answer = released("completeness", ("service",))
    fig = figures.grid(answer, lambda name, code: f"Wrenborough {code}" if name == "service" else NAMES(name, code))
    heads = [text.replace("<br>", " ") for text in fig.layout.xaxis.ticktext]
    assert heads == [f"Wrenborough service-{i}" for i in range(4)] and not any(t.startswith("1 ") for t in notes(fig))
    sides = [side for side in fig.layout.yaxis.ticktext if "<br>" in side]
    assert not [side for side in sides if len(side.replace("<br>", " ")) <= figures.SIDE]
    long = figures.grid(
        answer, lambda name, code: f"{code} {'of many words ' * 4}"[:60] if name == "service" else NAMES(name, code)
    )
    assert [*long.layout.xaxis.ticktext] == ["1", "2", "3", "4"] and any(
        "service-1 of many" in t.replace("<br>", " ") for t in notes(long)
    )


@pytest.mark.parametrize(
    "draw",
    [figures.bars, figures.dots, lambda one, names, extent: figures.compare(one, one, names, "a", "b", extent=extent)],
)
def test_a_figure_that_goes_on_has_the_axis_of_all_its_rows(draw):
    answer = released("engaged", ("age_band",))
    few = replace(answer, rows=tuple(replace(row, rate=0.02, low=0.01, high=0.03) for row in answer.rows[:2]))
    far, near = (draw(few, NAMES, extent=figures.Extent(reach)).layout.xaxis.range[1] for reach in (0.6, 0))
    assert far >= 0.6 > near


@pytest.mark.parametrize(
    "draw",
    [figures.bars, figures.dots, lambda one, names, extent: figures.compare(one, one, names, "a", "b", extent=extent)],
)
def test_a_figure_that_goes_on_has_the_precision_of_all_its_rows(draw):
    answer = released("engaged", ("age_band",))
    rows = tuple(replace(row, rate=0.25, low=0.2, high=0.3, denominator=400) for row in answer.rows[:2])
    few = replace(answer, rows=rows)
    one, own = (" ".join(notes(draw(few, NAMES, extent=figures.Extent(digits=n)))) for n in (1, None))
    assert "25.0%" in one and "25.0%" not in own


def test_a_list_of_marks_alone_is_short_however_long_the_list_and_whatever_the_marks():
    """Wellbeing by service: ten rows with a figure among 126 without were printed too small to read."""
    answer = released("wellbeing_change", ("service",))
    rows = [*answer.rows[:3], *(replace(row, state="hidden", why=None) for row in answer.rows[3:]), *answer.rows[3:6]]
    rows[-3:] = [replace(row, state="not_recorded", why=None) for row in rows[-3:]]
    assert len(rows) > 30 and all(row.is_shown for row in rows[:3])
    fig = figures.change(replace(answer, rows=tuple(rows)), NAMES)
    said = " ".join(notes(fig)).replace("<br>", " ")
    assert f"{len(rows) - 6} rows that are in the table" in said and "[x] not recorded by this service: " in said
    assert fig.layout.height < 600


def test_a_long_list_is_parted_row_by_row(monkeypatch):
    """Each row was looked for among all that are hidden: thousands of rows of paired readings by month and service took half a minute."""

    def compared(row, other):
        raise AssertionError("rows are compared with each other")

    known = [Row({"service": f"a{i}"}, "shown", count=10) for i in range(3)]
    gone = [Row({"service": f"b{i}"}, "hidden") for i in range(40)]
    monkeypatch.setattr(Row, "__eq__", compared)
    drawn, foot = figure_rows.apart([*gone[:20], *known, *gone[20:]])
    assert [*map(id, drawn)] == [*map(id, known)] and [*map(id, foot)] == [*map(id, gone)]


def test_a_grid_that_goes_on_has_the_sides_the_shades_and_the_precision_of_all_its_rows(projector):
    answer = released("completeness", ("service",))
    rows = [replace(row, rate=0.25, denominator=400) for row in answer.rows]
    rows[0] = replace(rows[0], rate=0.75)
    rows[1] = replace(rows[1], rate=0.004)
    fields = list(dict.fromkeys(row.labels["field"] for row in rows))
    whole = figures.grid(replace(answer, rows=tuple(rows)), NAMES)
    last = replace(answer, rows=tuple(row for row in rows if row.labels["field"] in fields[-2:]))
    fig = figures.grid(last, NAMES, every=tuple(rows))
    cells, of_whole = fig.data[0], whole.data[0]
    assert (fig.layout.xaxis.ticktext, len(fig.layout.yaxis.ticktext)) == (whole.layout.xaxis.ticktext, 2)
    assert cells.zmax == of_whole.zmax == 0.75
    assert [*cells.text] == [*of_whole.text[-2:]] and "25.0" in cells.text[0][0]


def test_a_word_that_is_longer_than_its_line_is_broken_and_a_figure_is_not():
    name = "Wrenborough Self-Management-and-Prevention WrenboroughSteadyMindsServiceLimited"
    lines = canvas.wrapped(name, 19).split("<br>")
    assert max(map(len, lines)) <= 19 and "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert canvas.wrapped("▲1,210+195+125+110", 12) == "▲1,210+195+125+110"


def test_bars_that_stand_for_hidden_shares_are_in_the_key():
    for draw, by in ((figures.over_time, "quarter"), (figures.funnel, "service")):
        shown, few = released("engaged", (by,)), released("engaged", (by,), "few")
        one = replace(few.rows[0], values=replace(few.rows[0].values, denominator=400, at_most=0.02))
        assert "where a hidden share lies" in " ".join(notes(draw(replace(shown, rows=(one, *shown.rows[1:])), NAMES)))
        assert "hidden share" not in " ".join(notes(draw(shown, NAMES)))


def test_a_name_of_many_words_is_of_several_lines():
    row = Row({"service": "a"}, "shown", count=10)
    assert figures.n_lines(row, ["service"], lambda *_: "Corner Centre") == 1
    assert (
        figures.n_lines(row, ["service"], lambda *_: "Community Interest Company of the Whole County of Ostermere") == 2
    )


def precisions(fig):
    """The numbers of decimals of the shares in a figure and beside the ticks of each of its axes; bounds and the names of limits have their own."""
    said = re.sub(r"(under |over |&lt;|&gt;|<|>)[\d.]+%|(95|99\.8)% limits", "", " ".join(map(str, texts(fig))))
    axes = [" ".join(map(str, axis.ticktext or ())) for axis in (fig.layout.xaxis, fig.layout.yaxis)]
    return [{len(found) for found in re.findall(r"(?!0%)\b\d+\.?(\d*)%", text)} for text in (said, *axes)]


@pytest.mark.parametrize("size", (40, 1500))
@pytest.mark.parametrize("name", DRAW)
def test_one_precision_in_a_chart_whatever_the_size_of_its_groups(monkeypatch, name, size):
    """Beside a share of very few of many, all have a decimal, and those of small groups too; also where the pointer is. It was a decimal for some."""
    as_it_was = answers_by_hand._proportion

    def shares(i, state):
        numerator, denominator = ((5, 1500), (10, size), (30, 1500))[i % 3]
        found = proportions.proportion(numerator, denominator)
        known = {"numerator": numerator, "denominator": denominator, "rate": found.rate}
        return as_it_was(i, state) if state == "low" else known | {"low": found.low, "high": found.high}

    monkeypatch.setattr(answers_by_hand, "_proportion", shares)
    for state in ("shown", "mixed"):
        found = precisions(DRAW[name](state))
        assert all(len(one) <= 1 for one in found), (state, found)


@pytest.mark.parametrize("top, start", ((0.09, 0), (0.875, 0.775), (0.5, 0), (0.02, 0), (0.0025, 0)))
def test_the_ticks_of_an_axis_have_one_precision(top, start):
    ticks = canvas.value_axis(top, is_share=True, start=start)["ticktext"]
    assert len({len(text.partition(".")[2]) for text in ticks if text != "0%"}) == 1, ticks


def test_pandas_is_whole_before_any_figure_is_drawn():
    """A figure failed ("partially initialized module") while the first page of another visitor was importing it."""
    asked = "import sys, journeys.figures; print(hasattr(sys.modules['pandas'], 'Series'))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True"]
