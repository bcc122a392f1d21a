/*
title = "Outcomes by when they happened"
why = "How much is happening in a period, whenever people were referred."
numerator = "Outcomes that started in the period"
says = "were recorded as {outcome}"
unit = "outcomes"
shape = "count"
labels = ["outcome"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
event_time = true
caution = "Counted by the month in which they started, not by the month of referral; one person can have several. In the first year of a service's data they still fill up."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
select by_1, by_2, part, outcome, count(*) as count
from selected_outcome
where records_outcomes
group by by_1, by_2, part, outcome
