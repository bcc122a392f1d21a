"""What holds on every page, seen in one visit to each: few words before anything is opened, nothing for axe-core (WCAG 2.2 AA, as far as a machine can see)
in dark and light, and all fits a phone, a screen and a wall."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from driver import menu, opening, settled
from fit import at_widths, misfits

pytestmark = pytest.mark.browser
PAGES = tuple(menu.files())
SIZE = {"width": 1280, "height": 720}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # what dark can change
MOST, FREE = {"Evidence": 1300}, ("Definitions",)
USUAL = 900
SMALLEST_PHONE, READ_THERE = 320, ("", "Referrals", "Goals", "Upward_spiral", "Outcomes")  # pixels (WCAG 1.4.10)
WORD = re.compile(r"[^\W\d_]")
WORDS = """() => {
  const unseen = document.head.appendChild(document.createElement('style'));
  unseen.textContent = '[data-testid=stIconMaterial] { display: none !important }'; // names of icons, which their font draws as pictures
  const said = document.querySelector('[data-testid=stMain]').innerText;
  unseen.remove();
  return said;
}"""


@pytest.fixture(scope="module", params=PAGES)
def visit(request, started, server):
    """The address of a page, and the page open in a fresh browser for all that is looked at there."""
    with opening(started, server) as open_at:
        yield request.param, open_at(request.param, viewport=SIZE)


def n_words(text):
    """A word holds a letter: numbers and marks alone are none."""
    return sum(bool(WORD.search(part)) for part in text.split())


def test_numbers_and_marks_are_no_words():
    assert n_words("26.5% of about 11,150 ▲ climbed [c]\n– 2024/25") == 4


def test_a_page_says_no_more_than_a_reader_takes_in(visit):
    address, page = visit
    if address not in FREE:
        assert 50 < n_words(page.evaluate(WORDS)) <= MOST.get(address, USUAL)


@pytest.mark.parametrize(("scheme", "is_light", "rules"), [("light", True, RULES), ("dark", False, OF_COLOUR)])
def test_axe_finds_nothing(visit, scheme, is_light, rules):
    page = visit[1]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(
        f"() => (parseInt(getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/)[0]) > 127) === {str(is_light).lower()}"
    )
    settled(page)
    assert found(page, rules) == []


def found(page, rules=RULES):
    violations = Axe().run(page, options=rules | {"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in violations]


def test_every_figure_has_a_text_alternative_and_there_is_one_main_heading(visit):
    page = visit[1]
    figures = page.get_by_role("figure", include_hidden=True)  # those behind a closed heading too
    assert figures.count() == page.locator(".js-plotly-plot").count()
    assert all(figures.evaluate_all("all => all.map(e => (e.getAttribute('aria-label') || '').length > 20)"))
    assert page.locator("h1").count() == 1


def test_all_fits_a_phone_a_screen_and_a_wall_and_the_smallest_phone_need_not_be_pushed_sideways(visit):
    address, page = visit
    assert at_widths(page) == []
    if address in READ_THERE:
        assert [one for one in misfits(page, SMALLEST_PHONE) if one[1] == "sideways"] == []
