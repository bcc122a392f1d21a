-- One row per journey that has any, one table per kind of row: what is asked of the rows together.

-- A bit for each word, so that the different words of a journey are gathered as one number and each such set is spelt once.
create temp table word as
select kind, word, 1::bigint << (row_number() over (partition by kind order by word) - 1) as bit
from (
    select 'reason' as kind, reason as word from delivery.referral_reason group by reason
    union all
    select 'goal', goal from goal_days group by goal
    union all
    select 'activity', activity from activity_days group by activity
) as w;

create temp table reasons_of as
with held as (
    select d.journey_row as n, bit_or(w.bit) as reasons, max(d.reason) filter (where d.main) as main_reason
    from delivery.referral_reason as d
    join word as w on w.kind = 'reason' and w.word = d.reason
    where d.journey_row >= getvariable('slice_from') and d.journey_row < getvariable('slice_to')
    group by d.journey_row
),

spelt as (
    select h.reasons, list(w.word order by w.word) as words
    from (select distinct reasons from held) as h
    join word as w on w.kind = 'reason' and h.reasons & w.bit <> 0
    group by h.reasons
)

select h.n, s.words as reasons, h.main_reason
from held as h
join spelt as s on s.reasons = h.reasons;

create temp table goals_of as
with held as (
    select
        g.n,
        bit_or(w.bit) as goals,
        bool_or(g.status <> 'withdrawn') as has_goal_kept,
        min(g.set_day) filter (where g.goal = 'employment') as work_goal_day,
        max(greatest(g.set_day, g.status_day)) as last_day
    from of_slice('goal_days') as g
    join word as w on w.kind = 'goal' and w.word = g.goal
    group by g.n
),

spelt as (
    select h.goals, list(w.word order by w.word) as words
    from (select distinct goals from held) as h
    join word as w on w.kind = 'goal' and h.goals & w.bit <> 0
    group by h.goals
)

select h.n, s.words as goals, h.has_goal_kept, h.work_goal_day, h.last_day
from held as h
join spelt as s on s.goals = h.goals;

create temp table contacts_of as
select
    n,
    min(contact_day) filter (where is_attended) as first_day,
    count(*) filter (where is_attended and contact_day <= 183) as n_contacts,
    bool_or(tells_attended) as tells_attended
from of_slice('contact_days')
group by n;

create temp table activities_of as
with held as (
    select
        a.n,
        bit_or(w.bit) as referred,
        bit_or(case when a.started_day is not null then w.bit end) as started,
        min(a.referred_day) as linked_day,
        min(a.started_day) as started_day,
        min(a.referred_day) filter (where a.activity = 'employment_support') as employment_support_day,
        min(a.started_day) filter (where a.activity <> 'employment_support') as other_started_day
    from of_slice('activity_days') as a
    join word as w on w.kind = 'activity' and w.word = a.activity
    group by a.n
),

spelt as (
    select h.activities, list(w.word order by w.word) as words
    from (select referred as activities from held union select started from held) as h
    join word as w on w.kind = 'activity' and h.activities & w.bit <> 0
    group by h.activities
)

select
    h.n, r.words as activities_referred, s.words as activities_started,
    h.linked_day, h.started_day, h.employment_support_day, h.other_started_day
from held as h
join spelt as r on r.activities = h.referred
left join spelt as s on s.activities = h.started;

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
from of_slice('outcome_days')
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
    from of_slice('outcome_days') as o
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
        -- all three, a bit for each
        or coalesce(bit_or(case item when 'life_satisfaction' then 1 when 'worthwhile' then 2 when 'happiness' then 4 end)
            filter (where tool = 'ons4') = 7, false)
        as has_confidence
from of_slice('reading_days')
group by n, tool;

create temp table readings_of as
select n, bool_or(has_needs) as has_needs, bool_or(has_confidence) as has_confidence
from of_slice('readings_by_tool')
group by n;
