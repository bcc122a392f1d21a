"""DuckDB as what answers: read-only and locked down, over the file of a version or over the Parquet of a published one."""

import atexit
import contextlib
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from filelock import FileLock

from journeys import sql
from journeys.store.folder import StoreError, current_version, file_of, is_damage, is_there, must_go, unreadable
from journeys.store.published import Manifest, read_manifest
from journeys.store.work import is_full, spill

T = TypeVar("T")
# what does not fit into memory, for its owner alone; the store's own folder is only read
SPILL = Path(tempfile.gettempdir()) / f"journeys-spill-{os.getpid()}-{secrets.token_hex(4)}"
ONE_AT_A_TIME = threading.Lock()
SECONDS = 60  # for what a version says of itself
FAULTS = (duckdb.InternalException, duckdb.FatalException)  # of DuckDB itself; the second of all that is asked after it
TOO_LARGE = "This answer needs more memory than there is: ask for a shorter period or fewer rows."
# from the first moment, because a second connection to a database may not change them any more
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "allowed_configs": ["enable_progress_bar"],
    # it does not know how short the lists of what is chosen are, and made a table of all rows to look them up in (tests/store/test_plans.py)
    # a list of words became a table to look rows up in, above rows that lists were unfolded to: with that DuckDB 2.0.0 fails within itself, and its database is lost
    "disabled_optimizers": "join_order,in_clause",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
    "memory_limit": "2GB",
    "temp_directory": str(SPILL),
    "max_temp_directory_size": "4GB",
    "threads": str(min(4, os.cpu_count() or 1)),
}
# the same but for what is closed as soon as it is known which files may be read
LATER = ("enable_external_access", "lock_configuration")


def opened(folder: Path, version: str) -> "Duck":
    """The version's file, else what was published of it. Raises StoreError (damaged)."""
    file = file_of(folder, version)
    manifest = None if file.is_file() else read_manifest(folder, version)
    try:
        _make_spill()
        if manifest is None:
            connection = duckdb.connect(str(file), read_only=True, config=LOCKED)
            connection.execute(sql.QUIET)
        else:
            connection = _apart(file, manifest, LOCKED)
        return Duck(folder, version, connection, manifest)
    except duckdb.Error as error:
        raise unreadable(folder, version, error) from error


def _apart(file: Path, manifest: Manifest | None, settings: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database of its own over the version, whatever becomes of others of this process: its file, or exactly the files that its manifest names."""
    connection = duckdb.connect(config={name: value for name, value in settings.items() if name not in LATER})
    try:
        if manifest is None:
            connection.execute(f"attach {sql.path(file)} as version (read_only)")  # each cursor has to use it
        else:
            files = [sql.path(one) for files in manifest.files.values() for one in files]
            connection.execute(f"set allowed_paths = [{', '.join(files)}]")
        for name in LATER:
            connection.execute(f"set {name} = {settings[name]}")
        for table, mine in manifest.files.items() if manifest else ():
            connection.execute(f"create view {sql.name(table)} as select * from {sql.parquet(mine)}")
        connection.execute(sql.QUIET)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _make_spill() -> FileLock:
    """Once a process, however many threads open a store; a name that nobody can foresee, so that nobody can be there first."""
    with ONE_AT_A_TIME:  # a cache alone lets two threads in before either has an answer to keep
        return _spill_of_this_process()


@cache
def _spill_of_this_process() -> FileLock:
    atexit.register(shutil.rmtree, SPILL, ignore_errors=True)
    return spill(SPILL)


class Duck:
    """One read-only connection. Safe to share between threads: every query has a cursor of its own.

    A fault of DuckDB itself ends a database for the whole process. The query is then asked once more of another one that plans as DuckDB does, and so are all
    others until the first has been opened anew: nobody notices but for the time.
    """

    def __init__(
        self, folder: Path, version: str, connection: duckdb.DuckDBPyConnection, manifest: Manifest | None = None
    ) -> None:
        self.folder, self.version, self.connection, self.manifest = folder, version, connection, manifest
        self._mending, self._is_apart = threading.Lock(), manifest is not None
        self.n_faults = 0

    def close(self) -> None:
        self.connection.close()

    def is_current(self) -> bool:
        """Whether the folder still points to this version."""
        return current_version(self.folder) == self.version

    def may_keep(self) -> bool:
        """Whether released answers may be kept beside the version: it is there, and not one that must go."""
        return is_there(self.folder, self.version) and self.version not in must_go(self.folder)

    def is_gone(self) -> bool:
        """Whether the version is no longer in the folder."""
        return not is_there(self.folder, self.version)

    def columns(self) -> Mapping[str, Sequence[str]]:
        """The columns of every table."""
        if self.manifest is not None:
            return self.manifest.columns
        text = (
            "select table_name, list(column_name order by column_index) as names from duckdb_columns() "
            "where table_name in (select table_name from duckdb_tables()) group by table_name"
        )
        return {row["table_name"]: row["names"] for row in self.rows(text, {}, SECONDS)}

    def rows(self, text: str, values: Mapping, seconds: float) -> list[dict]:
        """The rows of a query as dicts. Raises StoreError (slow, large, damaged)."""
        return self._asked(seconds, lambda cursor: _dicts(cursor.execute(text, dict(values))))

    def table(self, text: str, values: Mapping, seconds: float) -> pa.Table:
        """The rows of a query as an Arrow table. Raises StoreError (slow, large, damaged)."""
        return self._asked(seconds, lambda cursor: cursor.sql(text, params=dict(values)).to_arrow_table())

    def _asked(self, seconds: float, ask: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """What a query gives; asked once more where DuckDB itself failed."""
        connection = self.connection
        try:
            return self._tried(connection, seconds, ask)
        except FAULTS:
            with contextlib.closing(self._mended(connection)) as plain:
                return self._tried(plain, seconds, ask, is_last=True)

    def _mended(self, broken: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """Another database to ask, planned without what LOCKED leaves out; whoever asks next finds one that is whole."""
        file = file_of(self.folder, self.version)
        try:
            with self._mending:
                if self.connection is broken:  # others may be about to ask it: it is closed when nobody holds it
                    self.n_faults += 1
                    self.connection = _apart(file, self.manifest, LOCKED)
                    self._is_apart = True
            return _apart(file, self.manifest, {**LOCKED, "disabled_optimizers": ""})
        except duckdb.Error as error:
            raise unreadable(self.folder, self.version, error) from error

    def _tried(
        self, connection: duckdb.DuckDBPyConnection, seconds: float, ask: Callable[..., T], *, is_last: bool = False
    ) -> T:
        """What one query gives, with a cursor of its own, which is stopped when its time is over."""
        cursor = connection.cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            if (self._is_apart or is_last) and self.manifest is None:
                cursor.execute("use version")
            return ask(cursor)
        except duckdb.InterruptException as error:
            raise StoreError.slow(seconds) from error
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException) or is_full(
                error
            ):  # it writes what does not fit into memory
                raise StoreError("large", TOO_LARGE) from error
            if is_damage(error) or (is_last and isinstance(error, FAULTS)):
                raise unreadable(self.folder, self.version, error) from error
            raise
        finally:
            timer.cancel()
            cursor.close()


def _dicts(answer: duckdb.DuckDBPyConnection) -> list[dict]:
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
