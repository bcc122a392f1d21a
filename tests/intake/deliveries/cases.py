"""Deliveries in small: the good one of `good/`, changed as a case in bad.toml or good.toml tells, written to a folder.

A case has a name and any of: set, add_row, add_column, drop_column, rename_column, remove, replace, write, encode, delimit.
Places read "file row column", with rows as a spreadsheet numbers them.
"""

import csv
import io
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
GOOD = HERE / "good"

Tables = dict[str, list[list[str]]]


def load(name: str) -> list[dict]:
    """The cases of one TOML file."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))["case"]


def good_tables() -> Tables:
    """Rows of every file of the good delivery, header first."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(GOOD.glob("*.csv"))}
    return {name: list(csv.reader(words.splitlines())) for name, words in files.items()}


def make(case: dict, folder: Path) -> Path:
    """Writes the good delivery with the changes of a case and returns the folder."""
    tables = good_tables()
    _change(tables, case)
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in tables.items():
        words = as_csv(rows, case.get("delimit", {}).get(file, ","))
        for old, new in [case["replace"][file]] if file in case.get("replace", {}) else []:
            assert old in words, f"{old!r} is not in {file}"
            words = words.replace(old, new)
        (folder / file).write_bytes(words.encode(case.get("encode", {}).get(file, "utf-8")))
    for file, words in case.get("write", {}).items():
        (folder / file).write_bytes(words.encode())
    return folder


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    """Rows as the text of a CSV file."""
    words = io.StringIO()
    csv.writer(words, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return words.getvalue()


def _change(tables: Tables, case: dict) -> None:
    for place, value in case.get("set", {}).items():
        file, row, column = place.split()
        tables[file][int(row) - 1][tables[file][0].index(column)] = value
    for file, line in case.get("add_row", {}).items():
        tables[file] += list(csv.reader(line.splitlines()))
    for place, values in case.get("add_column", {}).items():
        file, column = place.split(" ", 1)
        cells = values if isinstance(values, list) else [values] * (len(tables[file]) - 1)
        for row, cell in zip(tables[file], [column, *cells], strict=True):
            row.append(cell)
    for place in case.get("drop_column", []):
        file, column = place.split()
        at = tables[file][0].index(column)
        tables[file] = [row[:at] + row[at + 1 :] for row in tables[file]]
    for place, name in case.get("rename_column", {}).items():
        file, column = place.split()
        tables[file][0][tables[file][0].index(column)] = name
    for file in case.get("remove", []):
        del tables[file]
