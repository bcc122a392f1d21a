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
caution = "A person can set several goals, so the shares add up to more than 100%."

[left_out]
not_recorded = "not records_goals"
no_goal_set = "records_goals and len(goals) = 0"
*/
with counted as (
    select * from selected where records_goals and len(goals) > 0
)

select by_1, by_2, part, goal, count(*) as numerator, null as denominator
from (select by_1, by_2, part, unnest(goals) as goal from counted) as given
group by by_1, by_2, part, goal
union all
-- the row without a goal is the denominator of every goal
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
