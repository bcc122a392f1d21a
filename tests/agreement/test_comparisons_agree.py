"""What is laid over released rows (likeness, funnel, case mix, breaks, control charts) against plain second answers, on generated deliveries."""

import math
from collections import defaultdict
from random import Random

import charting
import comparing
import generate
import oracle
import pytest
from questions import selected

from journeys.answer import overlays
from journeys.answer.released import Break, Released, Row
from journeys.statistics import standardisation
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection

SHAPES = [
    {"journeys": 1500, "services": 6, "commissioners": 3, "months": 60},
    {"journeys": 1500, "services": 4, "commissioners": 2, "months": 60, "recording": "all"},
    {"journeys": 1200, "services": 5, "commissioners": 2, "months": 72, "recording": "later"},
    {"journeys": 1200, "services": 5, "commissioners": 2, "months": 72, "recording": "alone"},
]
SHARES = ("climbed", "engaged", "contact_within_28_days", "stepping_stone", "found_work", "work_goal", "returned")
WITHOUT_FUNNEL = ("work_goal",)  # it says whom a service sees
OVER_TIME = ("referrals", *SHARES)
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, len(SHAPES)))]


@pytest.fixture(scope="module", params=SEEDS)
def loaded(request, tmp_path_factory):
    """The plain facts of a generated delivery, and its store."""
    folder = tmp_path_factory.mktemp("compared")
    delivery = generate.delivery(100 + request.param, **SHAPES[request.param % len(SHAPES)])
    build.load([generate.write(delivery, folder / "delivery")], folder / "store")
    return oracle.world(delivery, 8), open_store(folder / "store")


def plain(answer, labels):
    """Released rows as plain dicts, with a key of some labels."""
    names = ("numerator", "denominator", "count", "rate")
    return [
        {
            "key": tuple(row.labels[name] for name in labels),
            "state": row.state,
            "why": row.why,
            "complete": row.complete,
        }
        | {"covers": row.covers, "is_share": answer.shape == "proportion", "labels": dict(row.labels)}
        | {name: getattr(row, name) for name in names}
        for row in answer.rows
    ]


def everybody(world):
    return selected(world, "all", None, None, None, "all")


def compared(world, slug, answer):
    """The released rows that are compared, by the plain likeness, and the keys of those that are not."""
    rows = plain(answer, answer.by)
    keys = comparing.group(rows, comparing.likenesses(world, slug, everybody(world), answer.by))
    could = [row["key"] for row in rows if row["state"] not in comparing.UNSEEN]
    return [row for row in rows if row["key"] in keys], {key for key in could if key not in keys}


@pytest.mark.parametrize("by", ["service", "commissioner"])
def test_who_is_compared_and_where_each_stands_in_the_funnel(loaded, by):
    world, store = loaded
    for slug in SHARES:
        answer = store.ask(slug, by=(by,))
        rows, others = compared(world, slug, answer)
        assert {tuple(one.labels.values()) for one in answer.not_alike} == others, slug
        expected = {} if slug in WITHOUT_FUNNEL else comparing.funnel(rows)
        found = {tuple(row.labels.values()): tuple(row.funnel.values()) for row in answer.rows if row.funnel}
        assert set(found) == set(expected), slug
        for key, values in expected.items():
            assert found[key][-1] == values[-1], (slug, key)
            assert found[key][:-1] == pytest.approx(values[:-1], abs=1e-9), (slug, key)


@pytest.mark.parametrize("by", ["service", "commissioner"])
def test_what_may_be_expected_of_people_like_these(loaded, by):
    world, store = loaded
    for slug in SHARES:
        answer = store.ask(slug, by=(by,), case_mix=True)
        rows, _ = compared(world, slug, answer)
        expected = {}
        if not _is_mostly_unseen(plain(answer, answer.by), rows, store.ask(slug).rows[0].denominator):
            keys = {row["key"] for row in rows}
            exact = comparing.strata(world, slug, 12, everybody(world), (by,), keys)
            expected = comparing.case_mix(rows, comparing.expected_rates(exact))
        found = {tuple(row.labels.values()): row for row in answer.rows if row.expected is not None}
        assert set(found) == set(expected), slug
        for key, values in expected.items():
            row = found[key]
            assert (row.expected, row.ratio, row.ratio_low, row.ratio_high) == pytest.approx(values, abs=1e-6), (
                slug,
                key,
            )


