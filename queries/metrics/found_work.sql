/*
title = "Found work"
why = "Work is a health outcome, but it comes late: short windows miss most of it."
numerator = "Journeys whose first such outcome came on day 0 to the horizon"
denominator = "Journeys with the time to reach the horizon, in services that record outcomes"
says = "found work"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "out_of_work"
horizon = "within"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
funnel = true
event_time = false
caution = "Counts new jobs, self-employment and apprenticeships of at least 4 hours a week. Work is never required of anyone. Read it for people out of work at referral, and give it 12 months or more."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
too_early = "records_outcomes and time_possible < horizon"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_work <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and time_possible >= horizon
group by by_1, by_2, part
