-- One wide row per journey: everything that a metric asks of it. No identifier, no date finer than a month.
create temp table wide as
with reason as (
    select r.n, list_sort(list(distinct d.reason)) as reasons, max(d.reason) filter (where d.main) as main_reason
    from delivery.referral_reason as d
    join referral as r on r.service_id = d.service_id and r.journey_id = d.journey_id
    group by r.n
),

goals_of as (
    select n, list_sort(list(distinct goal)) as goals, bool_or(status <> 'withdrawn') as has_goal_kept
    from goal_days
    group by n
),

contact_of as (
    select n, min(contact_day) as first_day from contact_days group by n
),

activity_of as (
    select
        n,
        list_sort(list(distinct activity)) as activities_referred,
        list_sort(list(distinct activity) filter (where started_day is not null)) as activities_started,
        min(referred_day) filter (where activity = 'employment_support') as days_to_employment_support
    from activity_days
    group by n
),

measured as (
    select
        n,
        bool_or(tool = 'mbat' and first_score = 1 and latest_score is not null) as has_barrier_pair,
        bool_or(tool = 'mbat' and first_score = 0 and latest_score is not null) as has_no_barrier_pair
    from reading_pair
    group by n
)

select
    r.n,
    s.service_id, s.commissioner_code, s.model, s.funding, s.co_located,
    strftime(r.referred_on, '%Y-%m') as month,
    strftime(r.referred_on, '%Y') || '-Q' || quarter(r.referred_on) as quarter,
    year(r.referred_on - interval 3 month) || '/' || right((year(r.referred_on - interval 3 month) + 1)::varchar, 2) as financial_year,
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
    r.referral_source,
    coalesce(reason.main_reason, 'unknown') as main_reason,
    case when not s.records_goals then 'unknown' when list_contains(goals_of.goals, 'employment') then 'yes' else 'no' end as work_goal,
    rung_code(p.rung_start) as start_rung,
    coalesce(r.age_at_referral between 16 and 64 and coalesce(r.employment_status, '') <> 'retired', false) as is_working_age,
    coalesce(
        r.age_at_referral between 16 and 64
        and r.employment_status in ('unemployed_seeking', 'student', 'long_term_sick', 'homemaker', 'not_seeking', 'volunteering'),
        false
    ) as is_out_of_work,
    r.client,
    s.records_goals, s.records_outcomes, s.follows_up_after_closure,
    s.records_reasons, s.records_contacts, s.records_activities, s.records_measures,
    r.days_possible,
    o.days_observed,
    o.is_closed,
    coalesce(r.closure_reason, 'unknown') as closure_reason,
    least(r.first_contact_on - r.referred_on, contact_of.first_day) as days_to_contact,
    coalesce(reason.reasons, []) as reasons,
    coalesce(goals_of.goals, []) as goals,
    coalesce(activity_of.activities_referred, []) as activities_referred,
    coalesce(activity_of.activities_started, []) as activities_started,
    p.days_to_climb,
    f.days_to_training, f.days_to_qualification, f.days_to_volunteering, f.days_to_work_experience,
    f.days_to_stepping_stone, f.days_to_work, f.days_to_kept_job_end, f.days_to_kept_job_confirmed,
    rung_code(coalesce(p.rung_now, 0)) as rung_now,
    rung_code(coalesce(p.rung_highest, 0)) as rung_highest,
    case when coalesce(p.rung_now, 0) > p.rung_start then 'up' when coalesce(p.rung_now, 0) = p.rung_start then 'same' else 'back' end as movement,
    rung_code(coalesce(p.rung_after_3, 0)) as rung_after_3,
    rung_code(coalesce(p.rung_after_6, 0)) as rung_after_6,
    rung_code(coalesce(p.rung_after_9, 0)) as rung_after_9,
    rung_code(coalesce(p.rung_after_12, 0)) as rung_after_12,
    rung_code(coalesce(p.rung_after_18, 0)) as rung_after_18,
    rung_code(coalesce(p.rung_after_24, 0)) as rung_after_24,
    p.path,
    case
        when f.days_to_work is null then null
        when coalesce(p.days_to_first_evidence < f.days_to_work, false)
            then case when coalesce(activity_of.days_to_employment_support <= f.days_to_work, false) then 'both' else 'indirect' end
        when coalesce(activity_of.days_to_employment_support <= f.days_to_work, false) then 'direct'
        else 'neither'
    end as route,
    first_job.started_day as first_job_start,
    first_job.ended_day as first_job_end,
    first_job.confirmed_day as first_job_confirmed,
    first_job.pay_benefits, first_job.contract_terms, first_job.job_design, first_job.work_life_balance,
    first_job.relationships, first_job.voice, first_job.health_wellbeing,
    r.first_contact_on is not null as has_first_contact_on,
    r.closure_reason is not null as has_closure_reason,
    r.age_at_referral is not null as has_age_at_referral,
    r.imd_decile is not null as has_imd_decile,
    r.long_term_conditions is not null as has_long_term_conditions,
    measured.n is not null as has_measures,
    coalesce(measured.has_barrier_pair, false) as has_barrier_pair,
    coalesce(measured.has_no_barrier_pair, false) as has_no_barrier_pair,
    coalesce(goals_of.has_goal_kept, false) as has_goal_kept,
    coalesce(first_job.pay_benefits, first_job.contract_terms, first_job.job_design, first_job.work_life_balance,
        first_job.relationships, first_job.voice, first_job.health_wellbeing) is not null as is_first_job_rated
from referral as r
join service as s on s.service_id = r.service_id
join observed as o on o.n = r.n
join spiral as p on p.n = r.n
left join outcome_facts as f on f.n = r.n
left join first_job on first_job.n = r.n
left join reason on reason.n = r.n
left join goals_of on goals_of.n = r.n
left join contact_of on contact_of.n = r.n
left join activity_of on activity_of.n = r.n
left join measured on measured.n = r.n;

create table journey as select * exclude (n) from wide;
