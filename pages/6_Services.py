"""Each service against chance and against clients like its own, with what it is; never a ranking."""

from journeys import screen

chosen = screen.frame(
    "Services",
    "Services differ in what they are and whom they serve. Each stands here beside chance and beside clients like its own, never in a league table.",
    has_contents=True,
)

screen.service_context(chosen)
screen.what_it_takes(chosen)
screen.service_against("engaged", chosen)
screen.service_against("climbed", chosen)
screen.service_against("stepping_stone", chosen)
screen.service_against("found_work", chosen)
screen.how_counted()
