"""Work that lasts, what leads on, a page for a service, and that every metric stands on a page."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from said import bodies, subtitles, words

from journeys.answer.released import Row
from journeys.screen import menu
from journeys.screen.panel import _out_of
from journeys.vocabulary import metrics
from tests.answers_by_hand import released

ROOT = Path(__file__).resolve().parents[2]
MINE = "wrenborough-mh"


def texts(path):
    return {n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)}


def test_every_metric_stands_on_a_page():
    on_pages = set().union(*(texts(ROOT / file) for file in menu.files().values()))
    drawn_by_pages = set().union(*(texts(p) for p in (ROOT / "journeys" / "screen").rglob("*.py")))
    missing = set(metrics.catalogue()) - on_pages
    assert missing <= drawn_by_pages, sorted(missing - drawn_by_pages)
    # what a section draws is called by a page: the spiral, jobs in parts, what the page of a service compares
    assert missing <= {"spiral_start", "spiral_flow", "first_jobs", "job_at_referral", "good_work"}


def test_no_page_names_a_metric_that_is_gone():
    known = set(metrics.catalogue())
    for file in menu.files().values():
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.args):
            if ast.unparse(call.func) in ("screen.panel", "screen.three_bases", "screen.service_against"):
                assert call.args[0].value in known, (file, call.args[0].value)


ADDRESSES = [
    "Work_that_lasts",
    "Referrals",
    "Goals",
    "Upward_spiral",
    "Outcomes",
    "Wellbeing",
    "Services",
    "Compare_cohorts",
    "Pathways",
    "Activity",
    "Equity",
    "Evidence",
    "Data_quality",
    "Definitions",
    "Service",
    "Data",
]


def test_every_promised_address_has_a_page_and_a_number():
    assert set(menu.files()) == {"", *ADDRESSES}
    assert all(Path(file).name[0].isdigit() for address, file in menu.files().items() if address)


def test_jobs_stand_in_three_parts_with_how_many_anybody_asked(page):
    at = page("Work_that_lasts")
    assert not at.exception
    said = words(at)
    assert said.count("Asked late enough: ") == 2
    assert any(
        re.fullmatch(r"\S+% going on, \S+% ended, \S+% not known 26 weeks after the start", h.value) for h in at.header
    )
    assert "Each dimension was rated by" in said
    assert "these are the CIPD’s" in said
    assert len(at.get("plotly_chart")) == 5


def test_why_work_is_open_on_the_first_visit_alone(page):
    at = page("Work_that_lasts")
    why = lambda: next(one for one in at.expander if one.label == "Why work?")  # noqa: E731
    assert why().proto.expanded
    at.run()
    assert not why().proto.expanded


def test_what_leads_on_is_about_people_out_of_work_whatever_base_is_chosen(page):
    at = page("Pathways", base="working_age")
    assert not at.exception
    assert "Work in the year after, by the step reached in six months: people out of work at referral" in subtitles(at)
    said = words(at)
    assert "“significant, but weak”" in said
    assert "of the same service, age and status" in said


def test_published_findings_stand_beside_the_figures_they_belong_to(page):
    assert "38% to any support" in words(page("Activity"))
    assert "grows after four to six months" in words(page("Goals"))


def test_working_age_stands_beside_everyone_where_work_is_shown(page):
    beside = "everyone referred beside people of working age"
    assert f"Where people stand now: {beside}" in subtitles(page("Upward_spiral"))
    assert words(page("Goals")).count('class="base-card') == 6
    shown = page("Work_that_lasts")
    assert sum(one.endswith(beside) for one in subtitles(shown)) >= 2  # in parts, and bars where some are shown
    assert words(shown).count("People of working age: ") == 5


def test_a_title_names_working_age_only_where_the_figure_draws_it(page):
    shown = page("Pathways")
    ways = "The commonest ways through the rungs: everyone referred"
    assert ways in subtitles(shown)  # a figure of one answer
    assert "People of working age: " in words(shown)


def test_a_curve_at_a_glance_says_for_how_many_it_is_estimated(page):
    cards = [body for body in bodies(page("Goals")) if 'class="base-card' in body]
    assert [body.count("estimated for about ") for body in cards[3:]] == [1, 1, 1]
    assert all(" referrals" in body for body in cards[3:])


def test_a_curve_whose_first_point_is_hidden_says_that_its_number_is_too():
    whole = released("time_to_work")
    late = replace(whole, rows=(Row(whole.rows[0].labels, "hidden", complete=True), *whole.rows[1:]))
    none = replace(whole, rows=tuple(Row(row.labels, "hidden", complete=True) for row in whole.rows))
    assert _out_of(whole, "referrals", "12").startswith("estimated for about ")
    assert _out_of(late, "referrals", "12") == "estimated; their number is hidden"
    assert _out_of(none, "referrals", "12") == ""


def test_what_a_page_finds_it_says_once(page):
    found = [heading.value for heading in page("Upward_spiral").header]
    assert len(found) == len(set(found))
    at = page("Compare_cohorts")
    assert not [body for body in bodies(at) if f'class="answer">{at.header[1].value}.<' in body]


def test_a_reader_who_chose_a_base_sees_that_base_alone(page):
    shown = page("Work_that_lasts", base="out_of_work")
    assert not any("working age" in one for one in subtitles(shown))
    assert "People of working age: " not in words(shown)


def test_the_enablers_are_a_plain_table_with_the_readers_own_part(page):
    said = words(page("Services"))
    assert "Work outcomes are asked of " in said and "in 2018 31% of respondents said that they are" in said


def test_a_chosen_service_stands_among_its_peers(page):
    at = page("Goals", service=MINE)
    said = words(at)
    assert said.count("<strong>Wrenborough Steady Minds</strong>: ") >= 2
    assert "(synthetic)" not in said  # the ribbon and what is taken away say it
    assert "Ostermere County Navigators" in said  # a peer, in the table of the same panel
    assert "Set a goal about work: those with a goal, by service" in subtitles(at)  # of working age too few to draw


def test_a_services_page_has_its_facts_and_its_questions_and_each_leads_to_its_figure(page):
    at = page("Service", service=MINE)
    assert not at.exception
    said = words(at)
    assert "Questions to ask it" in [one.value for one in at.header]
    assert "Wrenborough Health Board" in said and "times what is expected (likely " in said
    assert "(Data quality)</a>" in said and 'class="dot own"' in said and 'class="other"' in said
    assert 'href="Data_quality?' in said or 'href="Services?' in said
    assert f"service={MINE}" in said


def test_without_a_service_its_page_lists_them_all(page):
    at = page("Service")
    assert not at.exception
    labels = [link.proto.label for link in at.main.get("page_link")]
    assert len(labels) == 8 and labels == sorted(labels)


@pytest.mark.parametrize(("address", "panel"), [("Work_that_lasts", "first_jobs"), ("Service", "findings")])
def test_meeting_mode_shows_one_panel_at_a_time(page, address, panel):
    at = page(address, present="8", tour=f"{address}/{panel}", service=MINE)
    assert not at.exception
    assert len(at.header) == 1


def test_a_slide_of_the_board_names_what_changed_at_the_numbers_of_its_chart(page):
    at = page("", present="1")
    (said,) = (one.proto.body for one in at.get("html") if 'class="feet"' in one.proto.body)
    numbers = re.findall(r"<strong>(\d)</strong> \w+ \d{4}: ", said)
    (chart,) = (json.loads(one.proto.spec) for one in at.get("plotly_chart"))
    drawn = {note["text"] for note in chart["layout"]["annotations"]}
    assert len(numbers) > 2 and {f"<b>{number}</b>" for number in numbers} <= drawn
    assert "Referral form put into practice systems" in said


@pytest.mark.parametrize("address", ["Work_that_lasts", "Service", "Pathways", "Activity", "Goals"])
def test_a_narrow_selection_is_answered_in_words(page, address):
    at = page(address, period="2024-05", service="tarnholt-next-steps", base="out_of_work")
    assert not at.exception
