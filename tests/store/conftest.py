import sys
from pathlib import Path

import pytest

from journeys.sample import lives
from journeys.store import build

sys.path.append(str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in (
        "JOURNEYS_KEY",
        "JOURNEYS_KEY_FILE",
        "JOURNEYS_STORE",
        "JOURNEYS_ENGINE",
        "JOURNEYS_SPARK",
        "JOURNEYS_TABLES",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small store of the synthetic sample: to be asked, and copied before it is changed."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([lives.write(place / "delivery", journeys=1_500)], place / "store")
    return place / "store"
