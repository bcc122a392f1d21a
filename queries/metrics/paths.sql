/*
title = "Ways through the rungs"
why = "The order in which people first reach the rungs."
numerator = "Journeys by the rungs first reached after referral, in order"
says = "took the way {path}"
unit = "journeys"
shape = "count"
labels = ["path"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = "Only ways taken by enough people are listed; a rung held at referral is left out."

[left_out]
not_recorded = "not records_outcomes"
observed_under_91_days = "records_outcomes and days_observed < 91"
*/
select by_1, by_2, part, path, count(*) as count
from selected
where records_outcomes and days_observed >= 91
group by by_1, by_2, part, path
