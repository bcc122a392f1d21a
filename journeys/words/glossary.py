"""The words of pages that not everybody knows, and what each means here; pages explain them where they stand, Definitions lists them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term as the list names it, what it means, and how it looks in a sentence when that is not its name (a regular expression)."""

    name: str
    meaning: str
    looks: str = ""


TERMS = (
    Term("journey", "One referral of one client to one service. One person can have several.", r"journeys?"),
    Term(
        "rung",
        "A step of the positive upward spiral: starting out, basic needs, confidence, learning and volunteering, work, staying in work. "
        "Learning and volunteering, once reached, are kept; the others can be lost.",
        r"rungs?",
    ),
    Term(
        "stepping stone",
        "Training, education, a qualification, volunteering or work experience: what often comes before work.",
        r"stepping stones?",
    ),
    Term("link worker", "Who speaks with a person after the referral and links them to support.", r"link workers?"),
    Term(
        "likely (95% interval)",
        "How far chance alone can move this figure: of 100 such ranges about 95 hold the true value. The fewer people, the wider. It says nothing of what was not recorded.",
        r"likely(?= [+−\d])|95% intervals?",
    ),
    Term("working age", "Aged 16 to 64 at referral, whether in work, out of work or neither."),
    Term(
        "out of work",
        "Of working age and not in paid work at referral: looking for work or not, long-term sick, studying, looking after home or family, or volunteering.",
    ),
    Term(
        "left out",
        "In neither part of the share, with the reason: the service did not record it then, or there was not the time yet.",
        r"(?<!too few )(?<!few are )left out(?! of| [\d,]+ rows)",  # those say why a number is hidden
    ),
    Term(
        "by chance",
        "Services of this size differ as much without any reason: the limits are those that 99.8% of equal services would keep to.",
        r"(?:beyond|expected by|against) chance|by chance",
    ),
    Term(
        "as usual",
        "Within the limits of how much a quarter differs from the next when nothing has changed, and no run of quarters to one side.",
    ),
    Term(
        "clients like its own",
        "What the same measure would be here if each group of clients (age, employment and so on) did as that group does in all services together.",
        r"clients like (?:its|their) own",
    ),
    Term(
        "pair", "A first and a later reading of one person with one tool: each is compared with themselves.", r"pairs"
    ),
    Term("first job", "The first paid work that somebody started after referral.", r"first jobs?"),
    Term("SWEMWBS", "Seven questions on mental wellbeing; 7 to 35, higher is better."),
    Term("WEMWBS", "Fourteen questions on mental wellbeing; 14 to 70, higher is better."),
    Term(
        "ONS4",
        "Four questions on a person's life: satisfaction, worth, happiness (higher is better) and anxiety (lower is better); 0 to 10 each.",
    ),
    Term("UCLA-3", "Three questions on loneliness; 3 to 9, lower is better."),
    Term(
        "Well-being Star", "Eight sides of life that a person rates with a link worker; 1 to 5 each, higher is better."
    ),
    Term(
        "Multiple Barriers Assessment Tool",
        "What stands between a person and work, each barrier there or not; fewer is better.",
    ),
    Term(
        "Patient Activation Measure", "How able people feel to look after their own health; 0 to 100, higher is better."
    ),
)
_LOOKS = re.compile(
    "|".join(rf"(?P<t{i}>\b(?:{term.looks or re.escape(term.name)})\b)" for i, term in enumerate(TERMS))
)


def explained(words: str) -> Iterator[tuple[str, str]]:
    """The pieces of a text with what each means: the first time that a term stands there, else nothing."""
    end, said = 0, set()
    for found in _LOOKS.finditer(words):
        term = TERMS[int((found.lastgroup or "t0")[1:])]
        if term.name not in said:
            said.add(term.name)
            yield words[end : found.start()], ""
            yield found.group(), term.meaning
            end = found.end()
    yield words[end:], ""
