"""How the figures of a page are counted: said once, at its end, closed until somebody asks."""

from collections.abc import Sequence

from journeys.answer.released import Released
from journeys.screen import address, answers, html, looks, session
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import phrases, small_print

TITLE = "How these are counted"


def begin() -> None:
    """A page begins: nothing is on it yet."""
    session.ON_PAGE.keep(())


def add(metric: str, selection: Selection, by: Sequence[str] = (), title: str = "") -> None:
    """One more measure of the page, asked as its panel asks it, under the `title` of a panel of its own; what waits behind a closed heading is not
    asked at all."""
    if session.IS_FOLDED.get():
        return
    session.ON_PAGE.keep((*session.ON_PAGE.get(), (metric, selection, tuple(by), title)))


def how_counted() -> None:
    """What each measure of this page counts, out of whom, and who is left out; at a first look it waits for the rest of the page."""
    looks.end()
    if address.is_presenting() or session.IS_FIRST_LOOK.get():
        return
    rule = f"{answers.store().rule.words} Totals are rounded by themselves and need not add up."
    marks = " · ".join(f"{mark} {words}" for mark, words in phrases.MARKS.items())
    asked: dict[str, tuple[str, Selection, tuple[str, ...]]] = {}
    titles: dict[str, list[str]] = {}
    for metric, selection, by, title in session.ON_PAGE.get():
        asked.setdefault(metric, (metric, selection, by))
        titles.setdefault(metric, []).append(title)
    said = [_measure(answers.ask(*one), titles[metric]) for metric, one in asked.items()]
    inside = (html.tag("p", rule), html.tag("p", marks), html.bullets(said))
    html.show(html.tag("details", html.tag("summary", TITLE), *inside, class_="counted"))


def _measure(released: Released, titles: Sequence[str]) -> html.Html:
    """A measure under the names that its panels have; one that has no panel of its own under the name that figures give it."""
    metric = metrics.get(released.metric)
    name = phrases.listed(dict.fromkeys(filter(None, titles))) or metric.title
    return html.join((html.tag("strong", name), f": {small_print.counted_words(released, metric)}"))
