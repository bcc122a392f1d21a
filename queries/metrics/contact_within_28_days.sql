/*
title = "First contact within 28 days"
why = "A long wait for the first conversation loses people."
numerator = "Journeys with a first contact 0 to 28 days after referral"
denominator = "Journeys referred at least 28 days before the end of the data"
says = "had a first contact within 28 days"
unit = "journeys"
shape = "proportion"
labels = []
direction = "higher"
base = "all"
horizon = "28"
needs = []
caution = "Contact is the earlier of the recorded first contact and the first contact row."

[left_out]
too_early = "days_possible < 28"
*/
select by_1, by_2, part,
    count(*) filter (where days_to_contact <= 28) as numerator,
    count(*) as denominator
from selected
where days_possible >= 28
group by by_1, by_2, part
