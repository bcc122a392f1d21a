import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from journeys.sample import lives
from journeys.store import build

# the same examples each time, however slow the machine
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Files that take half a minute or more come first, so that no worker is left with one when the other has nothing to do any more.
LONGEST = (
    "browser", "store/test_build.py", "agreement/test_metrics_agree.py", "store/test_spark.py", "store/test_spark_load.py", "intake/test_deliveries.py",
    "browser/test_surfaces.py", "answer/test_disclosure.py", "disclosure/test_audit.py", "intake/test_intake_properties.py",
    "intake/test_no_traceback.py", "screen/test_handover_page.py", "store/test_kept.py", "store/test_comparison.py", "answer/test_like_with_like.py",
    "browser/test_data_page.py", "test_commands.py", "store/test_published.py", "words/test_sentence_walk.py", "test_types.py",
    "agreement/test_comparisons_agree.py", "words/test_real_answers.py",
)  # fmt: skip
# Tests of a file go to one worker, where they share what its fixtures made; but those of one delivery are enough for one, and all that look at the
# one server go together: it answers each page once, and beside a browser, which waits a lot, the other worker has the rest of the machine.
OF_DELIVERIES = ("agreement/test_metrics_agree.py", "agreement/test_comparisons_agree.py")
OF_THEIR_OWN = ("test_surfaces.py", "test_data_page.py", "test_behind_nginx.py", "test_fit.py")  # servers, or none


def pytest_addoption(parser):
    parser.addoption(
        "--oracles", default=None, help="folder of published worked examples (default: the variable JOURNEYS_ORACLES)"
    )


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """Gives a folder of one's own a synthetic delivery, `delivery`, and its store with the key, `store`: made once for all workers, and copied."""
    of_this_worker = tmp_path_factory.getbasetemp()
    place = of_this_worker.parent if "PYTEST_XDIST_WORKER" in os.environ else of_this_worker

    def copied(to, journeys, format="csv"):
        whole = place / f"sample-{journeys}-{format}"
        with FileLock(f"{whole}.lock"):
            if not whole.exists():
                _make(Path(tempfile.mkdtemp(dir=place)), journeys, format).rename(whole)
        shutil.copytree(whole, to, dirs_exist_ok=True)
        return to / "store"

    return copied


def _make(place, journeys, format):
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([lives.write(place / "delivery", journeys=journeys, format=format)], place / "store")
    return place


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: _place(_whole(item.nodeid)))


def pytest_collection_finish():
    """What was imported and collected stays to the end. Looking through it for garbage, again and again, took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    atexit.register(gc.unfreeze)  # DuckDB tells what is there at the end as lost


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Grouped(config, log)


class Grouped(LoadScopeScheduling):
    """Gives a worker a group at a time. The marks of xdist 3.8 for groups are lost on pytest 9.2, and every test is then a group of its own."""

    def _split_scope(self, nodeid):
        return group(nodeid)


def group(nodeid):
    """What a test is given to a worker together with."""
    whole, given = _whole(nodeid), nodeid.partition("[")[2].rstrip("]")
    return f"{whole} {given.partition('-')[0]}" if whole in OF_DELIVERIES else whole


def _whole(nodeid):
    """The file of a test, or the folder of those that look at one server."""
    file = nodeid.partition("::")[0].removeprefix("tests/")
    folder, _, name = file.rpartition("/")
    return folder if folder == "browser" and name not in OF_THEIR_OWN else file


def _place(whole):
    return LONGEST.index(whole) if whole in LONGEST else len(LONGEST)
