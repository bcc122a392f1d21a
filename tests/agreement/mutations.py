"""Would the tests notice a mistake in the SQL? Makes one at a time and asks.

    python tests/agreement/mutations.py                          every mutation (about a thousand)
    python tests/agreement/mutations.py --sample 100             a hundred of them, always the same ones
    python tests/agreement/mutations.py found_work 07_spiral     those of some files (or with these words in the changed line)
    python tests/agreement/mutations.py --list                   what would be changed

Each mutation changes one thing in one file of queries/metrics (its left_out lines included) or queries/store: a comparison, a
filter, a number, min for max, a branch of a union, a code of a list, numerator for denominator. It is made in a copy of the
repository, never here, and judged by the questions and counts of test_metrics_agree.py on the same generated deliveries.
What nobody notices is printed, unless EQUIVALENT says why it is no mistake; a survivor that is one needs a sharper
delivery in generate.py or a new test. The exit code is the number of survivors.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random

import duckdb
import generate
import oracle

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import test_metrics_agree as agree  # noqa: E402

from journeys.intake import read  # noqa: E402
from journeys.store import build  # noqa: E402
from journeys.store.duck import LOCKED  # noqa: E402
from journeys.store.opened import current_version, file_of, open_store  # noqa: E402
from journeys.vocabulary import metrics  # noqa: E402

COPIED = ("journeys", "queries", "data/reference", "tests")

# files, and what a changed line holds then: why every answer stays the same
EQUIVALENT = {
    ("00_client", "('0x' || left(sha256(concat_ws(chr([31 -> 32]), getvariable('hash_key'),"): "any separator does, unless a key ends as a reference begins",
    ("03_days", "o.outcome not in ('job_started', 'self_employment', 'apprenticeship') or coalesce(o.hours_per_week, [4 -> 5]) >= 4 as is_counted,"): "five hours count as four do",
    ("04_of_journey", "'wemwbs'[, 'ucla3' -> ])"): "other tools show it in the generated deliveries; each alone is held by test_recorded.py",
    ("05_recorded", "[min -> max](referred_on) filter (where "): "nobody comes again just where recording begins; held by test_recorded.py",
    ("10_journey", "-> true] then rung_code(p.rung_after_"): "spiral_after looks at nobody else",
    ("20_together", "[service.whole_until < t.latest -> true]"): "lateness is in words alone; held by test_recorded.py",
    ("09_again", "[client in (select client from referral group by client having count(*) > 1) -> true]"): "who came once has no next referral",
    ("00_client", "case when client_key [is null -> is not null] then 'service' else 'key' end"): "the two words change places: keys and services stay apart",
    ("12_returned", "from referral where [closed_on is not null -> true]"): "no closing day is the same as none",
    ("12_returned", "where [h.is_within -> true]"): "questions are of those horizons alone; what a date would tell is held by test_dates.py",
    **{("13_selected", f"[365 -> 366] as horizon from {table};"): "no metric of it has a horizon" for table in
       ("activity", "closure", "contact", "door", "first_job", "goal", "outcome", "reading")},
    ("13_selected", "[0 -> 1]::bigint as part"): "everybody is one part, whatever its number",
    ("not_started", "[is_followed -> true] and why_not is not null"): "only what is followed has a reason",
    ("stages", "[999 -> 1000]"): "either is after day 91",
    ("work_after_*", "[records_follows_up -> true])\""): "who follows up does so from the first month to the last",
    ("work_after_*", "coalesce(days_to_work, [999 -> 1000]) <= 183"): "either is after day 183",
    ("work_goal_moved", "coalesce(days_to_work_goal, [999 -> 1000]) > 183"): "either is after day 183",
    ("wellbeing_change", "sum(latest_score) filter (where [gain is not null -> true]) as sum_latest,"): "there is a gain wherever there is a latest score",
}  # fmt: skip

SWAPS = {
    "<=": "<", ">=": ">", "<": "<=", ">": ">=", "<>": "=", "=": "<>", "min": "max", "max": "min", "min_by": "max_by",
    "max_by": "min_by", "greatest": "least", "least": "greatest", "true": "false", "false": "true", "bool_or": "bool_and",
    "or": "and", "is not null": "is null", "is null": "is not null", "left join": "join",
    "count(distinct": "count(", "lead": "lag",
}  # fmt: skip
SWAP = re.compile(r"<=|>=|<>|(?<![<>])=|(?<!-)<(?![>=])|(?<![<-])>(?!=)|\bcount\(distinct|"
    r"\b(?:is not null|is null|left join|min_by|max_by|min|max|greatest|least|true|false|bool_or|or|lead)\b")  # fmt: skip
NUMBER = re.compile(r"(?<![\w.$'])\d{1,3}(?![\w.'])")
WHERE = re.compile(r"\b(?:where|and|when)\s+")
ENDS = re.compile(
    r"\s*(?:\)|,|;|\"|\Z|\b(?:and|or|then|group|order|union|qualify|left join|join|where|from)\b|as \w+\s*(?:,|\n))"
)
CODES = re.compile(r"\bin \(([^()]*)\)")
SHARE = re.compile(r"numerator(,.*?as )denominator", re.S)
BRANCH = re.compile(r"\n\s*union all\n(.*?)(?=\n\s*union all\n|\n\)|;|\Z)", re.S)


@dataclass(frozen=True)
class Mutation:
    """The text from `start` to `end` of a file becomes `new`; `line` is what the changed line reads then."""

    file: Path
    start: int
    end: int
    new: str

    def text(self) -> str:
        old = self.file.read_text(encoding="utf-8")
        return old[: self.start] + self.new + old[self.end :]

    @property
    def line(self) -> str:
        old = self.file.read_text(encoding="utf-8")
        if self.new.startswith("denominator"):
            return "numerator and denominator swapped"
        if "\n" in old[self.start : self.end]:
            return f"without {' '.join(old[self.start : self.end].split())}"
        before = old[: self.start].rpartition("\n")[2].lstrip()
        after = old[self.end :].partition("\n")[0]
        return f"{before}[{old[self.start : self.end]} -> {self.new}]{after}"

    @property
    def name(self) -> str:
        return f"{self.file.stem}: {self.line}"

    @property
    def excuse(self) -> str | None:
        """Why it is no mistake, if it is none."""
        found = (
            why for (files, line), why in EQUIVALENT.items() if line in self.line and fnmatchcase(self.file.stem, files)
        )
        return next(found, None)


def mutations(file: Path) -> Iterator[Mutation]:
    """Every mutation of a file, in the order of its text."""
    text = file.read_text(encoding="utf-8")
    code = _code(text, is_metric=file.parent.name == "metrics")
    found = {*_swapped(code), *_numbers(code), *_filters(code), *_codes(code, text), *_shares(code), *_branches(code)}
    return (Mutation(file, *one) for one in sorted(found))


def _code(text: str, is_metric: bool) -> str:
    """The text with everything that is not SQL blanked out, character for character."""
    header = text.index("*/") + 2 if is_metric else 0
    left_out = text.find("[left_out]\n", 0, header)
    shown = [m.span(1) for m in re.compile(r' = "(.*)"\n').finditer(text, left_out, header)] if left_out > 0 else []
    kept = "".join(
        c if i >= header or any(a <= i < b for a, b in shown) or c in '\n"' else " " for i, c in enumerate(text)
    )
    return re.sub(r"--[^\n]*|'[^'\n]*'", _blank, kept)


def _blank(match: re.Match) -> str:
    return "'" + "_" * (len(match[0]) - 2) + "'" if match[0][0] == "'" else " " * len(match[0])


def _swapped(code: str) -> Iterator[tuple]:
    for m in SWAP.finditer(code):
        yield *m.span(), SWAPS[m[0]]


def _numbers(code: str) -> Iterator[tuple]:
    for m in NUMBER.finditer(code):
        yield *m.span(), str(int(m[0]) + 1)


def _filters(code: str) -> Iterator[tuple]:
    """Each condition after where, and, when becomes true."""
    for m in WHERE.finditer(code):
        end = _end(code, m.end())
        condition = code[m.end() : end]
        if "between" not in condition or " and " in condition:
            yield m.end(), end, "true"


def _end(code: str, start: int) -> int:
    depth, is_between = 0, False
    for i in range(start, len(code)):
        if depth == 0 and i > start:
            ends = ENDS.match(code, i)
            is_between = is_between or code.startswith("between", i)
            if ends and ends[0].strip() == "and" and is_between:
                is_between = False
            elif ends:
                return i
        depth += (code[i] == "(") - (code[i] == ")")
    return len(code)


def _codes(code: str, text: str) -> Iterator[tuple]:
    """Each code of a list is dropped."""
    for m in CODES.finditer(code):
        words = list(re.compile(r"'[^']*'(, )?").finditer(text, *m.span(1)))
        for word in words if len(words) > 1 else ():
            start = word.start() if word[1] else word.start() - 2
            yield start, word.end(), ""


def _shares(code: str) -> Iterator[tuple]:
    for m in SHARE.finditer(code):
        yield *m.span(), f"denominator{m[1]}numerator"


def _branches(code: str) -> Iterator[tuple]:
    for m in BRANCH.finditer(code):
        yield *m.span(), ""


# -- are they noticed? ------------------------------------------------------------------------------------------------


def remembered(function):
    """The same function, which answers a question about a delivery once."""
    known: dict = {}

    def answer(delivery, metric, **question):
        key = (id(delivery), metric, repr(sorted(question.items(), key=str)))
        if key not in known:
            known[key] = function(delivery, metric, **question)
        return known[key]

    return answer


class Intake:
    """Reads a delivery once, and gives the same rows again from then on: the SQL that is changed comes after it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.real, self.reports = folder, read.read, {}

    def __call__(self, paths, connection, **options):
        kept = self.folder / f"{paths[0].name}.duckdb"
        connection.execute(f"attach '{kept}' as kept")
        if paths[0] in self.reports:
            connection.execute("copy from database kept to delivery")
        else:
            self.reports[paths[0]] = self.real(paths, connection, **options)
            connection.execute("copy from database delivery to kept")
        connection.execute("detach kept")
        return self.reports[paths[0]]


