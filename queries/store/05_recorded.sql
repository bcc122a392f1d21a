-- What each service records, and since and until when: one row per service and kind that it records.
-- A kind is recorded when the flag says so and the table was handed over, else when rows of k different clients hold it.
create temp table held as
select
    r.service_id, r.client, r.referred_on,
    g.n is not null as goals,
    o.n is not null as outcomes,
    d.n is not null as reasons,
    c.n is not null or r.first_contact_on is not null as contacts,
    coalesce(c.tells_attended, false) as attended,
    a.n is not null as activities,
    m.n is not null as readings,
    coalesce(m.has_needs, false) as readings_needs,
    coalesce(m.has_confidence, false) as readings_confidence
from of_slice('referral') as r
left join of_slice('goals_of') as g on g.n = r.n
left join of_slice('outcomes_of') as o on o.n = r.n
left join of_slice('reasons_of') as d on d.n = r.n
left join of_slice('contacts_of') as c on c.n = r.n
left join of_slice('activities_of') as a on a.n = r.n
left join of_slice('readings_of') as m on m.n = r.n;

create table service_kind as
with first_of as materialized (
    select
        service_id, client,
        min(referred_on) filter (where goals) as goals,
        min(referred_on) filter (where outcomes) as outcomes,
        min(referred_on) filter (where reasons) as reasons,
        min(referred_on) filter (where contacts) as contacts,
        min(referred_on) filter (where attended) as attended,
        min(referred_on) filter (where activities) as activities,
        min(referred_on) filter (where readings) as readings,
        min(referred_on) filter (where readings_needs) as readings_needs,
        min(referred_on) filter (where readings_confidence) as readings_confidence
    from held
    group by service_id, client
),

first_held as (
    select service_id, 'goals' as kind, goals as first_on from first_of
    union all
    select service_id, 'outcomes', outcomes from first_of
    union all
    select service_id, 'reasons', reasons from first_of
    union all
    select service_id, 'contacts', contacts from first_of
    union all
    select service_id, 'attended', attended from first_of
    union all
    select service_id, 'activities', activities from first_of
    union all
    select service_id, 'readings', readings from first_of
    union all
    select service_id, 'readings_needs', readings_needs from first_of
    union all
    select service_id, 'readings_confidence', readings_confidence from first_of
),

by_month as (
    select service_id, kind, month_of(first_month) as month, n
    from (
        select service_id, kind, date_trunc('month', first_on) as first_month, count(*) as n
        from first_held
        where first_on is not null
        group by service_id, kind, first_month
    ) as f
),

running as (
    select service_id, kind, month, sum(n) over (partition by service_id, kind order by month) as n_clients from by_month
),

-- the first month from which k clients have one; how many have one in the first year
reached as (
    select
        r.service_id, r.kind,
        min(r.month) filter (where r.n_clients >= getvariable('k')) as month,
        coalesce(max(r.n_clients) filter (where r.month <= month_of(s.data_from + interval 11 month)), 0) as n_first_year
    from running as r
    join delivery.service as s on s.service_id = r.service_id
    group by r.service_id, r.kind
),

referred_first_year as (
    select r.service_id, count(distinct r.client) as n_clients
    from referral as r
    join delivery.service as s on s.service_id = r.service_id
    where r.month <= month_of(s.data_from + interval 11 month)
    group by r.service_id
),

said as (
    select service_id, 'goals' as kind, records_goals as says, has_goal as is_handed_over, goals_from as since_on, goals_to as until_on
    from delivery.service
    union all
    select service_id, 'outcomes', records_outcomes, has_outcome, outcomes_from, outcomes_to from delivery.service
    union all
    select service_id, 'reasons', records_reasons, has_referral_reason, reasons_from, reasons_to from delivery.service
    union all
    -- first_contact_on of the journeys is a contact too
    select service_id, 'contacts', records_contacts, has_contact, contacts_from, contacts_to from delivery.service
    union all
    select service_id, 'activities', records_activities, has_activity, activities_from, activities_to from delivery.service
    union all
    select service_id, 'readings', records_measures, has_measure, measures_from, measures_to from delivery.service
    union all
    -- a service that records readings may use other tools: only a no speaks for these
    select service_id, 'readings_needs', nullif(records_measures, true), false, measures_from, measures_to from delivery.service
    union all
    select service_id, 'readings_confidence', nullif(records_measures, true), false, measures_from, measures_to from delivery.service
    union all
    select service_id, 'attended', nullif(records_contacts, true), false, null, null from delivery.service
    union all
    select service_id, 'follows_up', coalesce(follows_up_after_closure, false), true, null, null from delivery.service
    union all
    select service_id, 'shared_key', has_shared_key, true, null, null from service
),

