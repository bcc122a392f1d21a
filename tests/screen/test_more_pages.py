"""Wellbeing, Services, Compare cohorts, Pathways, Activity, Equity: each page run from its address on a sample store, and what stands behind them."""

import csv
import io
import json
import re
from contextlib import closing
from dataclasses import replace

import pytest
from said import bodies, subtitles, words

from journeys.answer import overlays
from journeys.answer.released import Released, Row
from journeys.figures.beside import beside
from journeys.figures.ways import MOST, ways
from journeys.files import csv as released_csv
from journeys.screen import menu
from journeys.screen.sections import services
from journeys.statistics import funnel
from journeys.statistics.proportions import newcombe
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import briefing, differences
from journeys.words.differences import Pair

PAGES = ("Wellbeing", "Services", "Compare_cohorts", "Pathways", "Activity", "Equity")
NARROW = {"period": "2024-05", "service": "tarnholt-next-steps", "base": "out_of_work"}
HIDDEN = "Too few people here, or too few left out; choose something wider."


@pytest.fixture(scope="module")
def opened(made):
    with closing(open_store(made)) as found:
        yield found


def given(at, name):
    """A parameter of the address; runs of the test give lists, what is written gives texts."""
    value = at.query_params[name]
    return value[0] if isinstance(value, list) else value


def written(fig):
    """What is written on a figure, as annotations and as traces of nothing but text."""
    texts = (text for trace in fig.data if trace.mode == "text" for text in trace.text)
    return [*(note.text for note in fig.layout.annotations), *texts]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_with_answers(page, address):
    at = page(address)
    assert not at.exception
    assert 'class="answer"' in words(at)
    assert at.get("plotly_chart")


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_selection_is_answered_in_words(page, address):
    at = page(address, **NARROW)
    assert not at.exception
    said = words(at)
    assert HIDDEN in said or "too few" in said
    assert not re.search(r"(>|\b)(None|nan)(<|%)", said)


@pytest.mark.parametrize("address", PAGES)
def test_not_recorded_is_not_none(page, opened, address):
    kind = "readings" if address == "Wellbeing" else "outcomes"
    silent = next(s.service_id for s in opened.lists.services.values() if kind not in s.records)
    at = page(address, service=silent)
    assert not at.exception
    assert "[x]" in words(at) or "not record" in words(at)


def test_meeting_mode_shows_one_panel_at_a_time(page):
    for address in PAGES:
        at = page(address)
        panel = next(box.key for box in at.checkbox if box.key.startswith("tick-")).removeprefix("tick-")
        at = page(address, present="8", tour=f"{address}/{panel}")
        assert not at.exception
        assert len(at.header) == 1


# --- services ---------------------------------------------------------------------------------------------------------


def test_services_stand_in_alphabetical_order_with_what_they_are(page, opened):
    said = words(page("Services"))
    names = [s.name for s in opened.lists.services.values()]
    assert names == sorted(names, key=str.casefold)
    places = [said.index(f'<th scope="row">{name}</th>') for name in names]
    assert places == sorted(places)
    assert services.LIKE_ITS_OWN in said
    assert "Holistic model, " in said and "no [x]" in said


def test_one_service_is_shown_among_all_with_a_sentence_of_its_own(page, opened):
    mine = opened.lists.services["wrenborough-mh"]
    said = words(page("Services", service=mine.service_id))
    assert f"<strong>{mine.name}</strong>: " in said and "of clients like its own (likely " in said
    assert f"{mine.name} is shown here among all services" in said
    others = [s.name for s in opened.lists.services.values() if s != mine]
    assert all(name in said for name in others)


def test_a_base_that_the_reader_chose_is_kept(page):
    headings = subtitles(page("Services", base="working_age"))
    assert "Found work within 12 months: people of working age, by service" in headings
    assert services.on_its_base("found_work", Selection()).base == "out_of_work"
    assert services.on_its_base("engaged", Selection(base="working_age")).base == "working_age"


