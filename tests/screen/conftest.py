"""One small sample store for all tests of the screen, and pages run over it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journeys.sample import lives
from journeys.screen import menu
from journeys.store import build

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("screen")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([lives.write(place / "delivery", journeys=3_000, format="parquet")], place / "store")
    return place / "store"


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
