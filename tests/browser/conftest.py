"""The dashboard on a fresh server over a small sample store, and Chromium to look at it."""

import pytest
from driver import FRAMEWORK, MILLISECONDS, chromium, make_store, serving, settled


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        return make_store(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def server(store):
    with serving(store) as address:
        yield address


@pytest.fixture(scope="session")
def started():
    """The one Chromium of a worker: a second one beside it is refused, so tests take `browser`."""
    with chromium() as started:
        yield started


@pytest.fixture
def browser(started):
    """The shared browser; what a test leaves open in it is closed."""
    yield started
    for context in started.contexts:
        context.close()


@pytest.fixture
def fresh(browser, server):
    """Opens an address in a fresh browser (no cookies, no session) and waits for it; console errors of ours fail the test."""
    contexts, errors = [], []

    def open_at(path, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 1000}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server}/{path}")
        settled(page)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [error for error in errors if not FRAMEWORK.search(error)] == []
