"""Tests of a file run on one worker, one after the other: what their fixtures make is made once."""

import os

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "the only one")


@pytest.mark.parametrize("n", range(12))
def test_all_of_this_file_run_on_one_worker(tmp_path_factory, n):
    place = tmp_path_factory.getbasetemp()
    mine = (place.parent if WORKER.startswith("gw") else place) / "worker-of-test_groups"
    if not mine.exists():
        mine.write_text(WORKER, encoding="utf-8")
    assert mine.read_text(encoding="utf-8") == WORKER
