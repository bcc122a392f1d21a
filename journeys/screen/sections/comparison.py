"""Two selections side by side: the page's own and a second one, chosen with the same closed choices and kept in the address (`vs_`)."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.files import csv
from journeys.screen import address, answers, browser, choices, drawing, html, meeting, panel_parts, session, take_away
from journeys.screen.choices import Choices
from journeys.screen.sections.services import on_its_base
from journeys.store.opened import Store
from journeys.vocabulary import metrics
from journeys.vocabulary.lists import Lists, selection_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import differences as sides
from journeys.words import sentences
from journeys.words.differences import Pair
from journeys.words.phrases import lowered

PREFIX = "vs_"
ROOM = meeting.ROOM - 50  # pixels: both selections stand above the figure
SIDES = ("First selection", "Second selection")
OVERLAP = "Some people are in both selections, so the interval of a difference is only a guide. For a firm one choose two that do not overlap, such as two years or two services."
BY_CHANCE = "Of many shares compared at once, about one in twenty would seem clearly different by chance alone."


def second(chosen: Selection) -> Selection:
    """The second selection, with the widgets that choose it; outcomes are counted within as many months as in the first."""
    lists = answers.store().lists
    other = _other(chosen, lists)
    session.SECOND.keep(other)
    if address.is_presenting():
        _in_words(chosen, other, lists)
        return other
    _in_address(chosen, other)
    with st.container(border=True, key="panel-two"):
        st.header("The two selections", anchor="two")
        _in_words(chosen, other, lists)
        _ready_made(chosen, lists)
        _choices(other, lists)
    return other


def _other(chosen: Selection, lists: Lists) -> Selection:
    """From the address, else from the session, else something worth comparing; what this store does not have is left out."""
    query = {
        name.removeprefix(PREFIX): st.query_params.get_all(name) for name in address.SECOND if name in st.query_params
    }
    found = Selection.from_query(query)[0] if query else session.SECOND.get() or _usual(chosen)
    try:
        lists.check(found, ())
    except ValueError:
        found = _usual(chosen)
    return found.but(within=chosen.within)


def _usual(chosen: Selection) -> Selection:
    """Until a reader chooses: everybody; beside everybody, those who were out of work at referral."""
    return Selection() if chosen.but(within=12) != Selection() else Selection(base="out_of_work")


def _now() -> Selection:
    return session.SECOND.get() or Selection()


def _query(other: Selection) -> dict[str, str | list[str]]:
    """The second selection as address parameters; its horizon is that of the first."""
    return {f"{PREFIX}{name}": value for name, value in other.to_query().items() if f"{PREFIX}{name}" in address.SECOND}


def _in_address(chosen: Selection, other: Selection) -> None:
    """Both selections stand in the address from the start, without a step in the browser's history."""
    whole = urlencode(address.query_of(chosen, answers.store().version) | _query(other), doseq=True)
    browser.complete_address(PREFIX, urlencode(_query(other), doseq=True), whole)


def _use(first: Selection, other: Selection) -> None:
    """Make these the two selections of the next run."""
    session.TROUBLE.forget()
    session.SECOND.keep(other)
    session.CHOSEN.keep(first)
    session.IS_NEW.keep(True)
    kept = {n: st.query_params.get_all(n) for n in (address.SPLIT, address.PRESENT) if n in st.query_params}
    st.query_params.from_dict({**address.query_of(first, answers.store().version), **_query(other), **kept})


def _in_words(chosen: Selection, other: Selection, lists: Lists) -> None:
    for number, (words, selection, where) in enumerate(
        ((SIDES[0], chosen, "Change it in the sidebar, below the menu."), (SIDES[1], other, "Change it below."))
    ):
        html.side(number, words, selection_words(selection, lists), "" if address.is_presenting() else where)
    if not sides.are_apart(chosen, other, lists) and not address.is_presenting():
        st.info(OVERLAP, icon=":material/join_inner:")


def _ready_made(chosen: Selection, lists: Lists) -> None:
    """Comparisons in one click; each replaces both selections, and none of them overlaps."""
    with st.container(horizontal=True, vertical_alignment="center", key="ready-made"):
        st.markdown("Try:")
        for name, (first, other) in _pairs(chosen, lists).items():
            st.button(html.plain(name), on_click=_use, args=(first, other), key=f"try-{name}")
        st.button("Swap the two", icon=":material/swap_horiz:", on_click=_swap, key="swap", type="tertiary")


def _swap() -> None:
    _use(_now(), session.CHOSEN.get())


def _pairs(chosen: Selection, lists: Lists) -> Mapping[str, tuple[Selection, Selection]]:
    wide = chosen.but(cohort={})
    found = {}
    years = choices.whole_years(lists.calendar)
    if len(years) > 1:
        found[f"{years[-1]} and {years[-2]}"] = (wide.but(period=years[-1]), wide.but(period=years[-2]))
    for name, dimension, first, other in (
        ("Most and least deprived", "imd_quintile", "1", "5"),
        ("Women and men", "gender", "female", "male"),
        ("In general practices or not", "co_located", "yes", "no"),
    ):
        found[name] = (wide.but(cohort={dimension: first}), wide.but(cohort={dimension: other}))
    return found


def _choices(other: Selection, lists: Lists) -> None:
    html.show(html.tag("h3", "Choose the second selection", class_="choices-beside"))
    of = Choices(PREFIX, other, lists, _now, lambda second: _use(session.CHOSEN.get(), second))
    period, where, base, narrow = st.columns(4)
    with period:
        choices.period(of, "Referred in")
    with where:
        choices.where(of, "Services")
    with base:
        choices.base(of, "People", is_list=True)
    with narrow:
        choices.cohort(of, "Narrow to")


