"""What is known of the data themselves: what each service records, how fresh it is, what loads refused, and whom to tell of a wrong figure."""

import os
from collections.abc import Iterable, Mapping, Sequence

from journeys.answer.rule import Rule
from journeys.intake.rules import RULES
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import RECORDS, LoadRecord, Service
from journeys.words.phrases import listed
from journeys.words.tables import Table

N_LOADS = 10
CONTACT = "JOURNEYS_CONTACT"
RECORDED, NOT_RECORDED = "yes", "[x]"
IN_FIELDS = ("contacts", "reasons", "goals", "readings")  # kinds that completeness looks at
RECORD_WORDS = {
    "outcomes": "Outcomes",
    "goals": "Goals",
    "reasons": "Reasons",
    "contacts": "Contacts",
    "activities": "Activities",
    "readings": "Readings",
    "readings_needs": "Readings: needs",
    "readings_confidence": "Readings: wellbeing",
}


def services_table(services: Iterable[Service], last: str) -> Table:
    """A row for each service: months covered, whether it is late or ended, and what it records, since and until when; `last` is the latest month of all."""
    header = ("Service", "Months covered", "Late or ended", *map(_head, RECORDS), "Follows up after closing")
    rows = tuple(
        (service.name, *_months(service, last), *_records(service), _follows_up(service)) for service in services
    )
    marks = ("[x]",) if any(NOT_RECORDED in row for row in rows) else ()
    return Table(header, rows, 1, marks)


def _head(kind: str) -> str:
    return RECORD_WORDS.get(kind, kind.replace("_", " ").capitalize())


def _months(service: Service, last: str) -> tuple[str, ...]:
    return f"{in_words(service.first_month)} to {in_words(service.last_month)}", freshness(service, last)


def freshness(service: Service, last: str) -> str:
    """`up to date`, `2 months late`, `ended: no data since May 2024`."""
    ended = getattr(service, "ended_month", None)
    if ended:
        return f"ended: no data since {in_words(ended)}"
    behind = months_behind(service.last_month, last)
    return f"{behind} {'month' if behind == 1 else 'months'} late" if behind else "up to date"


def _records(service: Service) -> tuple[str, ...]:
    return tuple(_recorded(service, kind) for kind in RECORDS)


def _recorded(service: Service, kind: str) -> str:
    """`yes`, `since April 2023`, `until May 2024`, `[x]`."""
    if kind not in service.records:
        return NOT_RECORDED
    since, until = (getattr(service, name, None) or {} for name in ("since", "until"))
    parts = [f"since {in_words(since[kind])}"] if since.get(kind, service.first_month) > service.first_month else []
    parts += [f"until {in_words(until[kind])}"] if until.get(kind, service.last_month) < service.last_month else []
    return ", ".join(parts) or RECORDED


def recorded_words(service: Service) -> str:
    """What a service records, and since when, in one line; then what it does not."""
    said = {RECORD_WORDS[kind].lower(): _recorded(service, kind) for kind in RECORDS}
    found = [name if words == RECORDED else f"{name} {words}" for name, words in said.items() if words != NOT_RECORDED]
    missing = [name for name, words in said.items() if words == NOT_RECORDED]
    return "; ".join(
        [*([", ".join(found)] if found else []), *([f"not {listed(missing, 'or')} [x]"] if missing else [])]
    )


def _follows_up(service: Service) -> str:
    return "yes" if service.follows_up else "no"


def months_behind(month: str, last: str) -> int:
    """How many months `month` lies before `last`, both as `2024-05`."""
    first, latest = (int(m[:4]) * 12 + int(m[5:]) for m in (month, last))
    return max(latest - first, 0)


def services_sentence(services: Sequence[Service], last: str) -> str:
    """The gaps first: who does not record what, who is late, who has ended; that nothing is missing where nothing is."""
    if len(services) == 1:
        return f"{services[0].name} {_gaps(services[0])}; it is {freshness(services[0], last)}."
    missing = [
        f"{_head(kind).lower()} by {n}" for kind in RECORDS if (n := sum(kind not in s.records for s in services))
    ]
    late = [s.name for s in services if months_behind(s.last_month, last) and not getattr(s, "ended_month", None)]
    ended = [s.name for s in services if getattr(s, "ended_month", None)]
    parts = [f"not recorded: {', '.join(missing)}"] if missing else ["every service records everything"]
    parts += [f"late: {listed(late)}"] if late else []
    parts += [f"ended: {listed(ended)}"] if ended else []
    parts += [f"all of them reach {in_words(last)}"] if not late and not ended else []
    return f"Of {len(services)} services, {'; '.join(parts)}."


def _gaps(service: Service) -> str:
    missing = [_head(kind).lower() for kind in RECORDS if kind not in service.records]
    return f"does not record {listed(missing, 'or')}" if missing else "records everything"


def never_handed_over(services: Sequence[Service], months: Sequence[str] = ()) -> str:
    """Below how complete the records are: what services do not hand over (in these months; all, where none are given) or hand over for a part of them, which counts as not filled in; empty where they hand over everything."""
    found = [(kind, _is_handed_over(one, kind, months)) for kind in IN_FIELDS for one in services]
    never, partly = ([kind for kind, is_there in found if is_there == those] for those in ({False}, {True, False}))
    if not never and not partly:
        return ""
    if len(services) == 1:
        said = [f"never hands over {listed(map(_in_words, never), 'or')}"] if never else []
        said += [f"does not hand over {listed(map(_in_words, partly), 'or')} all the time"] if partly else []
        return f"It {' and '.join(said)}, which counts as not filled in."
    said = [f"because never handed over: {_by_how_many(never)} of {len(services)} services"] if never else []
    said += [f"because not handed over all the time: {_by_how_many(partly)}"] if partly else []
    return f"Counted as not filled in, {'; '.join(said)}."


