"""How the screens look: one style sheet for screen, meeting and print, and small pieces of HTML that Streamlit has no widget for."""

import html
import json

import streamlit as st

from journeys.answer.released import Row
from journeys.words import sentences
from journeys.words.tables import Table

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12436D"/>'
    '<path d="M6 25h5v-5h5v-5h5v-5h5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


PANEL_HEIGHT = 480  # pixels, about


def text(words: str) -> str:
    """Words made safe to stand inside HTML."""
    return html.escape(words, quote=True)


def draw(is_presenting: bool) -> None:
    """The style sheet of this run."""
    st.html(f"<style>{_SHEET}{_PRESENT if is_presenting else ''}{_PRINT}</style>")


def answer(words: str) -> None:
    """The one-sentence answer of a panel."""
    st.html(f'<p class="answer">{text(words)}</p>')


def foot(lines: list[str]) -> None:
    """The small print under a figure; empty lines are left out."""
    st.html('<div class="foot">' + "".join(f"<p>{text(line)}</p>" for line in lines if line) + "</div>")


def hint(words: str) -> None:
    """What a reader can do with the figure above."""
    st.html(f'<p class="press">{text(words)}</p>')


def bullets(lines: list[str]) -> str:
    """A list of lines that are HTML already."""
    return '<ul class="list">' + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def link_to(key: str, words: str) -> str:
    """A link to a panel of this page."""
    return f'<a href="#{text(key)}">{text(words)}</a>'


def save_button(key: str) -> None:
    """A button that saves the figure of a panel as Plotly's own one does, which no keyboard reaches."""
    find = f"document.querySelector({json.dumps(f'.st-key-panel-{key} .modebar-btn')})"
    st.html(
        f'<button type="button" class="save" id="save-{text(key)}">Save the picture</button>'
        f"<script>document.getElementById({json.dumps(f'save-{key}')}).onclick = () => {find}?.click();</script>",
        unsafe_allow_javascript=True,
    )


def press_when_drawn(key: str) -> None:
    """Press the button in this container, which nobody sees, once a figure has been drawn, or after three seconds without one.

    Then go to the panel that the address names, which is there only from then on.
    """
    find = json.dumps(f".st-key-{key} button")
    drawn = "document.querySelector('.js-plotly-plot .main-svg')"
    st.html(
        f"<script>(() => {{ const from = Date.now(), press = () => {{ document.querySelector({find})?.click(); follow(0); }};"
        # the panel that the address names may come only now; a reader who scrolls is left alone
        # (and Streamlit drops the fragment when it completes the address, so the one asked for at first is looked up)
        " const asked = new URL(performance.getEntriesByType('navigation')[0].name), isNew = performance.now() < 20000 && asked.pathname === location.pathname;"
        " const goal = (location.hash || (isNew ? asked.hash : '')).slice(1); let left = !goal; const leave = () => { left = true; };"
        " for (const act of ['wheel', 'touchstart', 'keydown', 'pointerdown']) addEventListener(act, leave, { once: true });"
        " const follow = n => { if (left || n > 12) return; document.getElementById(goal)?.scrollIntoView();"
        " setTimeout(() => follow(n + 1), 250); };"
        f" const look = () => {{ const waited = Date.now() - from; if (document.querySelector({find}) && ({drawn} || waited > 3000))"
        " requestAnimationFrame(() => setTimeout(press, 100));"  # once the figure is on the screen
        " else if (waited < 30000) setTimeout(look, 50); }; look(); })()</script>",
        unsafe_allow_javascript=True,
    )


def address(query: str) -> None:
    """Put the selection into a bare address without a new step in the browser's history, so that Back still leads back."""
    st.html(
        f"<script>if (!location.search) history.replaceState(history.state, '', {json.dumps('?' + query)} + location.hash);</script>",
        unsafe_allow_javascript=True,
    )


def add_to_address(name: str, query: str, whole: str) -> None:
    """Put more into an address that lacks parameters starting with `name`, without a new step in the history; `whole` for a bare one."""
    more = f"location.search ? location.search + '&' + {json.dumps(query)} : '?' + {json.dumps(whole)}"
    there = f"location.search.includes({json.dumps(name)})"
    st.html(
        f"<script>if (!{there}) history.replaceState(history.state, '', ({more}) + location.hash);</script>",
        unsafe_allow_javascript=True,
    )


