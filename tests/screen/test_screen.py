"""The frame and the panels, run without a browser: selection, address, hidden answers, meeting mode, new data, stores that cannot be opened."""

import ast
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
import streamlit as st
from said import subtitles, words
from streamlit.testing.v1 import AppTest

from journeys import figures
from journeys.answer.released import Row
from journeys.sample import lives
from journeys.screen import (
    address,
    choices,
    drawing,
    first_look,
    first_run,
    html,
    meeting,
    menu,
    session,
    take_away,
    tour,
)
from journeys.screen.sections import board
from journeys.store import build
from journeys.store.opened import current_version, open_store
from journeys.vocabulary.metrics import GONE
from journeys.vocabulary.selection import Selection
from tests.answers_by_hand import NAMES, released

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
PAGES = ("", "Referrals", "Goals", "Upward_spiral", "Outcomes", "Definitions")
TINY = {"service": "tarnholt-next-steps", "base": "out_of_work", "period": "2024-05"}


@pytest.fixture
def opened(made, monkeypatch):
    """Opens a page at its address, as a fresh browser would."""
    return opener(made, monkeypatch)


def opener(store, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(store))
    monkeypatch.chdir(ROOT)

    def at(page="", **query):
        app = AppTest.from_file(str(ROOT / menu.HOME), default_timeout=SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        return (app.switch_page(menu.files()[page]) if page else app).run()

    return at


def chosen(app):
    """The selection in the address."""
    query = {name: [value] if isinstance(value, str) else value for name, value in app.query_params.items()}
    return Selection.from_query(query)[0]


def widget(app, kind, label):
    return next(one for one in getattr(app.sidebar, kind) if one.label == label)


# --- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_its_address(opened, page):
    app = opened(page)
    assert not app.exception
    assert [one.value for one in app.title] == [menu.page(page).name]
    assert app.header


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_data_are_synthetic_and_what_is_hidden(opened, page):
    text = words(opened(page))
    assert "Synthetic data" in text
    assert "Counts under 8 are hidden, the rest rounded to the nearest 5." in text
    assert "All services, April 2021 to March 2026, everyone referred" in text


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("", "Definitions")])
def test_every_panel_has_sentence_figure_text_table_definition_and_who_is_left_out(opened, page):
    app = opened(page)
    n_tables = sum('class="measures"' in one.proto.body for one in app.get("html"))  # of small figures, a table already
    n_panels = len(app.header) - n_tables
    tabs = [tab.label for tab in app.tabs]
    n_drawn = len(app.get("plotly_chart"))
    # a panel in which nothing can be drawn has no empty figure: the words above say why
    assert tabs.count("Figure") == n_drawn and tabs.count("Table") == tabs.count("Definition") == n_panels
    assert len(tabs) == n_drawn + 2 * n_panels and n_drawn > n_panels / 2
    text = words(app)
    # the headings of referrals by service and of people by year say all there is, and so does one that says that nothing can be shown
    n_said = 2 * (page == "Referrals") + sum(one.value.startswith("Too few people") for one in app.header)
    assert text.count('class="answer') == n_panels + n_tables - n_said
    assert text.count('class="foot"') == n_panels + n_tables
    assert text.count("<table>") >= n_panels
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))
    assert sum(one.proto.label == "Download CSV" for one in app.get("download_button")) == n_panels + n_tables


def test_figures_cannot_be_sent_to_a_cloud(opened):
    charts = opened("Referrals").get("plotly_chart")
    assert charts
    for chart in charts:
        assert '"showSendToCloud": false' in chart.proto.config


def test_the_definitions_page_has_every_metric_and_its_disclosure(opened):
    app = opened("Definitions")
    titles = [one.value for one in app.header]
    assert len([t for t in titles if t in {m.title for m in definitions()}]) == len(definitions())


def definitions():
    from journeys.vocabulary.metrics import catalogue

    return list(catalogue().values())


