/*
title = "Moved up, stayed or moved back"
why = "Distance travelled in one line: who stands higher than at referral."
numerator = "Journeys whose rung now is above, equal to or below the rung at referral"
denominator = "Journeys observed for at least 91 days, in services that record outcomes"
says = "{movement}"
unit = "journeys"
shape = "proportion"
labels = ["movement"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Someone who starts in work can only stay or move back unless the job is confirmed for half a year."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
observed_under_91_days = "records_outcomes and not is_observed_91"
*/
with counted as (
    select by_1, by_2, part, movement, count(*) as journeys
    from selected_standing where records_outcomes and is_observed_91 group by by_1, by_2, part, movement
)

select by_1, by_2, part, movement, journeys as numerator, null as denominator
from counted
union all
-- the row without a movement is the denominator of every movement
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
