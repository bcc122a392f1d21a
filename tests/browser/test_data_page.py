"""The Data page with a real server: off, it takes nothing; on, it takes 500 MB; questions, comparison and the stop, as a person meets them."""

import re
import zipfile

import driver
import pytest
from driver import MILLISECONDS, TAKING, settled

from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import current_version

pytestmark = pytest.mark.browser
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PUT = """async ([session, n]) => {
  const form = new FormData(); form.append('file', new Blob([new Uint8Array(n)]), 'a.csv');
  const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/);
  const answer = await fetch(`/_stcore/upload_file/${session}/some-file`, {method: 'PUT', body: form, credentials: 'include',
    headers: token ? {'X-Xsrftoken': decodeURIComponent(token[1])} : {}});
  return answer.status;
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A store of a small sample, and the folder of what it was made of."""
    place = tmp_path_factory.mktemp("data-page")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        lives.write(place / "delivery", journeys=400, services=2, seed=3)
        build.load([place / "delivery"], place / "store")
    return place


def opened(browser, address):
    """The Data page, and the session that the server gave it."""
    page, found = browser.new_page(), []
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda data: found.extend(UUID.findall(bytes(data)))
        if isinstance(data, bytes) else None)
    )  # fmt: skip
    page.goto(f"{address}/Data")
    settled(page)
    return page, list(dict.fromkeys(one.decode() for one in found))


def statuses(page, sessions, n_bytes):
    """What the server answers to a file, for whichever of the identifiers is the session's (others are answered 400)."""
    return {page.evaluate(PUT, [session, n_bytes]) for session in sessions} - {400}


def test_switched_off_the_server_takes_no_file(browser, place):
    with driver.serving(place / "store") as address:
        page, sessions = opened(browser, address)
        assert page.get_by_text("switched off").is_visible()
        assert page.get_by_role("link", name="Data", exact=True).count() == 1
        assert page.locator("input[type=file]").count() == 0
        assert statuses(page, sessions, 1) == {413}


def test_a_delivery_in_other_words_is_asked_about_compared_stopped_and_loaded(browser, place):
    was = current_version(place / "store")
    tables = {file.name: file.read_bytes() for file in (place / "delivery").glob("*.csv")}
    lines = tables["journey.csv"].replace(b"gender", b"Sex", 1).splitlines(keepends=True)
    files = [
        {"name": "service.csv", "mimeType": "text/csv", "buffer": tables["service.csv"]},
        {"name": "Cases.csv", "mimeType": "text/csv", "buffer": b"".join(lines[:1] + lines[1::2])},
    ]
    with driver.serving(place / "store", **TAKING) as address:
        page, _ = opened(browser, address)
        page.set_input_files("input[type=file]", files)
        page.get_by_role("heading", name="Did you mean").wait_for(timeout=MILLISECONDS)
        settled(page)
        page.get_by_role("button", name="Check again with these answers").click()
        page.get_by_text("This is meant: load it all the same").wait_for(timeout=MILLISECONDS)
        settled(page)
        assert page.get_by_text("Stopped:").is_visible()
        load = page.get_by_role("button", name="Load this delivery")
        assert load.is_disabled()
        page.get_by_text("This is meant: load it all the same").click()
        settled(page)
        with page.expect_download() as kept:
            page.get_by_role("button", name="Keep the answers").click()
        assert 'sheet = "Cases"' in kept.value.path().read_text(encoding="utf-8")
        load.click()
        page.get_by_text("Loaded 2 services as version").wait_for(timeout=MILLISECONDS)
        assert current_version(place / "store") != was


@pytest.mark.slow
def test_a_delivery_of_500_megabytes_is_taken(browser, place, tmp_path):
    """Stored, not packed: the tables, and a file that is none of them to make up the size."""
    size = 500_000_000
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as packed:
        for file in (place / "delivery").glob("*.csv"):
            packed.write(file, file.name)
        filled = sum(entry.file_size + 200 for entry in packed.infolist())
        with packed.open("scan.bin", "w", force_zip64=True) as made:
            for _ in range((size - filled - 4096) >> 20):
                made.write(bytes(1 << 20))
    assert size * 0.99 < (tmp_path / "large.zip").stat().st_size <= size
    with driver.serving(place / "store", **TAKING) as address:
        page, _ = opened(browser, address)
        page.set_input_files("input[type=file]", str(tmp_path / "large.zip"))
        page.get_by_role("heading", name="What the check found").wait_for(timeout=5 * MILLISECONDS)
        settled(page)
        assert page.get_by_text("rows are good").is_visible()
