"""The sidebar: menu, and the widgets that make the one selection of a page. Every widget is drawn from the selection and changes only its own choice."""

import streamlit as st

from journeys.screen import address, answers, menu
from journeys.vocabulary import calendar as periods
from journeys.vocabulary import dictionary
from journeys.vocabulary.bases import BASES
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.selection import COHORT_DIMENSIONS, MOST_COHORT, WITHIN, Selection
from journeys.words import sentences

ANY = ""
PENDING = "pending_dimension"


def draw(chosen: Selection) -> None:
    """Menu, choices, reset and link."""
    lists, version = answers.store().lists, answers.store().version
    with st.sidebar:
        menu.draw(address.query_of(chosen, version))
        st.html('<h2 class="choices">Choose what to look at</h2>')
        _period(chosen, lists)
        _where(chosen, lists)
        _base(chosen)
        _cohort(chosen, lists)
        _within(chosen)
        _finish()


def _set(key: str, value: object) -> None:
    """A widget shows what the selection says, whatever it showed before."""
    st.session_state[key] = value


def _chosen() -> Selection:
    return st.session_state[address.CHOSEN]


def _period(chosen: Selection, lists: Lists) -> None:
    quick = {periods.ALL: "All", periods.LAST_FOUR: "Last 4 quarters"}
    latest = _latest_whole_year(lists.calendar)
    quick |= {latest: latest} if latest else {}
    _set("quick-period", chosen.period if chosen.period in quick else None)
    st.pills("Referred in", list(quick), format_func=quick.get, key="quick-period", on_change=_choose_quick_period)
    _set("period", chosen.period)
    st.selectbox(
        "Any period",
        period_options(lists.calendar),
        format_func=lambda p: period_name(p, lists.calendar),
        key="period",
        on_change=lambda: address.choose(_chosen().but(period=st.session_state["period"])),
        label_visibility="collapsed",
    )


def _choose_quick_period() -> None:
    address.choose(_chosen().but(period=st.session_state["quick-period"] or periods.ALL))


def _latest_whole_year(calendar: periods.Calendar) -> str | None:
    whole = [y for y in calendar.units("financial_year", periods.ALL) if len(calendar.months(y)) == 12]
    return whole[-1] if whole else None


def period_options(calendar: periods.Calendar) -> list[str]:
    newest_first = [
        p for unit in ("financial_year", "quarter", "month") for p in calendar.units(unit, periods.ALL)[::-1]
    ]
    return [periods.ALL, periods.LAST_FOUR, *newest_first]


def period_name(period: str, calendar: periods.Calendar) -> str:
    words = periods.in_words(period, calendar)
    if period == periods.ALL:
        return f"All: {words}"
    return words[0].upper() + words[1:]


def _where(chosen: Selection, lists: Lists) -> None:
    options: list[tuple[str, str]] = [("all", "")]
    for commissioner in lists.commissioners:
        mine = lists.services_of(commissioner)
        options += [("commissioner", commissioner), *(("service", s) for s in lists.services if s in mine)]
    _set("where", where_of(chosen))
    st.selectbox(
        "Services",
        options,
        format_func=lambda option: where_name(option, lists),
        key="where",
        on_change=_choose_where,
        help="All services, the services of one commissioner, or one service. Type to search.",
    )


def where_of(chosen: Selection) -> tuple[str, str]:
    if chosen.service:
        return "service", chosen.service
    return ("commissioner", chosen.commissioner) if chosen.commissioner else ("all", "")


def where_name(option: tuple[str, str], lists: Lists) -> str:
    kind, code = option
    if kind == "all":
        return "All services"
    return f"{lists.name(kind, code)}: all" if kind == "commissioner" else f"\u2003{lists.name(kind, code)}"


def _choose_where() -> None:
    kind, code = st.session_state["where"]
    changes = {"service": None, "commissioner": None} | ({kind: code} if kind != "all" else {})
    address.choose(_chosen().but(**changes))


def _base(chosen: Selection) -> None:
    _set("base", chosen.base)
    st.radio(
        "People",
        list(BASES),
        format_func=lambda base: BASES[base].choice,
        key="base",
        on_change=lambda: address.choose(_chosen().but(base=st.session_state["base"])),
    )


def _within(chosen: Selection) -> None:
    _set("within", chosen.within)
    st.segmented_control(
        "Outcomes within (months)",
        WITHIN,
        key="within",
        required=True,
        on_change=lambda: address.choose(_chosen().but(within=st.session_state["within"])),
        help="How long after referral an outcome counts. Only people referred that long ago are in the figure.",
    )


def _cohort(chosen: Selection, lists: Lists) -> None:
    """Up to three: one list for each choice made, and one to make the next."""
    for dimension in chosen.cohort:
        _cohort_value(dimension, chosen, lists)
    pending = st.session_state.get(PENDING)
    if pending in COHORT_DIMENSIONS and pending not in chosen.cohort and len(chosen.cohort) < MOST_COHORT:
        _cohort_value(pending, chosen, lists)
    elif len(chosen.cohort) < MOST_COHORT:
        _next_dimension(chosen)


def _next_dimension(chosen: Selection) -> None:
    titles = dictionary.load().titles
    _set("next-dimension", None)
    st.selectbox(
        "Narrow to some people or services" if not chosen.cohort else "Narrow further",
        [d for d in COHORT_DIMENSIONS if d not in chosen.cohort],
        format_func=titles.get,
        key="next-dimension",
        placeholder="Age, employment, model …",
        on_change=lambda: _set(PENDING, st.session_state["next-dimension"]),
        help=f"Up to {MOST_COHORT} choices. Each list says how many journeys are behind a value.",
    )


def _cohort_value(dimension: str, chosen: Selection, lists: Lists) -> None:
    counts = _counts(dimension, chosen)
    key = f"cohort-{dimension}"
    _set(key, chosen.cohort.get(dimension, ANY))
    st.selectbox(
        dictionary.load().titles[dimension],
        [ANY, *lists.codes(dimension)],
        format_func=lambda v: "Any" if v == ANY else f"{lists.name(dimension, v)} ({counts[v]})",
        key=key,
        on_change=_choose_cohort,
        args=(dimension,),
    )


def _choose_cohort(dimension: str) -> None:
    value = st.session_state[f"cohort-{dimension}"]
    others = {d: v for d, v in _chosen().cohort.items() if d != dimension}
    st.session_state.pop(PENDING, None)
    address.choose(_chosen().but(cohort=others | ({dimension: value} if value else {})))


def _counts(dimension: str, chosen: Selection) -> dict[str, str]:
    """How many journeys are behind each value, as released, with the other choices kept."""
    others = chosen.but(cohort={d: v for d, v in chosen.cohort.items() if d != dimension})
    rows = answers.ask("referrals", others, (dimension,)).rows
    return {row.labels[dimension]: sentences.amount(row.count) if row.is_shown else "hidden" for row in rows}


def _finish() -> None:
    with st.container(horizontal=True, key="finish"):
        st.button("Reset", icon=":material/restart_alt:", on_click=_reset, help="Back to everything")
        st.button(
            "Present", icon=":material/slideshow:", on_click=address.present, args=(True,),
            help="Large type, one panel after another with the arrow keys",
        )  # fmt: skip


def _reset() -> None:
    st.session_state.pop(PENDING, None)
    address.choose(Selection())
