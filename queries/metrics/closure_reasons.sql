/*
title = "Why journeys closed"
why = "Shows how many completed, and how many drifted away."
numerator = "Closed journeys with that reason"
denominator = "Closed journeys"
says = "were closed with the reason {closure_reason}"
unit = "journeys"
shape = "proportion"
labels = ["closure_reason"]
direction = "none"
base = "all"
horizon = "none"
needs = []
caution = ""

[left_out]
still_open = "not is_closed"
*/
with counted as (
    select * from selected where is_closed
)

select by_1, by_2, part, closure_reason, count(*) as numerator, null as denominator
from counted
group by by_1, by_2, part, closure_reason
union all
-- the row without a reason is the denominator of every reason
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
