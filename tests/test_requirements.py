"""What is installed: every package pinned exactly, the lock files with hashes as fresh as the lists, nothing under the GPL in the product."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTS = [
    ROOT / "requirements.txt", ROOT / "requirements-spark.txt", ROOT / "tests" / "requirements.txt",
    ROOT / "tests" / "spark" / "requirements.txt",
]  # fmt: skip


def pins(path: Path) -> dict[str, str]:
    """Package to version, of a list or a lock file."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.M)
    return {name.lower().replace("_", "-"): version for name, version in found}


@pytest.mark.parametrize("path", LISTS, ids=["product", "spark", "tests", "spark server"])
def test_every_package_is_pinned_and_locked_with_its_hash(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    assert len(pins(path)) == len(lines)
    lock = path.with_suffix(".lock")
    assert pins(path).items() <= pins(lock).items(), "just lock"
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))
    assert [e.split()[0] for e in entries if "==" in e.split("\n")[0] and "--hash=sha256:" not in e] == []


def test_no_package_of_the_product_is_under_the_gpl():
    """By its own metadata; LGPL and dual licences name themselves otherwise."""
    for name in pins(ROOT / "requirements.lock") | pins(ROOT / "requirements-spark.lock"):
        try:
            about = metadata(name)
        except PackageNotFoundError:  # for another platform
            continue
        said = " ".join([about.get("License-Expression") or "", *(about.get_all("Classifier") or [])])
        assert not re.search(r"\bA?GPL|GNU (Affero )?General Public", said), name
