/*
title = "Time to work"
why = "Outcomes take time. This shows how the share who reached it grows with the months, and counts everyone for as long as they were seen."
numerator = "Journeys that reached work by then, allowing for those no longer observed"
denominator = "Journeys of services that record outcomes"
says = "had reached work by {months}"
unit = "journeys"
shape = "waiting"
labels = ["months"]
direction = "none"
base = "all"
horizon = "months"
needs = ["outcomes"]
caution = "Cumulative incidence: a closed journey without the outcome is counted as closed, not as still waiting."

[left_out]
not_recorded = "not records_outcomes"
*/
select by_1, by_2, part,
    least(coalesce(days_to_work, days_observed), 731) as day,
    count(days_to_work) as events,
    -- a closed journey without it can no longer be seen to reach it, unless the service follows up
    count(*) filter (where days_to_work is null and is_closed and not follows_up_after_closure) as competing,
    count(*) filter (where days_to_work is null and (not is_closed or follows_up_after_closure)) as censored
from selected
where records_outcomes
group by by_1, by_2, part, least(coalesce(days_to_work, days_observed), 731)
