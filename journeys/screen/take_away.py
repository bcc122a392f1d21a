"""What a reader takes away from a panel: its numbers, its picture, the link to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.files import csv
from journeys.screen import address, answers, html, meeting
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.selection import Selection
from journeys.words import small_print, tables

FORMATS = {"PNG": {"format": "png", "scale": 3}, "SVG": {"format": "svg", "scale": 1}}
SHRUNK = 0.36  # of its size, the picture as it is shown before it is saved
SAVED = {"displaylogo": False, "showSendToCloud": False, "displayModeBar": True, "modeBarButtons": [["toImage"]]}


@dataclass(frozen=True)
class Picture:
    """A figure as a page drew it, and the words that go around it where it stands alone; without a `source` it is the store."""

    drawn: Any
    title: str
    subtitle: str
    selection: str
    notes: tuple[str, ...] = ()
    source: str = ""


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


def picture(key: str, shown: Picture) -> None:
    """A button that opens the picture as it will be saved, with its format; it is drawn when the button is pressed."""
    opened = st.popover("Picture", icon=":material/image:", type="tertiary", key=f"picture-{key}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        form = st.segmented_control("Format of the picture", FORMATS, default="PNG", required=True, key=f"format-{key}")
        html.save_button(key)
        _to_save(key, shown, form or "PNG")


def _to_save(key: str, shown: Picture, form: str) -> None:
    """The figure with all that is around it in one layout, in full contrast whatever the screen is."""
    store = answers.store()
    source = (
        shown.source or f"Source: records of {len(store.lists.services)} services, version {store.version} of the data."
    )
    below = (*shown.notes, f"Data to {in_words(store.as_of)}. {store.rule.words} {source}")
    copy = figures.taken(
        shown.drawn, figures.Around(shown.title, shown.subtitle, shown.selection, below, store.is_synthetic)
    )
    size = {"width": copy.layout.width, "height": copy.layout.height, "filename": key, **FORMATS[form]}
    config = SAVED | {"toImageButtonOptions": size}
    height, width = (round(SHRUNK * side) for side in (copy.layout.height, copy.layout.width))
    with st.container(height=height, width=width, border=False, key=f"preview-{key}"):
        st.plotly_chart(copy, key=f"taken-{key}", width=copy.layout.width, theme=None, config=config, alt=shown.title)


def notes_of(first: Released, drawn: figures.Drawn) -> tuple[str, ...]:
    """What a reader of this answer must know, and the marks that stand in its figure, where that stands alone."""
    names = answers.store().lists.name
    said = [*small_print.notes(first, names), *small_print.change_notes(first)]
    said += [small_print.rights(first), " · ".join(drawn.marks)]
    return tuple(line for line in said if line)


def link(address_of_panel: str, key: str, what: str = "the same view") -> None:
    """A button that copies the link to a panel."""
    with st.container(key=f"link-{key}", width="content"):
        html.copy_button(address_of_panel, what)


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
    shown_as: Picture | None = None,
    anchor: str = "",
) -> None:
    """All of it for a panel whose table is no metric's: `said` tells of it in the file. Nothing in meeting mode."""
    if address.is_presenting():
        return
    store = answers.store()
    lines = [*said, f"Data to: {in_words(store.as_of)}", f"Store version: {store.version}", store.rule.words]
    lines += [csv.SYNTHETIC] * store.is_synthetic
    with st.container(horizontal=True, vertical_alignment="center", key=f"tools-{key}"):
        numbers(lambda: csv.table(shown, lines), f"{key}.csv", key)
        if shown_as:
            picture(key, shown_as)
        link(link_to(selection, anchor or key), key)
        meeting.tick(anchor or key)
