-- One row per journey, tool and item: the first reading, and the latest on a later day (null without one).
create temp table reading_pair as
select
    n, tool, item,
    min_by(score, measured_day) as first_score,
    case when max(measured_day) > min(measured_day) then max_by(score, measured_day) end as latest_score
from reading_days
group by n, tool, item;

-- One row per reading after the first: how much better it is than the first, and until which day it is the latest.
create temp table reading_change as
select
    d.n, d.tool, d.item,
    d.measured_day as from_day,
    coalesce(lead(d.measured_day) over (partition by d.n, d.tool, d.item order by d.measured_day) - 1, 999999) as until_day,
    round(case when t.better = 'down' then f.first_score - d.score else d.score - f.first_score end, 6) as gain,
    f.first_day
from reading_days as d
join (
    select n, tool, item, min_by(score, measured_day) as first_score, min(measured_day) as first_day
    from reading_days
    group by n, tool, item
) as f on f.n = d.n and f.tool = d.tool and f.item = d.item
join tool_item as t on t.tool = d.tool and (t.item = d.item or t.item = '*')
where d.measured_day > f.first_day;
