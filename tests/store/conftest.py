import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in ("JOURNEYS_KEY", "JOURNEYS_STORE"):
        monkeypatch.delenv(name, raising=False)
