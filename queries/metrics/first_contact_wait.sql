/*
title = "Wait for the first contact"
why = "Shows how long people wait, and how many are never reached."
numerator = "Journeys by the days from referral to the first contact"
denominator = "Journeys referred at least 91 days before the end of the data, in services that record contacts"
says = "waited {wait} for the first contact"
unit = "journeys"
shape = "proportion"
labels = ["wait"]
direction = "none"
base = "all"
horizon = "91"
needs = ["contacts"]
fed_by = []
ripens = false
funnel = true
event_time = false
caution = "A wait can be long because the service was full or because the person could not be reached."

[codes]
wait = ["0_7", "8_14", "15_28", "29_56", "57_91", "none"]

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
too_early = "records_contacts and time_possible < 91"
*/
with waits as (
    select by_1, by_2, part, case
        when days_to_contact <= 7 then '0_7'
        when days_to_contact <= 14 then '8_14'
        when days_to_contact <= 28 then '15_28'
        when days_to_contact <= 56 then '29_56'
        when days_to_contact <= 91 then '57_91'
        else 'none'
    end as wait from selected where records_contacts and time_possible >= 91
),

counted as (
    select by_1, by_2, part, wait, count(*) as journeys from waits group by by_1, by_2, part, wait
)

select by_1, by_2, part, wait, journeys as numerator, null as denominator
from counted
union all
-- the row without a wait is the denominator of every wait
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
