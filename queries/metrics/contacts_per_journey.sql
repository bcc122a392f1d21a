/*
title = "Contacts in the first six months"
why = "How much contact a journey has."
numerator = "Journeys with that many contacts on days 0 to 183"
denominator = "Journeys with at least 183 days since referral, in services that record contacts"
says = "had {contacts} in the first six months"
unit = "journeys"
shape = "proportion"
labels = ["contacts"]
direction = "none"
base = "all"
horizon = "183"
needs = ["contacts"]
fed_by = []
ripens = false
event_time = false
caution = "Contacts that were missed are not counted. A first contact that is only a date in the journey is none here."

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
too_early = "records_contacts and time_possible < 183"
*/
with counted as (
    select by_1, by_2, part, contacts, count(*) as journeys
    from selected where records_contacts and time_possible >= 183 group by by_1, by_2, part, contacts
)

select by_1, by_2, part, contacts, journeys as numerator, null as denominator
from counted
union all
-- the row without a contacts is the denominator of every contacts
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
