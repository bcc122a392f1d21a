"""Words on a slide: how high they are, a title, boxes, and what stands at the foot of each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pptx.dml.fill import FillFormat
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide
    from pptx.text.text import TextFrame, _Paragraph, _Run

NAVY = "12436D"
# inches of a slide of 13.33 by 7.5, and how wide a letter is of its height: a little more than that of the fonts that offices have
LEFT, WIDE, TOP, BOTTOM, LETTER = 0.6, 12.1, 1.3, 7.1, 0.52
FOOT, NUMBER = 10, 0.8  # points of what stands below BOTTOM, and inches that the slide's number takes of it
TITLE_ONLY = 5  # the layout


def words(deck: "Deck", title: str, lines: Sequence[str], size: int) -> None:
    """Lines below a title, on as many slides as they need."""
    for number, part in enumerate(_slidefuls(lines, size), 1):
        slide = new_slide(deck, title if number == 1 else f"{title} ({number})")
        box(slide, part, size, TOP, BOTTOM - TOP)


def _slidefuls(lines: Sequence[str], size: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if parts[-1] and height_of([*parts[-1], line], size) > BOTTOM - TOP:
            parts.append([])
        parts[-1].append(line)
    return parts


def height_of(lines: Sequence[str], size: int) -> float:
    """How many inches these lines take, with the space after each and around all."""
    n_lines = sum(n_lines_of(line, size, WIDE) for line in lines)
    return (n_lines * 1.2 + len(lines) * 0.5) * size / 72 + 0.1


def n_lines_of(text: str, size: int, wide: float) -> int:
    """On how many lines a text stands in a place so many inches wide, its margins included."""
    letters = max(1, int((wide - 0.2) * 72 / (size * LETTER)))
    return max(1, -(-len(text) // letters))


def new_slide(deck: "Deck", title: str) -> "Slide":
    """A slide with its title."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    place = slide.shapes.title
    place.left, place.top, place.width, place.height = Inches(LEFT), Inches(0.3), Inches(WIDE), Inches(TOP - 0.3)
    paragraph = place.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    written = run(paragraph, title, 26)
    written.font.bold = True
    coloured(written.font.fill, NAVY)
    return slide


def at_the_foot(slide: "Slide", text: str, number: int) -> None:
    """What a slide is part of and its number, a field since slides may be moved; last of all, as it is to be read out last."""
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    run(_frame(slide, (LEFT, BOTTOM, WIDE - NUMBER, 0.3)).paragraphs[0], text, FOOT)
    paragraph = _frame(slide, (LEFT + WIDE - NUMBER, BOTTOM, NUMBER, 0.3)).paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    paragraph._p.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
            f'<a:rPr lang="en-GB" sz="{FOOT * 100}"/><a:t>{number}</a:t></a:fld>'
        )
    )


def box(slide: "Slide", lines: Sequence[str], size: int, top: float, height: float) -> None:
    """Lines in a box as wide as the slide, its place in inches."""
    from pptx.util import Pt

    frame = _frame(slide, (LEFT, top, WIDE, height))
    for i, line in enumerate(lines):
        paragraph = frame.add_paragraph() if i else frame.paragraphs[0]
        paragraph.space_after = Pt(size / 2)
        run(paragraph, line, size)


def _frame(slide: "Slide", place: tuple[float, float, float, float]) -> "TextFrame":
    from pptx.util import Inches

    left, top, width, height = map(Inches, place)
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    return frame


def run(paragraph: "_Paragraph", text: str, size: int) -> "_Run":
    """Text with its size at the run: what stands at the paragraph is passed over by some programs."""
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.util import Pt

    written = paragraph.add_run()
    written.text, written.font.size, written.font.language_id = text, Pt(size), MSO_LANGUAGE_ID.ENGLISH_UK
    return written


def coloured(fill: "FillFormat", code: str) -> None:
    """Fill a shape or letters with one colour."""
    from pptx.dml.color import RGBColor

    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(code)
