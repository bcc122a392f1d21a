"""Selections that nobody has asked for yet, and a store that has kept no answer: what the benchmarks of pages and people stand on."""

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from journeys.store.client_key import key_file
from journeys.store.folder import current_version, file_of
from journeys.store.opened import open_store
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.horizons import WITHIN
from journeys.vocabulary.selection import Selection


def bare_store(store: Path, place: Path) -> Path:
    """The current version of a store in a folder of its own, without answers that were kept; the file itself is only linked."""
    place.mkdir()
    file = file_of(store, current_version(store))
    os.symlink(file.resolve(), place / file.name)
    shutil.copy(store / "CURRENT", place)
    if key_file(store).is_file():
        shutil.copy(key_file(store), key_file(place))
    return place


def unseen(store: Path, seed: int) -> Iterator[dict[str, str | list[str]]]:
    """Selections as an address says them, each another one, in no order: a service, a commissioner or all, any period, base and horizon, now and then
    one group of people."""
    with closing(open_store(store)) as opened:
        lists = opened.lists
    periods = ["all", "last-4-quarters"] + [
        p for unit in ("financial_year", "quarter") for p in lists.calendar.units(unit, "all")
    ]
    places: list[dict] = [
        {},
        {},
        *({"service": s} for s in lists.services),
        *({"commissioner": c} for c in lists.commissioners),
    ]
    groups: list[dict] = [
        {},
        {},
        *({"gender": g} for g in lists.codes("gender")[:2]),
        *({"age_band": a} for a in lists.codes("age_band")[:4]),
    ]
    drawn, seen = random.Random(seed), set()
    while True:
        chosen = Selection(
            period=drawn.choice(periods), base=drawn.choice(list(BASES)), within=drawn.choice(WITHIN), cohort=drawn.choice(groups), **drawn.choice(places)
        )  # fmt: skip
        if chosen not in seen:
            seen.add(chosen)
            yield chosen.to_query()
