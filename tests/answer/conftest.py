"""A store of generated journeys, for the tests that ask it and change nothing."""

import generate
import pytest

from journeys.store import build


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    delivery = generate.delivery(31, journeys=500, services=4, commissioners=2, months=26, returning=0.3)
    build.load([generate.write(delivery, folder / "delivery")], folder / "store")
    return folder / "store"
