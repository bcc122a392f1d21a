"""Released numbers as tables to read: nothing that was not released, marks where numbers are hidden."""

from journeys.words import tables
from tests.released_by_hand import HIDDEN, METRIC, TITLES, names, proportion, released


def test_the_table_to_read_has_marks_where_numbers_are_hidden():
    table = tables.table(released(proportion(), HIDDEN), METRIC, names, TITLES)
    assert table.header[0] == "Referral reason"
    assert table.rows[0] == ("Housing", "120", "480", "25%", "21% to 29%")
    assert table.rows[1] == ("Employment", "[c]", "480", "[c]", "–")
    assert table.marks == ("[c]",)
