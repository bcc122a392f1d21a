"""How long a question takes on a large store, beside hand-written SQL of the same counts and pandas in memory, in the same run.

    python tests/benchmarks/ask.py                          a store of 1,000,000 synthetic journeys, built in a temporary folder
    python tests/benchmarks/ask.py --keep FOLDER            the same, kept in FOLDER for the next time
    python tests/benchmarks/ask.py --store FOLDER           a store that is there already
    python tests/benchmarks/ask.py --store FOLDER --times 10    the same with every service and person ten times, under other names
    python tests/benchmarks/ask.py --store FOLDER --metrics     every metric beside its own SELECT instead (or only those named after it)
    python tests/benchmarks/ask.py --store FOLDER --drawn 240   so many questions drawn by lot instead, of a server that is ready
    python tests/benchmarks/ask.py --store FOLDER --large       the largest answers instead: every metric of many parts by service and month

A question is asked as a dashboard asks it: guard, people behind small counts, who is left out, intervals. `hand` is SQL that an analyst
would write for the same two counts over the same table, the metric's and who is left out (no guard, no people), `pandas` the metric's over a frame that is in memory already.
Whatever was counted before is forgotten before each; `ready` is the same question on a server that has counted beforehand what it counts when nobody asks, and nothing of this question.
They take turns, so that a busy machine slows all of them; the ratio of the medians is the figure to trust. `cpu` is processor time
over all threads: on an idle machine it takes no longer than that.
`narrow` is one service, its first whole financial year, working age and one gender, so that the difference guard has
work to do. Nothing here is a test: a time is not a promise of another machine.
"""

import argparse
import gc
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import duckdb
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from journeys.answer import ask as answering  # noqa: E402
from journeys.answer import remembered  # noqa: E402
from journeys.answer.question import is_on_its_own_base  # noqa: E402
from journeys.sample import lives  # noqa: E402
from journeys.sql import path  # noqa: E402
from journeys.store import build as load  # noqa: E402
from journeys.store.duck import LOCKED  # noqa: E402
from journeys.store.opened import Store, current_version, file_of, open_store  # noqa: E402
from journeys.vocabulary import metrics  # noqa: E402
from journeys.vocabulary.lists import Lists  # noqa: E402
from journeys.vocabulary.selection import BREAKDOWNS, COHORT_DIMENSIONS, Selection  # noqa: E402

TARGET = 0.2
LARGE = 40_000  # rows of an answer
BY_BOTH = ("service", "month")
APART = 1_000  # more than services and months of the store that is multiplied


def main() -> None:
    given = _arguments()
    if given.build:
        load.load([Path(given.build)], given.keep)
        return
    with tempfile.TemporaryDirectory(dir=given.work) as temporary:
        folder = given.store or given.keep or Path(temporary) / "store"
        if not given.store:
            build(given.journeys, Path(temporary) / "delivery", folder)
        if given.times > 1:
            folder = multiplied(folder, given.times, Path(temporary) / "many")
        if given.drawn:
            measure_drawn(folder, given.drawn, given.seed)
        elif given.large:
            measure_large(folder, given.rounds)
        elif given.metrics is None:
            compare(folder, given.rounds)
        else:
            measure(folder, given.metrics or list(metrics.catalogue()), given.rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--metrics", nargs="*", help="every metric, or only these, beside its own SELECT")
    parser.add_argument("--store", type=Path, help="a store that is there already")
    parser.add_argument("--keep", type=Path, help="build the store here and keep it")
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=1, help="every service and person so many times")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--drawn", type=int, help="so many questions drawn by lot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--large", action="store_true", help="the largest answers")
    parser.add_argument("--work", help="where stores are written meanwhile (else where temporary files go)")
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


# --- beside hand-written SQL and pandas ---

OBSERVED = "records_outcomes and time_possible >= 365"
DAY = "least(coalesce(days_to_work, days_to_end, time_possible), 1096)"
TWO = "count(*) filter (where days_to_work <= 365), count(*)"
NOT_RECORDED = "count(*) filter (where not ever_records_outcomes), count(*) filter (where ever_records_outcomes and not records_outcomes)"
# who is left out, by hand; of referrals and people nobody is
LEFT_OUT = {
    "found_work": f"select {NOT_RECORDED}, count(*) filter (where records_outcomes and time_possible < 365) from journey",
    "spiral_start": f"select {NOT_RECORDED} from journey",
    "time_to_work": f"select {NOT_RECORDED} from journey",
}
COLUMNS = (
    "service_id", "gender", "client", "days_to_work", "days_to_end", "time_possible", "records_outcomes", "start_rung"
)  # fmt: skip


