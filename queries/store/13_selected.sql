-- Whether a row is the only one of its person in its table is known when all services are together (20_together).
alter table journey add column is_only_row boolean default true;
alter table goal add column is_only_row boolean default true;
alter table activity add column is_only_row boolean default true;
alter table reading add column is_only_row boolean default true;
alter table standing add column is_only_row boolean default true;
alter table outcome add column is_only_row boolean default true;
alter table contact add column is_only_row boolean default true;
alter table closure add column is_only_row boolean default true;
alter table first_job add column is_only_row boolean default true;
alter table returned add column is_only_row boolean default true;
alter table door add column is_only_row boolean default true;

-- What a metric reads. Here: everything, without breakdown, within 12 months, so that a metric's file runs as it lies in the
-- DuckDB shell. When a question is asked, views of the same names carry its labels (by_1, by_2), the part of the store that a
-- row belongs to (part: what the difference guard compares, or the client behind a small count) and its horizon in days.
create view selected as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from journey;
create view selected_goal as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from goal;
create view selected_activity as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from activity;
create view selected_reading as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from reading;
create view selected_outcome as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from outcome;
create view selected_contact as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from contact;
create view selected_closure as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from closure;
create view selected_first_job as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from first_job;
create view selected_returned as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from returned;
create view selected_door as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from door;
create view selected_standing as select *, null::varchar as by_1, null::varchar as by_2, 0::bigint as part, 365 as horizon from standing;
