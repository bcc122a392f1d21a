"""What is compared was seen through the same records; a series stops where what is recorded changes."""

import copy
from dataclasses import replace

import generate
import pytest

from journeys.answer import alike, overlays
from journeys.answer.released import Break, Released, Row
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import differences


def share(service, numerator, denominator, records=("outcomes",), partly=(), tools=()):
    rate = numerator / denominator
    return Row(
        {"service": service},
        "shown",
        numerator=numerator,
        denominator=denominator,
        rate=rate,
        records=records,
        partly=partly,
        tools=tools,
    )


GOALS = ("goals", "outcomes")
ROWS = (share("a", 50, 200), share("b", 90, 300), share("c", 200, 400, GOALS), share("d", 30, 100))


def answer(rows, by, slug="climbed", **more):
    metric = metrics.get(slug)
    return Released(
        slug,
        metric.unit,
        metric.shape,
        Selection(),
        "all services",
        by,
        metric.labels,
        "2026-03",
        {"k": 8, "base": 5},
        tuple(rows),
        **more,
    )


def test_the_group_with_the_most_behind_it_is_compared():
    assert [row.labels["service"] for row in alike.compared(ROWS)] == ["a", "b", "d"]
    assert [row.labels["service"] for row in alike.compared(ROWS[:1] + ROWS[2:])] == ["c"]


def test_of_two_alike_in_size_the_one_that_records_more_is_compared():
    assert [row.labels["service"] for row in alike.compared([share("a", 50, 400), share("c", 50, 400, GOALS)])] == ["c"]


def test_one_that_is_looked_at_has_its_own_group_of_three_or_more():
    large = share("z", 50, 5000, GOALS)
    assert alike.compared([*ROWS, large], ROWS[0]) == [ROWS[0], ROWS[1], ROWS[3]]
    assert large in alike.compared([*ROWS[:2], large], ROWS[0])


def test_services_that_read_confidence_by_other_tools_are_not_compared():
    kinds = ("outcomes", "readings_confidence")
    both = tuple(("readings_confidence", tool, True) for tool in ("swemwbs", "ucla3"))
    rows = [
        share("a", 50, 200, kinds, tools=both),
        share("b", 60, 200, kinds, tools=both),
        share("c", 20, 200, kinds, tools=both[1:]),
    ]
    found = overlays.annotated(answer(rows, ("service",)), metrics.get("climbed"))
    assert [bool(row.funnel) for row in found.rows] == [True, True, False]
    (unlike,) = found.not_alike
    assert unlike.labels == {"service": "c"}
    kind = "readings of confidence and wellbeing"
    assert unlike.why == f"with {kind} (UCLA-3), the others with {kind} (SWEMWBS and UCLA-3)"
    sides = [replace(answer([row], ()), rows=(row,)) for row in (rows[0], rows[2])]
    assert differences.verdict(differences.Pair(metrics.get("climbed"), *sides)) == "cannot be compared"


def test_a_service_that_records_more_is_drawn_apart_and_named():
    found = overlays.annotated(answer(ROWS, ("service",)), metrics.get("climbed"))
    assert [bool(row.funnel) for row in found.rows] == [True, True, False, True]
    assert {row.funnel["centre"] for row in found.rows if row.funnel} == {(50 + 90 + 30) / 600}
    (unlike,) = found.not_alike
    assert unlike.labels == {"service": "c"}
    assert unlike.why == "with goals, which the others do not hand over"


# what services are, whom they see and how well it is written down: methods.md has funnels for outcomes, contact and engagement alone
DESCRIBING = {
    "activities_referred", "closure_reasons", "completeness", "contacts_per_journey", "followed_up", "goals_set", "not_started",
    "referral_reasons", "referral_sources", "spiral_start", "support_length", "work_goal",
}  # fmt: skip


@pytest.mark.parametrize("slug", [m.slug for m in metrics.catalogue().values() if m.shape == "proportion"])
def test_what_a_service_is_has_no_funnel_and_what_it_does_has_one(slug):
    metric = metrics.get(slug)
    rows = [replace(row, labels={**row.labels, **dict.fromkeys(metric.labels, "gp")}) for row in ROWS]
    found = overlays.annotated(answer(rows, ("service",), slug), metric)
    assert any(row.funnel for row in found.rows) == (slug not in DESCRIBING)


def test_expected_counts_add_up_to_the_numerators_of_the_rows_that_are_alike():
    rates = {("a",): 0.3, ("b",): 0.25, ("c",): 0.9, ("d",): 0.3}
    found = overlays.with_case_mix(answer(ROWS, ("service",)), rates)
    assert [row.expected is None for row in found.rows] == [False, False, True, False]
    assert sum(row.expected for row in found.rows if row.expected) == pytest.approx(170, abs=0.2)


