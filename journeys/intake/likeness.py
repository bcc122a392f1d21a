"""How like a service's own headers, sheet names and values are to those of the dictionary (RapidFuzz)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from journeys.intake import texts
from journeys.intake.identifiers import is_identifying_name
from journeys.intake.staging import said_for
from journeys.intake.texts import squash
from journeys.intake.typed import NO, YES
from journeys.vocabulary.dictionary import Column, Dictionary, Table, Tool

MIN_NAME, MIN_VALUE, MIN_TABLE, MIN_LETTERS, MIN_ITEM = 74, 70, 80, 3, 90
# What services call things that the dictionary calls otherwise.
OTHER_NAMES = {
    "journey_id": ("case id", "case number", "referral id", "episode id", "case ref", "case reference"),
    "client_ref": (
        "client id",
        "client number",
        "pseudonym",
        "client reference",
        "participant id",
        "client code",
        "person code",
        "person id",
    ),
    "service_id": ("service", "scheme", "project", "scheme id"),
    "referred_on": ("date of referral", "referral date", "date referred", "referred", "when referred"),
    "referral_source": (
        "referred by",
        "source of referral",
        "referrer type",
        "referrer",
        "who referred",
        "who referral",
    ),
    "first_contact_on": ("date of first contact", "first contact date", "first appointment"),
    "closed_on": ("date closed", "end date", "case closed date", "discharge date"),
    "closure_reason": ("reason closed", "reason for closure", "discharge reason"),
    "age_at_referral": ("age", "how old"),
    "gender": ("sex", "sex of client"),
    "ethnic_group": ("ethnicity", "ethnic category"),
    "imd_decile": ("imd", "deprivation decile"),
    "long_term_conditions": ("ltcs", "number of long term conditions", "ltc count"),
    "employment_status": ("employment", "work status", "working status"),
    "contact_on": ("contact date", "date of contact", "appointment date"),
    "kind": ("contact type", "type of contact", "method", "contact method"),
    "minutes": ("duration", "length in minutes", "duration minutes"),
    "reason": ("reason for referral", "referral reason", "presenting need"),
    "main": ("primary", "main reason", "primary reason"),
    "set_on": ("date set", "goal date"),
    "status_on": ("date of status", "status date", "date achieved"),
    "measured_on": ("date", "date completed", "assessment date", "date of reading"),
    "tool": ("questionnaire", "measure", "scale"),
    "started_on": ("start date", "date started"),
    "ended_on": ("end date", "date ended", "finish date"),
    "hours_per_week": ("hours", "weekly hours"),
    "changed_on": ("date", "date of change"),
}

OTHER_TABLES = {
    "service": ("schemes", "projects", "services"),
    "journey": ("referrals", "cases", "clients", "caseload"),
    "contact": ("appointments", "sessions", "calls"),
    "activity": ("onward referrals", "signposting", "support"),
    "measure": ("assessments", "scores", "questionnaires"),
}


# What services write for codes; only ever suggested, for a person to look at.
OTHER_VALUES = {
    "gp": ("general practitioner", "general practice", "doctor", "surgery", "general medical practitioner practice"),
    "self": ("self referral",),
    "social_isolation": ("loneliness", "lonely", "isolated"),
    "financial_advice": ("money", "debt", "benefits"),
    "employment": ("work", "job", "unemployed", "worklessness"),
    "other": ("indeterminate", "9"),
    "not_stated": ("declined", "prefer not to say", "refused"),
    "nature": ("gardening", "allotment", "conservation"),
    "telephone": ("phone", "call"),
    "face_to_face": ("in person", "home visit", "f2f"),
    "message": ("text", "sms", "e-mail", "email", "letter"),
}
# The same for yes and no; an x may be either.
OTHER_FLAGS = {
    "yes": (*YES, "t", "on", "\u2713", "\u2714", "ticked", "checked", "attended", "did attend", "seen", "present"),
    "no": (
        *NO, "f", "off", "\u2717", "\u2718", "unticked", "unchecked", "dna", "did not attend", "not attended", "no show", "absent",
    ),
}  # fmt: skip
QUESTION_WORDS = frozenset(
    [
        "what",
        "is",
        "the",
        "which",
        "when",
        "was",
        "were",
        "made",
        "did",
        "does",
        "do",
        "are",
        "they",
        "their",
        "of",
        "this",
        "a",
        "an",
        "please",
    ]
)


def known_headers(words: Dictionary, theirs: Iterable[str] = ()) -> frozenset[str]:
    """Squashed headers by which the first row of a table is told: ours, what else services call them, and those that a mapping names (`theirs`)."""
    ours = [name for table in words.tables.values() for name in table.columns]
    others = [name for column in ours for name in OTHER_NAMES.get(column, ())]
    return frozenset(map(squash, (*ours, *others, *theirs)))


@lru_cache(4096)
def _plain(words: str) -> str:
    """Words to compare: folded, lower case, without accents, the last part of a nested name (`Case/Who referred`), a question without its small words."""
    letters = unicodedata.normalize("NFD", texts.folded(words).lower())
    said = re.sub(r"\(not\b[^)]*\)", " ", re.sub(r"[\u0300-\u036f]", "", letters))
    is_question = "?" in said
    said = re.sub(r"\([^)]*\)", " ", said) if is_question or "(finding)" in said else said
    last = re.split(r"[/>|]", said)[-1] if re.search(r"\w{3,}/\w", said) else said
    plain = re.sub(r"[_?.:,-]+", " ", last)
    if is_question:
        plain = re.sub(r"\b(the|this) (person|client|patient|participant)\b", " ", plain)
        return " ".join(word for word in plain.split() if word not in QUESTION_WORDS)
    return " ".join(plain.split())


def name_likeness(header: str, column: str) -> float:
    """0 to 100: how like a header is to a column's name or what else services call it."""
    names = [_plain(column), *OTHER_NAMES.get(column, ())]
    said = [plain for plain in map(_plain, _ways(header)) if len(plain) >= MIN_LETTERS]
    return max((fuzz.token_sort_ratio(plain, name) for plain in said for name in names), default=0)