def _is_mostly_unseen(every, rows, whole):
    if all(row["denominator"] is not None for row in rows):
        return False
    return whole is None or whole - sum(row["denominator"] or 0 for row in every) > 0.1 * whole


@pytest.mark.parametrize("unit", ["quarter", "month"])
def test_where_series_break_and_which_points_stand_out(loaded, unit):
    world, store = loaded
    n_points = 0
    for slug in OVER_TIME:
        n_points += _hold_over_time(world, store, slug, store.ask(slug, by=(unit,)), unit, {(): list(world.services)})
        one = next(iter(world.services))
        answer = store.ask(slug, Selection(service=one), (unit,))
        n_points += _hold_over_time(world, store, slug, answer, unit, {(): [one]})
        places = defaultdict(list)
        for name, row in world.services.items():
            places[row["commissioner_code"],].append(name)
        answer = store.ask(slug, by=("commissioner", unit))
        n_points += _hold_over_time(world, store, slug, answer, unit, places)
    assert n_points


def _hold_over_time(world, store, slug, answer, unit, places):
    """The number of points with limits, all of which agree."""
    ripens = metrics.get(slug).ripens
    sizes = _sizes(store, slug)
    others = tuple(name for name in answer.by if name != unit)
    rows = plain(answer, others)
    expected, notes = set(), []
    n_points = 0
    for key, services in places.items():
        mine = [(row, found) for row, found in zip(rows, answer.rows, strict=True) if row["key"] == key]
        changes = charting.breaks(world, slug, services, world.months, sizes)
        expected |= {
            (month, f"{world.services[name]['service_name']} {what}", key, is_break)
            for month, name, what, is_break in changes
        }
        starts = [charting.start_of(row["labels"][unit]) if not row["covers"] else row["covers"][0] for row, _ in mine]
        segments = {_first(starts, month) for month, _, _, is_break in changes if is_break} - {None}
        points, note = charting.chart([row for row, _ in mine], segments, ripens)
        notes.append(note)
        for (row, found), point in zip(mine, points, strict=True):
            if row["state"] != "shown" or point is None:
                assert not found.spc, (slug, row["labels"])
                continue
            n_points += 1
            assert (found.spc["signal"], found.spc["direction"]) == point[3:], (slug, row["labels"])
            assert [found.spc[one] for one in ("mean", "lower", "upper")] == pytest.approx(point[:3], abs=1e-9)
    told = {(one.month, one.words, tuple(one.labels.values()), one.is_break) for one in answer.changes}
    assert {(m, _verb(words), key, is_break) for m, words, key, is_break in told} == expected, slug
    assert answer.spc_note == (notes[0] if all(notes) else None), slug
    return n_points


def _verb(words):
    """A change without the kind that it names."""
    for verb in (" began to hand over", " stopped handing over"):
        if verb in words:
            return words[: words.index(verb)] + verb
    return words


def _first(starts, month):
    return next((i for i, start in enumerate(starts) if start >= month), None) or None


def _sizes(store, slug):
    """Released sizes of each service by the first month of each quarter."""
    found = defaultdict(dict)
    for row in store.ask(slug, by=("service", "quarter")).rows:
        found[row.labels["service"]][charting.start_of(row.labels["quarter"])] = row.denominator or row.count or 0
    return found


def test_a_wrong_limit_would_be_found():
    rows = [
        {"key": (name,), "state": "shown", "why": None, "numerator": r, "denominator": n}
        for name, r, n in (("a", 50, 100), ("b", 20, 100), ("c", 30, 100))
    ]
    found = comparing.funnel(rows)
    centre = 100 / 300
    assert found["a",][0] == centre
    assert found["a",][-1] == "above95" and found["b",][-1] == "below95" and found["c",][-1] == "within"
    assert math.isclose(found["a",][2], centre + comparing.Z95 * math.sqrt(centre * (1 - centre) / 100))


def test_ratio_limits_of_rare_and_of_common_outcomes():
    for observed in (5, 10, 15, 40, 200):
        for expected in (5.0, 9.7, 35.2, 180.0):
            for n in (200, 1000, 5000):
                found = standardisation.compared(observed, expected, n)
                low, high = comparing._ratio_limits(observed, expected, n, 2)
                assert (found.low, found.high) == pytest.approx((low / expected, high / expected), abs=1e-6), (
                    observed,
                    expected,
                    n,
                )


