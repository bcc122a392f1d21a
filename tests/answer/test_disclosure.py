"""Disclosure control under attack: the rules one by one, then a small store questioned through `store.ask` and subtracted.

True counts come from oracle.py. A selection is known here by what it covers (months, services, base, client values), so that
"one inside the other" is a comparison of sets, however each of the two was spelt.
"""

import copy
import json
import math
import re
from datetime import timedelta
from functools import cache
from itertools import product

import duckdb
import generate
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.answer import exact, protect
from journeys.answer.question import Question
from journeys.answer.released import SHAPE_KEYS
from journeys.answer.rule import Rule
from journeys.files import csv
from journeys.statistics import incidence, paired_change
from journeys.store import build
from journeys.store.duck import LOCKED
from journeys.store.opened import open_store
from journeys.vocabulary import calendar as periods
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import COHORT_DIMENSIONS, Selection
from tests.behind_by_hand import unguarded

K, BASE = 8, 5
COUNTS = ("count", "numerator", "denominator", "at_risk", "events", "competing", "censored",
          "journeys", "first", "pairs", "improved", "same", "worse")  # fmt: skip
ONE_OF_EACH_SHAPE = (
    "referrals",
    "people_referred",
    "engaged",
    "spiral_now",
    "goals_achieved",
    "time_to_work",
    "wellbeing_change",
)
BREAKDOWNS = ((), ("service",), ("quarter",), ("gender",), ("service", "gender"))


def made(delivery, folder, name="store"):
    build.load([generate.write(delivery, folder / f"{name}-delivery")], folder / name)
    return open_store(folder / name)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A delivery of 400 journeys and its store: three services of two commissioners, some clients who return often."""
    delivery = generate.delivery(
        21, journeys=400, services=3, commissioners=2, months=20, returning=0.3, recording="all"
    )
    return delivery, made(delivery, tmp_path_factory.mktemp("attacked"))


# -- the rule ---------------------------------------------------------------------------------------------------------

rules = st.integers(5, 30).flatmap(lambda k: st.builds(Rule, st.just(k), st.integers(1, 2 * k)))
counts = st.integers(0, 5000)


@given(rules, counts, st.none() | counts)
def test_a_count_is_hidden_or_a_multiple_of_the_base_and_never_nothing(rule, n, n_clients):
    shown = rule.count(n, n_clients)
    is_few = n < rule.k or (n_clients is not None and n_clients < rule.k)
    assert (shown is None) == is_few
    if shown is not None:
        assert shown > 0
        assert shown % rule.base == 0
        assert abs(shown - n) <= rule.base / 2


@given(rules)
def test_zero_is_hidden_as_any_other_small_count(rule):
    assert {rule.count(n) for n in range(rule.k)} == {None}
    assert {rule.count(1000, n) for n in range(rule.k)} == {None}


@pytest.mark.parametrize(
    ("k", "base", "told"),
    [
        (8, 5, ""),
        (5, 5, ""),
        (10, 5, ""),
        (13, 5, ""),
        (12, 5, "always stands for 12."),
        (7, 5, "7."),
        (11, 5, "11 or 12."),
    ],
)
def test_a_threshold_that_tells_the_lowest_count_is_warned_of(k, base, told):
    """With a threshold of 12 a 10 is always 12."""
    assert Rule(k, base).warning.partition(" Thresholds")[0].endswith(told) and bool(Rule(k, base).warning) == bool(
        told
    )
    assert not told or "8, 9, 10" in Rule(k, base).warning


@pytest.mark.parametrize(
    ("k", "base", "words"), [(4, 5, "5 is the lowest"), (8, 0, "1 or more"), (8, 17, "shown as 0")]
)
def test_a_rule_that_protects_nobody_is_refused(k, base, words):
    with pytest.raises(ValueError, match=words):
        Rule(k, base)


# -- subtraction ------------------------------------------------------------------------------------------------------


BASES = ("all", "working_age", "out_of_work")
WORKING_AGES = ("16-24", "25-34", "35-49", "50-64")
OUT_OF_WORK = ("unemployed_seeking", "student", "long_term_sick", "homemaker", "not_seeking", "volunteering")


def covered(lists, selection, needs=()):
    """What a selection covers, by the closed lists alone: services and months, classes of people, genders."""
    months, chosen = lists.calendar.months(selection.period), selection.cohort
    pairs = frozenset(
        (s, m)
        for s in lists.where(selection)
        for m in months
        if lists.services[s].first_month <= m <= lists.services[s].last_month
        and all(lists.services[s].records_in(kind, m) for kind in needs)
    )
    ages = [chosen["age_band"]] if "age_band" in chosen else lists.codes("age_band")
    classes = frozenset(
        (age, status)
        for age in ages
        for status in lists.codes("employment_status")
        if selection.base == "all"
        or (age in WORKING_AGES and (selection.base == "working_age" or status in OUT_OF_WORK))
    )
    genders = frozenset([chosen["gender"]] if "gender" in chosen else lists.codes("gender"))
    return pairs, classes, genders


def closed_selections(lists, cohorts):
    calendar = lists.calendar
    quarters = calendar.units("quarter", "all")
    months = calendar.units("month", quarters[1])
    spans = ("all", "last-4-quarters", *calendar.units("financial_year", "all"), *quarters[1:4], *months)
    places = [{}, *({"commissioner": c} for c in lists.commissioners), *({"service": s} for s in lists.services)]
    for period, place, base, cohort in product(spans, places, BASES, cohorts):
        yield Selection(period=period, base=base, cohort=cohort, **place)


def denominators(row):
    """What of a row the guard promises something about: the metric's own denominator, as released and as oracle.py names it."""
    names = {"count": "count", "denominator": "denominator", "pairs": "pairs"}
    return next((name for name in names if getattr(row, name) is not None), None)


