"""What is due, for the deliverer alone: journeys that wait for a later reading, an end or a confirmation. Exact, so it is never shown to others."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from journeys.vocabulary import spreadsheet

READING_DAYS, QUIET_DAYS = 91, 183
COLUMNS = ("service_id", "journey_id", "due", "since")
LATER_READING, END, CONFIRMATION = "a later reading", "a closing date, or a contact", "a confirmation, or an end"
_SQL = f"""
    with periods as (select service_id, delivery, data_to from delivery.service),
    first_readings as (
        select delivery, service_id, journey_id, tool, min(measured_on) as first_on, max(measured_on) as last_on
        from delivery.measure group by all
    ),
    signs as (
        select delivery, service_id, journey_id, contact_on as on_day from delivery.contact
        union all select delivery, service_id, journey_id, measured_on from delivery.measure
        union all select delivery, service_id, journey_id, set_on from delivery.goal
        union all select delivery, service_id, journey_id, referred_on from delivery.activity
    ),
    last_signs as (select delivery, service_id, journey_id, max(on_day) as last_on from signs group by all),
    due as (
        select r.service_id, r.journey_id, '{LATER_READING}' as due, min(r.first_on) as since
        from first_readings as r join periods as p using (service_id, delivery)
        where r.first_on = r.last_on and p.data_to - r.first_on >= {READING_DAYS} group by r.service_id, r.journey_id
        union all
        select j.service_id, j.journey_id, '{END}', greatest(j.referred_on, coalesce(s.last_on, j.referred_on))
        from delivery.journey as j join periods as p using (service_id, delivery)
        left join last_signs as s on s.delivery = j.delivery and s.service_id = j.service_id and s.journey_id = j.journey_id
        where j.closed_on is null and p.data_to - greatest(j.referred_on, coalesce(s.last_on, j.referred_on)) >= {QUIET_DAYS}
        union all
        select o.service_id, o.journey_id, '{CONFIRMATION}', max(greatest(o.started_on, coalesce(o.last_confirmed_on, o.started_on)))
        from delivery.outcome as o join periods as p using (service_id, delivery)
        where o.ended_on is null and o.outcome <> 'qualification'
            and p.data_to - greatest(o.started_on, coalesce(o.last_confirmed_on, o.started_on)) >= {QUIET_DAYS}
        group by o.service_id, o.journey_id
    )
    select service_id, journey_id, due, since::varchar from due order by service_id, due, since, journey_id"""


def rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, ...]]:
    """A row for every journey and thing that is due: service_id, journey_id, what, since which day."""
    yield from connection.execute(_SQL).fetchall()


def write(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Writes what is due as CSV and returns how many rows there are."""
    found = list(rows(connection))
    with path.open("w", newline="", encoding="utf-8") as file:
        spreadsheet.write_rows(file, [COLUMNS, *found])
    return len(found)
