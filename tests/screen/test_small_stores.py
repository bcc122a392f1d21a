"""Pages over a store of one service, and of a few dozen journeys: what is said must be true of these, too."""

import re

import pytest

from journeys.answer import protect
from journeys.sample import lives
from journeys.store import build
from tests.screen.said import bodies, subtitles, words

STORES = {"one": (1_500, 1), "few": (60, 3)}
PAGES = (
    "", "Work_that_lasts", "Referrals", "Goals", "Upward_spiral", "Outcomes", "Wellbeing", "Services", "Compare_cohorts", "Pathways", "Activity",
    "Equity", "Data_quality", "Service",
)  # fmt: skip


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    place = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        for name, (journeys, services) in STORES.items():
            delivery = lives.write(place / f"{name}-delivery", journeys=journeys, services=services, format="parquet")
            build.load([delivery], place / name)
    return place


@pytest.fixture(params=STORES)
def small(request, stores, page, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(stores / request.param))
    return page


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_why_there_is_no_figure_and_draws_none_then(small, name):
    at = small(name)
    assert not at.exception
    tabs = [tab.label for tab in at.tabs]
    assert tabs.count("Table") == tabs.count("Definition") + tabs.count("Definitions")
    drawn = " ".join(chart.proto.spec for chart in at.get("plotly_chart"))
    assert "Too few people here" not in drawn, "a figure of nothing"


def test_of_working_age_it_is_not_said_again_that_nothing_can_be_shown(stores, page, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(stores / "few"))
    said = words(page("Work_that_lasts"))
    assert "too few people here, or too few left out" in said.lower()
    assert "People of working age: too few" not in said


def test_one_service_lies_beside_no_chance_and_nobody_like_its_own(stores, page, monkeypatch):
    """It was drawn as "Too few people here, or too few left out", below its share of 1,400 referrals."""
    monkeypatch.setenv("JOURNEYS_STORE", str(stores / "one"))
    at = page("Services")
    tabs = {tab.label for tab in at.tabs}
    assert "Figure" in tabs and not tabs & {"Against chance", "Clients like its own"}
    said = words(at)
    assert "1 service of 1 model; it records outcomes." in said
    assert "Where ○ is missing" not in said and "all services: " not in said.lower(), "it is all of them"


def test_the_name_of_a_service_keeps_its_capital_inside_a_sentence(stores, page, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(stores / "one"))
    said = words(page("Upward_spiral"))
    assert "wrenborough" not in said
    assert "People of working age: Wrenborough" in said


@pytest.mark.parametrize(
    "address", [("Outcomes", "2024/25"), ("Goals", "2023/24"), ("Pathways", "2024/25"), ("Upward_spiral", "all")]
)
def test_cards_that_stand_beside_each_other_have_one_precision(page, address):
    """12.3% stood beside 15% and 20%, each as precise as its own people allow."""
    at = page(address[0], period=address[1])
    cards = [body for body in bodies(at) if 'class="base-card' in body]
    assert cards and not len(cards) % 3
    beside = [re.findall(r"interval ([\d.]+)%", " ".join(cards[i : i + 3])) for i in range(0, len(cards), 3)]
    assert any(len(shares) > 1 for shares in beside), "nothing was compared"
    assert [shares for shares in beside if len({"." in one for one in shares}) > 1] == []


def test_what_cards_stand_beside_has_their_precision(page):
    """ "All services: 32.1%" stood on a card that is hidden, beside 27% and 38% on the others."""
    at = page("Upward_spiral", service="tarnholt-next-steps")
    cards = [body for body in bodies(at) if 'class="base-card' in body]
    shares = [one for card in cards for one in re.findall(r"All services ◇: ([\d.]+)%", card)]
    assert any('class="big">[c]' in card for card in cards) and len(shares) == 3
    assert len({"." in one for one in shares}) == 1, shares


@pytest.mark.parametrize("address", ["Goals", "Upward_spiral", "Pathways", "Activity", "Work_that_lasts"])
def test_how_a_panel_is_counted_is_found_under_its_own_title(page, address):
    """Panels of a title of their own stood there under another name."""
    at = page(address)
    (counted,) = [body for body in bodies(at) if 'class="counted"' in body]
    named = " ".join(re.findall(r"<strong>(.*?)</strong>", counted))
    titles = [one.partition(":")[0] for one in subtitles(at) if ": " in one]
    shown = [re.sub(r" (?:within|after) \d+ months$| by .*", "", title) for title in titles]
    assert shown and not [title for title in shown if title not in named]


def test_what_is_chosen_has_its_figure_where_a_figure_has_labels_of_its_own(page):
    """ "Chosen: Wrenborough Steady Minds." said no figure."""
    said = words(page("Upward_spiral", service="wrenborough-mh"))
    assert re.search(r"<strong>Wrenborough Steady Minds</strong>: \d+(\.\d)?% moved up\. All services: ", said)
    assert "<strong>Chosen</strong>" not in said


def test_of_several_that_are_chosen_it_is_said_what_they_are_together(page):
    said = words(page("Services", commissioner="SYN03"))
    assert re.search(r"<strong>[^<]* and [^<]*</strong> together: ", said)


def test_what_is_said_below_cards_is_as_precise_as_they_are(page):
    """ "An estimated 6.6%" stood above "an estimated 7%"."""
    at = page("Pathways", base="out_of_work", within="24", service="wrenborough-ltc")
    below = words(at).partition("How long it takes to find work: people")[2]
    assert "An estimated" in " ".join(one.value for one in at.header)
    assert "estimated" not in re.search(r'class="answer[^"]*">(.*?)</p>', below)[1]


def test_more_rows_than_an_answer_may_have_are_said_in_words(page, monkeypatch):
    """The doors between hundreds of services: nobody could read them, and the page says what to choose instead."""
    monkeypatch.setattr(protect, "MOST_ROWS", 3)
    at = page("Pathways", within="18", base="working_age", period="2023/24")
    assert not at.exception
    assert "rows, and an answer has 3 at most: choose one service or commissioner" in at.error[0].value
