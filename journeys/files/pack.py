"""The board pack: the same released answers as slides (PowerPoint, with charts that can be edited), as one page of HTML or, of every metric, as an accessible workbook."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from journeys.answer.question import OWN_BASE, is_on_its_own_base
from journeys.answer.released import Released, Row
from journeys.files import printed, web_page
from journeys.files.recipe import Panel, Recipe
from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import PERIOD_UNITS, selection_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import sentences, small_print, tables
from journeys.words.finding import finding, standing_alone
from journeys.words.shares import bound, digits_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide
    from pptx.text.text import _Paragraph, _Run

# what a board asks, in the order of a journey
CONTENTS = (
    Panel("referrals", ("service",)),
    Panel("referral_reasons"),
    Panel("goals_set"),
    Panel("spiral_now"),
    Panel("spiral_movement"),
    Panel("stepping_stone", ("financial_year",)),
    Panel("found_work", ("financial_year",)),
    Panel("first_jobs"),
)
ENDING = "What the marks mean, and who is counted"
NAVY = "12436D"
MOST_BARS = 12
# inches of a slide of 13.33 by 7.5, and how wide a letter is of its height: a little more than that of the fonts that offices have
LEFT, WIDE, TOP, BOTTOM, LETTER = 0.6, 12.1, 1.3, 7.4, 0.52
MOST_LETTERS = 31  # of the name of a sheet
# what a bar is long by; means of different tools have no scale in common
BAR = {"count": "count", "proportion": "rate", "waiting": "incidence"}


@dataclass(frozen=True)
class Sheet:
    """One answer of the pack with what is needed to print it, and what its reader says about it."""

    panel: Panel
    metric: Metric
    released: Released
    names: Callable[[str, str], str]

    @property
    def sentence(self) -> str:
        return sentences.sentence(self.released, self.metric, self.names)

    @property
    def finding(self) -> str:
        return finding(self.released, self.metric, self.names)

    @property
    def heading(self) -> str:
        return self.panel.title or standing_alone(self.released, self.metric, self.names)

    @property
    def answer(self) -> str:
        """The sentence below the heading; under a title of its reader's own the finding comes first."""
        return f"{self.finding if self.panel.title else self.title}. {self.sentence}"

    @property
    def own_words(self) -> tuple[str, ...]:
        """Commentary and actions, as lines."""
        commentary = (f"Commentary: {self.panel.commentary}",) if self.panel.commentary else ()
        return (*commentary, *(f"Action: {action}" for action in self.panel.actions))

    @property
    def notes(self) -> str:
        """Who is counted, who is left out and not compared; the footnote says caution, disclosure and synthetic data already."""
        below = small_print.lines(self.released, self.metric, self.names)
        return " ".join((sentences.footnote(self.released, self.metric), *below))

    @property
    def table(self) -> tables.Table:
        return tables.table(self.released, self.metric, self.names, dict(dictionary.load().titles))

    @property
    def title(self) -> str:
        return (
            f"{self.metric.title}, by {' and '.join(self.released.by)}".replace("_", " ")
            if self.released.by
            else self.metric.title
        )


def write(out: Path, store, selection: Selection, recipe: Recipe | None = None) -> None:
    """Write the pack for a selection to `out` (.pptx, .xlsx, .html or .pdf). ValueError for another ending, a refused selection or panel, or no browser to print with."""
    writers = {".pptx": _slides, ".xlsx": _workbook, ".html": _page, ".pdf": _printed}
    ending = out.suffix.lower()
    if ending not in writers:
        raise ValueError(f"{out}: a board pack is .pptx, .xlsx, .html or .pdf")
    store.lists.check(selection, ())
    asked = recipe or Recipe(CONTENTS if ending != ".xlsx" else (*CONTENTS, *_rest()))
    sheets = [_sheet(store, selection, panel, f"panel {i}") for i, panel in enumerate(asked.panels, 1)]
    writers[ending](out, [asked.title, *_cover_lines(store, selection)], sheets)


def _rest() -> Iterator[Panel]:
    """Every other metric: a board asks for few, who reads its workbook may look up any."""
    first = {panel.metric for panel in CONTENTS}
    yield from (Panel(slug) for slug in metrics.catalogue() if slug not in first)


def _sheet(store, selection: Selection, panel: Panel, where: str) -> Sheet:
    metric = metrics.get(panel.metric)
    asked = selection.but(base=OWN_BASE) if is_on_its_own_base(metric) else metric.on_its_base(selection)
    try:
        released = store.ask(metric.slug, asked, panel.by)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    return Sheet(panel, metric, released, store.lists.name)


