"""The parts of a panel: its heading, its split, its tabs, its small print, and what to do where counts are hidden."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from journeys import figures
from journeys.answer.released import HIDDEN, Released, Row
from journeys.screen import address, answers, browser, comparators, drawing, html, meeting, session, take_away, tour
from journeys.screen.html import Html
from journeys.screen.once import Once
from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import PERIOD_UNITS, Lists
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence
from journeys.vocabulary.selection import BREAKDOWNS, Selection
from journeys.words import sentences, small_print, tables
from journeys.words.breakdowns import OF_TWO, chance
from journeys.words.cohort import people_counted
from journeys.words.finding import finding, of_measure
from journeys.words.hidden import possible
from journeys.words.phrases import NOT_APPLICABLE, inside, span
from journeys.words.shares import digits_of
from journeys.words.tables import Table

SERVICE_QUARTER = ("service", "quarter")
SPLITS = ((), ("quarter",), ("financial_year",), ("month",), ("service",), SERVICE_QUARTER, *(
    (d,) for d in BREAKDOWNS if d not in (*PERIOD_UNITS, "service")))  # fmt: skip
POSITIONS = {
    "within": "within chance",
    "above95": "worth a look, above the 95% limit",
    "above998": "higher than expected by chance",
    "below95": "worth a look, below the 95% limit",
    "below998": "lower than expected by chance",
}
_TABLES: Once[tuple[Released, Html]] = Once(1000)
JUDGEMENT = {"higher": "Higher is better.", "lower": "Lower is better.", "none": "No judgement is made of high or low."}


def by_words(by: Sequence[str]) -> str:
    """What an answer is split by."""
    return sentences.listed(map(sentences.dimension_words, by))


def heading(released: Released, title: str, key: str, *, found: str = "", has_ages: bool = False) -> tuple[str, str]:
    """What was found (`found`, else by this answer), and below it what is shown and of whom, both given back."""
    metric, selection = metrics.get(released.metric), released.selection
    words = title or metric.title
    words += span(metric, selection)
    words += f": {people_counted(metric, selection, answers.store().lists.name)}"
    words += f" beside {BASES['working_age'].people}" if has_ages else ""
    words += f", by {by_words(released.by)}" if released.by else ""
    found = found or finding(released, metric, answers.store().lists.name)
    found = of_measure(found, title or metric.title)
    st.header(html.plain(found), anchor=key)
    html.show(html.tag("p", html.explained(words), class_="subtitle"))
    return found, words


def split(key: str, metric: Metric, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The reader's own split of this panel, kept in the address; in a meeting as it was ticked."""
    options = [s for s in SPLITS if not set(s) & set(metric.labels)]
    options = options if usual in options else [usual, *options]
    wanted = address.split(key)
    chosen = usual if wanted is None else tuple(d for d in wanted.split(",") if d)
    chosen = meeting.split_of(usual) if address.is_presenting() else chosen
    chosen = chosen if chosen in options else usual
    if address.is_presenting():
        return chosen
    widget = f"split-{key}"
    session.show(widget, chosen)
    with st.container(key=f"split-of-{key}"):
        st.selectbox(
            "Split by",
            options,
            format_func=lambda s: sentences.upper_first(by_words(s)) or "No split",
            key=widget,
            on_change=_keep_split,
            args=(key, widget, usual),
            width=320,
        )
    return chosen


def _keep_split(key: str, widget: str, usual: tuple[str, ...]) -> None:
    _split_by(key, session.shown(widget), usual)


def _split_by(key: str, chosen: tuple[str, ...], usual: tuple[str, ...]) -> None:
    address.set_split(key, None if chosen == usual else ",".join(chosen))
    if tour.is_ticked(session.PAGE.get(), key):
        tour.tick(session.PAGE.get(), key, address.split(key), is_on=True)


def standing_out(released: Released, chosen: frozenset[str], selection: Selection) -> html.Html:
    """What is chosen (`selection`) among its peers, in words: one service or group with its figure, all together and what is expected; of several, or
    where a figure has more labels, what is found of them."""
    dimension = next(d for d in released.by if d not in PERIOD_UNITS)
    name = answers.store().lists.name
    if len(chosen) > 1 or released.own or len(released.by) > 1:
        rest = tuple(d for d in released.by if d != dimension)
        return _found_of(released, [name(dimension, code) for code in sorted(chosen)], selection, rest)
    (code,) = chosen
    row = released.row(**{dimension: code})
    words = f": {_value(row, released)}{_together(released)}"
    if row.funnel:
        words += f", {OF_TWO if chance(released.rows).endswith(OF_TWO) else POSITIONS[row.funnel['position']]}"
    if row.ratio is not None:
        words += f"; {row.ratio:.2f} times what is expected of clients like its own (likely {row.ratio_low:.2f} to {row.ratio_high:.2f})"
    return html.tag("p", html.tag("strong", sentences.upper_first(name(dimension, code))), f"{words}.")


