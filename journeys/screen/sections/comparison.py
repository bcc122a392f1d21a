"""Two selections side by side: the page's own and a second one, chosen with the same closed choices and kept in the address (`vs_`)."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from journeys import figures
from journeys.answer.released import Released
from journeys.files import csv
from journeys.screen import address, answers, browser, choices, drawing, html, meeting, panel_parts, session, take_away
from journeys.screen.choices import Choices
from journeys.screen.sections.services import on_its_base
from journeys.store.opened import Store
from journeys.vocabulary import metrics, pairing
from journeys.vocabulary.lists import Lists, selection_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import differences as sides
from journeys.words import once, sentences
from journeys.words.differences import Pair
from journeys.words.phrases import lower_first, lowered, upper_first
from journeys.words.shares import digits_of

PREFIX = "vs_"
ROOM = meeting.ROOM - 60  # pixels: both selections stand above the figure
WIDTHS = (1.93, 2.38, 1.89, 1.8)  # of the choices side by side: names of services are the longest
OVERLAP = "Some people are in both selections, so the interval of a difference is only a guide. For a firm one choose two that do not overlap, such as two years or two services."


def second(chosen: Selection) -> Selection:
    """The second selection, with the widgets that choose it; outcomes are counted within as many months as in the first."""
    lists = answers.store().lists
    other = _other(chosen, lists)
    session.SECOND.keep(other)
    session.BESIDE.keep(chosen)
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
    """From the address, else from the session, else something worth comparing; it follows the first in all that was the same in both.

    What has become the same as the first gives way to what a page of two opens on.
    """
    found = address.second(lists)[0] or session.SECOND.get()
    former, before = session.BESIDE.get(), session.SECOND.get()
    is_as_before = (
        found is not None and before is not None and address.second_query(found) == address.second_query(before)
    )
    if found and former and former != chosen and is_as_before:
        found = pairing.followed(former, chosen, found)
    try:
        lists.check(found or chosen, ())
    except ValueError:
        found = None
    found = found and found.but(within=chosen.within)
    return found if found and found != chosen else _opened(chosen, lists)


def _opened(chosen: Selection, lists: Lists) -> Selection:
    """The second of the two that a page opens on; where the first has to be narrowed for it, the page is framed once more."""
    pair = pairing.usual(chosen, lists)
    if pair.first != chosen:
        trouble = session.TROUBLE.get()
        _use(pair.first, pair.other)
        session.TROUBLE.keep(trouble)  # nobody has chosen anything yet
        st.rerun()
    return pair.other


def _now() -> Selection:
    return session.SECOND.get() or Selection()


def _in_address(chosen: Selection, other: Selection) -> None:
    """Both selections stand in the address from the start, without a step in the browser's history; the second as it has followed, without what was dropped."""
    mine, dropped = address.second(answers.store().lists)
    if mine and (dropped or mine.but(within=other.within) != other):
        others = {n: st.query_params.get_all(n) for n in st.query_params if n not in address.SECOND}
        st.query_params.from_dict({**others, **address.second_query(other)})
    whole = urlencode(address.query_of(chosen, answers.store().version) | address.second_query(other), doseq=True)
    browser.complete_address(PREFIX, urlencode(address.second_query(other), doseq=True), whole)


def _use(first: Selection, other: Selection) -> None:
    """Make these the two selections of the next run."""
    address.remember(first)
    session.SECOND.keep(other)
    session.BESIDE.keep(first)
    kept = {
        n: st.query_params.get_all(n) for n in (address.SPLIT, address.PRESENT, address.TOUR) if n in st.query_params
    }
    st.query_params.from_dict(
        {**address.query_of(first, answers.store().version), **address.second_query(other), **kept}
    )


def _in_words(chosen: Selection, other: Selection, lists: Lists) -> None:
    for number, (words, selection, where) in enumerate(
        (
            (sides.SIDES[0], chosen, f"Change it in the menu, under “{choices.HEADING}”; the second follows."),
            (sides.SIDES[1], other, "Change it below."),
        )
    ):
        html.side(number, words, selection_words(selection, lists), "" if address.is_presenting() else where)
    if not sides.are_apart(chosen, other, lists) and not address.is_presenting():
        st.info(OVERLAP, icon=":material/join_inner:")