# --- the selection ----------------------------------------------------------------------------------------------------


def test_an_address_opens_its_view(opened):
    app = opened("Goals", period="2024/25", service="tarnholt-next-steps", base="working_age", cohort="gender=female")
    text = words(app)
    assert "financial year 2024/25, people of working age" in text
    assert "gender: female" in text
    assert widget(app, "radio", "People").value == "working_age"
    assert widget(app, "selectbox", "Services").value == ("service", "tarnholt-next-steps")


def test_a_choice_goes_into_the_address_and_keeps_the_others(opened):
    app = opened("Goals", period="2024/25", cohort="gender=female")
    widget(app, "radio", "People").set_value("out_of_work").run()
    assert chosen(app) == Selection("2024/25", base="out_of_work", cohort={"gender": "female"})
    assert set(app.query_params) >= {"v", "period", "base", "within", "cohort", "store"}


def test_quick_periods_and_the_list_of_periods_are_one_choice(opened):
    app = opened("Referrals", period="2024-Q2")
    assert widget(app, "selectbox", "Any period").value == "2024-Q2"
    quick = next(one for one in app.sidebar.button_group if one.label == "Referred in")
    assert quick.value in (None, [])
    quick.set_value("last-4-quarters").run()
    assert chosen(app).period == "last-4-quarters"
    assert widget(app, "selectbox", "Any period").value == "last-4-quarters"


def test_the_list_of_services_is_grouped_by_commissioner(opened):
    options = widget(opened("Referrals"), "selectbox", "Services").options
    assert options[0] == "All services"
    assert options[1].endswith(": all")
    assert options[2].startswith("\u2003")


def test_a_cohort_list_says_how_many_journeys_are_behind_each_value(opened):
    app = opened("Referrals", cohort="age_band=35-49")
    options = widget(app, "selectbox", "Age at referral").options
    assert any("(about " in option for option in options)
    widget(app, "selectbox", "Age at referral").set_value("").run()
    assert chosen(app) == Selection()


def test_no_more_than_three_cohort_choices_are_offered(opened):
    app = opened("Referrals", cohort=["age_band=35-49", "gender=female", "model=holistic"])
    assert not [one for one in app.sidebar.selectbox if one.label.startswith("Narrow")]


def test_the_next_cohort_choice_is_made_in_two_steps(opened):
    app = opened("Referrals")
    widget(app, "selectbox", "Narrow to some people or services").set_value("gender").run()
    widget(app, "selectbox", "Gender").set_value("female").run()
    assert chosen(app) == Selection(cohort={"gender": "female"})


def test_reset_goes_back_to_everything(opened):
    app = opened("Referrals", **TINY)
    next(one for one in app.sidebar.button if one.label == "Reset").click().run()
    assert chosen(app) == Selection()


def test_what_a_link_says_that_nobody_understands_is_left_out_and_named(opened):
    app = opened("Referrals", period="2024/25", base="everyone", service="closed-service", cohort="gender=female")
    (warning,) = app.warning
    assert "everyone" in warning.value
    assert "closed-service" in warning.value
    assert chosen(app) == Selection("2024/25", cohort={"gender": "female"})


UNUSABLE = {
    "servce": "north", "Period": "2024/25", "split": ["referral_reasons:shoe_size", "no_such_panel:gender", "referral_reasons:gender"],
    "present": "first", "only": "yes",
}  # fmt: skip


def test_names_and_looks_that_nobody_knows_are_named_once_and_the_rest_is_kept(opened):
    """Whoever opens a link would otherwise read another page than its sender meant."""
    app = opened("Referrals", **UNUSABLE)
    (warning,) = app.warning
    said = warning.value.replace("\\", "")
    named = ("servce (", "Period (", "shoe_size (", "no_such_panel:gender (", "present=first (", "only=yes (")
    assert not [one for one in named if one not in said]
    assert "split=referral_reasons:gender" not in said
    assert "Reasons for referral: those with a reason recorded, by gender" in subtitles(app)
    assert not {"servce", "Period", "present", "only"} & set(app.query_params)
    widget(app, "radio", "People").set_value("working_age").run()
    assert not app.warning


