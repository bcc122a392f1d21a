/*
title = "Reasons for referral"
why = "Shows what people are referred for. Work is rarely the stated reason, which is why the whole way towards it is shown."
numerator = "Journeys that have the reason"
denominator = "Journeys with at least one reason recorded"
says = "were referred for {reason}"
unit = "journeys"
shape = "proportion"
labels = ["reason"]
direction = "none"
base = "all"
horizon = "none"
needs = ["reasons"]
fed_by = []
ripens = false
event_time = false
caution = "A referral can have several reasons, so the shares add up to more than 100%."

[left_out]
not_recorded = "not ever_records_reasons"
not_recorded_then = "ever_records_reasons and not records_reasons"
no_reason_recorded = "records_reasons and cardinality(reasons) = 0"
*/
with counted as not materialized (
    select by_1, by_2, part, reasons from selected where records_reasons and cardinality(reasons) > 0
)

select by_1, by_2, part, reason, count(*) as numerator, null as denominator
from (select by_1, by_2, part, unnest(reasons) as reason from counted) as given
group by by_1, by_2, part, reason
union all
-- the row without a reason is the denominator of every reason
select by_1, by_2, part, null, null, count(*)
from counted
group by by_1, by_2, part
