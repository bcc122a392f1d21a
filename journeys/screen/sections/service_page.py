"""One service on one page: what it is and records, whom it serves, its findings beside all and beside clients like its own, its changes, and questions to ask it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from journeys.answer.released import Row
from journeys.screen import address, answers, html, meeting, menu, take_away
from journeys.screen.sections import measures
from journeys.store.opened import Store
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Service, ServiceChange, short_people
from journeys.vocabulary.selection import Selection
from journeys.words import cohort, enablers, peers, quality, questions
from journeys.words.finding import finding
from journeys.words.peers import Measure
from journeys.words.questions import Facts, Question

BY = ("service",)
NOBODY = "Choose a service, here or in the menu: its page says what it is, how its figures stand beside those of all services, and what to ask it."
FINDINGS = ("engaged", "climbed", "training_or_education", "volunteering", "stepping_stone", "found_work")
PARTS = 5  # parts of the page that come first
EXPECTED = "Expected: the pooled rate for clients of the same age, status and deprivation, not another service."
QUESTIONS = "From what its own figures show. None of them judges: each can have a good answer."


def service_page(selection: Selection) -> None:
    """The page of the service that is chosen, or the list of services to choose from."""
    store = answers.store()
    if selection.service is None:
        _choose(selection, store)
        return
    service = store.lists.services[selection.service]
    _part(st.container(), "questions", "Questions to ask it", _questions, service, selection)
    _part(st.container(), "findings", "", _findings, service, selection)
    about, beside = _halves((3, 2))
    _part(about, "about", "What it is", _about, service, selection)
    _part(beside, "changes", "Its changes", _changes, service, selection)
    _part(beside, "quality", "How good its data are", _quality, service, selection)


def _halves(widths: tuple[int, int]) -> Sequence:
    """Two places beside each other; in meeting mode, where one panel has its turn, each has the whole width."""
    return (st.container(), st.container()) if address.is_presenting() else st.columns(widths)


def _part(place: Any, key: str, title: str, draw: Callable, service: Service, selection: Selection) -> None:
    with place:
        if meeting.is_turn(key, PARTS):
            with st.container(border=True, key=f"panel-{key}"):
                if title:
                    st.header(html.plain(title), anchor=key)
                draw(service, selection, answers.store())


def _choose(selection: Selection, store: Store) -> None:
    if address.is_presenting():  # what was ticked has its turn
        return
    with st.container(border=True, key="panel-choose-service"):
        st.header("Services", anchor="services")
        html.answer(NOBODY)
        for service in _listed(selection, store):
            query = address.query_of(selection.but(service=service.service_id), store.version)
            st.page_link(
                menu.files()["Service"],
                label=html.plain(service.name),
                icon=":material/storefront:",
                query_params=query,
            )


def _listed(selection: Selection, store: Store) -> list[Service]:
    where = store.lists.where(selection)
    found = [service for service in store.lists.services.values() if service.service_id in where]
    return sorted(found, key=lambda one: one.name.casefold())


def _questions(service: Service, selection: Selection, store: Store) -> None:
    found = questions.questions(_facts(service, selection))
    html.answer(
        f"{len(found)} {'question' if len(found) == 1 else 'questions'} that the figures of {service.name} raise."
    )
    html.show(html.tag("ul", *(_question(one, selection, store) for one in found), class_="list questions"))
    html.foot([QUESTIONS])


def _question(question: Question, selection: Selection, store: Store) -> html.Html:
    where = f"{question.figure} ({menu.page(question.page).name})"
    if not address.is_presenting():  # in a meeting nobody presses anything
        to = menu.link(question.page, address.query_of(selection, store.version), question.panel)
        where = html.tag("a", where, href=to, target="_self")
    return html.tag("li", question.seen, " ", html.tag("strong", question.ask), " ", where)


def _facts(service: Service, selection: Selection) -> Facts:
    """Every answer that a rule looks at."""
    among = replace(selection, service=None)
    return Facts(
        service,
        {slug: _row(slug, service, among) for slug in questions.wanted(questions.AMONG)},
        {slug: answers.ask(slug, selection) for slug in questions.wanted(questions.OWN)},
        {slug: answers.ask(slug, selection, ("quarter",)) for slug in questions.wanted(questions.QUARTERS)},
        answers.store().lists.name,
    )


def _row(slug: str, service: Service, among: Selection) -> Row:
    """The service among its peers, on the metric's own base, with what is expected of clients like its own."""
    asked = answers.ask(slug, metrics.get(slug).on_its_base(among), BY, case_mix=True)
    return asked.row(service=service.service_id)


