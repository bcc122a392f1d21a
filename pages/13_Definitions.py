"""Every definition in one place, and the rules that protect people."""

from journeys import screen

screen.frame("Definitions", "What each figure counts, out of whom, and what it does not say.")
screen.section("How people are protected")
screen.protection()
screen.marks()
screen.section("What the colours mean")
screen.colours()
screen.section("Words used here")
screen.terms()
screen.section("How much is a change")
screen.thresholds()
screen.section("Every measure")
screen.definitions()
