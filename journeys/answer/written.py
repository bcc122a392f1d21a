"""A released answer as text and back, the same in every field: for whoever keeps answers. Nothing but what was released is in it."""

import json
from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any

import numpy as np

from journeys.answer.released import KINDS, Break, Expected, NotAlike, Protected, Released, Row
from journeys.answer.rows import Laid, Over, Rows
from journeys.vocabulary.selection import Selection


def text(released: Released) -> str:
    """The answer as JSON."""
    given = {one.name: getattr(released, one.name) for one in fields(Released)}
    given["rows"] = _of_rows(Rows.of(released.rows, released.by))
    return json.dumps(given, default=_plain, ensure_ascii=False, separators=(",", ":"))


def read(said: str) -> Released:
    """The answer that `text` wrote. ValueError, KeyError, IndexError or TypeError for anything else."""
    given = json.loads(said)
    given |= {
        "selection": Selection(**given["selection"]),
        "by": tuple(given["by"]),
        "own": tuple(given["own"]),
        "rows": _rows(given["rows"], KINDS[given["shape"]]),
        "changes": tuple(Break(**one) for one in given["changes"]),
        "not_alike": tuple(NotAlike(*one) for one in given["not_alike"]),
    }
    return Released(**given)


def _of_rows(rows: Rows) -> dict:
    """Column by column, as they are: what is said of a cell, an own label or a count is written once."""
    return {
        "cells": [[dict(one.labels), one.records, one.partly, one.covers, one.tools] for one in rows.cells],
        "owns": rows.owns,
        "protected": [[one.state, one.why, one.values and astuple(one.values)] for one in rows.protected],
        "at": [one.tolist() for one in (rows.cell, rows.own, rows.code, rows.complete)],
        "case_mix": [[i, *astuple(one)] for i, one in rows.case_mix.items()],
        "spc": _of_laid(rows.spc),
        "funnel": _of_laid(rows.funnel),
    }


def _of_laid(over: Over) -> Any:
    if not isinstance(over, Laid):
        return over
    numbers = {name: one.tolist() for name, one in over.numbers.items()}
    return {
        "at": over.at.tolist(),
        "numbers": numbers,
        "words": {n: [c.tolist(), w] for n, (c, w) in over.words.items()},
    }


def _rows(given: dict, kind: type) -> Rows:
    cells = [
        Row(labels, "", records=tuple(records), partly=tuple(partly), covers=covers and tuple(covers), tools=tuple(map(tuple, tools)))
        for labels, records, partly, covers, tools in given["cells"]
    ]  # fmt: skip
    protected = [Protected(state, values and kind(*values), why) for state, why, values in given["protected"]]
    cell, own, code, complete = (np.array(one, int) for one in given["at"])
    case_mix = {i: Expected(*one) for i, *one in given["case_mix"]}
    over = _laid(given["spc"]), _laid(given["funnel"])
    return Rows(cells, given["owns"], protected, cell, own, code, complete, case_mix, *over)


def _laid(given: Any) -> Over:
    if given is None:
        return None
    if isinstance(given, list):
        return tuple(given)
    numbers = {name: np.array(one) for name, one in given["numbers"].items()}
    words = {name: (np.array(code, int), tuple(words)) for name, (code, words) in given["words"].items()}
    return Laid(np.array(given["at"], int), numbers, words)


def _plain(value: Any) -> dict:
    """What JSON cannot hold as it is, one step nearer to it: a mapping, or an object by its fields. TypeError for anything else."""
    if isinstance(value, Mapping):
        return dict(value)
    return {one.name: getattr(value, one.name) for one in fields(value)}