def _ready_made(chosen: Selection, lists: Lists) -> None:
    """Comparisons in one click; each replaces both selections, and none of them overlaps."""
    with st.container(horizontal=True, vertical_alignment="center", key="ready-made"):
        st.markdown("Try:")
        for pair in _ready(chosen, lists):
            st.button(html.plain(pair.words), on_click=_use, args=(pair.first, pair.other), key=f"try-{pair.words}")
        st.button("Swap the two", icon=":material/swap_horiz:", on_click=_swap, key="swap", type="tertiary")


def _swap() -> None:
    _use(_now(), session.CHOSEN.get())


def _ready(chosen: Selection, lists: Lists) -> list[pairing.Comparison]:
    """The first few of each kind; who is chosen already stays chosen in both."""
    return [one for several in pairing.comparisons(chosen, lists).values() for one in several[:3]]


def _choices(other: Selection, lists: Lists) -> None:
    html.show(html.tag("h3", "Choose the second selection", class_="choices-beside"))
    of = Choices(PREFIX, other, lists, _now, lambda second: _use(session.CHOSEN.get(), second))
    period, where, base, narrow = st.columns(WIDTHS)
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
    if meeting.is_turn("differences"):
        _differences(first, other, tuple(slugs))


@st.fragment
def _differences(first: Selection, other: Selection, slugs: tuple[str, ...]) -> None:
    address.follow()
    store, key = answers.store(), "differences"
    pairs = sides.in_one_figure([_pair(slug, first, other) for slug in slugs])
    named = sides.names_of(first, other, store.lists)
    said = sides.summary(pairs, named)
    with st.container(border=True, key=f"panel-{key}"):
        place, _, beside = meeting.stage()
        with place:
            found = sides.headline(pairs, named)
            _heading(found, upper_first(_versus(named)), key)
            html.answer(once.below(found, said))
        both_sides = [one for pair in pairs for one in (pair.left, pair.right)]
        called = ["Figure", "In words"] if drawing.is_drawable(both_sides) else ["In words"]
        with beside:
            *pictures, words, table, definitions = panel_parts.places(both_sides, called, "Definitions")
        drawn = None
        if pictures:
            with pictures[0]:
                drawn = drawing.plot(figures.beside(pairs, named, is_wide=meeting.is_wide()), key, said, room=ROOM)
        with words:
            html.show(html.bullets(_in_a_sentence(pair, store, named) for pair in pairs))
        with table:
            html.table(sides.table(pairs, named), f"{upper_first(_versus(named))}; difference: first minus second")
        with definitions:
            for pair in pairs:
                html.show(html.tag("h3", pair.metric.title))
                panel_parts.define(pair.metric)
        with meeting.below(place):
            html.foot_of_two([*_small_print(pairs, first, other, store), _marks(drawn) if meeting.is_wide() else ""])
        both = [selection_words(selection, store.lists) for selection in (first, other)]
        picture_of = _picture(drawn, found, f"{upper_first(_versus(named))}. {said}", both)
        _tools(key, "differences.csv", lambda: csv.pairs(pairs, both[0], both[1]), (first, other), picture_of)


def _heading(found: str, words: str, key: str) -> None:
    """What was found, and below it what is compared."""
    st.header(html.plain(found), anchor=key)
    html.show(html.tag("p", html.explained(words), class_="subtitle"))


def _versus(named: tuple[str, str]) -> str:
    """Both sides by their names, as inside a sentence: the heading of what sets them side by side."""
    return f"{sides.inside(named[0])} and {sides.inside(named[1])}, side by side"


def _picture(
    drawn: figures.Drawn | None, title: str, said: str, both: Sequence[str], notes: tuple[str, ...] = ()
) -> take_away.Picture | None:
    """What is saved as a picture; None where nothing is drawn."""
    if drawn is None:
        return None
    return take_away.Picture(drawn, title, said, f"First: {both[0]}. Second: {both[1]}.", notes)


def _pair(slug: str, first: Selection, other: Selection) -> Pair:
    """Both selections on the metric's own base where neither has chosen one."""
    if first.base == other.base:
        first, other = on_its_base(slug, first), on_its_base(slug, other)
    return Pair(metrics.get(slug), answers.ask(slug, first), answers.ask(slug, other))


def _in_a_sentence(pair: Pair, store: Store, named: tuple[str, str]) -> str:
    return sides.difference_sentence(pair, store.lists.name, *map(sides.inside, named))