def answered(delivery, store, metric, selections):
    """{own labels: {what is covered: (true denominator, selection)}} of all that is answered."""
    found = {}
    for selection in selections:
        shown = [row for row in store.ask(metric, selection).rows if denominators(row)]
        if not shown:
            continue
        true = oracle.exact(delivery, metric, **selection.given())
        for row in shown:
            own = tuple(row.labels.values())
            n = true[own][denominators(row)]
            covers = covered(store.lists, selection, metrics.get(metric).needs)
            found.setdefault(own, {})[covers] = (n, selection)
    return found


def too_close(found):
    """Pairs of answered selections, one inside the other, whose denominators give away fewer than k by subtraction."""
    return [
        (inner, outer)
        for a, inner in found.items()
        for b, outer in found.items()
        if a != b and all(narrow <= wide for narrow, wide in zip(a, b, strict=True)) and outer[0] - inner[0] < K
    ]


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["people_referred", "goals_achieved"])
def test_no_two_answers_one_inside_the_other_differ_by_fewer_than_k(attacked, metric):
    delivery, store = attacked
    cohorts = ({}, {"gender": "female"}, {"gender": "female", "age_band": "35-49"})
    found = answered(delivery, store, metric, closed_selections(store.lists, cohorts))
    assert sum(map(len, found.values())) > 30
    assert not [pair for own in found.values() for pair in too_close(own)]


def quarters_and_places(store):
    chosen = closed_selections(store.lists, ({},))
    return [one for one in chosen if one.base != "working_age" and periods.kind(one.period) != "month"]


def test_without_the_guard_quarters_and_places_are_subtracted(attacked, monkeypatch):
    delivery, store = attacked
    monkeypatch.setattr(exact, "doubts", unguarded)
    assert too_close(answered(delivery, store, "referrals", quarters_and_places(store))[()])


def test_quarters_and_places_cannot_be_subtracted(attacked):
    delivery, store = attacked
    found = answered(delivery, store, "referrals", quarters_and_places(store))
    assert len(found[()]) > 20
    assert not too_close(found[()])


@pytest.mark.parametrize("metric", ONE_OF_EACH_SHAPE)
@pytest.mark.parametrize("by", [("quarter", "gender"), ("service", "age_band"), ("financial_year",), ("model",)])
def test_a_cell_is_answered_as_the_selection_that_names_it(attacked, metric, by):
    store = attacked[1]
    rows = store.ask(metric, by=by).rows
    own = len(metrics.get(metric).labels)
    for cell in list(dict.fromkeys(tuple(row.labels.values())[: len(by)] for row in rows))[::6]:
        named = dict(zip(by, cell, strict=True))
        mine = [row for row in rows if tuple(row.labels.values())[: len(by)] == cell]
        alone = store.ask(metric, naming(named)).rows
        assert [bare(row, own) for row in mine] == [bare(row, own) for row in alone]


