"""What people want, what they achieve, and how often it is about work."""

from journeys import screen

chosen = screen.frame("Goals", "What people want for themselves, and what they reach.", has_contents=True)

screen.panel("goals_set", chosen)
screen.panel("goals_achieved", chosen)
screen.panel("work_goal", chosen, by=("quarter",))
screen.panel("work_goal", chosen, by=("service",))
screen.panel("work_goal_moved", chosen, by=("service",))
