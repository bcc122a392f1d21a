-- One row per journey while the store is built: its number, its client as a number (00_client), and the dates that days are counted from.
-- Nothing of this table but the client's number is kept.
create temp table referral as
select
    row_number() over (order by j.service_id, j.journey_id) as n,
    j.*,
    s.data_to,
    coalesce(s.follows_up_after_closure, false) as follows_up_after_closure,
    s.data_to - j.referred_on as days_possible,
    client_number(s.client_key, s.service_id, j.client_ref) as client
from delivery.journey as j
join delivery.service as s on s.service_id = j.service_id;
