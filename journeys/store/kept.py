"""Released answers kept beside the version that they are of, so that a server that starts anew, or a second one, need not work them out
again. Released answers alone: what a screen may show, never an exact count. What cannot be kept or read is worked out, in silence."""

import contextlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from journeys.answer import written
from journeys.answer.released import Released
from journeys.store.folder import answers_of, current_version, delete_answers
from journeys.store.opened import Store, open_version
from journeys.vocabulary.selection import Selection

ROOT = Path(__file__).resolve().parents[2]
# what an answer is made by; whoever changes any of it gets new answers
MADE_BY = ("queries", "journeys/answer", "journeys/statistics", "journeys/store", "journeys/vocabulary", "data/dictionary.toml", "requirements.lock")  # fmt: skip
SUFFIXES = (".py", ".sql", ".toml", ".lock")
MOST_BYTES = 64_000_000  # a version
SECONDS = 60.0  # of asking again before a load is shown

# version, metric, selection, breakdown and case mix in; None out where nobody knows
Elsewhere = Callable[[str, str, Selection, tuple[str, ...], bool], Released | None]


def fingerprint(root: Path = ROOT) -> str:
    """Tells one state of what answers are made by from any other."""
    made = sha256()
    for file in sorted(one for part in MADE_BY for one in (root / part, *(root / part).rglob("*")) if one.is_file()):
        if file.suffix in SUFFIXES:
            made.update(f"{file.relative_to(root)}\n{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return made.hexdigest()


# taken when the program starts: files that are replaced under it later are not what it answers by
MAKERS = fingerprint()


class KeptAnswers:
    """The answers of one version of a store, kept in its folder for every process that asks it; what is not there may be asked `elsewhere` first."""

    def __init__(self, store: Store, elsewhere: Elsewhere | None = None) -> None:
        self.store, self._elsewhere, self._place = store, elsewhere, answers_of(store.folder, store.version)
        self._lock = threading.Lock()
        self._unseen: int | None = None  # bytes that this process has added since it looked at the folder

    def ask(self, metric: str, selection: Selection, by: tuple[str, ...], *, case_mix: bool = False) -> Released:
        """The answer as it was kept, else anew, and then it is kept."""
        rule = self.store.rule
        question = [self.store.version, metric, selection.given(), by, case_mix, rule.k, rule.base, MAKERS]
        key = json.dumps(question)
        file = self._place / f"{sha256(key.encode()).hexdigest()}.json"
        found = _read(file, key)
        if found is None and self._elsewhere is not None:
            found = self._elsewhere(self.store.version, metric, selection, by, case_mix)  # and kept there
        if found is None:
            found = self.store.ask(metric, selection, by, case_mix=case_mix)
            self._keep(file, key, written.text(found))
        return found

    def _keep(self, file: Path, key: str, answer: str) -> None:
        body = f"{key}\n{answer}".encode()
        with contextlib.suppress(OSError):
            if not self._is_there():
                return
            self._place.mkdir(mode=0o700, exist_ok=True)
            self._make_room(len(body))
            _write(file, sha256(body).hexdigest().encode() + b"\n" + body)
        if not self._is_there():  # the version went while this was written
            delete_answers(self.store.folder, self.store.version)

    def _is_there(self) -> bool:
        """Whether the version is one to keep anything of."""
        return self.store.may_keep

    def _make_room(self, n_bytes: int) -> None:
        """The oldest go where there are too many. A process looks again when it has added an eighth of what there may be."""
        with self._lock:
            if self._unseen is not None and self._unseen + n_bytes < MOST_BYTES / 8:
                self._unseen += n_bytes
                return
            self._unseen = 0
        files = sorted(_files(self._place))
        too_many = sum(size for _, size, _ in files) + n_bytes - MOST_BYTES * 7 / 8
        for _, size, file in files:
            if too_many <= 0:
                return
            file.unlink(missing_ok=True)
            too_many -= size


def ask_again(folder: Path, version: str) -> None:
    """Ask of a version that is there, and not yet pointed to, what readers asked of the one that is, so that none of them waits for the change:
    the latest first, for at most SECONDS. It fails for nothing: what is not asked here is asked by a reader.
    """
    with contextlib.suppress(Exception):
        place = answers_of(folder, current_version(folder))
        if place.is_dir():  # what was published is read whole when it is opened
            with contextlib.closing(open_version(folder, version)) as store:
                _ask_again(KeptAnswers(store), place)


def _ask_again(asked: KeptAnswers, place: Path) -> None:
    until = time.monotonic() + SECONDS
    for metric, selection, by, case_mix in _questions(place):
        if time.monotonic() > until:
            return
        with contextlib.suppress(Exception):  # of a service or a metric that is gone, or too large a question
            asked.ask(metric, Selection(**selection), tuple(by), case_mix=case_mix)


def _questions(place: Path) -> Iterator[tuple]:
    """Metric, selection, breakdown and case mix of each answer that lies there, the latest first."""
    for _, _, file in sorted(_files(place), reverse=True):
        with contextlib.suppress(OSError, ValueError, IndexError, TypeError):
            _, metric, selection, by, case_mix, *_ = json.loads(file.read_bytes().split(b"\n", 2)[1])
            yield metric, selection, by, case_mix


def _files(place: Path) -> Iterator[tuple[float, int, Path]]:
    """When each file was written, how large it is, and where; others may be removing them."""
    with os.scandir(place) as found:
        for one in found:
            with contextlib.suppress(FileNotFoundError):
                about = one.stat(follow_symlinks=False)
                yield about.st_mtime, about.st_size, Path(one.path)


def _read(file: Path, key: str) -> Released | None:
    """A kept answer; None where there is none, or not a whole one to this question."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        seal, _, body = file.read_bytes().partition(b"\n")
        question, _, answer = body.decode().partition("\n")
        if seal.decode() == sha256(body).hexdigest() and question == key:
            return written.read(answer)
    return None


def _write(file: Path, body: bytes) -> None:
    """Whole or not at all, for its owner alone; the last of two writers stays, and both wrote the same."""
    beside = file.with_name(f"new-{secrets.token_hex(6)}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(body)
        os.replace(beside, file)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
