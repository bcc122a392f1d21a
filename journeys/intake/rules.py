"""The rules of a delivery: what each is called, how to mend what breaks it, and its test in SQL.

A check is a SQL predicate over one row `t` of `<table>_checked`, where every column of the dictionary stands twice: as handed over
(`x_raw`) and typed (`x`, null when it cannot be typed), beside what is known of the service and journey that the row points at; `k` is the row's entry in `<table>_repeats`, if any.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from journeys.sql import text
from journeys.vocabulary.dictionary import Column, Dictionary, Table

MIXED_DATES = "dates_mixed"
REPEATED = "key_repeated"
IN_TWO = "service_in_two_deliveries"


@dataclass(frozen=True)
class Rule:
    """A rule by name. A breach of a refusal refuses the row, of a rule for whole files the delivery; a note refuses nothing."""

    name: str
    words: str
    mend: str
    is_refusal: bool = True
    is_whole: bool = False


def _whole(name: str, words: str, mend: str) -> Rule:
    return Rule(name, words, mend, is_whole=True)


def _note(name: str, words: str, mend: str) -> Rule:
    return Rule(name, words, mend, is_refusal=False)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        _whole(
            "identifying_column",
            "A column is named like one that identifies people",
            "Remove the column, or the sheet, and hand the delivery over again. Nothing of this file was kept.",
        ),
        _whole(
            "identifying_value",
            "A column holds what looks like identifying data",
            "Remove it (a reference must be a pseudonym made by the data owner) and hand the delivery over again. "
            "Nothing of this file was kept.",
        ),
        _whole("unreadable", "A file cannot be read", "Save it again in the format named and hand it over again."),
        _whole("file_empty", "A file is empty", "Give it a header row, or leave the file out if it is not recorded."),
        _whole(
            "quote_broken",
            "A quotation mark is not closed, or text follows a closing one",
            "Correct the cell, or export the file again; inside quoted text a quotation mark is written twice.",
        ),
        _whole("table_missing", "A required table is missing", "Add the table to the delivery."),
        _whole("table_twice", "A table stands in the delivery twice", "Leave one of the two in the delivery."),
        _whole(
            "column_missing",
            "A required column is missing",
            "Add the column, or name the column that holds it in a mapping file (check --suggest-mapping).",
        ),
        _whole("column_twice", "Two columns have the same name", "Keep one of them, or rename the other."),
        Rule(
            "row_ragged",
            "A row has another number of cells than the header",
            "Put text that holds the separator in quotation marks, or export the file again.",
        ),
        Rule("required", "A required cell is empty", "Fill the cell."),
        Rule(
            "formula_error",
            "A cell holds the error of a formula",
            "Correct the formula, or write the value in its place.",
        ),
        Rule("text_too_long", "A text is too long", "Shorten the text."),
        Rule(
            "code_unknown",
            "A code is not in the dictionary",
            "Use one of the codes, or map the value in a mapping file.",
        ),
        Rule("date_wrong", "A cell is not a date", "Write the date as YYYY-MM-DD or DD/MM/YYYY."),
        Rule(
            MIXED_DATES,
            "A column mixes two ways of writing dates",
            "Write all dates of the column in one way; day and month may have been swapped on the way, so check them.",
        ),
        Rule(
            "flag_wrong",
            "A cell is neither yes nor no",
            "Write yes or no, or leave the cell empty where it is not recorded.",
        ),
        Rule("number_wrong", "A cell is not a number", "Write a number with a point for decimals and no unit."),
        Rule(
            "out_of_range", "A number is out of its range", "Correct the number, or empty the cell if it is not known."
        ),
        Rule(
            REPEATED,
            "A key stands in two rows",
            "Keep one of the rows; the first was kept here, the later ones refused.",
        ),
        Rule(
            IN_TWO,
            "A service stands in two of the deliveries",
            "Hand over one delivery for the service, or make one of them (load --latest-wins).",
        ),
        Rule("service_unknown", "A row names a service that is not in the service table", "Correct the service_id."),
        Rule("journey_unknown", "A row names a journey that is not in the journey table", "Correct the journey_id."),
        Rule(
            "parent_refused",
            "A row belongs to a journey or service that was refused",
            "Mend the journey or service; these rows then need nothing.",
        ),
        Rule("period_reversed", "A service's data_to lies before its data_from", "Correct the two dates."),
        Rule(
            "referred_outside_period",
            "A referral lies outside the service's data_from to data_to",
            "Correct the date, or the period in the service table.",
        ),
        Rule("before_referral", "A date lies before the journey's referral", "Correct this date or referred_on."),
        Rule(
            "after_data_to",
            "A date lies after the last day of the service's data",
            "Correct the date, or data_to in the service table.",
        ),
        Rule("ended_before_started", "An end lies before its start", "Correct the two dates."),
        Rule("status_before_set", "A goal's status is dated before the goal was set", "Correct the two dates."),
        Rule("status_date_missing", "A goal that is not open has no status date", "Fill status_on."),
        Rule(
            "main_reason_repeated",
            "A journey has more than one main reason",
            "Leave one main reason; the first was kept here, the later ones refused.",
        ),
        Rule(
            "job_kept_not_employed",
            "A job was kept by a client not employed at referral",
            "Record employment_status employed, or use job_started.",
        ),
        Rule("item_unknown", "An item does not belong to its tool", "Use an item of the tool."),
        Rule(
            "score_out_of_range",
            "A score is out of the range of its item",
            "Correct the score; SWEMWBS takes the raw sum.",
        ),
        _note("column_unknown", "A column is not in the dictionary and was ignored", "Nothing need be done."),
        _note("file_unknown", "A file or sheet is no table of the dictionary and was ignored", "Nothing need be done."),
        _note(
            "table_empty",
            "A table has no rows: it counts as recorded, and none",
            "Leave the file or sheet out if the service does not record it.",
        ),
        _note(
            "windows_1252",
            "A file is not UTF-8 and was read as Windows-1252",
            "Nothing need be done if names look right; else save as CSV UTF-8.",
        ),
    )
}


@dataclass(frozen=True)
class Check:
    """One test: `breach` is the SQL predicate of the rows at fault, `expected` a SQL expression of what was expected."""

    rule: str
    column: str
    breach: str
    expected: str


def checks_of(table: Table, dictionary: Dictionary) -> tuple[Check, ...]:
    """Every check of one table: by type of column, by key, and between rows and tables."""
    by_column = (check for column in table.columns.values() for check in column_checks(column))
    return (*by_column, *_key_checks(table), *_parent_checks(table), *_table_checks(table.name, dictionary))


# --- by column --------------------------------------------------------------------------------------------------------

FORMULA_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
EXPECTED_DATE = "a date, written YYYY-MM-DD or DD/MM/YYYY"
_WRONG = {
    "date": ("date_wrong", EXPECTED_DATE),
    "flag": ("flag_wrong", "yes or no"),
    "integer": ("number_wrong", "a whole number"),
    "number": ("number_wrong", "a number"),
}


def column_checks(column: Column) -> Iterator[Check]:
    """The checks that follow from a column's type, codes, range and length."""
    name, raw, typed = column.name, f't."{column.name}_raw"', f't."{column.name}"'
    if column.required:
        yield Check("required", name, f"{raw} is null", text(f"not empty: {column.meaning}"))
    if column.type == "text":
        errors = ", ".join(map(text, FORMULA_ERRORS))
        yield Check("formula_error", name, f"{raw} in ({errors})", text("a value, not the error of a formula"))
    if column.type in _WRONG:
        rule, words = _WRONG[column.type]
        yield Check(rule, name, f"{raw} is not null and {typed} is null", text(words + _range_words(column)))
    if column.codes:
        codes = ", ".join(code.code for code in column.codes)
        yield Check("code_unknown", name, f"{raw} is not null and {typed} is null", text(f"one of: {codes}"))
    if column.minimum is not None:
        breach = f"{typed} not between {column.minimum} and {column.maximum}"
        yield Check("out_of_range", name, breach, text(_WRONG[column.type][1] + _range_words(column)))
    if column.max_length is not None:
        words = text(f"at most {column.max_length} characters")
        yield Check("text_too_long", name, f"length({raw}) > {column.max_length}", words)


