/*
title = "Took a stepping stone"
why = "Training, education, a qualification, volunteering or work experience: the steps that usually come before work."
numerator = "Journeys whose first such outcome came on day 0 to the horizon"
denominator = "Journeys with the time to reach the horizon, in services that record outcomes"
says = "took a stepping stone (training, volunteering or work experience)"
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
caution = "The first of them counts; one person counts once."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
too_early = "records_outcomes and time_possible < horizon"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_stepping_stone <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and time_possible >= horizon
group by by_1, by_2, part
