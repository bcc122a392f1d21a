"""A board pack as slides of PowerPoint: charts that can be edited, tables where bars would say nothing, and words as high as they need."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from journeys.answer.released import Released, Row
from journeys.files import chart_data, slide_table
from journeys.files.sheet import BAR, Bar, Cover, Sheet
from journeys.files.slide_words import BOTTOM, LEFT, TOP, WIDE, at_the_foot, box, coloured, height_of, new_slide, words
from journeys.vocabulary.lists import PERIOD_UNITS
from journeys.words.breakdowns import narrowed
from journeys.words.shapes import at_horizon
from journeys.words.shares import digits_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide

BLUE, GREY, DARK = "2073BC", "7A8288", "1D1D1D"
MOST_BARS = 12
THICK = 0.75  # inches that one bar and the space beside it take at most
WIDER = 1.02  # than the longest bar or interval, the room for bars
ANSWER, NOTES, LABELS = 16, 11, 14  # points
LINES = "Black lines: 95% intervals."


def write(out: Path, cover: Cover, sheets: Sequence[Sheet], ending: Sequence[str]) -> None:
    """Write the deck; `ending` holds the title and the lines of what the marks mean and who is counted."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    _properties(deck, cover.title)
    words(deck, cover.title, cover.lines, 20)
    for sheet in sheets:
        _answer(deck, sheet)
        if sheet.own_words:
            words(deck, sheet.heading, sheet.own_words, 18)
    words(deck, ending[0], ending[1:], 12)
    for number, slide in enumerate(deck.slides, 1):
        at_the_foot(slide, cover.foot, number)
    deck.save(str(out))


def _properties(deck: "Deck", title: str) -> None:
    """What the file says of itself; the library's template names its maker and a year long gone."""
    held, now = deck.core_properties, datetime.now(UTC).replace(tzinfo=None)
    held.title, held.language, held.created, held.modified = title, "en-GB", now, now
    held.author = held.last_modified_by = held.comments = ""


def _answer(deck: "Deck", sheet: Sheet) -> None:
    """Title, sentence and notes as high as their words need; the chart, or the table, in what is left between them."""
    slide = new_slide(deck, sheet.heading)
    shown, left_out = of_slide(sheet)
    bars, rows = [sheet.bars[i] for i in shown], sheet.released.rows
    has_bars = len(bars) > 1 and any(bar.value is not None for bar in bars)
    lines = LINES if has_bars and any(bar.likely for bar in bars) else ""
    notes = " ".join(filter(None, (left_out, lines, sheet.notes)))
    said, below = height_of([sheet.answer], ANSWER), height_of([notes], NOTES)
    top, end = TOP + said, BOTTOM - below
    box(slide, [sheet.answer], ANSWER, TOP, said)
    if has_bars:
        _chart(slide, sheet, bars, top, end)
    table = slide_table.of_rows(sheet.table, shown)
    # one number alone is in the heading already
    if not has_bars and len(table.header) > 1 and any(_is_told(rows[i]) for i in shown):
        slide_table.draw(deck, slide, table, slide_table.Place(sheet.heading, sheet.title, top, end))
    box(slide, [notes], NOTES, end, below)


def of_slide(sheet: Sheet) -> tuple[Sequence[int], str]:
    """The places of as many rows as a slide holds, and what is said where they are not all: those that the sentence is about; over time the latest of them, otherwise the first that have a figure."""
    released, every = sheet.released, range(len(sheet.released.rows))
    told = [i for i in every if _is_told(released.rows[i])]
    if len(every) <= MOST_BARS or not told or (released.shape == "change" and not released.by):
        return every, ""
    places: Sequence[int] = _spoken_of(released)
    which = "those that the sentence is about"
    if not set(places) & set(told):
        places = every
    if len(places) > MOST_BARS:
        told = [i for i in told if i in places]
        is_of_time = released.by[:1] and released.by[0] in PERIOD_UNITS
        places, which = _latest(places, told) if is_of_time else _first(told)
    return (
        places,
        f"This slide shows {len(places)} of {len(every)} rows, {which}; this pack as .html or .xlsx holds all.",
    )


def _spoken_of(released: Released) -> list[int]:
    """The places of the rows at the horizon and of the label that the sentence speaks of."""
    spoken = narrowed(released)[0].rows if len(released.by) == 1 else at_horizon(released)[0]
    places = {id(row): i for i, row in enumerate(released.rows)}
    return [places[id(row)] for row in spoken]


def _latest(places: Sequence[int], told: Sequence[int]) -> tuple[Sequence[int], str]:
    start = max(0, places.index(told[-1]) + 1 - MOST_BARS)
    return places[start : start + MOST_BARS], "the latest with a figure"


def _first(told: Sequence[int]) -> tuple[Sequence[int], str]:
    return told[:MOST_BARS], "those with a figure" if len(told) <= MOST_BARS else "the first with a figure"


def _is_told(row: Row) -> bool:
    return any(getattr(row, one) is not None for one in (*BAR.values(), "mean_change"))


def _chart(slide: "Slide", sheet: Sheet, bars: Sequence[Bar], top: float, end: float) -> None:
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    is_share = BAR[sheet.released.shape] != "count"
    share = "0.0%" if digits_of(sheet.released.rows) else "0%"
    data = chart_data.ChartData(number_format=share if is_share else "#,##0")
    data.categories = [bar.label for bar in bars]
    data.add_series(sheet.title, [bar.value for bar in bars])
    height = min(end - top, THICK * len(bars) + 0.2)
    place = (Inches(LEFT), Inches(top), Inches(WIDE), Inches(height))
    shape = cast("GraphicFrame", slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, cast("Any", data)))
    shape._element.nvGraphicFramePr.cNvPr.set("descr", _spoken(sheet.title, bars))
    chart = shape.chart
    chart.has_legend, chart.has_title = False, False
    chart.font.size = Pt(LABELS)
    chart.category_axis.reverse_order = True
    chart.value_axis.minimum_scale, chart.value_axis.visible, chart.value_axis.has_major_gridlines = 0, False, False
    plot = chart.plots[0]
    plot.gap_width = 40
    coloured(plot.series[0].format.fill, BLUE)
    for i, bar in enumerate(bars):
        if bar.is_grey:
            coloured(plot.series[0].points[i].format.fill, GREY)
    if is_share:  # a line that ends at the edge would look like a shorter interval
        chart.value_axis.maximum_scale = WIDER * max(max(bar.high or 0, bar.value or 0) for bar in bars)
    chart_data.whiskers(plot.series[0]._element, [_reach(bar) for bar in bars], DARK)


def _reach(bar: Bar) -> tuple[float, float] | None:
    """How far the 95% interval goes below and above the end of a bar."""
    if bar.value is None or bar.low is None or bar.high is None:
        return None
    return max(0.0, bar.value - bar.low), max(0.0, bar.high - bar.value)


def _spoken(title: str, bars: Sequence[Bar]) -> str:
    """The bars for who does not see them: each name with its figure and interval, a hidden one with its mark alone."""
    said = "; ".join(map(_bar_words, bars))
    return f"Bars of {title}. {said}."


def _bar_words(bar: Bar) -> str:
    if bar.value is None:
        return f"{bar.name} {bar.figure}"
    likely = f" (95% interval {bar.likely})" if bar.likely else ""
    return f"{bar.name}: {bar.figure}{likely}"
