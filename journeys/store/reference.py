"""What the steps of a build need beside the delivery, as tables: conversion, tools, proofs of a rung, horizons, rungs."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from journeys.sql import file_pattern, text
from journeys.vocabulary import dictionary, horizons

SWEMWBS = Path(__file__).resolve().parents[2] / "data" / "reference" / "swemwbs_metric.csv"
_TABLES = """
create temp table tool_item (tool varchar, item varchar, better varchar, threshold double);
create temp table proof_item (proof varchar, tool varchar, item varchar, better varchar, rung integer, least double, n_items integer);
create temp table horizon (days integer, is_opportunity boolean, is_within boolean);
"""


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables swemwbs_metric, tool_item, proof_item and horizon, and the macros rung_code, rung_number and class_number."""
    connection.execute(
        f"create temp table swemwbs_metric as select raw, metric from read_csv({file_pattern(SWEMWBS)}, columns = {{'raw': 'double', 'metric': 'double'}})"
    )
    connection.execute(_TABLES)
    connection.executemany("insert into tool_item values (?, ?, ?, ?)", list(_tool_items()))
    connection.executemany("insert into proof_item values (?, ?, ?, ?, ?, ?, ?)", list(_proof_items()))
    connection.executemany("insert into horizon values (?, ?, ?)", list(_horizons()))
    rungs = f"[{', '.join(map(text, _rungs()))}]"
    connection.execute(f"create macro rung_code(number) as {rungs}[number + 1]")
    connection.execute(f"create macro rung_number(code) as list_position({rungs}, code) - 1")
    ages, statuses = (f"[{', '.join(map(text, _codes(name)))}]" for name in ("age_band", "employment_status"))
    connection.execute(
        f"create temp macro class_number(age_band, employment_status) as "
        f"list_position({ages}, age_band) * {len(_codes('employment_status')) + 1} + list_position({statuses}, employment_status)"
    )


def _codes(name: str) -> list[str]:
    return [code.code for code in dictionary.load().derived[name]]


def _rungs() -> list[str]:
    return _codes("rung")


def _tool_items() -> Iterator[tuple]:
    for tool in dictionary.load().tools.values():
        if tool.any_item is not None:
            yield tool.code, "*", tool.any_item.better, tool.any_item.threshold
        named = () if tool.any_item is not None else tool.items.values()
        for item in (*named, *([tool.total] if tool.total else [])):
            yield tool.code, item.code, item.better, item.threshold


def _proof_items() -> Iterator[tuple]:
    words, rungs = dictionary.load(), _rungs()
    for proof in words.reliable.values():
        for code in proof.items:
            better = words.item(proof.tool, code).better
            yield proof.code, proof.tool, code, better, rungs.index(proof.rung), proof.least, len(proof.items)


def _horizons() -> Iterator[tuple]:
    within = {horizons.DAYS[months] for months in horizons.WITHIN}
    for days in horizons.CALENDAR:
        yield days, days in horizons.OPPORTUNITIES, days in within
