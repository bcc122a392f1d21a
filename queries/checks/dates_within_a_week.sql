-- Rows from which somebody who knows the last day of a service's data could tell a referral date to within a week. Run while a store
-- is built, because the store itself does not hold that day. (A last month of which the data themselves
-- cover about a week is not counted here: under a week, the load says so.)
with journey_row as (
    select
        j.service_id, j.month, j.time_possible as passed,
        (select min(h.days) from horizon as h where h.is_opportunity and h.days > j.time_possible) as not_passed,
        -- the fewest days since referral that the row tells of
        greatest(
            j.time_possible,
            case
                when j.is_closed and j.days_to_end is null and not j.records_follows_up
                    or j.is_spoken_with and j.days_to_contact is null
                    or cardinality(j.activities_referred) > 0 and j.days_to_linked is null
                    or cardinality(j.activities_started) > 0 and j.days_to_started is null
                    or array_contains(j.goals, 'employment') and j.days_to_work_goal is null
                    or j.route is not null and j.days_to_work is null
                    then j.time_possible + 1
            end
        ) as at_least
    from journey as j
),

first_job_row as (
    select service_id, month, case when after_52 is not null then 455 when after_26 is not null then 273 when after_13 is not null then 182 end as passed
    from first_job
),

told as (
    select r.service_id, r.month, least(case when r.passed > 0 then moved(s.data_to - r.passed) else s.data_to end, s.data_to - r.at_least::integer) as latest, moved(s.data_to - r.not_passed) as after
    from journey_row as r
    join delivery.service as s on s.service_id = r.service_id
    union all
    select r.service_id, r.month, moved(s.data_to - r.passed), null
    from first_job_row as r
    join delivery.service as s on s.service_id = r.service_id
    where r.passed is not null
    union all
    select r.service_id, r.month, moved(s.data_to - 91), null
    from activity as r
    join delivery.service as s on s.service_id = r.service_id
    where r.is_followed
    union all
    -- half a year in a job needs half a year
    select r.service_id, r.month, moved(s.data_to - case when r.rung_highest = 'staying' then 183 else 91 end), null
    from standing as r
    join delivery.service as s on s.service_id = r.service_id
    where r.is_observed_91 or r.rung_highest = 'staying'
    union all
    select r.service_id, r.month, moved(s.until_on - r.time_after), null
    from returned as r
    join (
        select s.service_id, min(o.data_to) as until_on
        from delivery.service as s
        join delivery.service as o on o.service_id = s.service_id or o.client_key = s.client_key
        group by s.service_id
    ) as s on s.service_id = r.service_id
    where r.time_after > 0
),

in_month as (
    select
        t.service_id, t.month, t.latest, t.after,
        strptime(t.month || '-01', '%Y-%m-%d')::date as first_day,
        least(last_day(strptime(t.month || '-01', '%Y-%m-%d')), s.data_to) as last_covered
    from told as t
    join delivery.service as s on s.service_id = t.service_id
)

select service_id, month, count(*) as n
from in_month
where least(latest, last_covered) - greatest(first_day, coalesce(after + 1, first_day)) + 1 < 7
    and last_covered - first_day + 1 >= 8
group by service_id, month;
