-- Journeys that found work without a route, or services with more or fewer first jobs than journeys that found work.
select service_id, count(*) as n
from (
    select service_id, 1 as is_found, 0 as is_job from journey where route is not null
    union all
    select service_id, 0, 1 from first_job
) as work
group by service_id
having sum(is_found) <> sum(is_job)
union all
select service_id, count(*) from journey where days_to_work is not null and route is null group by service_id;
