/*
title = "Barriers gone"
why = "Barriers to work that people no longer have."
numerator = "Journeys with the barrier gone at the latest reading"
denominator = "Journeys with the barrier at the first reading and with a later reading of it"
says = "no longer had the barrier {barrier}"
unit = "journeys"
shape = "proportion"
labels = ["barrier"]
direction = "higher"
base = "all"
horizon = "none"
needs = ["readings"]
fed_by = []
ripens = true
funnel = true
event_time = false
caution = "Only people with a later reading of the same barrier."

[left_out]
not_recorded = "not ever_records_readings"
not_recorded_then = "ever_records_readings and not records_readings"
no_such_pair = "records_readings and not has_barrier_pair"
*/
select by_1, by_2, part, item as barrier,
    count(*) filter (where latest_score = 0) as numerator,
    count(*) as denominator
from selected_reading
where records_readings and tool = 'mbat' and item <> 'total' and first_score = 1 and latest_score is not null
group by by_1, by_2, part, item
