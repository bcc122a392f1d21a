-- One wide row per journey: everything that a metric asks of it. No identifier, no date finer than a month, no day after the
-- last horizon that it has passed. Its number (n) goes when the tables beside it are made.
create table journey as
with barrier_of as (
    select
        n,
        bool_or(first_score = 1 and latest_score is not null) as has_barrier_pair,
        bool_or(first_score = 0 and latest_score is not null) as has_no_barrier_pair
    from of_slice('reading_pair')
    where tool = 'mbat' and item <> 'total'
    group by n
),

-- a step or a job within a year of the day on which a goal about work was set, by day 183
moved_of as (
    select g.n
    from of_slice('goals_of') as g
    join of_slice('outcome_days') as o on o.n = g.n
    where g.work_goal_day <= 183 and (o.is_step or o.is_job and o.is_counted)
        and o.started_day between g.work_goal_day and g.work_goal_day + 365
    group by g.n
)

select
    r.n,
    r.service_id, r.month, r.service_month,
    case
        when r.age_at_referral is null then 'unknown'
        when r.age_at_referral < 16 then '0-15'
        when r.age_at_referral < 25 then '16-24'
        when r.age_at_referral < 35 then '25-34'
        when r.age_at_referral < 50 then '35-49'
        when r.age_at_referral < 65 then '50-64'
        when r.age_at_referral < 75 then '65-74'
        else '75+'
    end as age_band,
    coalesce(r.gender, 'unknown') as gender,
    coalesce(r.ethnic_group, 'unknown') as ethnic_group,
    coalesce(((r.imd_decile + 1) // 2)::varchar, 'unknown') as imd_quintile,
    case when r.long_term_conditions >= 3 then '3+' else coalesce(r.long_term_conditions::varchar, 'unknown') end as long_term_conditions,
    coalesce(r.employment_status, 'unknown') as employment_status,
    -- age band and employment status in one number: a question finds the block of a row by it, not by two texts
    class_number(age_band, coalesce(r.employment_status, 'unknown'))::integer as class_of_people,
    r.referral_source,
    coalesce(reasons_of.main_reason, 'unknown') as main_reason,
    case when not k.records_goals then 'unknown' when goals_of.work_goal_day is not null then 'yes' else 'no' end as work_goal,
    rung_code(p.rung_start) as start_rung,
    coalesce(r.age_at_referral between 16 and 64, false) as is_working_age,
    coalesce(
        r.age_at_referral between 16 and 64
        and r.employment_status in ('unemployed_seeking', 'student', 'long_term_sick', 'homemaker', 'not_seeking', 'volunteering'),
        false
    ) as is_out_of_work,
    r.client,
    k.* exclude (service_id, month),
    r.time_possible,
    r.closed_day is not null as is_closed,
    o.days_observed >= 91 and r.time_possible >= 91 as is_observed_91,
    -- when a closed journey could no longer be seen to reach an outcome (a goal); null where outcomes are looked for after closure
    told(o.ended_day, r.time_possible) as days_to_end,
    told(o.goals_ended_day, r.time_possible) as days_to_goals_end,
    told(least(r.first_contact_on - r.referred_on, contacts_of.first_day), r.time_possible) as days_to_contact,
    coalesce(r.first_contact_on - r.referred_on, contacts_of.first_day) is not null as is_spoken_with,
    told(activities_of.linked_day, r.time_possible) as days_to_linked,
    told(activities_of.started_day, r.time_possible) as days_to_started,
    case
        when r.time_possible < 183 then null
        when coalesce(contacts_of.n_contacts, 0) < 2 then coalesce(contacts_of.n_contacts, 0)::varchar
        when contacts_of.n_contacts <= 3 then '2_3'
        when contacts_of.n_contacts <= 6 then '4_6'
        when contacts_of.n_contacts <= 12 then '7_12'
        else '13_plus'
    end as contacts,
    coalesce(reasons_of.reasons, []) as reasons,
    coalesce(goals_of.goals, []) as goals,
    coalesce(activities_of.activities_referred, []) as activities_referred,
    coalesce(activities_of.activities_started, []) as activities_started,
    told(goals_of.work_goal_day, r.time_possible) as days_to_work_goal,
    r.time_possible >= 548 and moved_of.n is not null as has_moved_after_work_goal,
    told(p.climb_day, r.time_possible) as days_to_climb,
    told(f.training_day, r.time_possible) as days_to_training,
    told(f.qualification_day, r.time_possible) as days_to_qualification,
    told(f.volunteering_day, r.time_possible) as days_to_volunteering,
    told(f.work_experience_day, r.time_possible) as days_to_work_experience,
    told(f.step_day, r.time_possible) as days_to_stepping_stone,
    told(f.work_day, r.time_possible) as days_to_work,
    -- said 91 days later, because a job can only be confirmed afterwards
    case when r.time_possible >= 274 then j.job_at_6 end as job_at_6,
    case when r.time_possible >= 456 then j.job_at_12 end as job_at_12,
    case when r.time_possible >= 639 then j.job_at_18 end as job_at_18,
    case when r.time_possible >= 821 then j.job_at_24 end as job_at_24,
    case when r.time_possible >= 1186 then j.job_at_36 end as job_at_36,
    case when r.time_possible >= 91 then rung_code(p.rung_after_3) end as rung_after_3,
    case when r.time_possible >= 183 then rung_code(p.rung_after_6) end as rung_after_6,
    case when r.time_possible >= 274 then rung_code(p.rung_after_9) end as rung_after_9,
    case when r.time_possible >= 365 then rung_code(p.rung_after_12) end as rung_after_12,
    case when r.time_possible >= 548 then rung_code(p.rung_after_18) end as rung_after_18,
    case when r.time_possible >= 730 then rung_code(p.rung_after_24) end as rung_after_24,
    case when r.time_possible >= 1095 then rung_code(p.rung_after_36) end as rung_after_36,
    case when f.work_day is not null then way(
        least(p.evidence_day, activities_of.other_started_day) < f.work_day, activities_of.employment_support_day <= f.work_day) end as route,
    case when r.time_possible >= 183 then case when p.step is null then 'none' else rung_code(p.step) end end as step,
    case when r.time_possible >= 183 then way(least(p.evidence_day, activities_of.other_started_day) <= 183, activities_of.employment_support_day <= 183) end as way,
    r.first_contact_on is not null as has_first_contact_on,
    r.closure_reason is not null as has_closure_reason,
    r.age_at_referral is not null as has_age_at_referral,
    r.imd_decile is not null as has_imd_decile,
    r.long_term_conditions is not null as has_long_term_conditions,
    readings_of.n is not null as has_readings,
    coalesce(barrier_of.has_barrier_pair, false) as has_barrier_pair,
    coalesce(barrier_of.has_no_barrier_pair, false) as has_no_barrier_pair,
    coalesce(goals_of.has_goal_kept, false) as has_goal_kept,
    coalesce(first_job.pay_benefits, first_job.contract_terms, first_job.job_design, first_job.work_life_balance,
        first_job.relationships, first_job.voice, first_job.health_wellbeing) is not null as is_first_job_rated,
    first_job.contract is not null as has_first_job_contract,
    first_job.hours_per_week is not null as has_first_job_hours,
    again.next_on is not null as has_next_journey
from of_slice('referral') as r
join recorded as k on k.service_id = r.service_id and k.month = r.month
join of_slice('observed') as o on o.n = r.n
join of_slice('spiral') as p on p.n = r.n
left join of_slice('outcomes_of') as f on f.n = r.n
left join of_slice('job_at_referral_of') as j on j.n = r.n
left join of_slice('first_job_of') as first_job on first_job.n = r.n
left join of_slice('reasons_of') as reasons_of on reasons_of.n = r.n
left join of_slice('goals_of') as goals_of on goals_of.n = r.n
left join of_slice('contacts_of') as contacts_of on contacts_of.n = r.n
left join of_slice('activities_of') as activities_of on activities_of.n = r.n
left join of_slice('readings_of') as readings_of on readings_of.n = r.n
left join barrier_of on barrier_of.n = r.n
left join moved_of on moved_of.n = r.n
left join again on again.client = r.client and again.referred_on = r.referred_on;
