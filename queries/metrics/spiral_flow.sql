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
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = true
event_time = false
caution = "The rung at the start is by employment status alone; nobody's needs are known on the first day."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
select by_1, by_2, part, start_rung, rung_now as rung, count(*) as count
from selected_standing
where records_outcomes
group by by_1, by_2, part, start_rung, rung_now
