"""What a check of deliveries tells, as one value: printed as JSON by `check --format json`, read again by the page that hands deliveries over."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import duckdb

from journeys.intake import findings, visible
from journeys.intake.findings import Report
from journeys.intake.mapping import Switch
from journeys.vocabulary import dictionary

SYNTHETIC = "(synthetic)"


@dataclass(frozen=True)
class ServiceRows:
    """What of one service could be loaded: good rows only, counted exactly, because they are the deliverer's own."""

    service_id: str
    name: str
    first_month: str
    last_month: str
    n_journeys: int
    n_rows: int


@dataclass(frozen=True)
class Broken:
    """All findings of one rule: the cells or rows that they concern, the findings themselves, and the first of them in words."""

    rule: str
    n: int
    examples: tuple[str, ...]
    n_findings: int


@dataclass(frozen=True)
class Checked:
    """Counts by file, findings by rule (causes first), services that could be loaded."""

    files: tuple[Mapping, ...]
    broken: tuple[Broken, ...]
    services: tuple[ServiceRows, ...]
    is_clean: bool
    is_refused_whole: bool
    is_synthetic: bool
    visible: tuple[str, ...]
    switches: tuple[Switch, ...]

    @property
    def n_read(self) -> int:
        return sum(file["rows_read"] for file in self.files)

    @property
    def n_refused(self) -> int:
        return sum(file["rows_refused"] for file in self.files)


def of(report: Report, connection: duckdb.DuckDBPyConnection) -> Checked:
    """A report with what of it could be loaded, from the connection that read the deliveries."""
    return Checked(
        tuple(asdict(file) for file in report.files),
        tuple(
            Broken(c.rule.name, c.n, tuple(findings.example_words(e) for e in c.examples), c.n_findings)
            for c in report.rules
        ),
        _services(connection),
        report.is_clean,
        report.is_refused_whole,
        _is_synthetic(connection),
        visible.words(connection, dictionary.load()),
        report.switches,
    )


def to_json(checked: Checked) -> str:
    """One JSON object; `from_json` gives the same value back."""
    return json.dumps(asdict(checked), indent=2, ensure_ascii=False)


def from_json(words: str) -> Checked:
    """The value that `to_json` wrote."""
    found = json.loads(words)
    broken = tuple(Broken(b["rule"], b["n"], tuple(b["examples"]), b["n_findings"]) for b in found.pop("broken"))
    services = tuple(ServiceRows(**service) for service in found.pop("services"))
    visible, switches = tuple(found.pop("visible")), tuple(_switch(one) for one in found.pop("switches"))
    return Checked(
        files=tuple(found.pop("files")), broken=broken, services=services, visible=visible, switches=switches, **found
    )


def _switch(found: dict) -> Switch:
    value = found["value"]
    return Switch(**found | {"value": tuple(value) if isinstance(value, list) else value})


def _services(connection: duckdb.DuckDBPyConnection) -> tuple[ServiceRows, ...]:
    tables = [t.name for t in dictionary.load().tables.values() if "service_id" in t.columns]
    rows = " union all ".join(f"select service_id, count(*) as n from delivery.{t} group by all" for t in tables)
    found = connection.execute(
        "select s.service_id, any_value(s.service_name), strftime(any_value(s.data_from), '%Y-%m'), "
        "strftime(any_value(s.data_to), '%Y-%m'), "
        "(select count(*) from delivery.journey j where j.service_id = s.service_id), "
        f"(select sum(n)::bigint from ({rows}) r where r.service_id = s.service_id) "
        "from delivery.service s group by s.service_id order by lower(any_value(s.service_name))"
    ).fetchall()
    return tuple(ServiceRows(*row) for row in found)


def _is_synthetic(connection: duckdb.DuckDBPyConnection) -> bool:
    told = f"contains(lower(service_name || commissioner_name), '{SYNTHETIC}')"
    return bool(connection.execute(f"select bool_or({told}) from delivery.service").fetchall()[0][0])
