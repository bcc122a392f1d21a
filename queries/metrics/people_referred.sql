/*
title = "People referred"
why = "People return, often through another service. This counts each of them once."
numerator = "Different people with a referral in the period"
says = "were referred"
unit = "people"
shape = "count"
labels = []
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = false
caution = "The same person is known in two services only where these share a client key; elsewhere the same person counts once in each. Figures of services or periods do not add up."
*/
select by_1, by_2, part, count(distinct client) as count
from selected
group by by_1, by_2, part
