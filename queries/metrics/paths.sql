/*
title = "Ways through the rungs"
why = "The order in which people first reach the rungs."
numerator = "Journeys by the rungs first reached after referral, in order"
says = "reached {path}"
unit = "journeys"
shape = "count"
labels = ["path"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = true
event_time = false
caution = "Only ways taken by enough people are listed; a rung held at referral is left out."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
observed_under_91_days = "records_outcomes and not is_observed_91"
*/
select by_1, by_2, part, path, count(*) as count
from selected_standing
where records_outcomes and is_observed_91
group by by_1, by_2, part, path
