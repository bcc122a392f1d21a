"""DuckDB as what answers: read-only and locked down, over the file of a version or over the Parquet of a published one."""

import atexit
import contextlib
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock

from journeys import sql
from journeys.store.folder import StoreError, current_version, file_of, is_damage, is_there, must_go, unreadable
from journeys.store.published import Manifest, read_manifest
from journeys.store.work import is_full, spill

# what does not fit into memory, for its owner alone; the store's own folder is only read
SPILL = Path(tempfile.gettempdir()) / f"journeys-spill-{os.getpid()}-{secrets.token_hex(4)}"
ONE_AT_A_TIME = threading.Lock()
TOO_LARGE = "This answer needs more memory than there is: ask for a shorter period or fewer rows."
# from the first moment, because a second connection to a database may not change them any more
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "allowed_configs": ["enable_progress_bar"],
    # it does not know how short the lists of what is chosen are, and made a table of all rows to look them up in (tests/store/test_plans.py)
    "disabled_optimizers": "join_order",
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
    connection = None
    try:
        _make_spill()
        if manifest is None:
            connection = duckdb.connect(str(file), read_only=True, config=LOCKED)
        else:
            connection = duckdb.connect(config={name: value for name, value in LOCKED.items() if name not in LATER})
            _view(connection, manifest)
        connection.execute(sql.QUIET)
        return Duck(folder, version, connection, manifest)
    except duckdb.Error as error:
        if connection is not None:
            connection.close()
        raise unreadable(folder, version, error) from error


def _view(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Each table over exactly the files that the manifest names: these alone can be read, and nothing can be written."""
    files = [sql.path(file) for files in manifest.files.values() for file in files]
    connection.execute(f"set allowed_paths = [{', '.join(files)}]")
    for name in LATER:
        connection.execute(f"set {name} = {LOCKED[name]}")
    for table, mine in manifest.files.items():
        connection.execute(f"create view {sql.name(table)} as select * from {sql.parquet(mine)}")


def _make_spill() -> FileLock:
    """Once a process, however many threads open a store; a name that nobody can foresee, so that nobody can be there first."""
    with ONE_AT_A_TIME:  # a cache alone lets two threads in before either has an answer to keep
        return _spill_of_this_process()


@cache
def _spill_of_this_process() -> FileLock:
    atexit.register(shutil.rmtree, SPILL, ignore_errors=True)
    return spill(SPILL)


class Duck:
    """One read-only connection. Safe to share between threads: every query has a cursor of its own."""

    def __init__(
        self, folder: Path, version: str, connection: duckdb.DuckDBPyConnection, manifest: Manifest | None = None
    ) -> None:
        self.folder, self.version, self.connection, self.manifest = folder, version, connection, manifest

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
        found = self.connection.cursor().execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where table_name in (select table_name from duckdb_tables()) group by table_name"
        )
        return dict(found.fetchall())

    def rows(self, text: str, values: Mapping, seconds: float) -> list[dict]:
        """The rows of a query as dicts. Raises StoreError (slow, large, damaged)."""
        with self._asked(seconds) as cursor:
            answer = cursor.execute(text, dict(values))
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def table(self, text: str, values: Mapping, seconds: float) -> pa.Table:
        """The rows of a query as an Arrow table. Raises StoreError (slow, large, damaged)."""
        with self._asked(seconds) as cursor:
            return cursor.sql(text, params=dict(values)).to_arrow_table()

    @contextlib.contextmanager
    def _asked(self, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one query, which is stopped when its time is over."""
        cursor = self.connection.cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.InterruptException as error:
            raise StoreError.slow(seconds) from error
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException) or is_full(
                error
            ):  # it writes what does not fit into memory
                raise StoreError("large", TOO_LARGE) from error
            if is_damage(error):
                raise unreadable(self.folder, self.version, error) from error
            raise
        finally:
            timer.cancel()
            cursor.close()
