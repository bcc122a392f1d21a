/*
title = "Good work: how people rate their first job"
why = "Any job is not the aim: good work is."
numerator = "First jobs rated 4 or 5 of 5 by the person in that dimension"
denominator = "First jobs with a rating in that dimension"
says = "were rated good for {dimension}"
unit = "first jobs"
shape = "proportion"
labels = ["dimension"]
direction = "higher"
base = "all"
horizon = "none"
needs = ["outcomes"]
caution = "Few people rate their job, and those who do may differ from those who do not."

[left_out]
not_recorded = "not records_outcomes"
no_job_found = "records_outcomes and first_job_start is null"
not_rated = "records_outcomes and first_job_start is not null and not is_first_job_rated"
*/
with rated as (
    select by_1, by_2, part,
        unnest(['pay_benefits', 'contract_terms', 'job_design', 'work_life_balance', 'relationships', 'voice', 'health_wellbeing']) as dimension,
        unnest([pay_benefits, contract_terms, job_design, work_life_balance, relationships, voice, health_wellbeing]) as rating
    from selected
    where records_outcomes and first_job_start is not null
)

select by_1, by_2, part, dimension,
    count(*) filter (where rating >= 4) as numerator,
    count(*) as denominator
from rated
where rating is not null
group by by_1, by_2, part, dimension
