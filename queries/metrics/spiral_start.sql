/*
title = "Where people stand at referral"
why = "Work is a long way from where most people start; this shows how far."
numerator = "Journeys on the rung at referral"
denominator = "Journeys of services that record outcomes"
says = "stood at referral on the rung {rung}"
unit = "journeys"
shape = "proportion"
labels = ["rung"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
event_time = false
caution = "By employment status alone; nobody's needs are known on the first day. So basic needs and confidence never appear at the start."

[same_as]
rung = "start_rung"

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
with counted as (
    select by_1, by_2, part, start_rung as rung, count(*) as journeys
    from selected where records_outcomes group by by_1, by_2, part, start_rung
)

select by_1, by_2, part, rung, journeys as numerator, null as denominator
from counted
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
