/*
title = "First contact within 28 days"
why = "A long wait for the first conversation loses people."
numerator = "Journeys with a first contact 0 to 28 days after referral"
denominator = "Journeys referred at least 28 days before the end of the data, in services that record contacts"
says = "had a first contact within 28 days"
unit = "journeys"
shape = "proportion"
labels = []
direction = "higher"
base = "all"
horizon = "28"
needs = ["contacts"]
fed_by = []
ripens = false
funnel = true
event_time = false
caution = "A contact that the person missed is no contact."

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
too_early = "records_contacts and time_possible < 28"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_contact <= 28) as numerator,
    count(*) as denominator
from selected
where records_contacts and time_possible >= 28
group by by_1, by_2, part
