"""The board pack: the same released answers as slides (PowerPoint, with charts that can be edited), as one page of HTML or, of every metric, as an accessible workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from journeys.answer.question import OWN_BASE, is_on_its_own_base
from journeys.answer.released import Released
from journeys.files import printed, slides, web_page, workbook
from journeys.files.recipe import Panel, Recipe
from journeys.files.sheet import Cover, Sheet
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Lists, selection_words
from journeys.vocabulary.selection import Selection
from journeys.words import beside, comparator, sentences

# what a board asks, in the order of a journey; what has one part alone in a selection is split otherwise (`_with_parts`)
CONTENTS = (
    Panel("referrals", ("service",)),
    Panel("referral_reasons"),
    Panel("goals_set"),
    Panel("spiral_now"),
    Panel("spiral_movement"),
    Panel("stepping_stone", ("financial_year",)),
    Panel("found_work", ("financial_year",)),
    Panel("first_jobs"),
)
TIMES = ("financial_year", "quarter", "month")  # the widest first
ENDING = "What the marks mean, and who is counted"


def write(out: Path, store: Any, selection: Selection, recipe: Recipe | None = None) -> None:
    """Write the pack for a selection to `out` (.pptx, .xlsx, .html or .pdf). ValueError for another ending, a refused selection or panel, or no browser to print with."""
    writers = {".pptx": slides.write, ".xlsx": workbook.write, ".html": _page, ".pdf": _printed}
    ending = out.suffix.lower()
    if ending not in writers:
        raise ValueError(f"{out}: a board pack is .pptx, .xlsx, .html or .pdf")
    store.lists.check(selection, ())
    usual = tuple(_with_parts(panel, store.lists, selection) for panel in CONTENTS)
    asked = recipe or Recipe(usual if ending != ".xlsx" else (*usual, *_rest()))
    sheets = [_sheet(store, selection, panel, f"panel {i}") for i, panel in enumerate(asked.panels, 1)]
    writers[ending](out, _cover(store, selection, asked.title), sheets, (ENDING, *_ending(sheets)))


def _with_parts(panel: Panel, lists: Lists, selection: Selection) -> Panel:
    """A panel whose breakdown has more than one part: one service is split by its years, or else quarters or months, one year by nothing."""
    if panel.by == ("service",) and len(lists.where(selection)) == 1:
        times = (unit for unit in TIMES if len(lists.calendar.units(unit, selection.period)) > 1)
        return replace(panel, by=tuple(islice(times, 1)))
    if panel.by == ("financial_year",) and len(lists.calendar.units("financial_year", selection.period)) == 1:
        return replace(panel, by=())
    return panel


def _rest() -> Iterator[Panel]:
    """Every other metric: a board asks for few, who reads its workbook may look up any."""
    first = {panel.metric for panel in CONTENTS}
    yield from (Panel(slug) for slug in metrics.catalogue() if slug not in first)


def _sheet(store: Any, selection: Selection, panel: Panel, where: str) -> Sheet:
    metric = metrics.get(panel.metric)
    asked = selection.but(base=OWN_BASE) if is_on_its_own_base(metric) else metric.on_its_base(selection)
    try:
        released = store.ask(metric.slug, asked, panel.by)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    return Sheet(panel, metric, released, store.lists.name, _beside(store, released))


def _beside(store: Any, released: Released) -> str:
    """What an answer about some services or people is compared with, as its panel says it."""
    wide = beside.everybody(released.selection)
    if wide is None:
        return ""
    it = beside.of(released, wide, beside.Source(store.ask, store.are_alike))
    return comparator.said(released, it.words, it.answer, it.rates, metrics.get(released.metric), store.lists.name)


def _cover(store: Any, selection: Selection, title: str) -> Cover:
    data = f"Data to {in_words(store.as_of)}."
    source = f"Source: records of {len(store.lists.services)} services, version {store.version} of the data."
    lines = [
        selection_words(selection, store.lists),
        f"{data} {store.rule.words} {source}",
        "Services are never ranked; a difference after support is not a difference because of it.",
    ]
    if not store.is_synthetic:
        return Cover(title, lines, f"{title}. {data} {source}")
    synthetic = "SYNTHETIC DATA: no row describes a real person or service."
    return Cover(title, [synthetic, *lines], f"{title}. {synthetic} {data} {source}")


def _page(out: Path, cover: Cover, sheets: Sequence[Sheet], ending: Sequence[str]) -> None:
    out.write_text(_html(cover, sheets, ending), encoding="utf-8")


def _printed(out: Path, cover: Cover, sheets: Sequence[Sheet], ending: Sequence[str]) -> None:
    printed.pdf(_html(cover, sheets, ending), out)


def _html(cover: Cover, sheets: Sequence[Sheet], ending: Sequence[str]) -> str:
    figures = [
        web_page.Figure(
            s.heading, s.answer, [bar.value for bar in s.bars],
            s.table.header, s.table.rows, s.table.n_labels, s.own_words, s.notes,
        )
        for s in sheets
    ]  # fmt: skip
    return web_page.of([cover.title, *cover.lines], figures, ending[1:], ending[0], cover.foot)


def _ending(sheets: Sequence[Sheet]) -> list[str]:
    """What the marks mean and what each metric counts."""
    marks = [f"{mark}  {words}" for mark, words in sentences.MARKS.items()]
    defined = {s.metric.slug: f"{s.metric.title}: {s.metric.definition}." for s in sheets}
    return [*marks, *defined.values()]
