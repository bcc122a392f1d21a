/*
title = "Contracts of first jobs"
why = "Not any job: whether it is secure matters too."
numerator = "First jobs with that kind of contract"
denominator = "First jobs with the contract recorded, in services that record outcomes"
says = "were {contract}"
unit = "first jobs"
shape = "proportion"
labels = ["contract"]
direction = "none"
base = "all"
horizon = "none"
needs = ["outcomes"]
fed_by = ["follows_up"]
ripens = true
funnel = true
event_time = false
caution = "Only the first job after referral, as it was recorded."

[left_out]
not_recorded = "not ever_records_outcomes"
not_recorded_then = "ever_records_outcomes and not records_outcomes"
no_job_found = "records_outcomes and route is null"
contract_not_recorded = "records_outcomes and route is not null and not has_first_job_contract"
*/
with counted as (
    select by_1, by_2, part, contract, count(*) as journeys
    from selected_first_job where records_outcomes and contract is not null group by by_1, by_2, part, contract
)

select by_1, by_2, part, contract, journeys as numerator, null as denominator
from counted
union all
-- the row without a contract is the denominator of every contract
select by_1, by_2, part, null, null, sum(journeys)
from counted
group by by_1, by_2, part
