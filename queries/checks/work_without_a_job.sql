-- Journeys that found work without a first job, or the reverse, or without a route.
select service_id, month, days_to_work, first_job_start, route
from journey
where days_to_work is distinct from first_job_start or (days_to_work is null) <> (route is null);