def _ways(header: str) -> tuple[str, ...]:
    """A header as it is, without its unit (`Age (yrs)`), and each of two languages (`Oedran / Age`)."""
    return (
        header,
        re.sub(r"[(\[][^)\]]*[)\]]", " ", header),
        *re.split(r"\s[/|]\s", header)[1:],
        *re.split(r"\s[/|]\s", header)[:1],
    )


def likely_columns(headers: Sequence[str], columns: Iterable[str]) -> dict[str, str]:
    """Header to column, the likeliest pairs first, each once."""
    scores = [(name_likeness(header, column), header, column) for column in columns for header in headers]
    found: dict[str, str] = {}
    for score, header, column in sorted(scores, key=lambda pair: -pair[0]):
        if score >= MIN_NAME and header not in found and column not in found.values():
            found[header] = column
    return found


def match_headers(headers: Sequence[str], values: Mapping[str, Sequence[str]], table: Table) -> dict[str, str]:
    """Column to header, the likeliest pairs first, each column and header once, in the table's order of columns."""
    scores = [
        (_pair_likeness(header, values[header], column), column.name, header)
        for header in headers
        for column in table.columns.values()
        if squash(header) == squash(column.name) or not is_identifying_name(header)
    ]
    matched: dict[str, str] = {}
    for score, column, header in sorted(scores, key=lambda pair: -pair[0]):
        if score >= MIN_NAME and column not in matched and header not in matched.values():
            matched[column] = header
    return {column: matched[column] for column in table.columns if column in matched}


