"""The key that client references are hashed with. It never enters the store; the store keeps a fingerprint of it."""

import hashlib
import os
import secrets
import stat
from pathlib import Path

NAME, KEY_FILE = "JOURNEYS_KEY", "JOURNEYS_KEY_FILE"
SHORTEST = 16


def client_key(folder: Path) -> str:
    """The key of a store: JOURNEYS_KEY, else the file that JOURNEYS_KEY_FILE names, else one of mode 600 beside the store, made on first use.

    ValueError when the file holds nothing, is not where it is said to be, or others can read it, and for a key that is too short.
    """
    given = os.environ.get(NAME, "").strip()
    if given:
        return _long_enough(given, f"The key in {NAME}", "set a longer one")
    file = key_file(folder)
    if not file.exists():
        if os.environ.get(KEY_FILE):
            raise ValueError(
                f"{KEY_FILE} names {file}, which is not there: put the key there, or name the file that holds it"
            )
        _make(file)
    for_its_owner_alone(file)
    try:
        key = file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{file} is no text, so it is no client key: put the store's key back into it") from None
    if not key:
        raise ValueError(f"{file} is empty: put the store's client key back into it, or set {NAME}")
    return _long_enough(key, f"The key in {file}", "move the file away, so that a new one is made")


def _long_enough(key: str, what: str, mend: str) -> str:
    if len(key) < SHORTEST:
        raise ValueError(
            f"{what} has {len(key)} characters and could be guessed; at least {SHORTEST} are needed: {mend}, and load every "
            "service again (people are then numbered anew)"
        )
    return key


def for_its_owner_alone(file: Path) -> None:
    """ValueError when others than its owner can read or write a file that is secret."""
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ValueError(
            f"{file} can be read by others (mode {stat.S_IMODE(file.stat().st_mode):o}): run `chmod 600 '{file}'`; "
            "if others may have read it, move it away and load every service again with a new key"
        )


def key_file(folder: Path) -> Path:
    named = os.environ.get(KEY_FILE)
    return Path(named) if named else beside(folder, "key")


def beside(folder: Path, ending: str) -> Path:
    """A file that belongs to a folder and lies beside it, not in it."""
    folder = folder.resolve()
    return folder.parent / f"{folder.name}.{ending}"


def unfinished(file: Path) -> Path:
    """Where a secret file is while it is written: an interrupted program must not leave half of it."""
    return file.with_name(f"{file.name}.new")


def _make(file: Path) -> None:
    write_secret(file, secrets.token_hex(32))


def write_secret(file: Path, words: str) -> None:
    """A file of mode 600, whole or not at all."""
    new = unfinished(file)
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
        made.write(words)
        made.flush()
        os.fsync(made.fileno())
    os.replace(new, file)


def fingerprint(key: str) -> str:
    """What the store keeps of the key: enough to tell another key, not enough to use it."""
    return hashlib.sha256(b"fingerprint" + key.encode()).hexdigest()[:16]
