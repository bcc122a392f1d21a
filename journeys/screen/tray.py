"""The pack tray: what is ticked for the meeting as a board pack, with a reader's own titles, commentary and actions.

It is taken away as slides, workbook or page, or as the recipe that `python -m journeys pack --recipe` reads. Own words stay in the session and in
these files: never in the store, an address or a log.
"""

import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import streamlit as st

from journeys.files import pack, recipe
from journeys.files.recipe import LONGEST, MOST_ACTIONS, MOST_PANELS, Panel, Recipe
from journeys.intake.identifiers import kind_of
from journeys.screen import answers, html, session, tour
from journeys.store.opened import Store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS, MOST_BREAKDOWNS, Selection
from journeys.words import sentences

FILES = {
    ".pptx": ("Slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("Workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".html": ("Page", "text/html"),
}
WHAT = (
    "The board's figures over time, what moved on the spiral, and each panel with a tick at “Meeting”, in that order, of what is chosen now. Your own words are kept "
    "until you leave, and go into the files alone: write nothing about a person."
)
TITLE = "title of the pack"


def button() -> None:
    """The button that opens the tray."""
    if st.button(
        "Board pack", icon=":material/cases:", key="open-pack", help="Slides, a workbook or a page to take away"
    ):
        _tray()


@st.dialog("Board pack", width="large")
def _tray() -> None:
    html.show(html.tag("p", WHAT))
    store, chosen = answers.store(), session.FRAMED.get()
    panels, n_without = panels_of(tour.ticked(), [pack.of_board(one, store, chosen) for one in pack.BOARD])
    _words(TITLE, "", "Title", LONGEST["title"], recipe.TITLE)
    for place, name in enumerate(names_of(panels), 1):
        with st.expander(html.plain(f"{place}. {name}"), key=f"pack-{place}"):
            _words(name, "title", "Title (else the finding)", LONGEST["title"])
            _words(name, "commentary", "Commentary", LONGEST["commentary"], is_long=True)
            _words(name, "actions", "Actions, a line each", MOST_ACTIONS * LONGEST["action"], is_long=True)
    if n_without:
        html.hint(
            f"{n_without} ticked {'panels are' if n_without > 1 else 'panel is'} not of a kind that a pack holds."
        )
    asked = made(panels, session.PACK.get())
    if trouble := recipe.identifying(asked, kind_of):
        st.error(html.plain(trouble), icon=":material/person_off:")
    else:
        _files(store, chosen, asked)


def _files(store: Store, chosen: Selection, asked: Recipe) -> None:
    with st.container(horizontal=True, key="pack-files"):
        for ending, (label, kind) in FILES.items():
            _download(label, partial(_written, ending, store, chosen, asked), f"board-pack{ending}", kind)
        _download("Recipe", lambda: recipe.text(asked).encode(), "board-pack.toml", "application/toml")


def _download(label: str, data: Callable[[], bytes], name: str, kind: str) -> None:
    st.download_button(
        label, data, name, kind, key=f"pack-{name}", icon=":material/download:", on_click="ignore", type="tertiary"
    )


def _written(ending: str, store: Store, chosen: Selection, asked: Recipe) -> bytes:
    """The file, written when its button is pressed."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place, f"pack{ending}")
        pack.write(out, store, chosen, asked)
        return out.read_bytes()


def panels_of(stops: Iterable[tour.Stop], first: Iterable[Panel] = ()) -> tuple[list[Panel], int]:
    """The `first` panels and ticked stops as panels of a pack, each once, and how many are none: those about services or publications, and what no recipe takes."""
    found = [_panel(stop) for stop in stops]
    each = list(dict.fromkeys((*first, *filter(None, found))))
    return each[:MOST_PANELS], sum(one is None for one in found) + len(each[MOST_PANELS:])


def _panel(stop: tour.Stop) -> Panel | None:
    slug, *by = stop.panel.split("-")
    metric = metrics.catalogue().get(slug)
    split = by if stop.split is None else [name for name in stop.split.split(",") if name]
    allowed = set(BREAKDOWNS) - set(metric.labels if metric else ())
    # a stop may come from an address, which anybody can write
    if metric is None or not set(split) <= allowed or not len(set(split)) == len(split) <= MOST_BREAKDOWNS:
        return None
    return Panel(slug, tuple(split))


def names_of(panels: list[Panel]) -> list[str]:
    """What each is called, which own words are kept by: a figure of the board the same whether it is by quarter or by year, which the selection decides."""
    board = [f"{metrics.get(one.metric).title} over time" if one.by else _name(one) for one in pack.BOARD]
    return [*board, *map(_name, panels[len(board) :])]


def _name(panel: Panel) -> str:
    by = f" by {sentences.listed(map(sentences.dimension_words, panel.by))}" if panel.by else ""
    return f"{metrics.get(panel.metric).title}{by}"


def made(panels: list[Panel], words: dict[tuple[str, str], str]) -> Recipe:
    """The recipe of these panels with what a reader has written, by panel and kind; lines that are too many or too long are left out or cut."""
    written = []
    for one, name in zip(panels, names_of(panels), strict=True):
        said = {kind: words.get((name, kind), "") for kind in ("title", "commentary", "actions")}
        actions = [line[: LONGEST["action"]] for line in map(_line, said["actions"].splitlines()) if line]
        written.append(
            Panel(
                one.metric,
                one.by,
                _line(said["title"])[: LONGEST["title"]],
                _line(said["commentary"])[: LONGEST["commentary"]],
                tuple(actions[:MOST_ACTIONS]),
            )
        )
    return Recipe(tuple(written), _line(words.get((TITLE, ""), "")) or recipe.TITLE)


def _line(text: str) -> str:
    """In one line, of what can be seen."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _words(of: str, kind: str, label: str, most: int, usual: str = "", *, is_long: bool = False) -> None:
    """A place to write in, which keeps what was written while the tray is shut."""
    key = f"pack-{of}-{kind}"
    ask = partial(st.text_area, height=100) if is_long else st.text_input
    ask(
        label, session.PACK.get().get((of, kind), usual), max_chars=most, key=key, on_change=_keep, args=(of, kind, key)
    )


def _keep(of: str, kind: str, key: str) -> None:
    session.PACK.keep({**session.PACK.get(), (of, kind): str(session.shown(key, ""))})
