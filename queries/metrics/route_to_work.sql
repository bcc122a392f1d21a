/*
title = "Route to the first job"
why = "Most people reach work indirectly, over confidence, learning or volunteering; fewer go through employment support."
numerator = "Journeys that found work by that route"
denominator = "Journeys that found work at any time observed"
says = "reached work by {route}"
unit = "journeys"
shape = "proportion"
labels = ["route"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = "Evidence for a step can be missing because nobody recorded it; 'neither' often means that."

[left_out]
not_recorded = "not records_outcomes"
no_work_found = "records_outcomes and days_to_work is null"
*/
with counted as (
    select * from selected where records_outcomes and days_to_work is not null
)

select by_1, by_2, part, route, count(*) as numerator, null as denominator
from counted
group by by_1, by_2, part, route
union all
-- the row without a route is the denominator of every route
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
