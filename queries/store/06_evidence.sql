-- Evidence for a rung of the positive upward spiral: one row per stretch of days (from_day to until_day, both included).
-- The rung on a day is the highest rung with evidence on that day. Rungs 3 and 4 are kept once reached; 1, 2, 5 and 6
-- can be lost. `at_referral` marks evidence that is only the employment status at referral.
create temp table evidence as
with stretch as (
    -- 1 basic needs
    select n, 1 as rung, status_day as from_day, 999999 as until_day, false as at_referral
    from goal_days where goal in ('financial', 'housing') and status = 'achieved'
    union all
    select n, 1, from_day, until_day, false
    from reading_change where tool = 'wellbeing_star' and item in ('money', 'where_you_live') and gain >= 1
    union all
    select n, 1, started_day, 999999, false
    from activity_days where activity in ('money_benefits_advice', 'housing_support', 'health_self_care') and started_day is not null
    -- 2 confidence and wellbeing
    union all
    select n, 2, status_day, 999999, false
    from goal_days where goal in ('mental_wellbeing', 'social_networks', 'lifestyle', 'physical_health') and status = 'achieved'
    union all
    select n, 2, from_day, until_day, false
    from reading_change
    where (tool = 'swemwbs' and gain >= 1)
        or (tool = 'wemwbs' and gain >= 3)
        or (tool = 'ons4' and item in ('life_satisfaction', 'worthwhile', 'happiness') and gain >= 1)
        or (tool = 'wellbeing_star' and item in ('feeling_positive', 'family_friends') and gain >= 1)
        or (tool = 'ucla3' and gain >= 1)
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
    -- 5 in work
    union all
    select n, 5, started_day, coalesce(ended_day - 1, 999999), false from outcome_days where is_job and is_counted
    union all
    select r.n, 5, 0, coalesce(min(o.ended_day) - 1, 999999), true
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
