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
caution = "A step that was lost again still counts here; 'where people stand now' shows what was kept."

[left_out]
not_recorded = "not records_outcomes"
too_early = "records_outcomes and days_possible < horizon"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_climb <= horizon) as numerator,
    count(*) as denominator
from selected
where records_outcomes and days_possible >= horizon
group by by_1, by_2, part
