"""Small deliveries for the tests of the store: a service and numbered journeys, as CSV files of the columns that are given."""

import csv
from datetime import date, timedelta

SERVICE = {
    "service_id": "north", "service_name": "North", "commissioner_code": "Q1", "commissioner_name": "NHS One", "model": "light",
    "data_from": "2022-01-01", "data_to": "2023-12-31", "records_goals": "yes", "records_outcomes": "yes",
}  # fmt: skip


def service(service_id="north", **other):
    return SERVICE | {"service_id": service_id, "service_name": service_id.title()} | other


def journeys(n, service_id="north", first=0, since="2022-01-05", prefix="p"):
    """Journeys number `first` to `first + n - 1`, a day apart, each of a client of its own."""
    day = date.fromisoformat(since)
    return [
        {
            "journey_id": f"j{i}", "client_ref": f"{prefix}{i}", "service_id": service_id,
            "referred_on": (day + timedelta(days=i % 300)).isoformat(), "referral_source": "gp", "age_at_referral": 20 + i % 60,
            "employment_status": "unemployed_seeking",
        }
        for i in range(first, first + n)
    ]  # fmt: skip


def goals(of):
    return [
        {"service_id": j["service_id"], "journey_id": j["journey_id"], "goal": "housing", "set_on": j["referred_on"], "status": "open"}
        for j in of
    ]  # fmt: skip


def outcomes(of, **other):
    return [
        {"service_id": j["service_id"], "journey_id": j["journey_id"], "outcome": "job_started", "started_on": j["referred_on"]}
        | other
        for j in of
    ]  # fmt: skip


def write(folder, **tables):
    """The tables as CSV files in a folder, which is given back."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def whole(folder, n=40, service_id="north", first=0, prefix="p", **described):
    """A delivery of one service with goals and outcomes."""
    made = journeys(n, service_id, first, prefix=prefix)
    return write(
        folder, service=[service(service_id, **described)], journey=made, goal=goals(made), outcome=outcomes(made)
    )
