-- One row per service: what it is, how it supports work, and the months that it covers. No date finer than a month is kept.
-- Since and until when it records what is in service_kind; whether it has ended or is late is told when all services are together.
create table service as
with keys as (
    select client_key, count(*) > 1 as is_shared from delivery.service group by client_key
)

select
    s.service_id, s.service_name, s.commissioner_code, s.commissioner_name, s.model,
    coalesce(s.funding, 'unknown') as funding,
    yes_or_no(s.link_workers_co_located) as co_located,
    s.ages, s.replaces,
    coalesce(s.support_offer, 'unknown') as support_offer,
    yes_or_no(s.employment_adviser_on_site) as employment_adviser_on_site,
    yes_or_no(s.staff_trained_in_employment_support) as staff_trained_in_employment_support,
    coalesce(s.jobcentre_link, 'unknown') as jobcentre_link,
    yes_or_no(s.work_outcomes_asked_for) as work_outcomes_asked_for,
    yes_or_no(s.work_outcomes_in_specification) as work_outcomes_in_specification,
    month_of(s.contract_from) as contract_from_month,
    month_of(s.contract_to) as contract_to_month,
    -- whether the same person has the same client_ref in another service of the delivery
    s.client_key is not null and k.is_shared as has_shared_key,
    month_of(s.opened_on) as opened_month,
    month_of(s.closed_on) as closed_month,
    month_of(s.data_from) as first_month,
    month_of(s.data_to) as last_month,
    -- the first month of which every day is covered, and the last
    month_of(case when day(s.data_from) = 1 then s.data_from::timestamp else date_trunc('month', s.data_from) + interval 1 month end) as first_whole_month,
    whole_month_until(s.data_to) as whole_until,
    null::varchar as ended_month,
    false as is_late
from delivery.service as s
left join keys as k on k.client_key = s.client_key;

-- One row per service and horizon in days: up to which referral month everyone has had that time (complete_until), and
-- from which referral month nobody has (early_from). This is all of data_to that leaves the delivery.
create table service_horizon as
select
    s.service_id,
    h.days,
    whole_month_until(s.data_to - h.days) as complete_until,
    month_of(date_trunc('month', s.data_to - h.days) + interval 1 month) as early_from,
    -- nobody at all has had that time yet
    s.data_from + h.days > s.data_to as is_all_early
from delivery.service as s
cross join horizon as h;