def _found(frame: pd.DataFrame) -> pd.DataFrame:
    observed = frame[frame.records_outcomes & (frame.time_possible >= 365)]
    return observed.assign(found=observed.days_to_work <= 365)


def _by_day(frame: pd.DataFrame) -> pd.DataFrame:
    seen = frame[frame.records_outcomes]
    day = seen.days_to_work.fillna(seen.days_to_end).fillna(seen.time_possible).clip(upper=1096)
    return seen.assign(day=day)


@dataclass(frozen=True)
class Asked:
    """A question, its counts written by hand as SQL, and over a frame."""

    metric: str
    by: tuple[str, ...]
    sql: str
    pandas: Callable[[pd.DataFrame], object]

    def by_hand(self, bare: duckdb.DuckDBPyConnection) -> None:
        """Both counts by hand."""
        bare.execute(self.sql).fetchall()
        if self.metric in LEFT_OUT:
            bare.execute(LEFT_OUT[self.metric]).fetchall()


ASKED = (
    Asked("referrals", (), "select count(*) from journey", len),
    Asked(
        "referrals",
        ("service",),
        "select service_id, count(*) from journey group by all",
        lambda f: f.groupby("service_id", observed=True).size(),
    ),
    Asked(
        "found_work", (), f"select {TWO} from journey where {OBSERVED}", lambda f: _found(f).found.agg(["sum", "size"])
    ),
    Asked(
        "found_work",
        ("service",),
        f"select service_id, {TWO} from journey where {OBSERVED} group by all",
        lambda f: _found(f).groupby("service_id", observed=True).found.agg(["sum", "size"]),
    ),
    Asked(
        "found_work",
        ("gender",),
        f"select gender, {TWO} from journey where {OBSERVED} group by all",
        lambda f: _found(f).groupby("gender", observed=True).found.agg(["sum", "size"]),
    ),
    Asked(
        "spiral_start",
        (),
        "select start_rung, count(*) from journey group by all",
        lambda f: f.start_rung.value_counts(),
    ),
    Asked("people_referred", (), "select count(distinct client) from journey", lambda f: f.client.nunique()),
    Asked(
        "people_referred",
        ("service",),
        "select service_id, count(distinct client) from journey group by all",
        lambda f: f.groupby("service_id", observed=True).client.nunique(),
    ),
    Asked(
        "time_to_work",
        (),
        f"select {DAY}, count(days_to_work), count(*) from journey where records_outcomes group by 1",
        lambda f: _by_day(f).groupby("day").days_to_work.agg(["count", "size"]),
    ),
    Asked(
        "time_to_work",
        ("service",),
        f"select service_id, {DAY}, count(days_to_work), count(*) from journey where records_outcomes group by 1, 2",
        lambda f: _by_day(f).groupby(["service_id", "day"], observed=True).days_to_work.agg(["count", "size"]),
    ),
)


def compare(folder: Path, rounds: int) -> None:
    """Print the medians of each question, in milliseconds of processor time and of time, and the ratios of processor time."""
    store = open_store(folder)
    bare = duckdb.connect(str(file_of(folder, store.version)), read_only=True, config=LOCKED)
    frame = bare.execute(f"select {', '.join(COLUMNS)} from journey").df()
    frame = frame.astype({"service_id": "category", "gender": "category", "start_rung": "category"})
    counted = made_ready(folder)
    print(f"{len(frame):,} journeys, median of {rounds}, ms")
    print(f"{'question':32}{'wall':>7}{'cpu':>7}{'hand':>7}{'ratio':>7}{'pandas':>8}{'ratio':>7}{'ready':>7}{'cpu':>7}")
    for one in ASKED:
        (wall, ask), (ready, cpu), (_, hand), (_, in_memory) = medians(
            [
                lambda one=one: forgotten(store).ask(one.metric, Selection(), one.by),
                lambda one=one: as_counted_beforehand(counted).ask(one.metric, Selection(), one.by),
                lambda one=one: one.by_hand(bare),
                lambda one=one: one.pandas(frame),
            ],
            rounds,
        )
        name = " by ".join((one.metric, *one.by))
        print(
            f"{name:32}{wall * 1e3:7.0f}{ask * 1e3:7.0f}{hand * 1e3:7.0f}{ask / hand:7.1f}"
            f"{in_memory * 1e3:8.0f}{ask / in_memory:7.1f}{ready * 1e3:7.0f}{cpu * 1e3:7.0f}",
            flush=True,
        )


