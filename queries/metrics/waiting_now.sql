/*
title = "Who waits now"
why = "Who has been referred and not yet spoken with a link worker."
numerator = "Journeys open at the end of the data without a first contact, by the days since referral"
says = "had been waiting for {wait}"
unit = "journeys"
shape = "count"
labels = ["wait"]
direction = "none"
base = "all"
horizon = "none"
needs = ["contacts"]
fed_by = []
ripens = false
event_time = false
caution = "A journey that nobody closed counts as open; some of those who have waited longest may have been lost from sight. Who is up to a week past a limit may count below it, so that nobody's referral date can be told."

[codes]
wait = ["under_28", "28_to_90", "over_90"]

[left_out]
not_recorded = "not ever_records_contacts"
not_recorded_then = "ever_records_contacts and not records_contacts"
closed = "records_contacts and is_closed"
spoken_with = "records_contacts and not (is_closed) and is_spoken_with"
*/
select by_1, by_2, part,
    case
        when time_possible < 28 then 'under_28'
        when time_possible < 91 then '28_to_90'
        else 'over_90'
    end as wait,
    count(*) as count
from selected
where records_contacts and not is_closed and not is_spoken_with
group by by_1, by_2, part, 4
