-- One row per journey that has any, one table per kind of row: what is asked of the rows together.
create temp table reasons_of as
select r.n, list_sort(list(distinct d.reason)) as reasons, max(d.reason) filter (where d.main) as main_reason
from delivery.referral_reason as d
join referral as r on r.service_id = d.service_id and r.journey_id = d.journey_id
group by r.n;

create temp table goals_of as
select
    n,
    list_sort(list(distinct goal)) as goals,
    bool_or(status <> 'withdrawn') as has_goal_kept,
    min(set_day) filter (where goal = 'employment') as work_goal_day,
    max(greatest(set_day, status_day)) as last_day
from goal_days
group by n;

create temp table contacts_of as
select
    n,
    min(contact_day) filter (where is_attended) as first_day,
    count(*) filter (where is_attended and contact_day <= 183) as n_contacts,
    bool_or(tells_attended) as tells_attended
from contact_days
group by n;

create temp table activities_of as
select
    n,
    list_sort(list(distinct activity)) as activities_referred,
    list_sort(list(distinct activity) filter (where started_day is not null)) as activities_started,
    min(referred_day) as linked_day,
    min(started_day) as started_day,
    min(referred_day) filter (where activity = 'employment_support') as employment_support_day,
    min(started_day) filter (where activity <> 'employment_support') as other_started_day
from activity_days
group by n;

create temp table outcomes_of as
select
    n,
    min(started_day) filter (where outcome in ('training', 'education')) as training_day,
    min(started_day) filter (where outcome = 'qualification') as qualification_day,
    min(started_day) filter (where outcome = 'volunteering') as volunteering_day,
    min(started_day) filter (where outcome = 'work_experience') as work_experience_day,
    min(started_day) filter (where is_step) as step_day,
    min(started_day) filter (where is_job and is_counted) as work_day,
    -- rows that count nowhere tell how long somebody was seen
    max(greatest(started_day, ended_day, confirmed_day)) as last_day
from outcome_days
group by n;

-- The job held at referral, day by day: kept on day H if a row has not ended by then and was confirmed in the 91 days before or later.
create temp table job_at_referral_of as
with day as (
    select days from horizon where is_within
),

known as (
    select
        o.n, d.days,
        bool_or((o.ended_day is null or o.ended_day > d.days) and coalesce(o.confirmed_day >= d.days - 91, false)) as is_kept,
        bool_or(coalesce(o.ended_day <= d.days, false)) as is_ended
    from outcome_days as o
    cross join day as d
    where o.outcome = 'job_kept'
    group by o.n, d.days
),

said as (
    select n, days, case when is_kept then 'kept' when is_ended then 'ended' else 'not_known' end as status
    from known
)

select
    n,
    max(status) filter (where days = 183) as job_at_6,
    max(status) filter (where days = 365) as job_at_12,
    max(status) filter (where days = 548) as job_at_18,
    max(status) filter (where days = 730) as job_at_24,
    max(status) filter (where days = 1095) as job_at_36
from said
group by n;

create temp table readings_by_tool as
select
    n, tool,
    bool_or(tool = 'wellbeing_star' and item in ('money', 'where_you_live')) as has_needs,
    bool_or(tool in ('swemwbs', 'wemwbs', 'ucla3') or tool = 'wellbeing_star' and item in ('feeling_positive', 'family_friends'))
        or count(distinct item) filter (where tool = 'ons4' and item in ('life_satisfaction', 'worthwhile', 'happiness')) = 3
        as has_confidence
from reading_days
group by n, tool;

create temp table readings_of as
select n, bool_or(has_needs) as has_needs, bool_or(has_confidence) as has_confidence
from readings_by_tool
group by n;
