/*
title = "Where people stand now"
why = "The last known place on the way from basic needs to staying in work."
numerator = "Journeys on the rung on the last day observed"
denominator = "Journeys of services that record outcomes"
says = "now stand on the rung {rung}"
unit = "journeys"
shape = "proportion"
labels = ["rung"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = "The last observed day differs from person to person: the end of the data for open journeys, otherwise closure or the last thing recorded. A job without an end date is taken to go on."

[left_out]
not_recorded = "not records_outcomes"
*/
with counted as (
    select * from selected where records_outcomes
)

select by_1, by_2, part, rung_now as rung, count(*) as numerator, null as denominator
from counted
group by by_1, by_2, part, rung_now
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
