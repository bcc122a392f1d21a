"""Every metric file: a complete header, and a SELECT that counts something on the sample."""

import re
from collections import Counter, defaultdict

import duckdb
import pytest

from journeys.answer.coverage import START_RUNGS
from journeys.answer.shapes import SHAPES
from journeys.sample import lives
from journeys.store import build
from journeys.store.opened import current_version, file_of, open_store
from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.vocabulary.selection import BREAKDOWNS
from tests.in_words import in_words

SLUGS = tuple(metrics.catalogue())
WORDS = ("title", "why", "numerator", "unit", "shape", "direction", "base", "horizon")
UNLABELLED = [
    slug
    for slug, m in metrics.catalogue().items()
    if m.shape == "proportion" and m.source == "journey" and m.unit == "journeys" and not m.labels
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The store of a sample of 6,000 journeys."""
    made = tmp_path_factory.mktemp("sample")
    build.load([lives.write(made / "delivery", journeys=6000)], made / "store")
    return made / "store"


@pytest.fixture(scope="module")
def lists(folder):
    return open_store(folder).lists


@pytest.fixture(scope="module")
def run(folder, lists):
    """Runs SQL on the store as an analyst would, and gives its rows as dicts."""
    with duckdb.connect(str(file_of(folder, current_version(folder))), read_only=True) as connection:
        yield lambda sql: _dicts(connection.execute(sql))


def _dicts(cursor):
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _counts(metric, rows):
    """The metric's counts as pairs of a part and its whole, by own labels."""
    if metric.shape == "proportion":
        return {own: (n, whole) for own, n, whole in _shares(metric, rows)}
    if metric.shape == "waiting":
        return {(): (sum(r["events"] for r in rows), sum(r["events"] + r["competing"] + r["censored"] for r in rows))}
    if metric.shape == "change":
        return {(r["tool"], r["item"]): (r["improved"], r["pairs"]) for r in rows if r["tool"]}
    return {tuple(r[name] for name in metric.labels): (r["count"], sum(x["count"] for x in rows)) for r in rows}


def _shares(metric, rows):
    """Own labels, numerator and denominator; a row without a last label carries the denominator of all labels."""
    wholes = {
        tuple(r[n] for n in metric.labels[:-1]): r["denominator"]
        for r in rows
        if metric.labels and r[metric.labels[-1]] is None
    }
    for row in rows:
        own = tuple(row[name] for name in metric.labels)
        if None not in own:
            yield own, row["numerator"], wholes[own[:-1]] if wholes else row["denominator"]


@pytest.mark.parametrize("slug", SLUGS)
def test_header_is_complete(slug):
    metric = metrics.get(slug)
    assert [word for word in WORDS if not getattr(metric, word).strip()] == []
    assert metric.base in ("all", "working_age", "out_of_work")
    assert set(metric.needs) <= set(metrics.KINDS)
    assert not set(metric.needs) & set(metric.fed_by)
    assert set(metric.codes) <= set(metric.labels)


@pytest.mark.parametrize("slug", SLUGS)
def test_header_suits_the_shape(slug):
    metric = metrics.get(slug)
    if metric.shape == "proportion":
        assert metric.denominator
    # a change is better, worse and hardly different: its sentence is not a verb phrase
    assert bool(metric.says) == (metric.shape != "change")
    assert set(re.findall(r"{(\w+)}", metric.says)) in (set(metric.labels), set())


@pytest.mark.parametrize("slug", SLUGS)
def test_select_binds_without_parameters(slug, run):
    sql = metrics.get(slug).sql
    (statement,) = duckdb.extract_statements(sql)
    assert not statement.named_parameters
    assert run(f"explain {sql}")


@pytest.mark.parametrize("slug", SLUGS)
def test_columns_match_the_shape(slug, run):
    metric = metrics.get(slug)
    own = ("day",) if metric.shape == "waiting" else metric.labels
    found = tuple(row["column_name"] for row in run(f"describe {metric.sql}"))
    assert found == ("by_1", "by_2", "part", *own, *SHAPES[metric.shape].COLUMNS)


@pytest.mark.parametrize("slug", SLUGS)
def test_counts_are_neither_impossible_nor_trivial_on_the_sample(slug, run, lists):
    metric = metrics.get(slug)
    if not any(set(metric.needs) <= service.records for service in lists.services.values()):
        pytest.skip(f"no service of the sample records {' and '.join(metric.needs)}")
    pairs = _counts(metric, run(metric.sql)).values()
    assert all(0 <= part <= whole for part, whole in pairs)
    n, whole = sum(part for part, _ in pairs), sum(whole for _, whole in pairs)
    assert n > 0
    assert n < whole or metric.shape == "count"


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if metrics.get(slug).labels])
def test_labels_come_from_closed_lists(slug, run, lists):
    metric = metrics.get(slug)
    for own in _counts(metric, run(metric.sql)):
        if metric.labels == ("path",):
            assert own == ("none",) or set(own[0].split(">")) <= set("12345")
        elif metric.labels == ("tool", "item"):
            assert own in dictionary.load().changing_items
        elif metric.shape != "waiting":
            assert all(code in lists.own_codes(metric, name) for name, code in zip(metric.labels, own, strict=True))


