"""The copy of a figure that is taken away holds what a page says around it, inside its own layout."""

from journeys import figures
from tests.answers_by_hand import NAMES, released

AROUND = figures.Around("A finding", "A measure", "All services " * 20, ("Data to March 2026", "[c] hidden"), True)


def test_a_taken_figure_says_what_it_is_and_leaves_the_page_alone():
    drawn = figures.bars(released("referral_reasons"), NAMES)
    before = drawn.to_json()
    copy = figures.taken(drawn, AROUND)
    said = " ".join(note.text for note in copy.layout.annotations).replace("<br>", " ")
    for words in (
        "SYNTHETIC DATA",
        "A finding",
        "A measure",
        "All services All services",
        "Data to March 2026",
        "[c] hidden",
    ):
        assert words in said
    assert drawn.to_json() == before
    assert copy.layout.paper_bgcolor == "#FFFFFF" and copy.layout.font.color == "#0B0C0C"
    assert "SYNTHETIC" not in figures.taken(drawn, figures.Around("", "", "", (), False)).to_json()


def test_the_words_around_a_figure_lie_inside_its_rim_and_not_on_each_other():
    copy = figures.taken(figures.bars(released("referral_reasons"), NAMES), AROUND)
    plot = copy.layout.height - copy.layout.margin.t - copy.layout.margin.b
    mine = copy.layout.annotations[-6:]
    tops = [
        copy.layout.margin.t - note.yshift if note.y == 1 else copy.layout.margin.t + plot - note.yshift
        for note in mine
    ]
    assert tops == sorted(tops) and tops[0] > 0
    for note, top, following in zip(mine, tops, [*tops[1:], copy.layout.height], strict=True):
        assert top + note.font.size * (note.text.count("<br>") + 1) <= following
