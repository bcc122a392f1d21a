"""The ways people take through the rungs, how they reach work, and how long it takes."""

from journeys import figures, screen

chosen = screen.frame(
    "Pathways",
    "Few people go straight to work. This page shows the order in which they reach the rungs, and how long it takes.",
)

screen.panel(
    "paths",
    chosen,
    figure=figures.ways,
    title="The commonest ways through the rungs",
    note="The numbers in the circles say in which order people first reached the rungs; rungs held at referral are left out.",
)
screen.panel("route_to_work", chosen)
screen.panel(
    "time_to_stepping_stone",
    chosen,
    figure=figures.waiting,
    also=("time_to_training", "time_to_volunteering", "time_to_work"),
    title="How long it takes to a stepping stone, training, volunteering and work",
    note="The lines count everyone for as long as they were seen, so that people referred lately are not lost; a line ends where too few are still seen.",
)
screen.panel(
    "spiral_flow",
    chosen,
    title="From the rung at referral to the rung now",
    note="Across: the rung at referral. Down: the rung now.",
)
