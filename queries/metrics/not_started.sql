/*
title = "Why activities did not start"
why = "What support was missing, or could not be reached."
numerator = "Referrals to an activity that had not started within 91 days, by reason"
denominator = "Referrals to an activity at least 91 days before the end of the data, in services that record activities"
says = "had not started, with the reason {why_not}"
unit = "referrals to an activity"
shape = "proportion"
labels = ["why_not"]
direction = "none"
base = "all"
horizon = "91"
needs = ["activities"]
fed_by = []
ripens = false
event_time = false
caution = "Counts referrals to an activity, not people. A start that nobody recorded counts as not started, without a reason. Referrals to an activity made too lately are not counted; how many there are is not said, because it could tell on which day somebody was referred."

[left_out]
not_recorded = "not ever_records_activities"
not_recorded_then = "ever_records_activities and not records_activities"
no_activity_recorded = "records_activities and cardinality(activities_referred) = 0"
*/
select by_1, by_2, part, why_not, count(*) as numerator, null as denominator
from selected_activity
where records_activities and is_followed and why_not is not null
group by by_1, by_2, part, why_not
union all
-- the row without a reason is the denominator of every reason
select by_1, by_2, part, null, null, count(*)
from selected_activity
where records_activities and is_followed
group by by_1, by_2, part
