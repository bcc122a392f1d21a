"""Nothing is said of a fall where a period is not over, or not handed over by all: from files to the sentence."""

import random
from datetime import date, timedelta

import pytest
import small

from journeys.figures import rows as figure_rows
from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import briefing, sentences, tables

FALLS = ("lower", "fell", "fall", "fewer than usual", "down")


def steady(service_id, until, every=2):
    """Referrals at one pace from April 2021 on, each of a client of its own, contacted after three days."""
    rng, made, day = random.Random(service_id), [], date(2021, 4, 1)
    while day <= until:
        on = day + timedelta(days=rng.randrange(every))
        contact = on + timedelta(days=3)
        made.append(
            {
                "journey_id": f"{service_id}-{len(made)}", "client_ref": f"{service_id}-{len(made)}", "service_id": service_id,
                "referred_on": min(on, until).isoformat(), "referral_source": "gp", "age_at_referral": 40,
                "employment_status": "unemployed_seeking", "first_contact_on": contact.isoformat() if contact <= until else "",
            }
        )  # fmt: skip
        day += timedelta(days=every)
    return made


def opened(folder, **ends):
    """A store of services that begin alike and of which each ends on a day of its own."""
    journeys, described, outcomes = [], [], []
    for service_id, until in ends.items():
        mine = steady(service_id, until)
        journeys += mine
        outcomes += small.outcomes(mine[::10], outcome="volunteering")
        described.append(
            small.service(service_id, data_from="2021-04-01", data_to=until.isoformat(), records_goals="no")
        )
    small.write(folder / "delivery", service=described, journey=journeys, outcome=outcomes)
    build.load([folder / "delivery"], folder / "store")
    return open_store(folder / "store")


def said(store, slug, unit, selection=None):
    answer = store.ask(slug, selection or Selection(), (unit,))
    return answer, sentences.sentence(answer, metrics.get(slug), store.lists.name)


@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_data_to_10_february_say_nothing_of_february(tmp_path, unit):
    store = opened(tmp_path, north=date(2026, 2, 10), south=date(2026, 2, 10))
    answer, text = said(store, "referrals", unit)
    last = answer.rows[-1]
    assert (last.complete, last.spc) == (False, None)
    assert last.count < 0.7 * answer.rows[-2].count  # what would be called a fall
    assert not [word for word in FALLS if word in text], text
    assert ("January 2026" if unit == "month" else "October to December 2025") in text
    assert last.covers == (("2026-02", "2026-02") if unit == "month" else ("2026-01", "2026-02"))


def test_one_of_two_services_a_quarter_late_is_no_fall(tmp_path):
    store = opened(tmp_path, north=date(2026, 3, 31), south=date(2025, 12, 31))
    answer, text = said(store, "referrals", "quarter")
    last = answer.rows[-1]
    assert last.complete is False and last.count < 0.7 * answer.rows[-2].count
    assert not [word for word in FALLS if word in text], text
    words = briefing.change_words(answer, metrics.get("referrals"))
    assert "October to December 2025" in words and "lower" not in words
    assert any(
        "South" in line and "December 2025" in line for line in briefing.cautions(Selection(), store.lists, [], [])
    )


def test_a_part_of_a_year_is_named_by_its_months_and_is_not_complete(tmp_path):
    store = opened(tmp_path, north=date(2025, 12, 31))
    answer, text = said(store, "referrals", "financial_year")
    last = answer.rows[-1]
    assert (last.covers, last.complete) == (("2025-04", "2025-12"), False)
    assert "2025/26" not in text or "April to December 2025" in text, text
    table = tables.table(answer, metrics.get("referrals"), store.lists.name, {})
    assert table.rows[-1][0] == "April to December 2025 (not complete)"
    assert figure_rows.text_of(last, ["financial_year"], store.lists.name) == "April to December 2025 (not complete)"
    assert not [word for word in FALLS if word in text], text


@pytest.mark.parametrize("by", [("quarter", "month"), ("month", "financial_year")])
def test_a_month_of_a_quarter_is_complete_where_the_selection_covers_the_month(tmp_path, by):
    store = opened(tmp_path, north=date(2025, 12, 31))
    for period in ("all", "2024-Q2", "2024-05"):
        shown = [row for row in store.ask("referrals", Selection(period=period), by).rows if row.is_shown]
        assert shown and all(row.complete for row in shown)
        names = tables.table(
            store.ask("referrals", Selection(period=period), by), metrics.get("referrals"), store.lists.name, {}
        )
        assert not [cells for cells in names.rows if "(not complete)" in " ".join(cells)]


def test_the_first_twelve_months_of_events_are_not_complete(tmp_path):
    """Those referred before the data begin bring no events, so the first year is too low."""
    store = opened(tmp_path, north=date(2026, 3, 31))
    rows = [row for row in store.ask("outcome_events", by=("quarter",)).rows if row.labels["outcome"] == "volunteering"]
    assert [row.complete for row in rows[:4]] == [False] * 4
    assert all(row.complete for row in rows[4:])


def test_two_breakdowns_over_time_have_no_limits_and_say_why(tmp_path):
    store = opened(tmp_path, north=date(2025, 12, 31))
    for slug in ("referrals", "volunteering", "time_to_volunteering"):
        assert store.ask(slug, by=("quarter", "month")).spc_note == "too_few_points"
