"""This data beside the published figures, with how their bases differ."""

from journeys import screen

chosen = screen.frame("Evidence", "What evaluations have printed, beside the same figures of this data.")
screen.evidence(chosen)
