"""No row of the store tells a referral date to within a week, even to somebody who knows the last day of the data."""

import shutil
from collections import defaultdict
from datetime import date, timedelta

import duckdb
import generate
import pytest

from journeys.store import build, tables
from journeys.store.folder import current_version, file_of
from journeys.store.work import LoadError
from journeys.vocabulary import horizons

WEEK = 7
APART = ("activity", "standing", "outcome", "contact", "closure", "first_job", "returned", "door")
SHAPES = [
    {"journeys": 400, "services": 3, "recording": "all"},
    {"journeys": 400, "services": 3, "months": 40, "recording": "all", "awkward": True},
    {"journeys": 300, "services": 2, "recording": "all", "returning": 0.7},
]


@pytest.fixture(scope="module", params=range(len(SHAPES)))
def loaded(request, tmp_path_factory):
    """The services of a generated delivery, and a connection to the store that was made of it."""
    folder = tmp_path_factory.mktemp("dates")
    delivery = generate.delivery(request.param + 60, **SHAPES[request.param])
    for service in delivery["service"]:
        service["client_key"] = "shared-key"
    build.load([generate.write(delivery, folder / "delivery")], folder / "store")
    file = file_of(folder / "store", current_version(folder / "store"))
    with duckdb.connect(str(file), read_only=True) as connection:
        yield {service["service_id"]: service for service in delivery["service"]}, connection


