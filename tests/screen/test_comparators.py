"""Whatever is chosen stands beside all: every figure of shares names what it stands beside, counts have nothing, and "only this" takes it away."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journeys.screen import menu
from journeys.vocabulary import metrics

ROOT = Path(__file__).resolve().parents[2]
MINE = "wrenborough-mh"
NAMED = re.compile("all services|services that record the same|all together|the others", re.IGNORECASE)


@pytest.fixture
def figures_of(made, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(made))
    monkeypatch.chdir(ROOT)

    def run(address, **query):
        """The figures of a page by the measure of their panel, as text, and what the page says."""
        at = AppTest.from_file(str(ROOT / menu.HOME), default_timeout=120)
        for name, value in query.items():
            at.query_params[name] = value
        at = at.switch_page(menu.files()[address]).run()
        assert not at.exception
        said = " ".join(one.proto.body for one in at.get("html"))
        return [(key(one.proto.id), one.proto.spec) for one in at.get("plotly_chart")], said

    return run


def key(widget):
    return re.search(r"figure-(\w+)", widget)[1]


@pytest.mark.parametrize("address", ["Goals", "Pathways", "Upward_spiral", "Data_quality"])
def test_every_figure_of_shares_names_what_it_stands_beside(figures_of, address):
    found, said = figures_of(address, service=MINE)
    bare = [slug for slug, spec in found if not NAMED.search(spec)]
    assert bare == [slug for slug, _ in found if metrics.get(slug).shape == "count"]
    assert len(found) > 2 and re.search("All services( ◇)?: |Services that record the same, ", said)


def test_only_this_stands_beside_nothing(figures_of):
    found, said = figures_of("Goals", service=MINE, only="1")
    assert found and not any(NAMED.search(spec) for _, spec in found)
    assert "All services: " not in said


def test_a_group_stands_beside_everyone(figures_of):
    found, said = figures_of("Wellbeing", cohort="gender=female")
    assert "everyone referred" in dict(found)["wellbeing_change"] and "<p>Everyone referred: " in said
