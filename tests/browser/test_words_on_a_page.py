"""What waits behind a heading opens at a press and for a link; how many words stand outside, test_every_page.py counts."""

import pytest
from driver import settled

pytestmark = pytest.mark.browser


def test_what_is_counted_is_said_once_and_opens(fresh):
    page = fresh("Goals")
    place = page.locator("details.counted")
    assert place.count() == 1 and "Left out:" not in page.locator("[data-testid=stMain]").inner_text()
    place.locator("summary").click()
    assert "Left out:" in place.inner_text()


def test_a_link_opens_the_panel_that_waits_behind_a_heading(fresh):
    page = fresh("Work_that_lasts")
    panel = page.locator(".st-key-panel-first_job_hours")
    assert not panel.is_visible()
    page.locator('.st-key-contents a[href="#first_job_hours"]').click()
    panel.wait_for()
    page.close()
    page = fresh("Work_that_lasts#first_job_hours")
    settled(page)
    page.locator(".st-key-panel-first_job_hours").wait_for()
