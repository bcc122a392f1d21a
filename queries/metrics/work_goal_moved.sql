/*
title = "Moved towards work after setting a work goal"
why = "Of those who wanted to move towards work, how many took a step or found work in the year after."
numerator = "Journeys with a stepping stone (training, education, qualification, volunteering, work experience) or work from the day the goal was set to 365 days later"
denominator = "Journeys with an employment goal set within 183 days and at least 548 days since referral, in services that record goals and outcomes"
says = "took a stepping stone or found work in the year after their goal"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "548"
needs = ["goals", "outcomes"]
fed_by = ["follows_up"]
ripens = false
funnel = true
event_time = false
caution = "A step on the day the goal was set counts. Moving more slowly, or another way, is no failing."

[left_out]
not_recorded = "not (ever_records_goals and ever_records_outcomes)"
not_recorded_then = "ever_records_goals and ever_records_outcomes and not (records_goals and records_outcomes)"
too_early = "records_goals and records_outcomes and time_possible < 548"
no_work_goal = "records_goals and records_outcomes and time_possible >= 548 and coalesce(days_to_work_goal, 999) > 183"
*/
select by_1, by_2, part,
    count(*) filter (where has_moved_after_work_goal) as numerator,
    count(*) as denominator
from selected
where records_goals and records_outcomes and time_possible >= 548 and days_to_work_goal <= 183
group by by_1, by_2, part
