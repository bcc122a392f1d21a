-- Columns that could hold a date finer than a month, or free text about a client. The store has none.
select table_name, column_name, data_type
from information_schema.columns
where table_schema = 'main' and table_catalog = current_database()
    and (data_type in ('DATE', 'TIME') or data_type like 'TIMESTAMP%'
        or column_name in ('client_ref', 'journey_id', 'referred_on', 'data_to', 'days_possible'));