def _cover_lines(store, selection: Selection) -> list[str]:
    lines = [
        selection_words(selection, store.lists),
        f"Data to {in_words(store.as_of)}. {store.rule.words}",
        "Services are never ranked; a difference after support is not a difference because of it.",
    ]
    return ["SYNTHETIC DATA: no row describes a real person or service.", *lines] if store.is_synthetic else lines


def _page(out: Path, cover: Sequence[str], sheets: Sequence[Sheet]) -> None:
    out.write_text(_html(cover, sheets), encoding="utf-8")


def _printed(out: Path, cover: Sequence[str], sheets: Sequence[Sheet]) -> None:
    printed.pdf(_html(cover, sheets), out)


def _html(cover: Sequence[str], sheets: Sequence[Sheet]) -> str:
    figures = [
        web_page.Figure(s.heading, s.answer, _lengths(s), s.table.header, s.table.rows, s.table.n_labels, s.own_words, s.notes)
        for s in sheets
    ]  # fmt: skip
    return web_page.of(cover, figures, _ending(sheets), ENDING)


def _lengths(sheet: Sheet) -> list[float | None]:
    """How long the bar of each row of the table is: its share or its count, and nothing where neither is told."""
    return [value for _, value in _bars(sheet)]


def _ending(sheets: Sequence[Sheet]) -> list[str]:
    """What the marks mean and what each metric counts."""
    marks = [f"{mark}  {words}" for mark, words in sentences.MARKS.items()]
    defined = {s.metric.slug: f"{s.metric.title}: {s.metric.definition}." for s in sheets}
    return [*marks, *defined.values()]


def _slides(out: Path, cover: Sequence[str], sheets: Sequence[Sheet]) -> None:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    _properties(deck, cover[0])
    _words(deck, cover[0], cover[1:], 20)
    for sheet in sheets:
        _figure_slide(deck, sheet)
        if sheet.own_words:
            _words(deck, sheet.heading, sheet.own_words, 14)
    _words(deck, ENDING, _ending(sheets), 12)
    deck.save(str(out))


def _properties(deck: "Deck", title: str) -> None:
    """What the file says of itself; the library's template names its maker and a year long gone."""
    held, now = deck.core_properties, datetime.now(UTC).replace(tzinfo=None)
    held.title, held.language, held.created, held.modified = title, "en-GB", now, now
    held.author = held.last_modified_by = held.comments = ""


def _words(deck: "Deck", title: str, lines: Sequence[str], size: int) -> None:
    """Lines below a title, on as many slides as they need."""
    for number, part in enumerate(_slidefuls(lines, size), 1):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        _title(slide, title if number == 1 else f"{title} ({number})")
        _box(slide, part, size, TOP, BOTTOM - TOP)


