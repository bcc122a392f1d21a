-- One row per journey with an outcome: days to the first of each kind, its first job, and the job it kept.
create temp table outcome_facts as
select
    n,
    min(started_day) filter (where outcome in ('training', 'education')) as days_to_training,
    min(started_day) filter (where outcome = 'qualification') as days_to_qualification,
    min(started_day) filter (where outcome = 'volunteering') as days_to_volunteering,
    min(started_day) filter (where outcome = 'work_experience') as days_to_work_experience,
    min(started_day) filter (where outcome in ('training', 'education', 'qualification', 'volunteering', 'work_experience')) as days_to_stepping_stone,
    min(started_day) filter (where is_job and is_counted) as days_to_work,
    min(ended_day) filter (where outcome = 'job_kept') as days_to_kept_job_end,
    min(confirmed_day) filter (where outcome = 'job_kept' and confirmed_day >= 91) as days_to_kept_job_confirmed
from outcome_days
group by n;

-- One row per journey that found work: the first job that counts (of two on one day, the one that stands first in the delivery).
create temp table first_job as
select
    n, started_day, ended_day, confirmed_day,
    pay_benefits, contract_terms, job_design, work_life_balance, relationships, voice, health_wellbeing
from outcome_days
where is_job and is_counted
qualify row_number() over (partition by n order by started_day, row_number) = 1;
