"""The dashboard as people use it: a real browser on a freshly started server."""

import csv
import io
import re
from contextlib import suppress
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import fit
import pytest
import wire
from driver import MILLISECONDS, TAKING, make_store, menu, serving, settled
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from test_every_page import found

from journeys.sample import lives

pytestmark = pytest.mark.browser
PAGES = {address: menu.page(address).name for address in menu.files()}
NARROW = "period=2024%2F25&base=working_age&within=18&cohort=gender%3Dfemale"


def selection(page):
    return page.locator(".selection").inner_text()


def query(page):
    return parse_qs(urlsplit(page.url).query)


def choose(page, label, option, within=None):
    """Choose from a list as people do: open it, click."""
    box = (within or page).get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    box.click()
    wanted = page.get_by_role("option", name=option, exact=True)
    page.wait_for_timeout(500)
    if not wanted.is_visible():
        box.press("ArrowDown")
    wanted.click()
    settled(page)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_from_its_address(server, address):
    told = re.sub("<[^>]*>", "", "\n".join(wire.said(wire.sent(server, address, NARROW))))
    assert PAGES[address] in told
    assert "financial year 2024/25, people of working age, gender: female, within 18 months" in told
    assert "Synthetic data" in told
    assert "Counts under 8 are hidden" in told


def test_a_bare_address_gets_its_selection_and_a_panel_has_table_definition_and_picture_and_redraws_alone(fresh):
    page = fresh("Referrals")
    assert query(page)["period"] == ["all"]
    assert query(page)["base"] == ["all"]
    assert page.evaluate("history.length") == 2  # no step of its own: the blank page of a new tab, and this one
    panel = page.locator(".st-key-panel-referral_reasons")
    assert panel.locator(".modebar-btn").count() == 0
    _the_table_and_the_definition_stand_behind_the_figure(panel)
    panel.get_by_role("tab", name="Figure").click()
    _a_figure_can_be_saved_as_a_picture(page, panel)
    page.keyboard.press("Escape")
    _a_change_inside_a_panel_redraws_that_panel_alone(page, panel)


def _the_table_and_the_definition_stand_behind_the_figure(panel):
    panel.get_by_role("tab", name="Table").click()
    panel.get_by_role("table").wait_for()
    assert panel.get_by_role("columnheader", name="95% interval").is_visible()
    panel.get_by_role("tab", name="Definition").click()
    panel.get_by_text("Why it matters").wait_for()


def _a_figure_can_be_saved_as_a_picture(page, panel):
    panel.get_by_role("button", name="Picture").click()
    assert _saved(page, "referral_reasons.png").startswith(b"\x89PNG")
    page.locator(".stPopover, [data-testid=stPopoverBody]").get_by_text("SVG", exact=True).last.click()
    settled(page)
    drawn = re.sub(r"<[^>]*>", " ", _saved(page, "referral_reasons.svg").decode())
    for words in (
        "SYNTHETIC DATA",
        "All services, April 2021",
        "Data to March 2026",
        "Source: records of 8 services",
    ):
        assert words in drawn, words


