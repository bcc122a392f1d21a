/*
title = "From rung to rung"
why = "Shows which steps people took between referral and now."
numerator = "Journeys by rung at referral and rung now"
says = "went from {start_rung} to {rung}"
unit = "journeys"
shape = "count"
labels = ["start_rung", "rung"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = ""

[left_out]
not_recorded = "not records_outcomes"
*/
select by_1, by_2, part, start_rung, rung_now as rung, count(*) as count
from selected
where records_outcomes
group by by_1, by_2, part, start_rung, rung_now
