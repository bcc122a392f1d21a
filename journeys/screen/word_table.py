"""A table whose cells are words: they stand to the left and wrap, so that it fits the page; figures belong in look.table."""

import streamlit as st

from journeys.screen import html
from journeys.words.tables import Table


def draw(shown: Table, caption: str) -> None:
    """The table with row and column headers; on a narrow screen it scrolls inside its own box."""
    head = "".join(f'<th scope="col">{html.text(title)}</th>' for title in shown.header)
    body = "".join(f"<tr>{_cells(row, shown.n_labels)}</tr>" for row in shown.rows)
    st.html(f"<style>{_SHEET}</style>")
    st.html(
        f'<div class="table-box words" tabindex="0" role="region" aria-label="{html.text(caption)}">'
        f"<table><caption>{html.text(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: tuple[str, ...], n_labels: int) -> str:
    labels = "".join(f'<th scope="row">{html.text(cell)}</th>' for cell in row[:n_labels])
    return labels + "".join(f"<td>{html.text(cell)}</td>" for cell in row[n_labels:])


_SHEET = """
.table-box.words { max-height: none; }
.table-box.words td, .table-box.words thead th { text-align: left; white-space: normal; overflow-wrap: break-word; line-height: 1.4; }
.table-box.words tbody th { min-width: 6.5rem; line-height: 1.4; }
"""
