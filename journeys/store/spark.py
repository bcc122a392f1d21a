"""Spark as what answers, through Spark Connect, over what was published of a store: for those whose data may lie and be computed in their
own lakehouse alone. `JOURNEYS_ENGINE=spark`, with the server in JOURNEYS_SPARK (sc://...) and the published folder, as the server
sees it, in JOURNEYS_TABLES (a path, s3a://..., /Volumes/...). pyspark is imported only then."""

import contextlib
import json
import os
import re
import secrets
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import pyarrow as pa

from journeys.store.folder import VERSION, StoreError
from journeys.store.published import LAYOUT, MANIFEST

ENGINES = ("duckdb", "spark")
RELEASE = "4."  # of the server
SECONDS_CURRENT = 15.0  # that a pointer once read is believed
RETRIES = 3
# a line of its own: the lines of a process share how long they wait before they try again, and that grows to minutes
CHANNEL = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 1_000)]
OPENING_SECONDS = 60.0
STOPPED, NO_PATH = "OPERATION_CANCELED", "PATH_NOT_FOUND"
LOST = ("SESSION_CHANGED", "SESSION_CLOSED", "SESSION_NOT_FOUND", "NO_ACTIVE_SESSION", "TABLE_OR_VIEW_NOT_FOUND")
DAMAGED = ("FAILED_READ_FILE", "CANNOT_READ_FILE", NO_PATH, "MALFORMED", "CORRUPT", "UNABLE_TO_INFER_SCHEMA")
T = TypeVar("T")
# what DuckDB calls otherwise; all else of the SQL is one text (tests/answer/test_one_sql.py)
SPELLINGS = ((r"\$(\w+)", r":\1"), (r"\bas (not )?materialized \(", "as ("), (r"\bunnest\(", "explode("))


@dataclass(frozen=True)
class Place:
    """A Spark Connect server (its address may hold a token) and the folder of what was published, as the server sees it."""

    server: str = field(repr=False)
    tables: str

    @property
    def name(self) -> str:
        """The server without what only it may know."""
        return self.server.removeprefix("sc://").split("/")[0].split(";")[0]


def place() -> Place | None:
    """Where the environment says that Spark answers; None where it does not. StoreError where that is half said."""
    engine = os.environ.get("JOURNEYS_ENGINE", "").lower() or ENGINES[0]
    if engine not in ENGINES:
        raise StoreError("damaged", f"JOURNEYS_ENGINE is {engine!r}: it can be {' or '.join(ENGINES)}.")
    if engine != "spark":
        return None
    server, tables = os.environ.get("JOURNEYS_SPARK", ""), os.environ.get("JOURNEYS_TABLES", "")
    if not server.startswith("sc://") or not tables:
        needs = "JOURNEYS_SPARK=sc://SERVER:PORT and JOURNEYS_TABLES=FOLDER"
        raise StoreError("damaged", f"JOURNEYS_ENGINE=spark needs {needs}.")
    return Place(server, tables.rstrip("/"))


def in_sparks_words(text: str) -> str:
    """The one SQL text as Spark spells it."""
    for pattern, spark in SPELLINGS:
        text = re.sub(pattern, spark, text)
    return text


# --- a session ------------------------------------------------------------------------------------------------------------


class Session:
    """A session of the server, made when it is first needed, and anew after the server was restarted. Threads may share it."""

    def __init__(self, at: Place, prepare: Callable[[Any], object] = lambda session: None) -> None:
        self.at, self._prepare = at, prepare
        self._lock, self._session = threading.Lock(), None

    def run(self, work: Callable[[Any], T], seconds: float) -> T:
        """What `work` makes of the session, stopped after so long; once more in a new session when this one is no more."""
        try:
            return self._timed(work, seconds)
        except Exception as error:
            if not any(words in _said(error) for words in LOST):
                raise self._explained(error, seconds) from error
        self.close()
        try:
            return self._timed(work, seconds)
        except Exception as error:
            raise self._explained(error, seconds) from error

    def _timed(self, work: Callable[[Any], T], seconds: float) -> T:
        session, tag = self._opened(), f"journeys-{secrets.token_hex(8)}"
        timer = threading.Timer(seconds, session.interruptTag, [tag])
        timer.daemon = True
        session.addTag(tag)
        timer.start()
        try:
            return work(session)
        finally:
            timer.cancel()
            session.removeTag(tag)

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                session = _connected(self.at)
                self._prepare(session)
                self._session = session
            return self._session

    def close(self) -> None:
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(Exception):  # a server that is gone cannot be told
                session.stop()

    def _explained(self, error: Exception, seconds: float) -> Exception:
        """What a page can say, and never what the server wrote: values of people can stand in it."""
        said = _said(error)
        if isinstance(error, StoreError):
            return error
        if STOPPED in said:
            return StoreError.slow(seconds)
        if any(words in said for words in DAMAGED):
            return StoreError(
                "damaged", f"{self.at.tables} cannot be read by {self.at.name} ({condition(error)}): {PUBLISH}"
            )
        if _is_of_the_line(error):
            self.close()
            words = f"The Spark server {self.at.name} does not answer: try again in a minute, or ask whoever runs it."
            return StoreError("away", words)
        return error


