-- How much of a person a row stands for at least, in sixtieths, is known when all services are together (20_together).
alter table journey add column sixtieths tinyint default 60;
alter table goal add column sixtieths tinyint default 60;
alter table activity add column sixtieths tinyint default 60;
alter table reading add column sixtieths tinyint default 60;
alter table standing add column sixtieths tinyint default 60;
alter table outcome add column sixtieths tinyint default 60;
alter table contact add column sixtieths tinyint default 60;
alter table closure add column sixtieths tinyint default 60;
alter table first_job add column sixtieths tinyint default 60;
alter table returned add column sixtieths tinyint default 60;
alter table door add column sixtieths tinyint default 60;

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