def _is_handed_over(service: Service, kind: str, months: Sequence[str]) -> set[bool]:
    """Whether a service hands a kind over in each of these months of its data; both, where it began or stopped between."""
    given = [month for month in months if service.first_month <= month <= service.last_month]
    since, until = service.since.get(kind, service.first_month), service.until.get(kind, service.last_month)
    return {kind in service.records and since <= month <= until for month in given} or {kind in service.records}


def _by_how_many(kinds: Sequence[str]) -> str:
    return listed(f"{_in_words(kind)} by {kinds.count(kind)}" for kind in dict.fromkeys(kinds))


def _in_words(kind: str) -> str:
    return _head(kind).lower()


# --- loads ------------------------------------------------------------------------------------------------------------


def rows_words(n: int, rule: Rule) -> str:
    """A number of refused rows as the pages say it: rounded as everything else; that none was refused may be said.

    Never of rows that were taken: with the service's own row they are one more than its journeys, and two numbers rounded apart
    give back what they have in common.
    """
    if n == 0:
        return "none"
    return f"fewer than {rule.k}" if rule.is_small(n) else f"about {rule.rounded(n):,}"


def day_words(moment: str) -> str:
    """`2026-11-23T10:00:00+00:00` as `23 November 2026`."""
    return f"{int(moment[8:10])} {in_words(moment[:7])}"


def latest_loads(loads: Sequence[LoadRecord], services: Iterable[str]) -> tuple[LoadRecord, ...]:
    """The newest loads that brought any of these services, newest first, at most N_LOADS."""
    wanted = set(services)
    brought = (load for load in reversed(loads) if load.what == "load" and wanted & set(load.services))
    return tuple(brought)[:N_LOADS]


def loads_table(loads: Sequence[LoadRecord], names: Mapping[str, str], rule: Rule) -> Table:
    """A row for each load: the day, the services, files, and rows refused. Names are those of services by id."""
    rows = tuple(
        (day_words(load.loaded_at), _service_words(load.services, names), str(len(load.files)), rows_words(load.rows_refused, rule))
        for load in loads
    )  # fmt: skip
    return Table(("Loaded on", "Services", "Files", "Rows refused"), rows, 2, ())


def _service_words(services: Sequence[str], names: Mapping[str, str]) -> str:
    if len(names) > 1 and set(services) == set(names):
        return f"all {len(names)} services"
    known = [names.get(s, s) for s in services]
    return ", ".join(known[:3]) + (f" and {len(known) - 3} more" if len(known) > 3 else "")


def findings_table(loads: Sequence[LoadRecord], rule: Rule) -> Table:
    """What the loads refused or noted, by rule, with how to mend it; a row for each load and rule."""
    rows = tuple(
        (day_words(load.loaded_at), _rule_words(name), rows_words(_refused(name, n), rule), _mend(name))
        for load in loads for name, n in load.findings.items() if n
    )  # fmt: skip
    return Table(("Loaded on", "What was found", "Rows refused", "How to mend it"), rows, 2, ())


def _refused(name: str, n: int) -> int:
    """How many rows a finding refused: none where it is a note on rows that were taken."""
    return n if name in RULES and RULES[name].is_refusal else 0


def _rule_words(name: str) -> str:
    if name not in RULES:
        return name.replace("_", " ")
    found = RULES[name]
    return found.words if found.is_refusal else f"Note: {found.words[:1].lower()}{found.words[1:]}"


def _mend(name: str) -> str:
    return RULES[name].mend if name in RULES else ""


def loads_sentence(loads: Sequence[LoadRecord], rule: Rule) -> str:
    """The latest load, and whether it refused anything."""
    if not loads:
        return "No load is on record for this selection."
    latest = loads[0]
    day = day_words(latest.loaded_at)
    if not latest.rows_refused:
        return f"The latest load, on {day}, refused nothing."
    refused = rows_words(latest.rows_refused, rule)
    return f"The latest load, on {day}, left out {refused} rows because they broke a rule; they are in no figure."


# --- words ------------------------------------------------------------------------------------------------------------


def contact(environ: Mapping[str, str] | None = None) -> str:
    """Whom to tell of a wrong figure: what JOURNEYS_CONTACT says, else a description of the person."""
    found = (os.environ if environ is None else environ).get(CONTACT, "").strip()
    return found or "the person who loads the deliveries"


ACCESSIBILITY = (
    "We want everybody to be able to use this dashboard, and aim for the Web Content Accessibility Guidelines 2.2 at level AA.",
    "What is done for it: every figure has a text alternative, a sentence and a table with the same numbers; nothing is told by colour "
    "alone; there are a light and a dark theme and a print style; the pages are made to be worked with the keyboard, zoomed to 200% and read "
    "on a narrow screen.",
    "How it is tested: with axe-core and by eye in Chromium, in light and dark, wide and narrow. It has not been tested by people who "
    "use assistive technology every day, nor audited by anybody outside the project.",
    "What is known not to work well: the dashboard is built with Streamlit, and some of its own parts fall short, such as the box that takes files on the Data page; its pages need "
    "JavaScript; moving through the points of a figure with the keyboard is not possible, so use the table beside it; figures saved as "
    "pictures carry no text alternative, so send the CSV with them.",
)


def accessibility(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The accessibility statement, a paragraph each; the last says whom to tell."""
    return (
        *ACCESSIBILITY,
        f"If something cannot be read or used, tell {contact(environ)}: say which page, and what you use to read it.",
    )
