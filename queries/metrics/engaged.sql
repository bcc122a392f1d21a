/*
title = "Engaged with a link worker"
why = "People who never spoke with a link worker cannot have been helped by one."
numerator = "Journeys with a first contact 0 to 91 days after referral"
denominator = "Journeys referred at least 91 days before the end of the data, in services that record contacts"
says = "spoke with a link worker within 3 months"
unit = "journeys"
shape = "proportion"
labels = []
direction = "higher"
base = "all"
horizon = "91"
needs = ["contacts"]
fed_by = []
ripens = false
funnel = true
event_time = false
caution = "One conversation is enough to count; it says nothing of how much support there was."

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
too_early = "records_contacts and time_possible < 91"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_contact <= 91) as numerator,
    count(*) as denominator
from selected
where records_contacts and time_possible >= 91
group by by_1, by_2, part
