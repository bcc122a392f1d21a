"""What looks alike is alike, in Python and in SQL."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.intake import checks, read, texts
from tests.intake.deliveries import cases

ALIKE = {
    "\u00a0GP\u2009surgery": " GP surgery",
    "co\u2011located": "co-located",
    "co\u2013located": "co-located",
    "don\u2019t": "don't",
    "\u201cother\u201d": '"other"',
    "ｆｅｍａｌｅ": "female",
    "fe\u200bmale\ufeff": "female",
    "１２": "12",
    "plain": "plain",
    "Łódź": "Łódź",
}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection, texts.registered(connection):
        yield connection


@pytest.mark.parametrize(("given", "wanted"), ALIKE.items())
def test_folded(connection, given, wanted):
    assert texts.folded(given) == wanted
    assert connection.execute(f"select {texts.folded_sql('v')} from (select ?::varchar as v)", [given]).fetchall() == [
        (wanted,)
    ]


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))
def test_python_and_sql_agree_and_folding_again_changes_nothing(words):
    with duckdb.connect() as connection, texts.registered(connection):
        for python, sql in ((texts.folded, texts.folded_sql), (texts.key, texts.key_sql)):
            got = connection.execute(f"select {sql('v')} from (select ?::varchar as v)", [words]).fetchall()[0][0]
            assert got == python(words) or not words.isascii()  # lower() of other alphabets differs
        assert connection.execute(
            f"select {texts.folded_sql('v')} from (select ?::varchar as v)", [words]
        ).fetchall() == [(texts.folded(words),)]
    assert texts.folded(texts.folded(words)) == texts.folded(words)


def test_keys_of_codes_are_alike_however_they_are_written():
    assert {texts.key(w) for w in ("Long term sick", "long-term  sick", "Long\u2013term\u00a0sick")} == {
        "long_term_sick"
    }


REFERENCES = (
    "J-1", "0017", "0", "x", "xxxx", "tbc", "N/A", "—", "?", "...", "##", "\u0645\u0631\u062c\u0639", "\u0627-\u0661", "案件", "\u00e9", "", " ",
)  # fmt: skip


@pytest.mark.parametrize("name", ["client_ref", "journey_id"])
def test_the_quick_look_at_references_passes_by_none_that_says_that_there_is_none(connection, name):
    """It stops at those in other scripts, too, which the look that follows tells apart."""

    def told(is_none):
        sql = is_none(f"'{name}'", "v")
        found = connection.execute(
            f"select v from (select unnest(?::varchar[]) as v) where {sql}", [REFERENCES]
        ).fetchall()
        return {v for (v,) in found}

    none, looked_at = told(checks.is_no_reference), told(checks.may_be_no_reference)
    assert {"tbc", "N/A", "—", "?", "...", "##"} <= none <= looked_at
    assert looked_at - none == {"\u0645\u0631\u062c\u0639", "\u0627-\u0661", "案件", "\u00e9"}
    assert ({"0", "x", "xxxx"} <= none) == (name == "client_ref")


def test_a_reference_in_another_script_is_one(tmp_path):
    words = {"set": {"journey.csv 2 client_ref": "案件"}}
    with read.connected(tmp_path) as connection:
        assert read.read([cases.make(words, tmp_path / "d")], connection).is_clean
