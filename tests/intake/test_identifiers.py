"""What counts as identifying, by name and by value: the same in Python and in SQL."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.intake import identifiers, texts
from journeys.intake.identifiers import (
    BORN_TEXT,
    EMAIL,
    IP_ADDRESS,
    KINDS,
    NHS_NUMBER,
    NI_NUMBER,
    POSTCODE,
    TELEPHONE,
)

VALUES = {
    # 9434765919 is the NHS Data Dictionary's own example of a valid number
    "9434765919": NHS_NUMBER,
    "943 476 5919": NHS_NUMBER,
    "943-476-5919": NHS_NUMBER,
    "943\u00a0476\u00a05919": NHS_NUMBER,
    "his number is 943 476 5919.": NHS_NUMBER,
    "4010232137, 9434765918": NHS_NUMBER,
    "9434765918": None,
    "94347659190": None,
    "0000000000": None,
    "S65 1AB": POSTCODE,
    "s651ab": POSTCODE,
    "SW1A 1AA": POSTCODE,
    "M1 1AE": POSTCODE,
    "moved to EC1A 1BB in May": POSTCODE,
    "S65": None,
    "J12 3CI": None,
    "ZZ1 1AA": None,
    "someone@example.org": EMAIL,
    "mail to first.last+x@nhs.example.uk please": EMAIL,
    "at @home": None,
    "07700 900123": TELEPHONE,
    "(01632) 960123": TELEPHONE,
    "020 7946 0018": TELEPHONE,
    "+44 1632 960123": TELEPHONE,
    "+44 (0)1632 960123": TELEPHONE,
    "00441632960123": TELEPHONE,
    "rang 0113 4960000 twice": TELEPHONE,
    "0012345678": None,
    "12345678901": None,
    "2024-05-01": None,
    "01/02/2024 10:30": None,
    "c7f3a91e02": None,
    "J-10482": None,
    "Rotherham Central (S65) Links, 12 High Street": None,
    "": None,
    # the same in other clothes
    "943.476.5919": NHS_NUMBER,
    "943  476  5919": NHS_NUMBER,
    "943\u2013476\u20135919": NHS_NUMBER,
    "943\u2011476\u22125919": NHS_NUMBER,
    "943/476/5919": NHS_NUMBER,
    "94 34 76 59 19": NHS_NUMBER,
    "943\u200b476\u200b5919": NHS_NUMBER,
    "9434\u20607659\ufeff19": NHS_NUMBER,
    "９４３４７６５９１９": NHS_NUMBER,
    "９４３　４７６　５９１９": NHS_NUMBER,
    "𝟗𝟒𝟑𝟒𝟕𝟔𝟓𝟗𝟏𝟗": NHS_NUMBER,
    "٩٤٣٤٧٦٥٩١٩": NHS_NUMBER,
    "call_943_476_5919_again": NHS_NUMBER,
    "NHS9434765919": NHS_NUMBER,
    "943\u00ad4765919": NHS_NUMBER,
    "(943)4765919": NHS_NUMBER,
    "943,476,5919": NHS_NUMBER,
    "someone(at)example.org": EMAIL,
    "someone [at] example.org": EMAIL,
    "943\u2009476\u20095919": NHS_NUMBER,
    "moved to S651AB in May": POSTCODE,
    "lives at sw1a1aa now": POSTCODE,
    "S65\u00a01AB": POSTCODE,
    "S65-1AB": POSTCODE,
    "S65.1AB": POSTCODE,
    "Ｓ６５ １ＡＢ": POSTCODE,
    "S65\u200b1AB": POSTCODE,
    "someone＠example.org": EMAIL,
    "someone @ example.org": EMAIL,
    "some\u200bone@example.org": EMAIL,
    "07700.900123": TELEPHONE,
    "07700-900-123": TELEPHONE,
    "07700/900123": TELEPHONE,
    "0\u200b7700900123": TELEPHONE,
    "０７７００　９００１２３": TELEPHONE,
    "tel07700900123": TELEPHONE,
    "+44.7700.900123": TELEPHONE,
    "AB123456C": NI_NUMBER,
    "ab 12 34 56 c": NI_NUMBER,
    "NI AB-12-34-56-C given": NI_NUMBER,
    "ＡＢ１２３４５６Ｃ": NI_NUMBER,
    "seen from 192.168.10.24": IP_ADDRESS,
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334": IP_ADDRESS,
    "fe80::1ff:fe23": IP_ADDRESS,
    "DOB 12/03/1961": BORN_TEXT,
    "D.O.B.: 12-3-61": BORN_TEXT,
    "born on 3rd March 1961": BORN_TEXT,
    "date of birth was 12 Mar 1961": BORN_TEXT,
    "born 1961": BORN_TEXT,
    "dob_12_03_1961": BORN_TEXT,
    "b. 1.2.1960": BORN_TEXT,
    "(b.12/03/61)": BORN_TEXT,
    "b: 3rd March 1960": BORN_TEXT,
    "b. 1960": BORN_TEXT,
    "birthday 12 March": BORN_TEXT,
    "birthday: 12.3.": BORN_TEXT,
    "born on the 3rd of February": BORN_TEXT,
    "her birthday is Feb 3": BORN_TEXT,
    "12 March is his birthday": BORN_TEXT,
    "DOB 12/03": BORN_TEXT,
    "N943 476 5919": NHS_NUMBER,
    "N9434765919": NHS_NUMBER,
    "ref943-476-5919": NHS_NUMBER,
    "S10, 1AA": POSTCODE,
    "lives in S10 ,1AA": POSTCODE,
    "A B 1 2 3 4 5 6 C": NI_NUMBER,
    "a-b-1-2-3-4-5-6-c": NI_NUMBER,
    "A.B.12.34.56.C": NI_NUMBER,
    "(0)7700 900123": TELEPHONE,
    "mobile (0) 7700-900-123": TELEPHONE,
    "someone (at) example (dot) org": EMAIL,
    # false alarms
    "2021-01-01 09:22:11": None,
    "2021-01-01T00:00:00.000Z": None,
    "01/02/2024 10:30:59": None,
    "51.50735091": None,
    "8.71731E+14": None,
    "871731000000106": None,
    "422650009": None,
    "00000000-0000-4000-8000-000000000000": None,
    "MI-10001": None,
    "001Ab0000CA0": None,
    "c0414c343c": None,
    "version 2.1.4": None,
    "9:22:11": None,
    "newborn group started": None,
    "Black or Black British \u2013 African": None,
    "Don\u2019t know": None,
    "Mill Lane Link Workers": None,
    "physical_mental_health": None,
    "New phone line opened in May 2024": None,
    "2 workers more from 2024/25": None,
    "by 2024/25 a second team": None,
    "Room M1, 2nd floor": None,
    "plan b: 2024 as before": None,
    "group B. 12 places": None,
    "Birthday club on Mondays": None,
    "born of need, 3 years ago": None,
    "REF9434765919": None,
    "model b.": None,
}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection, texts.registered(connection):
        yield connection


def sql_kind(connection, value: str) -> str | None:
    tests = ", ".join(identifiers.kind_sql("p", kind) for kind in KINDS)
    plain = identifiers.plain_sql("v")
    found = connection.execute(
        f"select {tests} from (select {plain} as p from (select ?::varchar as v))", [value]
    ).fetchall()[0]
    return next((kind for kind, is_found in zip(KINDS, found, strict=True) if is_found), None)


@pytest.mark.parametrize(("value", "kind"), VALUES.items())
def test_kinds_of_values(connection, value, kind):
    assert identifiers.kind_of(value) == kind
    assert sql_kind(connection, value) == kind


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789 -+()@.absSR65/_:dobornC\u2013\u200b４", max_size=24))
def test_sql_and_python_agree_and_the_quick_test_lets_all_through(value):
    with duckdb.connect() as connection, texts.registered(connection):
        kind = identifiers.kind_of(value)
        assert (sql_kind(connection, value) is None) == (kind is None)
        if kind:
            sql = f"select {identifiers.candidate_sql('v')} from (select ?::varchar as v)"
            assert connection.execute(sql, [value]).fetchall() == [(True,)]


@settings(deadline=None)
@given(st.integers(0, 999_999_999))
def test_of_ten_check_digits_at_most_one_is_valid(number):
    valid = [d for d in range(10) if identifiers.is_nhs_number(f"{number:09}{d}")]
    assert len(valid) <= 1


def test_shown_withholds_and_cuts():
    assert identifiers.shown("ring 07700 900123") == "(withheld)"
    assert identifiers.shown("x" * 300) == "x" * 100
    assert identifiers.shown(None) is None


# fmt: off
IDENTIFYING = [
    "nhs_number", "NHS No.", "NHS", "NHSNumber", "nhs num", "name", "Client Name", "PatientName",
    "first_name", "Forename(s)", "surname", "Last name", "Known as", "DOB", "D.O.B.", "Date of Birth",
    "date-of-birth", "DateOfBirth", "birth_date", "year of birth", "postcode", "Post Code",
    "post_code_2", "Address", "address line 1", "HomeAddress", "email", "E-mail", "e_mail_address",
    "phone", "Phone number", "telephone", "Tel", "mobile no", "NI number", "NINO", "next of kin",
    "carer's name", "passport no", "worker_name", "client_dob",
]
HARMLESS = [
    "service_name", "commissioner name", "practice_name", "activity name", "title", "ward", "Outcode",
    "phase", "mailing list", "referred by", "contact_on", "contact method", "number of contacts",
    "Client code (not their name)", "How old are they?", "person code, not a name", "addressed", "nhs_region", "nhs trust", "birmingham", "mobility", "hotel",
]
# fmt: on


@pytest.mark.parametrize("name", IDENTIFYING)
def test_names_that_identify(name):
    assert identifiers.is_identifying_name(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_names_that_do_not(name):
    assert not identifiers.is_identifying_name(name)
