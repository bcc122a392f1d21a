"""The pack tray: the ticks of the meeting as a pack, with own words that fit."""

from dataclasses import replace

import pytest

from journeys.files import pack, recipe
from journeys.files.recipe import LONGEST, MOST_ACTIONS, MOST_PANELS, Panel
from journeys.screen import tray
from journeys.screen.tour import BOARD, Stop
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import BREAKDOWNS


def test_the_stops_of_a_meeting_are_the_panels_of_a_pack_each_once():
    board = [Panel("referrals", ("quarter",)), Panel("found_work", ("financial_year",))]
    stops = (
        Stop("Goals", "work_goal"),
        Stop("Outcomes", "found_work-financial_year"),
        Stop("Outcomes", "found_work-financial_year", "gender"),
        Stop("Services", "found_work", "gender"),
        Stop("Services", "context"),
        Stop("Compare_cohorts", "beside-found_work"),
        Stop("Goals", "goals_set", ""),
    )
    panels, n_without = tray.panels_of(stops, board)
    assert panels == [*board, Panel("work_goal"), Panel("found_work", ("gender",)), Panel("goals_set")]
    assert n_without == 2


def test_a_pack_begins_with_what_a_meeting_begins_with():
    assert [panel.metric for panel in pack.BOARD] == [metric for metric, _ in BOARD] + ["spiral_movement"]


def test_own_words_go_to_their_panel_and_are_read_back(tmp_path):
    panels = [*pack.BOARD, Panel("found_work", ("financial_year",)), Panel("found_work"), Panel("referrals")]
    actions = "\n".join(["Ask  the services\u200b", "", "\u200b", *(f"{n} " + "x" * 200 for n in range(9))])
    words = {
        (tray.TITLE, ""): " Board,\tMay ",
        ("Found work by financial year", "title"): "Work comes late",
        ("Found work", "commentary"): "One line\nand another.",
        ("Found work", "actions"): actions,
        ("Something ticked before", "title"): "Not in this pack",
    }
    made = tray.made(panels, words)
    assert made.title == "Board, May"
    ticked = made.panels[len(pack.BOARD) :]
    assert [one.title for one in ticked] == ["Work comes late", "", ""]
    assert ticked[1].commentary == "One line and another."
    assert ticked[1].actions[0] == "Ask the services"
    assert len(ticked[1].actions) == MOST_ACTIONS and max(map(len, ticked[1].actions)) == LONGEST["action"]
    file = tmp_path / "board.toml"
    file.write_text(recipe.text(made), encoding="utf-8")
    assert recipe.read(file) == made


def test_nothing_written_is_a_recipe_too():
    assert tray.made(list(pack.BOARD), {}) == recipe.Recipe(pack.BOARD)


def test_own_words_about_a_figure_of_the_board_stay_when_it_is_told_by_other_periods():
    by_year = [replace(one, by=("financial_year",)) if one.by else one for one in pack.BOARD]
    assert tray.names_of(by_year) == tray.names_of(list(pack.BOARD))
    assert len({*tray.names_of([*pack.BOARD, *by_year])}) == 2 * len(by_year) - 1, "but for the spiral, which is one"


@pytest.mark.parametrize("split", ["nonsense", "service,service", "service,quarter,gender", "financial_year,<b>"])
def test_a_stop_that_an_address_made_up_is_no_panel(split):
    assert tray.panels_of((Stop("Outcomes", "found_work", split),)) == ([], 1)
    assert tray.panels_of((Stop("Outcomes", "found_work-" + split.replace(",", "-")),)) == ([], 1)


def test_a_tray_holds_no_more_than_a_recipe():
    splits = [f"{one},{other}" for one in BREAKDOWNS for other in BREAKDOWNS if one != other]
    panels, n_without = tray.panels_of(tuple(Stop("Outcomes", "found_work", split) for split in splits))
    assert len(panels) == MOST_PANELS and n_without == len(splits) - MOST_PANELS


def test_every_panel_has_words_of_its_own():
    """Own words are kept by what a panel is called."""
    assert len({tray._name(Panel(slug)) for slug in metrics.catalogue()}) == len(metrics.catalogue())


OF_REFERRALS = (tray.names_of(list(pack.BOARD))[0], "commentary")


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ((tray.TITLE, ""), "For 943 476 5919", "the title of the pack (NHS number)"),
        (OF_REFERRALS, "He lives at LS1 4AB.", "the commentary of panel 1 (postcode)"),
        (OF_REFERRALS, "More came than in 2024/25.", ""),
    ],
)
def test_own_words_that_point_to_a_person_are_taken_away_in_no_file(page, field, words, said):
    at = page("Referrals")
    at.session_state["pack_words"] = {field: words}
    at.button(key="open-pack").click().run()
    assert not at.exception
    errors = [one.value.replace("\\", "") for one in at.error]
    assert all(said in one and words not in one for one in errors)
    files = [one for one in at.get("download_button") if one.key.startswith("pack-")]
    assert (len(errors), len(files)) == ((1, 0) if said else (0, 4))
