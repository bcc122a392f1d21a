-- Days since referral in a table of events by month: beside the month they would tell the referral date. These tables have none.
select table_name, column_name
from information_schema.columns
where table_schema = 'main' and table_catalog = current_database()
    and table_name in ('outcome', 'contact', 'closure', 'first_job', 'returned', 'door', 'activity', 'standing')
    and (column_name like 'days%' or column_name = 'time_possible');
