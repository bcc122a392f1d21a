/*
title = "Hours of first jobs"
why = "Few hours can be a choice or all that was on offer."
numerator = "First jobs with that many hours a week"
denominator = "First jobs with the hours recorded, in services that record outcomes"
says = "were for {hours} a week"
unit = "first jobs"
shape = "proportion"
labels = ["hours"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Only the first job after referral. Jobs of under 4 hours a week are not counted."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
no_job_found = "records_outcomes and route is null"
hours_not_recorded = "records_outcomes and route is not null and not has_first_job_hours"
*/
with counted as (
    select by_1, by_2, part, hours, count(*) as journeys
    from selected_first_job where records_outcomes and hours is not null group by by_1, by_2, part, hours
)

select by_1, by_2, part, hours, journeys as numerator, null as denominator
from counted
union all
-- the row without a hours is the denominator of every hours
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
