"""Services by measures in a browser: a row opens the service's page, by press and by keyboard, with the selection kept; the funnel is one press away."""

import pytest
from driver import settled

pytestmark = pytest.mark.browser
CHOSEN = "v=1&period=2024%2F25&base=all&within=12"


def _is_on_the_page_of(page, service):
    page.wait_for_function("() => location.pathname.endsWith('/Service')")
    settled(page)
    assert f"service={service}" in page.url and "period=2024%2F25" in page.url
    page.get_by_role("heading", name="Questions to ask it").wait_for()


def test_the_funnel_is_one_press_away(fresh):
    page = fresh(f"Services?{CHOSEN}")
    funnel = page.locator(".st-key-panel-engaged-service")
    assert not funnel.is_visible()
    page.locator(".measures thead a").first.click()
    funnel.wait_for()


def test_a_press_anywhere_on_a_row_or_a_key_opens_the_page_of_its_service(fresh):
    page = fresh(f"Services?{CHOSEN}")
    page.locator(".measures tbody tr", has_text="Wrenborough Steady Minds").locator("td").nth(1).click(force=True)
    _is_on_the_page_of(page, "wrenborough-mh")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Services", exact=True).click()
    page.wait_for_function("() => location.pathname.endsWith('/Services')")
    settled(page)
    page.locator(".measures tbody a").last.focus()
    page.keyboard.press("Enter")
    _is_on_the_page_of(page, "wrenborough-mh")
