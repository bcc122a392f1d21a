"""The colours of every figure, and the one thing that each of them means on every page; none of them is needed to read a figure.

All stand out 3:1 on the white and on the dark ground; signs, hatches and dashes tell apart in grey what they tell apart.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A colour by its name and what it means."""

    code: str
    name: str
    means: str


BLUE, GREY = "#2073BC", "#7A8288"
TEAL, ORANGE = "#28A197", "#F46A25"
PURPLE, PINK, OCHRE = "#8F5FC4", "#C2478E", "#9A6B1F"
INTERVAL = "#6F777B"
BOUND = "rgba(122, 130, 136, 0.55)"  # where a hidden share lies
PALE = "#9CC3E6"  # a second part of what is blue, in a blue frame
TABLE = (
    Colour(BLUE, "Blue", "what a figure shows; of several beside each other, the first; paler: a part of it that has ended"),
    Colour(GREY, "Grey", "what it stands beside (averages, limits, likely ranges, all services, others, what is expected), and what is hidden, not known, unchanged or not complete"),
    Colour(TEAL, "Green", "better: improved, moved up, an improvement beyond the usual variation"),
    Colour(ORANGE, "Orange", "worse: got worse, moved back, a concern beyond the usual variation"),
    Colour(PURPLE, "Purple", "the second of several beside each other: the second selection, people of working age beside everyone, a second line"),
    Colour(PINK, "Pink", "a third line"),
    Colour(OCHRE, "Ochre", "a fourth line"),
)  # fmt: skip
LINES = (BLUE, PURPLE, PINK, OCHRE)
