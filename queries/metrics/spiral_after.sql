/*
title = "Where people stand after 3 to 36 months"
why = "Follows the same people over time, so that early and late steps can be told apart."
numerator = "Journeys on the rung that many months after referral"
denominator = "Journeys with that much time since referral, in services that record outcomes"
says = "stood {months} after referral on the rung {rung}"
unit = "journeys"
shape = "proportion"
labels = ["months", "rung"]
direction = "none"
base = "all"
horizon = "months"
needs = ["outcomes"]
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = false
funnel = true
event_time = false
caution = "Later months hold fewer people, because fewer have had the time; compare shares, not counts."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
too_early = "records_outcomes and time_possible < 91"
*/
with standing as (
    select by_1, by_2, part, '3' as months, rung_after_3 as rung, count(*) as journeys
    from selected where records_outcomes and time_possible >= 91 group by by_1, by_2, part, rung_after_3
    union all
    select by_1, by_2, part, '6', rung_after_6, count(*)
    from selected where records_outcomes and time_possible >= 183 group by by_1, by_2, part, rung_after_6
    union all
    select by_1, by_2, part, '9', rung_after_9, count(*)
    from selected where records_outcomes and time_possible >= 274 group by by_1, by_2, part, rung_after_9
    union all
    select by_1, by_2, part, '12', rung_after_12, count(*)
    from selected where records_outcomes and time_possible >= 365 group by by_1, by_2, part, rung_after_12
    union all
    select by_1, by_2, part, '18', rung_after_18, count(*)
    from selected where records_outcomes and time_possible >= 548 group by by_1, by_2, part, rung_after_18
    union all
    select by_1, by_2, part, '24', rung_after_24, count(*)
    from selected where records_outcomes and time_possible >= 730 group by by_1, by_2, part, rung_after_24
    union all
    select by_1, by_2, part, '36', rung_after_36, count(*)
    from selected where records_outcomes and time_possible >= 1095 group by by_1, by_2, part, rung_after_36
)

select by_1, by_2, part, months, rung, journeys as numerator, null as denominator
from standing
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, months, null, null, sum(journeys)
from standing
group by by_1, by_2, part, months
