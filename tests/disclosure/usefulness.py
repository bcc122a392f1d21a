"""How much is still answered: of random closed selections of eight people or more, the share that is shown. By hand.

    python tests/disclosure/usefulness.py STORE [--questions 300] [--seed 1]

One to three filters, drawn from all: a period (financial year, quarter, month), a place (commissioner, service) and the cohort
dimensions. Uses nothing but `open_store`, so that older versions of the product can be measured with it too.
"""

import argparse
import random
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from journeys import Selection, open_store

LEAST = 8
_START = "(left(month, 4)::int - (right(month, 2) < '04')::int)"
CONDITIONS = {
    "service": "service_id = ?",
    "commissioner": "service_id in (select service_id from service where commissioner_code = ?)",
    "financial_year": f"{_START} || '/' || lpad((({_START} + 1) % 100)::varchar, 2, '0') = ?",
    "quarter": "left(month, 4) || '-Q' || (right(month, 2)::int + 2) // 3 = ?",
}
PLACES = ("service", "commissioner")
COHORTS = (
    "age_band",
    "gender",
    "ethnic_group",
    "imd_quintile",
    "long_term_conditions",
    "employment_status",
    "referral_source",
)
METRICS = ("referrals", "engaged")


def choices(store) -> dict[str, list[dict[str, str]]]:
    """Every single filter, by kind; each as column to value."""
    codes = store.lists.codes
    periods = [{unit: code} for unit in ("financial_year", "quarter", "month") for code in codes(unit)]
    places = [{unit: code} for unit in PLACES for code in codes(unit)]
    cohorts = {d: [{d: code} for code in codes(d)] for d in COHORTS}
    return {"period": periods, "place": places, **cohorts}


def drawn(filters: dict, n: int, chance: random.Random) -> dict[str, str]:
    """n filters of different kinds."""
    kinds = chance.sample(list(filters), n)
    return {name: value for kind in kinds for name, value in chance.choice(filters[kind]).items()}


def selection(chosen: dict[str, str]) -> Selection:
    period = next((v for k, v in chosen.items() if k in ("financial_year", "quarter", "month")), "all")
    place = {k: v for k, v in chosen.items() if k in PLACES}
    return Selection(period=period, cohort={k: v for k, v in chosen.items() if k in COHORTS}, **place)


def count(connection, chosen: dict[str, str]) -> int:
    where = " and ".join(CONDITIONS.get(name, f"{name} = ?") for name in chosen)
    return connection.execute(f"select count(*) from journey where {where}", list(chosen.values())).fetchone()[0]


def measured(folder: Path, questions: int, seed: int) -> list[tuple[str, int, int, int]]:
    """(metric, number of filters, selections of eight or more, how many of them are shown at least in part)."""
    store, found = open_store(folder), []
    (path,) = [p for p in folder.glob("*.duckdb") if store.version in p.name or len(list(folder.glob("*.duckdb"))) == 1]
    with TemporaryDirectory() as place, duckdb.connect(shutil.copy(path, place), read_only=True) as connection:
        filters = choices(store)
        for n in (1, 2, 3):
            chance, large = random.Random(seed), []
            for _ in range(questions * 40):
                chosen = drawn(filters, n, chance)
                if chosen not in large and count(connection, chosen) >= LEAST:
                    large.append(chosen)
                if len(large) == questions:
                    break
            for metric in METRICS:
                rows = [store.ask(metric, selection(chosen)).rows[0] for chosen in large]
                known = [row for row in rows if row.state not in ("too_early", "not_recorded", "not_applicable")]
                shown = sum(row.state == "shown" or row.denominator is not None for row in known)
                found.append((metric, n, len(known), shown))
    return found


def table(folder: Path, questions: int, seed: int) -> str:
    """One line a metric and number of filters."""
    lines = ["metric       filters  selections of 8 or more  answered"]
    for metric, n, asked, shown in measured(folder, questions, seed):
        lines.append(f"{metric:12}{n:8}{asked:25}{shown / asked:10.1%}" if asked else f"{metric:12}{n:8}{'none':>25}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    print(table(given.store, given.questions, given.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
