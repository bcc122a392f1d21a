-- One row per closed journey, by the month of its referral: the longest horizon since it closed in which every service under
-- its key can be seen, and the shortest within which the same person was referred again.
create table returned as
with seen as (
    -- without a client_key a service is a key of its own
    select
        s.service_id,
        min(o.data_to) as until_on
    from delivery.service as s
    join delivery.service as o on o.service_id = s.service_id or o.client_key = s.client_key
    group by s.service_id
),

horizons as (
    select s.service_id, h.days, moved(s.until_on - h.days) as last_on
    from seen as s
    cross join horizon as h
    where h.is_within
),

closed as (
    select n, service_id, client, closed_on from of_slice('referral') where closed_on is not null
),

closed_day as (
    select c.service_id, c.closed_on, coalesce(max(h.days) filter (where c.closed_on <= h.last_on), 0)::integer as time_after
    from (select distinct service_id, closed_on from closed) as c
    join horizons as h on h.service_id = c.service_id
    group by c.service_id, c.closed_on
),

next as (
    select c.n, min(a.referred_on) - c.closed_on as days
    from closed as c
    join again as a on a.client = c.client and a.referred_on > c.closed_on
    group by c.n, c.closed_on
),

within_days as (
    select x.n, min(h.days)::integer as days
    from next as x
    join horizon as h on h.is_within and h.days >= x.days
    group by x.n
)

select
    c.* exclude (n, base, records, client),
    client_apart(c.client, 'returned') as client,
    d.time_after,
    told(w.days, d.time_after) as within_days
from closed as r
join of_slice('chosen_by') as c on c.n = r.n
join closed_day as d on d.service_id = r.service_id and d.closed_on = r.closed_on
left join within_days as w on w.n = r.n;

-- One row per step of a person from one journey to the next, of services whose key is shared; by the month of the earlier one.
create table door as
select
    c.* exclude (n, base, records, client),
    client_apart(c.client, 'door') as client,
    c.service_id as from_service,
    l.service_id as to_service
from again as s
join referral as e on e.client = s.client and e.referred_on = s.referred_on
join service as k on k.service_id = e.service_id and k.has_shared_key
join referral as l on l.client = s.client and l.referred_on = s.next_on
join chosen_by as c on c.n = e.n;
