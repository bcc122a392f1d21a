"""Columns judged as columns: one finding with cause and mend, the switch that mends it, and never a part of such a column loaded."""

import datetime

import pytest

from journeys.intake import read
from tests.intake.deliveries import cases

ALONE = ["goal.csv", "measure.csv", "outcome.csv", "activity.csv", "referral_reason.csv"]
HEADER = cases.good_tables()["journey.csv"][0]


def checked(tmp_path, case: dict, mapping: str = ""):
    """(rules broken, journeys, contacts) of the good delivery changed as a case says, read with a mapping."""
    words = tmp_path / "mapping.toml"
    words.write_text(mapping, encoding="utf-8")
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make(case, tmp_path / "d")], connection, mapping=words if mapping else None)
        journeys = connection.execute("select journey_id, client_ref, age_at_referral from delivery.journey").fetchall()
        contacts = connection.execute("select journey_id, contact_on::varchar from delivery.contact").fetchall()
    rules = {rule: n for rule, n in report.by_rule.items() if rule != "table_absent"}  # what is ALONE lacks tables
    return rules, journeys, contacts


def contacts_of(*rows: tuple[str, str]) -> dict:
    """A case in which contacts have these references and dates."""
    lines = ["service_id,journey_id,contact_on,kind", *(f"north,{ref},{day},video" for ref, day in rows)]
    return {"write": {"contact.csv": "\n".join(lines) + "\n"}, "remove": ALONE}


SHORT_YEARS = contacts_of(("J-1", "05/13/23"), ("J-1", "06/25/23"), ("J-2", "06/05/23"))
MONTH_FIRST = contacts_of(("J-1", "05/13/2023"), ("J-1", "06/25/2023"), ("J-2", "06/05/2023"))
DECIMALS = contacts_of(("1001.0", "2023-06-05"), ("1002.0", "2023-06-06")) | {
    "set": {"journey.csv 2 journey_id": "1001", "journey.csv 3 journey_id": "1002"}
}
ZEROS = contacts_of(("17", "2023-06-05"), ("18", "2023-06-06")) | {
    "set": {"journey.csv 2 journey_id": "00017", "journey.csv 3 journey_id": "00018"}
}


@pytest.mark.parametrize(
    ("case", "rule", "switch", "wanted"),
    [
        (MONTH_FIRST, "dates_month_first", 'date_order = "month_first"', [("J-1", "2023-05-13"), ("J-1", "2023-06-25"), ("J-2", "2023-06-05")]),
        (DECIMALS, "ids_decimal", "decimal_ids = true", [("1001", "2023-06-05"), ("1002", "2023-06-06")]),
        (ZEROS, "ids_zeros", "leading_zeros = 5", [("00017", "2023-06-05"), ("00018", "2023-06-06")]),
    ],
    ids=["month first", "decimals", "zeros"],
)  # fmt: skip
def test_a_column_is_one_finding_nothing_of_it_is_loaded_and_one_switch_mends_it(tmp_path, case, rule, switch, wanted):
    rules, _, contacts = checked(tmp_path / "as it is", case) if (tmp_path / "as it is").mkdir() is None else None
    assert set(rules) == {rule} and contacts == []
    for number, words in enumerate((switch, f"[tables.contact]\n{switch}\n[tables.journey]\n{switch}")):
        place = tmp_path / str(number)
        place.mkdir()
        rules, _, contacts = checked(place, case, words)
        assert rules == {} and contacts == wanted


def test_month_first_is_told_of_short_years_too(tmp_path):
    rules, _, contacts = checked(tmp_path, SHORT_YEARS)
    assert rules == {"dates_month_first": 2} and contacts == []


def test_one_date_in_the_other_order_is_a_wrong_cell_and_no_order_of_the_column(tmp_path):
    case = contacts_of(("J-1", "25/06/2023"), ("J-1", "26/06/2023"), ("J-2", "06/13/2023"), ("J-2", "06/07/2023"))
    rules, _, contacts = checked(tmp_path, case)
    assert rules == {"date_wrong": 1} and len(contacts) == 3


NONE = ["-", "--", "\u2013", "?", "...", "0", "000", "x", "XXX", "TBC", "tba", "Pending", "to be confirmed", "n/k"]


