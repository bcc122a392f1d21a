-- Rows whose number is not that of their service and month, by which questions find them.
with row_of as (
    select service_id, month, service_month from journey group by all
    union
    select service_id, month, service_month from outcome group by all
    union
    select service_id, month, service_month from contact group by all
    union
    select service_id, month, service_month from closure group by all
    union
    select service_id, month, service_month from returned where service_month is null
    union
    select service_id, month, service_month from goal where service_month is null
    union
    select service_id, month, service_month from activity where service_month is null
    union
    select service_id, month, service_month from reading where service_month is null
    union
    select service_id, month, service_month from standing where service_month is null
    union
    select service_id, month, service_month from first_job where service_month is null
    union
    select service_id, month, service_month from door where service_month is null
)

select r.service_id, r.month, r.service_month
from row_of as r
left join service_month as m on m.service_id = r.service_id and m.month = r.month and m.number = r.service_month
where m.number is null;
