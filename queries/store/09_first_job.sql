-- One row per journey that found work: the first job that counts (of two on one day, the one that stands first in the delivery).
create temp table first_job_of as
with first_row as (
    select n, min_by(row_number, started_day * 1000000000000 + row_number) as row_number
    from outcome_days
    where is_job and is_counted
    group by n
)

select o.*
from outcome_days as o
join first_row as f on f.n = o.n and f.row_number = o.row_number;
