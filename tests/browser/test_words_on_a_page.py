"""How many words a reader meets on a page before opening anything, and that what waits behind a heading opens for a link."""

import re

import pytest
from driver import menu, settled

pytestmark = pytest.mark.browser
MOST, FREE = {"Evidence": 1300}, ("Definitions",)
USUAL = 900
WORD = re.compile(r"[^\W\d_]")


def n_words(text):
    """A word holds a letter: numbers and marks alone are none."""
    return sum(bool(WORD.search(part)) for part in text.split())


def said_on(page):
    """What the page says; names of icons, which their font draws as pictures, are not read."""
    page.evaluate("document.querySelectorAll('[data-testid=stIconMaterial]').forEach(icon => icon.remove())")
    return page.locator("[data-testid=stMain]").inner_text()


def test_numbers_and_marks_are_no_words():
    assert n_words("26.5% of about 11,150 ▲ climbed [c]\n– 2024/25") == 4


@pytest.mark.parametrize("address", [page for page in menu.files() if page not in FREE])
def test_a_page_says_no_more_than_a_reader_takes_in(fresh, address):
    said = said_on(fresh(address, viewport={"width": 1280, "height": 720}))
    assert 50 < n_words(said) <= MOST.get(address, USUAL)


def test_what_is_counted_is_said_once_and_opens(fresh):
    page = fresh("Goals")
    place = page.locator("details.counted")
    assert place.count() == 1 and "Left out:" not in page.locator("[data-testid=stMain]").inner_text()
    place.locator("summary").click()
    assert "Left out:" in place.inner_text()


def test_a_link_opens_the_panel_that_waits_behind_a_heading(fresh):
    page = fresh("Activity")
    panel = page.locator(".st-key-panel-closure_reasons-quarter")
    assert not panel.is_visible()
    page.locator('.st-key-contents a[href="#closure_reasons-quarter"]').click()
    panel.wait_for()
    page = fresh("Activity#closure_reasons-quarter")
    settled(page)
    page.locator(".st-key-panel-closure_reasons-quarter").wait_for()
