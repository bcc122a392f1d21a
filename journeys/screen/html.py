"""Pieces of HTML that Streamlit has no widget for, and words made safe for its Markdown: whatever comes from data passes one of two doors, `tag` or `plain`."""

import html
import json
import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import streamlit as st

from journeys.answer.released import Row
from journeys.screen import address, tour
from journeys.words import glossary, phrases, sentences
from journeys.words.literature import Finding
from journeys.words.shares import bound, per_cent
from journeys.words.tables import Table

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12436D"/>'
    '<path d="M6 25h5v-5h5v-5h5v-5h5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
ASSETS = Path(__file__).parent / "assets"
PANEL_HEIGHT = 480  # pixels, about
LONG = 330  # letters of an answer that is set smaller in a meeting
ROOM, LEADING, ACROSS = 330, 25, 120  # of a table in a meeting: pixels for its rows, pixels and characters of a line
PAPER, WORDS = 1540, 420  # pixels of a printed page as print.css lays it out, and of the words beside a figure
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#$~|!&])")


class Html(str):
    """Text that is HTML already; any other text is escaped where it goes in."""


def tag(name: str, *inside: str, **attributes: object) -> Html:
    """One element. Words inside and values of attributes are escaped; `class_` is class, `data_panel` is data-panel, None leaves one out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{said}>{join(inside)}</{name}>")


def join(pieces: Iterable[str]) -> Html:
    """Pieces one after another, those that are not HTML yet escaped."""
    return Html("".join(piece if isinstance(piece, Html) else html.escape(piece) for piece in pieces))


def show(*pieces: str) -> None:
    """Put pieces on the page."""
    st.html(join(pieces))


def plain(words: str) -> str:
    """Words for a place that Streamlit reads as Markdown (headings, messages, labels), so that they appear as they are."""
    return _MARKDOWN.sub(r"\\\1", words)


def draw(more: Sequence[str]) -> None:
    """The style sheets of every page, and `more` of this run."""
    for sheet in ("screen", "measures", *more, "print"):
        st.html(ASSETS / f"{sheet}.css")


def answer(words: str) -> None:
    """The one-sentence answer of a panel; nothing where its heading has said it."""
    if words:
        show(tag("p", explained(words), class_="answer long" if len(words) > LONG else "answer"))


def explained(words: str) -> Html:
    """Words of ours in which each term, where it stands first, says what it means to whoever points at it, comes to it by keyboard or touches it."""
    return join(_piece(*piece) for piece in _glued(glossary.explained(words)))


def _piece(before: str, one: str, after: str, says: str) -> str:
    if not says:
        return one
    term = tag("button", one, type="button", class_="term", data_says=says)
    return tag("span", before, term, after, class_="glued") if before or after else term


def _glued(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Each piece with the letters and signs that touch it: a browser would break the line between a bracket and a button."""
    found: list[list[str]] = [["", one, "", says] for one, says in pieces]
    for left, right in pairwise(found):
        if right[3] and not left[3]:
            left[1], right[0] = re.fullmatch(r"(.*?)(\S*)", left[1], re.DOTALL).groups()  # type: ignore[union-attr]
        elif left[3] and not right[3]:
            left[2], right[1] = re.fullmatch(r"(\S*)(.*)", right[1], re.DOTALL).groups()  # type: ignore[union-attr]
    return [(before, one, after, says) for before, one, after, says in found]


def foot(lines: Sequence[str]) -> None:
    """The small print under a figure; empty lines are left out."""
    show(tag("div", *(tag("p", explained(line)) for line in lines if line), class_="foot"))


def key(entries: Sequence[tuple[str, str, str]]) -> None:
    """What the marks of the figure below mean, (sign, colour, words) each, in lines as wide as it; nothing where there are none."""
    signs = [
        tag("li", tag("b", sign, style=f"color:{colour}", aria_hidden="true"), f" {words}")
        for sign, colour, words in entries
    ]
    if signs:
        show(tag("ul", *signs, class_="key"))


def feet(lines: Sequence[str]) -> None:
    """What is said below a figure, in lines as wide as it; its `<b>` alone is no text."""
    if lines:
        show(tag("div", *(tag("p", *_bold(line)) for line in lines), class_="feet"))


def _bold(line: str) -> Iterable[str]:
    """The words of a line, those between `<b>` and `</b>` strong."""
    for i, words in enumerate(re.split("<b>(.*?)</b>", line)):
        yield tag("strong", words) if i % 2 else words


