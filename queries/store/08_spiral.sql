-- One row per journey: up to which day it was seen, and since when nobody looks any more.
create temp table observed as
select
    r.n,
    case
        when r.closed_day is null or r.follows_up then r.days_possible
        else greatest(r.closed_day, coalesce(o.last_day, 0))
    end as days_observed,
    -- the day on which a closed journey can no longer be seen to reach an outcome, or a goal
    case when r.closed_day is not null and not r.follows_up then greatest(r.closed_day, o.last_day) end as ended_day,
    case when r.closed_day is not null and not r.follows_up then greatest(r.closed_day, g.last_day) end as goals_ended_day
from of_slice('referral') as r
left join of_slice('outcomes_of') as o on o.n = r.n
left join of_slice('goals_of') as g on g.n = r.n;

-- One row per journey: where it stands on the spiral at the start, now, at its highest and after 3 to 36 months, the day of
-- the first step up, and the order in which rungs were first reached. Rungs are numbers here and codes in the store.
create temp table spiral as
with start as (
    select
        n,
        case employment_status when 'employed' then 5 when 'volunteering' then 4 when 'student' then 3 else 0 end as rung
    from of_slice('referral')
),

climbed as (
    select
        s.n,
        s.rung as rung_start,
        coalesce(max(e.rung) filter (where e.from_day <= o.days_observed and e.until_day >= o.days_observed), 0) as rung_now,
        coalesce(max(e.rung) filter (where e.from_day <= o.days_observed), 0) as rung_highest,
        coalesce(max(e.rung) filter (where e.from_day <= 91 and e.until_day >= 91), 0) as rung_after_3,
        coalesce(max(e.rung) filter (where e.from_day <= 183 and e.until_day >= 183), 0) as rung_after_6,
        coalesce(max(e.rung) filter (where e.from_day <= 274 and e.until_day >= 274), 0) as rung_after_9,
        coalesce(max(e.rung) filter (where e.from_day <= 365 and e.until_day >= 365), 0) as rung_after_12,
        coalesce(max(e.rung) filter (where e.from_day <= 548 and e.until_day >= 548), 0) as rung_after_18,
        coalesce(max(e.rung) filter (where e.from_day <= 730 and e.until_day >= 730), 0) as rung_after_24,
        coalesce(max(e.rung) filter (where e.from_day <= 1095 and e.until_day >= 1095), 0) as rung_after_36,
        min(e.from_day) filter (where e.rung > s.rung) as climb_day,
        -- rungs 1 to 4 by what happened, not by the status at referral
        min(e.from_day) filter (where e.rung <= 4 and not e.at_referral) as evidence_day,
        max(e.rung) filter (where e.rung <= 4 and not e.at_referral and e.from_day <= 183) as step,
        -- the day each was first reached, where it was not held at the start
        min(e.from_day) filter (where e.rung = 1 and s.rung <> 1 and e.from_day <= o.days_observed) as day_1,
        min(e.from_day) filter (where e.rung = 2 and s.rung <> 2 and e.from_day <= o.days_observed) as day_2,
        min(e.from_day) filter (where e.rung = 3 and s.rung <> 3 and e.from_day <= o.days_observed) as day_3,
        min(e.from_day) filter (where e.rung = 4 and s.rung <> 4 and e.from_day <= o.days_observed) as day_4,
        min(e.from_day) filter (where e.rung = 5 and s.rung <> 5 and e.from_day <= o.days_observed) as day_5
    from start as s
    join of_slice('observed') as o on o.n = s.n
    left join of_slice('evidence') as e on e.n = s.n
    group by s.n, s.rung
)

select
    *,
    -- rungs in the order of the days, the lower first on one day
    array_to_string(list_transform(list_sort(list_filter(
        [day_1 * 8 + 1, day_2 * 8 + 2, day_3 * 8 + 3, day_4 * 8 + 4, day_5 * 8 + 5], lambda x: x is not null)), lambda x: x % 8), '>') as path
from climbed;
