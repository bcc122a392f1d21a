"""The board pack: the same released answers as slides (PowerPoint, with charts that can be edited), as one page of HTML or, of every metric, as an accessible workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from journeys.answer.question import OWN_BASE, is_on_its_own_base
from journeys.answer.released import Released
from journeys.files import printed, slides, web_page, workbook
from journeys.files.recipe import Panel, Recipe
from journeys.files.sheet import Cover, Sheet
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import selection_words
from journeys.vocabulary.selection import Selection
from journeys.words import beside, comparator, sentences
from journeys.words.of_period import chosen_whole
from journeys.words.series import series

QUARTERS, YEARS = ("quarter",), ("financial_year",)
# the board's figures over time, then what moved on the spiral; `of_board` says by which periods
BOARD = (
    Panel("referrals", QUARTERS),
    Panel("contact_within_28_days", QUARTERS),
    Panel("climbed", QUARTERS),
    Panel("stepping_stone", QUARTERS),
    Panel("found_work", QUARTERS),
    Panel("work_goal", QUARTERS),
    Panel("spiral_movement"),
)
# what a board asks, in the order of a journey
CONTENTS = (*BOARD, Panel("spiral_now"), Panel("referral_reasons"), Panel("goals_set"), Panel("first_jobs"))
ENDING = "What the marks mean, and who is counted"


def write(out: Path, store: Any, selection: Selection, recipe: Recipe | None = None) -> None:
    """Write the pack for a selection to `out` (.pptx, .xlsx, .html or .pdf). ValueError for another ending, a refused selection or panel, or no browser to print with."""
    writers = {".pptx": slides.write, ".xlsx": workbook.write, ".html": _page, ".pdf": _printed}
    ending = out.suffix.lower()
    if ending not in writers:
        raise ValueError(f"{out}: a board pack is .pptx, .xlsx, .html or .pdf")
    store.lists.check(selection, ())
    usual = tuple(of_board(panel, store, selection) for panel in CONTENTS)
    asked = recipe or Recipe(usual if ending != ".xlsx" else (*usual, *_rest()))
    sheets = [_sheet(store, selection, panel, f"panel {i}") for i, panel in enumerate(asked.panels, 1)]
    writers[ending](out, _cover(store, selection, asked.title), sheets, (ENDING, *_ending(sheets)))


def of_board(panel: Panel, store: Any, selection: Selection) -> Panel:
    """A panel over time as a board reads it: by quarter where those say what is usual, else by year, and by nothing where there is one part or no figure."""
    if panel.by != QUARTERS:
        return panel
    metric, units = metrics.get(panel.metric), partial(store.lists.calendar.units, period=selection.period)
    quarters = store.ask(metric.slug, metric.on_its_base(selection), QUARTERS)
    is_judged = bool((latest := series(quarters, metric).latest) and latest.spc)
    split = QUARTERS if is_judged or len(units("financial_year")) < 2 else YEARS
    has_figures = split == YEARS or sum(row.is_shown for row in quarters.rows) > 1
    return replace(panel, by=split if has_figures else ())


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
    whole = chosen_whole(released, store.ask)
    return Sheet(panel, metric, released, store.lists.name, _beside(store, whole or released), whole)


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
