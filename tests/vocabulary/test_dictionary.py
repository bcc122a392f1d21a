"""The dictionary says what the specification of deliveries says, and nothing in it is ambiguous."""

import pytest

from journeys.vocabulary import dictionary

WORDS = dictionary.load()
CODE_COLUMNS = [
    (table.name, column.name) for table in WORDS.tables.values() for column in table.columns.values() if column.codes
]


def test_tables_come_in_the_order_of_the_specification():
    assert list(WORDS.tables) == [
        "service",
        "journey",
        "referral_reason",
        "goal",
        "contact",
        "activity",
        "outcome",
        "measure",
        "service_change",
    ]
    assert [name for name, table in WORDS.tables.items() if table.required] == ["service", "journey"]


def test_keys_are_columns_of_their_table():
    for table in WORDS.tables.values():
        assert set(table.key) <= set(table.columns)


@pytest.mark.parametrize(("table", "column"), CODE_COLUMNS)
def test_no_alias_stands_for_two_codes(table, column):
    aliases = [alias for code in WORDS.codes(table, column) for alias in {code.code, code.label.lower()}]
    nhs = [alias.lower() for code in WORDS.codes(table, column) for alias in code.nhs]
    assert len(aliases) == len(set(aliases))
    assert not set(nhs) & set(aliases)
    assert len(nhs) == len(set(nhs))


@pytest.mark.parametrize("dimension", WORDS.derived)
def test_derived_lists_are_distinct_and_unknown_comes_last(dimension):
    codes = [code.code for code in WORDS.derived[dimension]]
    assert codes and len(codes) == len(set(codes))
    assert "unknown" not in codes[:-1]
    assert WORDS.titles[dimension]


def test_every_dimension_that_can_be_empty_ends_with_unknown():
    for name in ("funding", "co_located", "age_band", "gender", "ethnic_group", "imd_quintile"):
        assert WORDS.derived[name][-1].code == "unknown"
    for name in ("long_term_conditions", "employment_status", "main_reason", "work_goal"):
        assert WORDS.derived[name][-1].code == "unknown"
    assert "unknown" not in [code.code for code in WORDS.derived["model"]]


def test_published_ranks_are_those_of_the_survey():
    reasons = {code.code: code.rank for code in WORDS.codes("referral_reason", "reason")}
    goals = {code.code: code.rank for code in WORDS.codes("goal", "goal")}
    assert (reasons["employment"], goals["employment"]) == (8, 6)
    assert reasons["other"] is None and goals["volunteering"] is None


def test_open_tools_take_items_that_the_dictionary_does_not_name():
    assert WORDS.item("mbat", "child_care").label == "Child care"
    assert WORDS.item("ons4", "anxiety").better == "down"
    with pytest.raises(ValueError, match="tool 'pam' has no item 'total'"):
        WORDS.item("pam", "total")


def test_a_step_is_proved_by_more_than_counts_as_a_change():
    published = {code for code, proof in WORDS.reliable.items() if proof.is_published}
    assert published == {"swemwbs", "wemwbs"}
    for proof in WORDS.reliable.values():
        smallest = sum(WORDS.item(proof.tool, item).threshold for item in proof.items)
        assert proof.least > smallest or (proof.least == smallest and len(proof.items) > 1)
        assert proof.rung in {code.code for code in WORDS.derived["rung"]}
        assert proof.source


def test_the_number_of_barriers_is_derived_and_no_barrier():
    total = WORDS.item("mbat", "total")
    assert (total.better, total.threshold, total.maximum) == ("down", 1, float("inf"))
    assert "total" not in WORDS.tools["mbat"].items
    assert [item for tool, item in WORDS.changing_items if tool == "mbat"] == ["total"]


def test_errors_name_what_there_is():
    with pytest.raises(ValueError, match="no table 'client'"):
        WORDS.codes("client", "name")
    with pytest.raises(ValueError, match="has no column 'colour'"):
        WORDS.codes("journey", "colour")
    with pytest.raises(ValueError, match="has no code 'F'"):
        WORDS.label("journey", "gender", "F")
    with pytest.raises(ValueError, match="no derived list"):
        WORDS.derived_label("colour", "red")


def test_a_type_that_does_not_exist_is_refused():
    text = dictionary.PATH.read_text(encoding="utf-8").replace('type = "flag"', 'type = "bool"', 1)
    with pytest.raises(ValueError, match="type 'bool'"):
        dictionary.parse(text)
