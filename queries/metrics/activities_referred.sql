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
caution = "A person can be linked to several, so the shares add up to more than 100%."

[left_out]
not_recorded = "not records_activities"
no_activity_recorded = "records_activities and len(activities_referred) = 0"
*/
with counted as (
    select * from selected where len(activities_referred) > 0
)

select by_1, by_2, part, activity, count(*) as numerator, null as denominator
from (select by_1, by_2, part, unnest(activities_referred) as activity from counted) as given
group by by_1, by_2, part, activity
union all
-- the row without an activity is the denominator of every activity
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
