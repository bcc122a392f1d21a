"""Names of labels inside a sentence: a small first letter, unless the name is somebody's own or an abbreviation."""

import calendar

PROPER_LABELS = frozenset(
    ("service", "commissioner", "from_service", "to_service", "ethnic_group", "quarter", "month", "financial_year", "tool")
)  # fmt: skip
NO_NAMES = ("Not known", "Not stated")
_PROPER = ("Jobcentre", "Patient", "Multiple", "Well-being", *calendar.month_name[1:])


def lowered(name: str) -> str:
    """A label inside a sentence: its first letter small, unless it is a proper name or an abbreviation."""
    if name[1:2].isupper() or name.startswith(_PROPER) or not name:
        return name
    return name[0].lower() + name[1:]


def in_a_sentence(label: str, name: str) -> str:
    """The name of a code of that label inside a sentence; names of services and the like keep their own capitals."""
    return name if label in PROPER_LABELS and name not in NO_NAMES else lowered(name)
