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
caution = "The start is read from employment status alone, so basic needs and confidence never appear at the start."

[left_out]
not_recorded = "not records_outcomes"
*/
with counted as (
    select * from selected where records_outcomes
)

select by_1, by_2, part, start_rung as rung, count(*) as numerator, null as denominator
from counted
group by by_1, by_2, part, start_rung
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