def _range_words(column: Column) -> str:
    if column.minimum is None:
        return ""
    return f" from {column.minimum:g} to {column.maximum:g}"


# --- between rows and tables ------------------------------------------------------------------------------------------


def _key_checks(table: Table) -> Iterator[Check]:
    if table.key:
        words = f"one row for each {' + '.join(table.key)}; the same stands in row "
        yield Check(REPEATED, table.key[-1], "k.first_row is not null", f"{text(words)} || k.first_row")


def _parent_checks(table: Table) -> Iterator[Check]:
    if table.name == "service":
        return
    refused = "t.is_service_refused" if table.name in ("journey", "service_change") else "t.is_parent_refused"
    service = "t.service_id is not null and not t.is_service_known"
    yield Check("service_unknown", "service_id", service, text("a service_id of the service table of this delivery"))
    if table.is_child:
        journey = "t.is_service_known and t.journey_id is not null and not t.is_journey_known"
        words = text("a journey of this service in the journey table of this delivery")
        yield Check("journey_unknown", "journey_id", journey, words)
    column = "journey_id" if table.is_child else "service_id"
    yield Check("parent_refused", column, refused, text("a journey and service without findings of their own"))


def _before_referral(column: str) -> Check:
    words = "'on or after the referral on ' || t.parent_referred_on"
    return Check("before_referral", column, f't."{column}" < t.parent_referred_on', words)