def _saved(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the picture").click()
    assert waiting.value.suggested_filename == name
    return waiting.value.path().read_bytes()


def _a_change_inside_a_panel_redraws_that_panel_alone(page, panel):
    page.evaluate("() => document.querySelectorAll('.answer').forEach((e, i) => e.dataset.mine = i)")
    choose(page, "Split by", "Service", panel)
    panel.locator(".subtitle", has_text="by service").wait_for()
    settled(page)
    assert "split=referral_reasons" in page.url
    kept = page.evaluate("() => [...document.querySelectorAll('.answer')].filter(e => 'mine' in e.dataset).length")
    assert kept >= page.locator(".answer").count() - 1


def test_the_selection_survives_moving_back_and_reload(fresh):
    page = fresh(f"?{NARROW}")
    said = selection(page)
    for name in ("Referrals", "Outcomes"):
        page.locator('[data-testid="stSidebar"]').get_by_role("link", name=name).click()
        page.wait_for_function("name => document.querySelector('h1')?.innerText === name", arg=name)
        settled(page)
        assert selection(page) == said
    page.go_back()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Referrals'")
    settled(page)
    assert selection(page) == said
    page.reload()
    settled(page)
    assert selection(page) == said


def test_what_is_chosen_is_in_downloads_and_links_and_a_choice_changes_only_itself_and_is_undone_by_back(fresh):
    page = fresh(f"Referrals?{NARROW}")
    before, panel = selection(page), page.locator(".st-key-panel-referral_reasons")
    _a_download_holds_the_released_numbers_and_says_what_they_are(page, panel)
    link = _copied(page, panel)
    assert link.endswith("#referral_reasons")
    linked = fresh(link.split("/", 3)[3])
    assert selection(linked) == before
    linked.close()  # a page behind another is drawn seldom
    _choose_out_of_work(page)
    page.go_back()
    page.wait_for_function("before => document.querySelector('.selection')?.innerText === before", arg=before)
    settled(page)
    _choose_out_of_work(page)
    choose(page, "Narrow further", "Age at referral")
    choose(page, "Age at referral", re.compile("^35 to 49"))
    found = query(page)
    assert found["period"] == ["2024/25"]
    assert found["within"] == ["18"]
    assert sorted(found["cohort"]) == ["age_band=35-49", "gender=female"]
    again = fresh(page.url.split("/", 3)[3])
    assert selection(again) == selection(page)


def _choose_out_of_work(page):
    page.get_by_text("Out of work at referral", exact=True).click()
    page.wait_for_function("() => location.search.includes('base=out_of_work')")
    settled(page)


def _a_download_holds_the_released_numbers_and_says_what_they_are(page, panel):
    with page.expect_download() as waiting:
        panel.get_by_role("button", name="Download CSV").click()
    file = waiting.value
    assert file.suggested_filename == "referral_reasons_2024-25_all-services_working_age_female.csv"
    text = file.path().read_text(encoding="utf-8-sig")
    assert text.startswith("# SYNTHETIC DATA")
    assert "# Selection: All services; financial year 2024/25; people of working age; gender: female" in text
    rows = list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))
    assert {row["state"] for row in rows} <= {"shown", "hidden", "not_recorded", "too_early"}
    assert all(int(row["denominator"]) % 5 == 0 for row in rows if row["denominator"])


