/*
title = "How complete the records are"
why = "Figures are only as good as the records behind them."
numerator = "Journeys with the field filled in (unknown and not stated are not)"
denominator = "All journeys (for the reason of closure: closed journeys)"
says = "had a record of {field}"
unit = "journeys"
shape = "proportion"
labels = ["field"]
direction = "higher"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = true
event_time = false
caution = "An open journey has no closing date; that is no gap in the record. Reasons, goals and measures are recorded over time, so those referred last have fewer."
*/
with filled as (
    select by_1, by_2, part,
        count(*) as journeys,
        count(*) filter (where is_closed) as closed,
        count(*) filter (where has_first_contact_on) as first_contact_on,
        count(*) filter (where is_closed and has_closure_reason) as closure_reason,
        count(*) filter (where has_age_at_referral) as age_at_referral,
        count(*) filter (where gender not in ('unknown', 'not_stated')) as gender,
        count(*) filter (where ethnic_group not in ('unknown', 'not_stated')) as ethnic_group,
        count(*) filter (where has_imd_decile) as imd_decile,
        count(*) filter (where has_long_term_conditions) as long_term_conditions,
        count(*) filter (where employment_status not in ('unknown', 'not_stated')) as employment_status,
        count(*) filter (where cardinality(reasons) > 0) as reasons,
        count(*) filter (where cardinality(goals) > 0) as goals,
        count(*) filter (where has_readings) as measures
    from selected
    group by by_1, by_2, part
)

select by_1, by_2, part, f.field,
    case f.field
        when 'first_contact_on' then first_contact_on
        when 'closed_on' then closed
        when 'closure_reason' then closure_reason
        when 'age_at_referral' then age_at_referral
        when 'gender' then gender
        when 'ethnic_group' then ethnic_group
        when 'imd_decile' then imd_decile
        when 'long_term_conditions' then long_term_conditions
        when 'employment_status' then employment_status
        when 'reasons' then reasons
        when 'goals' then goals
        when 'measures' then measures
    end as numerator,
    case f.field when 'closure_reason' then closed else journeys end as denominator
from filled
cross join (values
    ('first_contact_on'), ('closed_on'), ('closure_reason'), ('age_at_referral'), ('gender'), ('ethnic_group'), ('imd_decile'), ('long_term_conditions'), ('employment_status'), ('reasons'), ('goals'), ('measures')
) as f (field)
