"""What is plausible and may yet be wrong: said with its count, refusing nothing, because only the deliverer can know."""

from collections.abc import Mapping

from journeys.intake.run import File, Run
from journeys.sql import text
from journeys.vocabulary.dictionary import Column, Table

MIN_SHARED, MIN_MONTH, MIN_SWAPPED = 20, 20, 60
SHARE_SHARED = 0.02
MIN_DAYS = 92  # a service that covers less may have all its dates in one month


def note(run: Run) -> None:
    """Writes the notes on everything that was checked."""
    _absent(run)
    _closed_undated(run)
    _started(run)
    _without_zeros(run)
    _shared(run)
    _counters(run)
    _case(run)
    for table in run.dictionary.tables.values():
        if table.name == "journey" or table.is_child:
            _dates(run, table)


def _file(run: Run, number: int) -> File:
    return run.files[number]


# tables by the column of service that says whether they are recorded; of contacts journeys tell, too
RECORDED = {
    "goal": "records_goals",
    "outcome": "records_outcomes",
    "referral_reason": "records_reasons",
    "activity": "records_activities",
    "measure": "records_measures",
}


def _absent(run: Run) -> None:
    for table, flag in RECORDED.items():
        held = ", ".join(str(file.found.delivery) for file in run.files if file.table == table) or "-1"
        sql = f"select file_no, count(*), min(row) from delivery.raw.service_checked where {flag} and delivery not in ({held}) group by file_no"
        for number, n, row in run.execute(sql).fetchall():
            says = "1 service says" if n == 1 else f"{n:,} services say"
            words = f"a file or sheet named {table}, since {says} that it is recorded"
            run.find(_file(run, number), "table_absent", words, row=row, column=flag, n=n)


def _closed_undated(run: Run) -> None:
    words = "a closing date wherever there is a closure reason; {} none and count as open"
    _note_rows(
        run, "closed_undated", "journey", "closed_on", "closure_reason is not null and closed_on_raw is null", words
    )


def _started(run: Run) -> None:
    words = "a reason only where an activity did not start; {} a day on which it did"
    _note_rows(run, "why_not_started", "activity", "why_not", "why_not is not null and started_on is not null", words)


def _note_rows(run: Run, rule: str, table: str, column: str, condition: str, words: str) -> None:
    """A note on the rows of each file of which a condition is so; `words` have a place for how many rows have it."""
    sql = f"select file_no, count(*), min(row) from delivery.raw.{table}_checked where {condition} group by file_no"
    for number, n, row in run.execute(sql).fetchall():
        run.find(_file(run, number), rule, words.format(_rows(n)), row=row, column=column, n=n)


def _rows(n: int) -> str:
    return "1 row has" if n == 1 else f"{n:,} rows have"


def _without_zeros(run: Run) -> None:
    """NHS codes such as 02 that a spreadsheet made 2: they have one meaning, and who hands them over should know which was taken."""
    for table in run.dictionary.tables.values():
        for column in table.columns.values():
            zeros = {code.lstrip("0"): code for known in column.codes for code in known.nhs if code.startswith("0")}
            if zeros and column.name in run.placed.get(table.name, ()):
                _find_zeros(run, table, column, zeros)


def _find_zeros(run: Run, table: Table, column: Column, zeros: Mapping[str, str]) -> None:
    raw = f'"{column.name}_raw"'
    sql = (
        f"select file_no, count(*), min(row), list_sort(list(distinct {raw})) from delivery.raw.{table.name}_checked "
        f"where {raw} in ({', '.join(map(text, zeros))}) group by file_no"
    )
    for number, n, row, found in run.execute(sql).fetchall():
        read = ", ".join(f"{code} as {zeros[code]}" for code in found[:3])
        more = f" and {len(found) - 3:,} more" if len(found) > 3 else ""
        words = f"codes of two digits; {n:,} {'row was' if n == 1 else 'rows were'} read as with a leading zero: {read}{more}"
        run.find(_file(run, number), "codes_zeros", words, row=row, column=column.name, n=n)


