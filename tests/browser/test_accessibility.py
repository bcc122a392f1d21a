"""WCAG 2.2 AA beyond what test_every_page.py sees: the way through a page by keyboard."""

import pytest
from driver import settled

pytestmark = pytest.mark.browser


def test_a_panel_is_read_and_the_selection_made_with_the_keyboard_alone(fresh):
    page = fresh("Referrals")
    panel = page.locator(".st-key-panel-referral_reasons")
    panel.get_by_role("tab", name="Figure").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel.get_by_role("table").wait_for()
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
