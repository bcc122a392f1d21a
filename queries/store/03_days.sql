-- Every dated row of a delivery as whole days since referral (day 0), one table per kind.
create temp table goal_days as
select r.n, g.goal, g.status, g.set_on - r.referred_on as set_day, g.status_on - r.referred_on as status_day
from delivery.goal as g
join of_slice('referral') as r on r.n = g.journey_row;

create temp table contact_days as
select
    r.n, c.kind,
    c.contact_on - r.referred_on as contact_day,
    date_trunc('month', c.contact_on)::date as happened,
    -- one that was missed counts as missed and as nothing else; not recorded counts as attended
    coalesce(c.attended, true) as is_attended,
    c.attended is not null as tells_attended
from delivery.contact as c
join of_slice('referral') as r on r.n = c.journey_row;

create temp table activity_days as
select
    r.n, a.activity, a.why_not,
    a.referred_on - r.referred_on as referred_day,
    a.started_on - r.referred_on as started_day,
    -- whether there was the time to start
    a.referred_on <= moved(r.data_to - 91) as is_followed
from delivery.activity as a
join of_slice('referral') as r on r.n = a.journey_row;

create temp table outcome_days as
select
    r.n, o.row_number, o.outcome,
    o.outcome in ('job_started', 'self_employment', 'apprenticeship') as is_job,
    o.outcome in ('training', 'education', 'qualification', 'volunteering', 'work_experience') as is_step,
    date_trunc('month', o.started_on)::date as happened,
    o.started_on,
    o.started_on - r.referred_on as started_day,
    o.ended_on - r.referred_on as ended_day,
    o.last_confirmed_on - r.referred_on as confirmed_day,
    -- a job start counts from 4 paid hours a week; not recorded counts
    o.outcome not in ('job_started', 'self_employment', 'apprenticeship') or coalesce(o.hours_per_week, 4) >= 4 as is_counted,
    o.hours_per_week, o.contract,
    o.pay_benefits, o.contract_terms, o.job_design, o.work_life_balance, o.relationships, o.voice, o.health_wellbeing
from delivery.outcome as o
join of_slice('referral') as r on r.n = o.journey_row;

-- SWEMWBS raw totals become metric scores here, row by row, before anything is compared or averaged.
create temp table reading_days as
select
    r.n, m.tool, m.item,
    m.measured_on - r.referred_on as measured_day,
    case when m.tool = 'swemwbs' then w.metric else m.score end as score
from delivery.measure as m
join of_slice('referral') as r on r.n = m.journey_row
left join swemwbs_metric as w on m.tool = 'swemwbs' and w.raw = m.score;