def _pair_likeness(header: str, values: Iterable[str], column: Column) -> float:
    """Likeness of names, moved up where half of the values are codes of the column, and down where none is."""
    if squash(header) == squash(column.name):
        return 200.0
    score, held = name_likeness(header, column.name), list(values)
    if not column.codes or not held:
        return score
    share = sum(bool(code_of(value, column) or best_code(value, column)) for value in held) / len(held)
    return score + 30 * (share - 0.5)


def code_of(value: str, column: Column) -> str | None:
    """The code (yes or no of a flag) that the intake takes a value for as it stands, or None."""
    if column.type == "flag":
        said = texts.folded(value).strip().lower()
        return "yes" if said in YES else "no" if said in NO else None
    return next((code.code for code in column.codes if texts.key(value.strip()) in said_for(code)), None)


def best_code(value: str, column: Column) -> str | None:
    """The code whose code or label a value is most like, or None when it is like none; `H - Indian` by its letter."""
    if column.type == "flag":
        said = texts.folded(value).lower().strip(" .!").removesuffix(".0")
        return next((flag for flag, words in OTHER_FLAGS.items() if said in words), None)
    value = re.sub(r"^([0-9]{1,2})[.]0+$", r"\1", value)  # 5.0, which a program made of the code 5
    if code_of(value, column):
        return code_of(value, column)
    letter = re.match(r"([A-Za-z0-9]{1,2}) ?[-:] ", texts.folded(value))
    if letter and code_of(letter[1], column):
        return code_of(letter[1], column)
    aliases = {
        (code.code, i): alias
        for code in column.codes
        for i, alias in enumerate((code.code, code.label, *OTHER_VALUES.get(code.code, ())))
    }
    best = process.extractOne(value, aliases, scorer=_value_likeness, score_cutoff=MIN_VALUE)
    return best[2][0] if best else None


def _value_likeness(value: str, alias: str, *, score_cutoff: float | None = None) -> float:
    """Likeness by words, and by letters alone where the value is long enough to tell ("Job centre", "Jobcentre Plus")."""
    score = fuzz.token_set_ratio(_plain(value), _plain(alias))
    letters = squash(value)
    return (
        max(score, fuzz.partial_ratio(letters, squash(alias))) if min(len(letters), len(squash(alias))) > 4 else score
    )


def likely_items(headers: Sequence[str], tool: Tool) -> dict[str, str]:
    """Header to item of a tool, each item once: by the item's name alone, and a single score (`total`) only beside the tool's."""
    found: dict[str, str] = {}
    for header in headers:
        said = _plain(re.sub(r"\([^)]*\)", " ", header))
        is_named = any(_plain(name) in said for name in (tool.code, tool.label))
        for item in tool.items.values():
            alike = max(fuzz.token_set_ratio(said, _plain(name)) for name in (item.code, item.label))
            is_alone = len(tool.items) == 1 and is_named
            if (
                item.code not in found.values()
                and (alike >= MIN_ITEM or is_alone)
                and (is_named or len(tool.items) > 1)
            ):
                found[header] = item.code
                break
    return found


def best_table(stems: Sequence[str], header: Sequence[str], words: Dictionary, taken: Iterable[str]) -> str | None:
    """The table that a sheet of this name and header most likely holds, or None."""
    scores = {}
    for table in words.tables.values():
        if table.name not in taken:
            own = [column for column in table.columns if column not in ("service_id", "journey_id")]
            found = [max((name_likeness(cell, column) for cell in header), default=0) >= MIN_NAME for column in own]
            names = (table.name, table.title, *OTHER_TABLES.get(table.name, ()))
            name = max(fuzz.token_set_ratio(_plain(stem), _plain(n)) for stem in stems for n in names)
            needed = [is_found for is_found, column in zip(found, own, strict=True) if table.columns[column].required]
            share = sum(needed) / len(needed) if len(needed) > 1 else 0
            scores[table.name] = name + 100 * max(sum(found) / len(own), share)
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best and scores[best] >= MIN_TABLE else None
