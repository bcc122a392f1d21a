/*
title = "Kept the job they had"
why = "Keeping a job while unwell is as much an outcome as finding one."
numerator = "Journeys with a job_kept row confirmed between day 91 and the horizon, and none ended by the horizon"
denominator = "Journeys employed at referral with the time to reach the horizon, in services that record outcomes"
says = "had the job they held at referral confirmed, and not ended,"
unit = "journeys"
shape = "proportion"
labels = []
direction = "none"
base = "all"
horizon = "within"
needs = ["outcomes"]
caution = "A job that nobody confirmed after 91 days counts as not known, so the true share is likely higher."

[left_out]
not_recorded = "not records_outcomes"
too_early = "records_outcomes and days_possible < horizon"
not_employed_at_referral = "records_outcomes and days_possible >= horizon and employment_status <> 'employed'"
*/
select by_1, by_2, part,
    count(*) filter (
        where days_to_kept_job_confirmed <= horizon
            and (days_to_kept_job_end is null or days_to_kept_job_end > horizon)
    ) as numerator,
    count(*) as denominator
from selected
where records_outcomes and employment_status = 'employed' and days_possible >= horizon
group by by_1, by_2, part
