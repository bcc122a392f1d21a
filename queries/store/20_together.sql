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

-- Rows that are not the only ones of their person: people with one row are as many as their rows, and need not be told apart.
update journey set is_only_row = true where not is_only_row;
update journey set is_only_row = false where client in (select client from journey group by client having count(*) > 1);
update goal set is_only_row = true where not is_only_row;
update goal set is_only_row = false where client in (select client from goal group by client having count(*) > 1);
update activity set is_only_row = true where not is_only_row;
update activity set is_only_row = false where client in (select client from activity group by client having count(*) > 1);
update reading set is_only_row = true where not is_only_row;
-- of readings: of one tool in one journey, and of one item but for those that became `other`
update reading
set is_only_row = false
where (client, tool) in (select (client, tool) from reading group by client, tool having count(*) filter (where is_first_item) > 1)
    or (client, tool, item) in (select (client, tool, item) from reading where item = 'other' group by client, tool, item having count(*) > 1);
update standing set is_only_row = true where not is_only_row;
update standing set is_only_row = false where client in (select client from standing group by client having count(*) > 1);
update outcome set is_only_row = true where not is_only_row;
update outcome set is_only_row = false where client in (select client from outcome group by client having count(*) > 1);
update contact set is_only_row = true where not is_only_row;
update contact set is_only_row = false where client in (select client from contact group by client having sum(n_contacts + n_missed) > 1);
update closure set is_only_row = true where not is_only_row;
update closure set is_only_row = false where client in (select client from closure group by client having count(*) > 1);
update first_job set is_only_row = true where not is_only_row;
update first_job set is_only_row = false where client in (select client from first_job group by client having count(*) > 1);
update returned set is_only_row = true where not is_only_row;
update returned set is_only_row = false where client in (select client from returned group by client having count(*) > 1);
update door set is_only_row = true where not is_only_row;
update door set is_only_row = false where client in (select client from door group by client having count(*) > 1);

-- The most rows of one person in each table: how far rows can stand for fewer people.
create table most_rows as
select 'journey' as source, coalesce(max(n), 0)::bigint as most from (select count(*) as n from journey group by client)
union all
select 'goal', coalesce(max(n), 0) from (select count(*) as n from goal group by client)
union all
select 'activity', coalesce(max(n), 0) from (select count(*) as n from activity group by client)
union all
select 'reading', coalesce(max(n), 0) from (
    -- a metric counts one row per journey and tool, or per journey and item
    select count(*) filter (where is_first_item) as n from reading group by client, tool
    union all
    select count(*) from reading group by client, tool, item
)
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
