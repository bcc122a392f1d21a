"""A recipe: what a pack holds, in which order and in whose words; and the pack as one page of HTML."""

import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest
from pptx import Presentation

from journeys import Selection, open_store
from journeys.files import pack, recipe
from journeys.files.recipe import LONGEST, MOST_PANELS, Panel, Recipe
from journeys.intake.identifiers import kind_of
from journeys.vocabulary import metrics

OWN = """
title = "Pack for <spring>"

[[panels]]
metric = "found_work"
by = ["service"]
title = "Work & where it is found"
commentary = "We asked <b>twice</b> & were told."
actions = ["Ask what changed.", "Come back in June."]

[[panels]]
metric = "referrals"
"""


@pytest.fixture(scope="module")
def store(sample, tmp_path_factory):
    return open_store(sample(tmp_path_factory.mktemp("recipe"), 3_000, "parquet"))


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
        return recipe.read(tmp_path / "recipe.toml")

    return write


class Page(HTMLParser):
    """What a page says: headings, all text, the cells of its tables by row, and every tag and attribute."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.said, self.rows, self.tags, self.attributes = [], [], [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open += [tag] if tag != "meta" else []
        self.tags.add(tag)
        self.attributes += attributes
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(data)
        if "style" not in self.open:
            self.said.append(data)
        if self.open and self.open[-1] in ("th", "td"):
            self.rows[-1].append(data)


def page_of(store, tmp_path, *given):
    pack.write(tmp_path / "pack.html", store, *given)
    return Page((tmp_path / "pack.html").read_text(encoding="utf-8"))


def test_a_recipe_holds_panels_their_order_and_own_words(written):
    found = Panel(
        "found_work", ("service",), "Work & where it is found", "We asked <b>twice</b> & were told.",
        ("Ask what changed.", "Come back in June."),
    )  # fmt: skip
    assert written(OWN) == Recipe((found, Panel("referrals")), "Pack for <spring>")
    assert written('[[panels]]\nmetric = "referrals"').title == recipe.TITLE


WRONG = {
    "no TOML": ("panels = [", "is no TOML"),
    "nothing": ("", "1 to 60 panels"),
    "too many": ('[[panels]]\nmetric = "referrals"\n' * (MOST_PANELS + 1), "1 to 60 panels"),
    "no metric": ("[[panels]]", "panel 1: name its metric"),
    "unknown metric": ('[[panels]]\nmetric = "found_wrok"', "panel 1: unknown metric 'found_wrok'"),
    "metric that is gone": ('[[panels]]\nmetric = "kept_work"', "'job_at_referral' has taken its place"),
    "unknown breakdown": ('[[panels]]\nmetric = "referrals"\nby = ["planet"]', "unknown breakdown 'planet'"),
    "three breakdowns": ('[[panels]]\nmetric = "referrals"\nby = ["service", "gender", "month"]', "at most 2"),
    "the same breakdown twice": (
        '[[panels]]\nmetric = "referrals"\nby = ["service", "service"]',
        "panel 1: referrals is by service already",
    ),
    "a breakdown that a metric has of its own": (
        '[[panels]]\nmetric = "spiral_flow"\nby = ["start_rung"]',
        "panel 1: spiral_flow is by start_rung already",
    ),
    "lists in lists without end": ("x = " + "[" * 20_000, "too deep"),
    "unknown key": ('[[panels]]\nmetric = "referrals"\nnote = "x"', "panel 1: unknown 'note': allowed are metric"),
    "number for a text": ('[[panels]]\nmetric = "referrals"\ntitle = 4', "a text in quotation marks"),
    "panels that are no tables": ("panels = [1]", "panel 1: write it under [[panels]]"),
    "more than a slide holds": (
        f'[[panels]]\nmetric = "referrals"\ncommentary = "{"a" * (LONGEST["commentary"] + 1)}"',
        "at most 600 fit",
    ),
    "letters that cannot be seen": ('[[panels]]\nmetric = "referrals"\ntitle = "a\\u202eb"', "cannot be seen"),
}


def test_a_file_that_is_no_text_is_told_so(tmp_path):
    (tmp_path / "recipe.toml").write_bytes("title = 'x'".encode("utf-16"))
    with pytest.raises(ValueError, match="no text in UTF-8"):
        recipe.read(tmp_path / "recipe.toml")


def test_an_action_of_nothing_is_none(written):
    assert written('[[panels]]\nmetric = "referrals"\nactions = ["", "Ask.", "  "]').panels[0].actions == ("Ask.",)


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_recipe_at_fault_says_what_is_wrong(written, text, said):
    with pytest.raises(ValueError, match="recipe") as error:
        written(text)
    assert said in str(error.value)


def test_slides_and_workbook_follow_a_recipe(store, tmp_path, written):
    for name in ("pack.pptx", "pack.xlsx"):
        pack.write(tmp_path / name, store, Selection(), written(OWN))
    slides = list(Presentation(str(tmp_path / "pack.pptx")).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[:3] == ["Pack for <spring>", *["Work & where it is found"] * 2] and len(titles) == 5
    own = "\n".join(shape.text_frame.text for shape in slides[2].shapes if shape.has_text_frame)
    assert "We asked <b>twice</b> & were told." in own and "Action: Come back in June." in own
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "pack.xlsx").read_bytes()))
    assert book.sheetnames[2:] == ["1 Found work", "2 Referrals"]
    assert "Action: Ask what changed." in " ".join(str(cell.value) for cell in book["Notes"]["A"])


def test_under_a_title_of_its_readers_own_the_finding_is_still_said(store, tmp_path, written):
    said = " ".join(page_of(store, tmp_path, Selection(), written(OWN)).said)
    finding = pack._sheet(store, Selection(), Panel("found_work", ("service",)), "").finding
    assert finding in said


def test_a_page_says_what_the_slides_say(store, tmp_path):
    page = page_of(store, tmp_path, Selection(period="2024/25"))
    year = Selection(period="2024/25")
    sheets = [pack._sheet(store, year, pack.of_board(panel, store, year), "") for panel in pack.CONTENTS]
    assert page.headings == [recipe.TITLE, *(sheet.heading for sheet in sheets), pack.ENDING]
    said = " ".join(page.said)
    assert "SYNTHETIC" in said and "Counts under 8 are hidden" in said
    rows = [row for sheet in sheets for row in (list(sheet.table.header), *map(list, sheet.table.rows))]
    assert page.rows == rows, "every number of the tables, and nothing else in them"


def test_a_page_runs_nothing_fetches_nothing_and_draws_no_words_as_html(store, tmp_path, written):
    page = page_of(store, tmp_path, Selection(), written(OWN))
    assert not page.tags & {"script", "img", "link", "iframe", "b", "a", "object"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href")]
    assert "Commentary: We asked <b>twice</b> & were told." in page.said


def test_a_bar_says_no_more_than_the_number_beside_it(store, tmp_path):
    page = page_of(store, tmp_path, Selection(), Recipe((Panel("referrals", ("service",)),)))
    counts = [row.count for row in store.ask("referrals", Selection(), ("service",)).rows]
    widths = [value for name, value in page.attributes if name == "style"]
    assert widths == [f"width:{count / max(counts):.0%}" for count in counts]


def test_a_number_alone_has_no_bar(store, tmp_path):
    """7% and 70% were drawn alike: each is the longest of its own table."""
    page = page_of(store, tmp_path, Selection(), Recipe((Panel("climbed"), Panel("stepping_stone"))))
    assert not [value for name, value in page.attributes if name == "style"]


def test_paper_is_not_scrolled(store, tmp_path):
    page_of(store, tmp_path, Selection(), Recipe((Panel("referrals"),)))
    style = (tmp_path / "pack.html").read_text(encoding="utf-8").partition("@media print")[2]
    assert ".wide { overflow: visible; }" in style


def test_every_page_of_paper_is_a4_and_says_what_it_is_part_of(store, tmp_path):
    page_of(store, tmp_path, Selection(), Recipe((Panel("referrals"),), 'The "board" of </style><b>May\\'))
    text = (tmp_path / "pack.html").read_text(encoding="utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "size: A4" in style and "counter(page)" in style and "SYNTHETIC DATA" in style and store.version in style
    assert 'content: "The \\"board\\" of \\3C /style>\\3C b>May\\\\. SYNTHETIC' in style
    assert text.count("</style>") == 1


def test_every_metric_can_stand_in_every_form(store, tmp_path):
    every = Recipe(tuple(Panel(slug) for slug in metrics.catalogue()))
    for ending in ("html", "pptx"):
        pack.write(tmp_path / f"pack.{ending}", store, Selection(), every)


def test_a_recipe_is_written_as_it_is_read(tmp_path):
    panels = (
        Panel(
            "found_work",
            ("service", "quarter"),
            'Who "found" work\\',
            "Zwölf – a year \u2019s end",
            ("Ask # them", "= 1"),
        ),
        Panel("referrals"),
    )
    held = recipe.Recipe(panels, "Board, May")
    file = tmp_path / "board.toml"
    file.write_text(recipe.text(held), encoding="utf-8")
    assert recipe.read(file) == held


@pytest.mark.parametrize(
    ("held", "where"),
    [
        (Recipe((Panel("referrals"),), "For 943 476 5919"), "the title of the pack (NHS number)"),
        (Recipe((Panel("referrals"), Panel("climbed", title="Ask jo@example.org"))), "the title of panel 2 (e-mail address)"),
        (Recipe((Panel("referrals", commentary="A man in LS1 4AB, helped"),)), "the commentary of panel 1 (postcode)"),
        (Recipe((Panel("referrals", actions=("Ask", "Ring 07700 900123"),),)), "action 2 of panel 1 (telephone number)"),
        (Recipe((Panel("referrals", commentary="She was born on 3 May 1984."),)), "panel 1 (date of birth in words)"),
    ],
)  # fmt: skip
def test_own_words_that_point_to_a_person_are_named_by_field_and_kind_and_never_said(held, where):
    said = recipe.identifying(held, kind_of)
    assert where in said
    for words in (held.title, *(text for one in held.panels for text in (one.title, one.commentary, *one.actions))):
        assert not words or words == recipe.TITLE or words not in said
    assert not re.search(r"[0-9]{3}|jo@|LS1|May", said)


def test_own_words_about_figures_are_let_through():
    words = "Of about 1,240 referred in 2024/25, 12.5% found work by 31 March 2025: 4 in 10 at Tarnholt, 2021-Q2 to 2024-Q4."
    held = Recipe((Panel("referrals", title=words, commentary=words, actions=(words,)),), "The board, 12 May 2025")
    assert recipe.identifying(held, kind_of) == ""
