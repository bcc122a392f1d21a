/*
title = "Sources of referral"
why = "Shows who refers, and so whom the service can reach."
numerator = "Journeys from the source"
denominator = "All journeys"
says = "came from {source}"
unit = "journeys"
shape = "proportion"
labels = ["source"]
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = false
caution = ""

[same_as]
source = "referral_source"
*/
with counted as (
    select by_1, by_2, part, referral_source as source, count(*) as journeys
    from selected group by by_1, by_2, part, referral_source
)

select by_1, by_2, part, source, journeys as numerator, null as denominator
from counted
union all
-- the row without a source is the denominator of every source
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
