"""A phone, a screen reader and links: every control has a name of its own, every address and every link leads to the page that it names."""

from itertools import pairwise

import fit
import pytest
from driver import MILLISECONDS, menu, settled
from test_every_page import found

pytestmark = pytest.mark.browser
CHOSEN = "v=1&period=2024%2F25&base=working_age&within=12"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_an_address_in_other_capitals_and_every_link_of_the_menu_lead_to_the_page_named_with_the_selection(
    browser, server
):
    page = browser.new_page()  # not `fresh`: Streamlit says to the console that it knows no such page
    page.set_default_timeout(MILLISECONDS)
    page.goto(f"{server}/definitions?{CHOSEN}")
    page.wait_for_function("() => location.pathname === '/Definitions'")
    settled(page)
    assert "period=2024%2F25" in page.url and "base=working_age" in page.url
    assert page.get_by_role("heading", level=1).inner_text() == "Definitions"
    assert page.get_by_role("dialog").count() == 0
    for address in menu.files():  # where a new tab would go
        link = page.get_by_test_id("stSidebar").get_by_role("link", name=menu.page(address).name, exact=True)
        lead = link.evaluate("link => link.href")
        assert lead.startswith(f"{server}/{address}?") and "period=2024%2F25" in lead and "base=working_age" in lead


def test_on_a_phone_menu_and_choices_come_and_go_by_one_button_that_says_what_is_chosen(fresh):
    page = fresh(f"Definitions?{CHOSEN}", **PHONE)
    assert found(page) == []
    chosen = page.get_by_role("button", name="Menu and choices")
    assert "financial year 2024/25, people of working age" in chosen.inner_text()
    assert chosen.bounding_box()["height"] >= 44
    services = page.get_by_role("combobox", name="Services", exact=True)
    assert services.count() == 0  # neither read out nor reached by the keyboard until the button is pressed
    page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTo(0, 1500)")
    chosen.tap()
    services.wait_for()
    page.wait_for_function("() => document.activeElement.ariaLabel === 'Hide menu and choices'")
    page.keyboard.press("Escape")
    services.wait_for(state="hidden")
    page.wait_for_function("() => document.activeElement.matches('button.choose')")


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_bar_of_a_meeting_is_one_row_that_covers_nothing(fresh, width):
    page = fresh("?present=2", **(PHONE | {"viewport": {"width": width, "height": 844}}))
    buttons = [page.locator(".st-key-meeting-bar").get_by_role("button", name=name) for name in ("Back", "Next", "End")]
    boxes = [button.bounding_box() for button in buttons]
    assert len({round(box["y"]) for box in boxes}) == 1
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    title = page.get_by_role("heading", level=1).evaluate("h1 => h1.getClientRects()[0].top")
    assert title >= max(box["y"] + box["height"] for box in boxes)


def test_on_a_phone_no_button_is_cut_that_says_what_is_compared(fresh):
    page = fresh(
        "Compare_cohorts?period=2025-Q1&service=ostermere-navigators",
        **(PHONE | {"viewport": {"width": 320, "height": 844}}),
    )
    said = page.locator('[class*="st-key-try-"] button .stMarkdownEllipsis')
    cut = said.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)")
    assert said.count() > 3 and cut == []


@pytest.mark.parametrize(
    ("stop", "column", "least"),
    [
        ("Evidence/evidence-list", "Worked again, and notes", 120),
        ("Services/measures", "Engaged with a link worker", 130),
    ],
)
def test_on_a_phone_the_name_of_a_line_is_not_squeezed_by_its_words(fresh, stop, column, least):
    """ "Worked again, and notes" stood a word a row beside the notes."""
    page = fresh(f"?present=8&tour={stop}", **PHONE)
    page.locator(".stop", has_text="8 of 8").wait_for()
    settled(page)
    lines = page.locator(f'[data-testid=stMain] td[data-column="{column}"]')
    wide = "all => all.map(e => parseFloat(getComputedStyle(e, '::before').width))"
    assert lines.count() > 2 and min(lines.evaluate_all(wide)) >= least


WALKED = (
    "Goals/work_goal-quarter",
    "Pathways/paths",
    "Upward_spiral/spiral_after",
    "Wellbeing/wellbeing_change",
    "Compare_cohorts/differences",
)


def test_on_a_phone_every_stop_of_a_meeting_is_laid_out_as_its_page_is_and_on_a_projector_again_as_there(fresh):
    tour = "".join(f"&tour={stop}" for stop in WALKED)
    page, n_stops = fresh(f"?present=1{tour}", **PHONE), 7 + len(WALKED)
    for at in range(1, n_stops + 1):
        page.locator(".stop", has_text=f"{at} of {n_stops}").wait_for()
        settled(page)
        page.locator(".st-key-meeting-for-a-page").wait_for(state="attached")
        page.wait_for_function("() => document.querySelectorAll('h2').length === 1")
        page.evaluate(fit.DRAWN)
        assert page.evaluate(fit.MEASURE, fit.SMALLEST) + page.evaluate(fit.ON_EACH_OTHER) == [], at
        if at < n_stops:
            _past_its_screens(page, f"{at} of {n_stops}")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator(".st-key-meeting-for-a-projector").wait_for(state="attached")
    settled(page)
    page.evaluate(fit.DRAWN)
    assert page.evaluate(fit.MEASURE, 18) == []


