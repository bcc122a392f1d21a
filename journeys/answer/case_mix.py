"""Case mix: what each cell would show if its clients did as clients like them do in the whole selection."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeys.answer.guard import Blocks, Cell
from journeys.answer.query import Labels, Rows
from journeys.answer.question import Question
from journeys.answer.rule import Rule
from journeys.answer.source import Source
from journeys.statistics import standardisation

# a breakdown by what the strata are made of would compare each cell with itself and give back its exact numerator
STRATA = ("age_band", "employment_status", "imd_quintile", "start_rung")
BY_STRATUM = Labels(by_1="place.number", by_2="age_band || '|' || employment_status || '|' || imd_quintile", part="0")


@dataclass(frozen=True)
class Mixed:
    """What leaves the exact strata for one cell: the share expected of it, to three decimals, None where others say too little.

    `n` is the exact denominator, for the room's own use.
    """

    rate: float | None
    n: float


def mixed(source: Source, question: Question) -> dict[Cell, Mixed]:
    """The share expected of each cell, from exact strata of the whole selection.

    Strata are age band x employment status at referral x IMD quintile; those with a pooled denominator under 20 are merged.
    A cell that has its strata nearly to itself has no share: what is expected of it would be its own exact numerator.
    """
    own_strata = [d for d in question.by if d in STRATA]
    if own_strata:
        raise ValueError(f"case mix allows for {own_strata[0]} already: break down by something else, such as service")
    blocks = Blocks(question.axes, question.cells)
    rows = Rows(blocks, question.selection.days, source.columns)
    number = {cell: i for i, cell in enumerate(question.cells)}
    numbers = {block: number[cell] for block, cell in blocks.cell_of.items()}
    strata = [r for r in source.run(*rows.select(question.metric.sql, BY_STRATUM, numbers)) if r["denominator"]]
    found = standardised(strata, source.rule)
    return {question.cells[i]: one for i, one in found.items()}


def standardised(strata: Sequence[dict], rule: Rule) -> dict[int, Mixed]:
    """The share expected of each by_1, from rows of by_1, by_2 (the stratum, its parts with | between), numerator, denominator."""
    sizes: dict = defaultdict(int)
    for row in strata:
        sizes[tuple(row["by_2"].split("|"))] += row["denominator"]
    merged = standardisation.merge_strata(sizes)
    pooled: dict = defaultdict(lambda: [0, 0])
    mine: dict = defaultdict(lambda: defaultdict(int))
    for row in strata:
        stratum = merged[tuple(row["by_2"].split("|"))]
        pooled[stratum][0] += row["numerator"]
        pooled[stratum][1] += row["denominator"]
        mine[row["by_1"]][stratum] += row["denominator"]
    return {cell: _mixed(parts, pooled, rule) for cell, parts in mine.items()}


def _mixed(parts: Mapping, pooled: Mapping, rule: Rule) -> Mixed:
    others = standardisation.measured_by_others((n, pooled[stratum][1]) for stratum, n in parts.items())
    rate = standardisation.expected_rate((n, *pooled[stratum]) for stratum, n in parts.items())
    return Mixed(None if rule.is_small(others) else rate, sum(parts.values()))
