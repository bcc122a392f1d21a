/*
title = "First jobs that last"
why = "A job that lasts is what counts for health."
numerator = "First jobs by what is known of them that many weeks after the start: going on, ended or not known"
denominator = "First jobs that started at least that many weeks and another 91 days before the end of the data, in services that record outcomes"
says = "were on record as {status} {weeks} after the start"
unit = "first jobs"
shape = "proportion"
labels = ["weeks", "status"]
direction = "none"
base = "all"
horizon = "weeks"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Only the first job after referral is followed. Not known means that nobody asked late enough, not that the job ended. Jobs that started too lately are not counted; how many there are is not said, because it could tell on which day somebody was referred."

[codes]
status = ["going_on", "ended", "not_known"]

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
no_job_found = "records_outcomes and route is null"
*/
with followed as (
    select by_1, by_2, part, w.weeks,
        case w.weeks when '13' then after_13 when '26' then after_26 else after_52 end as status
    from selected_first_job
    cross join (values ('13'), ('26'), ('52')) as w (weeks)
    where records_outcomes
)

select by_1, by_2, part, weeks, status, count(*) as numerator, null as denominator
from followed
where status is not null
group by by_1, by_2, part, weeks, status
union all
-- the row without a status is the denominator of every status
select by_1, by_2, part, weeks, null, null, count(*)
from followed
where status is not null
group by by_1, by_2, part, weeks
