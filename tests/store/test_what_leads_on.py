"""What leads on, asked of a store: people whose work does not depend on a step, and people whose work does."""

from datetime import date, timedelta
from random import Random

import pytest
import small

from journeys.store import build
from journeys.store.opened import open_store
from journeys.vocabulary.selection import Selection

PEOPLE = 2_400


def made(folder, after_a_step):
    """A store of people out of work: three in ten volunteer at some time in half a year, a quarter of the others find work at some time in two
    years, of those who volunteered `after_a_step`, whichever of the two comes first."""
    chance, rows = Random(3), []
    journeys = small.journeys(PEOPLE)
    for one in journeys:
        key = {name: one[name] for name in ("service_id", "journey_id")}
        day = date.fromisoformat(one["referred_on"])
        volunteers = chance.random() < 0.3
        works = chance.random() < (after_a_step if volunteers else 0.25)
        for outcome, happens, longest in (("volunteering", volunteers, 183), ("job_started", works, 730)):
            if happens:
                on = day + timedelta(days=chance.randint(0, longest))
                rows.append(key | {"outcome": outcome, "started_on": on.isoformat()})
    described = small.service(data_to="2025-12-31", follows_up_after_closure="yes", records_goals="no")
    build.load([small.write(folder / "given", service=[described], journey=journeys, outcome=rows)], folder / "store")
    return open_store(folder / "store")


def rows_of(store):
    answer = store.ask("work_after_step", Selection(base="out_of_work"), case_mix=True)
    return answer.row(step="volunteering"), answer.row(step="none")


@pytest.fixture(scope="module")
def without_effect(tmp_path_factory):
    return made(tmp_path_factory.mktemp("without-effect"), after_a_step=0.25)


def test_without_any_effect_the_intervals_overlap(without_effect):
    stepped, others = rows_of(without_effect)
    assert stepped.low < others.high and others.low < stepped.high
    assert stepped.ratio_low < 1 < stepped.ratio_high


def test_an_effect_is_seen(tmp_path):
    stepped, others = rows_of(made(tmp_path, after_a_step=0.6))
    assert stepped.low > others.high
    assert stepped.ratio_low > 1


def test_who_found_work_in_the_first_half_year_is_with_neither(without_effect):
    stepped, others = rows_of(without_effect)
    left_out = without_effect.ask("work_after_step", Selection(base="out_of_work")).left_out
    assert left_out["found_work_before"] > 100
    everybody = PEOPLE * 45 / 60  # aged 20 to 64, of 20 to 79
    assert stepped.denominator + others.denominator + left_out["found_work_before"] == pytest.approx(everybody, abs=10)
