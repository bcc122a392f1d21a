/*
title = "When a goal about work comes up"
why = "Few people ask for work first; interest often grows after some months of support."
numerator = "Journeys with a first goal about work by then, allowing for those no longer observed"
denominator = "Journeys of services that record goals"
says = "had set a goal about work by {months}"
unit = "journeys"
shape = "waiting"
labels = ["months"]
direction = "none"
base = "all"
horizon = "months"
needs = ["goals"]
fed_by = ["follows_up"]
ripens = false
event_time = false
caution = "A goal about work is the person's own choice. A closed journey without one is counted as closed, not as still waiting."

[left_out]
not_recorded = "not ever_records_goals"
not_recorded_then = "ever_records_goals and not records_goals"
*/
select by_1, by_2, part,
    least(coalesce(days_to_work_goal, days_to_goals_end, time_possible), 1096) as day,
    count(days_to_work_goal) as events,
    -- a closed journey without it can no longer be seen to reach it, unless the service looks for outcomes after closure
    count(*) filter (where days_to_work_goal is null and days_to_goals_end is not null) as competing,
    -- seen to the last horizon that it has passed
    count(*) filter (where days_to_work_goal is null and days_to_goals_end is null) as censored
from selected
where records_goals
group by by_1, by_2, part, 4