@pytest.mark.parametrize("name", ["period", "service", "commissioner", "base", "within", "cohort"])
def test_a_choice_that_is_empty_is_named_and_the_rest_is_kept(opened, name):
    """A link that a form or a letter made, in which nothing was filled in."""
    app = opened(
        "Referrals", **{"cohort": ["gender=female"], **({} if name == "cohort" else {"base": "all"}), name: ""}
    )
    assert not app.exception and len(app.warning) == 1
    assert chosen(app) == Selection(cohort={} if name == "cohort" else {"gender": "female"})


def test_what_other_programs_add_to_a_link_is_nobodys_trouble(opened):
    added = {"utm_source": "mail", "fbclid": "1", "gclid": "1", "_gl": "1", "embed_options": "dark_theme"}
    looks = {"split": ["referral_reasons:service"], "only": "1"}
    assert not opened("Referrals", period="all", v="1", **added, **looks).warning


def splits(app):
    """The splits in the address, which AppTest gives bare where there is one."""
    found = app.query_params.get("split", [])
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("page", menu.files())
def test_a_split_of_what_another_page_has_is_named_and_taken_out(opened, page):
    mine = {
        "Referrals": "referral_reasons:gender",
        "Outcomes": "measures:climbed,found_work",
        "Equity": "across:gender",
    }
    app = opened(page, split=[*mine.values(), "engaged-service:gender"])
    said = "".join(one.value for one in app.warning).replace("\\", "")
    here = [one for one in mine.values() if f"split={one} (not on this page)" not in said]
    assert splits(app) == here + ["engaged-service:gender"] * (page == "Referrals")
    if page in mine:
        assert here == [mine[page]]


def test_how_panels_of_other_pages_are_split_is_left_with_a_meeting(opened):
    app = opened("Goals", present="8", tour="Goals/goals_set", split=["goals_set:gender", "referral_reasons:gender"])
    assert not app.warning
    app.button(key="meeting-end").click().run()
    assert not app.warning and splits(app) == ["goals_set:gender"]


def test_a_links_trouble_stays_until_the_reader_changes_something(opened):
    app = opened("Goals", period="2024/25", service="closed-service").run()
    app.run()
    assert "closed-service" in app.warning[0].value
    widget(app, "radio", "People").set_value("working_age").run()
    assert not app.warning


def test_a_choice_stands_although_a_request_with_the_former_address_comes_after_it(opened):
    app = opened("Goals", period="2024/25")
    app.session_state["selection"] = Selection("2023/24")
    app.session_state["is_new_choice"] = True
    app.run()
    assert chosen(app) == Selection("2023/24")
    app.query_params["period"] = "2024/25"
    assert chosen(app.run()) == Selection("2024/25")  # a step back in the browser


def test_a_link_of_another_version_says_so(opened, made):
    for linked, said in (("000000-aaaaaa", "earlier"), ("000009-aaaaaa", "later"), ("?", "earlier")):
        (info,) = opened("Referrals", period="all", store=linked).info
        assert f"made on {'an' if said == 'earlier' else 'a'} {said} version" in info.value
    assert not opened("Referrals", period="all", store=current_version(made)).info


def test_every_link_of_the_menu_carries_the_selection(opened):
    app = opened("Referrals", period="2024/25", base="working_age")
    links = [link.proto for link in app.sidebar.get("page_link")]
    assert len(links) >= len(PAGES)
    for link in links:
        query = parse_qs(link.query_string)
        assert query["period"] == ["2024/25"]
        assert query["base"] == ["working_age"]


# --- panels -----------------------------------------------------------------------------------------------------------


