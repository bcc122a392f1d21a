"""data/README.md: the dictionary for the people at the services, made from the dictionary and the rules.

python -m journeys.intake.handbook > data/README.md
"""

from collections.abc import Iterator

from journeys.intake.rules import RULES
from journeys.vocabulary import dictionary
from journeys.vocabulary.dictionary import Column, Dictionary, Table

INTRODUCTION = """\
# What a service hands over

<!-- Made from data/dictionary.toml by `python -m journeys.intake.handbook > data/README.md`; change the dictionary, not this file. -->

One delivery is a folder, a zip file or one workbook. Each table below is a file (`journey.csv`, `journey.xlsx` or
`journey.parquet`) or a sheet of the workbook, named after the table. Only `service` and `journey` must be there.
**Leave a table out if the service does not record it: a missing table means "not recorded", an empty one means "none".**

`python -m journeys template OUT.xlsx` writes an empty workbook with these sheets, drop-down lists and notes.
`python -m journeys check DELIVERY` says what would be refused, where, and how to mend it; it stores nothing.

- **Columns** may stand in any order; capitals, spaces and underscores in their names do not matter. Columns that are not named
  here are reported and ignored. A service that uses its own names hands over a mapping file
  (`check DELIVERY --suggest-mapping FILE` writes a first one; docs/deliveries.md says what it may hold).
- **Text files** are UTF-8 (Windows-1252 is understood and said), separated by commas, semicolons, tabs or bars.
- **The header** stands in the first row. Titles above it are left out and said; totals, notes and footers below the table are refused.
- **Dates** are `YYYY-MM-DD` or `DD/MM/YYYY`, in one way throughout a column; a time of day after them is left out. Dates of a workbook
  are dates. A column that is month first is refused as a whole.
- **Flags** are `yes` or `no` (also `true`, `false`, `1`, `0`, `Y`, `N`).
- **Codes** may be written as the code, as its label or as the NHS code, in any case.
- **Empty** means not recorded. Words for it (`NaN`, `n/k`, `-`) are refused, or made empty once in a mapping file. A reference is never
  one of them, nor `TBC` or `pending`, and no `client_ref` is `0` or `x`: one such word would make many people one.
- Every row about a client's journey points at it by `service_id` and `journey_id`.

**No names, dates of birth, addresses, postcodes, e-mail addresses, IP addresses, telephone, National Insurance or NHS numbers.** A file
that holds what looks like one, in whatever way it is written, is refused whole and nothing of it is kept. Bare names cannot be told by
their pattern: `check` prints every free text that would be seen, for a person to read. `client_ref` is a pseudonym that the data owner makes.
"""


def text() -> str:
    """The whole of data/README.md."""
    words = dictionary.load()
    parts = [INTRODUCTION, *(_table_words(table) for table in words.tables.values())]
    return "\n".join([*parts, _tools_words(words), _rules_words()])


def _table_words(table: Table) -> str:
    need = "required" if table.required else "leave it out if it is not recorded"
    lines = [f"## {table.name}: {table.title.lower()}", "", f"{table.grain[0].upper()}{table.grain[1:]}; {need}."]
    if table.key:
        lines[-1] += f" No two rows have the same {' + '.join(f'`{name}`' for name in table.key)}."
    lines += ["", "| column | type | required | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{column.name}` | {type_words(column)} | {'yes' if column.required else 'no'} | {column.meaning} |"
        for column in table.columns.values()
    ]
    return "\n".join([*lines, "", *_example(table), *_codes_words(table)])


def type_words(column: Column) -> str:
    """A column's type with its limits, in words."""
    if column.minimum is not None:
        name = "whole number" if column.type == "integer" else "number"
        return f"{name}, {column.minimum:g} to {column.maximum:g}"
    if column.max_length is not None:
        return f"text, up to {column.max_length} characters"
    return column.type


def _example(table: Table) -> list[str]:
    names, cells = list(table.columns), [column.example for column in table.columns.values()]
    return ["Example:", "", "```", ",".join(names), ",".join(cells), "```", ""]


def _codes_words(table: Table) -> Iterator[str]:
    for column in table.columns.values():
        if column.codes:
            has_nhs = any(code.nhs for code in column.codes)
            yield f"Codes of `{column.name}`:"
            yield ""
            yield "| code | label | NHS codes |" if has_nhs else "| code | label |"
            yield "|---|---|---|" if has_nhs else "|---|---|"
            for code in column.codes:
                yield f"| `{code.code}` | {code.label} |" + (f" {', '.join(code.nhs)} |" if has_nhs else "")
            yield ""


def _tools_words(words: Dictionary) -> str:
    lines = ["## Tools and items of measure", "", "| tool | item | label | range | better |", "|---|---|---|---|---|"]
    for tool in words.tools.values():
        for item in tool.items.values():
            span = f"{item.minimum:g} to {item.maximum:g}" + (", whole" if item.is_whole else "")
            lines.append(f"| `{tool.code}` | `{item.code}` | {item.label} | {span} | {item.better} |")
        if tool.any_item:
            lines.append(f"| `{tool.code}` | any other, in lower snake case | | 0 or 1 | {tool.any_item.better} |")
    lines += ["", "SWEMWBS is handed over as the raw sum; it is converted to the metric score on load.", ""]
    return "\n".join([*lines, *(f"- {tool.label}: {tool.source}" for tool in words.tools.values()), ""])


def _rules_words() -> str:
    lines = ["## What is refused, and how to mend it", "", "| rule | what it says | how to mend |", "|---|---|---|"]
    lines += [
        f"| `{rule.name}` | {rule.words}{_reach(rule.is_refusal, rule.is_whole)} | {rule.mend} |"
        for rule in RULES.values()
    ]
    return "\n".join(lines) + "\n"


def _reach(is_refusal: bool, is_whole: bool) -> str:
    if not is_refusal:
        return " (a note; nothing is refused)"
    return " (nothing is loaded)" if is_whole else ""


if __name__ == "__main__":
    print(text(), end="")
