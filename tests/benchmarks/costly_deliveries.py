"""What files made to cost do cost: seconds and peak memory of a check of each, as a table. Run by hand.

python tests/benchmarks/costly_deliveries.py [FILE...]     # FILEs are measured beside those that are made here
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "tests" / "intake" / "deliveries" / "good"
LINE = b"J-9,c9,north,2023-05-02,gp,,,,,,,,,\n"


def main(files: list[str]) -> None:
    """Prints the table."""
    print("| file | bytes | seconds | CPU seconds | peak MB | exit | what it says |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        made = [make(Path(folder)) for make in (far_cell, wide_book, columns, members, bomb, large)]
        for path in [*made, *map(Path, files)]:
            print(measured(path), flush=True)


def measured(path: Path) -> str:
    """One row of the table."""
    started = time.monotonic()
    command = [sys.executable, "-m", "journeys", "check", str(path)]
    settings = {**os.environ, "JOURNEYS_APART": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    rules = [
        line.rpartition("(")[2].rpartition(")")[0]
        for line in said.splitlines()
        if line.endswith(tuple("0123456789")) and "):" in line
    ]
    n_bytes = sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size
    words = ", ".join(rules) or said.strip().splitlines()[-1][:80]
    seconds = time.monotonic() - started
    return f"| {path.name} | {n_bytes:,} | {seconds:.1f} | {used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss // 1024:,} | {process.returncode} | {words} |"


def far_cell(folder: Path) -> Path:
    path = folder / "made_far_cell.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("journey")
        sheet.write(0, 0, "journey_id")
        sheet.write("XFD1048576", "x")
    return path


def wide_book(folder: Path) -> Path:
    path = folder / "made_1000_columns.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("journey")
        for row in range(200):
            sheet.write_row(row, 0, [f"x{place}" for place in range(1000)])
    return path


def columns(folder: Path) -> Path:
    place = shutil.copytree(GOOD, folder / "made_1000_columns")
    rows = (GOOD / "contact.csv").read_text(encoding="utf-8").splitlines()
    more = ",".join(f"x{i}" for i in range(1000))
    (place / "contact.csv").write_text(
        "\n".join([f"{rows[0]},{more}", *(row + "," * 1000 for row in rows[1:])]), encoding="utf-8"
    )
    return place


def members(folder: Path) -> Path:
    path = folder / "made_60000_members.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(60_000):
            packed.writestr(f"n/{number}.csv", "a\n")
    return path


def bomb(folder: Path) -> Path:
    return _packed(folder / "made_1_GB_in_3_MB.zip", [LINE * 30_000] * 1000)


def large(folder: Path) -> Path:
    """A million rows that differ, packed as real data pack: read to the end."""
    rows = (
        b"".join(b"J-%d,c%d,north,2023-05-02,gp,,,,,,,,,\n" % (i, i * 7919 % 10**9) for i in range(at, at + 25_000))
        for at in range(0, 1_000_000, 25_000)
    )
    return _packed(folder / "made_1_m_journeys.zip", rows)


def _packed(path: Path, parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in GOOD.glob("*.csv"):
            if file.name == "service.csv":
                packed.write(file, file.name)
        with packed.open("journey.csv", "w", force_zip64=True) as out:
            out.write((GOOD / "journey.csv").read_bytes())
            for part in parts:
                out.write(part)
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
