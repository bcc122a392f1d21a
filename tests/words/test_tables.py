"""Released numbers as tables to read: nothing that was not released, marks where numbers are hidden."""

from dataclasses import replace

from journeys.words import tables
from tests.released_by_hand import HIDDEN, METRIC, TITLES, names, proportion, released


def test_the_table_to_read_has_marks_where_numbers_are_hidden():
    table = tables.table(released(proportion(), HIDDEN), METRIC, names, TITLES)
    assert table.header[0] == "Referral reason"
    assert table.rows[0] == ("Housing", "120", "480", "25%", "21% to 29%")
    assert table.rows[1] == ("Employment", "[c]", "480", "[c]", "–")
    assert table.marks == ("[c]",)


def test_an_expected_count_is_written_as_every_other_count():
    mixed = replace(
        released(proportion(expected=1598.1, ratio=1.02, ratio_low=0.98, ratio_high=1.06)), has_case_mix=True
    )
    assert tables.table(mixed, METRIC, names, TITLES).rows[0][-3:] == ("1,598.1", "1.02", "0.98 to 1.06")
