"""Rows in the midst of a table that are none of it: its header once more, where files were put one below another, and totals of a part."""

from collections.abc import Mapping

from journeys.intake.columns import TOTALS
from journeys.intake.run import File, Run
from journeys.intake.staging import held
from journeys.sql import name as sql_name
from journeys.sql import text
from journeys.vocabulary.dictionary import Table

MIN_SAME = 3


def drop_rows_within(run: Run, file: File, table: Table, headers: Mapping[str, str]) -> None:
    """Takes such rows out of a file that was staged, each kind of them said once; `headers` are the file's own, by column."""
    for verb, test, words in (
        ("repeat", _headers_sql(run, table, headers), "'the header'"),
        ("read", *_totals_sql(table)),
    ):
        if not test:
            continue
        strays = f"delivery.{table.name} where file_no = {file.number} and {test}"
        found = run.execute(f"select row, any_value({words}) from {strays} group by row order by row").fetchall()
        if found:
            n = run.execute(f"delete from {strays}").fetchall()[0][0]
            run.n_dropped[file.number] = run.n_dropped.get(file.number, 0) + n
            said = f"{_rows_that([row for row, _ in found], verb)} {found[0][1]}"
            run.find(file, "row_within", f"rows of the table alone; {said}", row=found[0][0], n=n)


def _rows_that(rows: list[int], verb: str) -> str:
    if len(rows) == 1:
        return f"row {rows[0]} {verb}s"
    more = f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""
    return f"rows {', '.join(map(str, rows[:3]))}{more} {verb}"


def _headers_sql(run: Run, table: Table, headers: Mapping[str, str]) -> str:
    """Rows in which at least three columns hold their own header; two columns are looked at first (before one a file may have a mark)."""
    now = held(run.connection, table)
    same = [f"{sql_name(name)} = {text(said)}" for name, said in headers.items() if now[name] == "VARCHAR" and said]
    if len(same) < MIN_SAME:
        return ""
    return f"({same[0]} or {same[1]}) and {' + '.join(f'coalesce(({one})::int, 0)' for one in same)} >= {MIN_SAME}"


def _totals_sql(table: Table) -> tuple[str, str]:
    """Rows that begin with the word for a total (`Total Q1`), lack one of the first two required cells and hold at most one beside their
    word, and that word."""
    required = [name for name, column in table.columns.items() if column.required]
    if len(required) < MIN_SAME:
        return "", ""
    empty = " or ".join(f"{sql_name(name)} is null" for name in required[:2])
    n_filled = " + ".join(f"({sql_name(name)} is not null)::int" for name in required)
    cells = ", ".join(f"{sql_name(name)}::varchar" for name in table.columns)
    totals = ", ".join(map(text, TOTALS))
    word = f"trim(coalesce({cells}), ' :')"
    is_total = f"regexp_matches(lower({word}), '^(grand |sub[- ]?)?totals?\\b')"
    test = f"({empty}) and {n_filled} <= 2 and (lower({word}) in ({totals}) or {is_total})"
    return test, f"case when lower({word}) in ({totals}) then {word} else 'Total' end"
