"""Metrics as data: one file in queries/metrics each, a TOML header in a comment (words), then one SELECT (labels and counts)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from journeys.vocabulary.selection import BREAKDOWNS, Selection

FOLDER = Path(__file__).resolve().parents[2] / "queries" / "metrics"
SHAPES = ("count", "proportion", "waiting", "change")
DIRECTIONS = ("higher", "lower", "none")
KINDS = (
    "goals",
    "outcomes",
    "reasons",
    "contacts",
    "activities",
    "readings_needs",
    "readings_confidence",
    "readings",
    "follows_up",
    "attended",
    "shared_key",
)
KIND_WORDS = {
    "goals": "goals",
    "outcomes": "outcomes",
    "reasons": "reasons",
    "contacts": "contacts",
    "activities": "activities",
    "readings_needs": "readings of basic needs",
    "readings_confidence": "readings of confidence and wellbeing",
    "readings": "readings",
    "follows_up": "outcomes after closure",
    "attended": "who attended",
    "shared_key": "a shared client key",
}
GONE = {
    "kept_work": "job_at_referral",
    "job_sustained": "first_jobs",
    "job_ended": "first_jobs",
    "job_not_confirmed": "first_jobs",
}
_HEADER = re.compile(r"\A/\*\n(.*?)\*/\n(.*)\Z", re.S)
_SOURCE = re.compile(r"\bselected(?:_(\w+))?\b")


@cache
def _source(sql: str) -> str:
    tables = sorted({m[1] or "" for m in _SOURCE.finditer(sql)}, reverse=True)
    return tables[0] or "journey"


@dataclass(frozen=True)
class Metric:
    """One metric: what its header says, and its SELECT.

    `says` is the verb phrase of its sentence, with its own labels in braces. `horizon` is `none`, `within` (the selection's),
    a number of days, or the label (`months`, `weeks`) that carries it; `more_days` must have passed beyond it. `needs` must be
    recorded, `fed_by` shows more where it is. `ripens`: its share grows with time since referral. `event_time`: the period is when
    it happened, not when the person was referred. `funnel`: services are laid beside chance, since it says what they do (contact,
    engagement, outcomes) and not what they are or whom they see. `codes` keeps to some codes of a label's list. `same_as` says of which choice
    a numerator is a second name: a label (`source = "referral_source"`, code for code), one code of a label
    (`"goal=employment" = "work_goal=yes"`) or, where there is no label, the `numerator`. `only`: the employment statuses at
    referral of which alone it counts anybody, if it does not count all. `placed_by`: the own label that says in which service a row
    is, if one does. `left_out` maps a reason to the journeys
    (SQL over `selected`) that it leaves out.
    """

    slug: str
    title: str
    why: str
    says: str
    unit: str
    shape: str
    direction: str
    base: str
    horizon: str
    sql: str = field(repr=False)
    numerator: str = ""
    denominator: str = ""
    caution: str = ""
    labels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()
    ripens: bool = False
    event_time: bool = False
    funnel: bool = False
    more_days: int = 0
    only: tuple[str, ...] = ()
    placed_by: str = ""
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    same_as: Mapping[str, str] = field(default_factory=dict, hash=False)
    left_out: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def source(self) -> str:
        """The table of the store that the SELECT reads: journey, goal, outcome, first_job and so on."""
        return _source(self.sql)

    @property
    def has_one_part(self) -> bool:
        """Whether one own label alone, beside the horizon, tells its parts."""
        return len([name for name in self.labels if name != "months"]) == 1

    @property
    def named_again(self) -> str | None:
        """The dimension whose choices its numerators name a second time."""
        return next((choice.partition("=")[0] for choice in self.same_as.values()), None)

    def choice_of(self, own: Sequence[str | None]) -> str | None:
        """The value of that dimension which chooses the same journeys as the numerator under these own labels."""
        pairs = dict(zip(self.labels, own, strict=True))
        for name, choice in self.same_as.items():
            label, _, code = name.partition("=")
            value = choice.partition("=")[2]
            if not code and label in pairs:
                return pairs[label]
            if name == "numerator" or (code and pairs.get(label) == code):
                return value
        return None

    @property
    def is_by_event(self) -> bool:
        """Whether the period is when the event happened, not when the person was referred."""
        return self.event_time

    @property
    def has_within(self) -> bool:
        return self.horizon == "within"

    def on_its_base(self, selection: Selection) -> Selection:
        """The selection on the metric's own base, unless the reader chose a base."""
        return selection.but(base=self.base) if selection.base == "all" else selection

    @property
    def definition(self) -> str:
        """Numerator over denominator in one sentence."""
        return (
            f"{self.numerator} / {self.denominator[:1].lower()}{self.denominator[1:]}"
            if self.denominator
            else self.numerator
        )


def parse(slug: str, text: str) -> Metric:
    """A Metric from the text of its file; ValueError says what is wrong in it."""
    match = _HEADER.match(text)
    if not match:
        raise ValueError(f"metric {slug}: the file must start with a /* header */ and then hold one SELECT")
    words = tomllib.loads(match[1])
    words |= {name: tuple(words.get(name, ())) for name in ("labels", "needs", "fed_by", "only")}
    words["codes"] = {label: tuple(codes) for label, codes in words.get("codes", {}).items()}
    try:
        metric = Metric(slug=slug, sql=match[2].strip(), **words)
    except TypeError as error:
        raise ValueError(f"metric {slug}: {error}") from None
    for name, allowed in (("shape", SHAPES), ("direction", DIRECTIONS)):
        if getattr(metric, name) not in allowed:
            raise ValueError(f"metric {slug}: {name} is {getattr(metric, name)!r}, allowed are {', '.join(allowed)}")
    for kind in (*metric.needs, *metric.fed_by):
        if kind not in KINDS:
            raise ValueError(f"metric {slug}: it needs or is fed by {kind!r}, allowed are {', '.join(KINDS)}")
    if metric.placed_by not in ("", *metric.labels):
        raise ValueError(f"metric {slug}: it is placed by {metric.placed_by!r}, which is no label of it")
    _check_same_as(metric)
    return metric


def _check_same_as(metric: Metric) -> None:
    """ValueError where a second name is of no numerator of the metric, or of no dimension, or of two."""
    for name, choice in metric.same_as.items():
        label, dimension = name.partition("=")[0], choice.partition("=")[0]
        if label not in (metric.labels or ("numerator",)) or metric.shape != "proportion":
            raise ValueError(f"metric {metric.slug}: same_as speaks of {name!r}, which is no numerator of it")
        if dimension not in BREAKDOWNS or dimension != metric.named_again:
            raise ValueError(f"metric {metric.slug}: {name} is the same as {choice!r}, allowed is one dimension")


@cache
def catalogue() -> Mapping[str, Metric]:
    """Every metric by its slug, in alphabetical order."""
    return {p.stem: parse(p.stem, p.read_text(encoding="utf-8")) for p in sorted(FOLDER.glob("*.sql"))}


def now_called(slug: str) -> str:
    """The slug itself, or that of what took its place: links outlive metrics."""
    return GONE.get(slug, slug)


def get(slug: str) -> Metric:
    """The metric of that slug; ValueError with the known ones, or with what took the place of one that is gone."""
    known = catalogue()
    if slug in GONE:
        raise ValueError(f"the metric {slug!r} is gone: {GONE[slug]!r} has taken its place ({known[GONE[slug]].title})")
    if slug not in known:
        raise ValueError(f"unknown metric {slug!r}: known are {', '.join(known)}")
    return known[slug]
