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
caution = "An open journey has no closing date; that is no gap in the record."
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
        count(*) filter (where len(reasons) > 0) as reasons,
        count(*) filter (where len(goals) > 0) as goals,
        count(*) filter (where has_measures) as measures
    from selected
    group by by_1, by_2, part
)

select by_1, by_2, part,
    unnest(['first_contact_on', 'closed_on', 'closure_reason', 'age_at_referral', 'gender', 'ethnic_group', 'imd_decile',
        'long_term_conditions', 'employment_status', 'reasons', 'goals', 'measures']) as field,
    unnest([first_contact_on, closed, closure_reason, age_at_referral, gender, ethnic_group, imd_decile,
        long_term_conditions, employment_status, reasons, goals, measures]) as numerator,
    unnest([journeys, journeys, closed, journeys, journeys, journeys, journeys,
        journeys, journeys, journeys, journeys, journeys]) as denominator
from filled
