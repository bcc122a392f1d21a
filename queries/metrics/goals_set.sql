/*
title = "Goals people set"
why = "What people themselves want to change, in their own order of need."
numerator = "Journeys with that goal"
denominator = "Journeys with at least one goal, in services that record goals"
says = "set a goal on {goal}"
unit = "journeys"
shape = "proportion"
labels = ["goal"]
direction = "none"
base = "all"
horizon = "none"
needs = ["goals"]
fed_by = []
ripens = true
event_time = false
caution = "A person can set several goals, so the shares add up to more than 100%. Goals are set over months, so those referred last have set fewer."

[same_as]
"goal=employment" = "work_goal=yes"

[left_out]
not_recorded = "not ever_records_goals"
not_recorded_then = "ever_records_goals and not records_goals"
no_goal_set = "records_goals and cardinality(goals) = 0"
*/
with counted as not materialized (
    select by_1, by_2, part, goals from selected where records_goals and cardinality(goals) > 0
)

select by_1, by_2, part, goal, count(*) as numerator, null as denominator
from (select by_1, by_2, part, unnest(goals) as goal from counted) as given
group by by_1, by_2, part, goal
union all
-- the row without a goal is the denominator of every goal
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