@pytest.mark.parametrize("word", NONE)
def test_a_client_ref_that_says_that_there_is_none_is_refused(tmp_path, word):
    case = {
        "set": {"journey.csv 2 client_ref": word, "journey.csv 3 client_ref": word},
        "remove": [*ALONE, "contact.csv"],
    }
    rules, journeys, _ = checked(tmp_path, case)
    assert rules == {"empty_word": 2} and word not in {ref for _, ref, _ in journeys}


def test_short_references_and_counters_are_references(tmp_path):
    refs = ["999", "10", "A-0", "00x"]
    case = {"set": {f"journey.csv {row} client_ref": ref for row, ref in enumerate(refs, 2)}}
    rules, journeys, _ = checked(tmp_path, case)
    assert rules == {} and [ref for _, ref, _ in journeys] == refs


def test_names_of_services_with_other_dashes_are_one_finding_and_nothing_is_said_of_their_rows(tmp_path):
    case = {"set": {"service.csv 2 service_id": "nor-th", "journey.csv 4 service_id": "nor-th"}}
    case["set"] |= {f"journey.csv {row} service_id": "nor\u2011th" for row in (2, 3)}
    rules, journeys, _ = checked(tmp_path, case | {"remove": [*ALONE, "contact.csv", "service_change.csv"]})
    assert rules == {"ids_case": 2} and journeys == []


def test_words_for_empty_are_one_finding_a_column_and_one_switch_mends_them(tmp_path):
    case = {
        "set": {f"journey.csv {row} age_at_referral": "n/k" for row in (2, 3, 4)},
        "remove": [*ALONE, "contact.csv"],
    }
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    words = tmp_path / "a" / "mapping.toml"
    with read.connected(tmp_path / "a") as connection:
        report = read.read([cases.make(case, tmp_path / "a" / "d")], connection)
        assert [(f.row, f.column, f.value) for f in report if f.rule == "empty_word"] == [(2, "age_at_referral", "n/k")]
        assert report.by_rule["empty_word"] == report.n_refused == 3 and "3 rows" in report.first(1)[0].expected
    rules, journeys, _ = checked(tmp_path / "b", case, 'empty = ["N/K", "-"]')
    assert rules == {} and [age for _, _, age in journeys] == [None, None, None, 70]
    assert not words.exists()


def test_a_fault_of_a_column_or_a_value_is_one_finding_and_its_rows_stay_refused(tmp_path):
    faults = ["45057", "45058", "45059"], ["work"] * 3, ["#N/A", "#N/A", '"3,5"']
    rows = [f"north,J-1,{day},{kind},{minutes}" for day, kind, minutes in zip(*faults, strict=True)]
    words = "\n".join(["service_id,journey_id,contact_on,kind,minutes", *rows, "north,J-1,2023-06-05,video,4"])
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make({"write": {"contact.csv": words + "\n"}}, tmp_path / "d")], connection)
        assert [(f.row, f.value, f.rule, f.expected.partition("; ")[2]) for f in report] == [
            (2, "45057", "date_serial", "3 rows (2 to 4), with 45057, 45058, 45059"),
            (2, "work", "code_unknown", "3 rows (2 to 4)"),
            (2, "#N/A", "formula_error", "2 rows (2 to 3)"),
            (4, "3,5", "number_comma", ""),
        ]
        assert (report.n_findings, report.n_refused) == (9, 3)
        assert connection.execute("select count(*) from delivery.contact").fetchall() == [(1,)]


def test_a_mapped_value_of_nothing_is_an_empty_cell_for_codes_and_numbers_alike(tmp_path):
    case = {"set": {"journey.csv 3 age_at_referral": "999", "journey.csv 3 gender": "?"}}
    mapping = '[tables.journey.values]\nage_at_referral = { "999" = "" }\ngender = { "?" = "" }\n'
    rules, journeys, _ = checked(tmp_path, case, mapping)
    assert rules == {} and journeys[1] == ("J-2", "c02", None)


