"""Dates of birth are found in whatever column they stand and however they are written; references that only look like them pass."""

import datetime

import pytest

from journeys.intake import findings, questions, read, suggestion
from journeys.intake.identifiers import WITHHELD
from tests.intake.deliveries import cases

HEADER = cases.good_tables()["journey.csv"][0]
ALONE = ["goal.csv", "measure.csv", "outcome.csv", "activity.csv", "referral_reason.csv", "contact.csv"]
N = 60


def born(n: int) -> datetime.date:
    """Days of birth all over the years of those who are 20 to 79 in 2023."""
    return datetime.date(1944 + n * 37 % 60, 1 + n * 7 % 12, 1 + n * 11 % 28)


def referred(n: int) -> datetime.date:
    return datetime.date(2022, 4, 1) + datetime.timedelta(days=n * 11)


def delivery(tmp_path, column: str, cell):
    """N journeys of which one column holds what `cell` says of the number of the row."""
    rows = [[f"N-{n}x", f"client-{n}x", "north", str(referred(n)), "gp", *[""] * 9] for n in range(N)]
    for n, row in enumerate(rows):
        row[HEADER.index(column)] = cell(n)
    return cases.make({"remove": ALONE, "write": {"journey.csv": cases.as_csv([HEADER, *rows])}}, tmp_path / "d")


def found(folder, tmp_path):
    """(rule, column) of all that was found, and all the words that a person would read."""
    with read.connected(tmp_path) as connection:
        report = read.read([folder], connection)
        findings.write_report(report, tmp_path / "report.csv")
        words = findings.text(report) + (tmp_path / "report.csv").read_text(encoding="utf-8")
        return {(f.rule, f.column) for f in report if f.rule != "table_absent"}, words  # it has journeys alone


WAYS = {
    "day first": lambda n: f"{born(n):%d/%m/%Y}",
    "iso": lambda n: str(born(n)),
    "month first": lambda n: f"{born(n):%m/%d/%Y}",
    "dots": lambda n: f"{born(n):%d.%m.%Y}",
    "words": lambda n: f"{born(n):%d %b %Y}",
    "one run": lambda n: f"{born(n):%d%m%Y}",
    "one run, year first": lambda n: f"{born(n):%Y%m%d}",
    "two digits for the year": lambda n: f"{born(n):%d/%m/%y}",
    "wide digits": lambda n: f"{born(n):%d/%m/%Y}".translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "with a dash that looks alike": lambda n: f"{born(n):%d\u2011%m\u2011%Y}",
    "most of the rows": lambda n: f"{born(n):%d/%m/%Y}" if n % 3 else "",
}
HELD = {
    "with a number": lambda n: f"{born(n):%d/%m/%Y}-{n}",
    "after a name": lambda n: f"Name {born(n):%d/%m/%Y}",
    "after initials": lambda n: f"AB{born(n):%d%m%Y}",
    "between": lambda n: f"AB_{born(n):%d_%m_%Y}_{n}",
}


PLACES = [(column, way) for column in ("client_ref", "age_at_referral") for way in WAYS]
PLACES += [(column, "iso") for column in ("long_term_conditions", "gender", "closed_on", "journey_id")]


@pytest.mark.parametrize(("column", "way"), PLACES)
def test_dates_of_birth_refuse_the_file_in_any_column_and_are_not_printed(tmp_path, column, way):
    folder = delivery(tmp_path, column, WAYS[way] if column != "client_ref" else lambda n: WAYS[way](n) or "x1")
    rules, words = found(folder, tmp_path)
    assert ("identifying_value", column) in rules, words
    assert not any(WAYS[way](n) in words for n in range(N) if WAYS[way](n))


@pytest.mark.parametrize("cell", HELD.values(), ids=HELD)
def test_a_reference_that_holds_a_date_of_birth_refuses_the_file(tmp_path, cell):
    rules, _ = found(delivery(tmp_path, "client_ref", cell), tmp_path)
    assert ("identifying_value", "client_ref") in rules


PSEUDONYMS = {
    "eight digits": lambda n: str(10001234 + n),
    "a counter that reads like days of one year": lambda n: str(19560101 + n % 28),
    "a counter that reads like years of one day": lambda n: str(10011941 + n),
    "the day of the referral and a number": lambda n: f"{referred(n):%Y%m%d}-{n:04}",
    "the day of the referral": lambda n: f"SP/{referred(n):%d/%m/%Y}/{n}",
    "year, month and number": lambda n: f"{referred(n):%y/%m}/{n % 27 + 1:02}",
    "the year of an old client": lambda n: f"C-{1990 + n % 30}-{n:04}",
    "the day on which somebody came first": lambda n: (
        f"C{referred(n) - datetime.timedelta(days=300 + n * 20):%Y-%m-%d}-{n}"
    ),
    "letters and digits": lambda n: f"{n * 7919 % 99991:x}a{n}",
    "some old days": lambda n: f"{born(n):%d/%m/%Y}" if n % 3 == 0 else f"c{n}x",
}


@pytest.mark.parametrize("cell", PSEUDONYMS.values(), ids=PSEUDONYMS)
def test_references_that_look_like_dates_pass(tmp_path, cell):
    rules, words = found(delivery(tmp_path, "client_ref", cell), tmp_path)
    assert not rules, words


def test_references_of_other_tables_are_looked_at_where_no_journey_has_them(tmp_path):
    rows = [["service_id", "journey_id", "contact_on", "kind"]]
    rows += [["north", f"{born(n):%d/%m/%Y}", "2023-06-05", "video"] for n in range(20)]
    folder = cases.make({"write": {"contact.csv": cases.as_csv(rows)}}, tmp_path / "d")
    rules, words = found(folder, tmp_path)
    assert ("identifying_value", "journey_id") in rules and "/19" not in words


@pytest.mark.parametrize(("column", "way"), [*(("age_at_referral", way) for way in WAYS), ("gender", "iso")])
def test_one_date_among_numbers_and_codes_is_withheld(tmp_path, column, way):
    good = {"age_at_referral": "44", "gender": "female"}[column]
    folder = delivery(tmp_path, column, lambda n: WAYS[way](n) if n == 7 else good)
    rules, words = found(folder, tmp_path)
    assert len(rules) == 1 and WITHHELD in words and WAYS[way](7) not in words
    asked = [question.given for question in questions.of([folder])]
    assert WAYS[way](7) not in asked and WAYS[way](7) not in suggestion.suggest([folder])
