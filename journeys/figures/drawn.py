"""A figure that is done: what a browser is sent, as one text, so that drawing it again for somebody else costs nothing."""

import json

import plotly.graph_objects as go

from journeys.figures.canvas import AROUND
from journeys.words.phrases import MARKS

EXPLAINED = "explained"  # in a layout's meta: the marks that the figure itself says the meaning of


class Drawn(go.Figure):
    """A figure that nobody changes any more. Streamlit takes it as any other and asks for its dict.

    The words around it (`key`: sign, colour, words each; `feet`: lines) are in the figure, or beside it where it `is_bare`. `spare`: pixels above
    its plot that are empty, and from which width on.
    """

    def __init__(self, figure: go.Figure, *, is_bare: bool = False) -> None:
        # the parts of a figure are thousands of objects, for Python to walk whenever it looks for garbage
        meta = figure.layout.meta or {}
        around = meta.get(AROUND) or {}
        object.__setattr__(self, "_text", figure.to_json(validate=False))
        object.__setattr__(self, "tall", figure.layout.height or 0)  # pixels, with the words around it
        object.__setattr__(self, "_explained", meta.get(EXPLAINED, ()))
        object.__setattr__(self, "_is_bare", is_bare and bool(around))
        object.__setattr__(self, "spare", tuple(around.get("spare", ())) if self._is_bare else ())
        object.__setattr__(self, "key", tuple(map(tuple, around["key"])) if self._is_bare else ())
        object.__setattr__(self, "feet", tuple(around["feet"]) if self._is_bare else ())

    @property
    def marks(self) -> tuple[str, ...]:
        """What the marks that stand in it mean: `[c] hidden: ...`; of rows that it leaves out, and of marks that it explains itself, there are none."""
        found = (mark for mark in MARKS if mark in self._text and mark not in self._explained)
        return tuple(f"{mark} {MARKS[mark]}" for mark in found)

    def whole(self) -> dict:
        """With the words around it, for where it stands alone."""
        return json.loads(self._text)

    def apart(self) -> tuple[dict, tuple[tuple[str, str, str], ...], tuple[str, ...]]:
        """Without the words around it, which follow: the entries of its key, and the lines below it."""
        found = self.whole()
        around = found["layout"].get("meta", {}).get(AROUND)
        if not around:
            return found, (), ()
        return _bare(found), tuple(map(tuple, around["key"])), tuple(around["feet"])

    def to_dict(self) -> dict:
        found = self.whole()
        return _bare(found) if self._is_bare else found


def _bare(found: dict) -> dict:
    """A figure without the words around it, and without the room that they take."""
    layout = found["layout"]
    room = layout.pop("meta")[AROUND]
    layout["annotations"] = [note for note in layout.get("annotations", ()) if note.get("name") != AROUND]
    layout["height"] -= room["t"] + room["b"]
    layout["margin"] |= {side: layout["margin"][side] - room[side] for side in ("t", "b")}
    return found
