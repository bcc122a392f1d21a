-- One row per journey: where it stands on the spiral at the start, now, at its highest and after 3 to 24 months, the day of
-- the first step up, and the order in which rungs were first reached. Rungs are numbers here and codes in the store.
create temp table start as
select
    n,
    case employment_status when 'employed' then 5 when 'volunteering' then 4 when 'student' then 3 else 0 end as rung
from referral;

create temp table spiral as
with climbed as (
    select
        s.n,
        s.rung as rung_start,
        max(e.rung) filter (where e.from_day <= o.days_observed and e.until_day >= o.days_observed) as rung_now,
        max(e.rung) filter (where e.from_day <= o.days_observed) as rung_highest,
        max(e.rung) filter (where e.from_day <= 91 and e.until_day >= 91) as rung_after_3,
        max(e.rung) filter (where e.from_day <= 183 and e.until_day >= 183) as rung_after_6,
        max(e.rung) filter (where e.from_day <= 274 and e.until_day >= 274) as rung_after_9,
        max(e.rung) filter (where e.from_day <= 365 and e.until_day >= 365) as rung_after_12,
        max(e.rung) filter (where e.from_day <= 548 and e.until_day >= 548) as rung_after_18,
        max(e.rung) filter (where e.from_day <= 730 and e.until_day >= 730) as rung_after_24,
        min(e.from_day) filter (where e.rung > s.rung) as days_to_climb,
        min(e.from_day) filter (where e.rung between 1 and 4 and not e.at_referral) as days_to_first_evidence
    from start as s
    join observed as o on o.n = s.n
    left join evidence as e on e.n = s.n
    group by s.n, s.rung
),

reached as (
    select e.n, e.rung, min(e.from_day) as first_day
    from evidence as e
    join start as s on s.n = e.n
    join observed as o on o.n = e.n
    where e.rung between 1 and 5 and e.rung <> s.rung and e.from_day <= o.days_observed
    group by e.n, e.rung
),

way as (
    select n, string_agg(rung::varchar, '>' order by first_day, rung) as path
    from reached
    group by n
)

select c.*, coalesce(w.path, 'none') as path
from climbed as c
left join way as w on w.n = c.n;
