"""Several deliveries of one service made one: later ones win journey by journey."""

from contextlib import closing

import pytest
import small

from journeys.store import build
from journeys.store.opened import open_store


def rows(store, sql):
    with closing(open_store(store)) as opened:
        return [tuple(row.values()) for row in opened._run(sql, {})]


def quarter(folder, made, **described):
    return small.write(folder, service=[small.service(**described)], journey=made, goal=small.goals(made))


@pytest.fixture
def early(tmp_path):
    """Twenty journeys, ten goals each of housing, until June 2022."""
    return quarter(tmp_path / "early", small.journeys(20), data_to="2022-06-30")


@pytest.fixture
def late(tmp_path):
    """The last five of them again, two years older and with two goals each, and five new ones, from then until December."""
    made = small.journeys(10, first=15)
    again = [row | {"referred_on": "2022-07-05", "age_at_referral": 70} for row in made]
    goals = small.goals(again)
    return small.write(
        tmp_path / "late", service=[small.service(data_from="2022-07-01", data_to="2022-12-31", model="holistic")],
        journey=again, goal=goals + [goal | {"goal": "financial"} for goal in goals],
    )  # fmt: skip


@pytest.mark.parametrize("turn", [1, -1])
def test_later_is_the_larger_data_to_whatever_the_order_given(early, late, tmp_path, turn):
    loaded = build.load([early, late][::turn], tmp_path / "store", latest_wins=True)
    assert loaded.is_done and "made one for north" in loaded.comparison.notes[0]
    store = tmp_path / "store"
    assert rows(
        store, "select count(*), count(*) filter (where age_band = '65-74') from journey where month = '2022-07'"
    ) == [(10, 10)]
    assert rows(store, "select count(*) from journey") == [(25,)]
    assert rows(store, "select goal, count(*) from goal group by goal order by goal") == [
        ("financial", 10),
        ("housing", 25),
    ]
    assert rows(store, "select model, first_month, last_month from service") == [("holistic", "2022-01", "2022-12")]


def test_of_two_until_the_same_day_the_one_given_last_wins(early, tmp_path):
    again = quarter(
        tmp_path / "again", [row | {"age_at_referral": 70} for row in small.journeys(20)], data_to="2022-06-30"
    )
    older = "select count(*) filter (where age_band = '65-74') from journey"
    build.load([early, again], tmp_path / "store", latest_wins=True)
    assert rows(tmp_path / "store", older) == [(20,)]
    build.load([again, early], tmp_path / "store", latest_wins=True)
    assert rows(tmp_path / "store", older)[0][0] < 20


def test_a_table_that_one_of_them_has_is_recorded(early, tmp_path):
    made = small.journeys(20, first=20)
    other = small.write(
        tmp_path / "other", service=[small.service(data_to="2023-12-31")], journey=made, outcome=small.outcomes(made)
    )
    found = build.load([early, other], tmp_path / "store", latest_wins=True)
    assert {"goals", "outcomes"} <= set(found.comparison.changes[0].records)


def test_of_a_day_the_later_changes_of_a_service_stand(early, tmp_path):
    def change(day, title):
        return {"service_id": "north", "changed_on": day, "title": title}

    for name, data_to, changes in (
        ("one", "2022-06-30", [change("2022-02-01", "Moved"), change("2022-03-01", "Grew")]),
        ("two", "2022-12-31", [change("2022-03-01", "Grew fast")]),
    ):
        small.write(
            tmp_path / name,
            service=[small.service(data_to=data_to)],
            journey=small.journeys(10),
            service_change=changes,
        )
    build.load([tmp_path / "one", tmp_path / "two"], tmp_path / "store", latest_wins=True)
    assert rows(tmp_path / "store", "select title from service_change order by month") == [("Moved",), ("Grew fast",)]


def test_without_being_told_two_deliveries_of_a_service_are_refused(early, late, tmp_path):
    found = build.load([early, late], tmp_path / "store")
    assert not found.is_done and found.report.by_rule["service_in_two_deliveries"] == 1


def test_different_client_keys_cannot_be_one(early, tmp_path):
    other = quarter(tmp_path / "other", small.journeys(5), client_key="another")
    with pytest.raises(build.LoadError, match="name different client keys"):
        build.load([early, other], tmp_path / "store", latest_wins=True)
