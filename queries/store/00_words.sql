-- Spellings that several steps share.

-- The rows of a table that are about the journeys of one slice. A statement that asks for it is run once for each slice: of millions of
-- journeys the tables to look others up in would not fit into what is near the processor.
create temp macro of_slice(rows) as table
    select * from query_table(rows) where n >= getvariable('slice_from') and n < getvariable('slice_to');

create temp macro month_of(day) as strftime(day, '%Y-%m');
create temp macro yes_or_no(flag) as case when flag then 'yes' when not flag then 'no' else 'unknown' end;
create temp macro whole_month_until(day) as
    month_of(case when day = last_day(day) then day::date else (date_trunc('month', day) - interval 1 day)::date end);

-- The last referral date that had the time, so that nobody is told to within a week: a cut that would leave a piece of a month
-- of under a week moves back. (The earlier piece needs eight days: what is known to have come after the last horizon that
-- somebody passed tells one day more.)
create temp macro moved(cut) as case
    when day(cut) < 8 then (date_trunc('month', cut) - interval 1 day)::date
    when last_day(cut) - cut between 1 and 6 then (last_day(cut) - interval 7 day)::date
    else cut::date
end;

-- A day later than the last horizon that its journey has passed is not told.
create temp macro told(day, time_possible) as case when day <= time_possible then day::integer end;

-- By which way: steps on the way (indirect), support towards work (direct). Not known counts as not.
create temp macro way(by_steps, by_support) as case
    when by_steps and by_support then 'both'
    when by_steps then 'indirect'
    when by_support then 'direct'
    else 'neither'
end;

-- What is known of a job some days after its start.
create temp macro job_status(ended_after, confirmed_after, days) as case
    when ended_after < days then 'ended'
    when confirmed_after >= days then 'going_on'
    else 'not_known'
end;