def test_the_share_of_working_age_is_given_only_where_both_counts_are():
    shown, few, hidden = (Row({}, state, count=n) for state, n in (("shown", 100), ("shown", 10), ("hidden", None)))
    assert services._sizes(shown, few) == ("100", "10%")
    assert services._sizes(few, few) == ("10", "[low]")
    assert services._sizes(shown, hidden) == ("100", "[c]")
    assert services._sizes(hidden, hidden) == ("[c]", "[c]")


def spread_of(*counts):
    """Services with these counts, placed by the limits of chance around the rate of all."""
    centre = sum(x for x, _ in counts) / sum(n for _, n in counts)
    rows = []
    for i, (x, n) in enumerate(counts):
        limits = funnel.limits(n, centre)
        rows.append(
            replace(
                row(x, n),
                labels={"service": f"s{i}"},
                funnel={"centre": centre, "position": funnel.standing(funnel.reach(funnel.Counts(x, n)), limits)},
            )
        )
    return replace(pair((5, 10), (5, 10)).left, by=("service",), rows=tuple(rows))


def test_wider_limits_are_offered_from_ten_services_on():
    assert overlays.spread(spread_of(*[(30 + 5 * i, 100) for i in range(9)])) is None
    assert overlays.spread(spread_of(*[(30 + 5 * i, 100) for i in range(10)])) is not None


def test_wider_limits_allow_for_how_much_services_differ():
    apart = spread_of(*[(300, 1000), (700, 1000)] * 6)
    found = overlays.spread(apart)
    assert found.phi > 10
    assert {one.funnel["position"] for one in apart.rows} == {"above998", "below998"}
    assert {one.funnel["position"] for one in overlays.allowing(apart, found.tau2).rows} == {"within"}
    alike = spread_of(*[(500, 1000)] * 12)
    assert overlays.spread(alike) is None


# --- two selections ---------------------------------------------------------------------------------------------------


def pair(first, second, metric="engaged"):
    """Two one-row answers as they leave the store: (numerator, denominator) each, None for a hidden one."""
    released = [
        Released(
            metric, "journeys", "proportion", Selection(), "", (), (), "2026-03", {"k": 8, "base": 5}, (row(*counts),)
        )
        for counts in (first, second)
    ]
    return Pair(metrics.get(metric), *released)


def row(numerator, denominator):
    if numerator is None:
        return Row({}, "hidden", why="few" if denominator else None, denominator=denominator)
    rate = numerator / denominator
    return Row(
        {}, "shown", numerator=numerator, denominator=denominator, rate=rate, low=rate / 2, high=min(2 * rate, 1)
    )


def test_on_a_wall_a_mark_stands_alone_and_what_cannot_be_compared_on_the_side_with_room():
    lower, unknown = pair((200, 1000), (300, 1000)), pair((300, 1000), (None, None))
    fig = beside([lower, unknown], ("A", "B"), is_wide=True)
    said = [text for trace in fig.data for text in trace.text or ()] + [note.text for note in fig.layout.annotations]
    assert not [text for text in said if "too few people" in text] and any("[c]" in text for text in said)
    (words,) = (note for note in fig.layout.annotations if note.text == "cannot be<br>compared")
    assert words.xanchor == "right", "nought lies at the right"


def test_a_difference_is_first_minus_second_with_newcombes_interval():
    # Newcombe 1998, table II, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339
    found = pair((56, 70), (48, 80)).difference
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert (found.low, found.high) == newcombe(56, 70, 48, 80)
    assert differences.verdict(pair((56, 70), (48, 80))) == "first higher"
    assert differences.verdict(pair((48, 80), (56, 70))) == "first lower"
    assert differences.verdict(pair((50, 100), (45, 100))) == "no clear difference"


@pytest.mark.parametrize("other", [(None, 50), (None, None), (10, 15)])
def test_what_is_hidden_or_small_cannot_be_compared_and_says_why(other):
    one = pair((56, 70), other)
    assert differences.verdict(one) == "cannot be compared"
    cells = differences.table([one]).rows[0]
    assert cells[4] in ("[c]", "[low]") or other == (10, 15)
    assert cells[7:] == ("–", "–", "cannot be compared")


