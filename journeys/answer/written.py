"""A released answer as text and back, the same in every field: for whoever keeps answers. Nothing but what was released is in it."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from journeys.answer.released import KINDS, Break, Expected, NotAlike, Released, Row
from journeys.vocabulary.selection import Selection


def text(released: Released) -> str:
    """The answer as JSON."""
    return json.dumps(released, default=_plain, ensure_ascii=False, separators=(",", ":"))


def read(said: str) -> Released:
    """The answer that `text` wrote. ValueError, KeyError or TypeError for anything else."""
    given = json.loads(said)
    kind = KINDS[given["shape"]]
    given |= {
        "selection": Selection(**given["selection"]),
        "by": tuple(given["by"]),
        "own": tuple(given["own"]),
        "rows": tuple(_row(row, kind) for row in given["rows"]),
        "changes": tuple(Break(**one) for one in given["changes"]),
        "not_alike": tuple(NotAlike(*one) for one in given["not_alike"]),
    }
    return Released(**given)


def _row(given: dict, kind: type) -> Row:
    values, case_mix, covers = given["values"], given["case_mix"], given["covers"]
    built = {
        "values": kind(**values) if values else None,
        "case_mix": Expected(**case_mix) if case_mix else None,
        "records": tuple(given["records"]),
        "partly": tuple(given["partly"]),
        "covers": (covers[0], covers[1]) if covers else None,
        "tools": tuple((of, tool, is_all) for of, tool, is_all in given["tools"]),
    }
    return Row(**{**given, **built})


def _plain(value: Any) -> dict:
    """What JSON cannot hold as it is, one step nearer to it: a mapping, or an object by its fields. TypeError for anything else."""
    if isinstance(value, Mapping):
        return dict(value)
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _fields(kind)}


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