def folded(title: str, *inside: str, key: str | None = None) -> None:
    """What waits behind its heading until a reader opens it; open in a meeting, where nobody would."""
    is_open = "" if address.is_presenting() else None
    show(tag("details", tag("summary", title), *inside, class_="folded", id=key, open=is_open))


def foot_of_two(lines: Sequence[str]) -> None:
    """The small print under a figure of two selections, which say more together than a page has room for: closed, but in a meeting."""
    if address.is_presenting():
        foot(lines)
    else:
        folded("How these are counted", *(tag("p", line) for line in lines if line))


def tall(key: str, pixels: float) -> None:
    """How tall an element is before a projector enlarges it, for its style."""
    st.html(f"<style>.st-key-{key} {{ --tall: {pixels:.0f}px; }}</style>")


def hint(words: str) -> None:
    """What a reader can do with the figure above; nothing where there are no words."""
    if words:
        show(tag("p", words, class_="press"))


def bullets(lines: Iterable[str]) -> Html:
    """A list."""
    return tag("ul", *(tag("li", line) for line in lines), class_="list")


def link_to(key: str, words: str) -> Html:
    """A link to a panel of this page."""
    return tag("a", words, href=f"#{key}")


def save_button(key: str) -> None:
    """A button that saves the figure of a panel, in the one script of the page."""
    show(tag("button", "Save the picture", type="button", class_="save", data_panel=key))


def copy_button(address_of_panel: str, what: str) -> None:
    """A button that puts an address into the reader's clipboard, in the one script of the page."""
    about = {"data_copy": address_of_panel, "data_says": f"Copies the address that opens {what}"}
    show(
        tag(
            "button",
            tag("span", "link", aria_hidden="true"),
            "Copy link",
            type="button",
            class_="plain-button",
            **about,
        ),
        tag("span", class_="said", role="status"),
    )


def print_button() -> None:
    """A button that draws every panel, waits for all figures, then prints, in the one script of the page."""
    show(
        tag(
            "button",
            "Print",
            type="button",
            class_="save print",
            data_says="Draws every panel of the page, then prints",
        )
    )


def on_paper(footer: str, *, is_lying: bool) -> None:
    """How the paper lies, what every printed page says at its foot beside its number, and the line on a page that was printed too early."""
    said = json.dumps(footer, ensure_ascii=False).replace("<", "\\3C ")
    size = "size: A4 landscape; " if is_lying else ""
    st.html(f"<style>@media print {{ @page {{ {size}@bottom-left {{ content: {said}; }} }} }}</style>")
    show(tag("p", "Not every figure is drawn: use Print on the page.", class_="too-early-to-print"))


def whole_on_paper(panel: str, tall: float) -> None:
    """A panel whose figure, so many pixels tall, would not stand on a page with its words, is printed smaller."""
    if tall + WORDS > PAPER:
        st.html(f"<style>@media print {{ .st-key-panel-{panel} {{ zoom: {PAPER / (tall + WORDS):.2f}; }} }}</style>")


def without_spare(key: str, spare: tuple[float, ...]) -> None:
    """A figure that is wide enough for names to lie above it stands without the room that they take upright."""
    if spare:
        pixels, from_width = spare
        cut = f"margin-top: -{pixels:.0f}px; clip-path: inset({pixels:.0f}px 0 0);"
        wide = f"@container (min-width: {from_width:.0f}px) {{ .st-key-figure-{key} {{ {cut} }} }}"
        st.html(
            f"<style>@media screen {{ .st-key-panel-{key} .stTabs {{ container-type: inline-size; }} {wide} }}</style>"
        )


def choose_button(chosen: str) -> None:
    """On a phone, where menu and choices wait beside the page: the button that brings them in, which says what is chosen."""
    label = tag("span", tag("span", "☰ ", aria_hidden="true"), "Menu and choices", class_="about")
    show(tag("button", label, tag("strong", chosen), type="button", class_="choose", aria_controls="stSidebar"))


def side(number: int, title: str, words: str, hint: str) -> None:
    """One of two selections in words, marked with the shape that its points have in figures."""
    show(
        tag(
            "p",
            tag("span", ("●", "■")[number], aria_hidden="true"),
            " ",
            tag("strong", f"{title}:"),
            f" {words}. ",
            tag("span", hint, class_="hint"),
            class_=f"side side-{number}",
        )
    )