def _found_of(released: Released, called: Sequence[str], selection: Selection, by: tuple[str, ...]) -> html.Html:
    """What is found of those that are chosen, in the precision of the figure that they stand out in, and what it stands beside."""
    answer, names, digits = (
        answers.ask(released.metric, selection, by),
        answers.store().lists.name,
        digits_of(released.rows),
    )
    found = inside(finding(answer, metrics.get(released.metric), names, digits), answer, names)
    together = " together" if len(called) > 1 else ""
    beside = comparators.in_words(answer, digits)
    apart = f"{comparators.mark_words(answer)}." if beside and comparators.is_apart(answer) else ""
    who = html.tag("strong", sentences.upper_first(sentences.listed(called)))
    return html.tag("p", who, " ".join(filter(None, (f"{together}: {found}.", beside, apart))))


def _together(released: Released) -> str:
    """All of them together, where that is a share: `, all services 14%`."""
    if released.shape != "proportion":
        return ""
    whole = answers.ask(released.metric, released.selection).rows[0]
    return f", {comparators.together_words(released)} {_value(whole, released)}"


def _value(row: Row, released: Released) -> str:
    """Its figure; why it is hidden stands in the sentence above, or below the figure."""
    return sentences.value_words(row, released.shape, digits_of(released.rows)).partition(": ")[0]


def tabs(
    asked: Sequence[Released],
    figure: drawing.Figure | None,
    key: str,
    chosen: frozenset[str] = frozenset(),
) -> Any:
    """The figure of these answers (what is chosen standing out among its peers), which is given back, their tables, and the definition of the first."""
    is_drawable = drawing.is_drawable(asked)
    if address.is_presenting() and not (figure and is_drawable):
        is_known = any(row.is_shown or row.why for row in asked[0].rows)  # a bound is an answer
        return answer_table(asked[0], is_whole=True) if is_known else None
    *pictures, table, definition = places(asked, ["Figure"] if is_drawable else [])
    with table:
        for released in asked:
            answer_table(released)
    with definition:
        define(metrics.get(asked[0].metric))
    if not pictures:
        return None
    with pictures[0]:
        return drawing.draw(asked, figure, key, chosen)


def places(asked: Sequence[Released], pictures: Sequence[str], definition: str = "Definition") -> Sequence[Any]:
    """The places of the figures (`pictures`: what they are called), of the table and of the definition of a panel.

    Where nothing can be drawn there is no empty figure, for the words above have said why: what would be counted is first, or the table where it
    has figures or bounds.
    """
    is_known = any(row.is_shown or row.why for released in asked for row in released.rows)
    words = ["Table", definition]
    called = [*pictures, *(words if pictures or is_known else words[::-1])]
    found = dict(zip(called, st.tabs(called), strict=True))
    return [found[one] for one in (*pictures, *words)]


def answer_table(released: Released, said: str = "", *, is_whole: bool = False) -> None:
    """The table of one answer; `said` stands in front of its selection instead of the metric's title. `is_whole`: there is nothing beside it."""
    caption = f"{said or metrics.get(released.metric).title}: {released.words}"
    if address.is_presenting():  # which may go on with it on its next screen
        return html.table(_table(released), caption, is_whole=is_whole)
    # answers are told apart as things, as those of a figure are (drawing.py)
    _, written = _TABLES.get((id(released), caption), lambda: (released, _written(released, caption)))
    return html.show(written)


def _written(released: Released, caption: str) -> Html:
    shown = _table(released)
    return html.as_table(shown, shown.rows, caption)


def _table(released: Released) -> Table:
    return tables.table(released, metrics.get(released.metric), answers.store().lists.name, dictionary.load().titles)


def define(metric: Metric) -> None:
    """The definition of a metric, as its file says it."""
    html.definition(
        (
            ("Why it matters", metric.why),
            ("Counted", metric.numerator),
            ("Out of", metric.denominator),
            ("Unit", metric.unit),
            ("Direction", JUDGEMENT[metric.direction]),
            ("Careful", metric.caution),
        )
    )


def foot(released: Released, drawn: figures.Drawn | None, said: Released | None = None) -> None:
    """What the reader of this figure must know, and the marks in it and in the words above it, which may be those of another answer (`said`).

    What is the same all over the page is said once at its end.

    In a meeting, which has no end of the page: who is left out, and the marks.
    """
    names = answers.store().lists.name
    said = said or released
    others = comparators.mark_words(said) if drawn is not None or comparators.in_words(said) else ""
    is_told = drawn is None and any(row.why for row in released.rows)  # by the table, which is first then
    of_table = [f"{mark} {sentences.MARKS[mark]}" for mark in _table(released).marks] if is_told else []
    marks = " · ".join(filter(None, [*(drawn.marks if drawn else of_table), others]))
    if address.is_presenting():
        return html.foot([small_print.left_out_words(released), marks])
    lines = [*small_print.notes(released, names), *small_print.change_notes(released)]
    lines += [small_print.rights(released), marks]
    return html.foot(lines)


