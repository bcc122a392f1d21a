"""Several deliveries of one service made one: later ones win journey by journey, child rows included.

Later is the larger data_to, ties by the order given. The service is described by the latest, from the earliest data_from to the latest
data_to. A journey that a later delivery does not have stays.
"""

import duckdb

from journeys.sql import name
from journeys.store.tables import column
from journeys.store.work import LoadError
from journeys.vocabulary import dictionary


def join(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Joins what stands in `delivery` and returns the services that were in several deliveries. LoadError where they cannot be one."""
    connection.execute(
        "create or replace temp table turn as select service_id, delivery, "
        "row_number() over (partition by service_id order by data_to, delivery) as nth, "
        "count(*) over (partition by service_id) as n from delivery.service"
    )
    several = column(connection, "select distinct service_id from turn where n > 1 order by 1")
    if several:
        _one_key(connection)
        _journeys(connection)
        _changes(connection)
        _services(connection)
    return tuple(several)


def _one_key(connection: duckdb.DuckDBPyConnection) -> None:
    keys = "select service_id from delivery.service group by 1 having count(distinct coalesce(client_key, '')) > 1"
    differing = column(connection, f"{keys} order by 1")
    if differing:
        raise LoadError(
            f"The deliveries of {', '.join(differing)} name different client keys, so that one person would count as two: "
            "write the same client_key in each. Nothing was loaded."
        )


def _journeys(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create or replace temp table winner as select service_id, journey_id, arg_max(delivery, nth) as delivery "
        "from delivery.journey join turn using (service_id, delivery) group by all having count(*) > 1"
    )
    for table in dictionary.load().tables.values():
        if "journey_id" in table.columns:
            connection.execute(
                f"delete from delivery.{table.name} as t using winner as w where w.service_id = t.service_id "
                "and w.journey_id = t.journey_id and w.delivery <> t.delivery"
            )


def _changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Dated changes of a service: of one day, those of the latest delivery that has any."""
    connection.execute(
        "create or replace table delivery.service_change as select c.* from delivery.service_change as c "
        "join turn using (service_id, delivery) "
        "qualify nth = max(nth) over (partition by c.service_id, c.changed_on) order by c.row_number"
    )


def _services(connection: duckdb.DuckDBPyConnection) -> None:
    has = [name(f"has_{table}") for table in dictionary.load().child_tables]
    any_has = "".join(f", bool_or({flag}) over w as {flag}" for flag in has)
    connection.execute(
        "create or replace table delivery.service as select s.* replace (min(data_from) over w as data_from, "
        f"max(data_to) over w as data_to{any_has}) from delivery.service as s join turn using (service_id, delivery) "
        "window w as (partition by s.service_id) qualify nth = n order by s.row_number"
    )
