/*
title = "How long support lasted"
why = "Long support can be thorough or slow; short support can be enough or too little."
numerator = "Journeys that closed in the period after that time"
denominator = "Journeys that closed in the period"
says = "were closed after {length}"
unit = "journeys"
shape = "proportion"
labels = ["length"]
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = true
caution = "From referral to closing, by the month of closing. Journeys that are still open are not in it."

[left_out]
still_open = "not is_closed"
*/
with counted as (
    select by_1, by_2, part, length, count(*) as journeys
    from selected_closure group by by_1, by_2, part, length
)

select by_1, by_2, part, length, journeys as numerator, null as denominator
from counted
union all
-- the row without a length is the denominator of every length
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
