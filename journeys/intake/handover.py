"""Deliveries handed over in the browser: kept in a private folder while a process of its own checks or loads them, then removed.

The server only waits meanwhile, so it keeps answering. The process is the ordinary command: `load`, with `--dry-run` for a check.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from journeys.intake import apart, checked
from journeys.intake.checked import Broken, ServiceRows
from journeys.intake.files.delivery import SUFFIXES, TEXT_SUFFIXES
from journeys.intake.mapping import Switch
from journeys.intake.questions import Question
from journeys.intake.rules import RULES

__all__ = [
    "Broken",
    "Checked",
    "Handed",
    "Question",
    "ServiceRows",
    "Switch",
    "UploadError",
    "Wanted",
    "check",
    "is_allowed",
    "load",
    "mapping_of",
    "rule_words",
]

ROOT = Path(__file__).resolve().parents[2]
ALLOW = "JOURNEYS_ALLOW_UPLOAD"
MAPPING_SUFFIX = ".toml"
LOOSE_SUFFIXES = (*TEXT_SUFFIXES, ".parquet")  # one table each, so that several make a delivery
ACCEPTED = (".zip", *SUFFIXES, MAPPING_SUFFIX)
MAX_MEGABYTES = 500
MAX_UNPACKED_BYTES = 4 << 30
LONGEST_SECONDS = 3600
STALE_SECONDS = 2 * LONGEST_SECONDS
PREFIX = "journeys-upload-"
_OUR_FOLDER = re.compile(rf"\S*{PREFIX}\w+[/\\](?:file-\d+[/\\])?")


class UploadError(Exception):
    """An upload that cannot be checked or loaded; the text says why and what to do."""


@dataclass(frozen=True)
class Handed:
    """One file as it was handed over."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked(checked.Checked):
    """What the check found, with the whole report as files, what is asked, and what a load would change (JSON of the comparison)."""

    report_csv: bytes
    report_xlsx: bytes
    due_csv: bytes
    questions: tuple[Question, ...]
    comparison: Mapping | None
    stops: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Wanted:
    """How files are to be taken: with a mapping (TOML), and as one where several are of one service."""

    mapping: str = ""
    latest_wins: bool = False

    def arguments(self, files: Sequence[Handed], folder: Path) -> list[str]:
        """The options of the command, the mapping written into the folder; one that was handed over counts where there is no other."""
        said = ["--latest-wins"] if self.latest_wins else []
        words = self.mapping or mapping_of(files)
        if words:
            handed = [_name(file) for file in files if _name(file).lower().endswith(MAPPING_SUFFIX)]
            file = folder / (handed[0] if handed else f"mapping{MAPPING_SUFFIX}")
            file.write_text(words, encoding="utf-8")
            said += ["--mapping", str(file)]
        return said


def is_allowed(environ: Mapping[str, str] | None = None) -> bool:
    """Whether deliveries may be handed over in the browser: off unless JOURNEYS_ALLOW_UPLOAD is 1, and where Spark answers, since its
    executors would not see what lies here.

    Streamlit puts the top-level entries of its secrets into the environment, so a secret of that name does the same.
    """
    found = os.environ if environ is None else environ
    return found.get(ALLOW) == "1" and found.get("JOURNEYS_ENGINE", "").lower() != "spark"


def check(files: Sequence[Handed], wanted: Wanted | None = None, place: Path | None = None) -> Checked:
    """What a load of the files would find and change, in a process of its own. Raises UploadError; nothing of the files is kept.

    Meanwhile they are in a private folder in `place`, else among temporary files.
    """
    _allowed()
    with _kept(files, place) as (folder, deliveries):
        reports = [folder / f"report.{kind}" for kind in ("csv", "xlsx")]
        due = folder / "due.csv"
        written = [part for report in reports for part in ("--report", str(report))] + ["--due", str(due)]
        asked = [
            "--dry-run",
            "--accept-valid",
            "--format",
            "json",
            *written,
            *(wanted or Wanted()).arguments(files, folder),
        ]
        said = json.loads(_run(["load", *map(str, deliveries), *asked], (0, 1)))
        csv, xlsx, due_csv = (report.read_bytes() for report in (*reports, due))
    found = checked.from_json(json.dumps(said["checked"]))
    questions = tuple(Question(**q | {"choices": tuple(q["choices"])}) for q in said["questions"])
    return Checked(
        **vars(found), report_csv=csv, report_xlsx=xlsx, due_csv=due_csv, questions=questions, comparison=said["comparison"],
        stops=tuple(said["stops"]), note=said["note"],
    )  # fmt: skip


