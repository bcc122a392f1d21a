"""The long audit, by hand: 1,000 people, more questions, four dimensions; prints the table of docs/disclosure.md.

python -m tests.disclosure.long_audit [--people 1000] [--services 4] [--seed 7] [--only NUMBER]
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.disclosure import asked, delivery
from tests.disclosure.audit import SLUGS, audit

# of each family the cohort dimensions beside where and when, and the metrics that are asked together
FAMILIES = (
    (("gender",), SLUGS),
    (("gender", "age_band"), (asked.COUNT,)),
    (("gender", "long_term_conditions"), (asked.COUNT,)),
    (("imd_quintile",), SLUGS),
    (("long_term_conditions",), SLUGS),
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--services", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", type=int, help="one family, by its number from 1")
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
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
