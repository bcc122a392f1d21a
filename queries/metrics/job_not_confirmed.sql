/*
title = "First job not confirmed"
why = "Nobody asked or nobody could be reached: not known is not the same as ended."
numerator = "First jobs neither confirmed that late nor known to have ended before"
denominator = "First jobs that started at least that many weeks before the end of the data, in services that record outcomes"
says = "were neither confirmed nor known to have ended at {weeks}"
unit = "first jobs"
shape = "proportion"
labels = ["weeks"]
direction = "none"
base = "all"
horizon = "weeks"
needs = ["outcomes"]
caution = "Only the first job after referral is followed. A confirmation is the last day on which the job was known to be going on."

[left_out]
not_recorded = "not records_outcomes"
no_job_found = "records_outcomes and first_job_start is null"
too_early = "records_outcomes and days_possible - first_job_start < 91"
*/
with aged as (
    select by_1, by_2, part, days_possible, first_job_start, first_job_end, first_job_confirmed,
        unnest(['13', '26', '52']) as weeks,
        unnest([91, 182, 364]) as days
    from selected
    where records_outcomes and first_job_start is not null
)

select by_1, by_2, part, weeks,
    count(*) filter (where coalesce(first_job_end - first_job_start >= days, true) and coalesce(first_job_confirmed - first_job_start < days, true)) as numerator,
    count(*) as denominator
from aged
where days_possible - first_job_start >= days
group by by_1, by_2, part, weeks
