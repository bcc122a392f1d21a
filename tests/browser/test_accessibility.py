"""WCAG 2.2 AA beyond what test_every_page.py sees: axe-core where everything is hidden and in a meeting, and the way through a page by keyboard."""

import pytest
from driver import settled
from test_every_page import found

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_where_everything_is_hidden_and_in_a_meeting(fresh):
    assert found(fresh("Outcomes?period=2024-05&service=tarnholt-next-steps&base=out_of_work&within=12")) == []
    assert found(fresh("?present=1")) == []


def test_the_selection_is_made_with_the_keyboard_alone(fresh):
    page = fresh("Referrals")
    chosen = page.get_by_role("radio", name="Everyone referred")
    chosen.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => location.search.includes('base=working_age')")
    settled(page)
    services = page.get_by_role("combobox", name="Services", exact=True)
    services.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => /commissioner=|service=/.test(location.search)")


def test_a_panel_is_read_with_the_keyboard_alone(fresh):
    page = fresh("Referrals")
    panel = page.locator(".st-key-panel-referral_reasons")
    panel.get_by_role("tab", name="Figure").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel.get_by_role("table").wait_for()


def test_every_figure_has_a_text_alternative_and_headings_follow_each_other(fresh):
    page = fresh("Upward_spiral")
    figures = page.get_by_role("figure", include_hidden=True)  # those behind a closed heading too
    assert figures.count() == page.locator(".js-plotly-plot").count()
    assert all(figures.evaluate_all("all => all.map(e => (e.getAttribute('aria-label') || '').length > 20)"))
    assert page.locator("h1").count() == 1