def load(
    files: Sequence[Handed],
    wanted: Wanted | None = None,
    place: Path | None = None,
    *,
    accept_valid: bool = False,
    is_meant: bool = False,
) -> str:
    """Make the files the next version of the store, by the ordinary command; returns what it says. Raises UploadError."""
    _allowed()
    with _kept(files, place) as (folder, deliveries):
        said = ["--accept-valid"] * accept_valid + ["--confirm"] * is_meant
        told = _run(["load", *map(str, deliveries), *said, *(wanted or Wanted()).arguments(files, folder)])
    return told.strip().splitlines()[-1]


def mapping_of(files: Sequence[Handed]) -> str:
    """The mapping that was handed over among the files, "" without one. UploadError when it is not text."""
    found = [file for file in files if _name(file).lower().endswith(MAPPING_SUFFIX)]
    try:
        return found[0].content.decode("utf-8-sig") if found else ""
    except UnicodeDecodeError:
        raise UploadError(f"{_name(found[0])} cannot be read: it is not UTF-8 text.") from None


def _allowed() -> None:
    if not is_allowed():
        raise UploadError(f"Deliveries cannot be handed over here: {ALLOW} is not 1.")


def _run(arguments: Sequence[str], allowed: Sequence[int] = (0,)) -> str:
    """What a command of ours prints; UploadError with its own words when it fails (a status that is not `allowed`, or no output)."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "journeys", *arguments],
            cwd=ROOT,
            env=apart.environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UploadError(
            "This took more than an hour and was stopped. Load it with the command line instead."
        ) from None
    if done.returncode not in allowed or not done.stdout:
        raise UploadError(_words(done.stderr))
    return done.stdout


def _words(errors: str) -> str:
    """The error as our commands say it; nothing of a traceback, which could hold what was in a cell."""
    said = [line.partition(": ")[2] for line in errors.splitlines() if line.startswith("python -m journeys")]
    said += [line for line in errors.splitlines() if line.startswith("Nothing was loaded")]
    return (
        _OUR_FOLDER.sub("", said[-1])
        if said
        else "It could not be read. Try the command line, which says more: python -m journeys check DELIVERY"
    )


# --- the private folder -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _kept(files: Sequence[Handed], place: Path | None = None) -> Iterator[tuple[Path, tuple[Path, ...]]]:
    """The files in a folder that only this user may read, and the deliveries in it; removed on leaving. Mappings go another way."""
    _named_well(files)
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    try:
        yield folder, _written(files, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named_well(files: Sequence[Handed]) -> None:
    names = [_name(file).lower() for file in files]
    strange = [_name(file) for file in files if not _name(file).lower().endswith(ACCEPTED)]
    if not files or strange:
        raise UploadError(f"{', '.join(strange) or 'Nothing'} cannot be read: hand over {', '.join(ACCEPTED)}.")
    if len(set(names)) < len(names):
        raise UploadError("Two files have the same name: leave one out, or put the files of each delivery into a zip.")
    if sum(name.endswith(MAPPING_SUFFIX) for name in names) > 1:
        raise UploadError("There are two mapping files: hand over one.")


def _name(file: Handed) -> str:
    """The last part of the name alone, so that no name leads out of the folder."""
    return file.name.replace("\\", "/").rsplit("/", 1)[-1]


def _written(files: Sequence[Handed], folder: Path) -> tuple[Path, ...]:
    """Zips and workbooks are deliveries of their own; tables in single files, and workbooks among them, make one together."""
    tables = [file for file in files if not _name(file).lower().endswith(MAPPING_SUFFIX)]
    loose = folder / "delivery"
    is_loose = any(_name(file).lower().endswith(LOOSE_SUFFIXES) for file in tables)
    deliveries: list[Path] = []
    for i, file in enumerate(tables):
        belongs = is_loose and not _name(file).lower().endswith(".zip")
        path = (loose if belongs else folder / f"file-{i}") / _name(file)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
        _not_too_large(path)
        if not belongs:
            deliveries.append(path)
    return (*deliveries, *((loose,) if loose.exists() else ()))


def _not_too_large(path: Path) -> None:
    """A small zip can unpack to more than the disk holds; workbooks are zips as well."""
    if not zipfile.is_zipfile(path):
        return
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise UploadError(
                f"{path.name} unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB: load it with the command line."
            )


def _sweep() -> None:
    """Remove what a killed server left behind."""
    oldest = time.time() - STALE_SECONDS
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < oldest:
                shutil.rmtree(left, ignore_errors=True)


def rule_words(name: str) -> tuple[str, str, bool]:
    """What a rule says, how to mend what breaks it, and whether it refuses."""
    rule = RULES[name]
    return rule.words, rule.mend, rule.is_refusal
