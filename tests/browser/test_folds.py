"""Panels behind a closed heading are asked for, drawn and sent when a reader opens it, follows a link to one, or prints; not before."""

import pytest
from driver import settled
from playwright.sync_api import TimeoutError
from test_pages_in_a_browser import press_print

FOLDED = '[data-testid="stMain"] [data-testid="stExpander"] details'


def _panels(page):
    return page.locator('[data-testid="stMain"] [class*="st-key-panel-"]').count()


IN_VIEW = "key => { const y = document.querySelector(`#${key}:not(.waits)`)?.getBoundingClientRect().y; return y >= 0 && y < 600; }"


def _is_in_view(page, key):
    """Whether a panel that has come is gone to, and is in view when the page is at rest. The browser looks for it every quarter of a second while
    anything comes: what came since it last looked may have moved it."""
    page.wait_for_function(IN_VIEW, arg=key)
    settled(page)
    try:
        page.wait_for_function(IN_VIEW, arg=key, timeout=1_000)
    except TimeoutError:
        return False
    return True


@pytest.mark.browser
def test_a_closed_heading_has_its_panels_drawn_when_it_is_opened_and_not_when_it_is_closed_again(fresh):
    page = fresh("Activity")
    n_open, n_all = _panels(page), page.locator(".st-key-contents a").count()
    assert n_open + page.locator(".waits").count() == n_all > n_open
    heading = page.locator(f"{FOLDED} > summary").first
    heading.click()
    settled(page)
    page.locator("#contact_within_28_days-quarter:not(.waits)").wait_for()
    assert n_open < _panels(page) < n_all
    heading.click()
    settled(page)
    assert _panels(page) == n_open


@pytest.mark.browser
def test_a_heading_of_which_the_server_has_not_heard_is_opened_once_more(fresh):
    page = fresh("Activity")
    page.evaluate(
        "() => { const send = WebSocket.prototype.send; WebSocket.prototype.send = () => { WebSocket.prototype.send = send; }; }"
    )
    page.locator(f"{FOLDED} > summary").first.click()
    page.locator("#contact_within_28_days-quarter:not(.waits)").wait_for()
    settled(page)
    assert page.locator(f"{FOLDED}[open]").count() == 1


@pytest.mark.browser
def test_a_link_to_a_panel_behind_a_heading_opens_it_and_goes_there(fresh):
    page = fresh("Activity")
    page.locator('.st-key-contents a[href="#people_with_outcome-financial_year"]').click()
    page.locator("#people_with_outcome-financial_year:not(.waits)").wait_for()
    settled(page)
    assert _is_in_view(page, "people_with_outcome-financial_year")
    come = fresh("Activity#closure_reasons")
    come.locator("#closure_reasons:not(.waits)").wait_for()
    settled(come)
    assert _is_in_view(come, "closure_reasons")


@pytest.mark.browser
def test_what_is_printed_has_every_panel(fresh):
    page = fresh("Activity")
    n_all = page.locator(".st-key-contents a").count()
    press_print(page)
    assert _panels(page) == n_all
    assert page.locator(f"{FOLDED}:not([open])").count() == page.locator(".waits").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settled(page)
    assert _panels(page) < n_all


@pytest.mark.browser
def test_what_was_opened_is_open_again_after_a_reload_and_closed_for_whoever_comes_anew(fresh):
    page = fresh("Upward_spiral")
    page.locator(f"{FOLDED} > summary").first.click()
    page.locator("#spiral_highest:not(.waits)").wait_for()
    settled(page)
    page.reload()
    page.locator("#spiral_highest:not(.waits)").wait_for()
    settled(page)
    page.goto(page.url.partition("?")[0])
    settled(page)
    assert page.locator("#spiral_highest.waits").count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("link", "stop", "tour"),
    [
        ("Upward_spiral?present=1#spiral_highest", "8 of 8", ["Upward_spiral/spiral_highest"]),
        ("Upward_spiral?present=1#spiral_start", "7 of 7", []),
        ("Goals?present=1&split=goals_set:gender#goals_set", "8 of 8", ["Goals/goals_set/gender"]),
        ("Goals?present=1&tour=Goals/goals_set&tour=Goals/goals_achieved#goals_set", "8 of 9", None),
    ],
)
def test_a_link_to_a_panel_begins_a_meeting_at_that_panel(fresh, link, stop, tour):
    page = fresh("Definitions")  # a page is not looked at while another is still gone to
    page.goto(f"{page.url.partition('Definitions')[0]}{link}")
    page.locator(".stop", has_text=stop).wait_for()
    page.wait_for_function("key => document.getElementById(key)", arg=link.partition("#")[2])
    assert page.locator("h2").count() == 1
    if tour is not None:
        assert page.evaluate("new URL(location).searchParams.getAll('tour')") == tour
