-- Rows whose number is not that of their service and month, by which questions find them.
with row_of as (
    select service_id, month, service_month from journey
    union
    select service_id, month, service_month from goal
    union
    select service_id, month, service_month from activity
    union
    select service_id, month, service_month from reading
    union
    select service_id, month, service_month from standing
    union
    select service_id, month, service_month from outcome
    union
    select service_id, month, service_month from contact
    union
    select service_id, month, service_month from closure
    union
    select service_id, month, service_month from first_job
    union
    select service_id, month, service_month from returned
    union
    select service_id, month, service_month from door
)

select r.service_id, r.month, r.service_month
from row_of as r
left join service_month as m on m.service_id = r.service_id and m.month = r.month and m.number = r.service_month
where m.number is null;
