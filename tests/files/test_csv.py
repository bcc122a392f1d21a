"""Released answers as CSV: nothing that was not released, codes beside names, what the numbers are above them, and no live formula."""

import csv
import io

import pytest

from journeys.files import csv as released_csv
from journeys.words.tables import Table
from tests.released_by_hand import HIDDEN, METRIC, names, proportion, released


def parts(text):
    lines = text.split("\r\n")
    comments = [line for line in lines if line.startswith("# ")]
    rows = list(csv.DictReader(line for line in lines if line and not line.startswith("# ")))
    return comments, rows


def test_a_file_says_what_its_numbers_are_before_they_begin():
    comments, _ = parts(released_csv.answer(released(proportion()), METRIC, names))
    said = "\n".join(comments)
    for words in (
        "SYNTHETIC",
        METRIC.title,
        "All services; April 2021 to March 2026",
        "March 2026",
        "under 8",
        "nearest 5",
        "000001-abcdef",
    ):
        assert words in said
    assert "Left out (no reason recorded): 45" in said
    assert "Left out (not recorded): hidden" in said


def test_comment_lines_hold_no_comma_so_that_a_spreadsheet_keeps_each_in_one_cell():
    comments, _ = parts(released_csv.answer(released(proportion()), METRIC, names))
    assert comments
    assert not any("," in line or '"' in line for line in comments)


def test_codes_and_names_stand_side_by_side_and_hidden_cells_are_empty_and_marked():
    _, rows = parts(released_csv.answer(released(proportion(), HIDDEN), METRIC, names))
    assert rows[0]["reason"] == "housing"
    assert rows[0]["reason_name"] == "Housing"
    assert (rows[0]["numerator"], rows[0]["denominator"], rows[0]["rate"]) == ("120", "480", "0.25")
    assert (rows[1]["numerator"], rows[1]["rate"], rows[1]["denominator"]) == ("", "", "480")
    assert (rows[1]["state"], rows[1]["mark"], rows[1]["why"]) == ("hidden", "[c]", "few")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_a_spreadsheet_would_run_is_disarmed(start):
    _, rows = parts(released_csv.answer(released(proportion()), METRIC, lambda label, code: f"{start}1+1"))
    assert rows[0]["reason_name"] == f"'{start}1+1"


def test_real_data_are_not_called_synthetic():
    assert "SYNTHETIC" not in released_csv.answer(released(proportion(), is_synthetic=False), METRIC, names)


def test_control_limits_come_along_when_there_are_any():
    spc = {"mean": 0.24, "lower": 0.1, "upper": 0.4, "signal": "none"}
    _, rows = parts(released_csv.answer(released(proportion(spc=spc), proportion()), METRIC, names))
    assert (rows[0]["spc_mean"], rows[0]["spc_signal"]) == ("0.24", "none")
    assert rows[1]["spc_mean"] == ""


def test_the_file_reads_as_one_table_below_its_comments():
    text = released_csv.answer(released(proportion(), HIDDEN), METRIC, names)
    body = [line for line in io.StringIO(text) if not line.startswith("#")]
    widths = {len(row) for row in csv.reader(body)}
    assert len(widths) == 1


def test_no_two_columns_of_a_file_share_a_name():
    shown = Table(("Service", "Work", "95% interval", "Training", "95% interval"), (("A", "1", "2", "3", "4"),), 1, ())
    head = released_csv.table(shown, []).splitlines()[0]
    assert head == "Service,Work,95% interval,Training,95% interval (2)"


def test_a_table_on_its_way_out_is_disarmed_too():
    text = released_csv.table(Table(("Service",), (("=1+1",),), 1, ()), ["one, two"])
    assert text == "# one; two\r\nService\r\n'=1+1\r\n"
