/*
title = "People with an outcome"
why = "How many different people are behind the outcomes of a period."
numerator = "Different people with such an outcome that started in the period"
says = "had the outcome {outcome}"
unit = "people"
shape = "count"
labels = ["outcome"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
event_time = true
caution = "Counted by the month in which the outcome started. A person with two kinds of outcome is in both."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
*/
select by_1, by_2, part, outcome, count(distinct client) as count
from selected_outcome
where records_outcomes
group by by_1, by_2, part, outcome
