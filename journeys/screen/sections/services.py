"""Services side by side, never ranked: what each one is, and each against chance and against clients like its own."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from journeys import figures
from journeys.answer import overlays
from journeys.answer.overlays import Spread
from journeys.answer.released import Released, Row
from journeys.screen import address, answers, contents, drawing, html, meeting, panel_parts, peers, session, take_away
from journeys.statistics import proportions
from journeys.store.opened import Store
from journeys.vocabulary import dictionary, metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Service, selection_words
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.selection import Selection
from journeys.words import once, sentences, tables
from journeys.words.phrases import lowered
from journeys.words.small_print import LIKE_ITS_OWN, spread_words
from journeys.words.tables import Table

BY = ("service",)
SHORT = {
    "within": "within",
    "above95": "worth a look",
    "above998": "higher",
    "below95": "worth a look",
    "below998": "lower",
}
AFTER_RATE = 5  # columns of the table up to the interval of the rate
WIDE, CHANCE, LIKE = "wide", "Against chance", "Clients like its own"
WORKING_AGE = (
    "Follows up: asks people again after closing. Working age: the share of referrals of people aged 16 to 64; "
    "where it is low, work is a question for few."
)


def on_its_base(metric: str, selection: Selection) -> Selection:
    """The selection on the metric's own base, unless the reader chose a base."""
    return metrics.get(metric).on_its_base(selection)


def out_of_work(selection: Selection) -> Selection:
    """The selection of people out of work, whatever base is chosen: for what is asked of them alone."""
    return selection.but(base="out_of_work")


def service_context(selection: Selection) -> None:
    """What each service is: model, place, funding, what it records, months covered, share of working age."""
    contents.add("context", "What each service is")
    if meeting.is_turn("context"):
        _context(_among(selection), selection)


def service_against(metric: str, selection: Selection) -> None:
    """One proportion of each service against chance (funnel) and against clients like its own (case mix), on the metric's base."""
    contents.add(f"{metric}-service", metrics.get(metric).title)
    if meeting.is_turn(f"{metric}-service"):
        around = peers.among(selection, BY, answers.store().lists)
        _against(metric, on_its_base(metric, around.asked), around.chosen, on_its_base(metric, selection))


def _among(selection: Selection) -> Selection:
    """One service alone has nothing to stand beside: it is shown among all of them."""
    return replace(selection, service=None)


@st.fragment
def _context(among: Selection, chosen: Selection) -> None:
    address.follow()
    store = answers.store()
    with st.container(border=True, key="panel-context"):
        st.header("What each service is", anchor="context")
        html.answer(_context_words(among, store))
        shown = _context_table(among, store)
        html.table(shown, f"Services in alphabetical order: {_words(among, store)}", is_whole=True)
        html.foot([WORKING_AGE, *_marks_in(shown), _why_all(chosen, store)])
        take_away.of_table(shown, "context", among, [_words(among, store)])


def _words(among: Selection, store: Store) -> str:
    """Whom the table counts: everyone, on whatever base the figures below are."""
    return selection_words(among.but(base="all"), store.lists, metrics.get("referrals"))


def _marks_in(shown: Table) -> list[str]:
    return [
        f"{mark} {words}"
        for mark, words in sentences.MARKS.items()
        if any(mark in c for row in shown.rows for c in row)
    ]


def _why_all(chosen: Selection, store: Store) -> str:
    if not chosen.service:
        return ""
    return f"One service alone has nothing to stand beside: {store.lists.name('service', chosen.service)} is shown here among all services."


def _listed(among: Selection, store: Store) -> list[Service]:
    where = store.lists.where(among)
    return [service for service_id, service in store.lists.services.items() if service_id in where]


def _context_words(among: Selection, store: Store) -> str:
    services = _listed(among, store)
    n_silent = sum("outcomes" not in service.records for service in services)
    n_models = len({service.model for service in services})
    does = "does" if n_silent == 1 else "do"
    silent = f"{n_silent} of them {does} not record outcomes" if n_silent else "all of them record outcomes"
    if len(services) == 1:
        silent = "it does not record outcomes" if n_silent else "it records outcomes"
    return (
        f"{len(services)} {'service' if len(services) == 1 else 'services'} of {n_models} {'model' if n_models == 1 else 'models'}; {silent}. "
        "Read every figure of a service with what it is and whom it serves."
    )


def _context_table(among: Selection, store: Store) -> Table:
    everyone = answers.ask("referrals", among.but(base="all"), BY)
    workers = answers.ask("referrals", among.but(base="working_age"), BY)
    header = ("Service", "What it is", "Records outcomes", "Follows up", "Referrals", "Working age")
    rows = []
    for service in _listed(among, store):
        whole, part = (released.row(service=service.service_id) for released in (everyone, workers))
        rows.append((service.name, _described(service, store), *_habits(service), *_sizes(whole, part)))
    return Table(header, tuple(rows), 2, ())


def _described(service: Service, store: Store) -> str:
    model, place, money = (store.lists.name(n, getattr(service, n)) for n in ("model", "co_located", "funding"))
    place = "it is not known whether in general practices" if service.co_located == "unknown" else place
    return (
        f"{model} model, {lowered(place)}; funding: {lowered(money)}; "
        f"data from {in_words(service.first_month)} to {in_words(service.last_month)}"
    )


