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

-- The most rows of one person in each table: how far rows can stand for fewer people.
create table most_rows as
select 'journey' as source, coalesce(max(n), 0)::bigint as most from (select count(*) as n from journey group by client)
union all
select 'goal', coalesce(max(n), 0) from (select count(*) as n from goal group by client)
union all
select 'activity', coalesce(max(n), 0) from (select count(*) as n from activity group by client)
union all
select 'reading', coalesce(max(n), 0) from (select count(*) as n from reading group by client, tool, item)
union all
select 'standing', coalesce(max(n), 0) from (select count(*) as n from standing group by client)
union all
select 'outcome', coalesce(max(n), 0) from (select count(*) as n from outcome group by client)
union all
select 'contact', coalesce(max(n), 0)::bigint from (select sum(n_contacts + n_missed) as n from contact group by client)
union all
select 'closure', coalesce(max(n), 0) from (select count(*) as n from closure group by client)
union all
select 'first_job', coalesce(max(n), 0) from (select count(*) as n from first_job group by client)
union all
select 'returned', coalesce(max(n), 0) from (select count(*) as n from returned group by client)
union all
select 'door', coalesce(max(n), 0) from (select count(*) as n from door group by client);
