"""The widgets that make one selection: each is drawn from the selection and changes only its own choice. The sidebar and the comparison have the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from journeys.screen import first_look, html, session
from journeys.vocabulary import calendar as periods
from journeys.vocabulary import dictionary
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.pairing import whole_years
from journeys.vocabulary.selection import COHORT_DIMENSIONS, MOST_COHORT, Selection
from journeys.words import finder
from journeys.words.finder import Find

HEADING = "Choose what to look at"  # above the choices of a page, in its sidebar or, on a phone, in its menu
ANY = ""
Where = tuple[str, str]  # what kind of choice, and its code


@dataclass(frozen=True)
class Choices:
    """One selection to be made: the first part of its widgets' keys, what it is now, where it is kept and how another is chosen.

    `counts` gives the number of journeys behind each value of a dimension, in words, where lists are to say it.
    """

    prefix: str
    chosen: Selection
    lists: Lists
    now: Callable[[], Selection]
    choose: Callable[[Selection], None]
    counts: Callable[[str], Mapping[str, str]] | None = None
    pending: session.Kept[str] = field(init=False)
    is_full: session.Kept[bool] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pending", session.Kept(f"{self.prefix}pending_dimension", ANY))
        object.__setattr__(self, "is_full", session.Kept(f"{self.prefix}find_is_full", False))

    def key(self, widget: str, value: object) -> str:
        """The key of a widget, which is made to show this value."""
        session.show(self.prefix + widget, value)
        return self.prefix + widget

    def said(self, widget: str) -> object:
        return session.shown(self.prefix + widget)

    def change(self, **changes: object) -> None:
        """Choose what a widget says; not in the request that comes by itself, whose widgets may be from before a choice just made."""
        if not first_look.comes_by_itself():
            self.choose(self.now().but(**changes))


def quick_period(of: Choices, label: str) -> None:
    """The periods that are chosen most, one press each; above the list of all, which has the same label, unseen."""
    latest = _latest_whole_year(of.lists.calendar)
    quick = {periods.ALL: "All", periods.LAST_FOUR: "Last 4 quarters"} | ({latest: latest} if latest else {})
    key = of.key("quick-period", of.chosen.period if of.chosen.period in quick else None)
    chose = lambda: of.change(period=of.said("quick-period") or periods.ALL)  # noqa: E731
    st.pills(label, list(quick), format_func=lambda p: quick[p], key=key, on_change=chose)


def _latest_whole_year(calendar: periods.Calendar) -> str | None:
    years = whole_years(calendar)
    return years[-1] if years else None


def period(of: Choices, label: str, *, is_label_hidden: bool = False) -> None:
    """Every period, the newest first."""
    calendar = of.lists.calendar
    units = ("financial_year", "quarter", "month")
    newest_first = [p for unit in units for p in calendar.units(unit, periods.ALL)[::-1]]
    st.selectbox(
        label,
        [periods.ALL, periods.LAST_FOUR, *newest_first],
        format_func=lambda p: _period_name(p, calendar),
        key=of.key("period", of.chosen.period),
        on_change=lambda: of.change(period=of.said("period")),
        label_visibility="collapsed" if is_label_hidden else "visible",
    )


def _period_name(code: str, calendar: periods.Calendar) -> str:
    words = periods.in_words(code, calendar)
    return f"All: {words}" if code == periods.ALL else words[0].upper() + words[1:]


def where(of: Choices, label: str) -> None:
    """All services, those of one commissioner, or one."""
    lists = of.lists
    options: list[Where] = [("all", "")]
    for commissioner in lists.commissioners:
        mine = lists.services_of(commissioner)
        options += [("commissioner", commissioner), *(("service", s) for s in lists.services if s in mine)]
    st.selectbox(
        label,
        options,
        format_func=lambda option: _where_name(option, lists),
        key=of.key("where", _where_of(of.chosen)),
        on_change=_choose_where,
        args=(of,),
        help="All services, the services of one commissioner, or one service. Type to search.",
    )


def _where_of(chosen: Selection) -> Where:
    if chosen.service:
        return "service", chosen.service
    return ("commissioner", chosen.commissioner) if chosen.commissioner else ("all", "")


def _where_name(option: Where, lists: Lists) -> str:
    kind, code = option
    if kind == "all":
        return "All services"
    return f"{lists.name(kind, code)}: all" if kind == "commissioner" else f"\u2003{lists.name(kind, code)}"


def _choose_where(of: Choices) -> None:
    kind, code = session.shown(f"{of.prefix}where")
    of.change(**{"service": None, "commissioner": None, **({kind: code} if kind != "all" else {})})


def base(of: Choices, label: str, *, is_list: bool = False) -> None:
    """Whom the figures are about: a list where there is little room."""
    options, key = list(BASES), of.key("base", of.chosen.base)
    chose = lambda: of.change(base=of.said("base"))  # noqa: E731
    if is_list:
        st.selectbox(label, options, format_func=lambda code: BASES[code].choice, key=key, on_change=chose)
    else:
        st.radio(label, options, format_func=lambda code: BASES[code].choice, key=key, on_change=chose)


def find(of: Choices, label: str, lead_to: Callable[[Find], None]) -> None:
    """One list of everything that has a name, searched by typing: a choice is chosen, anything else is led to by `lead_to`."""
    st.selectbox(
        label,
        finder.finds(of.lists),
        format_func=lambda one: one.words,
        key=of.key("find", None),
        index=None,
        filter_mode="fuzzy",
        placeholder="Women, debt, a service …",
        on_change=_found,
        args=(of, lead_to),
    )
    if of.is_full.get():
        html.hint(f"At most {MOST_COHORT} groups can be chosen: take one away first.")


def _found(of: Choices, lead_to: Callable[[Find], None]) -> None:
    one = of.said("find")
    of.is_full.forget()
    if not isinstance(one, Find):
        return
    if not one.is_choice:
        lead_to(one)
        return
    chosen = finder.chosen_by(one, of.now())
    of.is_full.keep(chosen is None)
    if chosen is not None:
        of.choose(chosen)


def cohort(of: Choices, label: str) -> None:
    """Up to three dimensions: a list for each choice made, and one to make the next."""
    for dimension in of.chosen.cohort:
        _value(of, dimension)
    pending = of.pending.get()
    if len(of.chosen.cohort) >= MOST_COHORT:
        return
    if pending in COHORT_DIMENSIONS and pending not in of.chosen.cohort:
        _value(of, pending)
    else:
        _next_dimension(of, "Narrow further" if of.chosen.cohort else label)


def _next_dimension(of: Choices, label: str) -> None:
    titles = dictionary.load().titles
    said = " Each list says how many journeys are behind a value." if of.counts else ""
    st.selectbox(
        html.plain(label),
        [d for d in COHORT_DIMENSIONS if d not in of.chosen.cohort],
        format_func=lambda d: titles[d],
        key=of.key("next-dimension", None),
        placeholder="Age, work, model …",
        on_change=lambda: of.pending.keep(session.shown(f"{of.prefix}next-dimension")),
        help=html.plain(f"Up to {MOST_COHORT} choices.{said}"),
    )


def _value(of: Choices, dimension: str) -> None:
    counts = of.counts(dimension) if of.counts else {}
    st.selectbox(
        html.plain(dictionary.load().titles[dimension]),
        [ANY, *of.lists.codes(dimension)],
        format_func=lambda v: _value_name(v, dimension, of.lists, counts),
        key=of.key(f"cohort-{dimension}", of.chosen.cohort.get(dimension, ANY)),
        on_change=_choose_value,
        args=(of, dimension),
    )


def _value_name(value: str, dimension: str, lists: Lists, counts: Mapping[str, str]) -> str:
    if value == ANY:
        return "Any"
    return f"{lists.name(dimension, value)} ({counts[value]})" if value in counts else lists.name(dimension, value)


def _choose_value(of: Choices, dimension: str) -> None:
    value = of.said(f"cohort-{dimension}")
    others = {d: v for d, v in of.now().cohort.items() if d != dimension}
    of.pending.forget()
    of.change(cohort={**others, dimension: value} if value else others)
