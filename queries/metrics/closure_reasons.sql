/*
title = "Why journeys closed"
why = "Shows how many completed, and how many drifted away."
numerator = "Journeys that closed in the period with that reason"
denominator = "Journeys that closed in the period"
says = "were closed as {closure_reason}"
unit = "journeys"
shape = "proportion"
labels = ["closure_reason"]
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = true
caution = "By the month of closing, whenever people were referred."

[left_out]
still_open = "not is_closed"
*/
with counted as (
    select by_1, by_2, part, closure_reason, count(*) as journeys
    from selected_closure group by by_1, by_2, part, closure_reason
)

select by_1, by_2, part, closure_reason, journeys as numerator, null as denominator
from counted
union all
-- the row without a closure_reason is the denominator of every closure_reason
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
