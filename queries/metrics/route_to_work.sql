/*
title = "Route to the first job"
why = "Most people reach work indirectly, over confidence, learning or volunteering; fewer go through employment support."
numerator = "Journeys that found work by that route"
denominator = "Journeys that found work at any time observed, in services that record outcomes and activities"
says = "reached work by {route}"
unit = "journeys"
shape = "proportion"
labels = ["route"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes", "activities"]
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Evidence for a step can be missing because nobody recorded it; 'neither' often means that. Only people who found work are here."

[left_out]
not_recorded = "not (ever_records_outcomes and ever_records_activities)"
not_recorded_then = "ever_records_outcomes and ever_records_activities and not (records_outcomes and records_activities)"
no_work_found = "records_outcomes and records_activities and route is null"
*/
with counted as (
    select by_1, by_2, part, route, count(*) as journeys
    from selected where records_outcomes and records_activities and route is not null group by by_1, by_2, part, route
)

select by_1, by_2, part, route, journeys as numerator, null as denominator
from counted
union all
-- the row without a route is the denominator of every route
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
