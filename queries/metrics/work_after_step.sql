/*
title = "Work in the year after a step"
why = "Which steps in the first six months are followed by work."
numerator = "Journeys that found work on days 184 to 548"
denominator = "People out of work at referral with at least 548 days since then who had not found work by day 183, in services that look for outcomes after closure"
says = "found work in the year after (highest step: {step})"
unit = "journeys"
shape = "proportion"
labels = ["step"]
direction = "none"
base = "out_of_work"
horizon = "548"
needs = ["outcomes", "follows_up"]
fed_by = ["goals", "readings_needs", "readings_confidence"]
ripens = false
funnel = true
event_time = false
caution = "People who take a step, such as volunteering, differ in much else from people who do not; the step need not be what led to work."

[left_out]
not_recorded = "is_out_of_work and not (ever_records_outcomes and ever_records_follows_up)"
not_recorded_then = "is_out_of_work and ever_records_outcomes and ever_records_follows_up and not (records_outcomes and records_follows_up)"
too_early = "is_out_of_work and records_outcomes and records_follows_up and time_possible < 548"
found_work_before = "is_out_of_work and records_outcomes and records_follows_up and time_possible >= 548 and coalesce(days_to_work, 999) <= 183"
*/
select by_1, by_2, part, step,
    count(*) filter (where days_to_work <= 548) as numerator,
    count(*) as denominator
from selected
where is_out_of_work and records_outcomes and records_follows_up and time_possible >= 548
    -- the year after the first six months: whoever found work before is not followed here
    and (days_to_work is null or days_to_work > 183)
group by by_1, by_2, part, step
