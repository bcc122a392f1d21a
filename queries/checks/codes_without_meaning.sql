-- Tables of events with numbers that stand for no code.
with found as (
    select 'goal' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from goal
    union all
    select 'activity' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from activity
    union all
    select 'reading' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from reading
    union all
    select 'standing' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from standing
    union all
    select 'outcome' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from outcome
    union all
    select 'contact' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from contact
    union all
    select 'closure' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from closure
    union all
    select 'first_job' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from first_job
    union all
    select 'returned' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from returned
    union all
    select 'door' as source, max(gender_number) as gender, max(ethnic_group_number) as ethnic_group, max(imd_quintile_number) as imd_quintile, max(long_term_conditions_number) as long_term_conditions, max(referral_source_number) as referral_source, max(main_reason_number) as main_reason, max(work_goal_number) as work_goal
    from door
),

most as (
    select max(number) filter (where name = 'gender') as gender, max(number) filter (where name = 'ethnic_group') as ethnic_group, max(number) filter (where name = 'imd_quintile') as imd_quintile, max(number) filter (where name = 'long_term_conditions') as long_term_conditions, max(number) filter (where name = 'referral_source') as referral_source, max(number) filter (where name = 'main_reason') as main_reason, max(number) filter (where name = 'work_goal') as work_goal
    from code
)

select f.source
from found as f
cross join most as m
where f.gender > m.gender
    or f.ethnic_group > m.ethnic_group
    or f.imd_quintile > m.imd_quintile
    or f.long_term_conditions > m.long_term_conditions
    or f.referral_source > m.referral_source
    or f.main_reason > m.main_reason
    or f.work_goal > m.work_goal;
