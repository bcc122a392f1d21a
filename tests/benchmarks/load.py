"""What a load costs as deliveries grow, beside the least that any program must do: read the same files as text and count their rows.

    python tests/benchmarks/load.py                             10,000, 100,000 and 1,000,000 synthetic journeys as CSV
    python tests/benchmarks/load.py --journeys 10000 100000     of these sizes
    python tests/benchmarks/load.py --delivery FOLDER           of a delivery that is there already (CSV or Parquet)
    python tests/benchmarks/load.py --delivery FOLDER --times 10    of every service of it ten times, under other names (Parquet)

Each load and each plain reading is a process of its own, in turn on the same files. `cpu` is processor time over all threads, which hardly
depends on what else the machine does, `peak` the most memory that the process held. `plain` is one `create table as` for each file,
every column as text, and a count. A time is not a promise of another machine, so nothing here is a test.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from journeys.sample import lives  # noqa: E402
from journeys.sql import file_pattern, text  # noqa: E402
from journeys.store import build  # noqa: E402
from journeys.store.opened import current_version, file_of  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
HEADER = f"{'rows':>12}{'wall s':>9}{'cpu s':>8}{'cpu/1m rows':>13}{'peak GB':>9}{'store MB':>10}{'plain cpu':>11}{'ratio':>7}"


def main() -> None:
    given = _arguments()
    if given.load:
        build.load([Path(given.load[0])], Path(given.load[1]))
    elif given.plain:
        print(plain(Path(given.plain)))
    else:
        print(HEADER)
        for size in [None] if given.delivery else given.journeys:
            with tempfile.TemporaryDirectory(dir=given.work) as work:
                delivery = given.delivery or _written(Path(work), size)
                if given.times > 1:
                    delivery = multiplied(delivery, given.times, Path(work) / "many")
                print(measured(delivery, Path(work)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--journeys", type=int, nargs="+", default=SIZES)
    parser.add_argument("--delivery", type=Path, help="a delivery that is there already")
    parser.add_argument("--times", type=int, default=1, help="every service of the delivery so many times")
    parser.add_argument(
        "--work", help="where deliveries and stores are written meanwhile (else where temporary files go)"
    )
    parser.add_argument("--load", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--plain", help=argparse.SUPPRESS)
    return parser.parse_args()


def _written(work: Path, journeys: int) -> Path:
    lives.write(work / "delivery", journeys=journeys)
    return work / "delivery"


def multiplied(delivery: Path, times: int, target: Path) -> Path:
    """A delivery of Parquet in which every service stands so many times, under other names and with clients of its own."""
    target.mkdir()
    with duckdb.connect(config={"memory_limit": "3GB"}) as connection:
        connection.execute("set preserve_insertion_order = false")
        for file in delivery.glob("*.parquet"):
            rows = f"read_parquet({file_pattern(file)})"
            columns = {row[0] for row in connection.execute(f"describe select * from {rows}").fetchall()}
            renamed = [f"{c} || '-' || i as {c}" for c in ("service_id", "service_name", "client_key") if c in columns]
            many = f"select * replace ({', '.join(renamed)}) from {rows}, range({times}) as r(i)"
            connection.execute(f"copy ({many}) to {text(str(target / file.name))} (format parquet)")
    return target


def measured(delivery: Path, work: Path) -> str:
    """A row of the table: the delivery loaded into a new store, then read plainly."""
    loaded = _process("--load", str(delivery), str(work / "store"))
    read = _process("--plain", str(delivery))
    n_rows, size = int(read.said), file_of(work / "store", current_version(work / "store")).stat().st_size / 1024**2
    each = loaded.cpu / n_rows * 1e6
    return (
        f"{n_rows:>12,}{loaded.wall:>9.1f}{loaded.cpu:>8.1f}{each:>13.2f}{loaded.peak:>9.2f}{size:>10.0f}"
        f"{read.cpu:>11.1f}{loaded.cpu / read.cpu:>7.1f}"
    )


@dataclass(frozen=True)
class Cost:
    """Seconds, processor seconds and peak gigabytes of a process, and what it printed."""

    wall: float
    cpu: float
    peak: float
    said: str


def _process(*arguments: str) -> Cost:
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}")
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2, said)


def plain(delivery: Path) -> int:
    """Every table of a delivery read as text by DuckDB alone; how many rows that are."""
    with tempfile.TemporaryDirectory() as work, duckdb.connect(str(Path(work) / "plain.duckdb")) as connection:
        for number, file in enumerate(sorted([*delivery.glob("*.csv"), *delivery.glob("*.parquet")])):
            connection.execute(f"create table t{number} as select {_as_text(file)}")
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        return sum(connection.execute(f"select count(*) from {name}").fetchall()[0][0] for (name,) in tables)


def _as_text(file: Path) -> str:
    if file.suffix == ".csv":
        return f"* from read_csv({file_pattern(file)}, all_varchar = true, header = true, delim = {text(',')})"
    return f"columns(*)::varchar from read_parquet({file_pattern(file)})"


if __name__ == "__main__":
    main()