def test_the_summary_counts_each_share_once():
    pairs = [
        pair((56, 70), (48, 80)),
        pair((48, 80), (56, 70), "climbed"),
        pair((50, 100), (45, 100)),
        pair((None, 50), (5, 50)),
    ]
    assert differences.summary(pairs, ("2024/25", "2023/24")) == (
        "Engaged with a link worker: 80% for 2024/25, 60% for 2023/24, clearly higher. "
        "Climbed at least one rung: 60% for 2024/25, 80% for 2023/24, clearly lower. "
        "About one share in twenty would seem to differ clearly by chance alone. No clear difference in 1 of 4 shares. 1 of 4 cannot be compared: too few people on one side or both, or too few left out."
    )
    assert differences.summary(pairs[3:]).startswith("None of these shares can be compared")
    assert "chance" not in differences.summary(pairs[2:])
    many = differences.summary(
        [pair((56, 70), (48, 80), slug) for slug in ("engaged", "climbed", "volunteering", "work_goal")]
    )
    assert "%" not in many and "no clear difference" not in many.lower()


def test_the_file_of_differences_holds_both_sides_and_says_what_they_are():
    text = released_csv.pairs([pair((56, 70), (48, 80)), pair((56, 70), (None, 50))], "this, year", "last year")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert "# First selection: this; year" in comments
    rows = list(
        csv.DictReader(io.StringIO("".join(line for line in text.splitlines(True) if not line.startswith("#"))))
    )
    assert rows[0]["difference"] == "0.2" and rows[0]["is_clear"] == "yes"
    assert rows[1]["second_numerator"] == rows[1]["difference"] == rows[1]["is_clear"] == ""
    assert rows[1]["second_state"] == "hidden"


@pytest.mark.parametrize(
    ("first", "other", "is_apart"),
    [
        ({}, {"base": "out_of_work"}, False),
        ({"period": "2024/25"}, {"period": "2023/24"}, True),
        ({"period": "2024/25"}, {"period": "2024-Q2"}, False),
        ({"service": "tarnholt-centre"}, {"service": "tarnholt-next-steps"}, True),
        ({"service": "tarnholt-centre"}, {"commissioner": "SYN03"}, False),
        ({"service": "tarnholt-centre"}, {"commissioner": "SYN01"}, True),
        ({"cohort": {"gender": "female"}}, {"cohort": {"gender": "male"}}, True),
        ({"cohort": {"gender": "female"}}, {"cohort": {"age_band": "16-24"}}, False),
    ],
)
def test_whether_two_selections_overlap_is_known_from_their_choices(opened, first, other, is_apart):
    assert differences.are_apart(Selection(**first), Selection(**other), opened.lists) is is_apart
    assert differences.are_apart(Selection(**other), Selection(**first), opened.lists) is is_apart


def test_the_second_selection_is_read_from_the_address(page):
    at = page("Compare_cohorts", period="2024/25", vs_period="2023/24", vs_cohort="gender=female")
    said = words(at)
    assert "financial year 2024/25, everyone referred" in said
    assert "financial year 2023/24, those referred, gender: female" in said
    assert at.selectbox(key="vs_period").value == "2023/24"


def test_a_second_selection_that_the_store_does_not_have_falls_back(page):
    at = page("Compare_cohorts", vs_service="nowhere")
    assert not at.exception
    assert given(at, "period") != given(at, "vs_period") != "all"
    assert "Some people are in both selections" not in words(at) + " ".join(i.value for i in at.info)


@pytest.mark.parametrize("unknown", ["age_band=55-64", "star_sign=leo"])
def test_what_is_unknown_in_the_second_selection_is_said_and_the_rest_of_it_stays(page, unknown):
    at = page("Compare_cohorts", period="2024/25", vs_period="2023/24", vs_base="working_age", vs_cohort=unknown)
    (said,) = [one.value for one in at.warning if "could not be used" in one.value]
    assert "second selection: " in said and unknown.partition("=")[0] in said.replace("\\", "")
    assert given(at, "vs_period") == "2023/24" and given(at, "vs_base") == "working_age"
    assert "vs_cohort" not in at.query_params
    at.radio(key="base").set_value("working_age").run()
    assert not any("could not be used" in one.value for one in at.warning)