def _shared(run: Run) -> None:
    sql = (
        "with refs as (select file_no, client_ref, count(*) as n, min(row) as row from delivery.raw.journey_checked "
        "where client_ref is not null group by all) "
        "select file_no, max(n), max_by(row, n), sum(n) from refs group by file_no"
    )
    for number, n, row, n_all in run.execute(sql).fetchall():
        if n > max(MIN_SHARED, SHARE_SHARED * n_all):
            words = f"a reference for each client; {n:,} of {n_all:,} journeys share one"
            run.find(_file(run, number), "refs_shared", words, row=row, column="client_ref", n=n)


REFS = """
    with refs as (
        select distinct j.file_no, s.client_key, j.service_id, j.client_ref as ref
        from delivery.raw.journey_checked as j
        join delivery.raw.service_checked as s on s.delivery = j.delivery and s.service_id = j.service_id
        where s.client_key is not null and j.client_ref is not null
    )"""


def _counters(run: Run) -> None:
    """Services under one key whose references are the numbers from 1 on: person 17 of one is hardly person 17 of the other."""
    sql = f"""{REFS},
        services as (
            select file_no, client_key, service_id, count(*) as n from refs group by all
            having count(*) filter (where regexp_full_match(ref, '[A-Za-z]{{0,3}}[-_ ]?0*[0-9]{{1,6}}')) >= 0.9 * count(*)
                and max(try_cast(regexp_extract(ref, '[0-9]+$') as bigint)) <= 3 * count(*) + 10 and count(*) >= 5
        )
        select min(file_no), client_key, count(distinct service_id), sum(n)::bigint from services
        group by client_key having count(distinct service_id) > 1"""
    for number, _, n_services, n in run.execute(sql).fetchall():
        words = f"references made together under one client_key; those of {n_services:,} services look like counters ({n:,} references)"
        run.find(_file(run, number), "refs_counters", words, column="client_ref", n=n)


def _case(run: Run) -> None:
    sql = f"""{REFS}, alike as (
            select client_key, lower(ltrim(ref, '0')) as low, min(file_no) as file_no from refs
            group by 1, 2 having count(distinct ref) > 1
        )
        select min(file_no), client_key, count(*) from alike group by client_key"""
    for number, _, n in run.execute(sql).fetchall():
        words = f"one spelling of each reference under one client_key; {n:,} differ in capitals or leading zeros only"
        run.find(_file(run, number), "refs_case", words, column="client_ref", n=n)


def _dates(run: Run, table: Table) -> None:
    names = [column.name for column in table.columns.values() if column.type == "date"]
    counts = ", ".join(
        f"count({name}), min({name}), max({name}), max(day({name})), count(distinct day({name}))" for name in names
    )
    sql = (
        f"select c.file_no, max(s.data_to) - min(s.data_from), {counts} from delivery.raw.{table.name}_checked as c "
        "left join delivery.raw.service_parent as s on s.delivery = c.delivery and s.service_id = c.service_id group by c.file_no"
    )
    for number, n_days, *found in run.execute(sql).fetchall():
        for i, name in enumerate(names):
            n, first, last, latest_day, n_different = found[5 * i : 5 * i + 5]
            is_long = n_days is not None and n_days > MIN_DAYS
            if is_long and n >= MIN_MONTH and (first.year, first.month) == (last.year, last.month):
                words = f"dates over the period of the service; all {n:,} lie in {first:%Y-%m}"
                run.find(_file(run, number), "dates_one_month", words, column=name, n=n)
            elif n >= MIN_MONTH and latest_day == 1:
                words = f"days of the whole month; all {n:,} dates are the first of a month"
                run.find(_file(run, number), "dates_month_start", words, column=name, n=n)
            elif is_long and n >= MIN_SWAPPED and latest_day <= 12 and n_different > 3:
                words = f"days of the whole month; none of {n:,} dates has a day after the 12th"
                run.find(_file(run, number), "dates_swapped", words, column=name, n=n)
