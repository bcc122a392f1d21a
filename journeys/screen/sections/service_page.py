"""One service on one page: what it is and records, whom it serves, its findings beside all and beside clients like its own, its changes, and questions to ask it."""

from dataclasses import replace

import streamlit as st

from journeys.answer.released import Row
from journeys.screen import address, answers, contents, html, meeting, menu, take_away
from journeys.store.opened import Store
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Service, ServiceChange
from journeys.vocabulary.selection import Selection
from journeys.words import enablers, phrases, quality, questions, sentences, shares
from journeys.words.questions import Facts, Question
from journeys.words.tables import Table

BY = ("service",)
NOBODY = "Choose a service, here or at the side: its page says what it is, how its figures stand beside those of all services, and what to ask it."
FINDINGS = ("engaged", "climbed", "training_or_education", "volunteering", "stepping_stone", "found_work")
WHOM = "With 95% intervals; work among people out of work at referral."
EXPECTED = (
    "Expected: the pooled rate for clients of the same age, status and deprivation, not another service. "
    "Where there is none, too few like them are measured elsewhere."
)
QUESTIONS = "From what its own figures show. None of them judges: each can have a good answer."


def service_page(selection: Selection) -> None:
    """The page of the service that is chosen, or the list of services to choose from."""
    store = answers.store()
    if selection.service is None:
        _choose(selection, store)
        return
    service = store.lists.services[selection.service]
    for key, title, draw in (
        ("questions", "Questions to ask it", _questions),
        ("about", "What it is", _about),
        ("findings", "Its figures beside all services and clients like its own", _findings),
        ("changes", "Its changes", _changes),
    ):
        contents.add(key, title)
        if meeting.is_turn():
            with st.container(border=True, key=f"panel-{key}"):
                st.header(html.plain(title), anchor=key)
                draw(service, selection, store)


def _choose(selection: Selection, store: Store) -> None:
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
    where = menu.page(question.page).name
    link = html.tag(
        "a",
        f"See {where}",
        href=menu.link(question.page, address.query_of(selection, store.version), question.panel),
        target="_self",
    )
    return html.tag("li", question.seen, " ", html.tag("strong", question.ask), " ", link)


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
    whole = answers.ask("referrals", selection.but(base="all")).rows[0]
    part = answers.ask("referrals", selection.but(base="working_age")).rows[0]
    sources = answers.ask("referral_sources", selection.but(base="all"))
    name = answers.store().lists.name
    known = sorted((row for row in sources.rows if row.rate is not None), key=lambda row: -row.rate)[:3]
    said = [
        f"{phrases.lowered(name('source', row.labels['source']))} {shares.percent(row.rate, row.denominator)}"
        for row in known
    ]
    from_whom = f"; mostly from: {', '.join(said)}" if said else ""
    return (
        f"{sentences.amount(whole.count)} referrals, {sentences.amount(part.count)} of people of working age{from_whom}"
    )


def _findings(service: Service, selection: Selection, store: Store) -> None:
    among = replace(selection, service=None)
    rows = tuple(_finding(slug, service, among) for slug in FINDINGS)
    shown = Table(("Measure", service.name, "All services", "Expected of clients like its own"), rows, 1, ())
    html.table(shown, f"Within {selection.within} months of referral. {WHOM}", is_wordy=True)
    html.foot([EXPECTED])
    take_away.of_table(shown, "findings", selection)


def _finding(slug: str, service: Service, among: Selection) -> tuple[str, ...]:
    """One measure: the service, all services and what is expected of clients like its own, in one precision."""
    row, metric = _row(slug, service, among), metrics.get(slug)
    whole = answers.ask(slug, metric.on_its_base(among)).rows[0]
    digits = shares.digits_of((row, whole))
    return metric.title, _rate(row, digits), _rate(whole, digits), _expected(row, digits)


def _rate(row: Row, digits: int) -> str:
    """`12% (9% to 15%)`, or the mark in words."""
    words = phrases.value_words(row, "proportion", digits)
    return words if row.rate is None else f"{words} ({shares.interval(row.low, row.high, digits)})"


def _expected(row: Row, digits: int) -> str:
    if row.expected is None or not row.denominator:
        return "–"
    said = shares.per_cent(row.expected / row.denominator, digits)
    return (
        said
        if row.ratio is None
        else f"{said}; {row.ratio:.2f} times as many were seen (likely {row.ratio_low:.2f} to {row.ratio_high:.2f})"
    )


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
