"""How long a question takes on a large store, beside the same count written by hand.

    python tests/benchmarks/ask.py                          a store of 1,000,000 synthetic journeys, built in a temporary folder
    python tests/benchmarks/ask.py --keep FOLDER            the same, kept in FOLDER for the next time
    python tests/benchmarks/ask.py --store FOLDER           a store that is there already
    python tests/benchmarks/ask.py --store FOLDER found_work paths

Each metric is asked as a dashboard asks it (guard, people behind small counts, who is left out, intervals), in turn with a plain
count over the same table, A B A B, so that a busy machine slows both; the ratio of the medians is the figure to trust. `cpu`
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

from journeys.sample import lives  # noqa: E402
from journeys.store import build as load  # noqa: E402
from journeys.store.opened import LOCKED, current_version, file_of, open_store  # noqa: E402
from journeys.vocabulary import metrics  # noqa: E402
from journeys.vocabulary.selection import Selection  # noqa: E402

TARGET = 0.2
SEEN = "records_outcomes and days_possible >= 365"
STAGES = ((3, 91), (6, 183), (9, 274), (12, 365), (18, 548), (24, 730))


def _share(numerator, where):
    return f"select count(*) filter (where {numerator}), count(*) from journey where {where}"


def _each(column, where="true", table="journey"):
    return f"select {column}, count(*) from {table} where {where} group by 1"


def _each_of(column, where="true"):
    return f"select unnest({column}) as one, count(*) from journey where {where} group by 1"


def _days(column):
    kinds = (
        f"count({column}), count(*) filter (where {column} is null and is_closed), "
        f"count(*) filter (where {column} is null and not is_closed)"
    )
    return f"select coalesce({column}, days_observed), {kinds} from journey where records_outcomes group by 1"


def _jobs(state):
    counts = [
        f"count(*) filter (where {state.format(days=days)} and days_possible - first_job_start >= {days}), "
        f"count(*) filter (where days_possible - first_job_start >= {days})"
        for days in (91, 182, 364)
    ]
    return f"select {', '.join(counts)} from journey where records_outcomes and first_job_start is not null"


def _standing():
    return " union all ".join(
        f"select {months}, rung_after_{months}, count(*) from journey where records_outcomes and days_possible >= {days} group by 2"
        for months, days in STAGES
    )


def _filled():
    fields = ("has_first_contact_on", "is_closed", "is_closed and has_closure_reason", "has_age_at_referral",
        "gender not in ('unknown', 'not_stated')", "ethnic_group not in ('unknown', 'not_stated')", "has_imd_decile",
        "has_long_term_conditions", "employment_status not in ('unknown', 'not_stated')", "len(reasons) > 0",
        "len(goals) > 0", "has_measures")  # fmt: skip
    return "select count(*), " + ", ".join(f"count(*) filter (where {one})" for one in fields) + " from journey"


def _rated():
    ratings = (
        "pay_benefits",
        "contract_terms",
        "job_design",
        "work_life_balance",
        "relationships",
        "voice",
        "health_wellbeing",
    )
    counts = ", ".join(f"count(*) filter (where {one} >= 4), count({one})" for one in ratings)
    return f"select {counts} from journey where records_outcomes and first_job_start is not null"


BY_HAND = {
    "activities_referred": _each_of("activities_referred"),
    "activities_started": _each_of("activities_started"),
    "barriers_gone": "select item, count(*) filter (where latest_score = 0), count(*) from reading "
    "where tool = 'mbat' and first_score = 1 and latest_score is not null group by 1",
    "barriers_new": "select item, count(*) filter (where latest_score = 1), count(*) from reading "
    "where tool = 'mbat' and first_score = 0 and latest_score is not null group by 1",
    "caseload": "select (days_possible >= 91)::int + (days_possible >= 183)::int + (days_possible >= 365)::int, count(*) "
    "from journey where not is_closed group by 1",
    "climbed": _share("days_to_climb <= 365", SEEN),
    "closure_reasons": _each("closure_reason", "is_closed"),
    "completeness": _filled(),
    "contact_within_28_days": _share("days_to_contact <= 28", "days_possible >= 28"),
    "contacts": "select kind, sum(n_contacts) from contact group by 1",
    "engaged": _share("days_to_contact is not null", "days_possible >= 28"),
    "followed_up": "select tool, count(*) filter (where has_tool_pair), count(*) from reading "
    "where is_first_item and days_possible >= 183 group by 1",
    "found_work": _share("days_to_work <= 365", SEEN),
    "goals_achieved": "select goal, count(*) filter (where status = 'achieved'), count(*) from goal "
    "where records_goals and status <> 'withdrawn' group by 1",
    "goals_set": _each_of("goals", "records_goals"),
    "good_work": _rated(),
    "job_ended": _jobs("first_job_end - first_job_start < {days}"),
    "job_not_confirmed": _jobs("(first_job_end is null or first_job_end - first_job_start >= {days}) and "
    "(first_job_confirmed is null or first_job_confirmed - first_job_start < {days})"),
    "job_sustained": _jobs("first_job_confirmed - first_job_start >= {days} and "
    "(first_job_end is null or first_job_end - first_job_start >= {days})"),
    "kept_work": _share("days_to_kept_job_confirmed <= 365 and (days_to_kept_job_end is null or days_to_kept_job_end > 365)",
        f"{SEEN} and employment_status = 'employed'"),
    "outcome_events": _each("outcome", "records_outcomes", "outcome"),
    "paths": _each("path", "records_outcomes and days_observed >= 91"),
    "people_referred": "select count(distinct client) from journey",
    "people_with_outcome": "select outcome, count(distinct client) from outcome where records_outcomes group by 1",
    "qualification": _share("days_to_qualification <= 365", SEEN),
    "referral_reasons": _each_of("reasons"),
    "referral_sources": _each("referral_source"),
    "referrals": "select count(*) from journey",
    "route_to_work": _each("route", "records_outcomes and days_to_work is not null"),
    "spiral_after": _standing(),
    "spiral_flow": "select start_rung, rung_now, count(*) from journey where records_outcomes group by 1, 2",
    "spiral_highest": _each("rung_highest", "records_outcomes"),
    "spiral_movement": _each("movement", "records_outcomes and days_observed >= 91"),
    "spiral_now": _each("rung_now", "records_outcomes"),
    "spiral_start": _each("start_rung", "records_outcomes"),
    "stepping_stone": _share("days_to_stepping_stone <= 365", SEEN),
    "time_to_stepping_stone": _days("days_to_stepping_stone"),
    "time_to_training": _days("days_to_training"),
    "time_to_volunteering": _days("days_to_volunteering"),
    "time_to_work": _days("days_to_work"),
    "training_or_education": _share("days_to_training <= 365", SEEN),
    "volunteering": _share("days_to_volunteering <= 365", SEEN),
    "wellbeing_change": "select tool, item, count(*), count(gain), count(*) filter (where gain >= threshold), sum(first_score), "
    "sum(latest_score), sum(latest_score - first_score) from reading where tool <> 'mbat' group by 1, 2",
    "work_experience": _share("days_to_work_experience <= 365", SEEN),
    "work_goal": _share("work_goal = 'yes'", "records_goals and len(goals) > 0"),
    "work_goal_moved": _share("days_to_stepping_stone <= 365 or days_to_work <= 365",
        f"{SEEN} and records_goals and work_goal = 'yes'"),
}  # fmt: skip


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
    by_hand = duckdb.connect(str(file_of(folder, store.version)), read_only=True, config=LOCKED)
    narrow = _narrow(store)
    print(
        f"\n{'metric':26}{'ask':>8}{'cpu':>6}{'by hand':>9}{'ratio':>7}{'by service':>12}{'narrow':>8}   ms, median of {rounds}"
    )
    missed = []
    for slug in slugs:
        (ask, cpu), (hand, _), (by_service, _), (narrowed, _) = medians(
            [
                lambda slug=slug: store.ask(slug, Selection()),
                lambda slug=slug: by_hand.execute(BY_HAND[slug]).fetchall(),
                lambda slug=slug: store.ask(slug, Selection(), ("service",)),
                lambda slug=slug: store.ask(slug, narrow),
            ],
            rounds,
        )
        missed += [slug] * (ask > TARGET)
        times = (ask * 1e3, cpu * 1e3, hand * 1e3, ask / hand, by_service * 1e3, narrowed * 1e3)
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


if __name__ == "__main__":
    main()
