"""A published version: a folder of Parquet by service, with a manifest that names every file and its hash. The store itself stays as it
is; any number of dashboards, and Spark, read what was published of it."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import duckdb

from journeys import sql
from journeys.store.folder import MANIFEST, StoreError, copy_of, file_of, mend, unreached

LAYOUT = "1"
OPTIONS = "(format parquet, compression zstd)"


@dataclass(frozen=True)
class Manifest:
    """The files of each table, and its columns."""

    files: Mapping[str, tuple[Path, ...]]
    columns: Mapping[str, tuple[str, ...]]


def read_manifest(folder: Path, version: str) -> Manifest:
    """What was published of a version, every file of it there and as it was written. Raises StoreError (damaged, other_version, away)."""
    place = copy_of(folder, version)
    try:
        found = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        layout, tables = found["layout"], found["tables"]
        if layout == LAYOUT and found["version"] == version:
            return _whole(place, tables)
    except PermissionError as error:
        raise unreached(folder, error) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        words = f"The store points to {place.name}, which is not there whole ({type(error).__name__})"
        raise StoreError("damaged", f"{words}: {mend(folder)}") from error
    if layout == LAYOUT:
        raise StoreError("damaged", f"{place.name} holds another version ({found['version']}): {mend(folder)}")
    raise StoreError("other_version", f"{place.name} has layout {layout}, this program reads {LAYOUT}: {mend(folder)}")


def _whole(place: Path, tables: Mapping) -> Manifest:
    for name, digest in ((name, digest) for table in tables.values() for name, digest in table["files"].items()):
        if _digest(place / name) != digest:
            raise ValueError(f"{name} is not as it was written")
    files = {table: tuple(place / name for name in told["files"]) for table, told in tables.items()}
    return Manifest(files, {table: tuple(told["columns"]) for table, told in tables.items()})


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def attach(connection: duckdb.DuckDBPyConnection, folder: Path, version: str, name: str) -> Mapping[str, Sequence[str]]:
    """A version's tables, from its file or from what was published of it, as a database of this name; returns the columns of each.

    Raises duckdb.Error and StoreError (damaged, other_version).
    """
    file = file_of(folder, version)
    if file.is_file():
        connection.execute(f"attach {sql.path(file)} as {name} (read_only)")
        return dict(_tables(connection, name))
    manifest = read_manifest(folder, version)
    connection.execute(f"attach ':memory:' as {name}")
    for table, files in manifest.files.items():
        connection.execute(f"create view {name}.{sql.name(table)} as select * from {sql.parquet(files)}")
    return manifest.columns


def write(file: Path, version: str, place: Path) -> None:
    """Write a version, a whole database file, into a new folder. Raises duckdb.Error, OSError."""
    with contextlib.closing(
        duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(place.parent / "spill")})
    ) as held:
        held.execute(sql.QUIET)
        held.execute(f"attach {sql.path(file)} as held (read_only)")
        held.execute("use held")
        copy(held, "held", version, place)


def copy(held: duckdb.DuckDBPyConnection, database: str, version: str, place: Path) -> None:
    """Write the tables of a database, which is the one in use, into a new folder, the manifest last."""
    place.mkdir()
    tables = {table: _table(held, table, columns, place) for table, columns in _tables(held, database)}
    words = json.dumps({"layout": LAYOUT, "version": version, "tables": tables}, indent=1)
    (place / MANIFEST).write_text(words, encoding="utf-8")
    for one in (*place.rglob("*"), place):
        _sync(one)


def _tables(held: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, list[str]]]:
    return held.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() where database_name = $database "
        "and table_name in (select table_name from duckdb_tables() where database_name = $database) group by all order by all",
        {"database": database},
    ).fetchall()


def _table(held: duckdb.DuckDBPyConnection, table: str, columns: list[str], place: Path) -> dict:
    """A table of people in a file a service, another in one; an empty table has a file without rows."""
    (place / table).mkdir()
    files = {}
    for number, where in enumerate(_parts(held, table, columns)):
        name = f"{table}/{number:06d}.parquet"
        held.execute(f"copy (select * from {sql.name(table)}{where}) to {sql.path(place / name)} {OPTIONS}")
        files[name] = _digest(place / name)
    return {"columns": columns, "files": files}


def _parts(held: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Iterator[str]:
    services: list = []
    if "client" in columns and "service_id" in columns:
        services = held.execute(f"select distinct service_id from {sql.name(table)} order by 1").fetchall()
    yield from (f" where service_id = {sql.text(service)}" for (service,) in services)
    if not services:
        yield ""


def put(made: Path, folder: Path, version: str) -> None:
    """Give a written version its place; what is there under its name is not whole, and goes."""
    shutil.rmtree(copy_of(folder, version), ignore_errors=True)
    os.replace(made, copy_of(folder, version))
    _sync(folder)


def is_whole(folder: Path, version: str) -> bool:
    try:
        read_manifest(folder, version)
    except StoreError:
        return False
    return True


def _sync(path: Path) -> None:
    """On the disk, not only on its way there; Windows knows this of files alone."""
    if path.is_dir() and os.name != "posix":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