def differences(first: Selection, other: Selection, slugs: Sequence[str]) -> None:
    """Several proportions of both selections, each with its interval, and the difference in words."""
    if meeting.is_turn():
        _differences(first, other, tuple(slugs))


@st.fragment
def _differences(first: Selection, other: Selection, slugs: tuple[str, ...]) -> None:
    address.follow()
    store, key = answers.store(), "differences"
    pairs = [_pair(slug, first, other) for slug in slugs]
    with st.container(border=True, key=f"panel-{key}"):
        place, _, beside = meeting.stage()
        with place:
            st.header("Shares side by side", anchor=key)
            html.answer(sides.summary(pairs))
        with beside:
            picture, words, table, definitions = st.tabs(["Figure", "In words", "Table", "Definitions"])
        with picture:
            drawn = figures.beside(pairs, is_wide=address.is_presenting())
            drawing.plot(drawn, key, sides.summary(pairs), room=ROOM)
        with words:
            html.show(html.bullets(_in_a_sentence(pair, store) for pair in pairs))
        with table:
            html.table(sides.table(pairs), "First selection beside second; difference: first minus second")
        with definitions:
            for pair in pairs:
                html.show(html.tag("h3", pair.metric.title))
                panel_parts.define(pair.metric)
        with meeting.below(place):
            html.foot_of_two(_small_print(pairs, first, other, store))
        said = [selection_words(selection, store.lists) for selection in (first, other)]
        _tools(key, "differences.csv", lambda: csv.pairs(pairs, said[0], said[1]), first, other)


def _pair(slug: str, first: Selection, other: Selection) -> Pair:
    """Both selections on the metric's own base where neither has chosen one."""
    if first.base == other.base:
        first, other = on_its_base(slug, first), on_its_base(slug, other)
    return Pair(metrics.get(slug), answers.ask(slug, first), answers.ask(slug, other))


def _in_a_sentence(pair: Pair, store: Store) -> str:
    names, said = store.lists.name, ("the first selection", "the second")
    return sides.difference_sentence(pair, names, *said)


def _small_print(pairs: Sequence[Pair], first: Selection, other: Selection, store: Store) -> list[str]:
    lists = store.lists
    both = f"First: {selection_words(first, lists)}. Second: {selection_words(other, lists)}."
    return [
        "" if address.is_presenting() else both,
        "Each selection is answered and protected by itself; where a count is hidden on one side, that share cannot be compared.",
        "A difference is first minus second, in percentage points, with its 95% interval (Newcombe). It says that the two differ, not why.",
        BY_CHANCE,
        sides.based(pairs),
        "" if sides.are_apart(first, other, lists) else OVERLAP,
        "SYNTHETIC data: no real people." if store.is_synthetic else "",
    ]


def _tools(key: str, file: str, text: Callable[[], str], first: Selection, other: Selection) -> None:
    """Download, and the link that opens both selections; nothing in meeting mode."""
    if address.is_presenting():
        return
    with st.container(horizontal=True, key=f"tools-{key}"):
        take_away.numbers(text, file, key)
        take_away.picture(key)
        take_away.link(_link(first, other, key), key, "the same two selections")


def _link(first: Selection, other: Selection, key: str) -> str:
    return f"{take_away.link_to(first)}&{urlencode(_query(other), doseq=True)}#{key}"


def side_by_side(metric: str, first: Selection, other: Selection) -> None:
    """One metric with labels of its own (rungs, goals, reasons), label by label in both selections."""
    if meeting.is_turn():
        _side_by_side(metric, first, other)


@st.fragment
def _side_by_side(slug: str, first: Selection, other: Selection) -> None:
    address.follow()
    store, metric = answers.store(), metrics.get(slug)
    names = store.lists.name
    asked = [answers.ask(slug, selection) for selection in (first, other)]
    key = f"beside-{slug}"
    with st.container(border=True, key=f"panel-{key}"):
        place, _, beside = meeting.stage()
        with place:
            st.header(html.plain(f"{metric.title}, side by side"), anchor=key)
            for released, which in zip(asked, SIDES, strict=True):
                html.answer(f"{which}: {sentences.sentence(released, metric, names)}")
        with beside:
            picture, table, definition = st.tabs(["Figure", "Table", "Definition"])
        with picture:
            drawn = figures.compare(asked[0], asked[1], names, *SIDES, most=drawing.most_rows())
            drawing.plot(drawn, key, sentences.alt(asked[0], metric, names), room=ROOM)
        with table:
            for released, which in zip(asked, SIDES, strict=True):
                panel_parts.answer_table(released, which)
        with definition:
            panel_parts.define(metric)
        with meeting.below(place):
            html.foot_of_two(_print_of_both(asked, metric))
        _tools(
            key,
            f"{slug}-beside.csv",
            lambda: "\r\n".join(csv.answer(one, metric, names) for one in asked),
            first,
            other,
        )


def _print_of_both(asked: Sequence[Released], metric: Metric) -> list[str]:
    left_out = [
        f"{which}: {lowered(sentences.left_out_words(one, metric))}" for which, one in zip(SIDES, asked, strict=True)
    ]
    marks = dict.fromkeys(m for one in asked for row in one.rows if (m := sentences.mark(row, one.shape)))
    return [*left_out, sentences.footnote(asked[0], metric), " · ".join(f"{m} {sentences.MARKS[m]}" for m in marks)]