QUARTERS = tuple(f"{year}-Q{q}" for year in range(2019, 2026) for q in range(1, 5))


def series(level):
    for i, quarter in enumerate(QUARTERS):
        n = level(i) + 5 * (i % 3)
        first = f"{quarter[:4]}-{3 * int(quarter[-1]) - 2:02d}"
        yield Row({"quarter": quarter}, "shown", complete=True, count=n, covers=(first, first))


def test_limits_start_anew_where_a_series_breaks():
    rows = tuple(series(lambda i: 100 if i < 14 else 200))
    referrals = metrics.get("referrals")
    whole = overlays.annotated(answer(rows, ("quarter",), "referrals"), referrals)
    parts = overlays.annotated(answer(rows, ("quarter",), "referrals"), referrals, [Break("2022-07", "B began")])
    noted = overlays.annotated(
        answer(rows, ("quarter",), "referrals"), referrals, [Break("2022-07", "B began", {}, False)]
    )
    assert {row.spc["signal"] for row in whole.rows} != {"none"}
    assert {row.spc["signal"] for row in parts.rows} == {"none"}
    assert len({row.spc["mean"] for row in parts.rows}) == 2
    assert noted.rows == whole.rows
    assert (len(parts.breaks), len(noted.breaks), len(noted.changes)) == (1, 0, 1)


def test_where_there_are_limits_each_shown_row_is_printed_with_its_own_or_as_a_gap():
    """What is not complete is on the chart, and not judged: `spc` is there and null."""
    *whole, last = series(lambda i: 100)
    unseen = Row({"quarter": "2018-Q4"}, "hidden", complete=True)
    rows = (unseen, *whole, replace(last, complete=False))
    printed = overlays.annotated(answer(rows, ("quarter",), "referrals"), metrics.get("referrals")).to_json()["rows"]
    assert "spc" not in printed[0] and printed[-1]["spc"] is None
    assert all(row["spc"]["signal"] == "none" for row in printed[1:-1])
    few = overlays.annotated(answer(rows[-8:], ("quarter",), "referrals"), metrics.get("referrals")).to_json()
    assert few["spc_note"] == "too_few_points" and not any("spc" in row for row in few["rows"])


def test_a_metric_that_ripens_has_no_limits():
    rows = [replace(row, values=None, numerator=50, denominator=100, rate=0.5) for row in series(lambda i: 100)]
    found = overlays.annotated(answer(rows, ("quarter",), "work_goal"), metrics.get("work_goal"))
    assert found.spc_note == "ripening"
    assert not any(row.spc for row in found.rows)


# -- a service that hands over less may only fall silent --------------------------------------------------------------


def delivery():
    return generate.delivery(17, journeys=900, services=4, commissioners=2, months=40, recording="all", returning=0.1)


COMPARED = ("climbed", "engaged", "contact_within_28_days", "stepping_stone", "found_work", "spiral_movement", "stages")
FLAGS = {
    "referral_reason": ("records_reasons",),
    "goal": ("records_goals",),
    "contact": ("records_contacts",),
    "activity": ("records_activities",),
    "measure": ("records_measures",),
    "outcome": ("records_outcomes",),
}


def opened(made, folder, name):
    build.load([generate.write(made, folder / f"{name}-delivery")], folder / name)
    return open_store(folder / name)


def verdicts(store, service):
    """What is said of a service beside others, beside clients like its own and over time; None where nothing is said."""
    found = {}
    for slug in COMPARED:
        for row in store.ask(slug, by=("service",)).rows:
            if row.labels["service"] == service:
                found[slug, "funnel", *row.labels.values()] = (row.funnel or {}).get("position")
        for row in store.ask(slug, Selection(service=service), ("quarter",)).rows:
            found[slug, "over time", *row.labels.values()] = _signal(row)
        if not metrics.get(slug).labels:
            row = store.ask(slug, by=("service",), case_mix=True).row(service=service)
            found[slug, "case mix"] = _beyond(row)
            found[slug, "difference"] = _difference(store, slug, service)
    return found


def _signal(row):
    return (row.spc["signal"], row.spc["direction"]) if row.spc and row.spc["signal"] != "none" else None


def _beyond(row):
    if row.ratio is None:
        return None
    return "more" if row.ratio_low > 1 else "fewer" if row.ratio_high < 1 else "as expected"


def _difference(store, slug, service):
    other = next(s for s in sorted(store.lists.services, reverse=True) if s != service)
    sides = [store.ask(slug, Selection(service=one)) for one in (service, other)]
    said = differences.verdict(differences.Pair(metrics.get(slug), *sides))
    return None if said == "cannot be compared" else said


