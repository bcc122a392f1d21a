"""A command that reads deliveries, in a process of its own with limits: a file made to cost cannot take the machine, and whatever breaks
inside a reader ends with a sentence."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

INSIDE = "JOURNEYS_APART"
COMMANDS = {"check": 3600, "load": None}  # seconds; a load is stopped by whoever started it
MAX_BYTES = 6 << 30  # of memory of its own: what DuckDB may use, twice
GIVES_WAY = 10  # of 19: a load takes what dashboards on the same processors leave, and all where nobody reads
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def is_inside() -> bool:
    """Whether this process is the one with limits."""
    return os.environ.get(INSIDE) == "1"


def environment() -> dict[str, str]:
    """The environment of a process that sets itself limits at once."""
    return {**os.environ, INSIDE: "1"}


def limit() -> None:
    """Sets this process its limit of memory, where the system knows one, lets it end with the process that started it, and lets whoever reads go first."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_BYTES if hard < 0 else min(MAX_BYTES, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        os.nice(GIVES_WAY)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def run(command: str, arguments: Sequence[str]) -> tuple[int, str | None]:
    """Runs a command of ours apart; gives its exit status, and a sentence where it did not end by itself."""
    seconds = COMMANDS[command]
    with subprocess.Popen([sys.executable, "-m", "journeys", *arguments], env=environment()) as process:
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return 1, f"this took more than {(seconds or 0) // 60} minutes and was stopped; nothing was changed"
        except KeyboardInterrupt:
            return _stopped(command, _end(process))
    if status < 0:
        words = f"a file could not be read within {MAX_BYTES >> 30} GB of memory, or broke what reads it; nothing was changed. "
        return 1, words + "Hand the tables over as CSV files of their own."
    return status, None


def _end(process: subprocess.Popen) -> int:
    """Lets it tidy up: Ctrl-C has reached it too, a request to stop has not. Its exit status."""
    try:
        return process.wait(2)
    except subprocess.TimeoutExpired:
        process.terminate()
        return process.wait()


def _stopped(command: str, status: int) -> tuple[int, str | None]:
    """A load that was done before it could be stopped says so itself; what was stopped has said it, or it is said here."""
    if command == "load" and status == 0:
        return 0, None
    return 130, None if status == 130 else "stopped; nothing was changed"
