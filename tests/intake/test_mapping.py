"""Mappings: a service's own names and values, and the first version made for it."""

import tomllib

import duckdb
import pytest

from journeys.intake import likeness, mapping, read, suggestion
from journeys.vocabulary import dictionary
from tests.intake.deliveries import cases

WORDS = dictionary.load()
OWN = {
    "Scheme.csv": cases.as_csv(cases.good_tables()["service.csv"]),
    "Referrals.csv": "Case ID,Client ID,Date of referral,Referred by,Sex,Ethnicity,Age,Work status,Remarks\n"
    "1,c1,02/05/2023,GP surgery,F,White British,44,Unemployed,rang 07700 900123\n"
    "2,c2,03/05/2023,Job centre,Male,Asian,51,Employed,\n",
    "Appointments.csv": "Case ID,Contact date,Contact type,Duration\n1,05/05/2023,Phone,30\n2,06/05/2023,Face to face,\n",
}
MAPPING = """
[tables.service]
sheet = "Scheme"
[tables.journey]
sheet = "Referrals"
[tables.journey.columns]
journey_id = "Case ID"
client_ref = "Client ID"
referred_on = "Date of referral"
referral_source = "Referred by"
gender = "Sex"
[tables.journey.fixed]
service_id = "north"
[tables.journey.values.referral_source]
"GP surgery" = "gp"
"job centre" = "jobcentre_plus"
[tables.journey.values.gender]
F = "female"
[tables.contact]
sheet = "appointments"
columns = { journey_id = "case id", contact_on = "Contact date", kind = "Contact type", minutes = "Duration" }
fixed = { service_id = "north" }
values = { kind = { Phone = "telephone" } }
"""


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    for name, words in OWN.items():
        (folder / name).write_text(words, encoding="utf-8")
    return folder


def written(tmp_path, words: str):
    path = tmp_path / "mapping.toml"
    path.write_text(words, encoding="utf-8")
    return path


