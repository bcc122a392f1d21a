/*
title = "Set a goal about work"
why = "Few people ask for work first. A low share is usual and no failing."
numerator = "Journeys with a goal to achieve or move closer to employment"
denominator = "Journeys with at least one goal, in services that record goals"
says = "set a goal about work"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "none"
needs = ["goals"]
fed_by = []
ripens = true
event_time = false
caution = "A goal about work is the person's own choice; it is never to be a target. Many such goals come up only after some months."

[same_as]
numerator = "work_goal=yes"

[left_out]
not_recorded = "not ever_records_goals"
not_recorded_then = "ever_records_goals and not records_goals"
no_goal_set = "records_goals and cardinality(goals) = 0"
*/
select by_1, by_2, part,
    count(*) filter (where work_goal = 'yes') as numerator,
    count(*) as denominator
from selected
where records_goals and cardinality(goals) > 0
group by by_1, by_2, part
