-- Events carry the labels of their journey, so that a metric reads one table. What a journey is chosen by:
create temp table chosen_by as
select
    n, service_id, commissioner_code, model, funding, co_located, month, quarter, financial_year,
    age_band, gender, ethnic_group, imd_quintile, long_term_conditions, employment_status, referral_source, main_reason,
    work_goal, start_rung, is_working_age, is_out_of_work, client, records_goals, records_outcomes, days_possible
from wide;

-- One row per goal.
create table goal as
select c.* exclude (n), g.goal, g.status
from goal_days as g
join chosen_by as c on c.n = g.n;

-- One row per outcome that counts; month, quarter and financial year are those in which it started, not those of the referral.
create table outcome as
select
    c.* exclude (n) replace (
        o.started_month as month,
        left(o.started_month, 4) || '-Q' || ((right(o.started_month, 2)::integer + 2) // 3) as quarter,
        case
            when right(o.started_month, 2)::integer >= 4
                then left(o.started_month, 4) || '/' || right((left(o.started_month, 4)::integer + 1)::varchar, 2)
            else (left(o.started_month, 4)::integer - 1)::varchar || '/' || substr(o.started_month, 3, 2)
        end as financial_year
    ),
    o.outcome
from outcome_days as o
join chosen_by as c on c.n = o.n
where o.is_counted;

-- One row per journey and kind of contact.
create table contact as
select c.* exclude (n), d.kind, d.n_contacts
from (select n, kind, count(*) as n_contacts from contact_days group by n, kind) as d
join chosen_by as c on c.n = d.n;

-- One row per journey, tool and item with a reading. `gain` is the change towards better (down is better for some).
create table reading as
select
    c.* exclude (n),
    p.tool, p.item, p.first_score, p.latest_score,
    round(case when t.better = 'down' then p.first_score - p.latest_score else p.latest_score - p.first_score end, 6) as gain,
    t.threshold,
    row_number() over (partition by p.n, p.tool order by p.item) = 1 as is_first_item,
    bool_or(p.latest_score is not null) over (partition by p.n, p.tool) as has_tool_pair
from reading_pair as p
join tool_item as t on t.tool = p.tool and (t.item = p.item or t.item = '*')
join chosen_by as c on c.n = p.n;

-- One row per dated change of a service worth showing on a chart; its text is the service's own.
create table service_change as
select service_id, strftime(changed_on, '%Y-%m') as month, title, detail
from delivery.service_change;