known as (
    select
        a.service_id, a.kind,
        case
            when not a.says then false
            when a.says and a.is_handed_over then true
            when a.says and a.kind <> 'contacts' then false
            else r.month is not null
        end as is_recorded,
        month_of(a.until_on) as until,
        coalesce(
            month_of(a.since_on),
            case when y.n_clients >= 50 and coalesce(r.n_first_year, 0) < getvariable('k') and a.kind not in ('follows_up', 'shared_key') then r.month end
        ) as since
    from said as a
    left join reached as r on r.service_id = a.service_id and r.kind = a.kind
    left join referred_first_year as y on y.service_id = a.service_id
)

select
    k.service_id, k.kind,
    greatest(coalesce(k.since, s.first_month), s.first_month) as since,
    least(coalesce(k.until, s.last_month), s.last_month) as until
from known as k
join service as s on s.service_id = k.service_id
where k.is_recorded and coalesce(k.since, s.first_month) <= coalesce(k.until, s.last_month)
    and coalesce(k.since, s.first_month) <= s.last_month and coalesce(k.until, s.last_month) >= s.first_month;

-- By what a kind is seen: two services are alike only if these are. Of readings the tools with which k different clients were read; of a
-- client key the services that have it in this load, which are all in which somebody who comes back is seen.
create table service_tool as
select k.service_id, k.kind, x.tool
from service_kind as k
join referral as r on r.service_id = k.service_id
join readings_by_tool as x on x.n = r.n
where (k.kind = 'readings_needs' and x.has_needs) or (k.kind = 'readings_confidence' and x.has_confidence)
group by k.service_id, k.kind, x.tool
having count(distinct r.client) >= getvariable('k')
union all
select k.service_id, k.kind, array_to_string(list(o.service_id order by o.service_id), ' ') as tool
from service_kind as k
join delivery.service as s on s.service_id = k.service_id
join delivery.service as o on o.client_key = s.client_key
where k.kind = 'shared_key'
group by k.service_id, k.kind;

-- One row per service and month of referral: what was recorded then, and what is at some time.
create temp table recorded as
select
    m.service_id, m.month,
    coalesce(bool_or(k.kind = 'goals' and m.month between k.since and k.until), false) as records_goals,
    coalesce(bool_or(k.kind = 'outcomes' and m.month between k.since and k.until), false) as records_outcomes,
    coalesce(bool_or(k.kind = 'reasons' and m.month between k.since and k.until), false) as records_reasons,
    coalesce(bool_or(k.kind = 'contacts' and m.month between k.since and k.until), false) as records_contacts,
    coalesce(bool_or(k.kind = 'attended' and m.month between k.since and k.until), false) as records_attended,
    coalesce(bool_or(k.kind = 'activities' and m.month between k.since and k.until), false) as records_activities,
    coalesce(bool_or(k.kind = 'readings' and m.month between k.since and k.until), false) as records_readings,
    coalesce(bool_or(k.kind = 'readings_needs' and m.month between k.since and k.until), false) as records_readings_needs,
    coalesce(bool_or(k.kind = 'readings_confidence' and m.month between k.since and k.until), false) as records_readings_confidence,
    coalesce(bool_or(k.kind = 'follows_up'), false) as records_follows_up,
    coalesce(bool_or(k.kind = 'shared_key'), false) as records_shared_key,
    coalesce(bool_or(k.kind = 'goals'), false) as ever_records_goals,
    coalesce(bool_or(k.kind = 'outcomes'), false) as ever_records_outcomes,
    coalesce(bool_or(k.kind = 'reasons'), false) as ever_records_reasons,
    coalesce(bool_or(k.kind = 'contacts'), false) as ever_records_contacts,
    coalesce(bool_or(k.kind = 'attended'), false) as ever_records_attended,
    coalesce(bool_or(k.kind = 'activities'), false) as ever_records_activities,
    coalesce(bool_or(k.kind = 'readings'), false) as ever_records_readings,
    coalesce(bool_or(k.kind = 'readings_needs'), false) as ever_records_readings_needs,
    coalesce(bool_or(k.kind = 'readings_confidence'), false) as ever_records_readings_confidence,
    coalesce(bool_or(k.kind = 'follows_up'), false) as ever_records_follows_up,
    coalesce(bool_or(k.kind = 'shared_key'), false) as ever_records_shared_key
from (select distinct service_id, month from referral_day) as m
left join service_kind as k on k.service_id = m.service_id
group by m.service_id, m.month;
