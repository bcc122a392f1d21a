/*
title = "What people were linked to"
why = "The community support that a link worker found for people."
numerator = "Journeys referred to the activity"
denominator = "Journeys referred to at least one activity"
says = "were linked to {activity}"
unit = "journeys"
shape = "proportion"
labels = ["activity"]
direction = "none"
base = "all"
horizon = "none"
needs = ["activities"]
fed_by = []
ripens = true
event_time = false
caution = "A person can be linked to several, so the shares add up to more than 100%."

[left_out]
not_recorded = "not ever_records_activities"
not_recorded_then = "ever_records_activities and not records_activities"
no_activity_recorded = "records_activities and cardinality(activities_referred) = 0"
*/
with counted as not materialized (
    select by_1, by_2, part, activities_referred from selected where records_activities and cardinality(activities_referred) > 0
)

select by_1, by_2, part, activity, count(*) as numerator, null as denominator
from (select by_1, by_2, part, unnest(activities_referred) as activity from counted) as given
group by by_1, by_2, part, activity
union all
-- the row without an activity is the denominator of every activity
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
