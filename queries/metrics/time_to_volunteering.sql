/*
title = "Time to volunteering"
why = "Outcomes take time. This shows how the share who reached it grows with the months, and counts everyone for as long as they were seen."
numerator = "Journeys that reached volunteering by then, allowing for those no longer observed"
denominator = "Journeys of services that record outcomes"
says = "had reached volunteering by {months}"
unit = "journeys"
shape = "waiting"
labels = ["months"]
direction = "none"
base = "all"
horizon = "months"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
event_time = false
caution = "A closed journey without the outcome is counted as closed, not as still waiting, unless the service looks for outcomes after closure."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
select by_1, by_2, part,
    least(coalesce(days_to_volunteering, days_to_end, time_possible), 1096) as day,
    count(days_to_volunteering) as events,
    -- a closed journey without it can no longer be seen to reach it, unless the service looks for outcomes after closure
    count(*) filter (where days_to_volunteering is null and days_to_end is not null) as competing,
    -- seen to the last horizon that it has passed
    count(*) filter (where days_to_volunteering is null and days_to_end is null) as censored
from selected
where records_outcomes
group by by_1, by_2, part, 4
