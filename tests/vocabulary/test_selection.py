"""The selection and the calendar as values: hashing, the address, what is refused, which periods hold which."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.vocabulary.calendar import LAST_FOUR, Calendar, in_words, kind, month_after, quarter_of, year_of
from journeys.vocabulary.selection import COHORT_DIMENSIONS, Selection

months = st.builds(lambda y, m: f"{y:04d}-{m:02d}", st.integers(1995, 2060), st.integers(1, 12))
selections = st.builds(
    lambda period, where, cohort, base, within: Selection(
        period=period, cohort=cohort, base=base, within=within, **where
    ),
    st.one_of(st.just("all"), st.just(LAST_FOUR), months, months.map(quarter_of), months.map(year_of)),
    st.one_of(
        st.just({}),
        st.text(min_size=1, max_size=12).map(lambda s: {"service": s}),
        st.text(min_size=1).map(lambda c: {"commissioner": c}),
    ),
    st.dictionaries(st.sampled_from(COHORT_DIMENSIONS), st.text(min_size=1, max_size=8), max_size=3),
    st.sampled_from(["all", "working_age", "out_of_work"]),
    st.sampled_from([6, 12, 18, 24]),
)


@given(selections)
def test_a_selection_comes_back_from_its_address(selection):
    assert Selection.from_query(selection.to_query()) == (selection, ())


@given(selections)
def test_equal_selections_are_one_cache_key(selection):
    again = Selection(**selection.given())
    assert again == selection and hash(again) == hash(selection)
    assert pickle.loads(pickle.dumps(selection)) == selection


def test_the_order_of_cohort_choices_does_not_matter():
    one = Selection(cohort={"gender": "female", "model": "light"})
    assert one == Selection(cohort={"model": "light", "gender": "female"})
    assert list(one.cohort) == ["model", "gender"]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"period": "2024"}, "allowed are all, last-4-quarters"),
        ({"period": None}, "period None.*one text"),
        ({"base": ["all"]}, "one text"),
        ({"period": "2024/26"}, "unknown period"),
        ({"period": "2024-Q5"}, "unknown period"),
        ({"period": "2024-13"}, "unknown period"),
        ({"period": "2024-05\n"}, "unknown period"),
        ({"within": 9}, "allowed are 6, 12, 18, 24"),
        ({"base": "everybody"}, "allowed are all, working_age, out_of_work"),
        ({"cohort": {"shoe_size": "9"}}, "unknown cohort dimension"),
        ({"cohort": dict.fromkeys(COHORT_DIMENSIONS[:4], "x")}, "at most 3"),
        ({"service": "a", "commissioner": "b"}, "choose one"),
    ],
)
def test_what_no_store_could_allow_is_refused_in_words(choice, words):
    with pytest.raises(ValueError, match=words):
        Selection(**choice)


def test_an_old_or_broken_link_keeps_what_it_knows_and_says_what_it_dropped():
    found, dropped = Selection.from_query(
        {
            "period": "2024-Q9",
            "base": "working_age",
            "within": "x",
            "cohort": ["gender=female", "colour=red"],
            "new": "1",
        }
    )
    assert found == Selection(base="working_age", cohort={"gender": "female"})
    assert [d.split(" ")[0] for d in dropped] == ["new", "period=2024-Q9", "within=x", "cohort=colour=red"]
    assert Selection.from_query({"v": "1", "store": "1", "base": "all"}, others=["store"]) == (Selection(), ())


def test_of_a_choice_that_a_link_names_twice_the_first_is_kept_and_the_other_said():
    found, dropped = Selection.from_query(
        {"period": ["2024", "2024/25", "2023/24"], "cohort": ["gender=female", "gender=male", "model=light"]}
    )
    assert found == Selection(period="2024/25", cohort={"gender": "female", "model": "light"})
    assert [d.split(" ")[0] for d in dropped] == ["period=2024", "period=2023/24", "cohort=gender=male"]
    assert "given twice" in dropped[1]


def test_every_value_is_written_into_the_address():
    assert Selection().to_query() == {"v": "1", "period": "all", "base": "all", "within": "12"}


def test_widening_gives_one_step_at_a_time():
    selection = Selection(period="2024-Q2", service="a", base="out_of_work", cohort={"gender": "female"})
    assert {(s.period, s.service, s.base, len(s.cohort)) for s in selection.wider()} == {
        ("2024-Q2", "a", "out_of_work", 0),
        ("all", "a", "out_of_work", 1),
        ("2024-Q2", None, "out_of_work", 1),
        ("2024-Q2", "a", "working_age", 1),
    }


def holding(calendar, period):
    return calendar.holding(calendar.months(period))


CALENDAR = Calendar("2021-04", "2026-05", "2026-05")


def test_the_last_four_quarters_end_before_the_data_do():
    assert CALENDAR.last_four == ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    assert Calendar("2021-04", "2026-06", "2026-06").last_four[-1] == "2026-Q2"
    assert Calendar("2021-04", "2026-06", "2026-05").last_four[-1] == "2026-Q1"


def test_periods_are_held_by_what_covers_as_much_or_more():
    assert holding(CALENDAR, "2025-05") == (
        "2025-05",
        "2025-Q2",
        "2025/26",
        "all",
    )  # the year is the last four quarters here
    assert holding(CALENDAR, "2024-Q2") == ("2024-Q2", "2024/25", "all")
    assert holding(CALENDAR, "2024/25") == ("2024/25", "all")
    assert holding(CALENDAR, "all") == ("all",)
    assert CALENDAR.holding(frozenset()) == ()


def test_choices_that_cover_the_same_months_are_one_choice():
    one_quarter = Calendar("2024-01", "2024-03", "2024-03")
    assert holding(one_quarter, "2023/24") == holding(one_quarter, "2024-Q1") == ("2024-Q1",)
    assert holding(one_quarter, "2024-02") == ("2024-02", "2024-Q1")  # which is all there is


def test_a_part_covered_year_inside_the_last_four_quarters_widens_to_them():
    calendar = Calendar("2025-01", "2026-02", "2026-02")
    assert holding(calendar, "2024/25") == ("2025-Q1", LAST_FOUR, "all")


@given(months)
def test_a_month_lies_in_its_quarter_and_year(month):
    assert month_after(month, 12)[5:] == month[5:]
    assert kind(quarter_of(month)) == "quarter" and kind(year_of(month)) == "financial_year"


def test_periods_in_words():
    assert in_words("2024-Q2") == "April to June 2024"
    assert in_words("2024-05") == "May 2024"
    assert in_words("2024/25") == "financial year 2024/25"
    assert in_words("all", CALENDAR) == "April 2021 to May 2026"
    assert in_words("last-4-quarters", CALENDAR) == "the last four complete quarters (April 2025 to March 2026)"


@pytest.mark.parametrize("period", ["2024/２５", "２024-05", "2024-Q２", "٢٠٢٤-05"])
def test_digits_of_other_scripts_are_no_period(period):
    with pytest.raises(ValueError, match="unknown period"):
        Selection(period=period)
    assert Selection.from_query({"within": "１２"})[1]
