-- Evidence for a rung of the positive upward spiral: one row per stretch of days (from_day to until_day, both included).
-- The rung on a day is the highest rung with evidence on that day. Rungs 3 and 4 are kept once reached; 1, 2, 5 and 6
-- can be lost. `at_referral` marks evidence that is only the employment status at referral.
create temp table evidence as
with stretch as (
    -- 1 basic needs, 2 confidence and wellbeing: goals achieved, and readings that are reliably better
    select n, 1 as rung, status_day as from_day, 999999 as until_day, false as at_referral
    from goal_days where goal in ('financial', 'housing') and status = 'achieved'
    union all
    select n, 2, status_day, 999999, false
    from goal_days where goal in ('mental_wellbeing', 'social_networks', 'lifestyle', 'physical_health') and status = 'achieved'
    union all
    select n, rung, from_day, until_day, false from proof
    -- 3 learning and training
    union all
    select n, 3, started_day, 999999, false from outcome_days where outcome in ('training', 'education', 'qualification')
    union all
    select n, 3, 0, 999999, true from referral where employment_status = 'student'
    -- 4 volunteering and experience
    union all
    select n, 4, started_day, 999999, false from outcome_days where outcome in ('volunteering', 'work_experience')
    union all
    select n, 4, 0, 999999, true from referral where employment_status = 'volunteering'
    -- 5 in work: a job until it ends; the one held at referral until the last of its rows ends
    union all
    select n, 5, started_day, coalesce(ended_day - 1, 999999), false from outcome_days where is_job and is_counted
    union all
    select r.n, 5, 0, coalesce(case when count(o.n) = count(o.ended_day) then max(o.ended_day) - 1 end, 999999), true
    from referral as r
    left join outcome_days as o on o.n = r.n and o.outcome = 'job_kept'
    where r.employment_status = 'employed'
    group by r.n
    -- 6 staying in work: confirmed 182 days or more after the start (after referral for a job that was kept)
    union all
    select n, 6, confirmed_day, coalesce(ended_day - 1, 999999), false
    from outcome_days where is_job and is_counted and confirmed_day - started_day >= 182
    union all
    select o.n, 6, o.confirmed_day, coalesce(o.ended_day - 1, 999999), false
    from outcome_days as o
    join referral as r on r.n = o.n
    where o.outcome = 'job_kept' and r.employment_status = 'employed' and o.confirmed_day >= 182
)

select * from stretch where until_day >= from_day;
