"""The services of a version, as its tables say them."""

import re
from collections.abc import Callable, Mapping, Sequence

from journeys.vocabulary.lists import Service

NAMES = ("service_name", "commissioner_name")
SUFFIX = re.compile(r" \(synthetic\)\Z", re.IGNORECASE)


def services_of(run: Callable[[str, Mapping], list[dict]]) -> list[Service]:
    """The services of a version, by name; `run` executes SQL."""
    horizons: dict = {}
    for row in run("select * from service_horizon", {}):
        horizons.setdefault(row["service_id"], []).append(row)
    found = run("select * from service order by lower(service_name), service_id", {})
    tools: dict = {}
    for row in run("select service_id, kind, tool from service_tool order by kind, tool", {}):
        tools.setdefault(row["service_id"], []).append((row["kind"], row["tool"]))
    kinds: dict = {}
    for row in run("select service_id, kind, since, until from service_kind order by kind", {}):
        kinds.setdefault(row["service_id"], []).append(row)
    found = _plainly_named(found)
    told = [(row, *(of.get(row["service_id"], []) for of in (horizons, kinds, tools))) for row in found]
    return [_service(*one) for one in told]


def _plainly_named(services: Sequence[dict]) -> list[dict]:
    """Where every service is invented, pages and files say so once and names are short; beside real services the name says it."""
    if not all(any(SUFFIX.search(row[name]) for name in NAMES) for row in services):
        return list(services)
    return [row | {name: SUFFIX.sub("", row[name]) for name in NAMES} for row in services]


AS_IN_THE_STORE = (
    "service_id", "model", "funding", "co_located", "first_month", "last_month", "ended_month", "is_late",
    "ages", "replaces", "support_offer", "employment_adviser_on_site", "staff_trained_in_employment_support",
    "jobcentre_link", "work_outcomes_asked_for", "work_outcomes_in_specification", "contract_from_month", "contract_to_month",
    "first_whole_month",
)  # fmt: skip


def _service(
    row: Mapping, horizons: Sequence[Mapping], kinds: Sequence[Mapping], tools: Sequence[tuple[str, str]]
) -> Service:
    records = frozenset(kind["kind"] for kind in kinds)
    return Service(
        name=row["service_name"],
        commissioner=row["commissioner_code"],
        commissioner_name=row["commissioner_name"],
        records=records,
        tools=frozenset(tools),
        follows_up="follows_up" in records,
        since={kind["kind"]: kind["since"] for kind in kinds},
        until={kind["kind"]: kind["until"] for kind in kinds},
        complete_until={h["days"]: h["complete_until"] for h in horizons},
        early_from={h["days"]: h["early_from"] for h in horizons},
        all_early=frozenset(h["days"] for h in horizons if h["is_all_early"]),
        **{name: row[name] for name in AS_IN_THE_STORE},
    )
