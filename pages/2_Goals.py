"""What people want, what they achieve, and when work comes up."""

from journeys import figures, screen

chosen = screen.frame("Goals", "What people want for themselves, and what they reach.", has_contents=True)

screen.panel("goals_set", chosen)
screen.panel("goals_achieved", chosen)
screen.section(
    "When work comes up",
    "Work is one goal among others. It is seldom the first, and for people past working age it is often none.",
)
screen.three_bases("work_goal", chosen, by=("quarter",))
screen.panel(
    "time_to_work_goal",
    chosen,
    figure=figures.waiting,
    title="How long after referral a first goal about work is set",
    published="interest_in_work_grows",
    has_bases=True,
)
with screen.fold("Goals about work, service by service"):
    screen.panel("work_goal", chosen, by=("service",), has_ages=True)
    screen.panel("work_goal_moved", chosen, by=("service",), has_ages=True)
screen.how_counted()