def test_a_selection_that_is_too_small_says_what_to_widen_in_one_click(opened):
    app = opened("Referrals", **TINY)
    assert any("Too few people" in one.value for one in app.warning)
    wider = [one for one in app.button if one.key and one.key.startswith("wider-page")]
    assert [one.label for one in wider] == ["All periods", "All services", "People of working age"]
    wider[0].click().run()
    assert chosen(app).period == "all"
    assert chosen(app).service == TINY["service"]


def test_a_reader_splits_a_panel_and_the_address_keeps_it(opened):
    app = opened("Referrals")
    split = next(one for one in app.selectbox if one.key == "split-referral_reasons")
    split.set_value(("service",)).run()
    assert "Reasons for referral: those with a reason recorded, by service" in subtitles(app)
    again = opened("Referrals", period="all", split="referral_reasons:service")
    assert "Reasons for referral: those with a reason recorded, by service" in subtitles(again)


def test_a_split_that_does_not_exist_is_as_the_page_has_it(opened):
    app = opened("Referrals", period="all", split="referral_reasons:shoe_size")
    assert not app.exception
    assert "Reasons for referral: those with a reason recorded" in subtitles(app)


def test_a_long_page_lists_its_panels(opened):
    app = opened("Goals")
    links = [one.proto.body for one in app.get("html") if one.proto.body.startswith('<a href="#')]
    assert len(links) == len(app.header)
    assert '<a href="#work_goal-quarter">Set a goal about work by quarter</a>' in links


def test_found_work_opens_on_people_out_of_work_and_shows_all_three_bases(opened):
    text = words(opened("Outcomes"))
    assert text.count('class="base-card') == 3
    assert text.count("base-card opening") == 1
    assert "Of those referred in" in text
    assert "people out of work at referral; with 12 months or more since referral" in text


def test_a_click_on_a_label_narrows_to_it():
    def narrowed(by, code, own=()):
        return drawing._narrowed(SimpleNamespace(by=by, own=own, selection=Selection()), code)

    assert narrowed(("service",), "a") == Selection(service="a")
    assert narrowed(("quarter",), "2024-Q2") == Selection("2024-Q2")
    assert narrowed(("gender",), "female") == Selection(cohort={"gender": "female"})
    assert narrowed(("service", "quarter"), "a") is None
    assert narrowed(("start_rung",), "work") is None
    assert narrowed((), "housing", own=("reason",)) is None


def test_a_file_name_says_metric_split_and_selection(opened, made):
    opened("Referrals")
    asked = open_store(made).ask("found_work", Selection("2024/25", base="working_age"), ("service",))
    assert take_away.file_name(asked) == "found_work_service_2024-25_all-services_working_age.csv"


# --- the board --------------------------------------------------------------------------------------------------------


def test_the_board_has_six_figures_what_changed_and_what_to_be_careful_with(opened):
    app = opened()
    titles = [one.value for one in app.header]
    assert len(titles) == 6
    assert "New in this load" in words(app) and "What to be careful with" in words(app)
    assert "Loaded on " in words(app) and " in the quarter before" in words(app)
    assert any("of those out of work found work within 12 months" in title for title in titles)
    assert len(app.get("plotly_chart")) == 6
    assert "likely " in words(app) and "What has changed: " in words(app)
    assert "does not record outcomes" in words(app)


def test_a_board_of_seven_figures_is_refused():
    with pytest.raises(ValueError, match="7 figures on the board: at most 6"):
        board.board(Selection(), [("referrals", "Referrals")] * 7)


def test_a_quarter_that_is_chosen_alone_stands_beside_the_year_before_and_has_no_chart_of_one_point(opened):
    app = opened("", period="2025-Q3")
    said = words(app)
    assert re.search(r"Jul–Sep 2025: [\d,]+; a year before: [\d,]+", said)
    assert not [one for one in app.get("plotly_chart") if "small-referrals" in one.proto.id]
    assert "is usual cannot be said yet" not in said
    assert [one for one in opened("").get("plotly_chart") if "small-referrals" in one.proto.id]