def test_funnels_of_drawn_counts():
    rng, seen = Random(3), set()
    for _ in range(300):
        level, sizes = rng.random() ** 2, [5 * rng.randint(1, 60) for _ in range(rng.randint(2, 8))]
        rows = [_drawn_share(rng, f"service-{i}", level, n, "service") for i, n in enumerate(sizes)]
        answer = overlays.annotated(_answer("found_work", ("service",), rows), metrics.get("found_work"))
        expected = comparing.funnel(plain(answer, ("service",)))
        found = {tuple(row.labels.values()): tuple(row.funnel.values()) for row in answer.rows if row.funnel}
        assert {key: one[-1] for key, one in found.items()} == {key: one[-1] for key, one in expected.items()}
        assert all(found[key][:-1] == pytest.approx(one[:-1], abs=1e-9) for key, one in expected.items())
        seen |= {one[-1] for one in found.values()}
    assert seen == {"within", "above95", "above998", "below95", "below998"}


def _drawn_share(rng, name, level, n, label, **more):
    r = min(n, 5 * round(n * min(1, max(0, rng.gauss(level, 0.1))) / 5))
    if r < 8 or n - r < 8:
        bound = {"why": "few"} if r < 8 else {"why": "most"}
        return Row({label: name}, "hidden", denominator=n, records=("outcomes",), **bound, **more)
    return Row({label: name}, "shown", numerator=r, denominator=n, rate=r / n, records=("outcomes",), **more)


def _answer(slug, by, rows):
    metric = metrics.get(slug)
    return Released(
        slug, metric.unit, metric.shape, Selection(), "", by, (), "2026-03", {"k": 8, "base": 5}, tuple(rows)
    )


def test_control_charts_of_drawn_series():
    rng, seen = Random(4), set()
    for turn in range(400):
        slug = rng.choice(["referrals", "found_work"])
        rows = [_drawn_point(rng, slug, i, turn) for i in range(rng.randint(10, 40))]
        at = sorted({rng.randrange(1, len(rows)) for _ in range(rng.choice([0, 0, 1, 2]))})
        answer = _answer(slug, ("month",), rows)
        changes = [Break(rows[i].labels["month"], "began") for i in at]
        found = overlays.annotated(answer, metrics.get(slug), changes)
        points, note = charting.chart(plain(answer, ()), at, False)
        assert found.spc_note == note
        for row, point in zip(found.rows, points, strict=True):
            assert (row.spc is None) == (point is None)
            if point is not None:
                assert (row.spc["signal"], row.spc["direction"]) == point[3:]
                assert [row.spc[one] for one in ("mean", "lower", "upper")] == pytest.approx(point[:3], abs=1e-9)
                seen.add(point[3:])
        seen.add(note)
    rules = {(rule, way) for rule in ("outside", "trend", "two_of_three", "shift") for way in ("up", "down")}
    assert seen == {*rules, ("none", None), None, "too_few_points", "too_many_hidden", "not_enough_variation"}


def _drawn_point(rng, slug, i, turn):
    month = f"{2020 + i // 12}-{i % 12 + 1:02}"
    more = {"covers": (month, month), "complete": rng.random() > 0.03}
    drift = i * rng.choice([0, 0, 1, -1]) * 0.3 + (turn % 7 == 0) * (i > 18) * 25 + (turn % 5 == 0) * (2 * i - 30)
    if slug == "found_work":
        fewest, most = [(30, 40), (8, 60), (20, 68)][
            turn % 3
        ]  # sizes nearly alike, far apart, and about three times apart
        n = 5 * rng.randint(fewest, most)
        return _drawn_share(rng, month, 0.3 + drift / 200 + (turn % 4 == 0) * -0.2, n, "month", **more)
    drift += (turn % 9 == 1) * (12 * i if turn % 2 else 500 - 12 * i)
    count = 100 if turn % 20 == 2 else 5 * round((100 + drift + rng.gauss(0, 8)) / 5)
    if rng.random() < 0.02:
        return Row({"month": month}, "hidden", **more)
    return Row({"month": month}, "shown", count=count, **more)
