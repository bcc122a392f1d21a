/*
title = "Who is open now"
why = "How many journeys are open, and for how long."
numerator = "Journeys open at the end of the data, by how long they have been open"
says = "had been open for {open_for}"
unit = "journeys"
shape = "count"
labels = ["open_for"]
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = false
caution = "A journey that nobody closed counts as open. Who is up to a week past a limit may count below it, so that nobody's referral date can be told."

[left_out]
closed = "is_closed"
*/
select by_1, by_2, part,
    case
        when time_possible < 91 then 'under_3'
        when time_possible < 183 then '3_to_6'
        when time_possible < 365 then '6_to_12'
        else 'over_12'
    end as open_for,
    count(*) as count
from selected
where not is_closed
group by by_1, by_2, part, 4
