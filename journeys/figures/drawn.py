"""A figure that is done: what a browser is sent, as one text, so that drawing it again for somebody else costs nothing."""

import json

import plotly.graph_objects as go

from journeys.words.phrases import MARKS

EXPLAINED = "explained"  # in a layout's meta: the marks that the figure itself says the meaning of


class Drawn(go.Figure):
    """A figure that nobody changes any more. Streamlit takes it as any other and asks for its dict."""

    def __init__(self, figure: go.Figure) -> None:
        # the parts of a figure are thousands of objects, for Python to walk whenever it looks for garbage
        object.__setattr__(self, "_text", figure.to_json(validate=False))
        object.__setattr__(self, "tall", figure.layout.height or 0)  # pixels
        object.__setattr__(self, "_explained", (figure.layout.meta or {}).get(EXPLAINED, ()))

    @property
    def marks(self) -> tuple[str, ...]:
        """What the marks that stand in it mean: `[c] hidden: ...`; of rows that it leaves out, and of marks that it explains itself, there are none."""
        found = (mark for mark in MARKS if mark in self._text and mark not in self._explained)
        return tuple(f"{mark} {MARKS[mark]}" for mark in found)

    def to_dict(self) -> dict:
        return json.loads(self._text)