def _copied(page, panel):
    """What "Copy link" puts into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.get_by_role("button", name="Copy link").click()
    panel.get_by_text("Copied", exact=True).wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_group_that_is_too_small_is_hidden_and_one_click_widens(fresh):
    page = fresh("Outcomes?period=2024-05&service=tarnholt-next-steps&base=out_of_work&within=12")
    assert page.get_by_text("Too few people are in this selection").is_visible()
    assert found(page) == []
    page.locator(".st-key-wider-page").get_by_role("button", name="All services").click()
    page.wait_for_function("() => !location.search.includes('service=')")
    settled(page)
    assert "All services" in selection(page)


def test_a_click_on_a_bar_narrows_to_it_and_leaves_the_readers_base(fresh):
    page = fresh("Referrals?period=all&base=all")
    for panel, chosen in (("referrals-service", "service"), ("people_referred-financial_year", "period")):
        assert query(page).get(chosen, ["all"]) == ["all"]
        bars = page.locator(f".st-key-panel-{panel} .point path")
        was = selection(page)
        for _ in range(4):  # a press on a figure that a busy machine is still laying out goes beside it
            settled(page)
            bars.first.scroll_into_view_if_needed()
            page.wait_for_timeout(500)
            bars.first.click(force=True)
            with suppress(PlaywrightTimeout):
                page.wait_for_function(
                    "was => document.querySelector('.selection').innerText !== was", arg=was, timeout=15_000
                )
                break
        settled(page)
        assert query(page).get(chosen, ["all"]) != ["all"]
        assert query(page)["base"] == ["all"]


TICKED = (
    "Services/found_work-service",
    "Services/measures",
    "Services/context",
    "Goals/work_goal-quarter",
    "Compare_cohorts/differences",
    "Referrals/referrals-service/gender",
    "Data_quality/completeness-service",
)


# what can be pressed on a screen of a meeting beside its bar and the terms that say what they mean
TO_PRESS = """() => [...document.querySelectorAll('[data-testid=stMain] :is(a, input, summary, button:not(.term))')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1 && !e.closest('.st-key-meeting-bar'))
  .map(e => e.outerHTML.slice(0, 90))"""
OF_A_SERVICE = (
    "Wellbeing/wellbeing_change",
    "Upward_spiral/spiral_after",
    "Compare_cohorts/beside-goals_set",
    "Services/measures",
    "Outcomes/measures",
    "Upward_spiral/climbed-service",
)


@pytest.mark.parametrize(
    ("start", "chosen", "ticked"),
    [(1, "", TICKED), (7, "&service=tarnholt-next-steps&base=out_of_work&within=24", OF_A_SERVICE)],
)
def test_every_stop_of_a_meeting_is_read_from_the_back_of_the_room(fresh, start, chosen, ticked):
    tour = "".join(f"&tour={stop}" for stop in ticked)
    page = fresh(f"?present={start}{tour}{chosen}", viewport={"width": 1280, "height": 720})
    n_stops, seen = 7 + len(ticked), []
    assert found(page) == []
    while True:
        settled(page)
        page.wait_for_function("() => document.querySelectorAll('h2').length === 1")
        page.evaluate(fit.DRAWN)
        stop = page.locator(".stop").inner_text()
        seen += [stop] if stop not in seen else []
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 720, stop
        assert page.evaluate(fit.MEASURE, 18) + page.evaluate(fit.ON_EACH_OTHER) == [], stop
        assert page.evaluate(TO_PRESS) == [], stop
        was = page.url
        if stop == f"{n_stops} of {n_stops}" and not page.get_by_text("Next goes on").is_visible():
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_function("was => location.href !== was", arg=was)
    assert seen == [f"{i} of {n_stops}" for i in range(start, n_stops + 1)]
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("was => location.href !== was", arg=was)
    page.get_by_role("button", name="End").click()
    page.locator('[data-testid="stSidebar"]').wait_for()
    assert "present" not in page.url and "tour" not in page.url


def test_a_meeting_grows_with_the_projector_and_shows_what_was_ticked(fresh):
    page = fresh("Referrals", viewport={"width": 1920, "height": 1080})
    page.locator(".st-key-panel-referral_reasons label", has_text="Meeting").click()
    settled(page)
    page.get_by_role("button", name="Present").click()
    page.locator(".stop", has_text="8 of 8").wait_for()
    settled(page)
    page.wait_for_function("() => document.querySelectorAll('h2').length === 1")
    page.evaluate(fit.DRAWN)
    plot = page.locator(".js-plotly-plot").bounding_box()
    assert plot["height"] > 800 and plot["x"] + plot["width"] > 1750
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 1080
    assert "tour=Referrals" in page.url


@pytest.mark.parametrize("stop", ["Goals/work_goal-quarter", "Outcomes/found_work-financial_year"])
def test_the_words_of_a_stop_follow_each_other(fresh, stop):
    page = fresh(f"?present=8&tour={stop}", viewport={"width": 1280, "height": 720})
    page.locator(".stop", has_text="8 of 8").wait_for()
    settled(page)
    page.locator(".stColumn .answer").evaluate("one => { one.textContent = 'Fewer words than the figure is tall.'; }")
    words = page.locator(".stColumn", has=page.locator("h2")).locator("h2, .subtitle, .base-card, .answer, .foot")
    boxes = sorted((box["y"], box["height"]) for box in (one.bounding_box() for one in words.all()) if box)
    assert len(boxes) > 5
    assert max(below - top - height for (top, height), (below, _) in pairwise(boxes)) < 20


def test_in_a_meeting_each_column_of_services_says_whom_it_is_about(fresh):
    """5.6% found work stood below "everyone referred", and was of people out of work."""
    page = fresh("?present=8&tour=Services/measures", viewport={"width": 1280, "height": 720})
    page.locator(".stop", has_text="8 of 8").wait_for()
    settled(page)
    assert page.locator(".measures thead .about", has_text="people out of work at referral").is_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 720


def test_the_keyboard_is_seen_in_the_menu_and_a_tick_has_a_name(fresh):
    page = fresh("Goals")
    settled(page)
    for _ in range(5):
        page.keyboard.press("Tab")
    on = "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth] })()"
    assert page.locator("[data-testid=stPageLink] a:focus").count() == 1 and page.evaluate(on) == ["solid", "2px"]
    assert page.get_by_role("checkbox", name="Meeting", exact=True).count() >= 2


def test_the_board_stands_on_one_screen_says_what_is_new_uses_a_wide_one_and_prints_on_two_pages(fresh):
    page = fresh("", viewport={"width": 1280, "height": 720})
    _stands_on_one_screen(page, is_told_below=True)
    assert "in the quarter before" not in page.locator("[data-testid=stMain]").inner_text()
    page.get_by_text("New in this load").click()
    new = page.locator("details#new, details:has(summary:text('New in this load'))").first
    assert "in the quarter before" in new.inner_text()
    page.set_viewport_size({"width": 1920, "height": 1080})
    settled(page)
    tiles = page.locator('[class*="st-key-card-"]')
    assert max(tiles.evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")) > 1800
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    _prints_on_two_pages(page)


def _stands_on_one_screen(page, *, is_told_below):
    tiles = page.locator('[class*="st-key-card-"]')
    assert tiles.count() == 6
    bottoms = "all => all.map(e => e.getBoundingClientRect().bottom)"
    assert max(tiles.evaluate_all(bottoms)) <= 720
    if is_told_below:
        assert max(page.locator(".st-key-board-below summary").evaluate_all(bottoms)) <= 720


def _prints_on_two_pages(page):
    press_print(page)
    assert page.locator(".js-plotly-plot .main-svg").count() >= 6
    heights = page.locator('[class*="st-key-small-"] .js-plotly-plot').evaluate_all(
        "all => all.map(e => e.offsetHeight)"
    )
    assert min(heights, default=120) >= 110, "lines of 28 pixels could not be told from their limits"
    page.emulate_media(media="print")
    assert not page.get_by_text("Not every figure is drawn").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)  # after which the page is no longer one that is printed
    assert len(paper(pdf)) == 2 and all(width > height for width, height in paper(pdf))


@pytest.mark.parametrize(
    "chosen",
    [
        "?service=tarnholt-next-steps",
        "?base=out_of_work&cohort=gender%3Dfemale",
        "?service=tarnholt-next-steps&base=out_of_work&within=24",
        "?service=tarnholt-next-steps&period=2024-05&cohort=gender%3Dnon_binary",  # hidden altogether
    ],
)
def test_the_board_stands_on_one_screen_whatever_is_chosen(fresh, chosen):
    page = fresh(chosen, viewport={"width": 1280, "height": 720})
    _stands_on_one_screen(page, is_told_below="gender%3Dnon_binary" in chosen)


def test_a_services_questions_are_three_presses_away(fresh):
    page = fresh("")
    page.locator('[data-testid="stSidebar"]').get_by_role("link", name="Service", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Service'")
    settled(page)
    page.get_by_role("link", name="Wrenborough Steady Minds").click()
    page.get_by_role("heading", name="Questions to ask it").wait_for()
    assert query(page)["service"] == ["wrenborough-mh"]
    page.locator(".questions a").first.click()
    page.wait_for_function("() => !location.pathname.endsWith('Service')")
    settled(page)
    assert query(page)["service"] == ["wrenborough-mh"]


def test_the_first_panels_come_first_the_others_without_being_asked_for_a_list_leads_to_each_and_nothing_comes_from_elsewhere(
    browser, server
):
    page, asked = browser.new_page(), []
    page.set_default_timeout(MILLISECONDS)
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script("""const press = HTMLElement.prototype.click;
        HTMLElement.prototype.click = function () { window.held ??= true; if (!window.held) press.call(this); }""")
    page.goto(f"{server}/Outcomes")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    headings, links = page.locator('[data-testid="stMain"] h2'), page.locator(".st-key-contents a")
    page.wait_for_timeout(1_000)
    assert headings.count() == 2 < links.count()
    page.evaluate("window.held = false; document.querySelector('.st-key-rest-of-page button').click()")
    settled(page)
    assert headings.count() + page.locator(".waits").count() == links.count()
    links.last.click()
    page.wait_for_function("() => location.hash === '#people_with_outcome'")
    page.wait_for_function(
        "() => document.querySelector('#people_with_outcome').getBoundingClientRect().top < innerHeight"
    )
    page.close()
    ours = (server, server.replace("http", "ws"), "data:", "blob:")
    assert len(asked) > 5 and [url for url in asked if not url.startswith(ours)] == []


def test_a_link_to_a_later_panel_leads_there(fresh):
    page = fresh("Outcomes?period=all&base=all&within=12#people_with_outcome")
    page.wait_for_function(
        "() => document.querySelector('#people_with_outcome').getBoundingClientRect().top < innerHeight"
    )


def paper(pdf):
    """Width and height in points of each page of a PDF."""
    return [tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)]


def press_print(page):
    # in a function of its own: an expression that is a function would be called at once
    page.evaluate("() => { window.print = () => { window.isPrinted = true; }; }")
    page.locator("button.print").evaluate("button => button.click()")
    page.wait_for_function("() => window.isPrinted")


def test_what_the_browser_has_yet_to_fetch_is_waited_for_before_a_page_is_printed(fresh):
    page = fresh("Definitions")
    page.evaluate("() => { window.print = () => { window.isPrinted = true; }; }")
    page.evaluate(
        """() => document.querySelector('[data-testid="stMain"] h1').insertAdjacentHTML('afterend', '<p data-testid="stSkeleton"></p>')"""
    )
    page.locator("button.print").evaluate("button => button.click()")
    page.wait_for_timeout(5_000)
    assert not page.evaluate("window.isPrinted")
    page.evaluate("""document.querySelector('p[data-testid="stSkeleton"]').remove()""")
    page.wait_for_function("() => window.isPrinted")


def test_whatever_is_folded_is_there_when_a_page_is_printed(fresh):
    """Evidence has two headings that each ask the server when they are opened."""
    page = fresh("Evidence")
    assert page.locator('[data-testid="stMain"] [data-testid="stSkeletonElement"]').count() > 1
    press_print(page)
    assert not page.locator('[data-testid="stMain"] [data-testid="stSkeletonElement"]').count()


def test_nothing_is_printed_pale_for_a_page_that_is_being_worked_out(fresh):
    page = fresh("Definitions")
    page.emulate_media(media="print")
    shown = page.locator('[data-testid="stMain"] .stElementContainer').first
    shown.evaluate("one => { one.dataset.stale = 'true'; one.style.opacity = '0.33'; }")
    assert shown.evaluate("one => getComputedStyle(one).opacity") == "1"


def test_a_printed_page_is_a_clean_page(fresh):
    page = fresh("Wellbeing")
    press_print(page)
    pages = paper(page.pdf(prefer_css_page_size=True))
    assert len(pages) <= 4 and all(
        width < height for width, height in pages
    )  # one more where a title or half a figure stands alone
    page.emulate_media(media="print")
    page.evaluate(
        "document.documentElement.classList.remove('printing')"
    )  # as after printing: what follows is printed without the button
    _says_what_is_missing(page)
    assert not page.locator('[data-testid="stSidebar"]').is_visible()
    assert not page.get_by_role("button", name="Download CSV").first.is_visible()
    assert page.locator(".answer").first.is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(paper(pdf)) > 2 and all(width > height for width, height in paper(pdf))


# how far apart, in pixels of the layout, the last line of words of each card and its figure or the figure's key are
APART = """() => [...document.querySelectorAll('[class*="st-key-panel-"]')].map(card => {
    const zoom = card.currentCSSZoom, box = one => one.getBoundingClientRect();
    const below = card.querySelector('.key') || card.querySelector('.stPlotlyChart');
    const words = [...card.querySelectorAll('p')].filter(one => one.offsetParent && box(one).bottom <= box(below).top + 2);
    return (box(below).top - Math.max(...words.map(one => box(one).bottom))) / zoom; })"""
# what stands on paper between the heading of a part of a page and the first card below it, and may be torn from that card
TORN = """() => [...document.querySelectorAll('.stElementContainer:has(.section)')].flatMap(one => {
    const found = [];
    for (; one && !one.querySelector('[class*="st-key-panel-"]'); one = one.nextElementSibling)
        if (getComputedStyle(one).display !== 'none' && getComputedStyle(one).breakAfter !== 'avoid') found.push(one.innerHTML.slice(0, 80));
    return found; })"""


def _says_what_is_missing(page):
    """A page printed without the button says that a figure is missing where one is, and only there."""
    missing = page.get_by_text("Not every figure is drawn: use Print on the page.")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not missing.is_visible()
    page.locator(".js-plotly-plot .main-svg").first.evaluate("one => one.closest('.js-plotly-plot').replaceChildren()")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert missing.is_visible()


def test_the_board_printed_by_the_browser_says_nothing_of_figures_that_are_all_there(fresh):
    page = fresh("")
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 6")
    settled(page)
    page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    assert not page.get_by_text("Not every figure is drawn").is_visible()


def test_a_fold_that_is_closed_is_missed_on_paper(fresh):
    page = fresh("Evidence")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("Not every figure is drawn").is_visible()


def test_two_cards_stand_on_a_printed_page_and_no_heading_alone(fresh):
    """Referrals took seven pages, six of them half empty: cards kept the room of what is pressed on the screen, and two did not fit by a little."""
    page = fresh("Referrals")
    press_print(page)
    assert len(paper(page.pdf(prefer_css_page_size=True))) <= 5
    page.emulate_media(media="print")
    apart = page.evaluate(APART)
    assert len(apart) == 7 and all(-1 <= one <= 15 for one in apart), apart
    page = fresh("Equity")
    press_print(page)
    page.emulate_media(media="print")
    assert page.evaluate(TORN) == []


def test_working_age_women_of_one_commissioner_are_compared_between_two_years_in_five_clicks(fresh):
    page = fresh("")
    page.evaluate("() => { window.clicks = 0; addEventListener('pointerdown', () => window.clicks++, true); }")
    for typed, said in (("women", "gender: female"), ("health board", "Health Board")):
        place = page.get_by_role("combobox", name="Find")
        place.click()
        place.fill(typed)
        page.get_by_role("option").first.wait_for()
        place.press("Enter")
        page.locator(".selection", has_text=said).wait_for()
        settled(page)
    page.locator("label", has_text="Working age").first.click()
    page.locator(".selection", has_text="working age").wait_for()
    settled(page)
    page.get_by_role("button", name="Compare with").click()
    page.get_by_role("link", name="2024/25 with 2023/24").click()
    page.locator(".subtitle", has_text="2024/25 and 2023/24, side by side").first.wait_for()
    settled(page)
    assert page.evaluate("window.clicks") == 5
    found = query(page)
    assert found["commissioner"] == found["vs_commissioner"] and found["commissioner"][0].startswith("SYN")
    for name, value in {"base": "working_age", "cohort": "gender=female"}.items():
        assert found[name] == found[f"vs_{name}"] == [value]
    assert (found["period"], found["vs_period"]) == (["2024/25"], ["2023/24"])


@pytest.mark.parametrize(
    ("address", "panels"),
    [("Evidence", ("evidence-found_work",)), ("Compare_cohorts", ("differences", "beside-spiral_now"))],
)
def test_other_figures_have_picture_and_link_too(fresh, address, panels):
    page = fresh(address)
    for panel in panels:
        box = page.locator(f".st-key-panel-{panel}")
        box.get_by_role("button", name="Picture").click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Save the picture").click()
        assert waiting.value.suggested_filename == f"{panel}.png"
        page.keyboard.press("Escape")
        assert _copied(page, box).endswith(f"#{panel}")


def test_a_delivery_is_handed_over_checked_and_loaded_in_the_browser(browser, tmp_path):
    store = make_store(tmp_path, 300)
    delivery = lives.write(tmp_path / "next", journeys=400, seed=2, format="csv")
    with serving(store, **TAKING) as address:
        page = browser.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.goto(f"{address}/Data")
        settled(page)
        page.locator('input[type="file"]').set_input_files(sorted(delivery.glob("*.csv")))
        page.get_by_role("heading", name="What the check found").wait_for()
        assert "rows are good" in page.locator(".st-key-panel-upload-found .answer").inner_text()
        page.locator(".st-key-upload-load button").click()
        page.get_by_text("Every page shows the new data from now on.").wait_for()
        assert len(list(store.glob("journeys-*.duckdb"))) == 2
        page.close()


def test_drug_is_found_in_one_query_and_choosing_it_applies_it(fresh):
    page = fresh("")
    place = page.get_by_role("combobox", name="Find")
    place.fill("drug")
    page.get_by_role("option").first.wait_for()
    found = " ".join(page.get_by_role("option").all_inner_texts())
    for said in ("Source: Drug and alcohol service", "Barrier: Drugs or alcohol", "Main reason: Lifestyle change"):
        assert said in found
    page.get_by_role("option", name="Drug and alcohol service").click()
    page.wait_for_function("() => location.search.includes('drug_and_alcohol_service')")
    settled(page)
    assert query(page)["cohort"] == ["referral_source=drug_and_alcohol_service"]
    place = page.get_by_role("combobox", name="Find")
    place.fill("drug")
    page.get_by_role("option", name="Drugs or alcohol").click()
    page.wait_for_function("() => location.pathname.endsWith('Wellbeing')")
    settled(page)
    assert query(page)["cohort"] == ["referral_source=drug_and_alcohol_service"]
    page.wait_for_function("() => document.querySelector('#barriers_gone').getBoundingClientRect().top < innerHeight")
    place = page.get_by_role("combobox", name="Find")
    place.fill("found work")
    page.get_by_role("option", name="Measure: Found work").first.click()
    page.wait_for_function("() => location.pathname.endsWith('Outcomes')")
    settled(page)
    panel = "document.querySelector('[id=\"found_work-financial_year\"]')"
    page.wait_for_function(f"() => {panel}.getBoundingClientRect().top < innerHeight")
