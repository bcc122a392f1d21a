"""SQL of a table of the store with what a row is chosen by in words: events hold it as numbers."""

from journeys.vocabulary.selection import CODED

OF_CLASS = ("age_band", "employment_status")


def in_words(table: str) -> str:
    """A table, or the view that metrics read, as it stands after `from`."""
    if table.split(".")[-1] in ("journey", "selected"):
        return table
    words = [f"{name}_of({name}_number) as {name}" for name in CODED]
    words += [f"{name}_of(class_of_people) as {name}" for name in OF_CLASS]
    return f"(select *, {', '.join(words)} from {table})"
