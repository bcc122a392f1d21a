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
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = true
funnel = true
event_time = false
caution = "The last day on which somebody was seen differs: the end of the data while a journey is open, otherwise its closing or the last outcome recorded. A job without an end date is taken to go on."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
with counted as (
    select by_1, by_2, part, rung_now as rung, count(*) as journeys
    from selected_standing where records_outcomes group by by_1, by_2, part, rung_now
)

select by_1, by_2, part, rung, journeys as numerator, null as denominator
from counted
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
