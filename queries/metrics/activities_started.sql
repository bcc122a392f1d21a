/*
title = "What people started"
why = "A referral to an activity helps only those who start it."
numerator = "Journeys that started the activity"
denominator = "Journeys referred to the activity"
says = "started {activity}"
unit = "journeys"
shape = "proportion"
labels = ["activity"]
direction = "higher"
base = "all"
horizon = "none"
needs = ["activities"]
fed_by = []
ripens = true
funnel = true
event_time = false
caution = "A start that nobody recorded counts as not started."

[left_out]
not_recorded = "not ever_records_activities"
not_recorded_then = "ever_records_activities and not records_activities"
no_activity_recorded = "records_activities and cardinality(activities_referred) = 0"
*/
with referred as (
    select by_1, by_2, part, activities_started, unnest(activities_referred) as activity
    from selected
    where records_activities
)

select by_1, by_2, part, activity,
    count(*) filter (where array_contains(activities_started, activity)) as numerator,
    count(*) as denominator
from referred
group by by_1, by_2, part, activity
