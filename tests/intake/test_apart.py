"""The process that reads deliveries: it has limits, and lets those who read a dashboard on the same machine go first."""

import os
import subprocess
import sys

import pytest

from journeys.intake import apart

SAYS = """
from journeys.intake import apart
import os, resource
before = os.nice(0)
apart.limit()
print(os.nice(0) - before, resource.getrlimit(resource.RLIMIT_DATA)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


@pytest.mark.skipif(sys.platform != "linux" or os.nice(0) > 9, reason="limits as Linux has them, from a usual priority")
def test_it_has_limits_and_gives_way():
    said = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True).stdout.split()
    assert int(said[0]) == apart.GIVES_WAY
    assert 0 < int(said[1]) <= apart.MAX_BYTES
    assert int(said[2]) == 0