def side(number: int, title: str, words: str, hint: str) -> None:
    """One of two selections in words, marked with the shape that its points have in figures."""
    shape = ("●", "■")[number]
    st.html(
        f'<p class="side side-{number}"><span aria-hidden="true">{shape}</span> <strong>{text(title)}:</strong> {text(words)}. '
        f'<span class="hint">{text(hint)}</span></p>'
    )


def table(shown: Table, caption: str) -> None:
    """The table behind a figure as an HTML table with row and column headers; wide ones scroll inside their own box."""
    head = "".join(
        f'<th scope="col"{"" if i < shown.n_labels else " class=n"}>{text(t)}</th>' for i, t in enumerate(shown.header)
    )
    body = "".join(f"<tr>{_cells(row, shown.n_labels)}</tr>" for row in shown.rows)
    st.html(
        f'<div class="table-box" tabindex="0" role="region" aria-label="{text(caption)}"><table><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def big_figure(row: Row, shape: str, unit: str) -> str:
    """One number in large type with its interval beside it, or its mark in words."""
    mark = sentences.mark(row, shape)
    if shape == "count":
        big, small = (sentences.amount(row.count), unit) if row.is_shown else (mark, sentences.MARKS[mark])
    elif row.rate is not None:
        big = sentences.percent(row.rate, row.denominator)
        low, high = (sentences.percent(value, row.denominator) for value in (row.low, row.high))
        small = f"95% interval {low} to {high}"
    else:
        big, small = mark or "–", sentences.MARKS.get(mark, "")
    return f'<p class="big">{text(sentences.upper_first(big))}<span class="unit">{text(small)}</span></p>'


def base_card(row: Row, title: str, unit: str, is_opening: bool) -> None:
    """A proportion on one base, with the counts behind it."""
    counts = "" if row.denominator is None else f"out of about {row.denominator:,} {unit}"
    chosen = " opening" if is_opening else ""
    st.html(
        f'<div class="base-card{chosen}"><p class="of">{text(sentences.upper_first(title))}</p>'
        f'{big_figure(row, "proportion", unit)}<p class="small">{text(counts)}</p></div>'
    )


def _cells(row: tuple[str, ...], n_labels: int) -> str:
    labels = "".join(f'<th scope="row">{text(cell)}</th>' for cell in row[:n_labels])
    return labels + "".join(f'<td class="n">{text(cell)}</td>' for cell in row[n_labels:])


_SHEET = """
.stApp { --accent: light-dark(#12436D, #8FC1EA); --soft: light-dark(#F1F5F9, #1A222B); --line: light-dark(#C9D1D9, #3B4753);
  --quiet: light-dark(#46505B, #B9C3CD); }
[data-testid="stHeader"] { background: transparent; height: 2.6rem; min-height: 2.6rem; }
[data-testid="stMainBlockContainer"] { max-width: 74rem; padding: 2.4rem 2.5rem 4rem; }
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] { gap: 1.25rem; }
.stElementContainer:has(style), .stElementContainer:has(script):not(:has(button)) { display: none; }
h1 { letter-spacing: -.02em; padding: 0 !important; }
h2 { letter-spacing: -.008em; line-height: 1.3 !important; }
.stHtml p { margin: 0; }
.lead { font-size: 1.1rem; line-height: 1.5; color: var(--quiet); max-width: 48rem; }
.selection { font-size: 1rem; line-height: 1.45; padding: .6rem .9rem; border-left: 4px solid var(--accent); background: var(--soft); border-radius: 0 .35rem .35rem 0; }
.selection strong { font-weight: 650; }
.notes { font-size: .875rem; line-height: 1.6; color: var(--quiet); }
.tag { display: inline-block; background: #801650; color: #fff; font-weight: 650; font-size: .8rem; padding: 0 .5rem; border-radius: .25rem; margin-right: .35rem; }
[class*="st-key-panel-"], [class*="st-key-card-"], [class*="st-key-definition-"] { border-radius: .6rem; border-color: var(--line); padding: 1.4rem 1.6rem 1.1rem; gap: .8rem; }
[data-testid="stHeading"] [data-testid="stMarkdownContainer"] { margin-bottom: 0 !important; }
[class*="st-key-panel-"] h2, [class*="st-key-definition-"] h2 { padding: 0 !important; }
[class*="st-key-card-"] h2 { padding: 0 !important; font-size: 1.08rem !important; }
.answer { font-size: 1.1rem; line-height: 1.5; max-width: 50rem; }
[data-testid="stColumn"] :is([data-testid="stLayoutWrapper"], [data-testid="stVerticalBlock"]):has([class*="st-key-card-"]) { flex: 1 1 auto; }
[class*="st-key-card-"] > :last-child { margin-top: auto; }
[class*="st-key-card-"] .answer { font-size: 1rem; }
.big { font-size: 2.5rem; font-weight: 700; line-height: 1.15; letter-spacing: -.025em; color: var(--accent); }
.big .unit { font-size: .9rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); margin-left: .6rem; white-space: nowrap; }
.base-card { border: 1px solid var(--line); border-radius: .45rem; padding: .9rem 1rem; height: 100%; }
.base-card.opening { border: 2px solid var(--accent); background: var(--soft); }
.base-card .of { font-weight: 600; line-height: 1.35; margin-bottom: .3rem; }
.base-card .big .unit { display: block; margin: .1rem 0 0; }
.base-card .small { font-size: .875rem; color: var(--quiet); margin-top: .1rem; }
.press, .foot { font-size: .85rem; line-height: 1.5; color: var(--quiet); max-width: 58rem; }
.foot p { font-size: inherit; }
.foot p + p { margin-top: .25rem; }
.stPlotlyChart text[style*="rgb(128, 132, 149)"] { fill: var(--quiet) !important; }
.side { font-size: 1.05rem; line-height: 1.5; } .side-0 > span:first-child { color: #2073BC; } .side-1 > span:first-child { color: #F46A25; }
.hint { color: var(--quiet); font-size: .9rem; }
.choices-beside { font-size: 1.02rem !important; font-weight: 650; margin: 0 !important; padding: .2rem 0 0 !important; }
.list { margin: 0; padding-left: 1.2rem; line-height: 1.55; max-width: 60rem; }
.list li { margin: .3rem 0; }
.st-key-rest-of-page { display: none; }
.save { font: inherit; color: inherit; background: none; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: .4rem; padding: .45rem .9rem; cursor: pointer; }
.save:hover, .save:focus-visible { border-color: currentColor; outline-offset: 2px; }
.st-key-contents { font-size: .9rem; line-height: 1.5; column-gap: 1.1rem !important; row-gap: .1rem !important; }
.st-key-contents p { font-weight: 650; } .st-key-contents > * { width: auto !important; flex: 0 0 auto !important; max-width: 100%; }
.st-key-contents a { display: inline-block; min-height: 24px; line-height: 24px; color: var(--accent); text-underline-offset: .2em; }
.definition { display: grid; grid-template-columns: 9.5rem 1fr; gap: .4rem 1rem; margin: 0; padding: 0; font-size: .95rem; line-height: 1.5; max-width: 58rem; }
.definition dt { font-weight: 600; } .definition dd { margin: 0; }
.section { font-size: 1.5rem; font-weight: 700; letter-spacing: -.012em; margin: 1.4rem 0 0 !important; padding: 0; }
[class*="st-key-split-of-"] .stSelectbox { display: flex; align-items: center; gap: .7rem; }
[class*="st-key-split-of-"] .stSelectbox label { margin: 0; min-height: 0; white-space: nowrap; }
[class*="st-key-tools-"] { border-top: 1px solid var(--line); padding-top: .5rem; column-gap: 1.4rem; row-gap: .1rem; }
[class*="st-key-tools-"] button { padding-left: 0; padding-right: 0; }
[data-testid="stTabs"] [role="tablist"] { gap: 1.2rem; }
.brand { font-weight: 700; font-size: 1.05rem; line-height: 1.25; letter-spacing: -.01em; }
.brand span { display: block; font-weight: 400; font-size: .85rem; letter-spacing: 0; color: var(--quiet); }
.st-key-brand { margin-top: -3.1rem; margin-bottom: .5rem; padding: 0 2.4rem 0 .5rem; }
.menu-group { font-size: .8rem; font-weight: 650; color: var(--quiet); margin: .35rem 0 -.3rem !important; padding: 0 .5rem; }
.choices { font-size: 1.02rem !important; font-weight: 650; margin: .7rem 0 0 !important; padding: 1rem 0 0 !important; border-top: 1px solid var(--line); }
[data-testid="stSidebar"] [data-testid="stVerticalBlock"] { gap: .6rem; }
[data-testid="stSidebar"] [data-testid="stPageLink"] a { padding: .16rem .5rem; margin: 0; line-height: 1.35; }
[data-testid="stSidebar"] [data-testid="stPageLink"] a p { line-height: 1.35; }
[data-testid="stSidebar"] [class*="st-key-menu-"] { gap: .15rem !important; }
[data-testid="stSidebar"] [class*="st-key-menu-"] .stElementContainer { margin: 0; }
[data-testid="stSidebar"] .stButtonGroup button p { font-size: .85rem; }
[data-testid="stSidebar"] .stButtonGroup button { padding-left: .6rem; padding-right: .6rem; }
[data-testid="stSidebar"] [data-testid="stPageLink"] a[aria-current] p { font-weight: 650; }
[data-testid="stSidebarUserContent"] { padding-bottom: 3rem; }
.table-box { overflow: auto; max-height: 34rem; }
.table-box table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
.table-box caption { text-align: left; color: var(--quiet); padding: 0 0 .5rem; }
.table-box th, .table-box td { padding: .38rem .8rem .38rem 0; border: 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.table-box thead th { border-bottom: 2px solid currentColor; font-weight: 650; text-align: left; }
.table-box tbody th { font-weight: 400; text-align: left; min-width: 8rem; }
.table-box .n { text-align: right; white-space: nowrap; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3rem 1rem 3rem; }
  h1 { font-size: 1.7rem !important; }
  .st-key-contents { display: none; }
  [class*="st-key-panel-"], [class*="st-key-card-"], [class*="st-key-definition-"] { padding: 1rem 1rem .8rem; }
  .big { font-size: 2.1rem; } .big .unit { display: block; margin: .1rem 0 0; white-space: normal; }
  .definition { grid-template-columns: 1fr; gap: 0; } .definition dd { margin-bottom: .6rem; }
}
"""

_PRESENT = """
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"] { display: none !important; }
[data-testid="stMainBlockContainer"] { max-width: none; padding: .9rem 3rem .5rem; }
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] { gap: .4rem; }
.st-key-page-head { flex-direction: row; flex-wrap: wrap; align-items: baseline; column-gap: 1.4rem; row-gap: 0; padding-right: 22rem; }
.st-key-page-head > * { width: auto !important; }
h1 { font-size: 1.1rem !important; }
.selection, .notes { font-size: 1rem; padding: 0; background: none; border: 0; }
.selection strong { font-weight: 400; }
[class*="st-key-panel-"], [class*="st-key-card-"] { border: 0; padding: .3rem 0; gap: .5rem; }
[class*="st-key-panel-"] h2, [class*="st-key-card-"] h2 { font-size: 1.75rem !important; }
.stVerticalBlock .answer.answer { font-size: 1.35rem; line-height: 1.38; max-width: none; }
.list { font-size: 1.3rem; max-width: none; }
.big { font-size: 3.4rem; } .big .unit { font-size: 1.3rem; }
.base-card { padding: .3rem 1rem; } .base-card .big { font-size: 2.2rem; } .base-card .big .unit { font-size: 1rem; display: inline; margin-left: .6rem; }
.foot { font-size: .95rem; max-width: none; }
.table-box { max-height: 24rem; }
[class*="st-key-panel-evidence-"] :is(.list, .list li, [data-testid="stMarkdownContainer"] :is(li, p)) { font-size: .8rem; line-height: 1.35; margin-top: 0; }
.table-box.table-box.words { max-height: 24rem; }
:is([class*="st-key-panel-beside-"], [class*="st-key-panel-evidence-"]) .answer.answer.answer { font-size: 1.05rem; }
[class*="st-key-panel-beside-"] .foot { font-size: .8rem; line-height: 1.35; }
.side { font-size: 1rem; line-height: 1.3; }
[data-testid="stTabs"] [role="tablist"] { display: none; }
[data-testid="stTabs"] [role="tabpanel"] { padding-top: 0; }
.st-key-meeting-bar { position: fixed; right: 3rem; top: .8rem; width: auto !important; z-index: 10; }
"""

_PRINT = """
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], .stButton, .stDownloadButton, .stPopover, .stCheckbox,
  [data-testid="stTabs"] [role="tablist"], [data-testid="stPageLink"], .stSelectbox, .stTextInput, .modebar, .st-key-contents, .press, [class*="st-key-tools-"] { display: none !important; }
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] { position: static !important;
    overflow: visible !important; height: auto !important; max-height: none !important; display: block !important; color-scheme: light; }
  [data-testid="stMainBlockContainer"] { padding: 0; zoom: .74; }  /* a figure keeps the width it has on the screen */
  .stApp, .stApp * { color: #1B1F23 !important; } .tag { color: #fff !important; }
  [class*="st-key-panel-"], [class*="st-key-card-"] { break-inside: avoid; }
  .table-box { max-height: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