class Judge:
    """The generated deliveries with a store each, and the plain implementation's answers."""

    def __init__(self, folder: Path) -> None:
        for name in ("released", "left_out", "exact", "exact_left_out"):
            setattr(oracle, name, remembered(getattr(oracle, name)))
        build.intake.read = Intake(folder)
        self.folder = folder
        self.deliveries = [generate.delivery(seed, **shape) for seed, shape in enumerate(agree.SHAPES)]
        for seed, delivery in enumerate(self.deliveries):
            generate.write(delivery, folder / f"{seed}")
        self.stores = [self._load(seed, "built") for seed in range(len(self.deliveries))]

    def _load(self, seed: int, name: str) -> Path:
        folder = self.folder / f"{seed}-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        build.load([self.folder / f"{seed}"], folder)
        return folder

    def notices(self, file: Path) -> str | None:
        """How the change that was made to a file is noticed, None if it is not; the quick comparison comes first."""
        metrics.catalogue.cache_clear()
        only = file.stem if file.parent.name == "metrics" else None
        stores = dict(enumerate(self.stores)) if only else {}
        for differences in (self.counts, self.answers):
            for seed in reversed(range(len(self.deliveries))):
                try:
                    stores[seed] = stores.get(seed) or self._load(seed, "mutated")
                    found = next(differences(seed, stores[seed], only), None)
                except Exception as error:
                    return f"{type(error).__name__} on delivery {seed}"
                if found:
                    return f"{found[0]} differs on delivery {seed}"
        return None

    def counts(self, seed: int, folder: Path, only: str | None) -> Iterator[tuple]:
        file = file_of(folder, current_version(folder))
        with duckdb.connect(str(file), read_only=True, config=LOCKED) as connection:
            yield from agree.exact_disagreements(self.deliveries[seed], connection, only)

    def answers(self, seed: int, folder: Path, only: str | None) -> Iterator[tuple]:
        return agree.disagreements(self.deliveries[seed], open_store(folder), seed, only)


