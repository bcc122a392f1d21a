"""How much better a reading must be, in words."""

from journeys.vocabulary import dictionary
from journeys.words.thresholds import thresholds


def test_every_proof_stands_in_the_table_with_whose_figure_it_is():
    rows = {row[1]: row for row in thresholds().rows}
    assert len(rows) == len(dictionary.load().reliable)
    assert rows["Wellbeing (SWEMWBS)"][2:4] == ("3 up", "1 up")
    assert rows["Wellbeing (SWEMWBS)"][4].startswith("published: ")
    assert rows["Loneliness (UCLA-3)"][2:4] == ("2 down", "1 down")
    assert rows["Money + Where you live"][2:4] == ("2 up", "1 up each")
    assert rows["Money + Where you live"][4].startswith("ours: ")
