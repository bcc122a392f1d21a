"""What the figures stand on: what is recorded, how fresh and how complete it is, and what was refused."""

from journeys import screen

chosen = screen.frame("Data quality", "What the figures stand on, and what to do when one looks wrong.")

screen.quality_records(chosen)
screen.panel("completeness", chosen)
screen.panel("completeness", chosen, by=("service",))
screen.panel("followed_up", chosen)
with screen.fold("Second readings, service by service"):
    screen.panel("followed_up", chosen, by=("service",))
screen.quality_loads(chosen)
screen.quality_rules()
screen.how_counted()
