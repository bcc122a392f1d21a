-- What is known only when the services that a delivery does not replace are in the store again.

-- A service has ended from its own word, or where its data end more than two quarters before the latest; it is late where they
-- end earlier than the latest and it has not ended.
update service
set ended_month = case
        when service.closed_month <= t.latest then service.closed_month
        when strptime(service.last_month || '-01', '%Y-%m-%d') + interval 6 month < strptime(t.latest || '-01', '%Y-%m-%d') then service.last_month
    end
from (select max(last_month) as latest from service) as t;

update service
set is_late = service.ended_month is null and service.whole_until < t.latest
from (select max(whole_until) as latest from service) as t;

-- A barrier that fewer than k people were asked about is kept as `other`: its name could be somebody's own.
update reading
set item = 'other'
where tool = 'mbat' and item in (
        select item
        from reading
        where tool = 'mbat' and item <> 'total'
        group by item
        having count(distinct client) < getvariable('k')
    );

-- The barriers that may be a label: those of which k people have a reading.
create table barrier as
select item
from reading
where tool = 'mbat' and item <> 'total'
group by item
having count(distinct client) >= getvariable('k');

-- The number of each class of people.
create table class_of_people as
select distinct age_band, employment_status, class_of_people as number
from journey;

-- The number of each code that tables of events hold as one.
create table coded as
select name, code, number
from code;

-- People with several rows in a table, and how many. Rows of a person who has n are a sixtieth of a person each for every n that goes into 60
-- (rounded down: so many people stand behind some rows at least); those of the others are as many as their people.
create temp table several (source varchar, client bigint, n bigint);
insert into several select 'journey', client, count(*) from journey group by client having count(*) > 1;
insert into several select 'goal', client, count(*) from goal group by client having count(*) > 1;
insert into several select 'activity', client, count(*) from activity group by client having count(*) > 1;
insert into several select 'standing', client, count(*) from standing group by client having count(*) > 1;
insert into several select 'outcome', client, count(*) from outcome group by client having count(*) > 1;
insert into several select 'contact', client, sum(n_contacts + n_missed) from contact group by client having sum(n_contacts + n_missed) > 1;
insert into several select 'closure', client, count(*) from closure group by client having count(*) > 1;
insert into several select 'first_job', client, count(*) from first_job group by client having count(*) > 1;
insert into several select 'returned', client, count(*) from returned group by client having count(*) > 1;
insert into several select 'door', client, count(*) from door group by client having count(*) > 1;

update journey set sixtieths = 60 // s.n from several as s where s.source = 'journey' and s.client = journey.client;
update goal set sixtieths = 60 // s.n from several as s where s.source = 'goal' and s.client = goal.client;
update activity set sixtieths = 60 // s.n from several as s where s.source = 'activity' and s.client = activity.client;
-- of readings: of one tool in one journey, and of one item but for those that became `other`
update reading
set sixtieths = 60 // s.n
from (select client, tool, count(*) filter (where is_first_item) as n from reading group by client, tool having n > 1) as s
where s.client = reading.client and s.tool = reading.tool;
update reading
set sixtieths = least(sixtieths, 60 // s.n)
from (select client, tool, count(*) as n from reading where item = 'other' group by client, tool having n > 1) as s
where s.client = reading.client and s.tool = reading.tool and reading.item = 'other';
update standing set sixtieths = 60 // s.n from several as s where s.source = 'standing' and s.client = standing.client;
update outcome set sixtieths = 60 // s.n from several as s where s.source = 'outcome' and s.client = outcome.client;
update contact set sixtieths = 60 // s.n from several as s where s.source = 'contact' and s.client = contact.client;
update closure set sixtieths = 60 // s.n from several as s where s.source = 'closure' and s.client = closure.client;
update first_job set sixtieths = 60 // s.n from several as s where s.source = 'first_job' and s.client = first_job.client;
update returned set sixtieths = 60 // s.n from several as s where s.source = 'returned' and s.client = returned.client;
update door set sixtieths = 60 // s.n from several as s where s.source = 'door' and s.client = door.client;

-- The most rows of one person in each table: how far rows can stand for fewer people.
create table most_rows as
with one as (
    select 'journey' as source, exists (select 1 from journey) as has_any
    union all
    select 'goal', exists (select 1 from goal)
    union all
    select 'activity', exists (select 1 from activity)
    union all
    select 'standing', exists (select 1 from standing)
    union all
    select 'outcome', exists (select 1 from outcome)
    union all
    select 'contact', exists (select 1 from contact)
    union all
    select 'closure', exists (select 1 from closure)
    union all
    select 'first_job', exists (select 1 from first_job)
    union all
    select 'returned', exists (select 1 from returned)
    union all
    select 'door', exists (select 1 from door)
)

select o.source, coalesce(max(s.n), max(o.has_any::bigint))::bigint as most
from one as o
left join several as s on s.source = o.source
group by o.source
union all
select 'reading', coalesce(max(n), 0) from (
    -- a metric counts one row per journey and tool, or per journey and item; of those who have no other there is one
    select 1 as n
    from (select 1 from reading limit 1) as any_row
    union all
    select count(*) filter (where is_first_item) from reading where sixtieths < 60 group by client, tool
    union all
    select count(*) from reading where sixtieths < 60 group by client, tool, item
) as r;

drop table several;
