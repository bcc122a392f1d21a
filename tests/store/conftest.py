import shutil
import sys
from pathlib import Path

import pytest

from journeys.store import build

sys.path.append(str(Path(__file__).parent))

import small


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


@pytest.fixture(scope="session")
def made_of_all_kinds(sample, tmp_path_factory):
    """A store with rows in every table, a part of them loaded again: to be asked, and copied before it is changed."""
    folder = tmp_path_factory.mktemp("all-kinds")
    store = sample(folder, 3_000, "parquet")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([small.whole(folder / "north")], store)
    return store


@pytest.fixture(scope="session")
def made_of_north(tmp_path_factory):
    """A folder with a small delivery of one service, `north`, and its store."""
    folder = tmp_path_factory.mktemp("north")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([small.whole(folder / "north")], folder / "store")
    return folder


@pytest.fixture
def store_of_north(made_of_north, tmp_path):
    """A copy of that store to change, with its key and its delivery."""
    shutil.copytree(made_of_north, tmp_path, dirs_exist_ok=True)
    return tmp_path / "store"
