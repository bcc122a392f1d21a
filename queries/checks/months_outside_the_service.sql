-- Journeys referred in a month that their service's delivery does not cover.
select j.service_id, j.month, count(*) as n
from journey as j
join service as s on s.service_id = j.service_id
where j.month < s.first_month or j.month > s.last_month
group by j.service_id, j.month;
