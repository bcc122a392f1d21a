"""One small sample store for all tests of the screen."""

import pytest

from journeys.sample import lives
from journeys.store import build


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("screen")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([lives.write(place / "delivery", journeys=3_000, format="parquet")], place / "store")
    return place / "store"
