"""The corpus of small deliveries: every bad one gives exactly the findings it should, every good one none."""

import duckdb
import pytest

from journeys import findings, intake
from tests.deliveries import cases

BAD = cases.load("bad.toml")


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        yield connection


def found(report, folder_name: str = "delivery") -> list[str]:
    """All refusals as the cases write them, in order."""
    refusals = [f for f in report.findings if findings.RULES[f.rule].is_refusal]
    places = [(f.file.replace(folder_name, "DELIVERY"), f.row or "-", f.column or "-", f.rule) for f in refusals]
    return sorted(" ".join(str(part).replace(" ", "-") for part in place) for place in places)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
def test_bad_delivery(case, tmp_path, connection):
    folder = cases.make(case, tmp_path / "delivery")
    report = intake.read([folder], connection)
    assert found(report) == sorted(case["finds"])
    assert not report.is_clean
    words = findings.text(report)
    findings.write_report(report, tmp_path / "report.csv")
    secret = case.get("secret")
    if secret:
        assert report.is_refused_whole
        assert secret not in words and secret not in (tmp_path / "report.csv").read_text(encoding="utf-8")


def test_there_are_enough_bad_deliveries_and_every_rule_is_broken():
    assert len(BAD) >= 60
    broken = {line.split()[-1] for case in BAD for line in case["finds"]}
    elsewhere = {"service_in_two_deliveries"}
    assert {rule.name for rule in findings.RULES.values() if rule.is_refusal} == broken | elsewhere
