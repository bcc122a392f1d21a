-- People who come again: the days of referral of those who were referred more than once, to any service under the same key, and
-- the next such day.
create temp table again as
with day as (
    select client, referred_on
    from referral
    where client in (select client from referral group by client having count(*) > 1)
    group by client, referred_on
)

select client, referred_on, lead(referred_on) over (partition by client order by referred_on) as next_on
from day;
