"""Hand a delivery over, see what the check says and what would change, and load it; off unless configuration allows it."""

from journeys import screen

screen.frame("Data", "Check a delivery, see what it would change, and load it.")
screen.data_page()
