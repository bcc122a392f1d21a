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
needs = ["measures"]
caution = "A second reading on any later day counts."

[left_out]
not_recorded = "not records_measures"
too_early = "records_measures and days_possible < 183"
no_measure = "records_measures and days_possible >= 183 and not has_measures"
*/
select by_1, by_2, part, tool,
    count(*) filter (where has_tool_pair) as numerator,
    count(*) as denominator
from selected_reading
-- one row per journey and tool
where is_first_item and days_possible >= 183
group by by_1, by_2, part, tool
