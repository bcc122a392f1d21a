"""What many rows have in common is one finding, with their number and where they stand; not one of them is loaded."""

import pytest

from journeys.intake import findings, read
from tests.intake.deliveries import cases

HEADER = "service_id,journey_id,contact_on,kind,minutes"
N = 120


def found(tmp_path, rows: list[str], case: dict | None = None) -> tuple[list[findings.Finding], str, int, int]:
    """The refusals of contacts, the report in words, how many contacts were refused and how many loaded."""
    words = "\n".join([HEADER, *rows]) + "\n"
    folder = cases.make({"write": {"contact.csv": words}, **(case or {})}, tmp_path / "d")
    with read.connected(tmp_path) as connection:
        report = read.read([folder], connection)
        n_loaded = connection.execute("select count(*) from delivery.contact").fetchall()[0][0]
        refused = [one for one in report if one.file == "contact.csv" and findings.RULES[one.rule].is_refusal]
        return refused, findings.text(report), report.n_refused, n_loaded


SEVERAL = {
    "dates in words": ("{day} {month} 2024,video,5", "contact_on", "date_wrong"),
    "numbers with a unit": ("2023-06-05,video,{n} mins", "minutes", "number_wrong"),
    "numbers out of range": ("2023-06-05,video,{far}", "minutes", "out_of_range"),
    "a column of free text for codes": ("2023-06-05,talked about {n},5", "kind", "code_unknown"),
}


