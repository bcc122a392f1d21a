/*
title = "Where people stand after 3 to 24 months"
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
caution = "Later months hold fewer people, because fewer have had the time; compare shares, not counts."
owner = "Analyst team"
checked_by = "Second implementation in tests/oracle.py"
reviewed = "2026-11"
next_review = "2027-11"

[left_out]
not_recorded = "not records_outcomes"
too_early = "records_outcomes and days_possible < 91"
*/
with standing as (
    select by_1, by_2, part, days_possible,
        unnest(['3', '6', '9', '12', '18', '24']) as months,
        unnest([91, 183, 274, 365, 548, 730]) as days,
        unnest([rung_after_3, rung_after_6, rung_after_9, rung_after_12, rung_after_18, rung_after_24]) as rung
    from selected
    where records_outcomes
)

select by_1, by_2, part, months, rung, count(*) as numerator, null as denominator
from standing
where days_possible >= days
group by by_1, by_2, part, months, rung
union all
-- the row without a rung is the denominator of every rung
select by_1, by_2, part, months, null, null, count(*)
from standing
where days_possible >= days
group by by_1, by_2, part, months
