"""Questions to ask a service, from what its own figures show: the rules are data (data/questions.toml), the tests stand here. None of them judges."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from journeys.answer.released import Released, Row
from journeys.vocabulary import metrics
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.lists import Service
from journeys.words import glance, phrases, shares
from journeys.words.phrases import Names
from journeys.words.series import series
from journeys.words.shapes import emptiest

FILE = Path(__file__).resolve().parents[2] / "data" / "questions.toml"
FILLED, HALF = 0.8, 0.5
KIND_OF = {
    "first_contact_on": "contacts",
    "goals": "goals",
    "measures": "readings",
}  # fields of kinds with a question of their own
NOT_A_REASON = ("not_said", "unknown", "not_stated")
RECORDS = "What each service records"


@dataclass(frozen=True)
class Rule:
    """One rule: its test, what it looks at, what is said when it holds, the question, and the figure that raised it.

    A rule that is `last` is asked only where no other raised a question.
    """

    test: str
    seen: str
    ask: str
    page: str
    panel: str
    metric: str = ""
    kind: str = ""
    label: str = ""
    value: str = ""
    last: bool = False

    @property
    def figure(self) -> str:
        """The name of the figure that raised it: `Engaged with a link worker by service`."""
        if not self.metric:
            return RECORDS
        by = self.panel.removeprefix(self.metric).strip("-")
        return f"{metrics.get(self.metric).title} by {by}" if by else metrics.get(self.metric).title


@dataclass(frozen=True)
class Question:
    """What was seen, what to ask, and the figure that raised it by its name, page and panel."""

    seen: str
    ask: str
    page: str
    panel: str
    figure: str


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the service, its row among its peers with case mix, its own answers, its quarters; by metric."""

    service: Service
    among: Mapping[str, Row]
    own: Mapping[str, Released]
    quarters: Mapping[str, Released]
    names: Names


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in the order of the file; ValueError for a test that nobody has written."""
    found = tuple(Rule(**one) for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"])
    unknown = [one.test for one in found if one.test not in TESTS]
    if unknown:
        raise ValueError(f"{FILE.name}: no test {unknown[0]!r}; there are {', '.join(TESTS)}")
    return found


def questions(facts: Facts) -> list[Question]:
    """The questions that this service's figures raise; where nothing is unusual, that of its emptiest field."""
    usual = [question for rule in rules() if not rule.last and (question := _raised(rule, facts))]
    return usual or [question for rule in rules() if rule.last and (question := _raised(rule, facts))]


def _raised(rule: Rule, facts: Facts) -> Question | None:
    words = TESTS[rule.test](rule, facts)
    return None if words is None else Question(rule.seen.format(**words), rule.ask, rule.page, rule.panel, rule.figure)


def wanted(test_names: Sequence[str]) -> tuple[str, ...]:
    """The metrics that these tests look at."""
    return tuple(dict.fromkeys(rule.metric for rule in rules() if rule.test in test_names and rule.metric))


Words = dict[str, str]


def _below_expected(rule: Rule, facts: Facts) -> Words | None:
    row = facts.among.get(rule.metric)
    return {} if row is not None and row.ratio_high is not None and round(row.ratio_high, 2) < 1 else None


def _above_expected(rule: Rule, facts: Facts) -> Words | None:
    row = facts.among.get(rule.metric)
    return {} if row is not None and row.ratio_low is not None and round(row.ratio_low, 2) > 1 else None


def _signal(rule: Rule, facts: Facts) -> Words | None:
    """What the board says of the same figure: the latest complete quarter stands out, and nothing older does."""
    if rule.metric not in facts.quarters:
        return None
    asked, metric = facts.quarters[rule.metric], metrics.get(rule.metric)
    found, latest = glance.signal(asked, metric), series(asked, metric).latest
    if latest is None or not found.is_change:
        return None
    return {"now": found.words, "quarter": in_words(latest.labels["quarter"])}


def _mostly(rule: Rule, facts: Facts) -> Words | None:
    """The commonest value that can be shown and says something."""
    rows = [row for row in _rows(rule, facts) if row.rate is not None and row.labels[rule.label] not in NOT_A_REASON]
    if not rows:
        return None
    most = max(rows, key=lambda row: row.rate)
    return {"value": phrases.lowered(facts.names(rule.label, most.labels[rule.label]))}


def _mostly_unknown(rule: Rule, facts: Facts) -> Words | None:
    """More than half, for certain, of what the rule names; of several rows of it the last one with a share."""
    rows = [row for row in _rows(rule, facts) if row.labels[rule.label] == rule.value and row.rate is not None]
    if not rows or rows[-1].low <= HALF:
        return None
    return {"share": shares.percent(rows[-1].rate, rows[-1].denominator)}


def _below_half(rule: Rule, facts: Facts) -> Words | None:
    rows = [row for row in _rows(rule, facts) if row.high is not None]
    return {} if rows and all(row.high < HALF for row in rows) else None


def _gap(rule: Rule, facts: Facts) -> Words | None:
    """The emptiest field, where a fifth or more of it is empty."""
    return _emptiest(rule, facts, FILLED)


def _least_filled(rule: Rule, facts: Facts) -> Words | None:
    """The emptiest field, however little of it is empty."""
    return _emptiest(rule, facts, 1)


def _emptiest(rule: Rule, facts: Facts, below: float) -> Words | None:
    """Of what is not handed over at all, another question asks."""
    handed_over = facts.service.records
    rows = [row for row in _rows(rule, facts) if KIND_OF.get(row.labels[rule.label]) in (None, *handed_over)]
    least = next(iter(emptiest(rows)), None)
    if least is None or (least.rate is not None and least.rate >= below):
        return None
    share = (shares.bound(least) or "hardly any") if least.why else shares.percent(least.rate, least.denominator)
    return {"value": facts.names(rule.label, least.labels[rule.label]), "share": share}


def _not_recorded(rule: Rule, facts: Facts) -> Words | None:
    return {} if rule.kind not in facts.service.records else None


def _no_follow_up(rule: Rule, facts: Facts) -> Words | None:
    return {} if not facts.service.follows_up and "outcomes" in facts.service.records else None


def _late(rule: Rule, facts: Facts) -> Words | None:
    return {} if facts.service.is_late else None


def _rows(rule: Rule, facts: Facts) -> Sequence[Row]:
    return facts.own[rule.metric].rows if rule.metric in facts.own else ()


TESTS: Mapping[str, Callable[[Rule, Facts], Words | None]] = {
    "below_expected": _below_expected,
    "above_expected": _above_expected,
    "signal": _signal,
    "mostly": _mostly,
    "mostly_unknown": _mostly_unknown,
    "below_half": _below_half,
    "gap": _gap,
    "least_filled": _least_filled,
    "not_recorded": _not_recorded,
    "no_follow_up": _no_follow_up,
    "late": _late,
}
AMONG, OWN, QUARTERS = (
    ("below_expected", "above_expected"),
    ("mostly", "mostly_unknown", "below_half", "gap", "least_filled"),
    ("signal",),
)
