-- A number for each service and month of its data: a question finds the block of a row by it, not by two texts. Months are counted
-- from year 0, and a service's numbers begin where those of the one before it end: `base` and the month are the number.
create temp table number_of as
with span as (
    select
        service_id,
        year(data_from) * 12 + month(data_from) as first_month,
        year(data_to) * 12 + month(data_to) as last_month
    from delivery.service
)

select
    service_id, first_month, last_month,
    (sum(last_month - first_month + 1) over (order by service_id) - last_month)::integer as base
from span;

create table service_month as
select
    n.service_id,
    month_of(make_date((n.month - 1) // 12, (n.month - 1) % 12 + 1, 1)) as month,
    (n.base + n.month)::integer as number
from (select service_id, base, unnest(generate_series(first_month, last_month)) as month from number_of) as n;

-- One row per day on which a service was referred somebody: its month and the number of that, and how long it is since then, as a horizon.
create temp table referral_day as
with cut as (
    select s.service_id, h.days, moved(s.data_to - h.days) as last_on
    from delivery.service as s
    cross join horizon as h
    where h.is_opportunity
),

found as (
    select distinct service_id, referred_on from delivery.journey
)

select
    f.service_id, f.referred_on,
    month_of(f.referred_on) as month,
    (any_value(n.base) + year(f.referred_on) * 12 + month(f.referred_on))::integer as service_month,
    -- the longest horizon that it has passed: all that is kept of the days since then
    coalesce(max(c.days) filter (where f.referred_on <= c.last_on), 0)::integer as time_possible
from found as f
join cut as c on c.service_id = f.service_id
join number_of as n on n.service_id = f.service_id
group by f.service_id, f.referred_on;

-- One row per journey while the store is built: its number (that of its row in the delivery, which rows about it name), its client as a number (00_client), and the dates that days are counted from.
-- Nothing of this table but the client's number is kept.
create temp table referral as
select
    j.row_number as n,
    j.service_id, j.referred_on, j.referral_source, j.first_contact_on, j.closed_on, j.closure_reason,
    j.age_at_referral, j.gender, j.ethnic_group, j.imd_decile, j.long_term_conditions, j.employment_status,
    d.month, d.service_month, d.time_possible,
    s.data_to,
    coalesce(s.follows_up_after_closure, false) as follows_up,
    s.data_to - j.referred_on as days_possible,
    j.closed_on - j.referred_on as closed_day,
    client_number(s.client_key, s.service_id, j.client_ref) as client
from delivery.journey as j
join delivery.service as s on s.service_id = j.service_id
join referral_day as d on d.service_id = j.service_id and d.referred_on = j.referred_on;