def naming(labels):
    period = next((v for d, v in labels.items() if d in ("quarter", "financial_year", "month")), periods.ALL)
    cohort = {d: v for d, v in labels.items() if d in COHORT_DIMENSIONS}
    return Selection(period=period, service=labels.get("service"), cohort=cohort)


def bare(row, n_own):
    """A row without the labels of its breakdown and without what is laid over several rows."""
    values = {key: getattr(row, key) for keys in SHAPE_KEYS.values() for key in keys}
    return tuple(row.labels.values())[len(row.labels) - n_own :], row.state, row.why, row.complete, values


@pytest.mark.parametrize(
    "by", [("month", "quarter"), ("quarter", "financial_year"), ("service", "commissioner"), ("service", "model")]
)
def test_breakdowns_that_cannot_meet_are_hidden_rows(attacked, by):
    store = attacked[1]
    answer = store.ask("referrals", by=by)
    assert len(answer.rows) == math.prod(len(store.lists.codes(d)) for d in by)
    whole = {row.labels[by[0]]: row for row in store.ask("referrals", by=by[:1]).rows}
    for row in answer.rows:
        assert row.count in (None, whole[row.labels[by[0]]].count)


def test_a_value_that_no_client_can_have_does_not_apply(attacked):
    store = attacked[1]
    rows = store.ask("engaged", by=("employment_status",)).rows
    assert len(rows) == len(store.lists.codes("employment_status"))
    for selection in (
        Selection(cohort={"age_band": "0-15"}, base="working_age"),
        Selection(cohort={"age_band": "75+"}, base="out_of_work"),
    ):
        (row,) = store.ask("engaged", selection).rows
        assert (row.state, row.why, numbers(row.to_json("proportion"))) == ("not_applicable", None, [])


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store of two services with one key, most of whose clients return."""
    delivery = generate.delivery(
        3, journeys=900, services=2, commissioners=2, months=40, returning=0.9, recording="all"
    )
    for service in delivery["service"]:
        service["client_key"] = "a key that both share"
    return made(delivery, tmp_path_factory.mktemp("shared"))


def test_whoever_alone_is_counted_may_be_chosen_by_name(shared):
    everybody = [bare(row, 1) for row in shared.ask("job_at_referral", by=("gender",)).rows]
    assert "shown" in {state for _, state, *_ in everybody}
    employed = Selection(cohort={"employment_status": "employed"})
    assert [bare(row, 1) for row in shared.ask("job_at_referral", employed, ("gender",)).rows] == everybody
    by_status = shared.ask("job_at_referral", by=("employment_status",)).rows
    others = [row for row in by_status if row.labels["employment_status"] != "employed"]
    assert {row.state for row in others} == {"not_applicable"}


def test_where_people_went_from_a_service_is_told_when_that_service_is_chosen(shared):
    everywhere = {(row.labels["from_service"], row.labels["to_service"]): row.count for row in shared.ask("doors").rows}
    assert len([n for n in everywhere.values() if n]) > 2
    for service in shared.lists.services:
        mine = shared.ask("doors", Selection(service=service)).rows
        assert {row.state for row in mine if row.labels["from_service"] != service} == {"not_applicable"}
        for row in mine:
            if row.labels["from_service"] == service:
                assert row.count == everywhere[service, row.labels["to_service"]]
    years = shared.lists.calendar.units("financial_year", "all")
    assert "hidden" in {row.state for year in years for row in shared.ask("doors", Selection(period=year)).rows}


# -- what is shown ----------------------------------------------------------------------------------------------------


def numbers(value):
    """Every number anywhere in plain data, flags aside."""
    if isinstance(value, dict):
        return [n for one in value.values() for n in numbers(one)]
    if isinstance(value, list | tuple):
        return [n for one in value for n in numbers(one)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


@pytest.fixture(scope="module")
def answers(attacked):
    """Every metric by some breakdowns, and over some selections."""
    store = attacked[1]
    quarter = store.lists.calendar.units("quarter", "all")[2]
    asked = [(Selection(), by) for by in BREAKDOWNS] + [(Selection(period=quarter, base="out_of_work"), ())]
    return [store.ask(metric, selection, by) for metric in metrics.catalogue() for selection, by in asked]


def test_every_number_shown_stands_for_k_journeys_and_k_clients(attacked, answers):
    for answer in answers:
        shape = answer.shape
        true = oracle.exact(attacked[0], answer.metric, by=answer.by, **answer.selection.given())
        for row in answer.rows:
            of = true[tuple(row.labels.values())]
            shown = [name for name in COUNTS if getattr(row, name) is not None]
            for name in shown:
                assert getattr(row, name) % BASE == 0
                assert of[name] >= K, (answer.metric, answer.selection, row)
                assert of.get(f"clients_{name}", of.get("clients", K)) >= K, (answer.metric, answer.selection, row)
            if row.is_shown and shape == "proportion":
                assert of["denominator"] - of["numerator"] >= K
                assert of["clients_rest"] >= K
            check = {"waiting": check_curve, "change": check_change}.get(shape)
            if row.is_shown and check:
                check(row, of)


def check_curve(row, of):
    """Ten at risk; incidence x N and what is left of N are k or more; the share is that of two rounded counts."""
    reached = of["incidence"] * of["journeys"]
    assert of["at_risk"] >= 10
    assert min(reached, of["journeys"] - reached) >= K
    assert min(of["clients_events"], of["clients_rest"]) >= K
    assert row.months in (3, 6, 9, 12, 18, 24)
    if row.incidence is None:
        return
    cohort = BASE * math.floor(of["journeys"] / BASE + 0.5)
    assert row.incidence * cohort == pytest.approx(BASE * round(row.incidence * cohort / BASE))
    # nothing finer than the rounded counts but an effect to one decimal stands behind the interval
    effects = [tenths / 10 for tenths in range(1, 60)]
    intervals = [incidence.interval(round(row.incidence * cohort), cohort, effect) for effect in effects]
    assert any((row.low, row.high) == pytest.approx(found) for found in intervals)


def check_change(row, of):
    """Means of ten pairs or more, one decimal, the interval made from them; no share of the pairs that leaves a few."""
    means = (row.mean_first, row.mean_latest, row.mean_change, row.sd_change)
    assert None in means or of["pairs"] >= 10
    assert all(n is None or n == round(n, 1) for n in means)
    if None not in means:
        limits = paired_change.interval(row.pairs, row.mean_change, row.sd_change)
        assert (row.low, row.high) == pytest.approx(limits) and row.sd_change > 0
    for name in ("improved", "same", "worse"):
        if getattr(row, name) is not None:
            assert min(of["pairs"] - of[name], of[f"left_{name}"]) >= K


def test_rows_that_are_not_shown_hold_no_number(answers):
    for answer in answers:
        table = answer.frame().to_dict("records")
        for row, flat in zip(answer.to_json()["rows"], table, strict=True):
            if row["state"] == "shown":
                continue
            if row.get("why"):
                for one in (row, flat):  # of the centre and the size alone: both are shown
                    one.pop("funnel", None)
            public = {name: row.get(name) for name in ("denominator", "at_most", "at_least") if row.get("why")}
            kept = {"months": row.get("months"), **public}
            allowed = [n for n in kept.values() if n is not None]
            assert sorted(numbers(row)) == sorted(allowed), (answer.metric, row)
            assert [n for n in numbers(flat) if n == n and n not in allowed] == [], (answer.metric, flat)


def test_hidden_rows_of_the_csv_hold_no_number(attacked):
    store = attacked[1]
    answer = store.ask("outcome_events", by=("service",))
    text = csv.answer(answer, metrics.get("outcome_events"), store.lists.name)
    hidden = [line for line in text.splitlines() if ",hidden," in line]
    assert hidden
    for line in hidden:
        assert not re.search(r"(^|,)\d+(\.\d+)?(,|$)", line)


def test_labels_are_those_of_the_closed_lists(attacked, answers):
    codes = cache(attacked[1].lists.codes)
    for answer in answers:
        for row in answer.rows:
            for name, value in row.labels.items():
                if name == "path":
                    assert re.fullmatch(r"none|[1-5](>[1-5])*", value)
                elif name not in ("tool", "item"):
                    assert value in codes(name)


# -- nothing tells zero from seven ------------------------------------------------------------------------------------


def alike(**shape):
    return generate.delivery(
        5, journeys=200, services=2, commissioners=1, months=20, identical=True, recording="all", returning=0, **shape
    )


def with_men(n):
    """Two services of women, of whom `n` in the first are men instead; else the same journeys."""
    delivery = copy.deepcopy(alike())
    mine = [row for row in delivery["journey"] if row["service_id"] == "service-1"]
    for row in mine[:n]:
        row["gender"] = "male"
    return delivery


TWIN_QUESTIONS = (
    (Selection(), ("gender",)),
    (Selection(), ("quarter", "gender")),
    (Selection(cohort={"gender": "female"}), ("service",)),
    (Selection(cohort={"gender": "male"}), ()),
    (Selection(service="service-1", cohort={"gender": "female"}), ()),
    (Selection(base="out_of_work", period="last-4-quarters"), ("service", "gender")),
)


def everything_released(store, slugs):
    """All that leaves the store for some questions: rows, who is left out, charts and funnels, and the table of it."""
    for slug, (selection, by) in product(slugs, TWIN_QUESTIONS):
        answer = store.ask(slug, selection, by)
        yield json.dumps(answer.to_json(), sort_keys=True), answer.frame().to_csv()


@pytest.mark.slow
def test_none_and_seven_cannot_be_told_apart(tmp_path):
    none, seven, eight = (made(with_men(n), tmp_path, f"men-{n}") for n in (0, 7, 8))
    assert list(everything_released(none, metrics.catalogue())) == list(everything_released(seven, metrics.catalogue()))
    assert list(everything_released(none, ["referrals"])) != list(everything_released(eight, ["referrals"]))
    assert refusals(none) == refusals(seven) == refusals(eight)


WRONG = (
    ("nothing", {}, ()),
    ("referrals", {"service": "service-9"}, ()),
    ("referrals", {"commissioner": "board-9"}, ()),
    ("referrals", {"period": "1999-01"}, ()),
    ("referrals", {"cohort": {"gender": "m"}}, ()),
    ("referrals", {}, ("client",)),
    ("referrals", {}, ("service", "quarter", "gender")),
)


def refusals(store):
    """The words in which wrong questions are refused."""
    texts = []
    for metric, chosen, by in WRONG:
        with pytest.raises(ValueError) as caught:
            store.ask(metric, Selection(**chosen), by)
        texts.append(str(caught.value))
    return texts


def test_no_outcome_and_seven_cannot_be_told_apart(tmp_path):
    # Seven of sixty found work, or none did. Counts by rung and by way leave the other label to be compared, so they are not asked.
    def with_jobs(n):
        delivery = copy.deepcopy(
            alike(outcomes="none", closures="none", empty=("goal", "measure", "activity", "contact"))
        )
        for row in [r for r in delivery["journey"] if r["service_id"] == "service-1"][:n]:
            job = dict.fromkeys(generate.COLUMNS["outcome"]) | {
                "service_id": "service-1",
                "journey_id": row["journey_id"],
                "outcome": "job_started",
                "started_on": row["referred_on"],
            }
            delivery["outcome"].append(job)
        return delivery

    slugs = [s for s, m in metrics.catalogue().items() if s not in ("paths", "spiral_flow")]
    released = []
    for n in (0, 7):
        store = made(with_jobs(n), tmp_path, f"jobs-{n}")
        answers = (store.ask(slug, by=by) for slug, by in product(slugs, ((), ("service",))))
        released.append([json.dumps(answer.to_json()["rows"]) for answer in answers])
    assert released[0] == released[1]


def test_one_person_with_many_journeys_is_never_shown(tmp_path):
    def with_others(refs):
        delivery = copy.deepcopy(alike())
        for row, ref in zip(delivery["journey"], refs, strict=False):
            row |= {"gender": "other", "service_id": "service-1", "client_ref": ref}
        moved = {row["journey_id"] for row in delivery["journey"][: len(refs)]}
        start = delivery["service"][0]["data_from"]
        for row in delivery["journey"][: len(refs)]:
            row |= {"referred_on": start, "first_contact_on": None, "closed_on": None, "closure_reason": None}
        for table in generate.CHILDREN:
            delivery[table] = [row for row in delivery[table] if row["journey_id"] not in moved]
        return delivery

    one = made(with_others(["returns"] * 9), tmp_path, "one")
    nine = made(with_others([f"other-{n}" for n in range(9)]), tmp_path, "nine")
    assert nine.ask("referrals", Selection(cohort={"gender": "other"})).rows[0].count == 10
    for slug in metrics.catalogue():
        for answer in (one.ask(slug, Selection(cohort={"gender": "other"})), one.ask(slug, by=("gender",))):
            for row in answer.rows:
                if row.labels.get("gender", "other") == "other":
                    assert row.state != "shown"
                    assert row.denominator is None


# -- labels and columns that were not declared ------------------------------------------------------------------------

BY_HAND = """/*
title = "By hand"
why = "To see it refused."
says = "were"
unit = "journeys"
shape = "count"
labels = [{label}]
direction = "none"
base = "all"
horizon = "none"
*/
select by_1, by_2, part, {column}, count(*) as count
from selected
group by by_1, by_2, part, {group}
"""


def rows_by_hand(store, label, column, group="4"):
    metric = metrics.parse("by_hand", BY_HAND.format(label=label, column=column, group=group))
    return protect.rows(store._source, Question(metric, Selection(), (), store.lists))


def test_a_column_that_is_not_declared_is_refused(attacked):
    with pytest.raises(ValueError, match=r"'client'.*neither a label nor a count"):
        rows_by_hand(attacked[1], "", "client")


def test_a_label_without_a_closed_list_is_refused(attacked):
    with pytest.raises(ValueError, match="no closed list"):
        rows_by_hand(attacked[1], '"client"', "client")


def test_a_value_outside_its_closed_list_is_never_a_label(attacked):
    store = attacked[1]
    assert {r.labels["gender"] for r in rows_by_hand(store, '"gender"', "'somebody' as gender")} == set(
        store.lists.codes("gender")
    )
    assert rows_by_hand(store, '"path"', "'somebody' as path") == ()
    (row,) = rows_by_hand(store, '"path"', "'1>3' as path")
    assert row.labels == {"path": "1>3"}


def test_a_barrier_that_few_people_were_asked_about_is_no_label(tmp_path):
    def asked(n):
        delivery = copy.deepcopy(alike())
        for row in delivery["journey"][:n]:
            key = {name: row[name] for name in ("service_id", "journey_id")}
            delivery["measure"].append(
                key | {"measured_on": row["referred_on"], "tool": "mbat", "item": "rare_thing", "score": 1}
            )
        return delivery

    for n, is_listed in ((7, False), (8, True)):
        store = made(asked(n), tmp_path, f"asked-{n}")
        assert ("rare_thing" in store.lists.barriers) == is_listed
        answer = json.dumps(store.ask("barriers_gone").to_json())
        assert ("rare_thing" in answer) == is_listed


def test_no_file_of_the_store_names_a_barrier_that_few_people_were_asked_about(tmp_path):
    delivery = copy.deepcopy(alike())
    for i, row in enumerate(delivery["journey"][:14]):
        key = {name: row[name] for name in ("service_id", "journey_id")}
        item = "somebodys_own" if i < 7 else "somebody_elses"
        for days in (0, 1 + i % 2):
            day = row["referred_on"] + timedelta(days=days)
            delivery["measure"].append(key | {"measured_on": day, "tool": "mbat", "item": item, "score": 1 - days % 2})
    store = made(delivery, tmp_path, "rare")
    answered = {
        row.labels["barrier"]: (row.state, row.denominator, row.numerator) for row in store.ask("barriers_gone").rows
    }
    told = oracle.released(delivery, "barriers_gone")
    assert answered == {row["labels"]["barrier"]: (row["state"], row["denominator"], row["numerator"]) for row in told}
    assert answered["other"][:2] == ("hidden", 15)
    files = list((tmp_path / "rare").rglob("*.duckdb"))
    kept = [_texts_of(file) for file in files]
    assert files and all("other" in texts for texts in kept)
    assert not any(texts & {"somebodys_own", "somebody_elses"} for texts in kept)


def _texts_of(file):
    """Every text that stands in any table of a store's file."""
    found = set()
    with duckdb.connect(str(file), read_only=True, config=LOCKED) as connection:
        sql = "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
        for table, column in connection.execute(sql).fetchall():
            found |= {row[0] for row in connection.execute(f'select distinct "{column}" from "{table}"').fetchall()}
    return found


