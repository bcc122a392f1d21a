"""Case mix: what each cell would show if its clients did as clients like them do in the whole selection."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from journeys.answer.guard import Blocks, Cell
from journeys.answer.query import Labels, Rows
from journeys.answer.question import Question
from journeys.answer.rule import Rule
from journeys.answer.source import Source
from journeys.statistics import standardisation

# a breakdown by what the strata are made of would compare each cell with itself and give back its exact numerator
STRATA = ("age_band", "employment_status", "imd_quintile", "start_rung")
BY_STRATUM = Labels(by_1="place.number", by_2="age_band || '|' || employment_status || '|' || imd_quintile", part="0")


def expected(source: Source, question: Question) -> dict[Cell, tuple[float, float]]:
    """Observed and expected numerators of each cell, from exact strata of the whole selection.

    Strata are age band x employment status at referral x IMD quintile; those with a pooled denominator under 20 are merged.
    A cell that has its strata nearly to itself is left out: what is expected of it would be its own exact numerator.
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
    return {question.cells[i]: counts for i, counts in found.items()}


def standardised(strata: Sequence[dict], rule: Rule) -> dict[int, tuple[float, float]]:
    """Observed and expected of each by_1, from rows of by_1, by_2 (the stratum, its parts with | between), numerator, denominator."""
    sizes: dict = defaultdict(int)
    for row in strata:
        sizes[tuple(row["by_2"].split("|"))] += row["denominator"]
    merged = standardisation.merge_strata(sizes)
    pooled: dict = defaultdict(lambda: [0, 0])
    mine: dict = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in strata:
        stratum = merged[tuple(row["by_2"].split("|"))]
        for counts in (pooled[stratum], mine[row["by_1"]][stratum]):
            counts[0] += row["numerator"]
            counts[1] += row["denominator"]
    return {cell: _compared(parts, pooled) for cell, parts in mine.items() if not rule.is_small(_others(parts, pooled))}


def _compared(parts: Mapping, pooled: Mapping) -> tuple[float, float]:
    """Observed, and what the pooled rates of its strata would make of a cell."""
    mine = ((n, *pooled[stratum]) for stratum, (_, n) in parts.items())
    return sum(observed for observed, _ in parts.values()), standardisation.expected(mine)


def _others(parts: Mapping, pooled: Mapping) -> float:
    """How many of a cell are measured by others: each counts by the share that others have in its stratum."""
    return standardisation.measured_by_others((n, pooled[stratum][1]) for stratum, (_, n) in parts.items())
