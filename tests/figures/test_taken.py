"""The copy of a figure that is taken away holds what a page says around it, inside its own layout."""

from journeys import figures
from tests.answers_by_hand import NAMES, released

AROUND = figures.Around("A finding", "A measure", "All services " * 20, ("Data to March 2026", "[c] hidden"), True)


def test_a_taken_figure_says_what_it_is_and_leaves_the_page_alone():
    drawn = figures.Drawn(figures.bars(released("referral_reasons"), NAMES))
    before = drawn.whole()
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
    assert drawn.whole() == before
    assert copy.layout.paper_bgcolor == "#FFFFFF" and copy.layout.font.color == "#0B0C0C"
    assert "SYNTHETIC" not in figures.taken(drawn, figures.Around("", "", "", (), False)).to_json()


def test_the_words_around_a_figure_lie_inside_its_rim_and_not_on_each_other():
    copy = figures.taken(figures.Drawn(figures.bars(released("referral_reasons"), NAMES)), AROUND)
    plot = copy.layout.height - copy.layout.margin.t - copy.layout.margin.b
    mine = copy.layout.annotations[-6:]
    tops = [
        copy.layout.margin.t - note.yshift if note.y == 1 else copy.layout.margin.t + plot - note.yshift
        for note in mine
    ]
    assert tops == sorted(tops) and tops[0] > 0
    for note, top, following in zip(mine, tops, [*tops[1:], copy.layout.height], strict=True):
        assert top + note.font.size * (note.text.count("<br>") + 1) <= following


def test_the_words_around_a_figure_stand_beside_it_on_a_page_and_in_it_where_it_stands_alone():
    made = figures.over_time(released("referrals", by=("quarter",)), NAMES)
    canvas_foot = "The axis begins at"
    whole, bare = figures.Drawn(made), figures.Drawn(made, is_bare=True)
    assert whole.to_dict() == bare.whole() == whole.whole() and not whole.key and not whole.feet
    words = [note["text"] for note in whole.to_dict()["layout"]["annotations"]]
    left = bare.to_dict()["layout"]
    assert any("average" in said for said in words)
    assert not [note for note in left["annotations"] if "average" in note["text"] or canvas_foot in note["text"]]
    assert ("━", "average") in [(sign, said) for sign, _, said in bare.key]
    assert len(bare.feet) == sum(canvas_foot in said for said in words)
    plots = [one["height"] - one["margin"]["t"] - one["margin"]["b"] for one in (whole.to_dict()["layout"], left)]
    assert plots[0] == plots[1] and left["height"] < whole.tall
    assert [mark for mark in figures.taken(bare, AROUND).layout.annotations if "average" in mark.text]


def test_the_key_and_the_notes_of_a_taken_figure_are_as_wide_as_the_picture_and_above_or_below_the_plot():
    """They were in lines of 46 characters, as on a phone, in a picture that has room for 120."""
    words = "People of working age who were out of work at referral, from the most deprived fifth"
    longer = f"{words}, with needs of mental health and a long-term condition, referred by a GP"
    one = released("referral_reasons")
    copy = figures.taken(figures.Drawn(figures.compare(one, one, NAMES, words, longer, most=None)), AROUND)
    (key,) = (note for note in copy.layout.annotations if words in note.text)
    assert key.text.count("<br>") == 2 and longer in key.text.replace("<br>", " ")
    assert key.y == 1 and key.yshift > 1.3 * key.font.size * 3
    part = figures.compare(one, one, NAMES, words, longer, most=3)
    feet = figures.Drawn(part, is_bare=True).feet
    found = {note.text: note for note in figures.taken(figures.Drawn(part), AROUND).layout.annotations}
    assert feet and all(found[line].y == 0 and found[line].yshift < -30 for line in feet)
