-- One row per service, with what it records and the months that it covers. No date finer than a month is kept.
create table service as
select
    service_id,
    service_name,
    commissioner_code,
    commissioner_name,
    model,
    coalesce(funding, 'unknown') as funding,
    case when link_workers_co_located then 'yes' when not link_workers_co_located then 'no' else 'unknown' end as co_located,
    -- a service records what its flag says, if it handed the table over: a table that is missing is not zero
    records_goals and has_goal as records_goals,
    records_outcomes and has_outcome as records_outcomes,
    coalesce(follows_up_after_closure, false) as follows_up_after_closure,
    has_referral_reason as records_reasons,
    has_contact as records_contacts,
    has_activity as records_activities,
    has_measure as records_measures,
    strftime(opened_on, '%Y-%m') as opened_month,
    strftime(data_from, '%Y-%m') as first_month,
    strftime(data_to, '%Y-%m') as last_month,
    -- the last month of which every day is covered
    strftime(case when data_to = last_day(data_to) then data_to else date_trunc('month', data_to) - interval 1 day end, '%Y-%m') as whole_until
from delivery.service;

-- One row per service and horizon in days: up to which referral month everyone has had that time (complete_until), and
-- from which referral month nobody has (early_from). This is all of data_to that leaves the delivery.
create table service_horizon as
select
    s.service_id,
    h.days,
    strftime(
        case
            when s.data_to - h.days = last_day(s.data_to - h.days) then s.data_to - h.days
            else date_trunc('month', s.data_to - h.days) - interval 1 day
        end,
        '%Y-%m'
    ) as complete_until,
    strftime(date_trunc('month', s.data_to - h.days) + interval 1 month, '%Y-%m') as early_from,
    -- nobody at all has had that time yet
    s.data_from + h.days > s.data_to as is_all_early
from delivery.service as s
cross join horizon as h;
