"""Deliveries as they really come, run by hand over a folder of such inputs: prints each input, what is wanted of it, and what it gives.

python tests/intake/cases_of_the_field.py FOLDER

The wanted rules are written here; a case of our own for each kind stands in deliveries/, test_columns.py and test_workbooks.py.
"""

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from journeys.intake import read, suggestion  # noqa: E402
from journeys.intake.findings import Report  # noqa: E402
from journeys.intake.rules import RULES  # noqa: E402


@dataclass(frozen=True)
class Case:
    """An input (a path below the folder), the rules it must break (and no others that refuse), and the mapping it is read with."""

    path: str
    wanted: tuple[str, ...]
    mapping: str = ""


def case(path: str, wanted: str, mapping: str = "") -> Case:
    return Case(path, tuple(wanted.split()), mapping)


CASES = (
    case("01-decimal-ids", "ids_decimal empty_word column_unknown"),
    case("01-decimal-ids", "", 'decimal_ids = true\nempty = ["NaN", "NaT", "None", "NULL"]'),
    case("02a-month-first", "dates_month_first"),
    case("02a-month-first", "", 'date_order = "month_first"'),
    case("02b-month-first-in-one-file", "dates_month_first"),
    case("02b-month-first-in-one-file", "", 'date_order = "month_first"'),
    case("03-times/a-appointments.xlsx", "times_dropped"),
    case("03-times/b-utc", "times_utc"),
    case("03-times/c-forms", "times_dropped"),
    case("06-title-and-total-rows/a-title-rows.xlsx", "rows_below header_lower"),
    case("06-title-and-total-rows/b-total-row.xlsx", "rows_below"),
    case("06-title-and-total-rows/c-banner-row.xlsx", "header_lower"),
    case("06-title-and-total-rows/d-csv-preamble", "header_lower"),
    case("07-merged-cells/delivery.xlsx", "cells_merged"),
    case("08-hidden-rows/delivery.xlsx", "rows_hidden"),
    case("09-formula-without-value/delivery.xlsx", "formula_unstored"),
    case("10-stray-cell/d-stray-BI.xlsx", "cell_far"),
    case("10-stray-cell/e-stray-XFD.xlsx", "cell_far"),
    case("10-stray-cell/f-col-300.xlsx", "column_unknown"),
    case(
        "11-ages-and-unknowns",
        "empty_word age_year age_band code_unknown number_not_whole number_wrong out_of_range parent_refused file_unknown",
    ),
    case("12-snomed-codes", "code_rounded code_unknown parent_refused"),
    case("13-ids/a-leading-zeros", "ids_zeros"),
    case("13-ids/a-leading-zeros", "", "leading_zeros = 5"),
    case("13-ids/b-scientific", "ids_rounded"),
    case("13-ids/c-case-folded", "ids_case"),
    case("13-ids/d-client-ref-collapsed", "ids_rounded"),
    case("14-form-export/questions-as-headers.xlsx", "table_missing file_unknown"),
    case("16-report-footer", "rows_below"),
    case("19-file-names/delivery.zip", "file_unknown"),
    case("20-pipe", ""),
    case("24-closed-without-date", "closed_undated table_empty"),
    case("26-client-counters/delivery", "refs_counters table_absent"),
    case("security/corrupt.parquet", "unreadable table_missing"),
    case("security/file_row_number.parquet", "column_unknown table_missing"),
    case("security/corrupt_sheet.xlsx", "unreadable"),
    case("security/error_cell_regex.xlsx", "unreadable"),
    case("security/far_cell.xlsx", "cell_far"),
)
SUGGESTED = ("14-form-export/*.csv", "14-form-export/questions-as-headers.xlsx", "12-snomed-codes")
MAPPINGS = ("security/mapping_bypass.toml", "security/mapping_traceback.toml")


def main(folder: Path) -> int:
    """Runs every case; the number of those that do not give what is wanted."""
    n_wrong = 0
    for one in CASES:
        with tempfile.TemporaryDirectory() as work:
            got = rules_of(_read(folder / one.path, Path(work), one.mapping))
        is_right = set(got) == set(one.wanted) or (one.mapping and not any(RULES[rule].is_refusal for rule in got))
        n_wrong += not is_right
        print(
            f"{'ok   ' if is_right else 'WRONG'} {one.path} {one.mapping!r}\n      wanted {', '.join(one.wanted)}\n      got    {got}"
        )
    return n_wrong + sum(not _said(line) for line in _others(folder))


def _said(line: tuple[bool, str]) -> bool:
    print(f"{'ok   ' if line[0] else 'WRONG'} {line[1]}")
    return line[0]


def _others(folder: Path) -> Iterator[tuple[bool, str]]:
    """Suggestions that read a delivery without a refusal of the whole, and mappings that are refused in a sentence."""
    for pattern in SUGGESTED:
        with tempfile.TemporaryDirectory() as work:
            found = next(iter(sorted(folder.glob(pattern))))
            delivery = found if found.suffix == ".xlsx" or found.is_dir() else _with_services(found, Path(work) / "d")
            words = suggestion.suggest([delivery])
            got = rules_of(_read(delivery, Path(work), words))
            yield (
                not any(RULES[rule].is_whole for rule in got),
                f"{pattern}: suggested {len(tomllib.loads(words)['tables'])} tables; got {got}",
            )
    for name in MAPPINGS:
        with tempfile.TemporaryDirectory() as work:
            try:
                _read(folder / "24-closed-without-date", Path(work), (folder / name).read_text(encoding="utf-8"))
                yield False, f"{name}: read"
            except ValueError as error:
                yield True, f"{name}: {str(error).partition(': ')[2]}"


def _with_services(file: Path, folder: Path) -> Path:
    folder.mkdir()
    for one in (file, file.parent / "service.csv"):
        shutil.copy(one, folder)
    return folder


def _read(path: Path, work: Path, mapping: str) -> Report:
    """A Parquet file alone is the journey table of a folder."""
    if path.suffix == ".parquet":
        (work / "alone").mkdir()
        shutil.copy(path, work / "alone" / "journey.parquet")
        path = work / "alone"
    words = work / "mapping.toml"
    words.write_text(mapping, encoding="utf-8")
    with read.connected(work) as connection:
        return read.read([path], connection, mapping=words if mapping else None)


def rules_of(report: Report) -> dict[str, int]:
    """How often each rule was broken."""
    return dict(report.by_rule)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