def judge_all(found: list[Mutation]) -> int:
    """Make each mutation, print the survivors, and count them."""
    with tempfile.TemporaryDirectory() as temporary:
        judge = Judge(Path(temporary))
        if noticed := judge.notices(ROOT / "queries" / "store"):
            sys.exit(f"the tests fail before anything is changed: {noticed}")
        fates = Counter(_fate(judge, mutation) for mutation in found)
    print(", ".join(f"{n} {fate}" for fate, n in sorted(fates.items())))
    return fates["survived"]


def _fate(judge: Judge, mutation: Mutation) -> str:
    name, excuse, original = mutation.name, mutation.excuse, mutation.file.read_text(encoding="utf-8")
    mutation.file.write_text(mutation.text(), encoding="utf-8")
    try:
        noticed = judge.notices(mutation.file)
    finally:
        mutation.file.write_text(original, encoding="utf-8")
    if noticed:
        return "noticed, though listed as equivalent" if excuse else "noticed"
    print(f"equivalent  {name}: {excuse}" if excuse else f"SURVIVED    {name}", flush=True)
    return "equivalent" if excuse else "survived"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="only mutations with one of these in their file or line")
    parser.add_argument("--sample", type=int, help="only so many, drawn at random")
    parser.add_argument("--list", action="store_true", help="print the mutations, make none")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not (given.here or given.list):
        return _in_a_copy(sys.argv[1:])
    files = sorted(f for room in ("metrics", "store") for f in (ROOT / "queries" / room).glob("*.sql"))
    found = [m for f in files for m in mutations(f) if not given.words or any(word in m.name for word in given.words)]
    if given.sample:
        found = Random(1).sample(found, min(given.sample, len(found)))
    if given.list:
        print("\n".join(m.name for m in found), f"\n{len(found)} mutations")
        return 0
    return judge_all(found)


def _in_a_copy(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        for room in COPIED:
            shutil.copytree(ROOT / room, Path(temporary) / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "data" / "dictionary.toml", Path(temporary) / "data")
        script = Path(temporary) / "tests" / "agreement" / Path(__file__).name
        return subprocess.run([sys.executable, script, *arguments, "--here"], cwd=temporary).returncode


if __name__ == "__main__":
    sys.exit(main())
