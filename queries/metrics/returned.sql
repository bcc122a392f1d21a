/*
title = "Referred again"
why = "People come back, often by another door."
numerator = "Closed journeys after which the same person was referred again within the horizon"
denominator = "Closed journeys with that much time since closing in every service that shares the client key"
says = "were followed by another referral of the same person"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "within"
needs = []
fed_by = ["shared_key"]
ripens = false
funnel = true
event_time = false
caution = "Only services that share a client key can see one another, so figures are alike only with the same services under the key. To come back can be good or bad. Journeys that closed too lately are not counted; how many there are is not said, because it could tell on which day somebody was referred."

[left_out]
still_open = "not is_closed"
*/
select by_1, by_2, part,
    count(*) filter (where within_days <= horizon) as numerator,
    count(*) as denominator
from selected_returned
where time_after >= horizon
group by by_1, by_2, part
