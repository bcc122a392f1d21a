"""Did you mean: what a delivery says in words of its own, with all that it may mean; an answer is a line of a mapping."""

import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from journeys.intake import questions, read
from journeys.intake.mapping import Switch
from journeys.intake.questions import HEADER, READING, REASON, SHEET, VALUE, Question

SERVICE = "service_id,service_name,commissioner_code,commissioner_name,model,data_from,data_to,records_goals,records_outcomes\na,A,1,One,light,2022-01-01,2022-12-31,no,no\n"
JOURNEYS = "journey_id,client_ref,service_id,Date of referral,Referred by,Favourite colour\nj1,c1,a,2022-02-01,GP surgery,red\nj2,c2,a,2022-02-02,GP surgery,blue\nj3,c3,a,2022-02-02,self,blue\n"


@pytest.fixture
def delivery(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "service.csv").write_text(SERVICE, encoding="utf-8")
    (tmp_path / "d" / "Referrals.csv").write_text(JOURNEYS, encoding="utf-8")
    return tmp_path / "d"


def asked(delivery, mapping=None):
    return {q.given: q for q in questions.of([delivery], mapping)}


def test_sheets_headers_and_values_are_asked_about_likeliest_first(delivery):
    found = asked(delivery)
    assert (found["Referrals"].kind, found["Referrals"].likeliest) == (SHEET, "journey")
    assert (found["Date of referral"].kind, found["Date of referral"].likeliest) == (HEADER, "referred_on")
    assert found["Referred by"].likeliest == "referral_source"
    assert found["Favourite colour"].likeliest is None and "gender" in found["Favourite colour"].choices
    value = found["GP surgery"]
    assert (value.kind, value.column, value.n_rows) == (VALUE, "referral_source", 2)
    assert "gp" in value.choices and "self" not in found


@pytest.mark.parametrize(
    ("values", "is_asked"),
    [((0, 1, 2), False), ((1, 2, 3), False), ((7, 1, 2), True), (("red", 1, 2), True), ((1, 1, 3), True)],
)
def test_the_numbers_of_rows_that_a_program_wrote_beside_a_table_are_not_asked_about(delivery, values, is_asked):
    head, *rows = JOURNEYS.splitlines()
    lines = [f"Unnamed: 0,{head}", *(f"{value},{row}" for value, row in zip(values, rows, strict=True))]
    (delivery / "Referrals.csv").write_text("\n".join(lines), encoding="utf-8")
    assert ("Unnamed: 0" in asked(delivery)) is is_asked
    (delivery / "Referrals.csv").write_text("\n".join(lines).replace("Unnamed: 0", "Number"), encoding="utf-8")
    assert "Number" in asked(delivery)


def test_answers_are_a_mapping_that_leaves_nothing_open(delivery, tmp_path):
    given = [(q, q.likeliest or "gp") for name, q in asked(delivery).items() if name != "Favourite colour"]
    words = questions.mapping_with("", given)
    (tmp_path / "mapping.toml").write_text(words, encoding="utf-8")
    assert tomllib.loads(words)["tables"]["journey"]["sheet"] == "Referrals"
    assert set(asked(delivery, tmp_path / "mapping.toml")) == {"Favourite colour"}


def test_what_a_mapping_said_before_stays_and_odd_names_are_written_well():
    value = Question(VALUE, "f", "journey", "gender", 'a "b" = \\n [x]', ("female",), None, 1)
    words = questions.mapping_with(
        'decimal_ids = true\n[tables.journey.fixed]\nservice_id = "a"\n', [(value, "female")]
    )
    assert tomllib.loads(words) == {
        "decimal_ids": True,
        "tables": {"journey": {"fixed": {"service_id": "a"}, "values": {"gender": {value.given: "female"}}}},
    }


def test_a_value_can_mean_that_nothing_is_recorded(delivery, tmp_path):
    given = [(q, q.likeliest or "") for name, q in asked(delivery).items() if name != "Favourite colour"]
    value = asked(delivery)["GP surgery"]
    (tmp_path / "m.toml").write_text(questions.mapping_with("", [*given, (value, "")]), encoding="utf-8")
    assert "GP surgery" not in asked(delivery, tmp_path / "m.toml")


def test_answers_for_another_table_than_the_one_chosen_do_not_count():
    sheet = Question(SHEET, "f", "journey", None, "Referrals", ("journey", "goal"), "journey")
    header = Question(HEADER, "f", "journey", None, "Sex", ("gender",), "gender")
    assert tomllib.loads(questions.mapping_with("", [(sheet, "goal"), (header, "gender")])) == {
        "tables": {"goal": {"sheet": "Referrals"}}
    }


def test_identifying_data_are_not_asked_about(delivery):
    text = JOURNEYS.replace("Favourite colour", "Surname").replace("GP surgery", "943 476 5919")
    (delivery / "Referrals.csv").write_text(text, encoding="utf-8")
    found = asked(delivery)
    assert "Surname" not in found and not any("943" in name for name in found)


# --- columns that make rows, and switches ---------------------------------------------------------------------------------