def definition(lines: Iterable[tuple[str, str]]) -> None:
    """Names and what each means; those without words are left out."""
    pairs = [(name, words) for name, words in lines if words]
    show(tag("dl", *(join((tag("dt", n), tag("dd", w))) for n, w in pairs), class_="definition"))


def table(shown: Table, caption: str, *, is_wordy: bool = False, is_whole: bool = False) -> None:
    """A table with row and column headers; on a narrow screen it turns into a list.

    Cells after the labels are figures and stand to the right; of a wordy one they stand to the left and wrap. In a meeting one that
    `is_whole`, all that its panel shows, goes on on the next screen.
    """
    rows: Sequence[tuple[str, ...]] = shown.rows
    goes_on = ""
    if is_whole and address.is_presenting():
        above = LEADING * (
            max(len(title.split()) for title in shown.header) - 2
        )  # a word a line, more than two of them
        rows, goes_on = tour.on_this_screen(rows, [_tall(row) for row in rows], ROOM - max(0, above))
    show(as_table(shown, rows, caption, is_wordy=is_wordy))
    hint(goes_on)


def as_table(shown: Table, rows: Iterable[Sequence[str]], caption: str, *, is_wordy: bool = False) -> Html:
    """These rows of a table, with its headers."""
    right = None if is_wordy else "n"
    head = (
        tag("th", title, scope="col", class_=None if i < shown.n_labels else right)
        for i, title in enumerate(shown.header)
    )
    body = (tag("tr", *_cells(row, shown, right)) for row in rows)
    box = {"tabindex": "0", "role": "region", "aria_label": caption}
    kind = "table-box words" if is_wordy else "table-box"
    inside = tag("caption", caption), tag("thead", tag("tr", *head)), tag("tbody", *body)
    return tag("div", tag("table", *inside), class_=kind, **box)


def _tall(row: Sequence[str]) -> float:
    """Pixels of a row in a meeting, about: its words fill the width, but not evenly."""
    return LEADING * max(1, math.ceil(1.6 * sum(map(len, row)) / ACROSS)) + LEADING / 2


def _cells(row: Sequence[str], shown: Table, right: str | None) -> list[Html]:
    """The cells of a row; each names its column, for a narrow screen, where a table turns into a list."""
    n = shown.n_labels
    labels = [tag("th", cell, scope="row") for cell in row[:n]]
    named = zip(row[n:], shown.header[n:], strict=True)
    return [*labels, *(tag("td", cell, class_=right, data_column=title) for cell, title in named)]


def published(finding: Finding) -> None:
    """What others have found, beside a figure of this data, with who printed it."""
    show(tag("p", tag("strong", "Published: "), finding.words, " ", tag("cite", finding.source), class_="published"))


def big_figure(row: Row, shape: str, unit: str, digits: int) -> Html:
    """One number in large type with its interval beside it, or its mark in words; `digits` are those of the answer that it is of."""
    big, small = _big_and_small(row, shape, unit, digits)
    return tag("p", sentences.upper_first(big), tag("span", small, class_="unit"), class_="big")


def _big_and_small(row: Row, shape: str, unit: str, digits: int) -> tuple[str, str]:
    mark, value = sentences.mark(row, shape), phrases.measure(row, shape)
    if shape == "count" and row.count is not None:
        return sentences.amount(row.count), unit
    if row.why:  # a bound is an answer
        known, few = bound(row), "a few at most" if row.why == "few" else "all but a few"
        return (known, f"{mark} {few}") if known else (mark, few)
    if value is None or row.low is None or row.high is None:
        return mark or "–", sentences.MARKS.get(mark, "")
    big, low, high = (per_cent(one, digits) for one in (value, row.low, row.high))
    return big, f"95% interval {low} to {high}"


def base_card(row: Row, shape: str, title: str, of: str, beside: str, digits: int, *, is_opening: bool) -> None:
    """A rate on one base, out of how many it is and what it stands beside, in words; `digits` are those of its answer."""
    show(
        tag(
            "div",
            tag("p", sentences.upper_first(title), class_="of"),
            big_figure(row, shape, "", digits),
            tag("p", of, class_="small"),
            tag("p", beside, class_="small"),
            class_="base-card opening" if is_opening else "base-card",
        )
    )
