-- One row per journey: how long it was possible to see it, and how long it was seen.
create temp table last_recorded as
select n, max(day) as day
from (
    select n, greatest(set_day, status_day) as day from goal_days
    union all select n, contact_day from contact_days
    union all select n, greatest(referred_day, started_day, ended_day) from activity_days
    union all select n, greatest(started_day, ended_day, confirmed_day) from outcome_days
    union all select n, measured_day from reading_days
    union all select n, first_contact_on - referred_on from referral
) as recorded
group by n;

create temp table observed as
select
    r.n,
    r.closed_on is not null as is_closed,
    case
        when r.closed_on is null or r.follows_up_after_closure then r.days_possible
        else greatest(r.closed_on - r.referred_on, coalesce(l.day, 0))
    end as days_observed
from referral as r
left join last_recorded as l on l.n = r.n;
