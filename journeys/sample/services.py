"""The invented services of a sample, and their share of its journeys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from journeys.sample.archetypes import ARCHETYPES
from journeys.sample.codes import SCHEMA
from journeys.sample.draws import Rows
from journeys.sample.mixes import COMMISSIONERS, Archetype, Commissioner, Enablers, HandsOver


@dataclass(frozen=True)
class Service:
    """One invented service of a sample: its archetype, its number among all, and how many journeys it has."""

    service_id: str
    name: str
    number: int
    archetype: Archetype
    n_journeys: int

    @property
    def commissioner(self) -> Commissioner:
        return COMMISSIONERS[self.archetype.commissioner]

    @property
    def first_day(self) -> int:
        return day_number(self.archetype.data_from)

    @property
    def last_day(self) -> int:
        return day_number(self.archetype.data_to)


def plan_of(journeys: int, services: int) -> list[Service]:
    """The services, with the journeys shared out by their size (largest remainders)."""
    kinds = [ARCHETYPES[i % len(ARCHETYPES)] for i in range(services)]
    sizes = np.array([kind.referrals_a_year * (kind.data_to - kind.data_from).days for kind in kinds], float)
    shares = sizes / sizes.sum() * journeys
    counts = np.floor(shares).astype(int)
    counts[np.argsort(counts - shares, kind="stable")[: journeys - counts.sum()]] += 1
    return [_service(i, kind, int(n)) for i, (kind, n) in enumerate(zip(kinds, counts, strict=True))]


def _service(number: int, kind: Archetype, n_journeys: int) -> Service:
    again = number // len(ARCHETYPES) + 1
    slug, name = (kind.slug, kind.name) if again == 1 else (f"{kind.slug}-{again}", f"{kind.name} {again}")
    return Service(slug, f"{name} (synthetic)", number, kind, n_journeys)


def service_rows(plan: Sequence[Service]) -> Rows:
    rows = [_service_row(service) for service in plan]
    return {column: np.array([row[column] for row in rows], dtype=object) for column in rows[0]}


def _service_row(service: Service) -> Mapping[str, object]:
    kind, commissioner = service.archetype, service.commissioner
    return {
        "service_id": service.service_id,
        "service_name": service.name,
        "commissioner_code": commissioner.code,
        "commissioner_name": commissioner.name,
        "model": kind.model,
        "link_workers_co_located": _yes(kind.co_located),
        "client_key": commissioner.client_key,
        "funding": kind.funding,
        "opened_on": day_number(kind.opened_on),
        "data_from": service.first_day,
        "data_to": service.last_day,
        "ages": kind.ages_for,
        "follows_up_after_closure": _yes(kind.follows_up),
        **_kept(kind.hands_over),
        **_enabled(kind.enablers),
    }


def _kept(kept: HandsOver) -> Mapping[str, object]:
    kinds = ("reasons", "goals", "outcomes", "contacts", "activities", "measures")
    flags = {f"records_{kind}": _yes(getattr(kept, kind)) for kind in kinds}
    return flags | {"goals_from": _day_or_missing(kept.goals_from)}


def _enabled(enablers: Enablers) -> Mapping[str, object]:
    return {
        "support_offer": enablers.support_offer,
        "employment_adviser_on_site": _yes(enablers.adviser_on_site),
        "staff_trained_in_employment_support": _yes(enablers.staff_trained),
        "jobcentre_link": enablers.jobcentre_link,
        "work_outcomes_asked_for": _yes(enablers.asked_for),
        "work_outcomes_in_specification": _yes(enablers.in_specification),
        "contract_from": _day_or_missing(enablers.contract_from),
        "contract_to": _day_or_missing(enablers.contract_to),
    }


def change_rows(plan: Sequence[Service]) -> Rows:
    rows = [(s.service_id, day_number(c.on), c.title, c.detail) for s in plan for c in s.archetype.changes]
    columns = zip(*rows, strict=True) if rows else ((),) * 4
    return {c: np.array(v, dtype=object) for c, v in zip(SCHEMA["service_change"], columns, strict=True)}


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _day_or_missing(on: date | None) -> int:
    return -1 if on is None else day_number(on)


def day_number(on: date) -> int:
    return (on - date(1970, 1, 1)).days