# -- statistics that could undo the rounding --------------------------------------------------------------------------


def test_expected_counts_are_given_only_beside_others(attacked):
    store = attacked[1]
    for metric in ("engaged", "found_work", "stepping_stone"):
        for selection in (Selection(), Selection(base="working_age")):
            for row in store.ask(metric, selection, ("service",), case_mix=True).rows:
                if row.expected is None:
                    assert (row.ratio, row.ratio_low, row.ratio_high) == (None, None, None)
                    continue
                assert row.is_shown
                assert row.expected >= 5
                assert row.expected == round(row.expected, 1)


def test_what_is_expected_of_a_service_alone_is_not_its_own_exact_numerator(attacked):
    store = attacked[1]
    for service in store.lists.services:
        rows = store.ask("engaged", Selection(service=service), ("service",), case_mix=True).rows
        assert [row.expected for row in rows] == [None]
    for dimension in ("age_band", "employment_status", "imd_quintile", "start_rung"):
        with pytest.raises(ValueError, match="case mix allows for"):
            store.ask("engaged", by=(dimension,), case_mix=True)


def test_charts_and_funnels_are_made_of_released_counts(attacked):
    store = attacked[1]
    rows = store.ask("engaged", by=("service",)).rows
    taken = [{"few": 3.5, "most": (row.denominator or 0) - 3.5}.get(row.why, row.numerator) for row in rows]
    known = [(x, row.denominator) for x, row in zip(taken, rows, strict=True) if x is not None]
    centre = sum(x for x, _ in known) / sum(n for _, n in known)
    placed = [row.funnel["centre"] for row in rows if row.funnel]
    assert placed and placed == pytest.approx([centre] * len(placed))
    for row in store.ask("referrals", by=("month",)).rows:
        assert row.spc is None or row.is_shown


