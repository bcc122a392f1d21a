"""The averages of the population beside paired readings, with their sources (data/reference/norms.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from journeys.vocabulary import dictionary

FILE = Path(__file__).resolve().parents[2] / "data" / "reference" / "norms.toml"


@dataclass(frozen=True)
class Norm:
    """An average of the population on one scale: `value` to one decimal, of whom, when, and where it is printed."""

    value: float
    year: str
    people: str
    source: str


@cache
def norms() -> Mapping[tuple[str, str], Norm]:
    """Every norm by tool and item."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {(tool, item): Norm(**values) for tool, items in found.items() for item, values in items.items()}


def norm(tool: str, item: str) -> Norm | None:
    return norms().get((tool, item))


def norm_words(tool: str) -> str:
    """The norms of a tool in one sentence with their source; empty for a tool without."""
    mine = {item: found for (of, item), found in norms().items() if of == tool}
    if not mine:
        return ""
    items = dictionary.load().tools[tool].items
    values = [f"{items[item].label} {found.value:g}" for item, found in mine.items()]
    first = next(iter(mine.values()))
    sources = "; ".join(dict.fromkeys(found.source.partition(":")[0].partition(";")[0] for found in mine.values()))
    return f"Average of {first.people}, {first.year}: {', '.join(values)} ({sources})."
