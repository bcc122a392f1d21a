-- Events carry the labels of their journey, so that a metric reads one table; as numbers, which are written in a third of the time
-- of words (`coded` says what they mean, `class_of_people` age band and employment status). What a journey is chosen by:
create temp table chosen_by as
select
    j.n, j.service_id, j.month, j.service_month, b.base, j.class_of_people,
    gender_number(j.gender) as gender_number,
    ethnic_group_number(j.ethnic_group) as ethnic_group_number,
    imd_quintile_number(j.imd_quintile) as imd_quintile_number,
    long_term_conditions_number(j.long_term_conditions) as long_term_conditions_number,
    referral_source_number(j.referral_source) as referral_source_number,
    main_reason_number(j.main_reason) as main_reason_number,
    work_goal_number(j.work_goal) as work_goal_number,
    j.client,
    -- of what is recorded, and observed, each table takes what its metrics ask
    {
        'goals': j.records_goals, 'outcomes': j.records_outcomes, 'contacts': j.records_contacts, 'attended': j.records_attended,
        'activities': j.records_activities, 'readings': j.records_readings, 'observed_91': j.is_observed_91
    } as records
from of_slice('journey') as j
join number_of as b on b.service_id = j.service_id;

alter table journey drop column n;

-- The months of the deliveries, by their first day, and counted from year 0.
create temp table calendar_month as
select
    m.day::date as happened,
    year(m.day) * 12 + month(m.day) as months,
    strftime(m.day, '%Y-%m') as month
from (
    select unnest(generate_series(date_trunc('month', min(data_from)), max(data_to)::timestamp, interval 1 month)) as day
    from delivery.service
) as m;

-- One row per goal.
create table goal as
select c.* exclude (n, base, records), c.records.goals as records_goals, g.goal, g.status
from of_slice('goal_days') as g
join of_slice('chosen_by') as c on c.n = g.n;

-- One row per journey, tool and item with a reading. `gain` is the change towards better (down is better for some).
create table reading as
with tool_of as (
    select n, tool, min(item) as first_item, bool_or(latest_score is not null) as has_tool_pair from of_slice('reading_pair') group by n, tool
)

select
    c.* exclude (n, base, records),
    c.records.readings as records_readings,
    w.time_possible,
    p.tool, p.item, p.first_score, p.latest_score,
    round(case when t.better = 'down' then p.first_score - p.latest_score else p.latest_score - p.first_score end, 6) as gain,
    t.threshold,
    p.item = o.first_item as is_first_item,
    o.has_tool_pair
from of_slice('reading_pair') as p
join tool_of as o on o.n = p.n and o.tool = p.tool
join tool_item as t on t.tool = p.tool and (t.item = p.item or t.item = '*' and p.item <> 'total')
join of_slice('chosen_by') as c on c.n = p.n
join of_slice('referral') as w on w.n = p.n;

-- One row per referral to an activity: whether 91 days have passed since, and why it had not started by then (null where it had).
create table activity as
select
    c.* exclude (n, base, records, client),
    c.records.activities as records_activities,
    client_apart(c.client, 'activity') as client,
    a.activity, a.is_followed,
    case
        when not a.is_followed or a.started_day - a.referred_day <= 91 then null
        when a.started_day is null then coalesce(a.why_not, 'not_said')
        else 'not_said'
    end as why_not
from of_slice('activity_days') as a
join of_slice('chosen_by') as c on c.n = a.n;

-- What would tell a referral date to within days if it stood beside the days of a journey stands apart: tables with months
-- and no days, and with a number for the client that no other table has.

-- One row per journey, by the month of its referral: where it stands now, its highest rung, and the way there. (Half a year in a
-- job beside the day on which the job started would tell how long ago the referral was.)
create table standing as
with told as (
    select
        p.n, p.rung_start, p.path,
        -- half a year in a job needs half a year since referral: the last days before that horizon are not told
        case when p.rung_now = 6 and r.time_possible < 183 then 5 else p.rung_now end as rung_now,
        case when p.rung_highest = 6 and r.time_possible < 183 then 5 else p.rung_highest end as rung_highest
    from of_slice('spiral') as p
    join of_slice('referral') as r on r.n = p.n
)