TICKED = "journey_id,client_ref,service_id,referred_on,referral_source,Needs/Loneliness,Needs/Money\nj1,c1,a,2022-02-01,gp,yes,no\nj2,c2,a,2022-02-02,gp,no,yes\n"
STARS = "journey_id,service_id,measured_on,Star: money,Family and friends\nj1,a,2022-02-03,2,3\nj2,a,2022-02-04,3,4\n"
PLAIN = "journey_id,client_ref,service_id,referred_on,referral_source\nj1,c1,a,2022-02-01,gp\nj2,c2,a,2022-02-02,gp\n"


def with_journeys(delivery, text):
    (delivery / "Referrals.csv").unlink()
    (delivery / "journey.csv").write_text(text, encoding="utf-8")


def read_with(delivery, words, tmp_path):
    """The report of the delivery with a mapping, and the rows of three tables."""
    (tmp_path / "made.toml").write_text(words, encoding="utf-8")
    work = Path(tempfile.mkdtemp(dir=tmp_path))
    with read.connected(work) as connection:
        report = read.read([delivery], connection, mapping=tmp_path / "made.toml")
        tables = ("referral_reason", "measure", "journey")
        rows = {name: connection.execute(f"select * from delivery.{name} order by all").fetchall() for name in tables}
        return report, rows


def test_ticked_columns_of_the_journeys_can_be_reasons(delivery, tmp_path):
    with_journeys(delivery, TICKED)
    found = asked(delivery)
    assert found["Needs/Loneliness"].likeliest == f"{REASON}:social_isolation"
    assert questions.row_words(f"{REASON}:social_isolation").startswith("a reason, where it is ticked: ")
    words = questions.mapping_with("", [(q, q.likeliest) for q in found.values()])
    report, rows = read_with(delivery, words, tmp_path)
    assert report.n_findings == 0 and len(rows["journey"]) == 2  # what one of two tables takes is not ignored
    assert [row[1:3] for row in rows["referral_reason"]] == [("j1", "social_isolation"), ("j2", "financial_advice")]
    assert asked(delivery, tmp_path / "made.toml") == {}


def test_columns_of_a_sheet_of_readings_can_be_items(delivery, tmp_path):
    with_journeys(delivery, PLAIN)
    (delivery / "measure.csv").write_text(STARS, encoding="utf-8")
    found = asked(delivery)
    assert found["Star: money"].likeliest == f"{READING}:wellbeing_star:money"
    other_tool = replace(found["Family and friends"], given="Wellbeing")
    given = [(q, q.likeliest) for q in found.values()] + [(other_tool, f"{READING}:pam:score")]
    words = questions.mapping_with("", given)
    assert "Wellbeing" not in words  # the readings of one table are of one tool
    report, rows = read_with(delivery, words, tmp_path)
    assert report.is_clean
    found = [row[3:6] for row in rows["measure"] if row[1] == "j1"]
    assert sorted(found) == [("wellbeing_star", "family_friends", 3.0), ("wellbeing_star", "money", 2.0)]


FAULTS = {
    "dates_month_first": PLAIN.replace("2022-02-01", "02/13/2022").replace("2022-02-02", "02/14/2022"),
    "empty_word": PLAIN.replace("source\n", "source,gender\n").replace("gp\n", "gp,n/k\n", 1).replace("gp\n", "gp,NaN\n"),
    "ids_decimal": PLAIN.replace("j1", "10001.0").replace("j2", "10002.0"),
}  # fmt: skip


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_that_a_switch_mends_offers_it_and_the_switch_mends_it(delivery, tmp_path, rule):
    with_journeys(delivery, FAULTS[rule])
    report, _ = read_with(delivery, "", tmp_path)
    assert {switch.rule for switch in report.switches} == {rule}
    words = questions.mapping_switched('[tables.journey]\nempty = ["-"]\n', report.switches)
    assert tomllib.loads(words)["tables"]["journey"]["empty"][0] == "-"
    report, rows = read_with(delivery, words, tmp_path)
    assert report.is_clean and report.switches == () and len(rows["journey"]) == 2


def test_lost_zeros_offer_their_number_of_digits(delivery, tmp_path):
    with_journeys(delivery, PLAIN.replace("j1", "00001").replace("j2", "00002"))
    contacts = "service_id,journey_id,contact_on,kind\na,1,2022-03-01,telephone\na,2,2022-03-01,telephone\n"
    (delivery / "contact.csv").write_text(contacts, encoding="utf-8")
    report, _ = read_with(delivery, "", tmp_path)
    assert report.switches == (Switch("ids_zeros", "leading_zeros", 5),)
    assert read_with(delivery, questions.mapping_switched("", report.switches), tmp_path)[0].is_clean


def test_month_first_is_not_offered_where_days_come_first_too(delivery, tmp_path):
    rows = [f"j{i},c{i},a,02/{12 + i}/2022,gp,{'13/03/2022' if i == 4 else ''}\n" for i in range(1, 9)]
    with_journeys(delivery, PLAIN.partition("\n")[0] + ",first_contact_on\n" + "".join(rows))
    report, _ = read_with(delivery, "", tmp_path)
    assert "dates_month_first" in report.by_rule and report.switches == ()


def test_a_code_that_a_spreadsheet_rounded_is_not_asked_about(delivery):
    with_journeys(delivery, PLAIN.replace("gp\n", "8.71731E+14\n", 1).replace("gp\n", "surgery\n"))
    assert set(asked(delivery)) == {"surgery"}
