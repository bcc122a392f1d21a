"""How much better a reading must be: to prove a step on the spiral, and to count as a change at all; and whose figure that is."""

from journeys.vocabulary import dictionary
from journeys.vocabulary.dictionary import ReliableChange
from journeys.words.tables import Table

HEADER = ("Tool", "What is compared", "Proves a step", "Counts as a change", "Whose figure")


def thresholds() -> Table:
    """One row for each proof of a rung by readings: its least gain, and the least change that the change in wellbeing counts."""
    return Table(HEADER, tuple(_row(proof) for proof in dictionary.load().reliable.values()), 1, ())


def _row(proof: ReliableChange) -> tuple[str, ...]:
    words = dictionary.load()
    items = [words.item(proof.tool, code) for code in proof.items]
    compared = " + ".join(item.label for item in items)
    way = "down" if items[0].better == "down" else "up"
    smallest = items[0].threshold or 0
    each = " each" if len(items) > 1 else ""
    whose = "published: " if proof.is_published else "ours: "
    return (
        words.tools[proof.tool].label,
        compared,
        f"{proof.least:g} {way}",
        f"{smallest:g} {way}{each}",
        whose + proof.source,
    )
