/*
title = "Engaged with a link worker"
why = "People who never spoke with a link worker cannot have been helped by one."
numerator = "Journeys with any contact with a link worker"
denominator = "Journeys referred at least 28 days before the end of the data"
says = "engaged with a link worker"
unit = "journeys"
shape = "proportion"
labels = []
direction = "higher"
base = "all"
horizon = "28"
needs = []
caution = "Engaged means at least one contact at any time; it says nothing of how much support there was."

[left_out]
too_early = "days_possible < 28"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_contact is not null) as numerator,
    count(*) as denominator
from selected
where days_possible >= 28
group by by_1, by_2, part
