"""A board pack as one page of HTML: no script, nothing fetched, and every bar beside its numbers in the table."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

STYLE = """
body { font: 1rem/1.5 Arial, sans-serif; color: #1d1d1d; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { color: #12436d; line-height: 1.25; }
section { margin: 2.5rem 0; break-inside: avoid; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #c6c6c6; font-weight: normal; }
/* a number stands whole, below the last letter of its heading */
td, .n { text-align: right; }
td { white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th { font-weight: bold; vertical-align: bottom; }
.bar { display: block; height: .9rem; min-width: 1px; background: #12436d; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.track { width: 30%; }
.own { border-left: .25rem solid #12436d; padding-left: 1rem; }
.notes { font-size: .875rem; color: #484848; }
@media print {
  @page { size: A4; margin: 14mm 14mm 18mm;
    @bottom-left { font: 8pt Arial, sans-serif; color: #484848; width: 150mm; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt Arial, sans-serif; color: #484848; white-space: nowrap; } }
  @page broad { size: A4 landscape; }
  body { max-width: none; margin: 0; padding: 0; }
  /* paper is not scrolled */
  .wide { overflow: visible; }
  table { font-size: .75rem; }
  th, td { padding: .2rem .3rem; }
  tbody th { overflow-wrap: anywhere; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  section:has(thead th:nth-child(8)) { page: broad; }
}
"""


@dataclass(frozen=True)
class Figure:
    """One answer as text: heading, sentence, a length for each row of the table (or None), own words and notes."""

    heading: str
    answer: str
    lengths: Sequence[float | None]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    n_labels: int
    own_words: Sequence[str]
    notes: str


def of(cover: Sequence[str], figures: Iterable[Figure], ending: Sequence[str], ending_title: str, foot: str) -> str:
    """The whole page: title and what it applies to, one section a figure, what the marks mean; `foot` stands on every page of paper."""
    page = Element("html", lang="en-GB")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", cover[0])
    _text(head, "style", STYLE + _at_the_foot(foot))
    body = SubElement(SubElement(page, "body"), "main")
    _text(body, "h1", cover[0])
    for line in cover[1:]:
        _text(body, "p", line)
    for figure in figures:
        _section(body, figure)
    last = SubElement(body, "section")
    _text(last, "h2", ending_title)
    for line in ending:
        _text(last, "p", line)
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html")


def _at_the_foot(words: str) -> str:
    """What every page of paper says beside its number: a string of CSS, which ends neither itself nor the style."""
    said = json.dumps(words, ensure_ascii=False).replace("<", "\\3C ")
    return f"@media print {{ @page {{ @bottom-left {{ content: {said}; }} }} }}\n"


def _section(body: Element, figure: Figure) -> None:
    section = SubElement(body, "section")
    _text(section, "h2", figure.heading)
    _text(section, "p", figure.answer)
    # a table that is wider than the screen is scrolled by keyboard, too
    place = {"class": "wide", "tabindex": "0", "role": "region", "aria-label": f"Figures: {figure.heading}"}
    _table(SubElement(section, "div", place), figure)
    if figure.own_words:
        own = SubElement(section, "div", {"class": "own"})
        for line in figure.own_words:
            _text(own, "p", line)
    _text(section, "p", figure.notes, **{"class": "notes"})


def _table(place: Element, figure: Figure) -> None:
    table = SubElement(place, "table", {"aria-label": figure.heading})
    top = SubElement(SubElement(table, "thead"), "tr")
    longest = _longest(figure.lengths)
    for i, name in enumerate(figure.header):
        _text(top, "th", name, scope="col", **({} if i < figure.n_labels else {"class": "n"}))
    if longest:
        SubElement(top, "td", {"aria-hidden": "true"})
    rows = SubElement(table, "tbody")
    for cells, length in zip(figure.rows, figure.lengths, strict=True):
        row = SubElement(rows, "tr")
        for i, cell in enumerate(cells):
            _text(row, "th" if i < figure.n_labels else "td", cell, **({"scope": "row"} if i < figure.n_labels else {}))
        if longest:
            _bar(row, (length or 0) / longest)


def _longest(lengths: Sequence[float | None]) -> float:
    """The longest of several bars; 0 where fewer than two have a length: alone, 7% and 70% would be drawn alike."""
    told = [length for length in lengths if length is not None]
    return max(told) if len(told) > 1 else 0


def _bar(row: Element, share: float) -> None:
    """A picture of the number beside it, which is read out already; drawn to whole percents of the longest."""
    place = SubElement(row, "td", {"class": "track", "aria-hidden": "true"})
    if share:
        SubElement(place, "span", {"class": "bar", "style": f"width:{share:.0%}"})


def _text(place: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(place, name, attributes).text = text