def test_columns_with_a_tick_become_rows_and_one_sheet_feeds_two_tables(tmp_path):
    case = {
        "add_column": {
            "journey.csv Needs/Money": ["1", "0", "", "yes"],
            "journey.csv Needs/Work": ["1", "1", "", "no"],
        },
        "remove": [*ALONE, "contact.csv"],
    }
    mapping = """
[tables.journey]
sheet = "journey"
[tables.referral_reason]
sheet = "journey"
[tables.referral_reason.unpivot]
name = "reason"
columns = { "Needs/Money" = "financial_advice", "Needs/Work" = "employment" }
"""
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make(case, tmp_path / "d")], connection, mapping=tmp_path / "mapping.toml")
        assert report.is_clean, list(report)
        rows = connection.execute(
            "select service_id, journey_id, reason from delivery.referral_reason order by row_number"
        )
        assert rows.fetchall() == [
            ("north", "J-1", "financial_advice"), ("north", "J-1", "employment"), ("north", "J-2", "employment"),
            ("south", "J-1", "financial_advice"),
        ]  # fmt: skip
        assert connection.execute("select count(*) from delivery.journey").fetchall() == [(4,)]


def test_columns_with_a_score_become_rows_with_it(tmp_path):
    rows = "service_id,journey_id,measured_on,Star: money,Star: where you live\nnorth,J-1,2023-05-11,3,\nnorth,J-2,2023-06-05,2,5\n"
    mapping = """
[tables.measure]
sheet = "Stars"
fixed = { tool = "wellbeing_star" }
[tables.measure.unpivot]
name = "item"
value = "score"
columns = { "Star: money" = "money", "Star: where you live" = "where_you_live" }
"""
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    case = {"write": {"Stars.csv": rows}, "remove": ["measure.csv"]}
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make(case, tmp_path / "d")], connection, mapping=tmp_path / "mapping.toml")
        assert report.is_clean, list(report)
        found = connection.execute(
            "select journey_id, item, score from delivery.measure order by row_number"
        ).fetchall()
    assert found == [("J-1", "money", 3.0), ("J-2", "money", 2.0), ("J-2", "where_you_live", 5.0)]


# --- plausible and perhaps wrong --------------------------------------------------------------------------------------


def journeys_of(n: int, day=None, ref=None) -> dict:
    """A case of n journeys of north with their own days and references."""
    first = datetime.date(2022, 4, 1)
    days = day or (lambda i: str(first + datetime.timedelta(days=7 * i % 700)))
    rows = [[f"N-{i}", ref(i) if ref else f"client-{i}x", "north", days(i), "gp", *[""] * 9] for i in range(n)]
    return {"remove": [*ALONE, "contact.csv"], "write": {"journey.csv": cases.as_csv([HEADER, *rows])}}


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (journeys_of(30, day=lambda i: f"2023-06-{i % 28 + 1:02}"), "dates_one_month"),
        (journeys_of(30, day=lambda i: f"2023-{i % 12 + 1:02}-01"), "dates_month_start"),
        (journeys_of(90, day=lambda i: f"2023-{i % 12 + 1:02}-{i % 11 + 1:02}"), "dates_swapped"),
        (journeys_of(60, ref=lambda i: "same" if i < 40 else f"c{i}x"), "refs_shared"),
        (journeys_of(60), None),
    ],
)
def test_notes_with_their_counts(tmp_path, case, rule):
    rules, journeys, _ = checked(tmp_path, case)
    assert set(rules) == ({rule} if rule else set())
    assert len(journeys) == case["write"]["journey.csv"].count("\n") - 1


def test_references_that_look_like_counters_under_one_key(tmp_path):
    rows = [
        [f"{s}-{i}", str(i + 1), s, f"2023-0{i % 9 + 1}-{i + 1:02}", "gp", *[""] * 9]
        for s in ("north", "south")
        for i in range(12)
    ]
    rows = [row for row in rows if not (row[2] == "south" and row[3] < "2023-04")]
    case = {
        "set": {"service.csv 3 client_key": "valley"},
        "remove": [*ALONE, "contact.csv"],
        "write": {"journey.csv": cases.as_csv([HEADER, *rows])},
    }
    rules, journeys, _ = checked(tmp_path, case)
    assert set(rules) == {"refs_counters"} and len(journeys) == len(rows)