def test_a_mapped_delivery_loads(own, tmp_path):
    words = (own / "Referrals.csv").read_text(encoding="utf-8").replace("rang 07700 900123", "")
    (own / "Referrals.csv").write_text(words, encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = read.read([own], connection, mapping=written(tmp_path, MAPPING))
        assert report.is_clean, list(report)
        rows = "select journey_id, service_id, referred_on::varchar, referral_source, gender from delivery.journey order by 1"
        assert connection.execute(rows).fetchall() == [
            ("1", "north", "2023-05-02", "gp", "female"),
            ("2", "north", "2023-05-03", "jobcentre_plus", "male"),
        ]
        assert connection.execute("select kind, minutes from delivery.contact order by row_number").fetchall() == [
            ("telephone", 30),
            ("face_to_face", None),
        ]


def test_a_mapping_does_not_let_identifying_data_in(own, tmp_path):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        report = read.read([own], connection, mapping=written(tmp_path, MAPPING))
        assert [(f.file, f.column, f.rule) for f in report if f.rule.startswith("identifying")] == [
            ("Referrals.csv", "Remarks", "identifying_value")
        ]
        words = MAPPING.replace('client_ref = "Client ID"', 'client_ref = "Client name"')
        referrals = (own / "Referrals.csv").read_text(encoding="utf-8").replace("Client ID", "Client name")
        (own / "Referrals.csv").write_text(referrals, encoding="utf-8")
        report = read.read([own], connection, mapping=written(tmp_path, words))
        assert "identifying_column" in report.by_rule


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("[tables.client]", "tables has 'client'"),
        ("[tabels.journey]", "the file has 'tabels'"),
        ("[tables.journey]\nfile = 'x'", "tables.journey has 'file'"),
        ("[tables.journey.columns]\ncolour = 'x'", "tables.journey.columns has 'colour'"),
        ("[tables.journey.values.gender]\nF = 'woman'", "values.gender has 'woman'"),
        ("[tables.journey.values.gender]\n'8.71731E+14' = 'female'", "8.71731E.14', which a spreadsheet rounded"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_mapping_that_the_dictionary_does_not_know_is_an_error(tmp_path, words, message):
    with pytest.raises(ValueError, match=message):
        mapping.load(written(tmp_path, words), WORDS)


def test_a_mapping_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        mapping.load(tmp_path / "none.toml", WORDS)


def test_the_first_version_is_a_mapping_and_mostly_right(own, tmp_path):
    words = suggestion.suggest([own])
    tables = tomllib.loads(words)["tables"]
    assert {name: tables[name]["sheet"] for name in tables} == {
        "service": "Scheme",
        "journey": "Referrals",
        "contact": "Appointments",
    }
    assert tables["journey"]["columns"] == {
        "journey_id": "Case ID",
        "client_ref": "Client ID",
        "referred_on": "Date of referral",
        "referral_source": "Referred by",
        "age_at_referral": "Age",
        "gender": "Sex",
        "ethnic_group": "Ethnicity",
        "employment_status": "Work status",
    }
    assert tables["journey"]["values"]["referral_source"] == {"GP surgery": "gp", "Job centre": "jobcentre_plus"}
    assert tables["contact"]["values"]["kind"] == {"Phone": "telephone"}
    assert "# service_id: no column found; it is required" in words
    mapping.load(written(tmp_path, words), WORDS)


def test_the_first_version_says_yes_and_no_of_flags_and_nothing_of_rounded_codes(tmp_path):
    case = {
        "add_column": {"contact.csv attended": ["Attended", "DNA", "x"]},
        "set": {"contact.csv 2 kind": "8.71731E+14", "contact.csv 3 kind": "Phone"},
    }
    words = suggestion.suggest([cases.make(case, tmp_path / "d")])
    values = tomllib.loads(words)["tables"]["contact"]["values"]
    assert values == {"kind": {"Phone": "telephone"}, "attended": {"Attended": "yes", "DNA": "no"}}
    assert '# "x" = ""' in words and "E+14" not in words
    (tmp_path / "d" / "contact.csv").write_text(
        "service_id,journey_id,contact_on,kind,attended\nnorth,J-1,2023-05-11,video,DNA\n"
    )
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        assert read.read([tmp_path / "d"], connection, mapping=written(tmp_path, words)).is_clean
        assert connection.execute("select attended from delivery.contact").fetchall() == [(False,)]


def test_the_first_version_prints_nothing_identifying(own):
    words = "Case ID,Client ID,Surname,Referred by,07700 900123\n1,c1,Somebody,943 476 5919,x\n"
    (own / "Referrals.csv").write_text(words, encoding="utf-8")
    suggested = suggestion.suggest([own])
    assert '"Surname" identifies people' in suggested
    assert not any(secret in suggested for secret in ("Somebody", "943", "07700"))


def test_a_delivery_in_our_own_words_needs_no_mapping():
    assert tomllib.loads(suggestion.suggest([cases.GOOD])) == {}


@pytest.mark.parametrize(
    ("table", "column", "value", "code"),
    [
        ("journey", "employment_status", "5.0", "homemaker"),
        ("contact", "kind", "F2F", "face_to_face"),
        ("contact", "kind", "SMS", "message"),
        ("activity", "activity", "Gardening", "nature"),
    ],
)
def test_values_are_alike_as_services_write_them(table, column, value, code):
    assert likeness.best_code(value, WORDS.tables[table].columns[column]) == code


def test_names_are_alike_as_people_would_say():
    assert likeness.name_likeness("Referral date", "referred_on") == 100
    assert likeness.name_likeness("Ward", "referred_on") < likeness.MIN_NAME
    column = WORDS.tables["referral_reason"].columns["reason"]
    assert likeness.best_code("Isolation", column) == "social_isolation"
    assert likeness.best_code("xyz", column) is None


BANNERS = (
    "Quarterly return,,,,,,,\nReferral,,,,Person,,,\n"
    "Case ID,Pseudonym,Date of referral,Referred by,Age (yrs),Rhywedd / Gender,Work status,IMD decile (1=most deprived)\n"
    "1,c1,02/05/2023,GP,44,2,2,3\n2,c2,03/05/2023,Self,51,N/A,8,7\n"
    "Case ID,Pseudonym,Date of referral,Referred by,Age (yrs),Rhywedd / Gender,Work status,IMD decile (1=most deprived)\n"
)


def test_a_header_in_other_words_is_found_below_banners_and_matched_without_its_units(tmp_path):
    (tmp_path / "journey.csv").write_text(BANNERS, encoding="utf-8")
    tables = tomllib.loads(suggestion.suggest([tmp_path]))["tables"]
    assert tables["journey"]["columns"] == {
        "journey_id": "Case ID",
        "client_ref": "Pseudonym",
        "referred_on": "Date of referral",
        "referral_source": "Referred by",
        "age_at_referral": "Age (yrs)",
        "gender": "Rhywedd / Gender",
        "imd_decile": "IMD decile (1=most deprived)",
        "employment_status": "Work status",
    }
    # a header once more is no value, a word for empty is one, and what intake takes as it stands needs no line
    assert tables["journey"]["values"] == {"gender": {"N/A": ""}}


def test_a_header_that_looks_like_a_column_is_said_to(tmp_path):
    folder = cases.make({"rename_column": {"journey.csv age_at_referral": "Age at referral (yrs)"}}, tmp_path / "d")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        notes = [f.expected for f in read.read([folder], connection) if f.rule == "column_unknown"]
        assert notes == ["a column of journey; it looks like age_at_referral and is not read as it"]
        words = (folder / "journey.csv").read_text().replace("referred_on", "Date referred (dd/mm/yyyy)")
        (folder / "journey.csv").write_text(words)
        found = {f.rule: f.expected for f in read.read([folder], connection)}
    assert found["column_missing"].endswith("; Date referred (dd/mm/yyyy) looks like it")
    assert found["column_unknown"] == notes[0]


WIDE = "service_id,journey_id,Date (baseline),ONS4 - Life Satisfaction (0-10),ONS4 - Anxiety (0-10),Room\nnorth,J-1,2023-05-11,7,3,12\n"


def test_a_column_for_each_item_is_suggested_as_rows(tmp_path):
    folder = cases.make({"write": {"measure.csv": WIDE}}, tmp_path / "d")
    words = suggestion.suggest([folder])
    assert '# "Room" was not matched' in words
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        assert read.read([folder], connection, mapping=written(tmp_path, words)).is_clean
        rows = connection.execute("select tool, item, score from delivery.measure order by row_number").fetchall()
    assert rows == [("ons4", "life_satisfaction", 7), ("ons4", "anxiety", 3)]


@pytest.mark.parametrize(
    ("headers", "tool", "items"),
    [
        (["SWEMWBS total"], "swemwbs", {"SWEMWBS total": "total"}),
        (["WEMWBS"], "wemwbs", {"WEMWBS": "total"}),
        (["Total"], "swemwbs", {}),
        (["Star: Money", "Star: Where you live"], "wellbeing_star", {"Star: Money": "money", "Star: Where you live": "where_you_live"}),
    ],
)  # fmt: skip
def test_items_are_alike_by_their_own_names(headers, tool, items):
    assert likeness.likely_items(headers, WORDS.tools[tool]) == items
