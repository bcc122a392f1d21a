/*
title = "Change in wellbeing"
why = "Compares each person with themselves: first reading against latest reading, pairs only."
numerator = "Journeys improved, little changed or worse, by the threshold of each tool"
denominator = "Journeys with a first and a later reading"
says = ""
unit = "journeys"
shape = "change"
labels = ["tool", "item"]
direction = "none"
base = "all"
horizon = "none"
needs = ["readings"]
fed_by = []
ripens = true
event_time = false
caution = "People are referred when things are worst, so part of any rise would have come without help. People without a second reading are not in the change; they may differ from those with one. Lower is better for anxiety, loneliness (UCLA-3) and the number of barriers."

[left_out]
not_recorded = "not ever_records_readings"
not_recorded_then = "ever_records_readings and not records_readings"
*/
select by_1, by_2, part, tool, item,
    null as journeys,
    count(*) as first,
    count(gain) as pairs,
    count(*) filter (where gain >= threshold) as improved,
    count(*) filter (where gain > -threshold and gain < threshold) as same,
    count(*) filter (where gain <= -threshold) as worse,
    sum(first_score) filter (where gain is not null) as sum_first,
    sum(latest_score) filter (where gain is not null) as sum_latest,
    sum(latest_score - first_score) as sum_change,
    sum((latest_score - first_score) * (latest_score - first_score)) as sum_squares
from selected_reading
-- of barriers the number of them
where records_readings and (tool <> 'mbat' or item = 'total')
group by by_1, by_2, part, tool, item
union all
-- the row without a tool counts the journeys of the services that record readings
select by_1, by_2, part, null, null, count(*), null, null, null, null, null, null, null, null, null
from selected
where records_readings
group by by_1, by_2, part