def _habits(service: Service) -> tuple[str, str]:
    return "yes" if "outcomes" in service.records else "no [x]", "yes" if service.follows_up else "no"


def _sizes(whole: Row, part: Row) -> tuple[str, str]:
    """Referrals, and the share of working age among them; a share only where both counts may be shown."""
    hidden = sentences.mark(whole, "count")
    if hidden or whole.count is None or part.count is None:
        return hidden or f"{whole.count:,}", sentences.mark(part, "count") or hidden
    share = proportions.proportion(min(part.count, whole.count), whole.count)
    return f"{whole.count:,}", "[low]" if share.rate is None else sentences.percent(share.rate, None)


@st.fragment
def _against(slug: str, selection: Selection, highlighted: frozenset[str], chosen: Selection) -> None:
    address.follow()
    store, metric, key = answers.store(), metrics.get(slug), f"{slug}-service"
    with st.container(border=True, key=f"panel-{key}"):
        released = answers.ask(slug, selection, BY, case_mix=True)
        spread = overlays.spread(released)
        wider = spread if session.shown(f"{WIDE}-{key}", False) else None
        place, choices, beside = meeting.stage()
        with place:
            said = panel_parts.heading(released, "", key)
            _answer(released, metric, store, said[0], is_wide=wider is not None)
            if wider:
                released = overlays.allowing(released, wider.tau2)
                st.markdown(html.plain(_outside(released)))
            if highlighted:
                html.show(panel_parts.standing_out(released, highlighted, chosen))
        if not any(row.is_shown for row in released.rows):
            with choices:
                panel_parts.wider(released, selection, key)
        with beside:
            drawn = _tabs(released, metric, key, spread, highlighted)
        with meeting.below(place):
            panel_parts.foot(released, drawn)
        panel_parts.tools([released], selection, key, drawn, said)


def _answer(released: Released, metric: Metric, store: Store, heading: str, *, is_wide: bool) -> None:
    """The sentence below its heading; with wide limits it leaves out how many lie within chance, which is said of those limits then."""
    if is_wide:
        released = replace(released, rows=tuple(row.but(funnel=None) for row in released.rows))
    html.answer(once.below(heading, sentences.sentence(released, metric, store.lists.name)))


def _outside(released: Released) -> str:
    placed = [row.funnel["position"] for row in released.rows if row.funnel]
    n_outside = sum(position != "within" for position in placed)
    verb = "lies" if n_outside == 1 else "lie"
    return f"The limits also allow for how much services differ anyway: {n_outside or 'none'} of {len(placed)} {verb} outside them."


def _tabs(released: Released, metric: Metric, key: str, spread: Spread | None, chosen: frozenset[str]) -> Any:
    """What can be drawn of both comparisons (services that lie beside nothing by themselves), table and definition; gives back the first figure."""
    store, found = answers.store(), _pictures(released)
    *pictures, table, definition = panel_parts.places([released], list(found))
    with table:
        html.table(_with_positions(released, metric, store), f"{metric.title}: {released.words}. {LIKE_ITS_OWN}")
    with definition:
        panel_parts.define(metric)
    drawn = []
    for picture, (called, figure) in zip(pictures, found.items(), strict=True):
        with picture:
            if called == CHANCE:
                is_wide = spread is not None and _allow(spread, key)
                figure = partial(figures.funnel, tau2=spread.tau2 if spread and is_wide else 0.0, chosen=chosen)
            if called == LIKE:
                st.markdown(LIKE_ITS_OWN)
            stand_out = chosen if figure is figures.dots else frozenset()
            drawn.append(drawing.draw([released], figure, f"{key}-like" if called == LIKE else key, stand_out))
    return drawn[0] if drawn else None


def _pictures(released: Released) -> dict[str, drawing.Figure]:
    """The figures that have something to draw, by what they are called: one service, or services that are not alike, lie beside no chance."""
    rows = released.rows
    found: dict[str, drawing.Figure] = {}
    if any(row.funnel and row.rate is not None for row in rows):
        found[CHANCE] = figures.funnel
    elif drawing.is_drawable([released]):
        found["Figure"] = figures.dots
    if any(row.ratio is not None for row in rows):
        found[LIKE] = figures.case_mix
    return found


def _allow(spread: Spread, key: str) -> bool:
    """Whether the reader wants limits that allow for how much services differ anyway; offered from ten services on."""
    words = "Allow for how much services differ anyway"
    help_words = (
        f"{spread_words(spread.phi)} They serve different people. Wider limits show which services stand out even so."
    )
    key = f"{WIDE}-{key}"
    return session.shown(key, False) if address.is_presenting() else st.toggle(words, key=key, help=help_words)


def _with_positions(released: Released, metric: Metric, store: Store) -> Table:
    """The table of the release with where each service lies, in words."""
    plain = tables.table(released, metric, store.lists.name, dictionary.load().titles)
    placed = (SHORT[row.funnel["position"]] if row.funnel else "–" for row in released.rows)
    rows = tuple(_with(cells, words) for cells, words in zip(plain.rows, placed, strict=True))
    return replace(plain, header=_with(plain.header, "Against chance"), rows=rows)


def _with(cells: tuple[str, ...], more: str) -> tuple[str, ...]:
    """One more column, after the interval of the rate."""
    return (*cells[:AFTER_RATE], more, *cells[AFTER_RATE:])
