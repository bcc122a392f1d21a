"""Dates of birth: cells of a column that put most people at an age, whatever the column is said to hold."""

from collections.abc import Iterator

import duckdb

from journeys.intake import identifiers
from journeys.intake.identifier_search import LEAST_YEARS, PSEUDONYMS, Hit, Wanted
from journeys.intake.identifiers import BIRTH_DATE
from journeys.vocabulary.dictionary import Column

MIN_DATES = 5  # in a column of dates, where a handful of wrong ones is no sign
MIN_PARTS = 3  # different days, or years, of births in one run of digits: a counter that reads like dates changes their last part alone
LATE_DAY = (
    28  # among births with two digits for the year; a year, month and number would start with a year that is early
)
SHORT_YEARS = 2  # a date with two digits for its year is of this century until so long after the referral
MAX_AGE_DAYS = 110 * 366
ANY_DATE = (
    "['%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%d.%m.%Y', '%d %b %Y', '%d %B %Y', '%d-%b-%Y', '%Y%m%d', "
    "'%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%m/%d/%Y']"
)
PLAIN, DAY_RUN, YEAR_RUN, SHORT = "plain", "day run", "year run", "short"  # how a date stands in a text
_BETWEEN = "[ ./-]{1,3}"
_YEAR, _PART = "(?:18|19|20)[0-9]{2}", "[0-9]{1,2}"
# by form: the pattern of the date in plain text, where no digit is beside it, and how it is read once all that parts it is a dash
_FORMS = (
    (PLAIN, f"{_YEAR}{_BETWEEN}{_PART}{_BETWEEN}{_PART}", "['%Y-%m-%d']"),
    (PLAIN, f"{_PART}{_BETWEEN}{_PART}{_BETWEEN}{_YEAR}", "['%d-%m-%Y', '%m-%d-%Y']"),
    (PLAIN, f"{_PART}{_BETWEEN}[a-z]{{3,9}}{_BETWEEN}{_YEAR}", "['%d-%b-%Y', '%d-%B-%Y']"),
    (YEAR_RUN, "[0-9]{8}", "['%Y%m%d']"),
    (DAY_RUN, "[0-9]{8}", "['%d%m%Y']"),
    (SHORT, f"^{identifiers.SHORT_DATE}$", "['%d-%m-%y', '%m-%d-%y']"),
)


def hits(connection: duckdb.DuckDBPyConnection, relation: str, place: int, wanted: Wanted) -> Iterator[Hit]:
    """The cell, if its dates put most people between 1 and 110 years old at referral."""
    column = wanted.column(place)
    is_date = column is None or column.type == "date"
    read = f"{{'form': '{PLAIN}', 'day': {day_sql(f'c{place}')}}}" if is_date else _held_sql(f"c{place}")
    is_new = f" and c{place} not in ({wanted.known[place]})" if place in wanted.known else ""
    start, least_days = _referral(wanted, column)
    forms = connection.execute(
        f"with said as (select *, {read} as read from {relation} where c{place} <> ''{is_new}), "
        f"begun as (select row, read.form as form, read.day as day, {start} as start from said), "
        f"days as (select *, case when form = '{SHORT}' and day > start + {SHORT_YEARS * 366} "
        f"then (day - interval 100 years)::date else day end as own from begun), "
        f"ages as (select *, start - own between {least_days} and {MAX_AGE_DAYS} as is_old from days) "
        "select form, count(*) filter (where is_old), min(row) filter (where is_old), count(own), count(*), "
        "count(distinct day(own)) filter (where is_old), count(distinct year(own)) filter (where is_old), "
        "max(day(own)) filter (where is_old) from ages group by form"
    ).fetchall()
    old = [(n, row) for form, n, row, _, _, *parts in forms if n and _is_sure(form, *parts)]
    n_old, n_dates, n_filled = sum(n for n, _ in old), sum(form[3] for form in forms), sum(form[4] for form in forms)
    least = MIN_DATES if column and is_date else 1
    if n_old >= least and 2 * n_old > n_dates and 2 * n_dates > n_filled:
        yield Hit(place, BIRTH_DATE, n_old, min(row for _, row in old))


def _referral(wanted: Wanted, column: Column | None) -> tuple[str, int]:
    """SQL for the day of the referral, the row's own where the sheet has it, else the delivery's usual one, else the latest date of the
    cell, and how many days before it somebody was born at least: five years where it is not the row's own, or the cell is a reference."""
    table, places = wanted.layout.table, wanted.layout.places
    if table and table.name == "journey" and "referred_on" in places:
        is_reference = column is not None and column.name in PSEUDONYMS
        return day_sql(f"c{places['referred_on']}"), LEAST_YEARS * 366 if is_reference else 366
    usual = wanted.usual_referral
    return f"date '{usual}'" if usual else "max(read.day) over ()", LEAST_YEARS * 366


def _is_sure(form: str, n_days: int, n_years: int, latest_day: int) -> bool:
    """Whether old dates of a form are dates: people are born on any day of many years."""
    is_born = {DAY_RUN: n_days >= MIN_PARTS, YEAR_RUN: n_years >= MIN_PARTS, SHORT: latest_day >= LATE_DAY}
    return is_born.get(form, True)


def day_sql(cell: str) -> str:
    """SQL for the day that a cell is, in any of the usual ways of writing it."""
    return f"try_strptime({cell}, {ANY_DATE})::date"


def _held_sql(cell: str) -> str:
    """SQL for the first date that a text holds, with its form."""
    plain, cases = identifiers.plain_sql(cell), []
    for form, pattern, formats in _FORMS:
        alone = f"'(?:^|[^0-9])({pattern})(?:$|[^0-9])', 1"
        found = f"regexp_replace(regexp_extract({plain}, {alone}), '[ ./-]+', '-', 'g')"
        day = f"try_strptime({found}, {formats})::date"
        cases.append(f"when {day} is not null then {{'form': '{form}', 'day': {day}}}")
    return f"case {' '.join(cases)} else {{'form': '{PLAIN}', 'day': null::date}} end"