def _slidefuls(lines: Sequence[str], size: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if parts[-1] and _height([*parts[-1], line], size) > BOTTOM - TOP:
            parts.append([])
        parts[-1].append(line)
    return parts


def _height(lines: Sequence[str], size: int) -> float:
    """How many inches these lines take, with the space after each and around all."""
    letters = int((WIDE - 0.2) * 72 / (size * LETTER))
    n_lines = sum(max(1, -(-len(line) // letters)) for line in lines)
    return (n_lines * 1.2 + len(lines) * 0.5) * size / 72 + 0.1


def _box(slide: "Slide", lines: Sequence[str], size: int, top: float, height: float) -> None:
    from pptx.util import Inches, Pt

    place = (Inches(LEFT), Inches(top), Inches(WIDE), Inches(height))
    frame = slide.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    for i, line in enumerate(lines):
        paragraph = frame.add_paragraph() if i else frame.paragraphs[0]
        paragraph.space_after = Pt(size / 2)
        _run(paragraph, line, size)


def _run(paragraph: "_Paragraph", text: str, size: int) -> "_Run":
    """Text with its size at the run: what stands at the paragraph is passed over by some programs."""
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text, run.font.size, run.font.language_id = text, Pt(size), MSO_LANGUAGE_ID.ENGLISH_UK
    return run


def _title(slide, text: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    box = slide.shapes.title
    box.left, box.top, box.width, box.height = Inches(LEFT), Inches(0.3), Inches(WIDE), Inches(TOP - 0.3)
    run = _run(box.text_frame.paragraphs[0], text, 26)
    run.font.bold, run.font.color.rgb = True, RGBColor.from_string(NAVY)


def _figure_slide(deck: "Deck", sheet: Sheet) -> None:
    """Title, sentence and notes as high as their words need, the chart in what is left between them."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    _title(slide, sheet.heading)
    bars, left_out = _bars_of_slide(sheet)
    notes = f"{left_out} {sheet.notes}".strip()
    answer, foot = _height([sheet.answer], 16), _height([notes], 10)
    _box(slide, [sheet.answer], 16, TOP, answer)
    if any(value is not None for _, value in bars):
        _chart(slide, sheet, bars, TOP + answer, BOTTOM - foot)
    _box(slide, [notes], 10, BOTTOM - foot, foot)


def _bars_of_slide(sheet: Sheet) -> tuple[Sequence[tuple[str, float | None]], str]:
    """As many bars as a slide holds, and what is said where they are not all: over time the latest, otherwise the first that have a figure."""
    bars = _bars(sheet)
    told = [i for i, (_, value) in enumerate(bars) if value is not None]
    if len(bars) <= MOST_BARS or not told:
        return bars, ""
    if sheet.released.by[:1] and sheet.released.by[0] in PERIOD_UNITS:
        start = max(0, told[-1] + 1 - MOST_BARS)
        shown, which = bars[start : start + MOST_BARS], "the latest"
    else:
        shown, which = [bars[i] for i in told[:MOST_BARS]], "those" if len(told) <= MOST_BARS else "the first"
    words = f"The chart shows {len(shown)} of {len(bars)} rows, {which} with a figure"
    return shown, f"{words}; this pack as .html or .xlsx holds all."


def _bars(sheet: Sheet) -> list[tuple[str, float | None]]:
    """Name and released value of each row; a hidden one keeps its name, with its mark, and has no bar."""
    told = BAR.get(sheet.released.shape)
    return [(_bar_name(sheet, row), getattr(row, told) if told else None) for row in sheet.released.rows]


def _bar_name(sheet: Sheet, row: Row) -> str:
    label = ", ".join(sheet.names(name, code) for name, code in row.labels.items()) or sheet.metric.title
    mark = sentences.mark(row, sheet.released.shape)
    return f"{label} {mark} {bound(row)}".strip()


def _chart(slide, sheet: Sheet, bars: Sequence[tuple[str, float | None]], top: float, end: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    from journeys.files.chart_data import ChartData

    is_share = BAR[sheet.released.shape] != "count"
    share = "0.0%" if digits_of(sheet.released.rows) else "0%"
    data = ChartData(number_format=share if is_share else "#,##0")
    data.categories = [name for name, _ in bars]
    data.add_series(sheet.title, [value for _, value in bars])
    place = (Inches(LEFT), Inches(top), Inches(WIDE), Inches(end - top))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", _spoken(sheet, bars, share if is_share else ""))
    chart = shape.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size = Pt(12)
    chart.category_axis.reverse_order = True
    chart.value_axis.minimum_scale, chart.value_axis.visible, chart.value_axis.has_major_gridlines = 0, False, False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 40, True
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(NAVY)


def _spoken(sheet: Sheet, bars: Sequence[tuple[str, float | None]], share: str) -> str:
    """The bars for who does not see them: each name with its figure, a hidden one with its mark alone."""
    form = {"0.0%": ".1%", "0%": ".0%"}.get(share, ",.0f")
    said = [name if value is None else f"{name}: {value:{form}}" for name, value in bars]
    return f"Bars of {sheet.title}. {'; '.join(said)}."


def _workbook(out: Path, cover: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """Cover, notes, then one table a sheet from A1 with a name of its own (Government Analysis Function, accessible spreadsheets)."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": cover[0]})
        bold = book.add_format({"bold": True, "font_size": 14})
        _lines(book, "Cover", cover, bold)
        _lines(book, "Notes", ["Notes", *(_note(sheet) for sheet in sheets), ENDING, *_ending(sheets)], bold)
        for number, sheet in enumerate(sheets, 1):
            _table(book, sheet, number)


def _note(sheet: Sheet) -> str:
    own = f"{sheet.panel.title}. " if sheet.panel.title else ""
    return " ".join((f"{sheet.title}: {own}{sheet.finding}. {sheet.sentence}", *sheet.own_words, sheet.notes))


def _lines(book, name: str, lines: Sequence[str], bold) -> None:
    page = book.add_worksheet(name)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 110)
    for i, line in enumerate(lines):
        page.write_string(i, 0, line, wrap if i else bold)


def _table(book, sheet: Sheet, number: int) -> None:
    name = f"{number} {sheet.metric.title}".replace("/", " ").replace(":", " ")
    page = book.add_worksheet(shorten(name, MOST_LETTERS, placeholder=""))
    table = sheet.table
    head = table.header or (sheet.metric.title,)
    # two columns of a table may not share a name
    columns = [
        {"header": f"{name} ({head[:i].count(name) + 1})" if name in head[:i] else name} for i, name in enumerate(head)
    ]
    page.add_table(
        0, 0, max(len(table.rows), 1), len(head) - 1,
        {"data": [list(row) for row in table.rows], "columns": columns, "name": f"{sheet.metric.slug}_{number}", "autofilter": False},
    )  # fmt: skip
    page.set_column(0, len(head) - 1, 22)