def made_ready(folder: Path) -> Store:
    """The store with the counts that a server makes while nobody asks; how many, and what they take, is printed."""
    counted, began = open_store(folder), (time.perf_counter(), time.process_time())
    for count in answering.beforehand(counted._source, counted.lists):
        # as a server does; a store that was multiplied has journeys alone
        if not counted._source.run_in_columns.is_nearly_full:
            with suppress(duckdb.Error):
                count()
    kept, wall, cpu = counted._source.run_in_columns, time.perf_counter() - began[0], time.process_time() - began[1]
    print(f"{len(kept)} counts beforehand, {kept.weight / 1e6:.0f} MB, in {wall:.0f} s, {cpu:.0f} s of processor time")
    return counted


def forgotten(store: Store) -> Store:
    """The store without what it has counted so far."""
    fresh = remembered.rows(store._run), remembered.columns(store._run_in_columns)
    store.__dict__["_source"] = replace(store._source, run=fresh[0], run_in_columns=fresh[1])
    return store


def as_counted_beforehand(store: Store) -> Store:
    """The store with nothing but its counts by number."""
    store.__dict__["_source"] = replace(store._source, run=remembered.rows(store._run))
    return store


def multiplied(folder: Path, times: int, target: Path) -> Path:
    """A store of which every service and person stands so many times, under other names, with the journeys and where they stand alone; one copy after another, as deliveries of so many areas come."""
    version = current_version(folder)
    target.mkdir()
    shutil.copy(folder / "CURRENT", target / "CURRENT")
    with duckdb.connect(str(file_of(target, version)), config={"memory_limit": "3GB"}) as made:
        made.execute(f"attach {path(file_of(folder, version))} as one (read_only)")
        tables = made.execute(
            "select table_name, list(column_name) from duckdb_columns() where database_name = 'one' group by 1"
        )
        for table, columns in tables.fetchall():
            if "client" in columns and table not in ("journey", "standing"):
                continue
            made.execute(f"create table {table} as from one.{table} limit 0")
            for i in range(times if "service_id" in columns else 1):
                made.execute(f"insert into {table} by name {_copy(table, columns, i)}")
    return target


def _copy(table: str, columns: Sequence[str], i: int) -> str:
    """A table whose services and people have other names, and whose numbers of services and months others."""
    changed = [f"service_id || '-{i}' as service_id"] if "service_id" in columns else []
    changed += [f"{n} + {i * APART} as {n}" for n in ("service_month", "number") if n in columns and "month" in columns]
    changed += [f"client + {i} * (1::bigint << 59) as client"] if "client" in columns else []
    replaced = f"replace ({', '.join(changed)}) " if changed else ""
    return f"select * {replaced}from one.{table}"


# --- questions drawn by lot ---


def measure_drawn(folder: Path, n: int, seed: int) -> None:
    """Print the seconds of questions drawn by lot, of which nothing was asked before, and which took longest: usual ones (no cohort filter, up to one breakdown) and any."""
    store, draw, found = made_ready(folder), random.Random(seed), []
    gc.disable()
    slugs = [slug for slug in metrics.catalogue() if _reads(slug) <= {*store._columns}]
    while len(found) < n:
        slug, by = draw.choice(slugs), tuple(draw.sample(BREAKDOWNS, draw.choice((0, 1, 1, 2, 2, 2))))
        try:
            selection = _drawn(store.lists, draw)
            gc.collect()  # as a process that answers does when nobody asks
            gc.freeze()
            began = time.perf_counter()
            n_rows = len(
                tuple(as_counted_beforehand(store).ask(slug, selection, by).rows)
            )  # which are made when looked at
        except ValueError:
            continue  # not a question
        found.append((time.perf_counter() - began, slug, by, len(selection.cohort), n_rows))
    gc.unfreeze()
    usual = [one for one in found if not one[3] and len(one[2]) <= 1]
    for name, ones, goal in (("usual", usual, 0.1), ("any", found, 1)):
        seconds = sorted(one[0] for one in ones)
        within = sum(s <= goal for s in seconds)
        print(
            f"{name}: {within} of {len(ones)} within {goal} s, median {median(seconds):.2f}, 95% {seconds[int(0.95 * len(ones))]:.2f}"
        )
        for took, slug, by, n_filters, n_rows in sorted(ones, reverse=True)[:8]:
            print(f"{took:8.2f}  {slug} by {', '.join(by) or 'nothing'}, {n_filters} filters, {n_rows:,} rows")


