"""What an answer looks like: the door through which pages and screens take their figures."""

from journeys.figures.bars import bars, ordered
from journeys.figures.beside import beside, compare
from journeys.figures.canvas import are_wide
from journeys.figures.change import change
from journeys.figures.colours import TABLE as COLOURS
from journeys.figures.curves import after_months, waiting
from journeys.figures.dots import dots, highlighted
from journeys.figures.drawn import Drawn
from journeys.figures.evidence import evidence
from journeys.figures.funnel import case_mix, funnel
from journeys.figures.grid import SIDE, down_of, grid
from journeys.figures.like import NOTHING, Beside
from journeys.figures.parts import parts
from journeys.figures.rows import Extent, n_lines
from journeys.figures.spiral import spiral
from journeys.figures.strips import strips
from journeys.figures.taken import Around, taken
from journeys.figures.trend import new_limits_from, over_time, small_chart, small_key, small_notes
from journeys.figures.ways import ways

__all__ = [
    "COLOURS",
    "NOTHING",
    "SIDE",
    "Around",
    "Beside",
    "Drawn",
    "Extent",
    "after_months",
    "are_wide",
    "bars",
    "beside",
    "case_mix",
    "change",
    "compare",
    "dots",
    "down_of",
    "evidence",
    "funnel",
    "grid",
    "highlighted",
    "n_lines",
    "new_limits_from",
    "ordered",
    "over_time",
    "parts",
    "small_chart",
    "small_key",
    "small_notes",
    "spiral",
    "strips",
    "taken",
    "waiting",
    "ways",
]
