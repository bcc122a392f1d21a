"""The board pack: opened and read, it holds the released answers, what they apply to, and nothing else."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from journeys import Selection, open_store
from journeys.files import pack, slide_words
from journeys.files.recipe import TITLE, Panel, Recipe
from journeys.files.slides import LINES, MOST_BARS
from journeys.files.workbook import number_of
from journeys.vocabulary import metrics
from journeys.words import glance
from journeys.words.series import series


@pytest.fixture(scope="module")
def store(sample, tmp_path_factory):
    return open_store(sample(tmp_path_factory.mktemp("pack"), 3_000, "parquet"))


def words_of(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_slides_say_what_they_show_of_whom_and_that_the_data_are_synthetic(store, tmp_path):
    pack.write(tmp_path / "board.pptx", store, Selection(period="2024/25"))
    slides = list(Presentation(str(tmp_path / "board.pptx")).slides)
    told = slides[1 : 1 + len(pack.CONTENTS)]
    assert all(words_of(slide).startswith(pack.ENDING) for slide in slides[1 + len(told) :])
    assert "SYNTHETIC" in words_of(slides[0]) and "financial year 2024/25" in words_of(slides[0])
    for slide, panel in zip(told, pack.CONTENTS, strict=True):
        assert metrics.get(panel.metric).title in words_of(slide)
        assert 1 <= len(slide.shapes.title.text_frame.text.split()) <= 14, "the finding is the heading"
        assert "Counts under 8 are hidden" in words_of(slide)


def test_bars_are_the_released_numbers_and_a_hidden_one_is_a_gap(store, tmp_path):
    pack.write(tmp_path / "board.pptx", store, Selection())
    slides = list(Presentation(str(tmp_path / "board.pptx")).slides)
    asked = store.ask("spiral_now", Selection())
    place = 1 + [panel.metric for panel in pack.CONTENTS].index("spiral_now")
    chart = next(shape.chart for shape in slides[place].shapes if shape.has_chart)
    assert list(chart.plots[0].series[0].values) == [row.rate for row in asked.rows]
    assert ["[c]" in str(c) for c in chart.plots[0].categories] == [row.state == "hidden" for row in asked.rows]


def test_a_service_with_hidden_answers_still_makes_a_pack(store, tmp_path):
    for service in ("ostermere-neighbours", "tarnholt-signpost"):
        pack.write(tmp_path / f"{service}.pptx", store, Selection(service=service, period="2025-Q4"))
        pack.write(tmp_path / f"{service}.xlsx", store, Selection(service=service, period="2025-Q4"))


def test_the_workbook_is_accessible(store, tmp_path):
    pack.write(tmp_path / "board.xlsx", store, Selection())
    book = openpyxl.load_workbook(tmp_path / "board.xlsx")
    assert book.sheetnames[:2] == ["Cover", "Notes"]
    assert "SYNTHETIC" in book["Cover"]["A2"].value
    for name in book.sheetnames[2:]:
        (table,) = book[name].tables.values()
        assert table.ref.startswith("A1:")
    place = 2 + [panel.metric for panel in pack.CONTENTS].index("referral_reasons")
    reasons = [cell.value for cell in book[book.sheetnames[place]]["A"]]
    assert reasons == ["Referral reason", *(store.lists.name("reason", c) for c in store.lists.codes("reason"))]


@pytest.mark.parametrize(
    ("printed", "held"),
    [
        ("12,435", (12435, "#,##0")), ("1.9%", (0.019, "0.0%")), ("13%", (0.13, "0%")), ("−0.4", (-0.4, "#,##0.0")),
        ("2.03", (2.03, "#,##0.00")), ("[c]", ("[c]", "")), ("[c] under 4%", ("[c] under 4%", "")), ("12% [early]", ("12% [early]", "")),
        ("under 0.1%", ("under 0.1%", "")), ("–", ("–", "")), ("10 to 20", ("10 to 20", "")), ("1,2", ("1,2", "")),
    ],
)  # fmt: skip
def test_a_figure_is_a_number_no_finer_than_it_is_printed_and_a_mark_is_itself(printed, held):
    assert number_of(printed) == held


def test_numbers_of_the_workbook_are_numbers_and_what_is_hidden_its_mark(store, tmp_path):
    panels = (Panel("found_work", ("service",)), Panel("wellbeing_change"), Panel("time_to_work", ("service",)))
    pack.write(tmp_path / "board.xlsx", store, Selection(), Recipe(panels))
    book = openpyxl.load_workbook(tmp_path / "board.xlsx")
    rows = list(book["1 Found work"].iter_rows(min_row=2, values_only=True))
    asked = store.ask("found_work", Selection(base="out_of_work"), ("service",)).rows
    assert [row[2] if isinstance(row[2], int) else None for row in rows] == [row.denominator for row in asked]
    assert [row[1] if isinstance(row[1], int) else None for row in rows] == [row.numerator for row in asked]
    assert any(row[1] == "[c]" for row in rows)
    for name in book.sheetnames[2:]:
        cells = [cell.value for line in book[name].iter_rows(min_row=2) for cell in line]
        assert not [
            text
            for text in cells
            if isinstance(text, str) and text.strip("%").replace(",", "").replace(".", "").isdigit()
        ]


def test_the_ends_of_an_interval_stand_in_two_columns(store, tmp_path):
    pack.write(tmp_path / "board.xlsx", store, Selection(), Recipe((Panel("goals_set"),)))
    (page,) = openpyxl.load_workbook(tmp_path / "board.xlsx").worksheets[2:]
    head, *rows = page.iter_rows(values_only=True)
    assert head[-2:] == ("95% interval, from", "95% interval, to")
    assert any(isinstance(row[-1], float) and row[-2] < row[3] < row[-1] for row in rows)


def test_a_note_has_a_row_as_high_as_its_words_need(store, tmp_path):
    """Programs other than Excel do not work it out: lines would lie on each other."""
    pack.write(tmp_path / "board.xlsx", store, Selection(), Recipe((Panel("wellbeing_change"),)))
    page = openpyxl.load_workbook(tmp_path / "board.xlsx")["Notes"]
    note = page["A2"].value
    assert len(note) > 500 and page.row_dimensions[2].height >= 15 * len(note) / page.column_dimensions["A"].width


def test_the_cover_leads_to_every_sheet_and_every_sheet_prints_what_it_is(store, tmp_path):
    panels = (Panel("found_work", ("service",)), Panel("paths"))
    pack.write(tmp_path / "board.xlsx", store, Selection(), Recipe(panels))
    book = openpyxl.load_workbook(tmp_path / "board.xlsx")
    led = [cell.hyperlink.location for cell in book["Cover"]["A"] if cell.hyperlink]
    assert led == [f"'{name}'!A1" for name in book.sheetnames[2:]]
    for page in book:
        assert "SYNTHETIC" in page.oddFooter.left.text and page.page_setup.orientation == "landscape"
    assert [page.sheet_state for page in book] == ["visible"] * len(book.sheetnames)


@pytest.mark.parametrize("base", ["all", "working_age"])
def test_every_metric_has_its_sheet_in_the_workbook(store, tmp_path, base):
    pack.write(tmp_path / "board.xlsx", store, Selection(base=base))
    book = openpyxl.load_workbook(tmp_path / "board.xlsx")
    named = {name.rpartition("_")[0] for sheet in book for name in sheet.tables}
    assert named == set(metrics.catalogue())
    notes = " ".join(str(cell.value) for cell in book["Notes"]["A"])
    assert [slug for slug in metrics.catalogue() if metrics.get(slug).title not in notes] == []


def charts_of(slides):
    return [shape for slide in slides for shape in slide.shapes if shape.has_chart]


def slides_of(store, tmp_path, selection, *panels):
    pack.write(tmp_path / "board.pptx", store, selection, Recipe(panels) if panels else None)
    return list(Presentation(str(tmp_path / "board.pptx")).slides)


def test_a_slide_that_cannot_hold_every_bar_shows_the_latest_and_says_so(store, tmp_path):
    slide = slides_of(store, tmp_path, Selection(), Panel("stepping_stone", ("quarter",)))[1]
    told = store.ask("stepping_stone", Selection(), ("quarter",)).rows
    (chart,) = charts_of([slide])
    names, last = list(chart.chart.plots[0].categories), max(i for i, row in enumerate(told) if row.rate is not None)
    assert len(names) == MOST_BARS
    assert names[-1].startswith(store.lists.name("quarter", told[last].labels["quarter"]))
    assert f"This slide shows 12 of {len(told)} rows, the latest with a figure" in words_of(slide)


def test_of_many_cells_a_slide_shows_those_with_a_figure_and_says_so(store, tmp_path):
    slide = slides_of(store, tmp_path, Selection(), Panel("stepping_stone", ("service", "gender")))[1]
    asked = store.ask("stepping_stone", Selection(), ("service", "gender"))
    told = [row.rate for row in asked.rows if row.rate is not None][:MOST_BARS]
    (chart,) = charts_of([slide])
    assert list(chart.chart.plots[0].series[0].values) == told
    assert f"This slide shows {len(told)} of {len(asked.rows)} rows" in words_of(slide)


def test_no_words_of_a_slide_leave_it_or_lie_on_others(store, tmp_path):
    every = [Panel(slug) for slug in metrics.catalogue()]
    long = Panel("wellbeing_change", ("service",), "T" * 90, "c" * 600, ("a" * 150,) * 6)
    wide = Panel("wellbeing_change", ("gender",))
    slides = slides_of(store, tmp_path, Selection(service="wrenborough-ltc"), *every, long, wide)
    for slide in slides:
        *shapes, foot, number = sorted(slide.shapes, key=lambda shape: (shape.top, shape.left))
        assert foot.left + foot.width <= number.left and number.top + number.height <= Inches(7.5)
        assert shapes[-1].top + shapes[-1].height <= foot.top + 9
        ends = [shape.top + shape.height for shape in shapes]
        assert max(ends) <= Inches(7.5)
        assert all(end <= below.top + 9 for end, below in zip(ends, shapes[1:], strict=False))
        for shape in shapes[1:]:
            if shape.has_text_frame:
                lines = [one.text for one in shape.text_frame.paragraphs]
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                assert slide_words.height_of(lines, size) <= shape.height / Inches(1) + 0.01


def test_every_slide_says_at_its_foot_what_it_is_part_of_and_its_number(store, tmp_path):
    """Slides are taken out of decks: each says alone that its data are synthetic, and of which version."""
    for slide in slides_of(store, tmp_path, Selection(), Panel("wellbeing_change")):
        assert TITLE in words_of(slide) and "SYNTHETIC DATA" in words_of(slide) and store.version in words_of(slide)
        *_, foot, number = slide.shapes
        assert foot.text_frame.text.startswith(TITLE) and number._element.xpath('.//a:fld[@type="slidenum"]')


def tables_of(slides):
    return [shape.table for slide in slides for shape in slide.shapes if shape.has_table]


def cells_of(table):
    return [tuple(cell.text_frame.text for cell in row.cells) for row in table.rows]


def test_what_has_no_bars_stands_on_slides_as_a_table(store, tmp_path):
    (first, *more) = tables_of(slides_of(store, tmp_path, Selection(), Panel("wellbeing_change")))
    sheet = pack._sheet(store, Selection(), Panel("wellbeing_change"), "")
    drawn = [row for one in (first, *more) for row in cells_of(one)[1:]]
    assert cells_of(first)[0] == sheet.table.header and tuple(drawn) == sheet.table.rows


def test_paired_readings_by_service_are_those_of_the_scale_that_is_spoken_of(store, tmp_path):
    (table,) = tables_of(slides_of(store, tmp_path, Selection(), Panel("wellbeing_change", ("service",))))
    assert [row[0] for row in cells_of(table)[1:]] == [one.name for one in store.lists.services.values()]


def test_a_figure_that_stands_alone_is_no_bar_as_long_as_the_slide(store, tmp_path):
    slide = slides_of(store, tmp_path, Selection(), Panel("found_work"))[1]
    (table,) = tables_of([slide])
    assert not charts_of([slide])
    assert cells_of(table)[1] == pack._sheet(store, Selection(), Panel("found_work"), "").table.rows[0]
    assert not tables_of(slides_of(store, tmp_path, Selection(), Panel("people_referred"))), "its heading says it"


def test_a_chart_of_many_rows_shows_those_that_its_heading_speaks_of(store, tmp_path):
    slide = slides_of(store, tmp_path, Selection(), Panel("referral_reasons", ("service",)))[1]
    (chart,) = charts_of([slide])
    named = [label.split(", ")[0] for label in chart.chart.plots[0].categories]
    assert named == [one.name for one in store.lists.services.values()]
    assert "those that the sentence is about" in words_of(slide)


def test_bars_of_shares_have_the_released_intervals_and_counts_have_none(store, tmp_path):
    shares, counts = slides_of(store, tmp_path, Selection(), Panel("goals_set"), Panel("referrals", ("service",)))[1:3]
    rows = [row for row in store.ask("goals_set", Selection()).rows if row.rate is not None]
    (chart,) = charts_of([shares])
    space = chart.chart._chartSpace
    ends = [[float(v.text) for v in space.xpath(f"//c:errBars/c:{way}//c:v")] for way in ("minus", "plus")]
    assert ends[0] == pytest.approx([row.rate - row.low for row in rows], abs=1e-6)
    assert ends[1] == pytest.approx([row.high - row.rate for row in rows], abs=1e-6)
    assert chart.chart.value_axis.maximum_scale > max(row.high for row in rows)
    assert LINES in words_of(shares)
    assert not charts_of([counts])[0].chart._chartSpace.xpath("//c:errBars") and LINES not in words_of(counts)


def test_a_pack_of_one_service_says_what_it_is_compared_with(store, tmp_path):
    """The same figures of all services, as its panel has them; everybody stands beside nobody."""
    one, panel = Selection(service="wrenborough-ltc"), Panel("spiral_movement")
    everybody = next(row for row in store.ask("spiral_movement", Selection()).rows if row.labels["movement"] == "up")
    said = pack._sheet(store, one, panel, "").beside
    assert said.startswith("All services") and re.search(
        rf"moved up {everybody.rate:.0%}|moved up {everybody.rate:.1%}", said
    )
    assert said in words_of(slides_of(store, tmp_path, one, panel)[1])
    pack.write(tmp_path / "board.xlsx", store, one, Recipe((panel,)))
    assert said in openpyxl.load_workbook(tmp_path / "board.xlsx")["Notes"]["A2"].value
    assert pack._sheet(store, Selection(), panel, "").beside == ""


@pytest.mark.parametrize("period", ["all", "2024/25", "2024-Q2", "last-4-quarters"])
@pytest.mark.parametrize("service", [None, "wrenborough-ltc", "tarnholt-centre"])
def test_no_answer_of_a_pack_is_split_by_what_has_one_part(store, period, service):
    one = Selection(service=service, period=period)
    panels = {panel.metric: pack.of_board(panel, store, one) for panel in pack.CONTENTS}
    if period == "2024-Q2":
        assert not any(panel.by for panel in panels.values()), "there is one quarter"
    for panel in panels.values():
        assert not panel.by or len(pack._sheet(store, one, panel, "").table.rows) > 1


def test_the_board_is_told_what_each_figure_does_over_time(store):
    """Each was one number alone: no trend, nothing it stands beside."""
    sheets = [pack._sheet(store, Selection(), pack.of_board(panel, store, Selection()), "") for panel in pack.BOARD]
    *figures, moved = sheets
    assert all(sheet.panel.by in (pack.QUARTERS, pack.YEARS) and len(sheet.bars) > 1 for sheet in figures)
    for sheet in figures:
        found = series(sheet.released, sheet.metric)
        if sheet.panel.by == pack.QUARTERS:
            said = glance.signal(sheet.released, sheet.metric)
            assert said.words.partition(":")[0] in sheet.heading
            assert said.when[-4:] in sheet.heading, "what is usual is so in one quarter"
        if found.latest and not found.ripens and found.a_year_before(found.latest):
            assert "; a year before: " in sheet.answer
    assert any(sheet.panel.by == pack.QUARTERS for sheet in figures)
    assert moved.heading.endswith(" moved up")


def test_a_slide_of_a_chosen_year_is_headed_by_the_year_that_its_bars_are_quarters_of(store):
    year = Selection(period="2024/25")
    sheet = pack._sheet(store, year, Panel("climbed", ("quarter",)), "")
    whole = store.ask("climbed", year).rows[0]
    assert len(sheet.bars) == 4 and "financial year 2024/25" in sheet.heading
    assert sheet.heading.startswith(f"{whole.rate:.0%} ") and f"of about {whole.denominator:,} " in sheet.answer


def test_a_service_that_is_not_like_the_others_is_said_to_be_so(store):
    sheets = [
        pack._sheet(store, Selection(service=code), Panel("spiral_movement"), "") for code in store.lists.services
    ]
    marked = [sheet for sheet in sheets if "◇" in sheet.beside]
    assert marked and all("not like the others in what it records" in sheet.notes for sheet in marked)


def test_a_period_that_is_not_complete_says_so_in_every_file(store, tmp_path):
    panel = Panel("stepping_stone", ("financial_year",))
    rows = store.ask("stepping_stone", Selection(), panel.by).rows
    late = [row.is_shown and row.complete is False for row in rows]
    sheet = pack._sheet(store, Selection(), panel, "")
    assert any(late) and [row[0].endswith("(not complete)") for row in sheet.table.rows] == late
    (chart,) = charts_of(slides_of(store, tmp_path, Selection(), panel))
    assert ["(not complete)" in str(name) for name in chart.chart.plots[0].categories] == late
    points = chart.chart._chartSpace.xpath("//c:dPt[.//a:srgbClr[@val='7A8288']]/c:idx/@val")
    assert [int(at) for at in points] == [at for at, is_late in enumerate(late) if is_late]


def test_a_deck_says_its_title_and_language_and_nothing_of_its_making(store, tmp_path):
    slides_of(store, tmp_path, Selection(), Panel("referrals"))
    held = Presentation(str(tmp_path / "board.pptx")).core_properties
    assert (held.title, held.language) == (TITLE, "en-GB")
    assert held.author == held.last_modified_by == held.comments == "" and held.created.year > 2013


def test_a_chart_is_told_in_words_with_hidden_bars_as_their_marks(store, tmp_path):
    (chart,) = charts_of(slides_of(store, tmp_path, Selection(), Panel("spiral_movement")))
    said = chart._element.nvGraphicFramePr.cNvPr.get("descr")
    for row in store.ask("spiral_movement", Selection()).rows:
        name = store.lists.name("movement", row.labels["movement"])
        assert (f"{name}: {row.rate:.1%}" in said) if row.rate is not None else (f"{name} [c]" in said)


def test_a_slide_about_nobody_still_names_its_measure(store, tmp_path):
    narrow = Selection(service="ostermere-neighbours", period="2025-Q4", cohort={"gender": "non_binary"})
    titles = [slide.shapes.title.text_frame.text for slide in slides_of(store, tmp_path, narrow)]
    told = titles[1 : 1 + len(pack.CONTENTS)]
    assert len(set(told)) == len(told)
    for title, panel in zip(told, pack.CONTENTS, strict=True):
        assert title.startswith(metrics.get(panel.metric).title)


def test_the_notes_of_a_workbook_say_what_is_counted(store, tmp_path):
    pack.write(tmp_path / "board.xlsx", store, Selection(), Recipe((Panel("found_work"),)))
    notes = [cell.value for cell in openpyxl.load_workbook(tmp_path / "board.xlsx")["Notes"]["A"]]
    assert f"Found work: {metrics.get('found_work').definition}." in notes


def test_a_question_that_is_refused_names_its_panel(store, tmp_path):
    asked = Recipe((Panel("referrals"), Panel("spiral_flow", ("start_rung",))))
    with pytest.raises(ValueError, match="panel 2: spiral_flow is by start_rung already"):
        pack.write(tmp_path / "board.html", store, Selection(), asked)


def test_what_is_no_pack_or_no_selection_is_refused_in_words(store, tmp_path):
    with pytest.raises(ValueError, match=r"\.pptx, \.xlsx, \.html or \.pdf"):
        pack.write(tmp_path / "board.docx", store, Selection())
    with pytest.raises(ValueError, match="unknown service"):
        pack.write(tmp_path / "board.pptx", store, Selection(service="nowhere"))


@pytest.mark.parametrize("name", ['=HYPERLINK("http://example.org","x")', "{=1+1}", "  =1+1", "＝1+1", "\u00a0+1"])
def test_a_service_named_like_a_formula_is_dead_text_in_slides_and_workbooks(store, tmp_path, name):
    """python-pptx alone writes such a category as a formula into the workbook behind a chart."""
    chosen = next(iter(store.lists.services.values()))
    named = {**store.lists.services, chosen.service_id: replace(chosen, name=name)}
    renamed = Renamed(store, replace(store.lists, services=named))
    for ending in ("pptx", "xlsx"):
        pack.write(tmp_path / f"board.{ending}", renamed, Selection())
    charts = [
        s.chart for slide in Presentation(str(tmp_path / "board.pptx")).slides for s in slide.shapes if s.has_chart
    ]
    books = [openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)) for chart in charts]
    books.append(openpyxl.load_workbook(tmp_path / "board.xlsx"))
    cells = [cell for book in books for sheet in book for line in sheet for cell in line]
    assert not [cell.value for cell in cells if cell.data_type == "f" or (cell.hyperlink and cell.hyperlink.target)]
    assert any(str(cell.value).startswith(name) for cell in cells)


class Renamed:
    """A store whose lists are others."""

    def __init__(self, store, lists):
        self._store, self.lists = store, lists

    def __getattr__(self, name):
        return getattr(self._store, name)
