"""Who is in neither numerator nor denominator, and why: counts under the same rules as all others."""

from collections import defaultdict
from collections.abc import Mapping

from journeys.answer.guard import Blocks, is_guarded
from journeys.answer.query import CLIENTS_BY_CELL, Rows
from journeys.answer.question import Question
from journeys.answer.source import Source


def left_out(source: Source, question: Question) -> dict[str, int | None]:
    """How many journeys are left out of the whole selection, by reason; None where that may not be shown."""
    reasons = question.metric.left_out
    if not reasons:
        return {}
    whole = Question(question.metric, question.selection, (), question.lists)
    blocks = Blocks(whole.axes, whole.cells)
    rows = Rows(blocks, whole.selection.days, source.columns)
    sizes = _sizes(source, rows, reasons)
    here, rule = blocks.region(()), source.rule
    most = rule.k * source.most_rows.get("journey", 1)
    is_near = any(rule.k <= n[here] < most for n in sizes.values())
    people = _people(source, rows, reasons) if is_near else dict.fromkeys(reasons)
    return {
        name: None if is_guarded(rule, blocks.ways(()), n) else rule.count(n[here], people[name])
        for name, n in sizes.items()
    }


def _sizes(source: Source, rows: Rows, reasons: Mapping[str, str]) -> dict[str, dict]:
    """Journeys left out by reason, in each region that the guard compares."""
    counts = ", ".join(f"count(*) filter (where {sql}) as {name}" for name, sql in reasons.items())
    sizes: dict = {name: defaultdict(int) for name in reasons}
    for row in source.run(*rows.select(f"select part, {counts} from selected group by part")):
        for region in rows.blocks.holding(row["part"]):
            for name in reasons:
                sizes[name][region] += row[name]
    return sizes


def _people(source: Source, rows: Rows, reasons: Mapping[str, str]) -> dict:
    """How many people are behind each, asked only when a count could come from fewer than k."""
    counts = ", ".join(f"count(distinct part) filter (where {sql}) as {name}" for name, sql in reasons.items())
    inside = dict.fromkeys(rows.blocks.cell_of, 0)
    return source.run(*rows.select(f"select {counts} from selected", CLIENTS_BY_CELL, inside))[0]
