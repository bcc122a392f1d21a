"""Services by measures: all services first, then each by name; what is chosen among its peers; small figures that hold released shares alone."""

import re
from urllib.parse import unquote

import pytest

from journeys.answer.released import Row
from journeys.screen.small_figures import series, strip
from journeys.store.opened import open_store
from tests.screen.said import bodies

MINE = "wrenborough-mh"


def table(at):
    """The rows of the table of small figures, as HTML."""
    (body,) = [one.proto.body for one in at.get("html") if 'class="measures"' in one.proto.body]
    return body, re.findall(r'<tr class="(\w+)">(.*?)</tr>', body)


def share(numerator, denominator, **more):
    rate = numerator / denominator
    values = {"numerator": numerator, "denominator": denominator, "rate": rate, "low": rate / 2, "high": rate * 1.5}
    return Row({"quarter": "x"}, "shown", **values, **more)


@pytest.mark.parametrize("address", ["Services", "Outcomes"])
def test_all_services_come_first_and_each_row_leads_to_the_page_of_its_service(page, made, address):
    at = page(address, period="2024/25", base="working_age")
    assert not at.exception
    _, rows = table(at)
    assert [kind for kind, _ in rows] == ["together"] + ["own"] * 8
    assert "All services" in rows[0][1]
    lists = open_store(made).lists
    for (_, row), service in zip(rows[1:], lists.services.values(), strict=True):
        assert f">{service.name}</a>" in row
        assert re.search(
            rf'href="Service\?[^"]*period=2024%2F25&amp;service={service.service_id}&amp;base=working_age', row
        )


@pytest.mark.parametrize(
    ("address", "stop"), [("Services", "measures"), ("Outcomes", "measures"), ("Service", "questions")]
)
def test_in_a_meeting_nothing_is_a_link(page, address, stop):
    """The names of services were links there, where nobody presses anything."""
    at = page(address, service="tarnholt-next-steps", present="8", tour=f"{address}/{stop}")
    said = " ".join(bodies(at))
    assert not at.exception and "Tarnholt Next Steps" in said and "<a " not in said


def test_a_column_says_of_whom_it_is_and_what_is_good_and_work_has_no_direction(page):
    body, rows = table(page("Services"))
    assert "everyone referred; higher is better" in body
    assert "people out of work at referral; no judgement" in body
    assert "working age " in rows[0][1] and "everyone " in rows[0][1]


def test_a_service_that_does_not_record_says_so_and_one_that_is_not_alike_stands_apart(page):
    at = page("Services")
    body, _ = table(at)
    assert "[x] not recorded by this service" in body and 'class="dot apart"' in body
    assert any("Not compared with the others, for what they record: " in one.proto.body for one in at.get("html"))


def test_what_is_chosen_stands_out_and_its_peers_stay(page):
    at = page("Services", service=MINE)
    _, rows = table(at)
    assert [kind for kind, row in rows if MINE in row] == ["own"]
    assert [kind for kind, _ in rows].count("peer") == 7
    _, rows = table(page("Services", commissioner="SYN02"))
    assert 1 < [kind for kind, _ in rows].count("own") < 8


def test_only_this_is_a_look_and_leaves_the_selection(page):
    at = page("Services", service=MINE, only="1")
    _, rows = table(at)
    assert len(rows) == 2
    assert at.query_params["only"] in ("1", ["1"]) and at.query_params["service"] in (MINE, [MINE])


def test_a_chosen_group_stays_among_the_others(page):
    at = page("Equity", cohort="gender=female", split="across:gender")
    said = " ".join(one.proto.body for one in at.get("html"))
    assert "<strong>Female</strong>: " in said and "all together " in said


def test_a_reader_chooses_other_measures_in_the_address(page):
    body, _ = table(page("Services", split="measures:volunteering"))
    assert body.count('scope="col"') == 2 and "Started volunteering" in body


def test_in_a_meeting_the_services_fill_the_screen_and_the_small_line_has_its_key(page):
    at = page("Services", present="8", tour="Services/measures")
    _, rows = table(at)
    assert len(rows) == 1 + 6  # four with a quarter of the screen blank
    assert any("The small line is the same over time" in one.proto.body for one in at.get("html"))


def test_a_strip_lies_on_the_scale_of_its_column():
    drawn = strip(share(20, 100, expected=30.0), share(50, 100), 0.5, "own", "likely <10% to 30%")
    assert 'class="dot own" style="left:40.0%"' in drawn
    assert 'class="all" style="left:100.0%"' in drawn
    assert 'class="ring" style="left:60.0%"' in drawn
    assert 'class="range" style="left:20.0%;width:40.0%"' in drawn
    assert 'aria-label="likely &lt;10% to 30%"' in drawn


def test_a_hidden_share_is_drawn_as_its_bound_and_has_no_dot():
    row = Row({}, "hidden", why="few", denominator=200, at_most=0.035)
    drawn = strip(row, share(50, 100), 0.35, "own", "")
    assert 'class="bound" style="left:0.0%;width:10.0%"' in drawn and "dot" not in drawn and "ring" not in drawn


def test_a_series_leaves_gaps_and_does_not_join_what_is_not_complete():
    rows = [share(10, 100), share(20, 100), Row({}, "hidden"), share(40, 100), share(5, 100, complete=False)]
    drawn = unquote(series(rows, [None] * 5, 0.4, "words"))
    assert (
        drawn.count('stroke-linecap="round"') == 2
    )  # the point that stands alone, which is the latest too, and the incomplete one
    (line,) = re.findall(r'd="(M[^"]*L[^"]*)"', drawn)
    assert line.count("L") == 1 and 'alt="words"' in drawn


def test_no_dot_at_an_end_of_a_series_is_cut():
    """A meeting draws a series no narrower than 80 pixels (projector.css); a dot is five wide whatever the scale."""
    drawn = unquote(series([share(10, 100), Row({}, "hidden"), share(20, 100)], [None] * 3, 0.4, ""))
    first, last = (float(x) for x in re.findall(r'd="M([\d.]+) [\d.]+h0.01"', drawn))
    assert min(first, 150 - last) * 80 / 150 >= 2.5


def test_the_line_of_those_like_it_is_dashed():
    drawn = unquote(series([share(10, 100), share(20, 100)], [0.1, 0.2], 0.4, ""))
    assert drawn.count("stroke-dasharray") == 1


def test_bases_stand_beside_a_measure_on_its_own_base_and_not_beside_one_that_was_chosen(page):
    """The same question either way, so a cell that is kept for everybody must tell them apart."""
    (_, opened), *_ = table(page("Services", period="2024/25"))[1]
    (_, chosen), *_ = table(page("Services", period="2024/25", base="out_of_work"))[1]
    assert "working age " in opened and "everyone " in opened
    assert "working age " not in chosen and "everyone " not in chosen


def test_a_card_is_as_precise_as_the_heading_above_it(page):
    """A curve has small shares at its beginning, which decide the decimals of all that is said of it."""
    at = page("Pathways", period="2023/24")
    headings = [re.search(r"An estimated ([\d.]+%) had reached work", one.value) for one in at.header]
    (heading,) = filter(None, headings)
    (card,) = [one.proto.body for one in at.get("html") if 'class="base-card opening"' in one.proto.body]
    assert f">{heading[1]}<" in card
