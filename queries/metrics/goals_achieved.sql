/*
title = "Goals achieved"
why = "Distance travelled on what people chose themselves."
numerator = "Goals with the status achieved"
denominator = "Goals that were not withdrawn, in services that record goals"
says = "on {goal} were achieved"
unit = "goals"
shape = "proportion"
labels = ["goal"]
direction = "higher"
base = "all"
horizon = "none"
needs = ["goals"]
fed_by = []
ripens = true
funnel = true
event_time = false
caution = "Counts goals, not people. Goals that are still open count as not achieved yet; partly achieved goals count as not achieved."

[left_out]
not_recorded = "not ever_records_goals"
not_recorded_then = "ever_records_goals and not records_goals"
no_goal_set = "records_goals and cardinality(goals) = 0"
withdrawn = "records_goals and cardinality(goals) > 0 and not has_goal_kept"
*/
select by_1, by_2, part, goal,
    count(*) filter (where status = 'achieved') as numerator,
    count(*) as denominator
from selected_goal
where records_goals and status <> 'withdrawn'
group by by_1, by_2, part, goal
