-- One row per journey while the store is built: its number, its client as a keyed hash, and the dates that days are counted from.
-- Nothing of this table but the hash is kept. $hash_key never enters the store.
create temp table referral as
select
    row_number() over (order by j.service_id, j.journey_id) as n,
    j.*,
    s.data_to,
    coalesce(s.follows_up_after_closure, false) as follows_up_after_closure,
    s.data_to - j.referred_on as days_possible,
    -- a person is a client_ref under one client_key; without a client_key refs are the service's own
    ('0x' || left(sha256(concat_ws(chr(31), $hash_key,
        case when s.client_key is null then 'service' else 'key' end,
        coalesce(s.client_key, s.service_id), j.client_ref)), 15))::bigint as client
from delivery.journey as j
join delivery.service as s on s.service_id = j.service_id;
