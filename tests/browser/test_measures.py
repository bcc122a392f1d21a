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


def test_a_press_anywhere_on_a_row_opens_the_page_of_its_service(fresh):
    page = fresh(f"Services?{CHOSEN}")
    page.locator(".measures tbody tr", has_text="Wrenborough Steady Minds").locator("td").nth(1).click(force=True)
    _is_on_the_page_of(page, "wrenborough-mh")


def test_the_keyboard_opens_it_too(fresh):
    page = fresh(f"Services?{CHOSEN}")
    page.locator(".measures tbody a").last.focus()
    page.keyboard.press("Enter")
    _is_on_the_page_of(page, "wrenborough-mh")


def test_the_funnel_is_one_press_away(fresh):
    page = fresh("Services")
    assert not page.locator(".st-key-panel-engaged-service").is_visible()
    page.locator(".measures thead a").first.click()
    page.locator(".st-key-panel-engaged-service").wait_for()


@pytest.mark.parametrize("address", ["Services", "Outcomes"])
def test_the_table_is_no_taller_than_the_projector_when_a_service_is_chosen(fresh, address):
    """Ticked for a meeting, it is the stop after the board's six and the spiral."""
    ticked = f"{address}?{CHOSEN}&service=tarnholt-signpost&present=8&tour={address}/measures"
    page = fresh(ticked, viewport={"width": 1280, "height": 720})
    assert page.locator(".measures").count() == 1
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 720