OF_PEOPLE = [d for d in BREAKDOWNS if d not in (*PERIOD_UNITS, "commissioner", "model", "funding", "co_located")]


_RUNGS = " ".join(f"when '{status}' then '{rung}'" for status, rung in START_RUNGS.items())
START_RUNG = f"(case employment_status {_RUNGS} else 'starting_out' end)"


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if metrics.get(slug).shape == "proportion"])
def test_a_numerator_that_is_a_choice_says_so(slug, run):
    """Whatever dimension a numerator coincides with: all of one value are in it and nobody else, by the rows and not by names."""
    metric = metrics.get(slug)
    of_value = _by_value(metric, run)
    found = {own for counts in of_value.values() for own in counts if _chosen_by(counts[own])}
    assert found == {own for own in found if metric.choice_of(own) is not None}
    named = of_value.get(metric.named_again, {})
    said = {own: metric.choice_of(own) for own in named if sum(n for n, _ in named[own].values())}
    assert {own: _chosen_by(named[own]) for own in said if said[own]} == {own: v for own, v in said.items() if v}
    assert bool(metric.same_as) == any(said.values())
    # and of whom the denominator holds one status alone, so that choosing it chooses nobody less, says so too
    statuses = {value for counts in of_value["employment_status"].values() for value, (_, n) in counts.items() if n}
    assert set(metric.only) == (statuses if len(statuses) == 1 else set())


def _by_value(metric, run):
    """By dimension, own labels and value: numerator and denominator."""
    columns = {d: d for d in OF_PEOPLE} | {"service": "service_id", "start_rung": START_RUNG}
    part = " || '|' || ".join(f"{column}::varchar" for column in columns.values())
    names = sorted(set(re.findall(r"\bselected\w*", metric.sql)))
    ctes = ", ".join(f"{name} as (select * replace ({part} as part) from {in_words(f'main.{name}')})" for name in names)
    found = {d: defaultdict(Counter) for d in columns}
    for row in run(f"with {ctes} select * from (\n{metric.sql}\n) as answer"):
        own = tuple(row[name] for name in metric.labels)
        for d, value in zip(columns, row["part"].split("|"), strict=True):
            found[d][own][value, "n"] += row["numerator"] or 0
            found[d][own][value, "whole"] += row["denominator"] or 0
    return {d: dict(_of_each(of_d)) for d, of_d in found.items()}


def _of_each(found):
    """Own labels and, by value, numerator and denominator, which may stand in a row without the last label."""
    is_shared = any(own and own[-1] is None for own in found)
    for own, mine in found.items():
        if None not in own:
            wholes = found[*own[:-1], None] if is_shared else mine
            yield own, {value: (mine[value, "n"], n) for (value, what), n in wholes.items() if what == "whole"}


def _chosen_by(counts):
    """The one value whose journeys are the numerator, all of them and no others; None where there is none, or too few to tell."""
    held = [value for value, (n, _) in counts.items() if n]
    if len(held) != 1 or len(counts) == 1 or counts[held[0]][0] < 8:
        return None
    n, whole = counts[held[0]]
    return held[0] if n == whole else None


@pytest.mark.parametrize("slug", UNLABELLED)
def test_everyone_is_in_the_denominator_or_left_out_for_one_reason(slug, run):
    metric = metrics.get(slug)
    denominator = sum(row["denominator"] for row in run(metric.sql))
    left_out = [run(f"select count(*) as n from selected where {sql}")[0]["n"] for sql in metric.left_out.values()]
    assert denominator + sum(left_out) == run("select count(*) as n from selected")[0]["n"]


@pytest.mark.parametrize("gone", metrics.GONE)
def test_a_metric_that_is_gone_is_answered_with_what_took_its_place(gone):
    with pytest.raises(ValueError, match=rf"'{gone}' is gone: '{metrics.GONE[gone]}' has taken its place"):
        metrics.get(gone)


def test_work_is_never_judged():
    work = "found_work time_to_work work_after_step work_after_way job_at_referral first_jobs first_job_contract first_job_hours good_work"
    assert {metrics.get(slug).direction for slug in work.split()} == {"none"}


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if "when time_possible <" in metrics.get(slug).sql])
def test_who_is_sorted_by_the_time_since_referral_says_that_a_limit_is_moved(slug):
    assert "up to a week past a limit" in metrics.get(slug).caution


SPARK_HAS_NOT = re.compile(r"\blen\(|list_contains|::varchar|\* replace|unnest\([^)]*\)[^,\n]*,\s*unnest", re.S)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_select_is_spelt_as_duckdb_and_spark_both_take_it(slug):
    assert not SPARK_HAS_NOT.search(metrics.get(slug).sql)
