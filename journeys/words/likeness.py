"""Which rows of an answer may be compared with one another, and what is said of the others."""

from collections.abc import Mapping

from journeys.answer.released import Released, Row
from journeys.words.phrases import Names, listed


def alike(released: Released) -> list[Row]:
    """The rows that may be compared: those that the answer does not name as unlike."""
    others = [labels for labels, _ in entries(released)]
    return [row for row in released.rows if not any(_is_of(row, labels) for labels in others)]


def entries(released: Released) -> list[tuple[Mapping[str, str], str]]:
    """The rows that are not compared, as (labels, why)."""
    return [(labels, why) for labels, why in getattr(released, "not_alike", ())]


def _is_of(row: Row, labels: Mapping[str, str]) -> bool:
    return bool(labels) and all(row.labels.get(name) == code for name, code in labels.items())


def unlike(released: Released) -> str:
    """How many are not compared, inside a sentence that names none: `; 2 are not compared, for what they record`."""
    n = len(entries(released))
    if not n:
        return ""
    return f"; {n} {'is' if n == 1 else 'are'} not compared, for what {'it records' if n == 1 else 'they record'}"


def not_alike_words(released: Released, names: Names) -> str:
    """Which rows are drawn apart, and why, for the small print; empty where all are alike."""
    by_why: dict[str, list[str]] = {}
    for labels, why in entries(released):
        name = ", ".join(names(label, code) for label, code in labels.items())
        by_why.setdefault(why, []).append(name)
    said = "; ".join(f"{listed(who)} ({why})" for why, who in by_why.items())
    return f"Not compared with the others: {said}." if said else ""