def _about(service: Service, selection: Selection, store: Store) -> None:
    names = store.lists.name
    html.definition(
        (
            ("Commissioner", service.commissioner_name),
            ("Model", names("model", service.model)),
            ("Place", names("co_located", service.co_located)),
            ("Funding", names("funding", service.funding)),
            ("Data", _data(service)),
            ("Records", quality.recorded_words(service)),
            ("Follows up after closing", "yes" if service.follows_up else "no"),
            ("Whom it serves", _served(selection)),
            ("Towards work", enablers.in_words(service, names)),
        )
    )


def _data(service: Service) -> str:
    ended = f"; ended {in_words(service.ended_month)}" if service.ended_month else ""
    late = "; late" if service.is_late else ""
    return f"{in_words(service.first_month)} to {in_words(service.last_month)}{ended}{late}"


def _served(selection: Selection) -> str:
    """Referrals, how many of working age, and the commonest sources, each as released."""
    everyone = selection.but(base="all")
    whole = answers.ask("referrals", everyone).rows[0]
    part = answers.ask("referrals", selection.but(base="working_age")).rows[0]
    sources = answers.ask("referral_sources", everyone)
    any_base = "" if selection.base == "all" else short_people(everyone)
    return cohort.served_words(whole, part, sources, answers.store().lists.name, any_base)


def _findings(service: Service, selection: Selection, store: Store) -> None:
    """A row a measure: the service among its peers, all services, what is expected of clients like its own, and its series."""
    code, around = service.service_id, replace(selection, service=None)
    found = [measures.measure(slug, around) for slug in FINDINGS]
    st.header(html.plain(peers.standing(found, code)), anchor="findings")
    html.show(html.tag("p", "Its figures beside all services and beside clients like its own", class_="subtitle"))
    titles = ("Measure", service.name, "All services", "Beside clients like its own")
    head = html.tag("tr", *(html.tag("th", title, scope="col") for title in titles))
    body = html.tag("tbody", *(_finding(one, code, store) for one in found))
    table = html.tag("table", measures.signs("its peers"), html.tag("thead", head), body, class_="measures one-service")
    html.show(
        html.tag("div", table, class_="table-box measures-box", role="region", aria_label=titles[3], tabindex="0")
    )
    html.foot([peers.not_compared(found, code), EXPECTED, peers.why_nothing_expected(found, code)])
    take_away.of_table(peers.table(found, store.lists.name), "findings", selection)


def _finding(one: Measure, code: str, store: Store) -> html.Html:
    row = one.row(code)
    about = html.tag("span", peers.head_words(one, store.lists.name), class_="about")
    name = html.tag("th", one.metric.title, about, scope="row")
    texts = (peers.figure_words(one.whole, one.digits), _times(row))
    cells = (
        html.tag("td", text, data_column=title)
        for text, title in zip(texts, ("All services", "Clients like its own"), strict=True)
    )
    return html.tag("tr", name, measures.cell(one, code, "own", has_peers=True), *cells)


def _times(row: Row) -> str:
    if row.ratio is None:
        return "–"
    return f"{row.ratio:.2f} times what is expected (likely {row.ratio_low:.2f} to {row.ratio_high:.2f})"


def _quality(service: Service, selection: Selection, store: Store) -> None:
    """Its emptiest fields, how many have a second reading, and how fresh it is."""
    names = store.lists.name
    found = [(metrics.get(slug), answers.ask(slug, selection)) for slug in ("completeness", "followed_up")]
    lines = [
        html.join((html.tag("strong", metric.title), f": {finding(one, metric, names)}.")) for metric, one in found
    ]
    html.show(html.bullets([*lines, f"Its data: {quality.freshness(service, store.as_of)}."]))


def _changes(service: Service, selection: Selection, store: Store) -> None:
    mine = [change for change in store.changes if change.service_id == service.service_id]
    if not mine:
        html.answer(
            "No dated change of this service is in the data. A new referrer, a merger or a new form changes figures: ask for them."
        )
        return
    html.show(html.bullets(_change(change) for change in mine))


def _change(change: ServiceChange) -> html.Html:
    detail = f" {change.detail}" if change.detail else ""
    return html.join((html.tag("strong", f"{in_words(change.month)}: "), f"{change.title.rstrip('.')}.", detail))
