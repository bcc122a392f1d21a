/*
title = "From service to service"
why = "Shows by which door people come back."
numerator = "Different people whose next referral after one service was to the other"
says = "went from {from_service} to {to_service}"
unit = "people"
shape = "count"
labels = ["from_service", "to_service"]
direction = "none"
base = "all"
placed_by = "from_service"
horizon = "none"
needs = ["shared_key"]
fed_by = []
ripens = true
event_time = false
caution = "Only services that share a client key can see one another. The period is that of the earlier referral."

[left_out]
not_recorded = "not ever_records_shared_key"
not_recorded_then = "ever_records_shared_key and not records_shared_key"
no_next_journey = "records_shared_key and not has_next_journey"
*/
select by_1, by_2, part, from_service, to_service, count(distinct client) as count
from selected_door
group by by_1, by_2, part, from_service, to_service
