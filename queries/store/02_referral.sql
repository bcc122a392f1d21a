-- One row per day on which a service was referred somebody: its month, and how long it is since then, as a horizon.
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
    -- the longest horizon that it has passed: all that is kept of the days since then
    coalesce(max(c.days) filter (where f.referred_on <= c.last_on), 0)::integer as time_possible
from found as f
join cut as c on c.service_id = f.service_id
group by f.service_id, f.referred_on;

-- One row per journey while the store is built: its number (that of its row in the delivery, which rows about it name), its client as a number (00_client), and the dates that days are counted from.
-- Nothing of this table but the client's number is kept.
create temp table referral as
select
    j.row_number as n,
    j.service_id, j.referred_on, j.referral_source, j.first_contact_on, j.closed_on, j.closure_reason,
    j.age_at_referral, j.gender, j.ethnic_group, j.imd_decile, j.long_term_conditions, j.employment_status,
    d.month, d.time_possible,
    s.data_to,
    coalesce(s.follows_up_after_closure, false) as follows_up,
    s.data_to - j.referred_on as days_possible,
    j.closed_on - j.referred_on as closed_day,
    client_number(s.client_key, s.service_id, j.client_ref) as client
from delivery.journey as j
join delivery.service as s on s.service_id = j.service_id
join referral_day as d on d.service_id = j.service_id and d.referred_on = j.referred_on;