PUBLISH = (
    "publish the store again with `python -m journeys publish --to FOLDER` and put the folder there whole; "
    "one that was loaded on Spark goes back with `python -m journeys rollback`, or is loaded again."
)


def _connected(at: Place) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about releases of pandas, which is not used here
        from pyspark.sql.connect.client import DefaultChannelBuilder
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        session = SparkSession.Builder().channelBuilder(DefaultChannelBuilder(at.server, CHANNEL)).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES, initial_backoff=200, max_backoff=1_000)])
        version = session.version
    if not version.startswith(RELEASE):
        session.stop()
        words = f"{at.name} runs Spark {version}, this program asks {RELEASE}x: connect to one of that release."
        raise StoreError("other_version", words)
    return session


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {condition(error)} {str(error)[:2_000]}"


def condition(error: Exception) -> str:
    """The name of an error in Spark's own list: of no person."""
    condition = getattr(error, "getCondition", lambda: None)()
    return str(condition or type(error).__name__)


def _is_of_the_line(error: Exception) -> bool:
    return isinstance(error, OSError) or any(
        words in _said(error)
        for words in (
            "RetriesExceeded",
            "RETRIES_EXCEEDED",
            "UNAVAILABLE",
            "RpcError",
            "_InactiveRpcError",
            "_MultiThreadedRendezvous",
            "ConnectGrpc",
        )
    )


# --- what was published ---------------------------------------------------------------------------------------------------


def _text(session: Any, path: str) -> str:
    return session.read.text(path, wholetext=True).toArrow().column(0)[0].as_py()


@dataclass
class Pointer:
    """The version that is pointed to, believed for some seconds: a page would wait for it otherwise."""

    session: Session
    version: str = ""
    read_at: float = float("-inf")

    def current(self) -> str:
        if time.monotonic() - self.read_at > SECONDS_CURRENT:
            path = f"{self.session.at.tables}/CURRENT"
            version = self.session.run(lambda session: _text(session, path), OPENING_SECONDS).strip()
            if not VERSION.fullmatch(version):
                raise StoreError("damaged", f"{path} does not name a version: {PUBLISH}")
            self.version, self.read_at = version, time.monotonic()
        return self.version

    def look_again(self) -> None:
        """What was read is not believed any more."""
        self.read_at = float("-inf")


@cache
def _pointer(at: Place) -> Pointer:
    return Pointer(Session(at))


def current(at: Place) -> str:
    """The version that is pointed to. Raises StoreError (damaged, away, other_version)."""
    return _pointer(at).current()


class Spark:
    """One version, as what answers. Safe to share between threads."""

    def __init__(self, at: Place, version: str) -> None:
        self.at, self.version = at, version
        self._tables: Mapping[str, Mapping] = {}
        self._session = Session(at, self._view)

    def _view(self, session: Any) -> None:
        """Each table over exactly the files that the manifest names: one that is missing is an error, one beside them is not read."""
        place = f"{self.at.tables}/journeys-{self.version}"
        try:
            found = json.loads(_text(session, f"{place}/{MANIFEST}"))
            layout, self._tables = found["layout"], found["tables"]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError("damaged", f"{place}/{MANIFEST} cannot be read: {PUBLISH}") from error
        if layout != LAYOUT or found["version"] != self.version:
            raise StoreError("other_version", f"{place} has layout {layout}, this program reads {LAYOUT}: {PUBLISH}")
        for table, told in self._tables.items():
            files = [f"{place}/{name}" for name in told["files"]]
            session.read.parquet(*files).createOrReplaceTempView(table)

    def is_current(self) -> bool:
        """Whether this version is the one that is pointed to."""
        return current(self.at) == self.version

    def may_keep(self) -> bool:
        """Whether released answers may be kept: of the version that is pointed to alone, since nobody says here which ones are gone."""
        return self.is_current()

    def is_gone(self) -> bool:
        """Whether another version is pointed to, as of now."""
        _pointer(self.at).look_again()
        return not self.is_current()

    def columns(self) -> Mapping[str, Sequence[str]]:
        """The columns of every table."""
        self._session.run(lambda session: None, OPENING_SECONDS)
        return {table: told["columns"] for table, told in self._tables.items()}

    def rows(self, text: str, values: Mapping, seconds: float) -> list[dict]:
        """The rows of a query as dicts. Raises StoreError (slow, damaged, away, other_version)."""
        return self.table(text, values, seconds).to_pylist()

    def table(self, text: str, values: Mapping, seconds: float) -> pa.Table:
        """The rows of a query as an Arrow table. Raises StoreError (slow, damaged, away, other_version)."""
        spoken = in_sparks_words(text)
        return self._session.run(lambda session: session.sql(spoken, args=dict(values)).toArrow(), seconds)

    def close(self) -> None:
        self._session.close()
