"""A table on a slide, and on as many more as its rows need: for what has no bars, such as paired readings, and for a figure that stands alone."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from journeys.files.slide_words import BOTTOM, LEFT, NAVY, TOP, WIDE, coloured, new_slide, run
from journeys.words.tables import Table

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide
    from pptx.table import _Cell

MANY, LARGE, SMALL = 8, 18, 12  # columns from which letters are small; points
MARGIN = 0.06  # inches around the words of a cell
LETTER = 0.56  # of its height a letter is wide, bold ones among them
LONGEST = 30  # letters of a label before its words go on a second line
GAP = 0.1  # inches above the table
WHITE, DARK = "FFFFFF", "1D1D1D"


@dataclass(frozen=True)
class Place:
    """Where a table stands: the heading of its slide and its own title, and its place from top to end in inches."""

    heading: str
    title: str
    top: float
    end: float


def of_rows(table: Table, places: Sequence[int]) -> Table:
    """Some rows of a table, without the labels that are the same in all of them."""
    rows = [table.rows[i] for i in places]
    telling = [i for i in range(table.n_labels) if len({row[i] for row in rows}) > 1]
    kept = [*telling, *range(table.n_labels, len(table.header))]
    header, *cells = (tuple(line[i] for i in kept) for line in (table.header, *rows))
    return replace(table, header=header, rows=tuple(cells), n_labels=len(telling))


def draw(deck: "Deck", slide: "Slide", table: Table, place: Place) -> None:
    """Draw a table on a slide, and its other rows on further slides."""
    size = SMALL if len(table.header) >= MANY else LARGE
    widths = _widths(table, size)
    rows, number, top, end = list(table.rows), 1, place.top + GAP, place.end
    while rows:
        n = max(1, _that_fit(table.header, rows, widths, size, end - top))
        _draw(slide, replace(table, rows=tuple(rows[:n])), widths, size, top, place.title)
        rows, number = rows[n:], number + 1
        if rows:
            slide, top, end = new_slide(deck, f"{place.heading} ({number})"), TOP, BOTTOM


def _widths(table: Table, size: int) -> list[float]:
    """Inches of each column: no word and no number is broken, and labels have what is left, up to all that they need."""
    columns = list(zip(table.header, *table.rows, strict=True))
    least = [_wide(max(len(word) for word in " ".join(cells).split()), size) for cells in columns[: table.n_labels]]
    wanted = [_wide(min(LONGEST, max(map(len, cells))), size) for cells in columns[: table.n_labels]]
    numbers = [
        _wide(max(*(len(word) for word in head.split()), *map(len, cells)), size)
        for head, *cells in columns[table.n_labels :]
    ]
    more = sum(wanted) - sum(least)
    part = min(1.0, max(0.0, WIDE - sum(numbers) - sum(least)) / more) if more > 0 else 0.0
    return [*(low + part * max(0.0, high - low) for low, high in zip(least, wanted, strict=True)), *numbers]


def _wide(n_letters: int, size: int) -> float:
    return n_letters * LETTER * size / 72 + 2 * MARGIN + 0.02


def _height(cells: Sequence[str], widths: Sequence[float], size: int) -> float:
    letters = [int((wide - 2 * MARGIN) * 72 / (size * LETTER)) for wide in widths]
    n_lines = max(len(textwrap.wrap(cell, n)) for cell, n in zip(cells, letters, strict=True))
    return max(1, n_lines) * 1.2 * size / 72 + 2 * MARGIN


def _that_fit(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], size: int, room: float
) -> int:
    left, n = room - _height(header, widths, size), 0
    for row in rows:
        left -= _height(row, widths, size)
        if left < 0:
            return n
        n += 1
    return n


def _draw(slide: "Slide", table: Table, widths: Sequence[float], size: int, top: float, title: str) -> None:
    from pptx.util import Inches

    lines = (table.header, *table.rows)
    heights = [_height(cells, widths, size) for cells in lines]
    place = (Inches(LEFT), Inches(top), Inches(sum(widths)), Inches(sum(heights)))
    shape = slide.shapes.add_table(len(lines), len(widths), *place)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"Table of {title}")
    shape.table.horz_banding = False
    for i, wide in enumerate(widths):
        shape.table.columns[i].width = Inches(wide)
    for i, cells in enumerate(lines):
        shape.table.rows[i].height = Inches(heights[i])
        for j, text in enumerate(cells):
            _cell(shape.table.cell(i, j), text, size, is_head=not i, is_number=j >= table.n_labels)


def _cell(cell: "_Cell", text: str, size: int, *, is_head: bool, is_number: bool) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    cell.margin_top = cell.margin_bottom = cell.margin_left = cell.margin_right = Inches(MARGIN)
    coloured(cell.fill, NAVY if is_head else WHITE)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    written = run(paragraph, text, size)
    written.font.bold = is_head
    coloured(written.font.fill, WHITE if is_head else DARK)
