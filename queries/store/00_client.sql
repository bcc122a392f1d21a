-- Who is who. A person is a client_ref under one client_key; without a client_key the refs are the service's own. In the store a
-- person is a number made with the store's key: a variable of the connection that builds (hash_key), which never enters the store.
create temp macro client_number(client_key, service_id, client_ref) as
    ('0x' || left(sha256(concat_ws(chr(31), getvariable('hash_key'),
        case when client_key is null then 'service' else 'key' end, coalesce(client_key, service_id), client_ref)), 15))::bigint;

-- The number of the same person in a table apart, whose rows must not be put beside the journey: its salt is the table's name.
create temp macro client_apart(client, table_name) as
    ('0x' || left(sha256(concat_ws(chr(31), getvariable('hash_key'), table_name, client)), 15))::bigint;
