/*
title = "Referrals"
why = "How many referrals the services received. Everything else is read against it."
numerator = "Referrals (journeys) in the period"
says = "were made"
unit = "journeys"
shape = "count"
labels = []
direction = "none"
base = "all"
horizon = "none"
needs = []
fed_by = []
ripens = false
event_time = false
caution = "One person can be referred more than once; people referred counts each person once."
*/
select by_1, by_2, part, count(*) as count
from selected
group by by_1, by_2, part
