-- Journeys observed for longer than was possible, or with something before referral.
select service_id, month, days_possible, days_observed
from journey
where days_possible < 0 or days_observed < 0 or days_observed > days_possible or days_to_contact < 0
    or days_to_work < 0 or days_to_stepping_stone < 0 or days_to_climb < 0;
