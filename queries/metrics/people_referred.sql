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
caution = "People are matched across services only where the services share a client key; elsewhere the same person counts once in each service. Figures of services or periods do not add up."
*/
select by_1, by_2, part, count(distinct client) as count
from selected
group by by_1, by_2, part