def test_two_selections_of_a_service_that_records_nothing_of_it_have_no_figure(page):
    """Eight lines of "cannot be compared" stood on an axis of nothing, with a key of marks that were not there."""
    at = page(
        "Compare_cohorts",
        service="ostermere-neighbours",
        period="2022/23",
        vs_service="ostermere-neighbours",
        vs_period="2021/22",
    )
    assert not at.exception
    drawn = {chart.proto.id.rpartition("figure-")[2] for chart in at.get("plotly_chart")}
    assert "beside-goals_set" in drawn and "beside-spiral_now" not in drawn
    tabs = [tab.label for tab in at.tabs]
    assert tabs.count("Figure") == len(drawn) < tabs.count("Table") == 4


def test_the_second_selection_follows_the_first(page):
    at = page("Compare_cohorts", period="2024/25", vs_period="2023/24")
    at.radio(key="base").set_value("working_age").run()
    assert not at.exception
    assert given(at, "base") == given(at, "vs_base") == "working_age"
    assert given(at, "period") == "2024/25" and given(at, "vs_period") == "2023/24"


def test_choosing_the_second_selection_keeps_both_in_the_address(page):
    at = page("Compare_cohorts", period="2024/25", vs_period="2023/24")
    at.selectbox(key="vs_base").set_value("working_age").run()
    assert not at.exception
    assert given(at, "period") == "2024/25" and given(at, "vs_period") == "2023/24"
    assert given(at, "vs_base") == "working_age" and given(at, "base") == "all"


def test_ready_made_comparisons_set_both_and_do_not_overlap(page):
    at = page("Compare_cohorts", service="wrenborough-ltc")
    at.button(key="try-Women and men").click().run()
    assert given(at, "cohort") == "gender=female" and given(at, "vs_cohort") == "gender=male"
    assert given(at, "service") == given(at, "vs_service") == "wrenborough-ltc"
    assert not any("both selections" in i.value for i in at.info)


def test_swapping_the_two_swaps_them(page):
    at = page("Compare_cohorts", period="2024/25", vs_period="2023/24")
    at.button(key="swap").click().run()
    assert given(at, "period") == "2023/24" and given(at, "vs_period") == "2024/25"


def test_the_figure_of_differences_gives_every_side_a_figure_or_its_mark():
    fig = beside([pair((56, 70), (48, 80)), pair((56, 70), (None, 50))], ("2024/25", "2023/24"))
    said = " ".join(written(fig))
    assert "80%" in said and "60%" in said and "[c] a few of about 50" in said
    assert "<b>+20</b>" in said and "cannot be compared" in said
    assert "2024/25" in said and "higher for 2023/24" in said.replace("<br>", " ")


@pytest.mark.parametrize(("second", "is_said"), [((45, 100), True), ((20, 100), False), ((None, 50), False)])
def test_the_open_mark_of_no_clear_difference_is_in_the_key_where_it_is_drawn(second, is_said):
    fig = beside([pair((50, 100), second)], ("A", "B"))
    drawn = [symbol for trace in fig.data for symbol in (getattr(trace.marker, "symbol", None) or ())]
    assert ("circle-open" in drawn) is is_said and ("No clear difference" in " ".join(written(fig))) is is_said


# --- groups and ways --------------------------------------------------------------------------------------------------


def test_one_choice_of_groups_splits_every_outcome(page):
    at = page("Equity", split="across:gender")
    headings = [h for h in subtitles(at) if "referred, by" in h or "at referral, by" in h]
    assert [h for h in headings if h.endswith("by gender")][-4:] == [
        "Engaged with a link worker: everyone referred, by gender",
        "Climbed at least one rung within 12 months: everyone referred, by gender",
        "Took a stepping stone within 12 months: everyone referred, by gender",
        "Found work within 12 months: people out of work at referral, by gender",
    ]


