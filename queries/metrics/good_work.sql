/*
title = "Good work: how people rate their first job"
why = "Any job is not the aim: good work is."
numerator = "First jobs rated 4 or 5 of 5 by the person in that dimension"
denominator = "First jobs with a rating in that dimension, in services that record outcomes"
says = "were rated good for {dimension}"
unit = "first jobs"
shape = "proportion"
labels = ["dimension"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Few people rate their job, and those who do may differ from those who do not."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
no_job_found = "records_outcomes and route is null"
not_rated = "records_outcomes and route is not null and not is_first_job_rated"
*/
with rated as (
    select by_1, by_2, part, d.dimension,
        case d.dimension
            when 'pay_benefits' then pay_benefits
            when 'contract_terms' then contract_terms
            when 'job_design' then job_design
            when 'work_life_balance' then work_life_balance
            when 'relationships' then relationships
            when 'voice' then voice
            when 'health_wellbeing' then health_wellbeing
        end as rating
    from selected_first_job
    cross join (values ('pay_benefits'), ('contract_terms'), ('job_design'), ('work_life_balance'), ('relationships'), ('voice'), ('health_wellbeing')) as d (dimension)
    where records_outcomes
)

select by_1, by_2, part, dimension,
    count(*) filter (where rating >= 4) as numerator,
    count(*) as denominator
from rated
where rating is not null
group by by_1, by_2, part, dimension
