"""How the screens look: one style sheet for screen, meeting and print, and small pieces of HTML that Streamlit has no widget for."""

import html

import streamlit as st

from journeys import wording
from journeys.exports import Table
from journeys.released import Row


def text(words: str) -> str:
    """Words made safe to stand inside HTML."""
    return html.escape(words, quote=True)


def draw(is_presenting: bool) -> None:
    """The style sheet of this run."""
    st.html(f"<style>{_SHEET}{_PRESENT if is_presenting else ''}</style>")


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


def figure_card(row: Row, title: str, is_marked: bool) -> str:
    """One proportion in large type with its interval and counts, or its mark in words."""
    if row.rate is not None:
        big = wording.percent(row.rate, row.denominator)
        small = (
            f"95% interval {wording.percent(row.low, row.denominator)} to {wording.percent(row.high, row.denominator)}"
        )
        small += f"; about {row.numerator:,} of {row.denominator:,}"
    else:
        mark = wording.mark(row, "proportion")
        big, small = mark or "–", wording.MARKS.get(mark, "")
    return (
        f'<div class="big-figure{" marked" if is_marked else ""}"><p class="of">Of {text(title)}</p>'
        f'<p class="big">{text(big)}</p><p class="small">{text(small)}</p></div>'
    )


def _cells(row: tuple[str, ...], n_labels: int) -> str:
    labels = "".join(f'<th scope="row">{text(cell)}</th>' for cell in row[:n_labels])
    return labels + "".join(f'<td class="n">{text(cell)}</td>' for cell in row[n_labels:])


_SHEET = """
[data-testid="stMainBlockContainer"] { max-width: 76rem; padding: 3.2rem 2.5rem 4rem; }
[data-testid="stMainBlockContainer"] > div > [data-testid="stVerticalBlock"] { gap: 1.1rem; }
h1 { letter-spacing: -0.015em; padding: 0 0 .2rem !important; }
h2, h3 { letter-spacing: -0.005em; }
.selection { font-size: 1.06rem; font-weight: 600; margin: 0; padding: .55rem .8rem; border-left: 4px solid var(--st-primary-color);
  background: var(--st-secondary-background-color); border-radius: 0 .3rem .3rem 0; }
.notes { font-size: .9rem; margin: .15rem 0 0; opacity: .9; }
.tag { display: inline-block; background: #801650; color: #fff; font-weight: 600; font-size: .8rem; padding: .05rem .5rem; border-radius: .25rem; margin-right: .35rem; }
[class*="st-key-panel-"] { border-radius: .6rem; }
[class*="st-key-panel-"] h3 { padding: 0 !important; }
.answer { font-size: 1.1rem; line-height: 1.5; margin: 0; max-width: 46rem; }
.foot { font-size: .85rem; line-height: 1.5; margin: 0; opacity: .88; max-width: 56rem; }
.foot p { margin: 0 0 .2rem; }
.menu-group { font-size: .78rem !important; font-weight: 650; letter-spacing: .02em; margin: .7rem 0 0 !important; padding: 0 .5rem !important; opacity: .85; }
.menu-group.choices { font-size: 1rem !important; margin: .6rem 0 0 !important; padding: .9rem 0 0 !important; border-top: 1px solid var(--st-border-color); opacity: 1; letter-spacing: 0; }
[data-testid="stSidebar"] [data-testid="stVerticalBlock"] { gap: .55rem; }
[data-testid="stSidebar"] [data-testid="stPageLink"] { margin: -.22rem 0; }
.table-box { overflow-x: auto; }
.table-box table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
.table-box caption { text-align: left; font-weight: 600; padding: 0 0 .5rem; }
.table-box th, .table-box td { padding: .35rem .7rem; border: 0; border-bottom: 1px solid var(--st-border-color); vertical-align: top; }
.table-box thead th { border-bottom: 2px solid var(--st-text-color); font-weight: 650; text-align: left; }
.table-box tbody th { font-weight: 400; text-align: left; }
.table-box .n { text-align: right; white-space: nowrap; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.2rem 1rem 3rem; }
  h1 { font-size: 1.7rem !important; }
  .table-box { font-size: .85rem; }
}
@media print {
  @page { margin: 14mm; }
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"], .stButton, .stDownloadButton, .stPopover,
  [data-baseweb="tab-list"], [data-testid="stTabs"] [role="tablist"], [data-testid="stPageLink"], .stSelectbox, .modebar { display: none !important; }
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], .stMain { position: static !important; overflow: visible !important; height: auto !important; display: block !important; }
  [class*="st-key-panel-"], [class*="st-key-card-"] { break-inside: avoid; }
  * { color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

_PRESENT = """
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"] { display: none !important; }
[data-testid="stMainBlockContainer"] { max-width: none; padding: 1rem 3rem 1rem; }
h1 { font-size: 1.4rem !important; }
h3 { font-size: 2rem !important; }
.answer { font-size: 1.6rem; max-width: none; }
.selection { font-size: 1.05rem; }
[data-testid="stTabs"] [role="tablist"] { display: none; }
"""
