/*
title = "Missed contacts"
why = "Contacts that people miss cost time, and tell of journeys that may end."
numerator = "Contacts that the person did not attend"
denominator = "Contacts in the period of services that record who attended"
says = "{kind} were missed"
unit = "contacts"
shape = "proportion"
labels = ["kind"]
direction = "lower"
base = "all"
horizon = "none"
needs = ["contacts", "attended"]
fed_by = []
ripens = false
funnel = true
event_time = true
caution = "Counts contacts, not people, by the month of the contact. A contact for which nothing is recorded counts as attended."

[left_out]
not_recorded = "not (ever_records_contacts and ever_records_attended)"
not_recorded_then = "ever_records_contacts and ever_records_attended and not (records_contacts and records_attended)"
*/
select by_1, by_2, part, kind,
    sum(n_missed) as numerator,
    sum(n_contacts + n_missed) as denominator
from selected_contact
where records_contacts and records_attended
group by by_1, by_2, part, kind