# --- meeting mode -----------------------------------------------------------------------------------------------------


def test_meeting_mode_shows_one_panel_after_another_and_goes_on_to_the_next_page(opened):
    app = opened("Goals", present="8", tour=["Goals/goals_set", "Goals/goals_achieved"])
    assert not app.sidebar.children
    assert "8 of 9" in words(app)
    first = [one.value for one in app.header]
    assert len(first) == 1
    app.button(key="meeting-next").click().run()
    assert "8.2" in app.query_params["present"] and [one.value for one in app.header] == first
    app.button(key="meeting-next").click().run()
    second = [one.value for one in app.header]
    assert len(second) == 1 and first != second and "9 of 9" in words(app)
    app.button(key="meeting-back").click().run()
    assert [one.value for one in app.header] == first and "8.last" in app.query_params["present"]
    app.button(key="meeting-back").click().run()  # from its last screen to its first
    assert app.query_params["present"] in ("8", ["8"]) and [one.value for one in app.header] == first
    app.button(key="meeting-end").click().run()
    assert len(app.header) > 1
    assert "present" not in app.query_params


def test_a_link_to_a_metric_that_is_gone_leads_to_what_took_its_place(opened):
    app, now = (
        opened("Work_that_lasts", present="8", tour=f"Work_that_lasts/{slug}")
        for slug in ("kept_work", "job_at_referral")
    )
    assert [one.value for one in app.header] == [one.value for one in now.header] != []
    places = [one.proto.body for one in opened("Definitions").get("html")]
    assert all(any(f'<span id="{slug}">' in one for one in places) for slug in GONE)


def test_a_tile_of_a_meeting_says_its_interval_once(opened):
    said = words(opened("", present="3"))
    spans = re.findall(r"\d[\d.]*% to \d[\d.]*%", said)
    assert spans and len(spans) == len(set(spans))


def test_a_stop_whose_panel_is_not_on_its_page_says_so(opened):
    app = opened("Equity", present="8", tour=["Equity/engaged-elsewhere"])
    assert not app.header and "8 of 8" in words(app)
    assert "“Engaged with a link worker” is not on this page for what is chosen now" in words(app)


def test_a_group_that_was_ticked_is_shown_whatever_the_page_is_split_by_since(opened):
    app = opened("Equity", present="8", tour=["Equity/engaged-gender"], split="across:age_band")
    assert len(app.header) == 1 and "by gender" in words(app)


def test_rows_with_long_names_go_on_sooner(opened, monkeypatch):
    """Eight names of three lines each would stand on their bars."""
    answer = released("referrals", ("service",))
    many = replace(answer, rows=tuple(Row({"service": f"s{i}"}, "shown", count=10) for i in range(8)))
    long = SimpleNamespace(lists=SimpleNamespace(name=lambda *_: "Community Interest Company of the Whole County " * 3))
    opened("Goals")
    for store, n in ((SimpleNamespace(lists=SimpleNamespace(name=lambda *_: "Corner Centre")), 8), (long, 3)):
        monkeypatch.setattr(drawing.answers, "store", lambda store=store: store)
        monkeypatch.setattr(drawing.address, "is_presenting", lambda: True)
        (shown,), _ = drawing.on_this_screen([many], figures.bars)
        assert len(shown.rows) == n


def test_a_figure_of_a_meeting_fills_its_room_with_no_type_under_18_pixels():
    drawn = figures.bars(released("referral_reasons"), NAMES)
    meeting.enlarge(drawn, 590)
    fonts = [note.font.size for note in drawn.layout.annotations]
    fonts += [trace.textfont.size for trace in drawn.select_traces({"mode": "text"})]
    fonts += [drawn.layout.xaxis.tickfont.size, drawn.layout.font.size]
    assert min(fonts) >= 18 and drawn.layout.height == 590