def test_a_group_that_is_not_offered_falls_back_to_the_first(page):
    at = page("Equity", split="across:star_sign")
    assert not at.exception
    assert any("star" in one.value and "could not be used" in one.value for one in at.warning)
    assert "Engaged with a link worker: everyone referred, by age at referral" in subtitles(at)


def test_ways_are_drawn_the_commonest_first_and_hold_only_released_counts(opened):
    released = opened.ask("paths")
    fig = ways(released, opened.lists.name)
    counts = sorted((r.count for r in released.rows), reverse=True)[:MOST]
    drawn = [text for text in written(fig) if text.startswith("<b>")]
    assert drawn == [f"<b>{n:,}</b>" for n in counts]
    steps = [trace for trace in fig.data if trace.x is not None and trace.mode != "text"]
    assert all(list(trace.text) == [f"<b>{n}</b>" for n in range(1, len(trace.x) + 1)] for trace in steps)


def test_no_column_runs_through_the_words_of_a_way_without_steps(opened):
    released = opened.ask("paths")
    fig = ways(released, opened.lists.name)
    texts = [
        (text, y) for trace in fig.data if trace.mode == "text" for text, y in zip(trace.text, trace.y, strict=True)
    ]
    (words_at,) = (y for text, y in texts if text == opened.lists.name("path", "none"))
    columns = [shape for shape in fig.layout.shapes if shape.x0 == shape.x1]
    assert columns and not [one for one in columns if one.y0 < words_at < one.y1] and not fig.layout.xaxis.showgrid


def test_no_way_that_can_be_shown_is_said_in_words(opened):
    nothing = replace(opened.ask("paths"), rows=())
    (note,) = written(ways(nothing, opened.lists.name))
    assert note.replace("<br>", " ") == HIDDEN


def test_the_table_of_services_adds_where_each_lies(opened):
    released = opened.ask("climbed", Selection(), ("service",), case_mix=True)
    shown = services._with_positions(released, metrics.get("climbed"), opened)
    place = shown.header.index("Against chance")
    assert shown.header[place - 1] == "95% interval" and all(len(cells) == len(shown.header) for cells in shown.rows)
    placed = {cells[0]: cells[place] for cells in shown.rows}
    for one in released.rows:
        short = services.SHORT[one.funnel["position"]] if one.funnel else "–"
        assert placed[opened.lists.name("service", one.labels["service"])] == short


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://here/outcomes?base=all", "Outcomes"),
        ("http://here/board/WORK-THAT-LASTS/", "Work_that_lasts"),
        ("http://here/data%20quality", "Data_quality"),
        ("http://here/Outcomes", ""),
        ("http://here/", ""),
        ("http://here/nothing", ""),
        ("", ""),
    ],
)
def test_an_address_in_other_capitals_and_signs_means_a_page(url, meant):
    assert menu.meant(url) == meant


@pytest.mark.parametrize("address", ["Evidence", "Service"])
def test_where_choices_are_made_is_said_so_that_it_is_true_of_a_phone(page, address):
    """ "As chosen at the side" was said where the side is closed."""
    assert "at the side" not in words(page(address))


def test_whose_jobs_were_kept_is_said_only_where_somebody_in_work_can_be_among_them(page):
    said = "of people who were in work when they were referred"
    assert said in words(page("Outcomes")) and said in words(page("Outcomes", base="working_age"))
    assert said not in words(page("Outcomes", base="out_of_work"))
    assert said not in words(page("Outcomes", cohort="employment_status=retired"))
    assert said in words(page("Outcomes", cohort="employment_status=employed"))


def test_no_title_says_everyone_over_a_selection_of_some(page):
    at = page("Outcomes", cohort="gender=female", only="1")
    said = [*subtitles(at), *re.findall(r'class="of">(.*?)<', " ".join(bodies(at)))]
    assert len(said) > 4 and not [one for one in said if "veryone" in one]
    assert "Those referred, gender: female" in said


