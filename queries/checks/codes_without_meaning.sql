-- Tables of events with numbers that stand for no code.
with found as (
    select 'goal' as source, max(columns('^(.*)_number$')) as '\1' from goal
    union all by name
    select 'activity' as source, max(columns('^(.*)_number$')) as '\1' from activity
    union all by name
    select 'reading' as source, max(columns('^(.*)_number$')) as '\1' from reading
    union all by name
    select 'standing' as source, max(columns('^(.*)_number$')) as '\1' from standing
    union all by name
    select 'outcome' as source, max(columns('^(.*)_number$')) as '\1' from outcome
    union all by name
    select 'contact' as source, max(columns('^(.*)_number$')) as '\1' from contact
    union all by name
    select 'closure' as source, max(columns('^(.*)_number$')) as '\1' from closure
    union all by name
    select 'first_job' as source, max(columns('^(.*)_number$')) as '\1' from first_job
    union all by name
    select 'returned' as source, max(columns('^(.*)_number$')) as '\1' from returned
    union all by name
    select 'door' as source, max(columns('^(.*)_number$')) as '\1' from door
),

-- of a number that a table has not, nothing is listed
numbers as (
    unpivot found on columns(* exclude (source)) into name name value number
)

select distinct n.source
from numbers as n
where n.number > (select max(c.number) from code as c where c.name = n.name);
