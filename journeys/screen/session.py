"""What a session keeps, each thing with its type and what it is until something is kept. Only this module touches Streamlit's session state."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from journeys.vocabulary.selection import Selection
from journeys.words.finder import Find

T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """One thing that a session keeps under a name; `usual` until something is kept."""

    name: str
    usual: T

    def get(self) -> T:
        return st.session_state.get(self.name, self.usual)

    def keep(self, value: T) -> None:
        st.session_state[self.name] = value

    def forget(self) -> None:
        st.session_state.pop(self.name, None)


@dataclass(frozen=True)
class Trouble:
    """What was wrong with the link that a reader came by; said until the reader chooses something."""

    dropped: tuple[str, ...] = ()
    other_version: str = ""  # "earlier" or "later" than the one that is shown


# the selection: as chosen last, as the page of this run was framed with, and the one beside it
CHOSEN = Kept("selection", Selection())
FRAMED = Kept("framed_selection", Selection())
FORMER: Kept[Selection | None] = Kept(
    "former_selection", None
)  # before the last choice, until the address names another
ADDRESS: Kept[dict | None] = Kept("address", None)  # the parameters that the browser was told, or came with
IS_NEW = Kept("is_new_choice", False)  # chosen, and no page framed with it yet
SECOND: Kept[Selection | None] = Kept("second_selection", None)
BESIDE: Kept[Selection | None] = Kept("beside_selection", None)  # the first selection that the second was beside
TROUBLE = Kept("trouble", Trouble())

VERSION = Kept("store_version", "")
ASKING: Kept[Any] = Kept("asking", None)  # what the page of this run has asked (ahead.Page)

# the page: whether it is shown whole, what lists its panels, and how far a meeting is
WHOLE = Kept("whole_page", "")
IS_FIRST_LOOK = Kept("is_first_look", False)
IS_FOLDED = Kept("is_folded", False)  # what is drawn now stands behind a heading that is closed
CONTENTS: Kept[Any] = Kept("contents", None)  # a container of the page
ON_PAGE: Kept[tuple] = Kept("on_page", ())  # metric, selection, split and title of each panel
SPLIT_HERE: Kept[tuple[str, ...]] = Kept("split_here", ())  # the keys of what a reader can split on the page
NOTICE: Kept[Any] = Kept("notice", None)  # where the page says what was wrong with the link
LED_TO: Kept[Find | None] = Kept("led_to", None)  # what was found, until its panel is on the way
HAS_SEEN_WHY = Kept("has_seen_why", False)
PAGE = Kept("page", "")  # its address
COUNTED = Kept("panels_counted", 0)
TICKED: Kept[tuple[str, ...]] = Kept("ticked", ())  # what is shown in a meeting beside what always is: page/panel
PACK: Kept[dict[tuple[str, str], str]] = Kept("pack_words", {})  # own words for a board pack, by panel and kind
SCREENS = Kept("screens", 1)  # that the stop of a meeting needs
IS_NARROW = Kept("is_narrow", False)  # the browser has said that the screen of a meeting is no projector


def show(widget: str, value: object) -> None:
    """A widget shows this, whatever it showed before."""
    st.session_state[widget] = value


def shown(widget: str, otherwise: Any = None) -> Any:
    """What a widget shows; `otherwise` while it has not been drawn."""
    return st.session_state.get(widget, otherwise)


FOLD = "fold-"  # begins the name of a heading that panels wait behind


def opened() -> tuple[str, ...]:
    """The headings that the reader has opened on this page."""
    return tuple(sorted(name for name in st.session_state if str(name).startswith(FOLD) and st.session_state[name]))
