-- Journeys that stand higher now than their highest rung, or whose movement contradicts their rungs.
with numbered as (
    select service_id, month, movement,
        rung_number(start_rung) as started,
        rung_number(rung_now) as now,
        rung_number(rung_highest) as highest
    from standing
)

select *
from numbered
where now > highest
    or movement <> case when now > started then 'up' when now = started then 'same' else 'back' end;