def tools(asked: Sequence[Released], selection: Selection, key: str, drawn: Any, said: tuple[str, str]) -> None:
    """Download, picture (`drawn` under the two headings in `said`), link, and what to do about hidden counts; nothing in meeting mode."""
    if address.is_presenting():
        return
    first = asked[0]
    is_partly_hidden = any(row.state == "hidden" for row in first.rows) and any(row.is_shown for row in first.rows)
    with st.container(horizontal=True, vertical_alignment="center", key=f"tools-{key}"):
        take_away.numbers_of(asked, key)
        if drawn is not None:
            picture = take_away.Picture(drawn, *said, first.words, take_away.notes_of(first, drawn))
            take_away.picture(key, picture)
        chosen = selection.but(base=session.CHOSEN.get().base)  # the figure may stand on its metric's own base
        take_away.link(take_away.link_to(chosen, key), key)
        meeting.tick(key)
        if is_partly_hidden and selection.wider():
            _what_is_hidden(first, selection, key)


def _what_is_hidden(released: Released, selection: Selection, key: str) -> None:
    """Why some counts are hidden and what is wider, worked out when the reader asks."""
    words = "Some counts are hidden"
    opened = st.popover(
        words, icon=":material/visibility_off:", type="tertiary", key=f"hidden-{key}", on_change="rerun"
    )
    if opened.open or not browser.is_there():
        with opened:
            st.markdown(html.plain(sentences.hidden_words()))
            wider(released, selection, key)


def by_years(released: Released, key: str, usual: tuple[str, ...]) -> None:
    """Where quarters or months have no figure and years have one: choose these, in one click."""
    years = tuple("financial_year" if d in PERIOD_UNITS else d for d in released.by)
    if years == released.by or years not in SPLITS or address.is_presenting():
        return
    if drawing.is_drawable([answers.ask(released.metric, released.selection, years)]):
        st.button("Split by financial year", key=f"by-years-{key}", on_click=_split_by, args=(key, years, usual))


def wider(released: Released, selection: Selection, key: str) -> None:
    """Choose something wider that can show more, in one click; in a meeting nobody presses anything."""
    if address.is_presenting():
        return
    steps = steps_that_help(released, selection, answers.store().lists)
    if not possible(released.rows):
        steps = [step for step in steps if _applies(released, selection, step)]
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"wider-{key}"):
        st.markdown("Choose something wider:")
        for i, step in enumerate(steps):
            words = sentences.upper_first(_step_words(selection, step))
            then = _chosen_with(selection, step)
            st.button(html.plain(words), key=f"wider-{key}-{i}", on_click=address.choose, args=(then,))


def steps_that_help(released: Released, selection: Selection, lists: Lists) -> list[Selection]:
    """The next wider selections that can show more: other people only where some are hidden, other months where it is recorded at some time."""
    states = {row.state for row in released.rows} - {NOT_APPLICABLE}
    if not states or HIDDEN in states:
        return answers.wider(released.metric, selection)
    needs = set(metrics.get(released.metric).needs)
    is_recorded = any(needs <= lists.services[code].records for code in lists.where(selection))
    months = [step for step in selection.wider() if is_recorded and step.period != selection.period]
    places = [step for step in selection.wider() if lists.where(step) != lists.where(selection)]
    return months + places


def _applies(released: Released, now: Selection, step: Selection) -> bool:
    """Whether anybody could be counted in something wider: what nobody out of work can have is no matter of more months."""
    base = released.selection.base if step.base == now.base else step.base
    return bool(possible(answers.ask(released.metric, step.but(base=base), released.by).rows))


def _chosen_with(now: Selection, step: Selection) -> Selection:
    """What the reader has chosen, changed by a step alone: the base that a panel asks of its own accord is no choice."""
    given = now.given()
    return session.CHOSEN.get().but(**{name: value for name, value in step.given().items() if value != given[name]})


def _step_words(now: Selection, then: Selection) -> str:
    """What a wider selection changes."""
    lists = answers.store().lists
    if now.period != then.period:
        return "all periods"
    if (now.service, now.commissioner) != (then.service, then.commissioner):
        return "all services"
    if now.base != then.base:
        return BASES[then.base].people
    gone = next(d for d in now.cohort if d not in then.cohort)
    return f"not only {in_a_sentence(gone, lists.name(gone, now.cohort[gone]))}"
