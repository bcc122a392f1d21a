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
needs = ["measures"]
caution = "People without a second reading are not in the change; they may differ from those with one. Lower is better for anxiety and loneliness (UCLA-3)."

[left_out]
not_recorded = "not records_measures"
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
where tool <> 'mbat'
group by by_1, by_2, part, tool, item
union all
-- the row without a tool counts the journeys of the services that record readings
select by_1, by_2, part, null, null, count(*), null, null, null, null, null, null, null, null, null
from selected
where records_measures
group by by_1, by_2, part
