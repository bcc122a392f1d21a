/*
title = "Contacts"
why = "How much contact there was, and of what kind."
numerator = "Contacts of the journeys referred in the period, by kind"
says = "were of the kind {kind}"
unit = "contacts"
shape = "count"
labels = ["kind"]
direction = "none"
base = "all"
horizon = "none"
needs = ["contacts"]
caution = "Counts contacts, not people, of the journeys referred in the period."

[left_out]
not_recorded = "not records_contacts"
*/
select by_1, by_2, part, kind, sum(n_contacts) as count
from selected_contact
group by by_1, by_2, part, kind