def rows_of(connection, table):
    found = connection.execute(f"select * from {table}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def month_end(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def before(data_to, days):
    """The latest referral that is said to have had that many days: what everybody can read in the program."""
    cut = data_to - timedelta(days=days)
    if cut.day < 8:
        return cut.replace(day=1) - timedelta(days=1)
    return (
        cut
        if month_end(cut) - cut in (timedelta(0), *map(timedelta, range(7, 31)))
        else month_end(cut) - timedelta(days=7)
    )


def later_than_told(row):
    """Whether the row says that something came after the last horizon that the journey has passed."""
    pairs = [
        (row["is_closed"] and not row["records_follows_up"], "days_to_end"),
        (row["is_spoken_with"], "days_to_contact"),
        (row["activities_referred"], "days_to_linked"),
        (row["activities_started"], "days_to_started"),
        ("employment" in row["goals"], "days_to_work_goal"),
        (row["route"], "days_to_work"),
    ]
    return any(has_happened and row[day] is None for has_happened, day in pairs)


def bounds_of_journey(row, data_to):
    passed = row["time_possible"]
    at_least = max(
        [passed + later_than_told(row), *(n for name, n in row.items() if name.startswith("days_to_") and n)]
    )
    yield None, data_to - timedelta(days=at_least)
    if passed:
        yield None, before(data_to, passed)
    longer = [days for days in horizons.OPPORTUNITIES if days > passed]
    if longer:
        yield before(data_to, longer[0]) + timedelta(days=1), None


def bounds_apart(row, data_to, until_on):
    """Latest referral dates that a row of another table allows."""
    if row.get("is_followed"):
        yield None, before(data_to, 91)
    if row.get("rung_highest") == "staying":
        yield None, before(data_to, 183)
    for name, weeks in (("after_13", 91), ("after_26", 182), ("after_52", 364)):
        if row.get(name):
            yield None, before(data_to, weeks + 91)
    if row.get("time_after"):
        yield None, before(until_on, row["time_after"])


def narrow(month, data_to, bounds):
    """Whether the bounds leave under a week of a month; not where the data themselves cover about as little of it."""
    first = date.fromisoformat(f"{month}-01")
    last = min(month_end(first), data_to)
    if (last - first).days + 1 <= WEEK:
        return False
    latest = min([last, *(b for _, b in bounds if b)])
    earliest = max([first, *(a for a, _ in bounds if a)])
    return (latest - earliest).days + 1 < WEEK


def test_no_journey_tells_its_referral_date_to_within_a_week(loaded):
    services, connection = loaded
    for row in rows_of(connection, "journey"):
        data_to = services[row["service_id"]]["data_to"]
        assert not narrow(row["month"], data_to, list(bounds_of_journey(row, data_to))), row


@pytest.mark.parametrize("table", ["activity", "standing", "first_job", "returned"])
def test_no_row_apart_tells_its_referral_date_to_within_a_week(loaded, table):
    services, connection = loaded
    for row in rows_of(connection, table):
        mine = services[row["service_id"]]
        key = mine["client_key"]
        until_on = min(s["data_to"] for s in services.values() if s is mine or (key and s["client_key"] == key))
        assert not narrow(row["month"], mine["data_to"], list(bounds_apart(row, mine["data_to"], until_on))), row


def test_the_attacker_of_these_tests_finds_a_date_that_is_told():
    assert before(date(2024, 12, 31), 28) == date(2024, 11, 30)  # 3 December would be told to within three days
    assert before(date(2024, 12, 25), 28) == date(2024, 11, 23)  # and 27 November from its other side
    assert before(date(2024, 12, 31), 62) == date(2024, 10, 24)  # one day beyond the cut counts as little as six
    assert before(date(2024, 12, 31), 46) == date(2024, 11, 15)
    assert narrow("2024-12", date(2024, 12, 31), [(None, date(2024, 12, 3))])
    assert narrow("2024-12", date(2024, 12, 31), [(date(2024, 12, 4), date(2024, 12, 9))])
    assert not narrow("2024-12", date(2024, 12, 31), [(None, date(2024, 12, 7))])


def test_tables_apart_cannot_be_joined_to_the_journeys_or_to_one_another(loaded):
    _, connection = loaded
    clients = defaultdict(set)
    for table in ("journey", *APART):
        clients[table] = {row[0] for row in connection.execute(f"select distinct client from {table}").fetchall()}
    seen = set()
    for mine in clients.values():
        assert mine
        assert not mine & seen
        seen |= mine


@pytest.mark.parametrize("table", APART)
def test_tables_apart_hold_no_days(loaded, table):
    _, connection = loaded
    row = rows_of(connection, table)[0]
    assert not [name for name in row if name.startswith("days") or name == "time_possible"]


def one_journey(referred_on, data_to):
    """A delivery of one journey without anything else, in data that go to a day."""
    made = generate.delivery(62, journeys=200, services=1, recording="all")
    journey = dict.fromkeys(made["journey"][0]) | {"referred_on": referred_on, "referral_source": "gp"}
    journey |= {name: made["journey"][0][name] for name in ("journey_id", "client_ref", "service_id")}
    service = made["service"][0] | {"data_from": date(2024, 1, 1), "data_to": data_to, "closed_on": None}
    return {table: [] for table in made} | {"service": [service], "journey": [journey]}


def test_a_load_that_would_tell_referral_dates_is_stopped(tmp_path, monkeypatch):
    """The same steps with cuts that are not moved."""
    shutil.copytree(tables.STEPS, tmp_path / "steps")
    (tmp_path / "steps" / tables.CLIENT.name).unlink()  # of the connection, not of the steps
    words = tmp_path / "steps" / "00_words.sql"
    told = words.read_text(encoding="utf-8")
    weak = told.replace("when day(cut) < 8 then", "when day(cut) < 1 then")
    assert weak != told
    words.write_text(weak, encoding="utf-8")
    monkeypatch.setattr(tables, "STEPS", tmp_path / "steps")
    delivery = generate.write(one_journey(date(2024, 12, 3), date(2024, 12, 31)), tmp_path / "delivery")
    with pytest.raises(LoadError, match="dates_within_a_week"):
        build.load([delivery], tmp_path / "store")


def test_a_load_says_where_the_data_themselves_tell_dates(tmp_path):
    delivery = one_journey(date(2024, 12, 3), date(2024, 12, 3))
    done = build.load([generate.write(delivery, tmp_path / "delivery")], tmp_path / "store")
    assert "the data cover only 3 days of December 2024" in " ".join(done.comparison.notes)
