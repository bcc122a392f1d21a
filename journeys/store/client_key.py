"""The key that client references are hashed with. It never enters the store; the store keeps a fingerprint of it."""

import hashlib
import os
import secrets
from pathlib import Path

NAME = "JOURNEYS_KEY"


def client_key(folder: Path) -> str:
    """The key of a store: JOURNEYS_KEY, else a file of mode 600 beside the store, made on first use.

    ValueError when the file holds nothing.
    """
    given = os.environ.get(NAME, "").strip()
    if given:
        return given
    file = key_file(folder)
    if not file.exists():
        _make(file)
    key = file.read_text(encoding="utf-8").strip()
    if not key:
        raise ValueError(f"{file} is empty: put the store's client key back into it, or set {NAME}")
    return key


def key_file(folder: Path) -> Path:
    folder = folder.resolve()
    return folder.parent / f"{folder.name}.key"


def unfinished(file: Path) -> Path:
    """Where a key file is while it is written: an interrupted program must not leave an empty key."""
    return file.with_name(f"{file.name}.new")


def _make(file: Path) -> None:
    beside = unfinished(file)
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
        made.write(secrets.token_hex(32))
        made.flush()
        os.fsync(made.fileno())
    os.replace(beside, file)


def fingerprint(key: str) -> str:
    """What the store keeps of the key: enough to tell another key, not enough to use it."""
    return hashlib.sha256(b"fingerprint" + key.encode()).hexdigest()[:16]
