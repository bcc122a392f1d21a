"""A store's folder for whoever reads it: where it is, which versions lie in it, which one it points to, and what is wrong with it."""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import duckdb

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "store"
TO_DELETE = "DELETE"
VERSION = re.compile(r"[0-9]{6,}-[0-9a-f]{6}")
MANIFEST = "manifest.json"
LOADED = "LOADED-ON-SPARK"
STORE, PUBLISHED, ON_SPARK = "holds a store", "holds what was published of a store", "was loaded on Spark"
MEND_ON_SPARK = "go back to the version before with `python -m journeys rollback`, or move the folder {} away and load every delivery on Spark again."
MEND_COPY = "publish it again with `python -m journeys publish --to {}`."
MEND = "go back to the version before with `python -m journeys rollback`, or move the folder {} away and load all deliveries again."
MEND_EMPTY = "no version lies in {0}. If it was published, publish it again with `python -m journeys publish --to {0}`; else move it away and load all deliveries again."
OF_ANOTHER = (
    "a store is for the account that loaded it alone. Start this program as that account, or give the whole folder, and the key "
    "beside it, to the one that it runs as."
)
NOT_REACHED = (
    "look whether it is there, has room and may be used by this account (JOURNEYS_STORE names the folder of the store, TMPDIR that of "
    "temporary files), then try again."
)


class StoreError(Exception):
    """A store that cannot answer. `kind` is `missing`, `damaged`, `other_version`, `moved`, `away`, `slow`, `large` or `busy`; the text says what to do."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind

    @classmethod
    def slow(cls, seconds: float) -> "StoreError":
        """What took too long, whatever answers."""
        return cls("slow", f"This answer takes more than {seconds} seconds: ask for a shorter period or fewer rows.")


def folder_of(path: str | Path | None) -> Path:
    """The store's folder: the one given, else JOURNEYS_STORE, else data/store."""
    return _path(path or os.environ.get("JOURNEYS_STORE") or DEFAULT)


@lru_cache(100)  # a page asks a few hundred times
def _path(name: str | Path) -> Path:
    return Path(name)


def current_version(path: str | Path | None = None) -> str:
    """The version that the store points to; StoreError when there is none (missing), the pointer cannot be understood (damaged) or the
    folder cannot be reached (away)."""
    folder = folder_of(path)
    pointer = folder / "CURRENT"
    with reached(folder):
        if not pointer.is_file():
            raise _without_pointer(folder)
        try:
            version = pointer.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError as error:
            raise StoreError("damaged", f"{pointer} cannot be read ({_first_line(error)}): {mend(folder)}") from error
    if not VERSION.fullmatch(version):
        raise StoreError("damaged", f"{pointer} does not name a version: {mend(folder)}")
    return version


@contextlib.contextmanager
def reached(folder: Path) -> Iterator[None]:
    """What the system refuses of a folder meanwhile (it is another account's, its disk is gone), as StoreError (away)."""
    try:
        yield
    except OSError as error:
        raise unreached(folder, error) from error


def unreached(folder: Path, error: OSError) -> StoreError:
    """What to do about a folder that the system does not let this program read: nothing may be wrong with the data."""
    place = Path(error.filename or folder)
    mended = OF_ANOTHER if isinstance(error, PermissionError) and place.is_relative_to(folder) else NOT_REACHED
    return StoreError("away", f"{place} cannot be reached ({error.strerror or error}): {mended}")


def _without_pointer(folder: Path) -> StoreError:
    """A folder without pointer is no store, unless versions lie there that only a store that had one can have made."""
    if published_in(folder) or any(number_of(version) > 1 for version in versions_in(folder)):
        return StoreError("damaged", f"{folder / 'CURRENT'} is missing: {mend(folder)}")
    return StoreError(
        "missing", f"There is no store in {folder}: load a delivery first (python -m journeys load DELIVERY)."
    )


def file_of(folder: Path, version: str) -> Path:
    return folder / f"journeys-{version}.duckdb"


def copy_of(folder: Path, version: str) -> Path:
    """Where a published version lies, as a folder of Parquet."""
    return folder / f"journeys-{version}"


