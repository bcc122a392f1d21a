"""What a reader takes away from a panel: its numbers, its picture, the link to it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urlsplit

import streamlit as st

from journeys.answer.released import Released
from journeys.files import csv
from journeys.screen import address, answers, drawing, html
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import tables


def numbers(text: Callable[[], str], file: str, key: str) -> None:
    """The button that downloads a table, written only when it is pressed."""
    st.download_button(
        "Download CSV",
        data=lambda: text().encode("utf-8-sig"),
        file_name=file,
        mime="text/csv",
        on_click="ignore",
        key=f"csv-{key}",
        icon=":material/download:",
        type="tertiary",
    )


def numbers_of(asked: Sequence[Released], key: str) -> None:
    """The same for released answers, one below the other in one file."""
    names = answers.store().lists.name
    text = lambda: "\r\n".join(csv.answer(one, metrics.get(one.metric), names) for one in asked)  # noqa: E731
    numbers(text, file_name(asked[0]), key)


def file_name(released: Released) -> str:
    """A file name that says metric, split and selection."""
    chosen = released.selection
    where = chosen.service or chosen.commissioner or "all-services"
    period = chosen.period.replace("/", "-")
    return "_".join([released.metric, *released.by, period, where, chosen.base, *chosen.cohort.values()]) + ".csv"


def picture(key: str) -> None:
    """A button that opens the choice of format and saves the figure of a panel."""
    with st.popover("Picture", icon=":material/image:", type="tertiary", key=f"picture-{key}"):
        st.segmented_control(
            "Format of the picture", drawing.PICTURES, default="PNG", required=True, key=f"format-{key}"
        )
        html.save_button(key)


def link(address_of_panel: str, key: str, what: str = "the same view") -> None:
    """A button that shows the link to a panel, to copy."""
    with st.popover("Copy link", icon=":material/link:", type="tertiary", key=f"link-{key}"):
        html.show(html.tag("p", f"This address opens {what}:"))
        st.code(address_of_panel, language=None, wrap_lines=True)


def link_to(selection: Selection, panel_key: str = "") -> str:
    """The address of this page with the selection, and of one panel on it."""
    here = urlsplit(st.context.url or "")
    looks = {address.SPLIT: st.query_params.get_all(address.SPLIT)} if address.SPLIT in st.query_params else {}
    query = urlencode({**address.query_of(selection, answers.store().version), **looks}, doseq=True)
    return f"{here.scheme}://{here.netloc}{here.path}?{query}" + (f"#{panel_key}" if panel_key else "")


def of_table(
    shown: tables.Table,
    key: str,
    selection: Selection,
    said: Sequence[str] = (),
    *,
    has_figure: bool = False,
    anchor: str = "",
) -> None:
    """All of it for a panel whose table is no metric's: `said` tells of it in the file. Nothing in meeting mode."""
    if address.is_presenting():
        return
    store = answers.store()
    lines = [*said, f"Data to {store.as_of}", f"Store version: {store.version}", store.rule.words]
    lines += [csv.SYNTHETIC] * store.is_synthetic
    with st.container(horizontal=True, key=f"tools-{key}"):
        numbers(lambda: csv.table(shown, lines), f"{key}.csv", key)
        if has_figure:
            picture(key)
        link(link_to(selection, anchor or key), key)
