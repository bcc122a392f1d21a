"""The number once: what a heading has said already is not said again in the sentence below it."""

import re
from collections import Counter

SHARE = re.compile(r"\d[\d.]*%")
OTHERS = "The table has the others."
WIDER = "; choose something wider."  # the choices stand below it on a page
NOT_NONE = "which is not the same as none"
COUNT = re.compile(r"about \d[\d,]*", re.IGNORECASE)
LISTED = re.compile(r" \(about [\d,]+\)", re.IGNORECASE)
CHANGE = re.compile(r"(?:[+−]\d+\.\d|0\.0)(?= on average)")


def below(heading: str, sentence: str) -> str:
    """The sentence without the figures of its heading: `(27%, likely 26% to 28%)` becomes `(likely 26% to 28%)`; empty where nothing else is said.

    Each is left out once, where the sentence stands without it; bounds and intervals stay.
    """
    bare = _capital(heading.rpartition(": ")[2])  # without the measure
    wholes = {f"{said}{end}" for said in (heading, bare) for end in (".", WIDER)}
    if heading and sentence in wholes:
        return ""
    if sentence.endswith(WIDER):
        sentence = f"{sentence.removesuffix(WIDER)}."
    if heading:
        sentence = sentence.removeprefix(f"{heading}. ")
        why = next((said for said in (heading, bare) if sentence.startswith(f"{said}: ")), "")
        if why:  # it is so
            return _capital(sentence.removeprefix(f"{why}: "))
    if heading.endswith(NOT_NONE):
        sentence = re.sub(r"; not recorded is not the same as none(?=\.)", "", sentence)
    whole = heading.partition(": ")[0]
    if COUNT.match(whole):
        sentence = _without_clause(whole, sentence)
    sentence = _without_range(heading, sentence)
    for share in SHARE.findall(heading):
        sentence = _without_share(share, sentence)
    said = Counter(f" ({count})".lower() for count in COUNT.findall(heading))
    listed = Counter(found.lower() for found in LISTED.findall(sentence))
    if listed <= said:  # in a list either all have their figure or none; two that are alike are two
        sentence = LISTED.sub("", sentence)
    for change in CHANGE.findall(heading):
        sentence = re.sub(
            rf", a change of {re.escape(change)} \(likely ([^)]*)\)", r", likely a change of \1", sentence
        )
    return "" if sentence == OTHERS else sentence  # that alone is no lead


def _without_clause(whole: str, sentence: str) -> str:
    """What follows a clause that the heading is, whether the period stands behind it or before it."""
    turned = re.match(r"In (?P<when>[^,]+), (?P<what>[^.;]*)", sentence)
    is_turned = turned and f"{turned['what']} in {turned['when']}".lower() == whole.lower()
    said = turned.end() if turned and is_turned else len(whole) if sentence.startswith(whole) else 0
    return _capital(_named(sentence[said:].lstrip(".,; "))) if said else sentence


def _without_range(heading: str, sentence: str) -> str:
    """What follows `Across 8 services, between ...`, where the heading has the range and of how many it is."""
    turned = re.match(r"Across (?P<of>[^,]+), (?P<what>.*)", sentence)
    said, _, of = heading.rpartition(" across ")
    if not turned or not said or turned["of"] != of or not turned["what"].startswith(said[:1].lower() + said[1:]):
        return sentence
    rest = turned["what"][len(said) :].lstrip()
    period, more = _parted(rest)
    return _capital(more if period.startswith("in ") else rest)  # a period alone is no sentence


def _named(rest: str) -> str:
    """`to Steady Minds; higher since July` becomes `Steady Minds: higher since July`; nothing where only place and people are left."""
    place, said = _parted(rest)
    if not place.startswith(("to ", "at ", "(")):
        return rest
    who = place[1:].removesuffix(")") if place.startswith("(") else place[3:]
    return f"{who}: {said}" if said else ""


def _parted(words: str) -> tuple[str, str]:
    """What stands before and behind the first semicolon that is in no brackets."""
    at = next(
        (m.start() for m in re.finditer("; ", words) if words[: m.start()].count("(") == words[: m.start()].count(")")),
        None,
    )
    return (words, "") if at is None else (words[:at], words[at + 2 :])


def _without_share(share: str, sentence: str) -> str:
    """The share in brackets, or the estimate whose likely range follows."""
    found = re.escape(share)
    for pattern, instead in (
        (rf" \({found}\)", ""),
        (rf"\({found}, (?=likely|about|very)", "("),
        (rf"an estimated {found}, (likely [^,]*),", r"\1"),
    ):
        sentence, n = re.subn(pattern, instead, sentence, count=1)
        if n:
            break
    return sentence


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
