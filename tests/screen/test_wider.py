"""What is offered where nothing can be shown: only choices that can show more."""

import html
import re
from dataclasses import replace

import pytest

from journeys.answer.released import Row
from journeys.screen.panel_parts import steps_that_help
from journeys.vocabulary.selection import Selection
from tests.answers_by_hand import LISTS
from tests.released_by_hand import released

YOUNG = Selection(period="2024/25", service="service-1", base="working_age", cohort={"age_band": "25-34"})
PLACE, TIME, PEOPLE, BASE = {"service": None}, {"period": "all"}, {"cohort": {}}, {"base": "all"}
SILENT = LISTS.services["service-1"].records - {"reasons"}


def offered(state, lists=LISTS):
    answer = released(Row({"reason": "debt"}, state), Row({"reason": "housing"}, "not_applicable"), selection=YOUNG)
    return steps_that_help(answer, YOUNG, lists)


@pytest.mark.parametrize(
    ("state", "helps"),
    [("hidden", [PEOPLE, TIME, PLACE, BASE]), ("not_recorded", [TIME, PLACE]), ("too_early", [TIME, PLACE])],
)
def test_other_people_are_offered_only_where_some_are_hidden(state, helps):
    assert offered(state) == [YOUNG.but(**change) for change in helps]


def test_a_service_that_never_records_it_has_no_other_months_to_offer():
    silent = replace(LISTS.services["service-1"], records=SILENT)
    lists = replace(LISTS, services={**LISTS.services, "service-1": silent})
    assert offered("not_recorded", lists) == [YOUNG.but(service=None)]


def test_where_no_quarter_has_a_figure_and_years_have_these_are_a_click_away(page):
    """The board draws a service by year where its quarters are hidden; the page behind it said that there is nothing to draw."""
    at = page("Outcomes", service="ostermere-futures")
    (years,) = [one for one in at.button if one.key == "by-years-stepping_stone-quarter"]
    before = len(at.get("plotly_chart"))
    years.click().run()
    assert (
        len(at.get("plotly_chart")) == before + 1
        and "stepping_stone-quarter:financial_year" in at.query_params["split"]
    )
    assert not [one for one in at.button if str(one.key).startswith("by-years")]


def test_what_does_not_apply_is_offered_only_where_it_does(page):
    """Nobody out of work at referral had a job then: no other months and no other service change that."""
    at = page("Work_that_lasts", service="tarnholt-centre", base="out_of_work", period="2024/25")
    heading = next(one.value for one in at.header if "does not apply here" in one.value)
    assert heading.startswith("The job people had at referral: "), "the measure is named"
    offered = [one.label for one in at.button if str(one.key).startswith("wider-job_at_referral")]
    assert offered == ["People of working age"]


@pytest.mark.parametrize(("name", "measure"), [("Outcomes", "found_work"), ("Pathways", "work_after_step")])
def test_other_months_are_a_choice_of_months_alone(page, name, measure):
    """The base that a panel asks of its own accord became the reader's."""
    at = page(name, service="tarnholt-next-steps", period="2023-02")
    next(
        one for one in at.button if str(one.key).startswith(f"wider-{measure}") and one.label == "All periods"
    ).click().run()
    assert {"period": "all", "base": "all"}.items() <= dict(at.query_params).items()


def test_what_is_asked_of_people_out_of_work_alone_offers_no_other_base(page):
    """Of a month without data the question whether another base applies broke the page."""
    for chosen in (
        {"service": "wrenborough-mh", "period": "2023-02"},
        {"service": "tarnholt-signpost", "period": "2026-03"},
    ):
        at = page("Pathways", **chosen)
        assert not at.exception
        offered = [one.label for one in at.button if str(one.key).startswith("wider-work_after")]
        assert "People of working age" not in offered and ("All periods" in offered or "All services" in offered)


def test_the_link_to_a_panel_on_its_own_base_opens_the_page_that_is_seen(page):
    at = page("Outcomes", service="wrenborough-ltc")
    links = [
        link
        for link in re.findall(r'data-copy="([^"]+)"', " ".join(one.proto.body for one in at.get("html")))
        if "found_work" in link
    ]
    assert links and all("base=all&" in html.unescape(link) for link in links)


def test_in_a_meeting_nothing_wider_is_offered(page):
    """Buttons stood on a stop of a meeting, where nothing is to be pressed and another choice changes all stops."""
    chosen = {"service": "tarnholt-next-steps", "period": "2023-02"}
    offered = [str(one.key) for one in page("Outcomes", **chosen).button if str(one.key).startswith("wider-found_work")]
    panel = offered[0].removeprefix("wider-").rpartition("-")[0]
    stop = page("Outcomes", **chosen, present="8", tour=f"Outcomes/{panel}")
    assert panel in str(stop.query_params["tour"]) and stop.header
    assert not [one.label for one in stop.button if str(one.key).startswith("wider-")]
