import sys
from pathlib import Path

import pytest

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
def made(sample, tmp_path_factory):
    """A small store of the synthetic sample: to be asked, and copied before it is changed."""
    return sample(tmp_path_factory.mktemp("made"), 1_500)
