"""The engine of the social prescribing dashboard: deliveries in, protected answers out.

from journeys import Selection, open_store
"""

from journeys.vocabulary.selection import Selection

__all__ = ["Selection", "open_store"]


def __getattr__(name: str):
    # the store brings DuckDB along, which commands such as `sample --help` do not need
    if name == "open_store":
        from journeys.store.opened import open_store

        return open_store
    raise AttributeError(f"module 'journeys' has no attribute {name!r}")
