"""Services by measures: one table of small figures, every service beside all of them and beside clients like its own; a row opens the service's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import streamlit as st

from journeys.answer import together
from journeys.answer.released import HIDDEN, SHOWN, Released
from journeys.screen import (
    address,
    answers,
    contents,
    counted,
    html,
    looks,
    meeting,
    menu,
    peers,
    session,
    take_away,
    tour,
)
from journeys.screen.html import Html
from journeys.screen.once import Once
from journeys.screen.small_figures import series, strip
from journeys.store.opened import Store
from journeys.vocabulary import calendar, metrics
from journeys.vocabulary.lists import Service, people_words
from journeys.vocabulary.selection import Selection
from journeys.words import peers as words
from journeys.words.peers import Measure
from journeys.words.phrases import lower_first, upper_first

BY, LIKE = ("service",), " for clients like its own"  # said by the key of the table
KEY, TITLE = address.MEASURES, "Services by measures"
CHOICE = (
    "engaged", "contact_within_28_days", "climbed", "goals_achieved", "training_or_education", "volunteering", "qualification",
    "work_experience", "stepping_stone", "found_work",
)  # fmt: skip
MOST, MOST_ROWS = 5, 60
SIDE_BY_SIDE, TALL, TALLER = (
    4,
    54,
    76,
)  # measures whose figures have room beside their marks in a meeting; pixels of a row with so many, and with more
IN_A_MEETING = 450  # pixels there for rows and for what is said below them
LINE, TITLE_LINE, NAME, ACROSS, TITLE_ACROSS = (
    25,
    34,
    22,
    120,
    72,
)  # pixels of a line and of one of the heading, letters of a name, of a line and of one of the heading
OTHER_BASES = ("working_age", "all")
SIGNS = (
    ("dot own", "a service, with its likely range"),
    ("all", "all services"),
    ("ring", "expected of clients like its own"),
    ("bound", "hidden: between these"),
)
SMALL_SERIES = (
    "The small line is the same over time, the dashed one that of the services like it; pale dots are not complete."
)

_CELLS: Once[tuple[Released, Html]] = Once(5000)


@dataclass(frozen=True)
class Asked:
    """What a page asks for: the measures it opens with, and whether each of them has its funnel on the same page."""

    usual: tuple[str, ...]
    has_funnels: bool


def services_by_measures(selection: Selection, usual: Sequence[str], *, has_funnels: bool = False) -> None:
    """Every service on these measures, which a reader may change; in alphabetical order, never ranked."""
    contents.add(KEY, TITLE)
    looks.takes(KEY)
    around = peers.among(selection, BY, answers.store().lists)
    for slug in _chosen(tuple(usual)):
        counted.add(slug, metrics.get(slug).on_its_base(around.asked), BY, metrics.get(slug).title)
    if meeting.is_turn(KEY):
        _panel(selection, Asked(tuple(usual), has_funnels))


@st.fragment
def _panel(selection: Selection, page: Asked) -> None:
    address.follow()
    store = answers.store()
    with st.container(border=True, key=f"panel-{KEY}"):
        place = st.container(gap="small")
        if not address.is_presenting():
            with st.popover("Choose measures", icon=":material/checklist:", type="tertiary"):
                _choose(page.usual)
        around = peers.among(selection, BY, store.lists)
        found = [measure(slug, around.asked) for slug in _chosen(page.usual)]
        with place:
            said = _heading(found, around.chosen, store)
            if not address.is_presenting():
                html.show(html.tag("p", f"{TITLE}: {_about(around.asked, store)}", class_="subtitle"))
                _said(found, around.chosen, store)
        below = [words.apart_words(found, store.lists.name), SMALL_SERIES]
        _table(found, around, selection, page, _room(said, below))
        html.foot(below)
        take_away.of_table(words.table(found, store.lists.name), KEY, around.asked, [_about(around.asked, store)])


def _about(asked: Selection, store: Store) -> str:
    """Period, people and horizon; where everybody is chosen, each column says whom it is about."""
    period = calendar.in_words(asked.period, store.lists.calendar)
    people = f", {people_words(asked, store.lists.name)}" if asked.cohort or asked.base != "all" else ""
    return f"{period}{people}, within {asked.within} months of referral"


def _room(heading: str, below: Sequence[str]) -> float:
    """Pixels of the rows in a meeting, between a heading and the lines below them."""
    n_lines = sum(-(-len(line) // ACROSS) for line in below)
    return IN_A_MEETING - LINE * n_lines - TITLE_LINE * (-(-len(heading) // TITLE_ACROSS) - 1)


def _heading(found: Sequence[Measure], chosen: frozenset[str], store: Store) -> str:
    """The finding: of all services, or of the one that is chosen; given back."""
    one = next(iter(chosen)) if len(chosen) == 1 else None
    said = (
        words.heading(found)
        if one is None
        else f"{store.lists.name('service', one)}: {lower_first(words.standing(found, one)).replace(LIKE, '')}"
    )
    st.header(html.plain(said), anchor=KEY)
    return said


def _said(found: Sequence[Measure], chosen: frozenset[str], store: Store) -> None:
    """How many lie beyond chance; of the one service that is chosen, its figures beside all and beside clients like its own."""
    if len(chosen) == 1:
        (service,) = chosen
        name, said = store.lists.name("service", service), words.one_service(found, service)
        if said:
            html.show(html.tag("p", html.tag("strong", name), f": {said}.", class_="answer"))
            return
    html.answer(words.finding(found))


def _chosen(usual: tuple[str, ...]) -> tuple[str, ...]:
    """The measures of the table, as the address has them."""
    wanted = (address.split(KEY) or "").split(",")
    return tuple(slug for slug in CHOICE if slug in wanted) or usual


def _choose(usual: tuple[str, ...]) -> None:
    session.show(f"{KEY}-choice", list(_chosen(usual)))
    st.pills(
        "Measures", CHOICE, selection_mode="multi", format_func=lambda slug: html.plain(metrics.get(slug).title), key=f"{KEY}-choice",
        on_change=_keep, args=(usual,),
    )  # fmt: skip


def _keep(usual: tuple[str, ...]) -> None:
    wanted = tuple(slug for slug in CHOICE if slug in session.shown(f"{KEY}-choice"))[:MOST]
    address.set_split(KEY, None if wanted in ((), usual) else ",".join(wanted))


def measure(slug: str, selection: Selection) -> Measure:
    """One measure of every service of the selection, on its own base unless the reader chose one; over time in quarters, or in years where many are hidden."""
    metric = metrics.get(slug)
    asked, always = metric.on_its_base(selection), metric.on_its_base(selection).but(period=calendar.ALL)
    over_time = answers.ask(slug, always, ("service", "quarter"))
    unit = "financial_year" if _is_mostly_hidden(over_time) else "quarter"
    if unit != "quarter":
        over_time = answers.ask(slug, always, ("service", unit))
    is_of_some = metric.base != "all" and selection.base == "all"
    bases = {base: _rows_on(slug, asked.but(base=base)) for base in OTHER_BASES} if is_of_some else {}
    services, whole = answers.ask(slug, asked, BY, case_mix=True), answers.ask(slug, asked).rows[0]
    return Measure(metric, services, whole, unit, over_time, answers.ask(slug, always, (unit,)), bases)


def _rows_on(slug: str, selection: Selection) -> dict:
    rows = {row.labels["service"]: row for row in answers.ask(slug, selection, BY).rows}
    return {None: answers.ask(slug, selection).rows[0], **rows}


def _is_mostly_hidden(released: Released) -> bool:
    states = [row.state for row in released.rows]
    return states.count(HIDDEN) * 2 > states.count(HIDDEN) + states.count(SHOWN)


def _table(found: Sequence[Measure], around: peers.Peers, selection: Selection, page: Asked, room: float) -> None:
    """All services first, then each of them in alphabetical order."""
    store = answers.store()
    codes = [row.labels["service"] for row in found[0].services.rows]
    shown = [code for i, code in enumerate(codes) if i < MOST_ROWS or code in around.chosen]
    there, goes_on = _on_this_screen(shown, store, TALL if len(found) <= SIDE_BY_SIDE else TALLER, room)
    head = html.tag("tr", html.tag("th", "Service", scope="col"), *(_head(one, page) for one in found))
    body = [
        _row(None, found, around, selection, store),
        *(_row(code, found, around, selection, store) for code in there),
    ]
    table = html.tag("table", signs(), html.tag("thead", head), html.tag("tbody", *body), class_="measures")
    html.show(
        html.tag(
            "div",
            table,
            class_="table-box measures-box",
            role="region",
            aria_label="Services by measures",
            tabindex="0",
        )
    )
    if goes_on:
        html.hint(goes_on)
    elif len(shown) < len(codes):
        html.hint(f"{len(shown)} of {len(codes)} services; the file has all.")


def _on_this_screen(codes: Sequence[str], store: Store, tall: float, room: float) -> tuple[Sequence[str], str]:
    """The services that stand on the screen of a meeting that is shown; all of them on a page."""
    if not address.is_presenting():
        return codes, ""
    names = [store.lists.name("service", code) for code in codes]
    return tour.on_this_screen(codes, [max(tall, LINE * len(wrap(name, NAME)) + 4) for name in names], room)


def signs(others: str = "") -> Html:
    """What the marks mean; `others` are the small grey dots, where there are any."""
    entries = (*SIGNS, ("other", others)) if others else SIGNS
    return html.tag("caption", *(html.tag("span", html.tag("i", class_=sign), f" {said} ") for sign, said in entries))


def _head(one: Measure, page: Asked) -> Html:
    slug = one.metric.slug
    has_funnel = page.has_funnels and slug in page.usual and not address.is_presenting()
    funnel = (" · ", html.tag("a", "against chance", href=f"#{slug}-service")) if has_funnel else ()
    said = html.tag("span", words.head_words(one, answers.store().lists.name), *funnel, class_="about")
    return html.tag("th", html.tag("span", one.metric.title), said, scope="col")


def _row(
    service: str | None, found: Sequence[Measure], around: peers.Peers, selection: Selection, store: Store
) -> Html:
    is_own = service is not None and (not around.chosen or service in around.chosen)
    kind = "together" if service is None else "own" if is_own else "peer"
    return html.tag("tr", _name(service, selection, store), *(_cell(one, service, kind) for one in found), class_=kind)


def _cell(one: Measure, service: str | None, kind: str) -> Html:
    """A cell of the table, written once for everybody: it depends on the question that the measure is, and on the bases beside it."""
    looks = id(one.services), bool(one.bases), service, kind
    return _CELLS.get(looks, lambda: (one.services, cell(one, service, kind)))[1]


def _name(service: str | None, selection: Selection, store: Store) -> Html:
    """The name, which on a page leads to the service's own with the selection kept, and what the service is."""
    if service is None:
        return html.tag("th", html.tag("strong", "All services"), scope="row")
    name = store.lists.name("service", service)
    if not address.is_presenting():  # in a meeting nobody presses anything
        query = address.query_of(selection.but(service=service), store.version)
        name = html.tag("a", name, href=menu.link("Service", query), target="_self")
    return html.tag(
        "th", name, html.tag("span", _what(store.lists.services[service], store), class_="about"), scope="row"
    )


