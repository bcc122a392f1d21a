"""How long the check of a large delivery takes and how much memory: clean, and with every row refused.

    python tests/benchmarks/large_check.py [--journeys 1000000] [--folder FOLDER]

The delivery is made once in FOLDER. The second run changes the style of one date, so that all journeys and all their rows are
refused: the worst case for findings.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from journeys.intake import findings, read
from journeys.sample import lives


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "large-delivery")
    options = parser.parse_args()
    good, bad = options.folder / "good", options.folder / "bad"
    if not good.exists():
        lives.write(good, journeys=options.journeys, services=40)
    for folder in (good, spoiled(good, bad)):
        check(folder)


def spoiled(good: Path, bad: Path) -> Path:
    """The same delivery with one date of journey.csv in the other style."""
    bad.mkdir(exist_ok=True)
    for file in good.iterdir():
        target = bad / file.name
        if target.exists():
            continue
        if file.name != "journey.csv":
            target.symlink_to(file)
            continue
        header, first, rest = file.read_text(encoding="utf-8").split("\n", 2)
        cells = first.split(",")
        at = header.split(",").index("referred_on")
        cells[at] = "/".join(reversed(cells[at].split("-")))
        target.write_text("\n".join([header, ",".join(cells), rest]), encoding="utf-8")
    return bad


def check(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as work,
        duckdb.connect(config={"memory_limit": "3GB", "temp_directory": work}) as connection,
    ):
        connection.execute(f"attach '{work}/delivery.duckdb' as delivery (recovery_mode no_wal_writes)")
        started = time.perf_counter()
        report = read.read([folder], connection)
        checked = time.perf_counter()
        findings.write_report(report, Path(work) / "report.csv")
        written = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{folder.name}: {report.n_read:,} rows, {report.n_refused:,} refused; checked in {checked - started:.0f} s, "
        f"report in {written - checked:.0f} s, peak memory {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main()