# --- the largest answers ---


def measure_large(folder: Path, rounds: int) -> None:
    """Print the seconds of every answer by service and month of so many rows, of which nothing was asked before: released, then also as a frame, and with its
    rows one by one; beside the metric's own SELECT by service and month alone, fetched."""
    store = made_ready(folder)
    bare = duckdb.connect(str(file_of(folder, store.version)), read_only=True, config=LOCKED)
    print(
        f"{'metric':22}{'rows':>10}{'answer':>9}{'cpu':>7}{'frame':>8}{'rows':>7}{'bare':>7}{'cpu':>7}   s, median of {rounds}"
    )
    gc.disable()
    for slug in (slug for slug in metrics.catalogue() if _reads(slug) <= {*store._columns}):
        try:
            n_rows = len(store.ask(slug, Selection(), BY_BOTH).rows)
        except ValueError:  # by one of these already
            continue
        if n_rows < LARGE:
            continue
        (answer, cpu), (frame, _), (rows, _), (alone, bare_cpu) = medians(
            [
                lambda slug=slug: _first(store).ask(slug, Selection(), BY_BOTH),
                lambda slug=slug: _first(store).ask(slug, Selection(), BY_BOTH).frame(),
                lambda slug=slug: tuple(_first(store).ask(slug, Selection(), BY_BOTH).rows),
                lambda slug=slug: bare.execute(_by_both(slug)).fetchall(),
            ],
            rounds,
        )
        times = (answer, cpu, frame, rows, alone, bare_cpu)
        print("{:22}{:10,}{:9.2f}{:7.2f}{:8.2f}{:7.2f}{:7.2f}{:7.2f}".format(slug, n_rows, *times), flush=True)
        gc.collect()


def _first(store: Store) -> Store:
    """A server that is ready, and has been asked nothing of this kind."""
    store.lists.worked_out.pop("blocks", None)
    return as_counted_beforehand(store)


def _by_both(slug: str) -> str:
    """A metric's own SELECT, by service and month."""
    label = f"service_id as by_1, month as by_2, 0 as part, {Selection().days} as horizon"
    tables = (
        f"{'selected' if table == 'journey' else f'selected_{table}'} as (select *, {label} from {table})"
        for table in sorted(_reads(slug))
    )
    return f"with {', '.join(tables)} select * from (\n{metrics.get(slug).sql}\n) as answer"


def _reads(slug: str) -> set[str]:
    """The tables that a metric reads."""
    return {
        name.removeprefix("selected_") if name != "selected" else "journey"
        for name in re.findall(r"\bselected\w*", metrics.get(slug).sql)
    }


def _drawn(lists: Lists, draw: random.Random) -> Selection:
    """Half of them of all time, a quarter of one service, half with filters, half on a narrower base."""
    years, quarters = (lists.calendar.units(unit, "all") for unit in ("financial_year", "quarter"))
    period = draw.choice(("all", "all", draw.choice(years), draw.choice(quarters)))
    service = draw.choice((None, None, None, draw.choice([*lists.services])))
    filters = draw.sample(COHORT_DIMENSIONS, draw.choice((0, 0, 0, 1, 2, 3)))
    cohort = {name: draw.choice(lists.codes(name)) for name in filters}
    return Selection(
        period=period, service=service, cohort=cohort, base=draw.choice(("all", "all", "working_age", "out_of_work"))
    )


# --- every metric beside its own SELECT ---


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
                lambda slug=slug: forgotten(store).ask(slug, Selection()),
                lambda slug=slug: bare.execute(metrics.get(slug).sql).fetchall(),
                lambda slug=slug: forgotten(store).ask(slug, Selection(), ("service",)),
                lambda slug=slug: forgotten(store).ask(slug, _on_its_base(slug, narrow)),
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
