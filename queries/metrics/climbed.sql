/*
title = "Climbed at least one rung"
why = "The widest sign of movement: any rung above the one at referral on any day up to the horizon."
numerator = "Journeys with a rung above the start on some day up to the horizon"
denominator = "Journeys with the time to reach the horizon, in services that record outcomes"
says = "climbed at least one rung"
unit = "journeys"
shape = "proportion"
labels = []
direction = "higher"
base = "all"
horizon = "within"
needs = ["outcomes"]
fed_by = ["goals", "readings_needs", "readings_confidence", "follows_up"]
ripens = false
funnel = true
event_time = false
caution = "A step that was lost again still counts here; 'where people stand now' shows what was kept. Services that hand over goals and readings show more steps than services that do not."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
too_early = "records_outcomes and time_possible < horizon"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_climb <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and time_possible >= horizon
group by by_1, by_2, part