def is_there(folder: Path, version: str) -> bool:
    """Whether a version lies in the folder, as a file or published."""
    return file_of(folder, version).is_file() or (copy_of(folder, version) / MANIFEST).is_file()


def published_in(folder: Path) -> list[str]:
    """The versions that were published into the folder, oldest first."""
    names = (place.name.removeprefix("journeys-") for place in folder.glob("journeys-*/"))
    return sorted((name for name in names if VERSION.fullmatch(name)), key=lambda name: (number_of(name), name))


def sort_of(folder: Path) -> str | None:
    """What a folder is, in words; None where it is empty or not there."""
    if (folder / LOADED).exists():
        return ON_SPARK
    if published_in(folder):
        return PUBLISHED
    return STORE if versions_in(folder) else None


def mend(folder: Path) -> str:
    """What to do about a folder that cannot be read."""
    words = {ON_SPARK: MEND_ON_SPARK, PUBLISHED: MEND_COPY, STORE: MEND}
    return words.get(sort_of(folder) or "", MEND_EMPTY).format(folder)


def answers_of(folder: Path, version: str) -> Path:
    """Where released answers of a version are kept."""
    return folder / f"answers-{version}"


def number_of(version: str) -> int:
    """A version's place in the order of loads, from 1; 0 for no version."""
    return int(version.split("-")[0]) if version else 0


def versions_in(folder: Path) -> list[str]:
    """The versions whose files are in the folder, oldest first."""
    names = (file.name.removeprefix("journeys-").removesuffix(".duckdb") for file in folder.glob("journeys-*.duckdb"))
    return sorted((name for name in names if VERSION.fullmatch(name)), key=lambda name: (number_of(name), name))


def held_in(folder: Path) -> list[str]:
    """The versions in the folder, oldest first, whatever its sort."""
    return published_in(folder) or versions_in(folder)


def must_go(folder: Path) -> frozenset[str]:
    """Versions that hold people who were forgotten: nothing may go back to them, and they are deleted as soon as they can be."""
    try:
        return frozenset((folder / TO_DELETE).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return frozenset()


def delete_marked(folder: Path) -> None:
    """Delete the versions that must go, but for the one that is pointed to and those that the system holds open."""
    marked = must_go(folder)
    if not marked:
        return
    with contextlib.suppress(StoreError):
        for version in marked - {current_version(folder)}:
            delete_version(folder, version)
        if not any(is_left(folder, version) for version in marked):
            _remove(folder / TO_DELETE)


def is_left(folder: Path, version: str) -> bool:
    """Whether anything of a version still lies in the folder."""
    return file_of(folder, version).exists() or copy_of(folder, version).exists()


def delete_version(folder: Path, version: str) -> None:
    """A version and what was kept of it; Windows refuses the file while a dashboard still reads it, and the next load tries again."""
    _remove(file_of(folder, version))
    shutil.rmtree(copy_of(folder, version), ignore_errors=True)
    delete_answers(folder, version)


def delete_answers(folder: Path, version: str) -> None:
    shutil.rmtree(answers_of(folder, version), ignore_errors=True)


def delete_answers_without_version(folder: Path, but: str = "") -> None:
    """What is left of versions that are no more; `but` is one that lies elsewhere."""
    for place in folder.glob("answers-*"):
        version = place.name.removeprefix("answers-")
        if version != but and not is_there(folder, version):
            delete_answers(folder, version)


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


def is_damage(error: duckdb.Error) -> bool:
    """Whether a query failed because of the file and not because of the question; a wrong checksum has no class of its own."""
    kinds = (
        duckdb.IOException | duckdb.SerializationException | duckdb.PermissionException
    )  # the last for a file that is gone
    return isinstance(error, kinds) or "orrupt" in str(error)


def unreadable(folder: Path, version: str, error: Exception) -> StoreError:
    """What to say when DuckDB cannot read a version."""
    if isinstance(error, StoreError):
        return error
    place = (copy_of if published_in(folder) else file_of)(folder, version)
    if place.exists() and not os.access(place, os.R_OK):
        return unreached(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place)))
    return StoreError("damaged", f"{place.name} cannot be read ({_first_line(error)}): {mend(folder)}")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
