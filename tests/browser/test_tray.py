"""The pack tray in a browser: own words stay when it is shut, and the recipe that it saves makes the same pack."""

import contextlib

import pytest
from driver import settled

from journeys.files import pack, recipe
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

pytestmark = pytest.mark.browser


def _tray(page):
    page.get_by_role("button", name="Board pack").click()
    settled(page)
    return page.get_by_role("dialog")


def _taken(page, tray, name):
    with page.expect_download() as taken:
        tray.get_by_role("button", name=name, exact=True).click()
    return taken.value


def test_what_is_ticked_and_written_is_taken_away_as_files_and_as_a_recipe(fresh, store, tmp_path):
    page = fresh("Goals?period=2024%2F25")
    page.locator(".st-key-tick-goals_set label").click()
    settled(page)
    tray = _tray(page)
    heading = tray.locator("summary", has_text="Goals people set")
    heading.click()
    tray.get_by_label("Commentary").locator("visible=true").fill("Goals about money come first.")
    tray.get_by_label("Title of the pack").or_(tray.get_by_label("Title", exact=True)).first.fill("The board in May")
    page.keyboard.press("Tab")
    settled(page)
    page.keyboard.press("Escape")
    tray = _tray(page)
    saved = _taken(page, tray, "Recipe")
    saved.save_as(tmp_path / "board.toml")
    held = recipe.read(tmp_path / "board.toml")
    assert held.title == "The board in May"
    assert [one.commentary for one in held.panels if one.metric == "goals_set"] == ["Goals about money come first."]
    taken = _taken(page, tray, "Page")
    assert taken.suggested_filename == "board-pack.html"
    taken.save_as(tmp_path / "taken.html")
    with contextlib.closing(open_store(store)) as opened:
        pack.write(tmp_path / "made.html", opened, Selection(period="2024/25"), held)
    assert (tmp_path / "taken.html").read_bytes() == (tmp_path / "made.html").read_bytes()
