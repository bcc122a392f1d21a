"""Deliveries written by hand: rows are dicts with defaults, so that a test says only what it is about.

Everything is stated as days since referral on 1 January 2023 (day 31 is 1 February), at a service whose records are
complete until 31 January 2025 (day 761). On that day a year has passed for those referred until 31 January 2024.
"""

from datetime import date, timedelta

import generate
import oracle
from codes import CHILDREN

START = date(2023, 1, 1)
END = date(2025, 1, 31)


def on(day):
    return START + timedelta(days=day)


def service(name="s", **given):
    """A service that records everything and does not follow up after closure."""
    row = dict.fromkeys(generate.COLUMNS["service"])
    row |= {f"records_{kind}": True for kind in generate.KINDS}
    return (
        row
        | {"service_id": name, "commissioner_code": "c", "model": "light", "data_from": START, "data_to": END}
        | given
    )


def journey(referred_on=START, name="s", **given):
    """A journey with its child rows given as table=[rows]; days in child rows are numbers, made dates here."""
    row = dict.fromkeys(generate.COLUMNS["journey"])
    row |= {"service_id": name, "referral_source": "gp", "age_at_referral": 40, "referred_on": referred_on}
    children = {table: given.pop(table, []) for table in CHILDREN}
    for table, rows in children.items():
        rows[:] = [dict.fromkeys(generate.COLUMNS[table]) | one for one in rows]
    row |= given
    for one in (row, *(one for rows in children.values() for one in rows)):
        one |= {
            column: referred_on + timedelta(days=value)
            for column, value in one.items()
            if column.endswith("_on") and isinstance(value, int)
        }
    return row, children


def delivery(*journeys, services=None):
    """A delivery of such journeys; each is another client unless `client_ref` is given."""
    tables = {table: [] for table in generate.COLUMNS} | {"service": services or [service()]}
    for number, (row, children) in enumerate(journeys):
        row["journey_id"] = f"j{number}"
        row["client_ref"] = row["client_ref"] or f"c{number}"
        tables["journey"].append(row)
        for table, rows in children.items():
            tables[table] += [one | {"service_id": row["service_id"], "journey_id": f"j{number}"} for one in rows]
    return tables


def facts(**given):
    """The derived facts of a single journey; `service_` overrides the service."""
    of_service = given.pop("service_", {})
    return oracle.world(delivery(journey(**given), services=[service(**of_service)])).journeys[0]


def job(start, end=None, confirmed=None, **given):
    return {"outcome": "job_started", "started_on": start, "ended_on": end, "last_confirmed_on": confirmed} | given


def stone(day, outcome="training"):
    return {"outcome": outcome, "started_on": day}


def kept(confirmed=None, end=None):
    return {"outcome": "job_kept", "started_on": 0, "ended_on": end, "last_confirmed_on": confirmed}


def reading(day, score, tool="swemwbs", item="total"):
    return {"measured_on": day, "tool": tool, "item": item, "score": score}


def goal(code, day, achieved_on=None):
    return {"goal": code, "set_on": day, "status": "achieved" if achieved_on else "open", "status_on": achieved_on}


def support(referred_on, activity="employment_support", started_on=None, **given):
    return {"activity": activity, "referred_on": referred_on, "started_on": started_on} | given


def only(answer):
    """The one row of an unlabelled answer."""
    (counts,) = answer.values()
    return counts


def only_row(tables, metric, **asked):
    (row,) = oracle.released(tables, metric, **asked)
    return row


def share(tables, metric, *own, **asked):
    """Numerator and denominator of one row of a proportion."""
    counts = oracle.exact(tables, metric, **asked)[own]
    return counts["numerator"], counts["denominator"]


def shares(tables, metric, **asked):
    """Last label -> (numerator, denominator), rows of nobody left out."""
    rows = oracle.exact(tables, metric, **asked).items()
    return {labels[-1]: (one["numerator"], one["denominator"]) for labels, one in rows if one["denominator"]}


def counts(tables, metric, **asked):
    """Labels -> count, those of nobody left out."""
    rows = oracle.exact(tables, metric, **asked).items()
    return {labels[0] if len(labels) == 1 else labels: one["count"] for labels, one in rows if one["count"]}
