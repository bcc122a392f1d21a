import os
import shutil
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from journeys.sample import lives
from journeys.store import build

# the same examples each time, however slow the machine
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Files that take a minute or more come first, so that no worker is left with one when the other has nothing to do any more.
LONGEST = (
    "browser/test_pages_in_a_browser.py", "agreement/test_metrics_agree.py", "store/test_build.py", "store/test_spark.py", "answer/test_disclosure.py", "browser/test_every_page.py",
    "browser/test_surfaces.py", "agreement/test_comparisons_agree.py", "disclosure/test_audit.py", "screen/test_questions_of_deliveries.py",
    "intake/test_no_traceback.py", "intake/test_intake_properties.py", "test_types.py",
)  # fmt: skip
# Tests of a file go to one worker, where they share what its fixtures made; but those of one delivery, or of one visit to a page, are enough for
# one, and those that share nothing but what every worker has.
SHARED_BY = ("loaded", "visit")
ALONE = ("browser/test_pages_in_a_browser.py",)


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
    items.sort(key=lambda item: _place(_file(item)))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _file(item):
    return item.nodeid.partition("::")[0].removeprefix("tests/")


def _place(file):
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def _group(item):
    file, given = _file(item), getattr(item, "callspec", None)
    if file in ALONE:
        return f"{file}:{item.name}".translate({ord(mark): "_" for mark in "[]@"})
    return ":".join([file, *(str(given.params[name]) for name in SHARED_BY if given and name in given.params)])
