-- Journeys with something before referral, or with a day that is told though it lies after the last horizon that they passed.
select service_id, month, time_possible
from journey
where least(days_to_end, days_to_goals_end, days_to_contact, days_to_linked, days_to_started, days_to_work_goal, days_to_climb,
        days_to_training, days_to_qualification, days_to_volunteering, days_to_work_experience, days_to_stepping_stone, days_to_work) < 0
    or greatest(days_to_end, days_to_goals_end, days_to_contact, days_to_linked, days_to_started, days_to_work_goal, days_to_climb,
        days_to_training, days_to_qualification, days_to_volunteering, days_to_work_experience, days_to_stepping_stone, days_to_work) > time_possible;