def without(made, service, table, tool=None):
    """The same delivery without a table, or one tool, of one service, as a service that does not keep it would hand over."""
    less = copy.deepcopy(made)
    is_gone = lambda r: r["service_id"] == service and (tool is None or r["tool"] == tool)  # noqa: E731
    less[table] = [r for r in less[table] if not is_gone(r)]
    if table == "contact":
        for row in less["journey"]:
            if row["service_id"] == service:
                row["first_contact_on"] = None
    for row in less["service"]:
        if row["service_id"] == service and tool is None:
            row |= dict.fromkeys(FLAGS[table], False)
    return less


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A delivery, and the store of all of it."""
    made = delivery()
    return made, opened(made, tmp_path_factory.mktemp("everything"), "whole")


@pytest.mark.slow
@pytest.mark.parametrize("service", ["service-1", "service-2", "service-3"])
def test_a_service_that_leaves_out_a_table_or_a_tool_may_only_fall_silent(everything, tmp_path, service):
    made, store = everything
    whole = verdicts(store, service)
    assert any(whole.values())
    tools = sorted({r["tool"] for r in made["measure"] if r["service_id"] == service})
    left_out = [*((table, None) for table in FLAGS), *(("measure", tool) for tool in tools)]
    for table, tool in left_out[int(service[-1]) % 2 :: 2]:  # one service leaves out these, the next those
        found = verdicts(opened(without(made, service, table, tool), tmp_path, f"no-{table}-{tool}"), service)
        assert changed(whole, found) == {}, (table, tool)


def changed(whole, found):
    """Verdicts that say something else. One that was alone in what it recorded, and is now like others, is compared for the first time."""
    return {
        key: (whole[key], said)
        for key, said in found.items()
        if None not in (said, whole.get(key)) and said != whole[key]
    }


def of_two_tools():
    """Four services alike, whose climbs are seen by two tools and by outcomes alone."""
    made = generate.delivery(5, journeys=1200, services=1, commissioners=1, months=30, returning=0, missing=("goal",))
    (one,) = made["service"]
    made["service"] = [
        one | {"service_id": f"s{i}", "service_name": f"Service {i}", "client_key": None} for i in range(4)
    ]
    made["service_change"] = []
    made["measure"] = [r for r in made["measure"] if r["tool"] in ("wemwbs", "ucla3")]
    place = {r["journey_id"]: f"s{i % 4}" for i, r in enumerate(made["journey"])}
    for table in ("journey", *generate.CHILDREN):
        made[table] = made[table] and [r | {"service_id": place[r["journey_id"]]} for r in made[table]]
    return made


@pytest.mark.slow
def test_one_of_two_tools_of_a_kind_may_go(tmp_path):
    made = of_two_tools()
    whole = verdicts(opened(made, tmp_path, "whole"), "s1")
    assert whole["climbed", "case mix"]
    for tool in ("wemwbs", "ucla3"):
        less = without(made, "s1", "measure", tool)
        found = verdicts(opened(less, tmp_path, f"no-{tool}"), "s1")
        assert changed(whole, found) == {}, tool
        assert found["climbed", "case mix"] is None


@pytest.mark.parametrize("day", [1, 9])
def test_a_service_that_begins_breaks_its_commissioners_series(tmp_path, day):
    made = copy.deepcopy(delivery())
    first, second = made["service"][:2]
    second["commissioner_code"], second["commissioner_name"] = first["commissioner_code"], first["commissioner_name"]
    start = second["data_from"].replace(year=second["data_from"].year + 1, day=day)
    second["data_from"] = start
    early = {
        r["journey_id"] for r in made["journey"] if r["service_id"] == second["service_id"] and r["referred_on"] < start
    }
    for table in ("journey", *generate.CHILDREN):
        made[table] = [
            r for r in made[table] if not (r["service_id"] == second["service_id"] and r["journey_id"] in early)
        ]
    build.load([generate.write(made, tmp_path / "delivery")], tmp_path / "store")
    store = open_store(tmp_path / "store")
    found = store.ask("referrals", Selection(commissioner=first["commissioner_code"]), ("quarter",))
    (one,) = [b for b in found.changes if "began" in b.words and second["service_name"] in b.words]
    assert one.is_break
    # the month that a change is dated by is not always that in which the service opened, which other pages name
    assert one.words.endswith("began" if day == 1 else "began (first whole month)")
    assert (one.month == f"{start:%Y-%m}") is (day == 1)
    assert store.ask("referrals", Selection(service=first["service_id"]), ("quarter",)).changes == ()