@pytest.mark.parametrize(("cells", "column", "rule"), SEVERAL.values(), ids=SEVERAL)
def test_wrong_cells_that_all_differ_are_one_finding_of_their_column(tmp_path, cells, column, rule):
    rows = [
        "north,J-1,"
        + cells.format(n=n, day=n % 28 + 1, month=["Jan", "Feb", "March", "May", "June"][n // 28], far=2000 + n)
        for n in range(1, N + 1)
    ]
    refused, _, n_refused, n_loaded = found(tmp_path, [*rows, "north,J-1,2023-06-05,video,4"])
    assert [(one.row, one.column, one.rule) for one in refused] == [(2, column, rule)]
    assert f"{N} rows (2 to {N + 1})" in refused[0].expected and (n_refused, n_loaded) == (N, 1)


def test_of_wrong_cells_that_all_differ_the_way_of_writing_is_said_and_no_cell(tmp_path):
    rows = [f"north,J-1,{day} of July {2000 + day},video,5" for day in range(10, 28)]
    rows += [f"north,J-1,saw Jane {'abcdefghijkl'[n]}oe at home,video,5" for n in range(12)]
    refused, words, *_ = found(tmp_path, [*rows, *["north,J-1,Ongoing,video,5"] * 3])
    assert [one.value for one in refused] == [None, None]
    assert [one.expected.partition("; ")[2] for one in refused] == [
        "18 rows (2 to 19) written like 99 aaa aaa 9999",
        "15 rows (20 to 34) written like aaa aaa aaa aaa aaa, aaa",
    ]
    assert "Jane" not in words and "July" not in words


def test_words_in_place_of_dates_are_said_beside_dates_that_are_written_otherwise(tmp_path):
    rows = [f"north,J-1,{day}.06.2023,video,5" for day in range(10, 28)]
    refused, *_ = found(tmp_path, [*rows, *["north,J-1,Ongoing,video,5"] * 3])
    assert [(one.row, one.value) for one in refused] == [(2, None), (20, "Ongoing")]


def test_rows_that_name_what_is_not_there_are_one_finding_a_name(tmp_path):
    rows = [*["North Valley Links,J-1,2023-06-05,video,5"] * 6, *["north,J-404,2023-06-05,video,5"] * 3]
    refused, *_ = found(tmp_path, rows)
    assert [(one.row, one.value, one.rule, one.expected.partition("; ")[2]) for one in refused] == [
        (2, "North Valley Links", "service_unknown", "6 rows (2 to 7)"),
        (8, "J-404", "journey_unknown", "3 rows (8 to 10)"),
    ]


def test_rows_with_another_number_of_cells_are_one_finding(tmp_path):
    refused, *_ = found(tmp_path, ["north,J-1,2023-06-05,video,5,rang, came", "north,J-1,2023-06-05,video,5"] * 3)
    assert [(one.row, one.rule, one.expected.partition("; ")[2]) for one in refused] == [
        (2, "row_ragged", "3 rows (2, 4, 6)")
    ]


def test_a_few_wrong_cells_are_said_each_with_their_rows(tmp_path):
    rows = ["north,J-1,2023-06-05,video,5"] * 20
    for row in (3, 4, 9):
        rows[row] = "north,J-1,soon,video,5"
    rows[6] = "north,J-1,later,video,5"
    refused, _, _, n_loaded = found(tmp_path, rows)
    assert [(one.row, one.value, one.expected.partition("; ")[2]) for one in refused] == [
        (5, "soon", "3 rows (5 to 6, 11)"),
        (8, "later", ""),
    ]
    assert n_loaded == 16


def test_of_rows_far_apart_the_first_are_named_and_the_others_counted(tmp_path):
    good, bad = "north,J-1,2023-06-05,video,5", "north,J-1,soon,video,5"
    refused, *_ = found(tmp_path, [good, bad] * 30)
    assert refused[0].expected.endswith("; 30 rows (" + ", ".join(map(str, range(3, 23, 2))) + " and 20 more)")


def test_rows_of_refused_journeys_are_one_finding_a_table(tmp_path):
    rows = ["north,J-2,2023-06-05,video,5", "north,J-1,2023-06-05,video,5", *["north,J-2,2023-06-06,video,5"] * 7]
    refused, words, _, n_loaded = found(tmp_path, rows, {"set": {"journey.csv 3 age_at_referral": "999"}})
    assert [(one.row, one.rule, one.expected.partition("; ")[2]) for one in refused] == [
        (2, "parent_refused", "8 rows (2, 4 to 10)")
    ]
    assert n_loaded == 1 and words.count("contact.csv, row") == 1


def test_what_most_rows_break_alike_is_one_finding_and_what_few_break_is_said_of_each(tmp_path):
    late = [f"north,J-1,2030-01-{day:02},video,5" for day in range(1, 32)] * 3
    refused, *_ = found(tmp_path, late)
    assert [(one.row, one.value, one.rule) for one in refused] == [(2, "2030-01-01", "after_data_to")]
    assert refused[0].expected.endswith("; 93 rows (2 to 94)")
    few = [*["north,J-1,2023-06-05,video,5"] * 100, *late[:5]]
    (tmp_path / "few").mkdir()
    refused, *_ = found(tmp_path / "few", few)
    assert [one.row for one in refused] == [102, 103, 104, 105, 106]


@pytest.mark.parametrize(
    ("place", "value"),
    [("journey.csv 4 age_at_referral", "12/03/1961"), ("journey.csv 4 age_at_referral", "12031961"), ("journey.csv 4 gender", "12 Mar 1961")],
)  # fmt: skip
def test_a_date_among_numbers_or_codes_is_withheld_and_mended_as_a_date(tmp_path, place, value):
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make({"set": {place: value}}, tmp_path / "d")], connection)
        words = findings.text(report)
        assert [one.rule for one in report] == ["date_misplaced"]
    assert value not in words and "(withheld)" in words and "Take the date out" in words


@pytest.mark.parametrize(
    ("status", "rows", "read_as"),
    [(["1", "2", "2", "08"], 3, "1 as 01, 2 as 02"), (["1", "2", "3", "4"], 4, "1 as 01, 2 as 02, 3 as 03 and 1 more")],
)
def test_a_code_without_its_zero_is_read_as_the_one_it_must_be_and_a_note_says_so(tmp_path, status, rows, read_as):
    case = {"set": {f"journey.csv {row} employment_status": code for row, code in enumerate(status, 2)}}
    with read.connected(tmp_path) as connection:
        report = read.read([cases.make(case, tmp_path / "d")], connection)
        notes = [one for one in report if one.rule == "codes_zeros"]
        assert report.is_clean and report.by_rule["codes_zeros"] == rows
        assert notes[0].expected.endswith(f"{rows} rows were read as with a leading zero: {read_as}")
