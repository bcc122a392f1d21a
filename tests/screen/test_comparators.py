"""Whatever is chosen stands beside all: every figure of shares names what it stands beside, counts have nothing, and "only this" takes it away."""

import re
from pathlib import Path

import pytest
from said import subtitles, words
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
        return [(key(one.proto.id), above + one.proto.spec) for above, one in charts(at.main)], said

    return run


def charts(block):
    """Every figure of a block with the words around it, its key and the notes below it."""
    around = re.compile('class="(key|feet)"')
    said = [one.proto.body for one in block.children.values() if one.type == "html" and around.search(one.proto.body)]
    for one in block.children.values():
        if hasattr(one, "children"):
            yield from charts(one)
        elif one.type == "plotly_chart":
            yield " ".join(said), one


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


def test_a_mark_that_stands_in_words_has_its_meaning_below_them(page, figures_of):
    """One that is not like the others in what it records is marked on the board and in the spiral, whatever their first answer is."""
    _, spiral = figures_of("Upward_spiral", service="tarnholt-next-steps")
    panel = spiral[: spiral.index('class="subtitle">Where people stand now')]
    assert "All services ◇: moved up" in panel and "◇ not like the others in what it records" in panel
    board = words(page("", service="tarnholt-next-steps"))
    assert "All services ◇: " in board and "◇\u00a0not like the others in what it records" in board


def test_a_figure_of_all_has_the_precision_of_those_beside_it(figures_of):
    _, said = figures_of("Referrals", service="tarnholt-next-steps")
    (together,) = re.findall(r"Tarnholt Next Steps</strong>: \d+%, all services ([\d.]+)%", said)
    assert "." not in together


def test_people_who_are_all_of_working_age_are_not_drawn_twice(page):
    def beside(**query):
        return [one for one in subtitles(page("Outcomes", **query)) if "beside people of working age" in one]

    assert beside(cohort="gender=male") and not beside(cohort="age_band=25-34")


def test_limits_from_a_change_on_are_offered_only_where_there_are_limits(page):
    def offered(**query):
        return [one.key for one in page("Referrals", **query).toggle if "segments" in one.key]

    assert offered() and not offered(period="2025-Q4")
