"""Codes that people cannot tell apart: they would be two services, or two commissioners, where one is meant."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from journeys.intake import texts

BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters that look like nothing


def folded(code: str) -> str:
    """A code without what a reader cannot see: capitals, invisible characters, kinds of spaces and dashes."""
    plain = unicodedata.normalize("NFKC", texts.folded(code))
    seen = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Mn") and c not in BLANK)
    return " ".join(seen.casefold().split())


def alike(codes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of codes that differ in capitals, dashes or invisible characters alone."""
    groups: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        groups[folded(code)].add(code)
    return tuple(tuple(sorted(group)) for _, group in sorted(groups.items()) if len(group) > 1)


def visible(code: str) -> str:
    """A code between quotes with what cannot be seen, or told from a hyphen, written out."""
    return "'" + "".join(c if _is_seen(c) else f"\\u{ord(c):04x}" for c in code) + "'"


def _is_seen(letter: str) -> bool:
    is_dash = texts.folded(letter) == "-" != letter
    return letter.isprintable() and letter not in BLANK and not is_dash


def refusal(kind: str, codes: Iterable[str]) -> str | None:
    """Why codes of a kind cannot stand beside each other, if so."""
    groups = alike(codes)
    if not groups:
        return None
    named = "; ".join(" and ".join(map(visible, group)) for group in groups)
    return (
        f"{kind} differ in capitals, dashes or invisible characters alone: {named}. Write one of them everywhere; "
        "if the store holds the wrong one, `remove` that service or name it in `replaces`. Nothing was changed."
    )


def named_twice(commissioners: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A sentence for every commissioner's name that stands beside different codes, given pairs of code and name."""
    codes: Mapping[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for code, name in commissioners:
        codes[folded(name)].add(code)
        names.setdefault(folded(name), name)
    return tuple(
        f"services of {names[name]} carry different commissioner codes: {', '.join(sorted(found))}"
        for name, found in sorted(codes.items())
        if len(found) > 1
    )
