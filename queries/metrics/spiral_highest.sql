/*
title = "Highest rung reached"
why = "Steps can be lost again; this shows the highest point reached."
numerator = "Journeys on the rung at the highest, up to the last day observed"
denominator = "Journeys of services that record outcomes"
says = "had {rung} as their highest rung"
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
caution = "Counts the highest rung even where it was lost again."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
with counted as (
    select by_1, by_2, part, rung_highest as rung, count(*) as journeys
    from selected_standing where records_outcomes group by by_1, by_2, part, rung_highest
)

select by_1, by_2, part, rung, journeys as numerator, null as denominator
from counted
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
