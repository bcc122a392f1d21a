/*
title = "From referral to support"
why = "A referral helps only those who come as far as support."
numerator = "Journeys that reached the stage, or a later one, within 91 days"
denominator = "Journeys referred at least 91 days before the end of the data, in services that record contacts and activities"
says = "had {stage} within 3 months"
unit = "journeys"
shape = "proportion"
labels = ["stage"]
direction = "higher"
base = "all"
horizon = "91"
needs = ["contacts", "activities"]
fed_by = []
ripens = false
funnel = true
event_time = false
caution = "A stage that nobody recorded counts as not reached. Not everyone needs more than a conversation."

[left_out]
not_recorded = "not (ever_records_contacts and ever_records_activities)"
not_recorded_then = "ever_records_contacts and ever_records_activities and not (records_contacts and records_activities)"
too_early = "records_contacts and records_activities and time_possible < 91"
*/
with reached as (
    select by_1, by_2, part,
        count(*) as journeys,
        -- whoever reached a later stage has passed the earlier ones, recorded or not
        count(*) filter (where least(coalesce(days_to_contact, 999), coalesce(days_to_linked, 999), coalesce(days_to_started, 999)) <= 91) as spoken_with,
        count(*) filter (where least(coalesce(days_to_linked, 999), coalesce(days_to_started, 999)) <= 91) as linked,
        count(*) filter (where days_to_started <= 91) as started
    from selected
    where records_contacts and records_activities and time_possible >= 91
    group by by_1, by_2, part
)

select by_1, by_2, part, s.stage,
    case s.stage when 'spoken_with' then spoken_with when 'linked' then linked else started end as numerator,
    journeys as denominator
from reached
cross join (values ('spoken_with'), ('linked'), ('started')) as s (stage)
