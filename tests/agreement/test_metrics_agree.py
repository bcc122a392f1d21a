"""Every metric against the plain implementation in oracle.py, through the real load path, on generated deliveries."""

import math
import re
from random import Random

import duckdb
import generate
import oracle
import pytest

from journeys.statistics import incidence
from journeys.store import build
from journeys.store.duck import LOCKED
from journeys.store.opened import current_version, file_of, open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import COHORT_DIMENSIONS, DAYS, Selection

SHAPES = [
    {"journeys": 500, "services": 3, "commissioners": 2},
    {"journeys": 400, "services": 4, "commissioners": 2, "recording": "alone", "follow_up": True},
    {"journeys": 500, "services": 2, "months": 40, "recording": "later"},
    {"journeys": 400, "services": 4, "commissioners": 1, "recording": "all", "returning": 0.6},
    {"journeys": 500, "services": 3, "months": 52, "recording": "all", "awkward": True},
    {"journeys": 400, "services": 1, "identical": True},
    {"journeys": 300, "services": 4, "outcomes": "none"},
    {"journeys": 300, "services": 2, "closures": "early", "follow_up": False},
    {"journeys": 300, "services": 2, "closures": "none"},
    {"journeys": 200, "services": 2, "empty": ("goal", "outcome", "measure", "contact", "activity", "referral_reason")},
    {"journeys": 300, "services": 3, "missing": ("measure", "activity")},
    {"journeys": 300, "services": 2, "recording": "none"},
    {"journeys": 500, "services": 2, "months": 52, "follow_up": True, "identical": True},
    {"journeys": 300, "services": 2, "months": 52, "recording": "all", "awkward": True, "employment": "employed"},
    {"journeys": 200, "services": 2, "recording": "all", "awkward": True, "missing": ("goal", "outcome")},
    {"journeys": 400, "services": 4, "commissioners": 1, "recording": "all", "span": 365},
    {"journeys": 600, "services": 6, "commissioners": 3, "months": 33},
    {"journeys": 700, "services": 2, "months": 40, "recording": "unsaid"},
]
WITHIN = (6, 12, 18, 24, 36)
EVERY_ROW = ("state", "why", "at_most", "at_least", "complete", "covers", "records", "partly")
BREAKDOWNS = [
    (), ("service",), ("quarter",), ("commissioner",), ("financial_year",), ("age_band",), ("gender",), ("model",), ("month",),
    ("employment_status",), ("work_goal",), ("start_rung",), ("main_reason",), ("service", "quarter"), ("gender", "age_band"),
    ("funding",), ("co_located",), ("ethnic_group",), ("imd_quintile",), ("long_term_conditions",), ("referral_source",),
    ("commissioner", "financial_year"), ("model", "imd_quintile"),
]  # fmt: skip


def some_selections(lists, rng, n):
    """The default selection, then random ones from the closed lists."""
    yield Selection()
    units = [u for unit in ("financial_year", "quarter", "month") for u in lists.calendar.units(unit, "all")]
    for _ in range(n - 1):
        where = rng.choice(["all", "service", "commissioner"])
        dimensions = rng.sample(COHORT_DIMENSIONS, rng.choice([0, 0, 1, 2]))
        yield Selection(
            period=rng.choice(["all", "last-4-quarters", *rng.sample(units, 2)]),
            service=rng.choice(list(lists.services)) if where == "service" else None,
            commissioner=rng.choice(list(lists.commissioners)) if where == "commissioner" else None,
            cohort={d: rng.choice(lists.codes(d)) for d in dimensions},
            base=rng.choice(["all", "all", "working_age", "out_of_work"]),
            within=rng.choice([6, 12, 18, 24, 36]),
        )


def differences(released, expected):
    """Rows in which the answer and the plain implementation differ."""
    theirs = {tuple(sorted(row["labels"].items())): row for row in expected}
    mine = {tuple(sorted(row.labels.items())): row for row in released.rows}
    if set(theirs) != set(mine):
        return [("labels", sorted(set(theirs) ^ set(mine))[:3])]
    return [
        (labels, key, getattr(mine[labels], key), theirs[labels].get(key))
        for labels in theirs
        for key in (*EVERY_ROW, *oracle.ASKED[released.shape])
        if not is_same(_kind(released.shape, key), getattr(mine[labels], key), theirs[labels].get(key))
    ]


