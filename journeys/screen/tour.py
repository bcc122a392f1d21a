"""The stops of a meeting: the board's six figures, the spiral, and what the reader ticked, one panel a stop; which of them is shown is in the address."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from journeys.screen import session
from journeys.screen.address import PRESENT, SECOND, SPLIT, TOUR
from journeys.vocabulary import metrics

# the board's figures: metric, and the page that says more
BOARD = (
    ("referrals", "Referrals"),
    ("contact_within_28_days", "Referrals"),
    ("climbed", "Upward_spiral"),
    ("stepping_stone", "Outcomes"),
    ("found_work", "Outcomes"),
    ("work_goal", "Goals"),
)
LAST = 999  # a screen beyond all that a stop has: its last one
PLACE = re.compile(r"([1-9]\d{0,3})(?:\.([1-9]\d{0,2}|last))?")
T = TypeVar("T")


@dataclass(frozen=True)
class Stop:
    """A panel of a page, and by what the reader had split it when it was ticked (None: as the page does)."""

    page: str
    panel: str
    split: str | None = None

    @property
    def written(self) -> str:
        """As it stands in the address: Outcomes/found_work, Outcomes/found_work/gender."""
        return "/".join((self.page, self.panel, *([] if self.split is None else [self.split])))

    def is_at(self, page: str, panel: str) -> bool:
        return (self.page, self.panel) == (page, panel)


ALWAYS = (*(Stop("", metric) for metric, _ in BOARD), Stop("Upward_spiral", "spiral_start"))


def stops() -> tuple[Stop, ...]:
    """All of them in the order of the meeting."""
    return (*ALWAYS, *ticked())


def ticked() -> tuple[Stop, ...]:
    """What the reader wants to show beside the seven that are always shown: as the address of a meeting says, else as kept by the session."""
    written = st.query_params.get_all(TOUR) or session.TICKED.get()
    found = dict.fromkeys(_stop(*one.split("/", 2)) for one in written if "/" in one)
    return tuple(stop for stop in found if not is_always(stop.page, stop.panel))


def _stop(page: str, panel: str, split: str | None = None) -> Stop:
    """A stop as the address of a meeting has it, perhaps since before its metric had another name."""
    slug, dash, usual = panel.partition("-")
    return Stop(page, f"{metrics.now_called(slug)}{dash}{usual}", split)


def is_always(page: str, panel: str) -> bool:
    return any(stop.is_at(page, panel) for stop in ALWAYS)


def is_ticked(page: str, panel: str) -> bool:
    return is_always(page, panel) or any(stop.is_at(page, panel) for stop in ticked())


def tick(page: str, panel: str, split: str | None, *, is_on: bool) -> None:
    """Show a panel in the meeting, last of all, or no longer; one that is ticked already keeps its place."""
    others = [stop for stop in ticked() if not stop.is_at(page, panel)]
    place = next((i for i, stop in enumerate(ticked()) if stop.is_at(page, panel)), len(others))
    kept = [*others[:place], *[Stop(page, panel, split)] * is_on, *others[place:]]
    session.TICKED.keep(tuple(stop.written for stop in kept))


def place() -> tuple[int, int]:
    """Which stop the address shows, counted from 0 and never beyond the last, and which screen of it, counted from 1."""
    found = PLACE.fullmatch(st.query_params.get(PRESENT, ""))
    stop, screen = (int(found[1]), LAST if found[2] == "last" else int(found[2] or 1)) if found else (1, 1)
    return min(stop, len(stops())) - 1, screen


def now() -> Stop:
    return stops()[place()[0]]


def first_on(page: str) -> int:
    """The first stop on a page, counted from 0; the first of all where the page has none."""
    return next((i for i, stop in enumerate(stops()) if stop.page == page), 0)


def show(stop: int, screen: int = 1) -> None:
    """Put a stop into the address, with all that makes the meeting the same in another browser."""
    st.query_params[PRESENT] = {1: f"{stop + 1}", LAST: f"{stop + 1}.last"}.get(screen, f"{stop + 1}.{screen}")
    st.query_params[TOUR] = [one.written for one in ticked()]


def go(by: int) -> None:
    """One screen on or back; past the last screen of a stop to the first of the next, before its first to the last of the one before."""
    stop, screen = place()
    screen = min(screen, session.SCREENS.get())
    if 1 <= screen + by <= session.SCREENS.get():
        show(stop, screen + by)
    elif 0 <= stop + by < len(stops()):
        show(stop + by, LAST if by < 0 else 1)


def end() -> None:
    """Leave the meeting, on the page of its stop; how panels of other pages were split is left with it."""
    here = [one for one in st.query_params.get_all(SPLIT) if one.partition(":")[0] in session.SPLIT_HERE.get()]
    for name in (PRESENT, TOUR, SPLIT):
        st.query_params.pop(name, None)
    if here:
        st.query_params[SPLIT] = here


def looks() -> dict[str, list[str]]:
    """The address parameters of a meeting that go along to another page."""
    return {name: st.query_params.get_all(name) for name in (PRESENT, TOUR, SPLIT, *SECOND) if name in st.query_params}


def on_this_screen(rows: Sequence[T], heights: Sequence[float], room: float) -> tuple[Sequence[T], str]:
    """Those of a table's rows that are on the screen that is shown, and words on how it goes on; `heights` and `room` in pixels."""
    screens = list(_filled(heights, room))
    session.SCREENS.keep(len(screens))
    first, end = screens[min(place()[1], len(screens)) - 1]
    words = (
        f"{first + 1} to {end} of {len(rows)}: Next goes on"
        if end < len(rows)
        else f"{first + 1} to {end} of {len(rows)}"
    )
    return rows[first:end], words if len(screens) > 1 else ""


def _filled(heights: Sequence[float], room: float) -> Iterator[tuple[int, int]]:
    """The first row and the end of each screen; at least one row is on each."""
    first, used = 0, 0.0
    for i, height in enumerate(heights):
        if i > first and used + height > room:
            yield first, i
            first, used = i, 0.0
        used += height
    yield first, len(heights)
