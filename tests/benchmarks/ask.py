"""How long a question takes on a large store, beside the metric's own SELECT as it lies in its file.

    python tests/benchmarks/ask.py                          a store of 1,000,000 synthetic journeys, built in a temporary folder
    python tests/benchmarks/ask.py --keep FOLDER            the same, kept in FOLDER for the next time
    python tests/benchmarks/ask.py --store FOLDER           a store that is there already
    python tests/benchmarks/ask.py --store FOLDER found_work paths

Each metric is asked as a dashboard asks it (guard, people behind small counts, who is left out, intervals), in turn with its
SELECT over the whole store (`bare`), A B A B, so that a busy machine slows both; the ratio of the medians is the figure to trust. `cpu`
is the processor time of the question over all threads: on an idle machine it takes no longer than that.
`narrow` is one service, its first whole financial year, working age and one gender, so that the difference guard has
work to do. Nothing here is a test: a time is not a promise of another machine.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from journeys.answer.question import is_on_its_own_base  # noqa: E402
from journeys.sample import lives  # noqa: E402
from journeys.store import build as load  # noqa: E402
from journeys.store.opened import LOCKED, current_version, file_of, open_store  # noqa: E402
from journeys.vocabulary import metrics  # noqa: E402
from journeys.vocabulary.selection import Selection  # noqa: E402

TARGET = 0.2


def main() -> None:
    given = _arguments()
    if given.build:
        load.load([Path(given.build)], given.keep)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.store or given.keep or Path(temporary) / "store"
        if not given.store:
            build(given.journeys, Path(temporary) / "delivery", folder)
        measure(folder, given.metrics or list(metrics.catalogue()), given.rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("metrics", nargs="*", help="only these metrics")
    parser.add_argument("--store", type=Path, help="a store that is there already")
    parser.add_argument("--keep", type=Path, help="build the store here and keep it")
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--build", help=argparse.SUPPRESS)
    return parser.parse_args()


def build(journeys: int, delivery: Path, folder: Path) -> None:
    """Write a synthetic delivery and load it in a process of its own, whose peak memory is printed."""
    started = time.perf_counter()
    lives.write(delivery, journeys=journeys)
    written = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--build", str(delivery), "--keep", str(folder)], check=True)
    loaded = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    size = file_of(folder, current_version(folder)).stat().st_size / 1024**2
    print(f"{journeys:,} journeys: written in {written - started:.0f} s, loaded in {loaded - written:.0f} s")
    print(f"peak memory of the load {peak:.2f} GB, store {size:.0f} MB")


def measure(folder: Path, slugs: list[str], rounds: int) -> None:
    """Print the medians of each metric in milliseconds, and how many default questions miss the target."""
    store = open_store(folder)
    bare = duckdb.connect(str(file_of(folder, store.version)), read_only=True, config=LOCKED)
    narrow = _narrow(store)
    print(
        f"\n{'metric':26}{'ask':>8}{'cpu':>6}{'bare':>9}{'ratio':>7}{'by service':>12}{'narrow':>8}   ms, median of {rounds}"
    )
    missed = []
    for slug in slugs:
        (ask, cpu), (alone, _), (by_service, _), (narrowed, _) = medians(
            [
                lambda slug=slug: store.ask(slug, Selection()),
                lambda slug=slug: bare.execute(metrics.get(slug).sql).fetchall(),
                lambda slug=slug: store.ask(slug, Selection(), ("service",)),
                lambda slug=slug: store.ask(slug, _on_its_base(slug, narrow)),
            ],
            rounds,
        )
        missed += [slug] * (ask > TARGET)
        times = (ask * 1e3, cpu * 1e3, alone * 1e3, ask / alone, by_service * 1e3, narrowed * 1e3)
        print("{:26}{:8.0f}{:6.0f}{:9.1f}{:7.1f}{:12.0f}{:8.0f}".format(slug, *times), flush=True)
    print(f"\n{len(missed)} of {len(slugs)} default questions took more than {TARGET} s: {', '.join(missed) or 'none'}")


def medians(calls, rounds: int) -> list[tuple[float, float]]:
    """Seconds and processor seconds of each call, warm; the calls take turns so that a busy minute slows all of them."""
    for call in calls:
        call()
    times = [[_seconds(call) for call in calls] for _ in range(rounds)]
    return [
        (median(wall for wall, _ in column), median(cpu for _, cpu in column)) for column in zip(*times, strict=True)
    ]


def _seconds(call) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - cpu


def _narrow(store) -> Selection:
    """The service that records most, its first whole financial year, working age, one gender."""
    service = max(store.lists.services.values(), key=lambda s: (len(s.records), s.service_id))
    years = store.lists.calendar.units("financial_year", "all")
    year = next((y for y in years if int(y[:4]) > int(service.first_month[:4])), years[-1])
    return Selection(period=year, service=service.service_id, cohort={"gender": "female"}, base="working_age")


def _on_its_base(slug: str, selection: Selection) -> Selection:
    """The selection without its base where the metric is about people out of work alone."""
    return selection.but(base="all") if is_on_its_own_base(metrics.get(slug)) else selection


if __name__ == "__main__":
    main()
