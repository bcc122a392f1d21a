"""The long audit, by hand: 1,000 people, more questions, four dimensions; prints the tables of docs/disclosure.md.

    python -m tests.disclosure.long_audit [--people 1000] [--services 4] [--seed 7] [--only NUMBER] [--before FOLDER]

After what is given away comes what is still answered, of the same people and of the sample of 15,000 journeys; with --before
(a working copy of an earlier version) what that version answers, too.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from journeys.__main__ import main as command
from tests.disclosure import asked, delivery, paired, usefulness
from tests.disclosure.audit import SLUGS, audit

# of each family the cohort dimensions beside where and when, and the metrics that are asked together
FAMILIES = (
    (("gender",), SLUGS),
    (("gender", "age_band"), (asked.COUNT,)),
    (("gender", "long_term_conditions"), (asked.COUNT,)),
    (("referral_source",), (asked.COUNT, "referral_sources")),
    (("imd_quintile",), SLUGS),
    (("long_term_conditions",), SLUGS),
)

QUESTIONS = 120  # of each number of filters


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--services", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", type=int, help="one family, by its number from 1")
    parser.add_argument("--before", type=Path, help="a working copy of an earlier version, to measure what it answers")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        store, path = delivery.store(Path(folder), given.people, given.services, given.seed)
        for cohorts, slugs in FAMILIES if given.only is None else FAMILIES[given.only - 1 : given.only]:
            began = time.monotonic()
            found = audit(store, path, cohorts, slugs)
            minutes = (time.monotonic() - began) / 60
            print(f"\n{', '.join(('where', 'when', *cohorts))}: {', '.join(slugs)}")
            print(f"{found.n_rows:,} constraints, {found.n_solved:,} programmes solved in {minutes:.1f} minutes")
            print(found.table(), flush=True)
            for one in (*found.within("cell", 1), *found.within("numerator", 1), *found.proved):
                print("within 1:", one.kind, one.what, (one.low, one.high), "not told which are small:", one.untold)
        print(
            "\nhidden parts of paired changes that follow from a mean and its deviation",
            paired.table(),
            sep="\n",
            flush=True,
        )
        print_answered(Path(folder), given.people, given.before)
    return 0


def print_answered(folder: Path, people: int, before: Path | None) -> None:
    """The share of selections of eight or more that is answered: of the people of the audit, and of the whole sample."""
    command(["sample", str(folder / "whole")])
    command(["load", str(folder / "whole"), "--store", str(folder / "whole-store")])
    made = {f"{people:,}": ("sample", "store"), "15,000": ("whole", "whole-store")}
    for journeys, (sample, store) in made.items():
        print(f"\nstill answered of {journeys} journeys: now", usefulness.table(folder / store, QUESTIONS, 1), sep="\n")
        if before is not None:
            print(f"\nof {journeys} journeys: before", of_earlier(before, folder / sample, folder / f"{store}-before"))


def of_earlier(version: Path, sample: Path, store: Path) -> str:
    """The same table of another version of the product, which loads the same sample itself."""
    place = {"cwd": version, "env": os.environ | {"PYTHONPATH": str(version)}, "check": True, "capture_output": True}
    subprocess.run([sys.executable, "-m", "journeys", "load", str(sample), "--store", str(store)], **place)
    asked_of_it = [sys.executable, usefulness.__file__, str(store), "--questions", str(QUESTIONS)]
    return "\n" + subprocess.run(asked_of_it, text=True, **place).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
