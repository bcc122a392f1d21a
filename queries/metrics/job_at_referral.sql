/*
title = "The job people had at referral"
why = "Keeping a job while unwell is as much an outcome as finding one."
numerator = "Journeys by what is known of the job held at referral after that time: kept, ended or not known"
denominator = "Journeys of people employed at referral with the time to reach the horizon and 91 days more, in services that record outcomes"
says = "had a job on record as {status} by then"
unit = "journeys"
shape = "proportion"
labels = ["status"]
direction = "none"
base = "all"
horizon = "within"
more_days = 91
only = ["employed"]
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Not known means that nobody asked late enough, not that the job was lost."

[codes]
status = ["kept", "ended", "not_known"]

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
not_employed_at_referral = "records_outcomes and employment_status <> 'employed'"
too_early = "records_outcomes and employment_status = 'employed' and time_possible < horizon + 91"
*/
with asked as (
    select by_1, by_2, part,
        coalesce(case horizon when 183 then job_at_6 when 365 then job_at_12 when 548 then job_at_18 when 730 then job_at_24 else job_at_36 end, 'not_known') as status
    from selected
    where records_outcomes and employment_status = 'employed' and time_possible >= horizon + 91
),

counted as (
    select by_1, by_2, part, status, count(*) as journeys from asked group by by_1, by_2, part, status
)

select by_1, by_2, part, status, journeys as numerator, null as denominator
from counted
union all
-- the row without a status is the denominator of every status
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
