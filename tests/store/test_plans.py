"""How the database goes about a question: rows of journeys are looked through, never made a table of to look them up in."""

import json
from itertools import product

import duckdb
import pytest

from journeys.answer.exact import Reading
from journeys.answer.query import BY_CELL, Of
from journeys.answer.question import Question
from journeys.store.duck import LOCKED
from journeys.store.opened import file_of, open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection


def asked(store):
    """SQL of every metric for three choices of people, with what they give to it."""
    year = store.lists.calendar.units("financial_year", "all")[1]
    chosen = (
        (Selection(), ("gender",)),
        (Selection(period=year), ("age_band",)),
        (Selection(cohort={"gender": "female", "main_reason": "wellbeing"}), ("co_located", "ethnic_group")),
    )
    for metric, (selection, by) in product(metrics.catalogue().values(), chosen):
        if not set(by) & set(metric.labels):
            reading = Reading(store._source, Question(metric, selection, by, store.lists))
            own = reading._own_of(metric.sql)
            columns, counted = reading.shape.COLUMNS, reading.shape.COUNTED
            yield reading.rows.select(metric.sql, of=Of.BOTH, counts=columns, counted=counted, own=own)


def looked_up_in(plan, tables):
    """The tables of rows that a join of a plan looks others up in: those on its second side."""
    found = set()
    if "JOIN" in plan["name"] and len(plan["children"]) == 2:
        found |= scanned(plan["children"][1]) & tables
    return found.union(*(looked_up_in(child, tables) for child in plan["children"]))


def scanned(plan):
    name = plan["extra_info"].get("Table", "") if isinstance(plan["extra_info"], dict) else ""
    return {name.rpartition(".")[2]}.union(*map(scanned, plan["children"]))


@pytest.fixture
def store_of_3000(sample, tmp_path):
    store = open_store(sample(tmp_path, 3_000))
    yield store
    store.close()


def test_no_question_makes_a_table_of_the_rows_that_it_counts(sample, tmp_path):
    """The small tables of what is chosen come out of a list whose length the database does not know: left to itself it takes the rows for fewer."""
    store = open_store(sample(tmp_path, 3_000))
    questions, tables, file = list(asked(store)), set(store._columns), file_of(store.folder, store.version)
    store.close()

    def n_looked_up_in(config):
        with duckdb.connect(str(file), read_only=True, config=config) as connection:
            plans = [
                connection.execute(f"explain (format json) {sql}", values).fetchone()[1] for sql, values in questions
            ]
        return sum(any(looked_up_in(one, tables) for one in json.loads(plan)) for plan in plans)

    assert len(questions) > 100
    assert n_looked_up_in(LOCKED) == 0
    assert n_looked_up_in({**LOCKED, "disabled_optimizers": ""}) > 10


def n_scans(plan, table):
    name = plan["extra_info"].get("Table", "") if isinstance(plan["extra_info"], dict) else ""
    return (name.rpartition(".")[2] == table) + sum(n_scans(child, table) for child in plan["children"])


@pytest.mark.parametrize(
    ("cohort", "n"), [({"gender": "female", "main_reason": "wellbeing"}, 1), ({}, 7)], ids=["people are chosen", "all"]
)
def test_rows_that_are_chosen_are_found_once_for_all_horizons(store_of_3000, cohort, n):
    """Seven looks at ten million rows, each with a join for everything chosen, took seven times as long as one; all of them at once would fill the memory."""
    metric = metrics.get("spiral_after")
    question = Question(metric, Selection(cohort=cohort), ("co_located", "ethnic_group"), store_of_3000.lists)
    reading = Reading(store_of_3000._source, question)
    sql, values = reading.rows.select(metric.sql, of=Of.BOTH, counts=("numerator",), own=metric.labels)
    few = reading.rows.select(metric.sql, BY_CELL, reading._numbers(range(2)))
    people = reading.rows.people(metric.sql, metric.labels, "numerator", {0: [0]})
    plans = [
        json.loads(store_of_3000._engine.rows(f"explain (format json) {sql}", values, 60)[0]["explain_value"])
        for sql, values in ((sql, values), few, people)
    ]
    assert [sum(n_scans(one, "journey") for one in plan) for plan in plans] == [n, 1, 1]
