"""The dashboard on a fresh server over a small sample store, and Chromium to look at it."""

import pytest
from driver import chromium, kept, opening, serving


@pytest.fixture(scope="session")
def store(sample, tmp_path_factory):
    return sample(tmp_path_factory.mktemp("browser"), 3_000, "parquet")


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
    """The shared browser; what a test leaves open in it is closed, but for what is kept for the next."""
    yield started
    for context in started.contexts:
        if context is not kept(started):
            context.close()


@pytest.fixture
def fresh(browser, server):
    """Opens an address in a fresh browser, see `driver.opening`."""
    with opening(browser, server) as open_at:
        yield open_at
