"""What looks alike is alike, in Python and in SQL."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.intake import texts

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
