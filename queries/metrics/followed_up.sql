/*
title = "Followed up with a second reading"
why = "Without a second reading nobody can say what changed."
numerator = "Journeys with a first and a later reading of the tool"
denominator = "Journeys with a first reading and at least 183 days since referral"
says = "had a second reading of {tool}"
unit = "journeys"
shape = "proportion"
labels = ["tool"]
direction = "higher"
base = "all"
horizon = "183"
needs = ["readings"]
fed_by = []
ripens = true
event_time = false
caution = "A second reading on any later day counts."

[left_out]
not_recorded = "not ever_records_readings"
not_recorded_then = "ever_records_readings and not records_readings"
too_early = "records_readings and time_possible < 183"
no_measure = "records_readings and time_possible >= 183 and not has_readings"
*/
select by_1, by_2, part, tool,
    count(*) filter (where has_tool_pair) as numerator,
    count(*) as denominator
from selected_reading
-- one row per journey and tool
where records_readings and is_first_item and time_possible >= 183
group by by_1, by_2, part, tool
