"""Did you mean: what a delivery says in words of its own, with all that it may mean; an answer is a line of a mapping."""

import tomllib

import pytest

from journeys.intake import questions
from journeys.intake.questions import HEADER, SHEET, VALUE, Question

SERVICE = "service_id,service_name,commissioner_code,commissioner_name,model,data_from,data_to,records_goals,records_outcomes\na,A,1,One,light,2022-01-01,2022-12-31,yes,yes\n"
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
