"""One service: what it is, how its figures stand beside those of all, and what to ask it."""

from journeys import screen

chosen = screen.frame("Service", "One service, beside all services and beside clients like its own.")

screen.service_page(chosen)
with screen.fold("Referrals, moves, starts and what is recorded"):
    screen.panel("referrals", chosen, by=("quarter",))
    screen.panel("spiral_movement", chosen, has_ages=True)
    screen.panel("not_started", chosen, title="Why activities did not start")
    screen.panel("completeness", chosen)
screen.how_counted()
