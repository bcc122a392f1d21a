-- People counted as out of work at referral who are not of working age.
select service_id, month, age_band, employment_status
from journey
where is_out_of_work and not is_working_age;
