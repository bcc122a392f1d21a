"""Two selections side by side, with the difference of each share in words."""

from journeys import screen

chosen = screen.frame(
    "Compare cohorts", "Choose two groups, years or services and see what differs clearly, and what does not."
)
other = screen.second(chosen)

screen.differences(
    chosen,
    other,
    (
        "contact_within_28_days",
        "engaged",
        "work_goal",
        "climbed",
        "training_or_education",
        "volunteering",
        "stepping_stone",
        "found_work",
    ),
)
screen.side_by_side("spiral_now", chosen, other)
screen.side_by_side("goals_set", chosen, other)
screen.side_by_side("referral_reasons", chosen, other)