def test_a_table_of_a_meeting_goes_on_on_the_next_screen():
    assert list(tour._filled([30, 30, 30, 80, 10], 70)) == [(0, 2), (2, 3), (3, 4), (4, 5)]
    assert list(tour._filled([100, 10], 70)) == [(0, 1), (1, 2)]


# --- data that come, and stores that cannot be opened -----------------------------------------------------------------


def test_new_data_show_at_the_next_run_without_a_restart(made, tmp_path, monkeypatch):
    store = tmp_path / "store"
    shutil.copytree(made, store)
    shutil.copy(made.with_name("store.key"), tmp_path / "store.key")
    app = opener(store, monkeypatch)("Referrals", period="all")
    before = current_version(store)
    build.load([lives.write(tmp_path / "delivery", journeys=600, seed=5, format="parquet")], store, is_meant=True)
    app.run()
    assert current_version(store) != before
    assert app.query_params["store"] in (current_version(store), [current_version(store)])
    assert app.info
    assert not app.exception


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.delenv("JOURNEYS_KEY", raising=False)
    monkeypatch.setattr(first_run, "SAMPLE_JOURNEYS", 400)
    return tmp_path / "store"


def test_with_no_store_a_sample_is_made_and_the_page_opens(empty, monkeypatch):
    app = opener(empty, monkeypatch)()
    assert not app.exception
    assert [one.value for one in app.title] == ["Board summary"]
    assert open_store(empty).is_synthetic


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("JOURNEYS_KEY", "short", "has 5 characters and could be guessed; at least 16 are needed: set a longer one"),
        ("JOURNEYS_KEY_FILE", "{place}/none.key", "none.key, which is not there: put the key there"),
        ("TMPDIR", "{place}/text/below", "cannot be used"),
    ],
)
def test_a_first_run_that_cannot_be_made_says_why_and_what_to_do(empty, monkeypatch, name, value, said):
    (empty.parent / "text").write_text("no folder")
    monkeypatch.setattr("tempfile.tempdir", value.format(place=empty.parent) if name == "TMPDIR" else None)
    monkeypatch.setenv(name, value.format(place=empty.parent))
    app = opener(empty, monkeypatch)()
    assert not app.exception
    assert [one.value for one in app.title] == ["There are no data yet"]
    assert said in app.error[0].value
    assert not app.markdown or "rollback" not in app.markdown[-1].value


def test_a_store_that_cannot_be_reached_gives_a_page_that_says_what_to_do(tmp_path, monkeypatch):
    app = opener(tmp_path / ("long" * 100), monkeypatch)("Referrals")
    assert not app.exception
    assert [one.value for one in app.title] == ["The data cannot be reached"]
    assert "look whether it is there" in app.error[0].value


def test_the_first_run_says_how_far_it_is():
    said = []
    with suppress(StopIteration):
        first_run._writing(lambda share, what: said.append((share, what)))(50, 100)
        first_run._loading(lambda share, what: said.append((share, what)))(0.5, "checking")
    assert [round(share, 2) for share, _ in said] == [0.2, 0.7]


def test_a_damaged_store_gives_a_page_that_says_what_to_do(made, tmp_path, monkeypatch):
    store = tmp_path / "store"
    shutil.copytree(made, store)
    next(store.glob("journeys-*.duckdb")).write_bytes(b"not a database")
    app = opener(store, monkeypatch)("Referrals")
    assert not app.exception
    assert app.error
    assert "load" in app.error[0].value
    assert "python -m journeys rollback" in app.markdown[0].value
    assert not app.get("plotly_chart")


def test_a_store_of_another_version_gives_a_page_that_says_so(made, tmp_path, monkeypatch):
    import duckdb

    store = tmp_path / "store"
    shutil.copytree(made, store)
    with duckdb.connect(str(next(store.glob("journeys-*.duckdb")))) as connection:
        connection.execute("update about set value = '999' where name = 'schema'")
    app = opener(store, monkeypatch)()
    assert not app.exception
    assert [one.value for one in app.title] == ["The data were made by another version of this program"]
    assert "999" in app.error[0].value