def test_a_funnel_is_drawn_around_the_rows_that_are_alike(attacked):
    for answer in (attacked[1].ask("engaged", by=("service",)), attacked[1].ask("climbed", by=("service",))):
        placed = [row for row in answer.rows if row.funnel]
        assert len({(row.records, row.partly) for row in placed}) <= 1
        assert len({row.funnel["centre"] for row in placed}) <= 1
        unlike = [dict(one.labels) for one in answer.not_alike]
        assert not [row for row in placed if dict(row.labels) in unlike]


# -- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A store of clients and journeys with names that cannot stand there by chance; its delivery and folder."""
    delivery = generate.delivery(8, journeys=150, services=2)
    for row in delivery["journey"]:
        row["client_ref"] = f"zqclient{row['client_ref']}"
    names = {row["journey_id"]: f"zqjourney{n:05}" for n, row in enumerate(delivery["journey"])}
    for table in ("journey", *generate.CHILDREN):
        for row in delivery[table]:
            row["journey_id"] = names[row["journey_id"]]
    folder = tmp_path_factory.mktemp("named")
    return delivery, folder, generate.write(delivery, folder / "delivery")


def loaded(folder, delivery, name, key, monkeypatch):
    monkeypatch.setenv("JOURNEYS_KEY", key)
    build.load([delivery], folder / name)
    (file,) = (folder / name).glob("journeys-*.duckdb")
    return file


