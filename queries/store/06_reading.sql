-- One row per journey, tool and item: the first reading, and the latest on a later day (null without one).
create temp table reading_pair as
select
    n, tool, item,
    min_by(score, measured_day) as first_score,
    case when max(measured_day) > min(measured_day) then max_by(score, measured_day) end as latest_score
from of_slice('reading_days')
group by n, tool, item;

-- The number of barriers on the first and the latest day on which any was read: of those read on both, where there are any.
insert into reading_pair
with days as (
    select n, min(measured_day) as first_day, max(measured_day) as latest_day from of_slice('reading_days') where tool = 'mbat' group by n
),

barrier as (
    select
        r.n, r.item,
        max(r.score) filter (where r.measured_day = d.first_day) as at_first,
        max(r.score) filter (where r.measured_day = d.latest_day and d.latest_day > d.first_day) as at_latest
    from of_slice('reading_days') as r
    join days as d on d.n = r.n
    where r.tool = 'mbat'
    group by r.n, r.item
)

select
    n, 'mbat', 'total',
    coalesce(sum(at_first) filter (where at_latest is not null), sum(at_first)),
    sum(at_latest) filter (where at_first is not null)
from barrier
group by n;

-- What proves a rung by readings: one row per journey, proof and day on which all its items were read, better upwards.
create temp table proof_day as
select
    d.n, p.proof, p.rung, p.least, d.measured_day as day,
    sum(case when p.better = 'down' then -d.score else d.score end) as score
from of_slice('reading_days') as d
join proof_item as p on p.tool = d.tool and p.item = d.item
group by d.n, p.proof, p.rung, p.least, p.n_items, d.measured_day
having count(*) = p.n_items;

-- One row per such day after the first on which it is better by a reliable change, and the day until which it is the latest.
create temp table proof as
with first_day as (
    select n, proof, min_by(score, day) as score, min(day) as day from of_slice('proof_day') group by n, proof
),

later as (
    select
        d.n, d.rung, d.least, d.day as from_day,
        coalesce(lead(d.day) over (partition by d.n, d.proof order by d.day) - 1, 999999) as until_day,
        round(d.score - f.score, 6) as gain
    from of_slice('proof_day') as d
    join first_day as f on f.n = d.n and f.proof = d.proof
    where d.day > f.day
)

select n, rung, from_day, until_day from later where gain >= least;
