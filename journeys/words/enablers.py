"""The report's enablers of work, as services say them of themselves: what they offer, and what their commissioner asks for."""

from collections.abc import Callable, Sequence

from journeys.vocabulary import calendar
from journeys.vocabulary.lists import Service
from journeys.words import evidence
from journeys.words.tables import Table

ASKED, PUBLISHED = "work_outcomes_asked_for", "commissioners_ask_for_work_data"
COLUMNS = {
    "support_offer": "Support it offers",
    "employment_adviser_on_site": "Employment adviser on site",
    "jobcentre_link": "Link to a jobcentre",
    "staff_trained_in_employment_support": "Staff trained in it",
    ASKED: "Work outcomes asked for",
    "work_outcomes_in_specification": "In its specification",
}
UNKNOWN = "not said"
SAID = (
    "As each service says it in its delivery; nothing here is a score, and none of it is needed of every service.",
    "Work Foundation 2018/19: what helps is time with people, advisers and link workers under one roof, a working link to jobcentres, and commissioners who ask.",
)


def table(services: Sequence[Service], names: Callable[[str, str], str]) -> Table:
    """A row a service, in alphabetical order."""
    header = ("Service", *COLUMNS.values(), "Contract", "Takes the place of")
    rows = tuple(
        (
            service.name,
            *(_said(getattr(service, column), column, names) for column in COLUMNS),
            _contract(service),
            _replaced(service, names),
        )
        for service in sorted(services, key=lambda one: one.name.casefold())
    )
    if not any(service.replaces for service in services):  # a column of dashes says nothing
        header, rows = header[:-1], tuple(row[:-1] for row in rows)
    return Table(header, rows, 1, ())


def _said(code: str, column: str, names: Callable[[str, str], str]) -> str:
    if code in ("", "unknown"):
        return UNKNOWN
    return code if code in ("yes", "no") else names(column, code).lower()


def in_words(service: Service, names: Callable[[str, str], str]) -> str:
    """The same for one service, without what it does not say."""
    said = {title: _said(getattr(service, column), column, names) for column, title in COLUMNS.items()}
    return "; ".join(f"{title.lower()}: {words}" for title, words in said.items() if words != UNKNOWN) or UNKNOWN


def _contract(service: Service) -> str:
    first, last = service.contract_from_month, service.contract_to_month
    if not (first or last):
        return UNKNOWN
    return f"{calendar.in_words(first) if first else '…'} to {calendar.in_words(last) if last else '…'}"


def _replaced(service: Service, names: Callable[[str, str], str]) -> str:
    if not service.replaces:
        return "–"
    try:
        return names("service", service.replaces)
    except KeyError:
        return service.replaces


def mirror(services: Sequence[Service]) -> str:
    """The reader's own part: of how many of these services work outcomes are asked, beside what respondents said in 2018."""
    n, n_asked = len(services), sum(getattr(service, ASKED) == "yes" for service in services)
    n_silent = sum(getattr(service, ASKED) in ("", "unknown") for service in services)
    if n == 1:
        whether = "does not say whether" if n_silent else "says that"
        are = "are" if n_asked or n_silent else "are not"
        return f"The service {whether} work outcomes {are} asked of it; {_published()}"
    asked = f"Work outcomes are asked of {n_asked or 'none'} of your {n} services"
    silent = f" ({n_silent} {'does' if n_silent == 1 else 'do'} not say)" if n_silent else ""
    return f"{asked}{silent}; {_published()}"


def _published() -> str:
    found = next(row for row in evidence.published() if row.metric == PUBLISHED)
    return f"in {found.period} {found.printed} of respondents said that they are."
