"""A board pack as an accessible workbook: cover with its contents, notes, then one table a sheet from A1 with a name of its own (Government Analysis Function)."""

import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from journeys.files.sheet import Cover, Sheet
from journeys.words.tables import Table, told_apart

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_LETTERS = 31  # of the name of a sheet
NUMBER = re.compile(r"(?P<sign>[−-]?)(?P<digits>\d{1,3}(?:,\d{3})*(?:\.(?P<places>\d+))?)(?P<share>%?)")
WIDEST, WORDS = 40, 110  # letters of a column at most, and of one that holds sentences
HIGH = 15  # points of a line


def write(out: Path, cover: Cover, sheets: Sequence[Sheet], ending: Sequence[str]) -> None:
    """Write the workbook; `ending` holds the title and the lines of what the marks mean and who is counted."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": cover.title})
        named = {_name(sheet, number): sheet for number, sheet in enumerate(sheets, 1)}
        _contents(book, _lines(book, "Cover", [cover.title, *cover.lines], cover.foot), len(cover.lines) + 2, named)
        _lines(book, "Notes", ["Notes", *map(_note, sheets), *ending], cover.foot)
        for number, (name, sheet) in enumerate(named.items(), 1):
            _table(book, name, sheet, number, cover.foot)


def _name(sheet: Sheet, number: int) -> str:
    name = f"{number} {sheet.metric.title}".replace("/", " ").replace(":", " ")
    return shorten(name, MOST_LETTERS, placeholder="")


def _note(sheet: Sheet) -> str:
    own = f"{sheet.panel.title}. " if sheet.panel.title else ""
    return " ".join(
        filter(
            None,
            (f"{sheet.title}: {own}{sheet.finding}. {sheet.sentence}", sheet.beside, *sheet.own_words, sheet.notes),
        )
    )


def _lines(book: "Workbook", name: str, lines: Sequence[str], foot: str) -> "Worksheet":
    page = _page(book, name, foot)
    bold = book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, WORDS)
    for i, line in enumerate(lines):
        page.write_string(i, 0, line, wrap if i else bold)
        # Excel works out how high words are, other programs do not
        page.set_row(i, HIGH * (1 + len(line) // WORDS) if i else 20)
    return page


def _page(book: "Workbook", name: str, foot: str) -> "Worksheet":
    """A sheet that prints on A4 across, its heading row on each page, and says at its foot what it is."""
    page = book.add_worksheet(name)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer(f"&L&8{_cut(foot.replace('&', '&&'))}&R&8&P of &N")
    return page


def _cut(foot: str) -> str:
    """A footer of a workbook holds 255 characters, its codes among them."""
    return shorten(foot, 230, placeholder=" ...")


def _contents(book: "Workbook", page: "Worksheet", first: int, named: dict[str, Sheet]) -> None:
    """A link to each sheet, with what stands on it."""
    link = book.add_format({"font_color": "#0B3D91", "underline": 1})
    page.write_string(first, 0, "Contents", book.add_format({"bold": True}))
    for i, (name, sheet) in enumerate(named.items(), first + 1):
        page.write_url(
            i, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", link, f"{name.split()[0]} {sheet.title}"
        )


def _table(book: "Workbook", name: str, sheet: Sheet, number: int, foot: str) -> None:
    page = _page(book, name, foot)
    n_labels, header, rows = sheet.table.n_labels, *spread(sheet.table)
    page.add_table(
        0, 0, max(len(rows), 1), len(header) - 1,
        {"columns": [{"header": name} for name in told_apart(header)], "name": f"{sheet.metric.slug}_{number}",
         "autofilter": False, "style": "Table Style Light 1"},
    )  # fmt: skip
    formats: dict[str, Format] = {}
    for i, row in enumerate(rows, 1):
        for j, cell in enumerate(row):
            _cell(book, page, (i, j), (cell, "") if j < n_labels else number_of(cell), formats, is_label=j < n_labels)
    for j, head in enumerate(header):
        longest = max([len(head), *(len(row[j]) for row in rows)])
        page.set_column(j, j, min(longest, WIDEST) + 3)
    page.freeze_panes(1, n_labels)


def _cell(
    book: "Workbook",
    page: "Worksheet",
    place: tuple[int, int],
    told: tuple[str | float, str],
    formats: "dict[str, Format]",
    *,
    is_label: bool,
) -> None:
    """A name to the left as text; a number as a number, and a mark in its place, to the right."""
    value, form = told
    if is_label:
        page.write_string(*place, str(value))
        return
    if form not in formats:
        formats[form] = book.add_format({"align": "right"} | ({"num_format": form} if form else {}))
    write = page.write_string if isinstance(value, str) else page.write_number
    write(*place, value, formats[form])


def number_of(cell: str) -> tuple[str | float, str]:
    """What a cell of figures holds as a number and how it is shown, no finer than it is printed: `1.9%` is 0.019; a mark or a bound stays text."""
    found = NUMBER.fullmatch(cell)
    if not found:
        return cell, ""
    n_places = len(found["places"] or "")
    form = f"0.{'0' * n_places}".rstrip(".")
    value = float(found["digits"].replace(",", "")) * (-1 if found["sign"] else 1)
    if found["share"]:
        return round(value / 100, n_places + 2), f"{form}%"
    return (value, f"#,##{form}") if n_places else (int(value), "#,##0")


def spread(table: Table) -> tuple[list[str], list[list[str]]]:
    """Header and rows with each interval in two columns, its ends; where there is none, both hold what the cell holds."""
    are_spans = [i >= table.n_labels and "interval" in name for i, name in enumerate(table.header)]
    header = [part for name, is_span in zip(table.header, are_spans, strict=True) for part in _ends(name, is_span)]
    return header, [
        [part for cell, is_span in zip(row, are_spans, strict=True) for part in _both(cell, is_span)]
        for row in table.rows
    ]


def _ends(name: str, is_span: bool) -> tuple[str, ...]:
    return (f"{name}, from", f"{name}, to") if is_span else (name,)


def _both(cell: str, is_span: bool) -> tuple[str, ...]:
    if not is_span:
        return (cell,)
    low, _, high = cell.partition(" to ")
    return low, high or low