def _small_print(pairs: Sequence[Pair], first: Selection, other: Selection, store: Store) -> list[str]:
    lists = store.lists
    both = f"First: {selection_words(first, lists)}. Second: {selection_words(other, lists)}."
    return [
        "" if address.is_presenting() else both,
        "Each selection is answered and protected by itself; where a count is hidden on one side, that share cannot be compared.",
        "A difference is first minus second, in percentage points, with its 95% interval (Newcombe). It says that the two differ, not why.",
        sides.based(pairs),
        "" if sides.are_apart(first, other, lists) else OVERLAP,
        "SYNTHETIC data: no real people." if store.is_synthetic else "",
    ]


def _tools(
    key: str, file: str, text: Callable[[], str], both: tuple[Selection, Selection], picture: take_away.Picture | None
) -> None:
    """Download, picture, and the link that opens both selections; nothing in meeting mode."""
    if address.is_presenting():
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"tools-{key}"):
        take_away.numbers(text, file, key)
        if picture:
            take_away.picture(key, picture)
        take_away.link(_link(*both, key), key, "the same two selections")
        meeting.tick(key)


def _link(first: Selection, other: Selection, key: str) -> str:
    return f"{take_away.link_to(first)}&{urlencode(address.second_query(other), doseq=True)}#{key}"


def side_by_side(metric: str, first: Selection, other: Selection) -> None:
    """One metric with labels of its own (rungs, goals, reasons), label by label in both selections."""
    if meeting.is_turn(f"beside-{metric}"):
        _side_by_side(metric, first, other)


@st.fragment
def _side_by_side(slug: str, first: Selection, other: Selection) -> None:
    address.follow()
    store, metric = answers.store(), metrics.get(slug)
    names = store.lists.name
    asked = [answers.ask(slug, selection) for selection in (first, other)]
    key = f"beside-{slug}"
    named = sides.names_of(first, other, store.lists)
    with st.container(border=True, key=f"panel-{key}"):
        place, _, beside = meeting.stage()
        with place:
            found = sides.headline_of_label(asked, metric, named, names)
            titled = f"{metric.title}: {_versus(named)}"
            _heading(found, metric.title if address.is_presenting() else titled, key)
            digits = digits_of(row for one in asked for row in one.rows)
            for released, which in zip(asked, map(upper_first, named), strict=True):
                html.answer(f"{which}: {lower_first(sentences.sentence(released, metric, names, digits))}")
        with beside:
            called = ["Figure"] if drawing.is_drawable(asked) else []
            *pictures, table, definition = panel_parts.places(asked, called)
        drawn = None
        if pictures:
            with pictures[0]:
                drawn = _both_drawn(asked, named, key, sentences.alt(asked[0], metric, names))
        with table:
            for released, which in zip(asked, map(upper_first, named), strict=True):
                panel_parts.answer_table(released, which)
        with definition:
            panel_parts.define(metric)
        with meeting.below(place):
            said = _print_of_both(asked, metric, named, drawn)
            html.foot_of_two([*said[:2], said[-1]] if address.is_presenting() else said)
        text = lambda: "\r\n".join(csv.answer(one, metric, names) for one in asked)  # noqa: E731
        both = [one.words for one in asked]
        notes = take_away.notes_of(asked[0], drawn) if drawn is not None else ()
        picture_of = _picture(drawn, found, titled, both, notes)
        _tools(key, f"{slug}-beside.csv", text, (first, other), picture_of)


def _both_drawn(asked: Sequence[Released], named: tuple[str, str], key: str, alt: str) -> figures.Drawn:
    """Both answers side by side."""
    names, (left, right) = answers.store().lists.name, map(upper_first, named)
    (one, two), goes_on = drawing.on_this_screen(asked, figures.compare)
    far = drawing.reach(figures.compare(asked[0], asked[1], names, left, right)) if goes_on else 0
    extent = figures.Extent(far, digits_of(row for one in asked for row in one.rows))
    drawn = figures.compare(one, two, names, left, right, most=drawing.most_rows(), extent=extent)
    drawn = drawing.plot(drawn, key, alt, room=ROOM)
    html.hint(goes_on)
    return drawn


def _print_of_both(
    asked: Sequence[Released], metric: Metric, named: tuple[str, str], drawn: figures.Drawn | None
) -> list[str]:
    left_out = [
        f"{upper_first(which)}: {lowered(sentences.left_out_words(one))}"
        for which, one in zip(named, asked, strict=True)
    ]
    return [*left_out, sentences.footnote(asked[0], metric), _marks(drawn)]


def _marks(drawn: figures.Drawn | None) -> str:
    return " · ".join(drawn.marks) if drawn is not None else ""
