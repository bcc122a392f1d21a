"""The board pack: opened and read, it holds the released answers, what they apply to, and nothing else."""

import io
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from journeys import Selection, open_store
from journeys.files import pack
from journeys.files.recipe import TITLE, Panel, Recipe
from journeys.vocabulary import metrics


@pytest.fixture(scope="module")
def store(sample, tmp_path_factory):
    return open_store(sample(tmp_path_factory.mktemp("pack"), 3_000, "parquet"))


def words_of(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_slides_say_what_they_show_of_whom_and_that_the_data_are_synthetic(store, tmp_path):
    pack.write(tmp_path / "board.pptx", store, Selection(period="2024/25"))
    slides = list(Presentation(str(tmp_path / "board.pptx")).slides)
    assert len(slides) == len(pack.CONTENTS) + 2
    assert "SYNTHETIC" in words_of(slides[0]) and "financial year 2024/25" in words_of(slides[0])
    for slide, panel in zip(slides[1:-1], pack.CONTENTS, strict=True):
        assert metrics.get(panel.metric).title in words_of(slide)
        assert 1 <= len(slide.shapes.title.text_frame.text.split()) <= 14, "the finding is the heading"
        assert "Counts under 8 are hidden" in words_of(slide)


def test_bars_are_the_released_numbers_and_a_hidden_one_is_a_gap(store, tmp_path):
    pack.write(tmp_path / "board.pptx", store, Selection())
    slides = list(Presentation(str(tmp_path / "board.pptx")).slides)
    asked = store.ask("spiral_now", Selection())
    chart = next(shape.chart for shape in slides[4].shapes if shape.has_chart)
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
    reasons = [cell.value for cell in book[book.sheetnames[3]]["A"]]
    assert reasons == ["Referral reason", *(store.lists.name("reason", c) for c in store.lists.codes("reason"))]


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
    assert len(names) == pack.MOST_BARS and names[-1] == store.lists.name("quarter", told[last].labels["quarter"])
    assert f"The chart shows 12 of {len(told)} rows, the latest with a figure" in words_of(slide)


def test_of_many_cells_a_slide_shows_those_with_a_figure_and_says_so(store, tmp_path):
    slide = slides_of(store, tmp_path, Selection(), Panel("found_work", ("service", "gender")))[1]
    asked = store.ask("found_work", Selection(base="out_of_work"), ("service", "gender"))
    told = [row.rate for row in asked.rows if row.rate is not None][: pack.MOST_BARS]
    (chart,) = charts_of([slide])
    assert list(chart.chart.plots[0].series[0].values) == told
    assert f"The chart shows {len(told)} of {len(asked.rows)} rows" in words_of(slide)


def test_no_words_of_a_slide_leave_it_or_lie_on_others(store, tmp_path):
    every = [Panel(slug) for slug in metrics.catalogue()]
    long = Panel("wellbeing_change", ("service",), "T" * 90, "c" * 600, ("a" * 150,) * 6)
    wide = Panel("wellbeing_change", ("gender",))
    slides = slides_of(store, tmp_path, Selection(service="wrenborough-ltc"), *every, long, wide)
    for slide in slides:
        shapes = sorted(slide.shapes, key=lambda shape: shape.top)
        ends = [shape.top + shape.height for shape in shapes]
        assert max(ends) <= Inches(7.5)
        assert all(end <= below.top + 9 for end, below in zip(ends, shapes[1:], strict=False))
        for shape in shapes[1:]:
            if shape.has_text_frame:
                lines = [one.text for one in shape.text_frame.paragraphs]
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                assert pack._height(lines, size) <= shape.height / Inches(1) + 0.01


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
    assert len(set(titles)) == len(titles)
    for title, panel in zip(titles[1:-1], pack.CONTENTS, strict=True):
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
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(cell.value == name for cell in cells)


class Renamed:
    """A store whose lists are others."""

    def __init__(self, store, lists):
        self._store, self.lists = store, lists

    def __getattr__(self, name):
        return getattr(self._store, name)