def test_an_address_without_choices_keeps_those_of_the_session():
    lists = type("Lists", (), {"check": lambda self, selection, by: None})()
    fitting, dropped = address._fitting(Selection("2024/25"), lists)
    assert (fitting, dropped) == (Selection("2024/25"), ())


class Address(dict):
    """The query parameters of a request, as Streamlit gives them."""

    def get_all(self, name):
        return self[name] if isinstance(self[name], list) else [self[name]]

    def from_dict(self, query):
        self.clear()
        self.update(query)


def test_a_request_that_comes_by_itself_undoes_neither_a_choice_nor_a_link(monkeypatch):
    lists = type("Lists", (), {"check": lambda self, selection, by: None})()
    before, chosen, linked = Selection(), Selection(period="2024/25"), Selection(service="S1")

    def drawn(asked, *, by_itself):
        monkeypatch.setattr(st, "query_params", Address(asked.to_query()))
        if by_itself:
            first_look._show_all("Referrals")
        now, _ = address.selection(lists)
        session.CHOSEN.keep(now)
        session.IS_NEW.forget()
        return now

    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", Address(before.to_query()))
    address.choose(chosen)
    assert drawn(before, by_itself=True) == chosen  # the address of a moment ago
    assert drawn(linked, by_itself=True) == linked  # pressed meanwhile
    address.choose(chosen)
    assert drawn(chosen, by_itself=False) == chosen
    assert drawn(linked, by_itself=False) == linked
    assert (
        drawn(before, by_itself=True) == before
    )  # back to where the choice was made: no choice is on its way any more


def test_the_address_of_a_link_to_the_same_page_is_told_to_the_browser(monkeypatch):
    """Streamlit sends it to the server alone: what the browser shows and sends next would be the address before."""
    told = []

    class Told(Address):
        def from_dict(self, query):
            super().from_dict(query)
            told.append(query)

    monkeypatch.setattr(st, "session_state", {})
    before, linked = (Selection(service=one).to_query() for one in ("S1", "S2"))
    for asked in (before, before, linked, linked):
        monkeypatch.setattr(st, "query_params", Told(asked))
        address._write(asked)
    assert told == [linked]


@pytest.mark.parametrize("is_pressed", [False, True])
def test_what_a_widget_shows_is_no_choice_in_the_request_for_the_rest_of_a_page(monkeypatch, is_pressed):
    """That request may be from before a press on a bar: the sidebar's former period would undo it."""
    made, pressed = [], Selection(period="2024/25")
    monkeypatch.setattr(st, "session_state", {first_look.PRESS: is_pressed})
    choices.Choices("", pressed, None, lambda: pressed, made.append).change(period="all")
    assert made == ([] if is_pressed else [Selection()])


def test_a_card_of_a_hidden_rate_says_what_it_can_be_at_most():
    few = Row({}, "hidden", why="few", denominator=200, at_most=0.035)
    assert 'class="big">Under 4%<span class="unit">[c] a few at most</span>' in html.big_figure(
        few, "proportion", "", 0
    )
    most = Row({}, "hidden", why="most", denominator=15)
    assert '[c]<span class="unit">all but a few</span>' in html.big_figure(most, "proportion", "", 0)
    assert "too few people" in html.big_figure(Row({}, "hidden"), "proportion", "", 0)


def _said(path):
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in texts if id(node) not in documents]


def test_no_words_name_a_place_that_a_phone_does_not_have():
    """There is no sidebar there: choices come in by a press on `Menu and choices`."""
    modules = [menu.ROOT / menu.HOME, *(menu.ROOT / "pages").glob("*.py"), *(menu.ROOT / "journeys").rglob("*.py")]
    texts = [text for path in modules for text in _said(path)]
    assert not [text for text in texts if re.search(r" sidebar\b", text)]
