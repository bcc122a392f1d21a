"""The tests of the rules, in SQL.

A check is a SQL predicate over one row `t` of `<table>_checked`, where every column of the dictionary stands twice: as handed over
(`x_raw`) and typed (`x`, null when it cannot be typed), beside what is known of the service and journey that the row points at; `k` is the
row's entry in `<table>_repeats`, if any.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from journeys.intake.identifiers import holds_date_sql
from journeys.intake.mapping import ROUNDED_CODE
from journeys.intake.rules import CONSEQUENCE, IN_TWO, MISPLACED_DATE, REPEATED, SAME, SAME_CODES
from journeys.sql import text
from journeys.vocabulary.dictionary import Column, Dictionary, Table

EMPTY_WORDS = (
    "nan", "nat", "none", "null", "nil", "n/a", "na", "n/k", "nk", "not known", "unknown", "not recorded", "not applicable",
    "-", "--", "\u2013", "\u2014", ".", "?", "blank", "(blank)", "(empty)", "<na>", "999",
)  # fmt: skip
WAITING_WORDS = ("tbc", "tba", "tbd", "to be confirmed", "to follow", "pending", "missing", "no ref", "no id")
AGE = "age_at_referral"


@dataclass(frozen=True)
class Check:
    """One test: `breach` is the SQL predicate of the rows at fault, `expected` a SQL expression of what was expected."""

    rule: str
    column: str
    breach: str
    expected: str


def checks_of(table: Table, dictionary: Dictionary, placed: Collection[str] | None = None) -> tuple[Check, ...]:
    """Every check of one table: by type of column (those that stand in a file: `placed`), by key, and between rows and tables."""
    held = [column for column in table.columns.values() if placed is None or column.name in placed]
    by_column = (check for column in held for check in column_checks(column))
    return (*by_column, *_key_checks(table), *_parent_checks(table), *_table_checks(table.name, dictionary))


# --- by column --------------------------------------------------------------------------------------------------------

FORMULA_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_NO_ERROR = "a value, not the error of a formula"
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
        most = column.max_length or MAX_LENGTH
        # between: most texts are told from nine by one comparison
        breach = f"{raw} between '#' and '$' and {_is_formula_error(raw)}"
        yield Check("formula_error", name, breach, text(_NO_ERROR))
        yield Check("text_too_long", name, f"length({raw}) > {most}", text(f"at most {most} characters"))
    if column.type in _WRONG:
        rule, words = _WRONG[column.type]
        words += _range_words(column) + _age_words(column)
        yield Check(rule, name, f"{raw} is not null and {typed} is null", text(words))
    if column.codes:
        codes = ", ".join(code.code for code in column.codes)
        yield Check("code_unknown", name, f"{raw} is not null and {typed} is null", text(f"one of: {codes}"))
    if column.minimum is not None:
        breach = f"{typed} not between {column.minimum} and {column.maximum}"
        words = _WRONG[column.type][1] + _range_words(column) + _age_words(column)
        yield Check("out_of_range", name, breach, text(words))


MAX_LENGTH = 200  # of a text for which the dictionary gives no other length
FIRST_BIRTH, LAST_BIRTH = 1900, 2030


@dataclass(frozen=True)
class Cause:
    """What a wrong value tells of its cause: `test` over the finding's rule, "column", value and what was `expected`, and what was
    expected instead (None: the same)."""

    rule: str
    test: str
    expected: str | None = None


def causes() -> tuple[Cause, ...]:
    """Told of findings after the checks, so that each list of words is looked at once and for the wrong cells only."""
    wrong = ", ".join(map(text, ("code_unknown", *(rule for rule, _ in _WRONG.values()))))
    no_dates = ", ".join(text(rule) for rule in (*SAME, *SAME_CODES) if rule != "date_wrong")
    is_age = f'"column" = {text(AGE)}'
    age = f"a whole number of years{_AGE_WORDS}"
    return (
        Cause("empty_word", f"rule in ({wrong}) and {is_empty_word('value')}", "an empty cell where it is not known"),
        Cause("formula_error", f"rule in ({wrong}, 'item_unknown') and {_is_formula_error('value')}", _NO_ERROR),
        Cause(
            "code_rounded",
            f"rule = 'code_unknown' and regexp_full_match(value, '{ROUNDED_CODE}')",
            "a code, not a number rounded by a spreadsheet",
        ),
        Cause(MISPLACED_DATE, f"rule in ({no_dates}) and {holds_date_sql('value')}"),
        Cause("age_band", f"{is_age} and rule = 'number_wrong' and {_is_band('value')}", age),
        Cause(
            "age_year",
            f"{is_age} and rule = 'out_of_range' and try_cast(value as integer) between {FIRST_BIRTH} and {LAST_BIRTH}",
            age,
        ),
        *_number_causes(),
        *_date_causes(),
    )


def _number_causes() -> Iterator[Cause]:
    """What is no number for the way it is written; as long as a reference it is left as it is, since causes print what they found."""
    is_wrong = "rule = 'number_wrong' and regexp_full_match(value"
    yield Cause("number_comma", f"{is_wrong}, '[+-]?[0-9]{{1,5}}([.][0-9]{{1,3}})?,[0-9]{{1,3}}')")
    is_decimal = "'[+-]?([0-9]{1,5}[.][0-9]*|[.][0-9]+)')"
    yield Cause("number_not_whole", f"{is_wrong}, {is_decimal} and starts_with(expected, 'a whole')")


def _date_causes() -> Iterator[Cause]:
    """Serial numbers of the years 1927 to 2064, years of two digits, and what programs write where there is no date."""
    is_wrong = "rule = 'date_wrong' and regexp_full_match(value"
    yield Cause(
        "date_serial", f"{is_wrong}, '[1-5][0-9]{{4}}([.][0-9]+)?')", "a date, not the serial number of a spreadsheet"
    )
    short = "[0-9]{1,2}([/. -])([0-9]{1,2}|[A-Za-z]{3,9})[/. -][0-9]{2}"
    yield Cause("date_year_short", f"{is_wrong}, '{short}')", f"{EXPECTED_DATE}: four digits for the year")
    month = "([A-Za-z]{3,9}[ ./-]{1,2})?[12][0-9]{3}|[A-Za-z]{3,9}[ ./-]{1,2}[0-9]{2}|[0-9]{1,2}[./-][12][0-9]{3}|[12][0-9]{3}[./-][0-9]{1,2}"
    yield Cause("date_month", f"{is_wrong}, '{month}')", f"{EXPECTED_DATE}: the day, too")
    far = "(0000|1899|[3-9][0-9]{3})-[0-9]{2}-[0-9]{2}|1900-0[01]-00|[0-9]{2}/[0-9]{2}/(0000|1899|[3-9][0-9]{3})|00/01/1900"
    yield Cause("date_none", f"{is_wrong[:-5]}value[:10], '{far}')", "an empty cell where there is no date")


def _is_formula_error(value: str) -> str:
    return f"{value} in ({', '.join(map(text, FORMULA_ERRORS))})"


def is_empty_word(value: str) -> str:
    """SQL: whether a value says in words that it is empty."""
    return f"lower({value}) in ({', '.join(map(text, EMPTY_WORDS))})"


def is_no_reference(name: str, value: str) -> str:
    """SQL: whether a reference says that there is none. Numbers are references, but for a client that is all zeros (or crosses)."""
    return _is_no_reference(name, value, "[\\p{L}\\p{N}]")


def may_be_no_reference(name: str, value: str) -> str:
    """SQL: true of whatever `is_no_reference` is true of, and of references in other scripts. All letters there are take milliseconds to be made ready for a query."""
    return _is_no_reference(name, value, "[A-Za-z0-9]")


def _is_no_reference(name: str, value: str, letters: str) -> str:
    words = ", ".join(text(word) for word in (*EMPTY_WORDS, *WAITING_WORDS) if not word.isdigit())
    is_word = f"lower({value}) in ({words}) or not regexp_matches({value}, '{letters}')"
    return f"({is_word} or {name} = 'client_ref' and regexp_full_match({value}, '0+|[xX]{{1,4}}'))"


def _is_band(raw: str) -> str:
    """Bands of ages, those too that a spreadsheet has taken for a month (12-18 becomes Dec-18)."""
    band = "([0-9]{1,3} ?(-|\u2013|to) ?[0-9]{1,3}|[0-9]{1,3} ?[+]|[0-9]{1,3} (and|or) (over|under|above|below)|(under|over) [0-9]{1,3}"
    return f"regexp_full_match(lower({raw}), '{band}|[a-z]{{3}}-[0-9]{{2}}|[0-9]{{1,2}}-[a-z]{{3}})')"


_AGE_WORDS = "; age may be left empty"


def _age_words(column: Column) -> str:
    return _AGE_WORDS if column.name == AGE else ""


def _range_words(column: Column) -> str:
    if column.minimum is None:
        return ""
    return f" from {column.minimum:g} to {column.maximum:g}"


# letters that no text may hold: line breaks and other controls, and what cannot be seen or turns the line round
UNSEEN = "[\\x00-\\x1F\\x7F]|[\\p{Cf}\\p{Zl}\\p{Zp}]"
EXPECTED_SEEN = "a text in one line of letters that can be seen"
EXPECTED_REFERENCE = "a reference"
DAYS_AHEAD = 31  # a month that is handed over shortly before its end


def reference_checks(column: Column) -> Iterator[Check]:
    """What refuses a reference wherever it stands; it may be empty."""
    raw = f't."{column.name}_raw"'
    yield from (check for check in column_checks(column) if check.rule != "required")
    yield Check("control_character", column.name, f"regexp_matches({raw}, {text(UNSEEN)})", text(EXPECTED_SEEN))
    # 0 and x are references of old deliveries, not words for none
    yield Check("empty_word", column.name, is_no_reference("''", raw), text(EXPECTED_REFERENCE))


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
    yield Check(CONSEQUENCE, column, refused, text("a journey and service without findings of their own"))


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


def still_to_come(today: date) -> Check:
    """A service whose records cannot be complete yet: whatever waits for time to pass would be taken for done."""
    latest = today + timedelta(days=DAYS_AHEAD)
    words = f"the last day for which the records are complete, at the latest {latest}"
    return Check("data_to_future", "data_to", f"t.data_to > date '{latest}'", text(words))


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
