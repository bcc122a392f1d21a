"""Every figure fits a phone and a screen with names as long as names can be; pages are measured where axe reads them (`test_every_page.py`)."""

import pytest
from fit import MEASURE, WIDTHS
from plotly.offline import get_plotlyjs

from journeys.figures import canvas
from tests.answers_by_hand import NAMES
from tests.drawings import drawings

pytestmark = pytest.mark.browser
FILLER = " and as many more words as make sixty characters of a name"
OURS = (
    "path",
    "rung",
    "start_rung",
    "movement",
    "status",
    "months",
    "weeks",
    "month",
    "quarter",
    "financial_year",
)  # fixed, and short
FONT = "'Liberation Sans'"  # as on the pages
UNREAL = {("over_time_months", "mixed")}  # nothing is another kind of gap every month
AROUND = 66  # pixels of a phone that are beside a figure


def page_of(browser, figures, width):
    """A page of these figures as Plotly draws them, without the dashboard."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(
        f"<style>body {{ margin: 0; }} text {{ font-family: {FONT} !important; }}</style><main data-testid=stMain></main>"
    )
    page.add_script_tag(content=get_plotlyjs())
    drawn = {name: figure.to_json() for name, figure in figures.items()}
    page.evaluate(
        """async drawn => { for (const [name, figure] of Object.entries(drawn)) {
          const place = document.querySelector('main').appendChild(document.createElement('div'));
          place.className = `st-key-figure-${name}`; const plot = place.appendChild(document.createElement('div'));
          await Plotly.newPlot(plot, {...JSON.parse(figure), config: {responsive: true}});
        } }""",
        drawn,
    )
    return page


def long_names(name, code):
    return NAMES(name, code) if name in OURS else f"{NAMES(name, code)}{FILLER}"[:60]


@pytest.mark.parametrize("state", ["shown", "mixed", "few"])
def test_every_figure_fits_with_names_of_sixty_characters(browser, state):
    figures = {name: draw(state) for name, draw in drawings(long_names).items() if (name, state) not in UNREAL}
    page, found = page_of(browser, figures, WIDTHS[-1] - AROUND), []
    for width in (WIDTHS[-1] - AROUND, 1000):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        found += [(width, *one) for one in page.evaluate(MEASURE, 12)]
    assert found == []


def test_the_measure_sees_what_does_not_fit(browser):
    fig = canvas.blank(200)
    canvas.hide_axis(fig, "xaxis", (0, 1))
    canvas.hide_axis(fig, "yaxis", (0, 1))
    for text, x, y in (("struck", 0.5, 0.2), ("over", 0.5, 0.8), ("other", 0.51, 0.8), ("cut off at the edge", 1, 0.5)):
        canvas.note(fig, text, x, y, xanchor="left", yanchor="middle")
    canvas.note(fig, "small", 0.1, 0.5, xanchor="left", yanchor="middle", font={"size": 9})
    fig.add_scatter(x=[0, 1], y=[0.2, 0.2], mode="lines")
    page = page_of(browser, {"bad": fig.figure()}, 400)
    assert {(kind, said) for _, kind, said in page.evaluate(MEASURE, 12)} == {
        ("struck", "struck by a line"), ("over", "over / other"), ("cut", "cut off at the edge"), ("small", "9 px: small"),
    }  # fmt: skip


def test_the_measure_sees_a_hint_that_its_field_cuts(browser):
    page = page_of(browser, {}, 400)
    page.set_content(
        "<main data-testid=stMain><input placeholder='Age, employment, model' style='width: 90px; font-size: 16px'></main>"
    )
    assert page.evaluate(MEASURE, 12) == [["words", "cut", "Age, employment, model"]]
    chosen = "<input role=combobox value='Employment status at referral' style='width: 90px; font-size: 16px'>"
    page.set_content(f"<main data-testid=stMain>{chosen}</main>")
    assert page.evaluate(MEASURE, 12) == [["words", "cut", "Employment status at referral"]], "what is chosen, too"
    page.set_content("<main data-testid=stMain><input placeholder='Age' style='width: 90px; font-size: 16px'></main>")
    assert page.evaluate(MEASURE, 12) == []
