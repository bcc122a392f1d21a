/*
title = "Moved towards work after setting a work goal"
why = "Of those who wanted to move towards work, how many took a step or found work."
numerator = "Journeys with a stepping stone (training, education, qualification, volunteering, work experience) or work within the horizon"
denominator = "Journeys with an employment goal and the time to reach the horizon, in services that record goals and outcomes"
says = "took a stepping stone or found work"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "within"
needs = ["goals", "outcomes"]
caution = "The step may have come before the goal was written down."

[left_out]
not_recorded = "not (records_goals and records_outcomes)"
too_early = "records_goals and records_outcomes and days_possible < horizon"
no_work_goal = "records_goals and records_outcomes and days_possible >= horizon and work_goal <> 'yes'"
*/
select by_1, by_2, part,
    count(*) filter (where least(days_to_stepping_stone, days_to_work) <= horizon) as numerator,
    count(*) as denominator
from selected
where records_goals and records_outcomes and work_goal = 'yes' and days_possible >= horizon
group by by_1, by_2, part
