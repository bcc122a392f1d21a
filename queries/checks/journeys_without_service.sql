-- Journeys whose service is not in the store.
select j.service_id, count(*) as n
from journey as j
left join service as s on s.service_id = j.service_id
where s.service_id is null
group by j.service_id;
