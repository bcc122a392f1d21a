"""Services beside all of them and beside clients like their own, with what each one is; never a ranking."""

from journeys import screen

chosen = screen.frame(
    "Services",
    "Services differ in what they are and whom they serve: each stands beside all of them and beside clients like its own, never in a league table.",
    has_contents=True,
)

screen.services_by_measures(chosen, ("engaged", "climbed", "stepping_stone", "found_work"), has_funnels=True)
with screen.fold("Each measure against chance"):
    screen.service_against("engaged", chosen)
    screen.service_against("climbed", chosen)
    screen.service_against("stepping_stone", chosen)
    screen.service_against("found_work", chosen)
with screen.fold("What each service is, and what it does towards work"):
    screen.service_context(chosen)
    screen.what_it_takes(chosen)
screen.how_counted()
