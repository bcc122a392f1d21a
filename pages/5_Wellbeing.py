"""What changed for people between a first and a later reading, and for how many anybody knows."""

from journeys import screen

chosen = screen.frame(
    "Wellbeing", "How people rate their own lives and what stands in their way: each person compared with themselves."
)

screen.panel(
    "followed_up",
    chosen,
    note="Start here: without a second reading nobody can say what changed, and those who have one may differ from those who do not.",
)
screen.panel(
    "wellbeing_change",
    chosen,
    note="Only people with two readings count. The average of everyone at the start beside the average of everyone at the end is a trap: when five people "
    "stay at 15 and five at 25, and the five low scorers drop out, it says +5 although nobody changed; pairs say 0.0, for 5 of 10 people. "
    "For anxiety, loneliness and barriers lower is better, so a minus is an improvement.",
)
screen.section("Barriers", "What stood in people's way at the first reading, and what was there at the latest.")
screen.panel("barriers_gone", chosen)
screen.panel("barriers_new", chosen)
screen.how_counted()