def test_what_is_never_handed_over_is_said_where_it_counts_as_not_filled_in(page):
    said = words(page("Data_quality"))
    assert "Counted as not filled in, because never handed over: contacts by 1, goals by 2" in said
    assert "How complete the records are is the one exception" in said
    assert "It never hands over contacts" in words(page("Service", service="ostermere-neighbours"))


def test_what_a_base_card_stands_beside_is_said_on_the_card_alone(page):
    said = " ".join(bodies(page("Pathways", service="wrenborough-mh")))
    cards = re.findall('<p class="small">(All services[^<]*)</p>', said)
    assert len(cards) == 3 and not [one for one in cards if f"<p>{one}</p>" in said]


def test_what_is_so_of_all_figures_and_why_nothing_is_shown_is_said_once(page):
    new = words(page("", service="tarnholt-next-steps", period="2024-Q2"))
    assert new.count(briefing.NO_PAIR) == 1 and "Referrals, First contact within 28 days, " in new
    early = " ".join(bodies(page("Outcomes", period="2025-Q4")))
    assert "Not enough time has passed since these referrals." in early
    assert "Too early to say: not enough time has passed since these referrals." not in early


def test_definitions_stand_in_the_order_of_their_titles(page):
    at = page("Definitions")
    titles = [one.value for one in at.header if one.value in {m.title for m in metrics.catalogue().values()}]
    assert len(titles) == len(metrics.catalogue()) and titles == sorted(titles, key=str.casefold)


def test_groups_of_referrals_say_of_how_many_they_are(page):
    """ "75 and over (about 4,165)" said nothing of how large a part of all that is."""
    said = bodies(page("Equity"))
    told = [re.sub("<.*?>", "", body) for body in said if "All together: about" in body]
    assert len(told) >= 4 and len(set(told)) == 1 and re.fullmatch(r"All together: about [\d,]+ referrals\.", told[0])


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_in_a_meeting_a_panel_of_evidence_says_that_the_sample_was_fitted(page):
    """The page says so above all panels; a meeting shows one of them alone."""
    at = page("Evidence", present="8", tour="Evidence/evidence-found_work")
    said = " ".join(bodies(at))
    assert (
        not at.exception and "made to fit these very figures" in said and "95% intervals of the printed counts" in said
    )
    assert "Published: Work Foundation" in said


def test_published_words_alone_are_no_figure(page):
    at = page("Evidence")
    drawn = {chart.proto.id.rpartition("figure-")[2] for chart in at.get("plotly_chart")}
    assert "evidence-found_work" in drawn and not {"evidence-work_goal", "evidence-referral_reasons"} & drawn


def test_one_period_alone_is_a_bar_and_nothing_is_said_of_others(page):
    """It was one dot on an axis that began beside it, without limits that were said to be missing."""
    at = page("Referrals", period="2024-Q2")
    charts = {chart.proto.id.rpartition("figure-")[2]: chart.proto for chart in at.get("plotly_chart")}
    for key in ("referrals-quarter", "contact_within_28_days-quarter"):
        kinds = [trace["type"] for trace in json.loads(charts[key].spec)["data"]]
        assert "bar" in kinds and not charts[key].selection_mode, "what is chosen already is no choice"
    assert charts["referrals-service"].selection_mode
    said = words(at) + words(page("Goals", period="2024-Q2"))
    assert "No control limits" not in said and "later periods" not in said


def test_cards_of_a_curve_speak_of_the_months_of_their_heading(page):
    """Where it was too early at the months that are chosen, the cards said so below a heading that spoke of fewer."""
    at = page("Pathways", period="2024/25", within="24")
    share, months = re.search(
        r"An estimated (\S+) had reached work by (\d+) months", str([h.value for h in at.header])
    ).groups()
    cards = [body for body in bodies(at) if "base-card" in body][:3]
    assert int(months) < 24 and share in cards[0] and f"estimated by {months} months" in cards[0]
