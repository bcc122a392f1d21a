/*
title = "Started training or education"
why = "Learning is a stepping stone towards work, and an outcome of its own."
numerator = "Journeys whose first such outcome came on day 0 to the horizon"
denominator = "Journeys with the time to reach the horizon, in services that record outcomes"
says = "started training or education"
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
    count(*) filter (where days_to_training <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and time_possible >= horizon
group by by_1, by_2, part