def _kind(shape, key):
    return "interval" if shape == "change" and key in ("low", "high") else key


def is_same(key, mine, theirs):
    if isinstance(theirs, set):
        return set(mine or ()) == theirs
    if mine is None or theirs is None or isinstance(mine, (str, tuple)):
        return mine == theirs
    # one decimal of a mean that ends in 5 depends on binary or decimal arithmetic, and an interval made of two such more so
    loose = {"mean": 0.1001, "sd": 0.1001, "interval": 0.25}
    return math.isclose(mine, theirs, abs_tol=loose.get(key.split("_")[0], 1e-9))


def breakdown(slug, seed):
    """The breakdown of a metric's question about this delivery."""
    slugs = list(metrics.catalogue())
    possible = [by for by in BREAKDOWNS if not set(by) & set(metrics.get(slug).labels)]
    return possible[(seed // 2 + slugs.index(slug)) % len(possible)]


def asked(lists, seed):
    """Questions for each metric: by a breakdown, of everybody and of a random selection in turn; within another time where it has one."""
    rng = Random(seed)
    selections, within = list(some_selections(lists, rng, 6)), rng.choice([6, 18, 24, 36])
    for place, (slug, metric) in enumerate(metrics.catalogue().items()):
        possible = [one for one in selections if not (oracle.METRICS[slug].base and one.base == "working_age")]
        is_odd = (seed + place) % 2
        yield slug, rng.choice(possible[1:] or possible) if is_odd else possible[0], breakdown(slug, seed)
        if is_odd and metric.has_within:
            yield slug, Selection(within=within), ()


def disagreements(delivery, store, seed, only=None):
    """Every question of `asked` (of one metric, if `only`) whose released answer differs from the plain implementation."""
    for slug, selection, by in asked(store.lists, seed):
        if only in (None, slug):
            answer = store.ask(slug, selection, by)
            expected = oracle.released(delivery, slug, by=by, **selection.given())
            yield from ((slug, selection, by, one) for one in differences(answer, expected))
            left_out = oracle.left_out(delivery, slug, **selection.given())
            if dict(answer.left_out) != left_out:
                yield slug, selection, "left out", dict(answer.left_out), left_out


def exact_disagreements(delivery, connection, only=None, times=WITHIN):
    """Every exact count that differs from the plain implementation when a metric's file runs as it lies in the store, and within these other times."""
    for slug, metric in metrics.catalogue().items():
        if only in (None, slug):
            for within in {12, *times} if metric.has_within else (12,):
                yield from _exactly(delivery, connection, metric, within)


def _exactly(delivery, connection, metric, within):
    theirs = oracle.exact(delivery, metric.slug, within=within)
    for own, counts in exact(metric, connection, theirs, within).items():
        for name, n in counts.items():
            known = theirs.get(own, {}).get(name)
            if not is_same("exact", n, known):
                yield metric.slug, within, own, name, n, known
    for reason, n in oracle.exact_left_out(delivery, metric.slug, within=within).items():
        if n != _number(connection, _within(f"select count(*) from selected where {metric.left_out[reason]}", within)):
            yield metric.slug, within, "left out", reason, n


def _within(sql, within):
    """The same SELECT within another time than the 12 months of the store's views."""
    if within == 12:
        return sql
    return re.sub(r"\bfrom (selected\w*)", rf"from (select * replace ({DAYS[within]} as horizon) from \1) as \1", sql)


def _number(connection, sql):
    return connection.execute(sql).fetchone()[0]


def exact(metric, connection, labels, within=12):
    """The exact counts that the metric's SELECT gives: for all these labels, and for any others that it finds."""
    cursor = connection.execute(_within(metric.sql, within))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if metric.shape == "waiting":
        return {own: followed(rows, int(own[0])) for own in labels}
    keyed = {tuple(row[name] for name in metric.labels): row for row in rows}
    assert len(keyed) == len(rows), f"{metric.slug} has several rows with the same labels"
    found = {own for own in keyed if None not in own}
    return {own: COUNTED[metric.shape](keyed, own) for own in {*labels, *found}}


def counted(keyed, own):
    return {"count": keyed.get(own, {"count": 0})["count"]}


def shared(keyed, own):
    """Numerator and denominator; a row without a last label carries the denominator of all labels."""
    mine = keyed.get(own, {"numerator": 0, "denominator": 0})
    if any(labels and labels[-1] is None for labels in keyed):
        mine = {**mine, "denominator": keyed.get((*own[:-1], None), {"denominator": 0})["denominator"]}
    return {name: mine[name] for name in ("numerator", "denominator")}


def followed(rows, months):
    """Counts up to the end of an interval; at risk are those still waiting when it begins."""
    day = DAYS[months]
    begins = max((other for other in DAYS.values() if other < day), default=-1)
    columns = [[row[name] for row in sorted(rows, key=lambda row: row["day"])] for name in ("day", *KINDS)]
    counts = {name: sum(row[name] for row in rows if row["day"] <= day) for name in KINDS}
    counts["journeys"] = sum(row[name] for row in rows for name in KINDS)
    counts["at_risk"] = sum(row[name] for row in rows for name in KINDS if row["day"] > begins)
    if max(columns[0], default=0) >= day:
        counts["incidence"] = incidence.curve(*columns, at=(day,))[0].incidence
    return counts


def changed(keyed, own):
    names = ("first", "pairs", "improved", "same", "worse", "sum_first", "sum_latest", "sum_change", "sum_squares")
    mine = {name: keyed.get(own, {}).get(name) or 0 for name in names}
    counts = {name: mine[name] for name in names[:5]}
    counts["journeys"] = keyed[None, None]["journeys"] if keyed else 0
    n = mine["pairs"]
    if n > 1:
        counts |= {f"mean_{name}": mine[f"sum_{name}"] / n for name in ("first", "latest", "change")}
        counts["sd_change"] = math.sqrt(max(0, (mine["sum_squares"] - mine["sum_change"] ** 2 / n) / (n - 1)))
    return counts


KINDS = ("events", "competing", "censored")
COUNTED = {"count": counted, "proportion": shared, "change": changed}


# As few as ask every metric by every breakdown: the half of them of everybody, the half of a random selection.
SEEDS = [2 * i + i % 2 for i in range(len(BREAKDOWNS) + 1)]
DELIVERIES = [*SEEDS[:5], *(pytest.param(seed, marks=pytest.mark.slow) for seed in SEEDS[5:])]


@pytest.fixture(scope="module", params=DELIVERIES)
def loaded(request, tmp_path_factory):
    """A generated delivery, the folder of its store, and the seed of both."""
    seed = request.param
    folder = tmp_path_factory.mktemp("loaded")
    delivery = generate.delivery(seed, **SHAPES[seed % len(SHAPES)])
    build.load([generate.write(delivery, folder / "delivery")], folder / "store")
    return delivery, folder / "store", seed


@pytest.fixture
def connection(loaded):
    _, folder, _ = loaded
    file = file_of(folder, current_version(folder))
    with duckdb.connect(str(file), read_only=True, config=LOCKED) as connection:
        yield connection


def test_the_deliveries_are_of_every_shape_and_ask_every_metric_by_every_breakdown():
    assert {seed % len(SHAPES) for seed in SEEDS} == set(range(len(SHAPES)))
    for place, (slug, metric) in enumerate(metrics.catalogue().items()):
        possible = {by for by in BREAKDOWNS if not set(by) & set(metric.labels)}
        assert {breakdown(slug, seed) for seed in SEEDS} == possible
        of_everybody = {breakdown(slug, seed) for seed in SEEDS if (seed + place) % 2 == 0}
        assert len(possible) // 2 <= len(of_everybody) <= len(possible) // 2 + 1


def test_services_record_what_the_plain_implementation_reads(loaded, connection):
    kinds = connection.execute("select service_id, kind, since, until from service_kind").fetchall()
    ends = connection.execute("select service_id, ended_month, is_late from service").fetchall()
    recordings = oracle.world(loaded[0]).recordings
    expected = [(name, kind, *months) for name, one in recordings.items() for kind, months in one.kinds.items()]
    assert sorted(kinds) == sorted(expected)
    assert sorted(ends) == [(name, one.ended_month, one.is_late) for name, one in sorted(recordings.items())]


def test_each_metrics_file_as_it_lies_counts_as_the_plain_implementation(loaded, connection):
    other = WITHIN[loaded[2] // 2 % len(WITHIN)]  # all times in turn over the deliveries
    assert list(exact_disagreements(loaded[0], connection, times=(other,))) == []


def test_released_answers_equal_the_plain_implementation(loaded):
    delivery, folder, seed = loaded
    assert list(disagreements(delivery, open_store(folder), seed)) == []