def _what(service: Service, store: Store) -> str:
    silent = "" if "outcomes" in service.records else ", does not record outcomes"
    return f"{upper_first(store.lists.name('model', service.model))}{silent}"


def cell(one: Measure, service: str | None, kind: str, *, has_peers: bool = False) -> Html:
    """The figure of one service (None: all together) on one measure: its share at its mark, its range, its series; its peers in grey where it stands alone."""
    row = one.row(service)
    others = [other for other in one.services.rows if other is not row] if has_peers else []
    shape = "apart" if service and one.is_apart(row) else kind
    value = html.tag("strong" if row.rate is not None else "span", words.figure_words(row, one.digits), class_="value")
    ring = (
        html.tag("span", "○ ", words.expected_words(row, one.digits), class_="expected")
        if words.expected(row) is not None
        else ""
    )
    inside = [html.tag("span", value, ring, class_="said")]
    if row.rate is not None or row.why:
        drawn = strip(row, one.whole, one.top, shape, words.heard(row, one), others)
        inside.append(html.tag("span", drawn, spark(one, service, kind), class_="marks"))
        inside.append(html.tag("span", words.beside_bases(one, service), class_="about"))
    return html.tag(
        "td", html.tag("div", *inside, class_="figure"), data_column="This service" if has_peers else one.metric.title
    )


def spark(one: Measure, service: str | None, kind: str) -> Html:
    """The series of one service with that of the services like it."""
    rows = one.series(service)
    like = together.like(one.over_time, service, one.unit) if service else {}
    beside = [like.get(row.labels[one.unit]) for row in rows]
    return series(rows, beside, one.spark_top, words.series_words(rows, one.unit), is_own=kind != "peer")
