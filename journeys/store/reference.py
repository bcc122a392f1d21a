"""What the steps of a build need beside the delivery, as tables: conversion, tools, proofs of a rung, horizons, rungs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from journeys.sql import file_pattern, text
from journeys.vocabulary import dictionary, horizons
from journeys.vocabulary.selection import CODED

SWEMWBS = Path(__file__).resolve().parents[2] / "data" / "reference" / "swemwbs_metric.csv"
_TABLES = """
create temp table tool_item (tool varchar, item varchar, better varchar, threshold double);
create temp table proof_item (proof varchar, tool varchar, item varchar, better varchar, rung integer, least double, n_items integer);
create temp table horizon (days integer, is_opportunity boolean, is_within boolean);
create temp table code (name varchar, code varchar, number tinyint);
"""


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables swemwbs_metric, tool_item, proof_item, horizon and code, and the macros rung_code, rung_number and
    class_number; of labels that events hold as numbers `gender_number(code)` and so on, and for whoever opens the file `gender_of(number)`.
    """
    connection.execute(
        f"create temp table swemwbs_metric as select raw, metric from read_csv({file_pattern(SWEMWBS)}, columns = {{'raw': 'double', 'metric': 'double'}})"
    )
    connection.execute(_TABLES)
    connection.executemany("insert into tool_item values (?, ?, ?, ?)", list(_tool_items()))
    connection.executemany("insert into proof_item values (?, ?, ?, ?, ?, ?, ?)", list(_proof_items()))
    connection.executemany("insert into horizon values (?, ?, ?)", list(_horizons()))
    connection.executemany("insert into code values (?, ?, ?)", list(_coded()))
    for name in CODED:
        connection.execute(f"create temp macro {name}_number(code) as {number_of(name, 'code')}")
        connection.execute(f"create macro {name}_of(number) as {listed(codes_of(name))}[number]")
    rungs = listed(_rungs())
    connection.execute(f"create macro rung_code(number) as {rungs}[number + 1]")
    connection.execute(f"create macro rung_number(code) as list_position({rungs}, code) - 1")
    ages, statuses = (listed(codes_of(name)) for name in ("age_band", "employment_status"))
    n = len(codes_of("employment_status")) + 1
    connection.execute(
        f"create temp macro class_number(age_band, employment_status) as "
        f"list_position({ages}, age_band) * {n} + list_position({statuses}, employment_status)"
    )
    connection.execute(f"create macro age_band_of(number) as {ages}[number // {n}]")
    connection.execute(f"create macro employment_status_of(number) as {statuses}[number % {n}]")


def codes_of(name: str) -> list[str]:
    """The codes of a label, in the order of the dictionary."""
    return [code.code for code in dictionary.load().derived[name]]


def listed(codes: Iterable[str]) -> str:
    """SQL of a list of codes."""
    return f"[{', '.join(map(text, codes))}]"


def number_of(name: str, code: str) -> str:
    """SQL of the number that stands for a code of a label in a table of events, from 1; null for what is not in the dictionary."""
    return f"nullif(list_position({listed(codes_of(name))}, {code}), 0)::tinyint"


def _coded() -> Iterator[tuple[str, str, int]]:
    for name in CODED:
        yield from ((name, code, number) for number, code in enumerate(codes_of(name), start=1))


def _rungs() -> list[str]:
    return codes_of("rung")


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
