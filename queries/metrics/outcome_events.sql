/*
title = "Outcomes by when they happened"
why = "How much is happening in a period, whenever people were referred."
numerator = "Outcomes that started in the period"
says = "were of the kind {outcome}"
unit = "outcomes"
shape = "count"
labels = ["outcome"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = "Counted by the month in which they started, not by the month of referral; one person can have several."

[left_out]
not_recorded = "not records_outcomes"
*/
select by_1, by_2, part, outcome, count(*) as count
from selected_outcome
where records_outcomes
group by by_1, by_2, part, outcome
