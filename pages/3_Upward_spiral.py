"""The way towards work, rung by rung: where people start, where they stand now, and who moved."""

from journeys import figures, screen

chosen = screen.frame(
    "Upward spiral",
    "Basic needs first, then confidence, then learning and volunteering as stepping stones, then work. "
    "Most people take the indirect route.",
    has_contents=True,
)

screen.spiral(chosen)
screen.working_age_beside("spiral_now", chosen)
screen.three_bases("climbed", chosen, by=("quarter",))
screen.panel("spiral_after", chosen, figure=figures.after_months, has_ages=True)
with screen.fold("Climbed and moved, service by service, and the highest rung that people reached"):
    screen.panel("climbed", chosen, by=("service",), has_ages=True)
    screen.panel("spiral_movement", chosen, by=("service",), has_ages=True)
    screen.panel("spiral_highest", chosen, has_ages=True)
screen.how_counted()
