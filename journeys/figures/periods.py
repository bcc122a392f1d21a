"""The axis of periods, which all figures over time share."""

import re
from collections.abc import Sequence

from journeys.figures.canvas import SMALL, Canvas
from journeys.figures.colours import GREY
from journeys.words import phrases

MOST_TICKS = 6


def time_axis(fig: Canvas, periods: Sequence[str]) -> None:
    """The axis of periods: at most six ticks, on the first period of financial years where the series is long."""
    places = _ticks(periods)
    texts = [phrases.short_period(periods[i]).replace(" ", "<br>") for i in places]
    if len({text.split("<br>")[0] for text in texts}) == 1:
        # the quarter is said once, a phone has no room for it at every year; its first month always, since a year does not begin there
        texts = [text if i == 0 else re.sub("–.*<br>", "<br>", text) for i, text in enumerate(texts)]
    fig.update_xaxes(
        range=[-0.6, len(periods) - 0.4], tickvals=places, showgrid=False, zeroline=False, fixedrange=True,
        ticktext=texts, tickfont={"size": SMALL},
        ticks="outside", tickcolor=GREY, title={"text": ""}, tickangle=0,
    )  # fmt: skip


def _ticks(periods: Sequence[str]) -> list[int]:
    if len(periods) <= MOST_TICKS:
        return list(range(len(periods)))
    aprils = [i for i, p in enumerate(periods) if phrases.month_of(p).endswith("-04")]
    if len(aprils) < 3:
        step = -(-len(periods) // MOST_TICKS)
        return list(range(0, len(periods), step))
    return aprils[:: -(-len(aprils) // MOST_TICKS)]
