/*
title = "Started work experience"
why = "A first taste of work without the risk of losing benefits."
numerator = "Journeys whose first such outcome came on day 0 to the horizon"
denominator = "Journeys with the time to reach the horizon, in services that record outcomes"
says = "started work experience"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "within"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = false
funnel = true
event_time = false
caution = "Counts starts, not completions."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
too_early = "records_outcomes and time_possible < horizon"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_work_experience <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and time_possible >= horizon
group by by_1, by_2, part
