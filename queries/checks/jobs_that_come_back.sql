-- First jobs with a state before there was time for an earlier one, or going on again after they had ended.
select service_id, month, after_13, after_26, after_52
from first_job
where after_13 is null and after_26 is not null or after_26 is null and after_52 is not null
    or after_13 = 'ended' and after_26 <> 'ended' or after_26 = 'ended' and after_52 <> 'ended';