def _past_its_screens(page, stop):
    """On to the next stop of a meeting, past all screens of this one."""
    while page.locator(".stop").inner_text() == stop:
        was = page.url
        page.get_by_role("button", name="Next").tap()
        page.wait_for_function("was => location.href !== was", arg=was)
        settled(page)


CONTROLS = {
    "button",
    "link",
    "combobox",
    "textbox",
    "radio",
    "checkbox",
    "switch",
    "tab",
    "slider",
    "figure",
    "table",
    "DisclosureTriangle",
}


def spoken(page):
    """Role and name of every control, figure and table, as the browser tells a screen reader."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = [
        (node["role"]["value"], node["name"]["value"].strip()) for node in nodes if "role" in node and "name" in node
    ]
    return [one for one in said if one[0] in CONTROLS]


def _unfolded(page):
    """A page with everything open, and each panel at its table."""
    page.locator('[data-testid="stMain"] summary').evaluate_all("all => all.forEach(e => e.click())")
    settled(page)
    for tab in page.get_by_role("tab", name="Table").all():
        tab.click()
    settled(page)
    return page


def _nameless(page):
    """Those without a name, with signs alone (`>>`), with the name of an icon, or with one that a dozen others have too."""
    shared = ("Open", "Link to heading", "Sidebar", "Expand sidebar")
    return [
        (role, name) for role, name in spoken(page) if not any(map(str.isalnum, name)) or "_" in name or name in shared
    ]


def test_every_control_figure_and_table_has_a_name_for_those_who_hear_it(fresh):
    page = fresh("Wellbeing")
    assert {role for role, _ in spoken(page)} >= {
        "button",
        "link",
        "combobox",
        "radio",
        "tab",
        "figure",
        "DisclosureTriangle",
    }
    assert _nameless(page) == []


def test_on_a_phone_tables_are_lists_nothing_scrolls_sideways_and_everything_has_a_name(fresh):
    page = _unfolded(fresh("Services", **PHONE))
    assert _nameless(page) == []
    look = "e => [e.dataset.column ?? '', getComputedStyle(e).display, e.getBoundingClientRect().right]"
    cells = page.locator(".table-box td").evaluate_all(f"all => all.filter(e => e.checkVisibility()).map({look})")
    assert len(cells) > 100
    assert [cell for cell in cells if not cell[0] or cell[1] not in ("flex", "grid") or cell[2] > 390] == []
    can_scroll = "e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)"
    wide = f"all => all.filter(e => e.checkVisibility() && {can_scroll}).map(e => e.innerText)"
    assert page.locator('[data-testid="stMain"], [data-testid="stMain"] :not(svg *)').evaluate_all(wide) == []


def test_on_a_phone_what_a_service_is_is_a_list_whose_lines_stand_apart(fresh):
    page = fresh("Service?service=tarnholt-next-steps", **PHONE)
    lists = "all => all.filter(e => e.checkVisibility()).map(e => [...e.children].map(one => one.getBoundingClientRect().toJSON()))"
    (lines,) = page.locator(".st-key-panel-about .definition").evaluate_all(lists)
    names, said = lines[::2], lines[1::2]
    assert len(names) > 4
    assert all(below["top"] - above["bottom"] >= 6 for above, below in zip(said, names[1:], strict=False))
    assert all(below["top"] - above["bottom"] >= 6 for above, below in pairwise(names))


def test_what_a_word_means_opens_by_pointer_keyboard_and_finger_stays_under_the_pointer_and_goes_by_escape(fresh):
    page = fresh("Work_that_lasts", has_touch=True)
    terms, meaning = page.locator(".answer .term"), page.get_by_role("tooltip")
    first = terms.first
    first.hover()
    meaning.wait_for()
    assert meaning.inner_text().startswith("The first paid work")
    meaning.hover()  # the way to it does not close it
    page.wait_for_timeout(600)
    assert meaning.is_visible()
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
    page.mouse.move(1, 1)
    page.keyboard.press("Tab")  # from here on the keyboard leads
    first.focus()
    meaning.wait_for()
    assert first.get_attribute("aria-describedby") == meaning.get_attribute("id")
    page.keyboard.press("Tab")
    page.wait_for_function(
        "() => document.activeElement.dataset.says || !document.querySelector('#meaning:popover-open')"
    )
    page.keyboard.press("Escape")
    terms.nth(1).tap()
    meaning.wait_for()
    page.get_by_role("heading", level=1).tap()
    meaning.wait_for(state="hidden")