def _after_data_to(column: str) -> Check:
    words = "'on or before the last day of the data, ' || t.parent_data_to"
    return Check("after_data_to", column, f't."{column}" > t.parent_data_to', words)


def _dates(*columns: str) -> tuple[Check, ...]:
    return tuple(check(column) for column in columns for check in (_before_referral, _after_data_to))


_ENDED = Check(
    "ended_before_started", "ended_on", "t.ended_on < t.started_on", "'on or after the start on ' || t.started_on"
)

TABLE_CHECKS: dict[str, tuple[Check, ...]] = {
    "service": (
        Check("period_reversed", "data_to", "t.data_to < t.data_from", "'on or after data_from, ' || t.data_from"),
        Check(
            IN_TWO,
            "service_id",
            "exists (select 1 from delivery.raw.service_checked as e "
            "where e.service_id = t.service_id and e.delivery < t.delivery)",
            text("a service in one of the deliveries only"),
        ),
    ),
    "journey": (
        Check(
            "referred_outside_period",
            "referred_on",
            "t.referred_on not between t.parent_data_from and t.parent_data_to",
            "'a day from ' || t.parent_data_from || ' to ' || t.parent_data_to || ', the period of the service'",
        ),
        *_dates("first_contact_on", "closed_on"),
    ),
    "referral_reason": (
        Check(
            "main_reason_repeated",
            "main",
            "t.row_number in (select m.row_number from (select row_number, row_number() over "
            "(partition by delivery, service_id, journey_id order by row_number) as nth "
            "from delivery.raw.referral_reason_checked where main) as m where m.nth > 1)",
            text("at most one main reason for each journey"),
        ),
    ),
    "goal": (
        *_dates("set_on", "status_on"),
        Check(
            "status_before_set",
            "status_on",
            "t.status_on < t.set_on",
            "'on or after the day the goal was set, ' || t.set_on",
        ),
        Check(
            "status_date_missing",
            "status_on",
            "t.status <> 'open' and t.status_on_raw is null",
            text("the day of the status, because the goal is not open"),
        ),
    ),
    "contact": _dates("contact_on"),
    "activity": (*_dates("referred_on", "started_on", "ended_on"), _ENDED),
    "outcome": (
        *_dates("started_on", "ended_on", "last_confirmed_on"),
        _ENDED,
        Check(
            "job_kept_not_employed",
            "outcome",
            "t.outcome = 'job_kept' and t.is_journey_good and t.parent_employment is distinct from 'employed'",
            "'job_kept only where employment_status at referral is employed; it is ' || coalesce(t.parent_employment, 'empty')",
        ),
    ),
    "measure": _dates("measured_on"),
    "service_change": (),
}


def _table_checks(table: str, dictionary: Dictionary) -> Iterator[Check]:
    yield from TABLE_CHECKS[table]
    if table == "measure":
        yield from _measure_checks(dictionary)


def _measure_checks(dictionary: Dictionary) -> Iterator[Check]:
    """An item must belong to its tool, a score to the range of its item (whole where only whole scores mean anything)."""
    for tool in dictionary.tools.values():
        words = "an item of " + tool.code + ": " + ", ".join(tool.items)
        words += " or another barrier in lower snake case" if tool.any_item else ""
        words += f"; {tool.total.code} is counted here and not handed over" if tool.total else ""
        counted = f" or t.item = '{tool.total.code}'" if tool.total else ""
        breach = f"t.tool = '{tool.code}' and (t.item_raw is not null and t.item is null{counted})"
        yield Check("item_unknown", "item", breach, text(words))
        items = [*tool.items.values(), *([tool.any_item] if tool.any_item else [])]
        for low, high, is_whole in sorted({(item.minimum, item.maximum, item.is_whole) for item in items}):
            codes = ", ".join(
                text(i.code) for i in items if (i.minimum, i.maximum, i.is_whole) == (low, high, is_whole)
            )
            which = f"t.tool = '{tool.code}'" + ("" if tool.any_item else f" and t.item in ({codes})")
            wrong = f"t.score not between {low} and {high}" + (" or t.score <> trunc(t.score)" if is_whole else "")
            words = f"a {'whole ' if is_whole else ''}score from {low:g} to {high:g} for {tool.code}"
            yield Check("score_out_of_range", "score", f"{which} and ({wrong})", text(words))
