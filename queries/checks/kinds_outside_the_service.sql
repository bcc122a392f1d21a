-- Kinds that a service is said to record in months that its data do not cover.
select k.service_id, k.kind, k.since, k.until
from service_kind as k
left join service as s on s.service_id = k.service_id
where s.service_id is null or k.since > k.until or k.since < s.first_month or k.until > s.last_month;
