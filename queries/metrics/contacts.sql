/*
title = "Contacts"
why = "How much contact there was, and of what kind."
numerator = "Contacts in the period, by kind"
says = "were {kind}"
unit = "contacts"
shape = "count"
labels = ["kind"]
direction = "none"
base = "all"
horizon = "none"
needs = ["contacts"]
fed_by = []
ripens = false
event_time = true
caution = "Counts contacts, not people, by the month of the contact. Missed ones are not among them."

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
*/
select by_1, by_2, part, kind, sum(n_contacts) as count
from selected_contact
where records_contacts and n_contacts > 0
group by by_1, by_2, part, kind
