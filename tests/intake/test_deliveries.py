"""The corpus of small deliveries: every bad one gives exactly the findings it should, every good one none."""

import duckdb
import pytest

from journeys.intake import findings, read
from journeys.intake.rules import RULES
from tests.intake.deliveries import cases

BAD, GOOD = cases.load("bad.toml"), cases.load("good.toml")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        yield connection


def places(report, *, is_refusal: bool) -> list[str]:
    """All refusals or all notes as the cases write them."""
    chosen = [f for f in report.findings if RULES[f.rule].is_refusal == is_refusal]
    parts = [(f.file.replace("delivery", "DELIVERY"), f.row or "-", f.column or "-", f.rule) for f in chosen]
    return sorted(" ".join(str(part).replace(" ", "-") for part in place) for place in parts)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
def test_bad_delivery(case, tmp_path, connection):
    report = read.read([cases.make(case, tmp_path / "delivery")], connection)
    if "finds" in case:
        assert places(report, is_refusal=True) == sorted(case["finds"])
    else:
        assert set(case["finds_rules"]) <= {f.rule for f in report.findings}
    assert not report.is_clean
    words = findings.text(report)
    findings.write_report(report, tmp_path / "report.csv")
    if "secret" in case:
        assert report.is_refused_whole
        assert case["secret"] not in words + (tmp_path / "report.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["name"])
def test_good_delivery(case, tmp_path, connection):
    report = read.read([cases.make(case, tmp_path / "delivery")], connection)
    assert places(report, is_refusal=True) == []
    assert places(report, is_refusal=False) == sorted(case.get("notes", []))
    assert report.is_clean and report.n_refused == 0 and report.n_good == report.n_read
    for place, value in case.get("holds", {}).items():
        table, row, column = place.split()
        held = connection.execute(f"select {column} from delivery.{table} where row_number = {row}").fetchall()
        assert [str(cell) for (cell,) in held] == [value], place


def test_there_are_enough_bad_deliveries_and_every_rule_is_broken():
    assert len(BAD) >= 60
    broken = {line.split()[-1] for case in BAD for line in case.get("finds", case.get("finds_rules", ()))}
    # two deliveries: test_read; workbooks and limits: test_workbooks
    elsewhere = {"service_in_two_deliveries", "too_large", "name_wrong", "cell_far", "cells_merged", "formula_unstored"}
    assert {rule.name for rule in RULES.values() if rule.is_refusal} == broken | elsewhere


def test_every_note_is_given():
    given = {line.split()[-1] for case in GOOD for line in case.get("notes", [])}
    elsewhere = {
        "rows_hidden",
        "columns_hidden",
        "sheet_hidden",
        "tables_within",
        "dates_one_month",
        "dates_month_start",
        "dates_swapped",
        "refs_shared",
        "refs_counters",
    }  # test_columns, test_workbooks
    assert {rule.name for rule in RULES.values() if not rule.is_refusal} == given | elsewhere
