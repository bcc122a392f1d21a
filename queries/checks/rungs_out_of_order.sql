-- Journeys that stand higher now than their highest rung, or whose movement contradicts their rungs.
with numbered as (
    select service_id, month, movement,
        list_position(['starting_out', 'basic_needs', 'confidence', 'learning', 'volunteering', 'work', 'staying'], start_rung) as started,
        list_position(['starting_out', 'basic_needs', 'confidence', 'learning', 'volunteering', 'work', 'staying'], rung_now) as now,
        list_position(['starting_out', 'basic_needs', 'confidence', 'learning', 'volunteering', 'work', 'staying'], rung_highest) as highest
    from journey
)

select *
from numbered
where now > highest
    or movement <> case when now > started then 'up' when now = started then 'same' else 'back' end;
