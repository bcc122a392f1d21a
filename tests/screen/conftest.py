"""One small sample store for all tests of the screen, and pages run over it."""

from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from journeys.screen import menu

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120


@pytest.fixture(scope="session", autouse=True)
def packages_are_looked_through_once():
    """Each run of AppTest looks through all that is installed for components of Streamlit, which a server does once when it starts."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def made(sample, tmp_path_factory):
    return sample(tmp_path_factory.mktemp("screen"), 3_000, "parquet")


@pytest.fixture
def page(made, monkeypatch):
    """Runs a page from its address, as a fresh browser would."""
    monkeypatch.setenv("JOURNEYS_STORE", str(made))
    monkeypatch.chdir(ROOT)

    def run(address, **query):
        at = AppTest.from_file(str(ROOT / menu.HOME), default_timeout=SECONDS)
        for name, value in query.items():
            at.query_params[name] = value
        return at.switch_page(menu.files()[address]).run()

    return run