select
    c.* exclude (n, base, records, client),
    c.records.outcomes as records_outcomes,
    c.records.observed_91 as is_observed_91,
    client_apart(c.client, 'standing') as client,
    rung_code(t.rung_start) as start_rung,
    rung_code(t.rung_now) as rung_now,
    rung_code(t.rung_highest) as rung_highest,
    case when t.rung_now > t.rung_start then 'up' when t.rung_now = t.rung_start then 'same' else 'back' end as movement,
    case when t.path = '' then 'none' else t.path end as path
from told as t
join of_slice('chosen_by') as c on c.n = t.n;

-- One row per outcome that counts; its month is that in which it started, not that of the referral.
create table outcome as
select
    c.* exclude (n, base, records, client, month) replace ((c.base + m.months)::integer as service_month),
    m.month,
    c.records.outcomes as records_outcomes,
    client_apart(c.client, 'outcome') as client,
    o.outcome
from of_slice('outcome_days') as o
join of_slice('chosen_by') as c on c.n = o.n
join calendar_month as m on m.happened = o.happened
where o.is_counted;

-- One row per journey, kind and month of contacts: how many there were, and how many were missed.
create table contact as
with who as (
    select * replace (client_apart(client, 'contact') as client) from of_slice('chosen_by') where n in (select n from of_slice('contacts_of'))
)

select
    c.* exclude (n, base, records, month) replace ((c.base + m.months)::integer as service_month),
    c.records.contacts as records_contacts, c.records.attended as records_attended,
    m.month,
    d.kind, d.n_contacts, d.n_missed
from (
    select
        n, kind, happened,
        count(*) filter (where is_attended) as n_contacts,
        count(*) filter (where not is_attended) as n_missed
    from of_slice('contact_days')
    group by n, kind, happened
) as d
join who as c on c.n = d.n
join calendar_month as m on m.happened = d.happened;

-- One row per journey that closed, by the month in which it closed.
create table closure as
select
    c.* exclude (n, base, records, client, month) replace ((c.base + m.months)::integer as service_month),
    m.month,
    client_apart(c.client, 'closure') as client,
    coalesce(r.closure_reason, 'unknown') as closure_reason,
    case
        when r.closed_day <= 30 then 'under_1'
        when r.closed_day <= 91 then '1_to_3'
        when r.closed_day <= 183 then '3_to_6'
        when r.closed_day <= 365 then '6_to_12'
        else 'over_12'
    end as length
from of_slice('referral') as r
join of_slice('chosen_by') as c on c.n = r.n
join calendar_month as m on m.happened = date_trunc('month', r.closed_on)
where r.closed_on is not null;

-- One row per first job, by the month of the referral: what is known of it 13, 26 and 52 weeks after it started (null where
-- another 91 days have not passed since), its contract, hours and ratings.
create table first_job as
select
    c.* exclude (n, base, records, client),
    c.records.outcomes as records_outcomes,
    client_apart(c.client, 'first_job') as client,
    case when j.started_on <= moved(r.data_to - 182) then job_status(j.ended_day - j.started_day, j.confirmed_day - j.started_day, 91) end as after_13,
    case when j.started_on <= moved(r.data_to - 273) then job_status(j.ended_day - j.started_day, j.confirmed_day - j.started_day, 182) end as after_26,
    case when j.started_on <= moved(r.data_to - 455) then job_status(j.ended_day - j.started_day, j.confirmed_day - j.started_day, 364) end as after_52,
    j.contract,
    case when j.hours_per_week < 16 then 'under_16' when j.hours_per_week < 30 then '16_29' when j.hours_per_week >= 30 then '30_plus' end as hours,
    j.pay_benefits, j.contract_terms, j.job_design, j.work_life_balance, j.relationships, j.voice, j.health_wellbeing
from of_slice('first_job_of') as j
join of_slice('referral') as r on r.n = j.n
join of_slice('chosen_by') as c on c.n = j.n;

-- One row per dated change of a service worth showing on a chart; its text is the service's own.
create table service_change as
select service_id, month_of(changed_on) as month, title, detail
from delivery.service_change;
