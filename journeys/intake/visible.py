"""The free texts of a delivery that would reach a screen, for a person to read: a bare name cannot be told by its pattern."""

from collections.abc import Iterator

import duckdb

from journeys.vocabulary.dictionary import Dictionary

SHOWN = {
    "service": ("service_id", "service_name", "commissioner_code", "commissioner_name", "ages"),
    "service_change": ("title", "detail"),
}
MAX_WORDS = 60


def words(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> tuple[str, ...]:
    """Every different free text, as `what: text`, of the good rows that a connection has read; at most 60 of a kind."""
    return (*_texts(connection, dictionary), *_barriers(connection, dictionary))


def _texts(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> Iterator[str]:
    for table, names in SHOWN.items():
        for name in names:
            if name in dictionary.tables[table].columns:
                yield from _different(connection, f'select "{name}" as v from delivery.{table}', name)


def _barriers(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary) -> Iterator[str]:
    """Items of tools whose list is open, beyond those that the dictionary names."""
    for tool in dictionary.tools.values():
        if tool.any_item is not None:
            known = ", ".join(f"'{item}'" for item in tool.items)
            rows = f"select item as v from delivery.measure where tool = '{tool.code}' and item not in ({known})"
            yield from _different(connection, rows, f"{tool.code} item")


def _different(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> Iterator[str]:
    sql = f"select v, count(*) over () from ({rows}) where v is not null group by v order by v limit {MAX_WORDS}"
    found = connection.execute(sql).fetchall()
    yield from (f"{name}: {word}" for word, _ in found)
    if found and found[0][1] > MAX_WORDS:
        yield f"{name}: and {found[0][1] - MAX_WORDS:,} more"
