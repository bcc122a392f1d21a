"""What a question takes of a store's file, of what was published of it, and of Spark over the same files. By hand: nothing here is a test.

    python tests/benchmarks/spark.py --store STORE [--to FOLDER] [--times 10] [--rounds 5] [--delivery DELIVERY]

`--times` makes a store of it in which every service and person stands so many times (journeys alone). What is published stays in `--to`, which
is of one size: what is there under the name of the version is taken as it is.
`--delivery` also loads a delivery on one machine and on Spark, each into a folder of its own. Calls take turns, so that a busy machine slows
all of them. The server is one on this machine with all its processors, so Spark pays for what a cluster needs and gains nothing from it.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "store")]

from ask import ASKED, forgotten, medians, multiplied  # noqa: E402
from spark_server import Server, home  # noqa: E402

from journeys.store import build, spark, spark_load  # noqa: E402
from journeys.store.folder import copy_of, current_version, file_of  # noqa: E402
from journeys.store.opened import Store, open_store  # noqa: E402
from journeys.store.publishing import publish  # noqa: E402
from journeys.vocabulary.selection import Selection  # noqa: E402

QUESTIONS = [*((one.metric, one.by) for one in ASKED), ("referrals", ("service", "quarter"))]
COLUMNS = ("file", "parquet", "spark")


def main() -> None:
    given = _arguments()
    if home() is None:
        sys.exit("no Java or no pyspark in .venv/spark: .ci/run installs them")
    with tempfile.TemporaryDirectory(dir=given.work) as temporary:
        work = Path(temporary)
        store = multiplied(given.store, given.times, work / "many") if given.times > 1 else given.store
        to = given.to or work / "copy"
        _published(store, to)
        with _serving(work, given.memory) as server:
            ask(store, to, server, given.rounds, work / "local")
            if given.delivery:
                load(given.delivery, server, work)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, required=True, help="a store; it is only read")
    parser.add_argument("--to", type=Path, help="where it is published, and stays (else where temporary files go)")
    parser.add_argument("--times", type=int, default=1, help="every service and person so many times")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--delivery", type=Path, help="load this, too, on one machine and on Spark")
    parser.add_argument("--memory", default="2g", help="of the server's heap (default 2g)")
    parser.add_argument("--work", help="where stores are written meanwhile (else where temporary files go)")
    return parser.parse_args()


def _published(store: Path, to: Path) -> None:
    version = current_version(store)
    was_there = copy_of(to, version).exists()
    seconds = _seconds(lambda: publish(to, store))
    file, folder = file_of(store, version).stat().st_size, _bytes(copy_of(to, version))
    n_files = sum(1 for _ in copy_of(to, version).rglob("*.parquet"))
    print(f"file {file / 1e6:,.0f} MB, folder {folder / 1e6:,.0f} MB in {n_files:,} files")
    print("was published before" if was_there else f"published in {seconds:.1f} s", flush=True)


def _bytes(place: Path) -> int:
    return sum(one.stat().st_size for one in place.rglob("*") if one.is_file())


@contextlib.contextmanager
def _serving(work: Path, memory: str) -> Iterator[Server]:
    """A server as the tests have it, but for settings that make small questions fast and large ones slow."""
    (work / "server").mkdir()
    n = str(os.cpu_count() or 1)
    server = Server(work / "server", {"spark.sql.shuffle.partitions": n}, ("--driver-memory", memory), "local[*]")
    started = _seconds(server.start)
    print(f"a server of {n} processors and {memory} was up in {started:.0f} s", flush=True)
    try:
        yield server
    finally:
        server.stop()


def ask(store: Path, to: Path, server: Server, rounds: int, local: Path) -> None:
    """Print the medians of each question in milliseconds; every question is counted anew."""
    opened, seconds = {}, {}
    ways = {
        "file": lambda: open_store(store),
        "parquet": lambda: open_store(to),
        "spark": lambda: _on(server, to, local),
    }
    for name, way in ways.items():
        seconds[name] = _seconds(lambda name=name, way=way: opened.update({name: way()}))
    n = opened["file"]._run("select count(*) as n from journey", {})[0]["n"]
    print(f"\n{n:,} journeys, {len(opened['file'].lists.services)} services; ms, median of {rounds}")
    print(f"{'question':36}" + "".join(f"{name:>10}" for name in COLUMNS))
    print(f"{'(opening, once)':36}" + "".join(f"{seconds[name] * 1e3:10,.0f}" for name in COLUMNS))
    for metric, by in QUESTIONS:
        asked = [opened[name].ask(metric, Selection(), by).rows for name in COLUMNS]
        assert asked[0] == asked[1] == asked[2], (metric, by)
        calls = [lambda one=opened[name]: forgotten(one).ask(metric, Selection(), by) for name in COLUMNS]  # noqa: B023
        found = medians(calls, rounds)
        print(f"{' by '.join((metric, *by)):36}" + "".join(f"{wall * 1e3:10,.0f}" for wall, _ in found), flush=True)
    for one in opened.values():
        one.close()


def _on(server: Server, to: Path, local: Path) -> Store:
    told = {"ENGINE": "spark", "SPARK": server.address, "TABLES": str(to), "STORE": str(local)}
    os.environ.update({f"JOURNEYS_{name}": value for name, value in told.items()})
    return open_store()


def load(delivery: Path, server: Server, work: Path) -> None:
    """Print what a load takes on one machine and on Spark, with one key."""
    os.environ["JOURNEYS_KEY_FILE"] = str(server.key)
    wanted = build.Wanted(False, False, False, False, None, None, None)
    at = spark.Place(server.address, str(work / "loaded on Spark"))
    alone = _seconds(lambda: build.load([delivery], work / "loaded"))
    tasks = _seconds(lambda: spark_load.load(at, [delivery], wanted))
    print(f"\n{delivery.name}: loaded in {alone:.0f} s on one machine, in {tasks:.0f} s in tasks of Spark")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