def test_the_store_keeps_no_identifier_no_date_and_no_key(named, monkeypatch):
    _, folder, delivery = named
    key = "zqkey0123456789abcdef"
    file = loaded(folder, delivery, "kept", key, monkeypatch)
    assert not [word for word in (b"zqclient", b"zqjourney", key.encode()) if word in file.read_bytes()]
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
        ).fetchall()
        assert not [c for c in columns if re.search("DATE|TIME|INTERVAL|BLOB", c[2])]
        assert not [
            c
            for c in columns
            if c[1] in ("client_ref", "journey_id", "client_key", "referred_on", "data_from", "data_to")
        ]
        for table, column, _ in columns:
            values = connection.execute(f'select distinct "{column}"::varchar from "{table}"').fetchall()
            text = "\n".join(value for (value,) in values if value)
            assert not re.search(f"zqclient|zqjourney|{key}", text), (table, column)
            if (table, column) != ("load", "loaded_at"):  # when it was loaded, the one day in the file
                assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", text), (table, column)


def test_another_key_gives_other_hashes(named, monkeypatch):
    _, folder, delivery = named
    hashes = []
    for name in ("one", "two"):
        file = loaded(folder, delivery, f"key-{name}", f"another long key {name}", monkeypatch)
        with duckdb.connect(str(file), read_only=True) as connection:
            hashes.append({client for (client,) in connection.execute("select client from journey").fetchall()})
    assert len(hashes[0]) == len(hashes[1])
    assert not hashes[0] & hashes[1]
