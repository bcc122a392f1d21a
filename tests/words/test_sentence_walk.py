"""More than a thousand answers of every metric, breakdown, state and selection: the second reader finds no fault in what is said of them."""

import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from journeys.answer import overlays
from journeys.answer.released import Released, Row
from journeys.statistics import proportions
from journeys.vocabulary import metrics
from journeys.vocabulary.selection import Selection
from journeys.words import sentences
from tests.answers_by_hand import LISTS, NAMES, bounded, released
from tests.words.grammar import faults

BREAKDOWNS = (
    (), ("service",), ("commissioner",), ("quarter",), ("month",), ("financial_year",), ("age_band",), ("gender",), ("start_rung",),
    ("model",), ("employment_status",), ("service", "quarter"),
)  # fmt: skip
SELECTIONS = (
    Selection(), Selection(period="2024/25"), Selection(base="out_of_work", within=24), Selection(base="working_age"),
    Selection(service="service-1"), Selection(commissioner="C1", period="last-4-quarters"),
    Selection(cohort={"gender": "female", "age_band": "25-34"}), Selection(base="out_of_work", cohort={"referral_source": "gp"}),
)  # fmt: skip


def drawn(slug: str, by: tuple[str, ...], chance: random.Random) -> Released:
    """An answer with rows of every kind: sizes from 10 to 20,000, shares near nought and near one, levels that shift, states of all sorts."""
    metric, selection = metrics.get(slug), chance.choice(SELECTIONS)
    known = [s for s in SELECTIONS if all(code in LISTS.codes(d) for d, code in s.cohort.items())]
    selection = selection if selection in known else chance.choice(known)
    answer = replace(plain(slug, by), selection=selection)
    habit = Habit(chance)
    rows = tuple(habit.row(row, metric.shape, i) for i, row in enumerate(answer.rows))
    answer = replace(answer, rows=tuple(replace(r, spc=None, funnel=None) if r.spc or r.funnel else r for r in rows))
    return placed(overlays.annotated(answer, metric), chance)


plain = cache(released)  # what is drawn stands in their place


class Habit:
    """How one answer is drawn: how large, how often hidden, at which share, with or without a shift."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.size = chance.choice((20, 60, 250, 1200, 9000))
        self.share = chance.choice((0.005, 0.03, 0.3, 0.5, 0.97, 0.995))
        self.hidden = chance.choice((0.0, 0.0, 0.05, 0.4, 0.9))
        self.shift = chance.choice((1.0, 1.0, 1.6, 0.5))

    def row(self, row: Row, shape: str, i: int) -> Row:
        if self.chance.random() < self.hidden:
            return self._gap(row, shape)
        complete = self.chance.choice((True, True, True, False)) if i % 7 == 6 else True
        return replace(row, complete=complete, **getattr(self, f"_{shape}")(i, row))

    def _gap(self, row: Row, shape: str) -> Row:
        state = self.chance.choice(("hidden", "few", "most", "not_recorded", "too_early", "not_applicable"))
        if state in ("few", "most") and shape == "proportion":
            size = 5 * self.chance.randint(2, 400)
            return bounded(Row(row.labels, "hidden", why=state, denominator=size, months=row.months))
        return Row(row.labels, "hidden" if state in ("few", "most") else state, months=row.months)

    def _around(self, i: int) -> int:
        level = self.size * (self.shift if i >= 8 else 1.0)
        return max(10, 5 * round(level * self.chance.uniform(0.9, 1.1) / 5))

    def _count(self, i: int, row: Row) -> dict:
        return {"count": self._around(i)}

    def _proportion(self, i: int, row: Row) -> dict:
        denominator = self._around(i)
        share = min(0.999, self.share * (self.shift if i >= 8 else 1.0) * self.chance.uniform(0.9, 1.1))
        numerator = min(denominator, max(10, 5 * round(share * denominator / 5)))
        found = proportions.proportion(numerator, denominator)
        return {
            "numerator": numerator,
            "denominator": denominator,
            "rate": found.rate,
            "low": found.low,
            "high": found.high,
        }

    def _waiting(self, i: int, row: Row) -> dict:
        n = self._around(i)
        found = proportions.proportion(max(10, 5 * round(self.share * n / 5)), max(n, 20))
        shares = {"incidence": found.rate, "low": found.low, "high": found.high}
        return {
            "at_risk": n,
            "events": max(10, 5 * round(self.share * n / 5)),
            "competing": 60,
            "censored": 20,
            **shares,
        }

    def _change(self, i: int, row: Row) -> dict:
        first, change = self.chance.uniform(2, 20), self.chance.uniform(-2, 3)
        means = {"mean_first": round(first, 1), "mean_latest": round(first + change, 1), "mean_change": round(change, 1), "low": round(change - 0.6, 1),
                 "high": round(change + 0.6, 1)}  # fmt: skip
        return {
            "pairs": self._around(i),
            "improved": self.chance.choice((None, 30, 45)),
            "same": 20,
            "worse": self.chance.choice((None, 10)),
            **means,
        }


def placed(answer: Released, chance: random.Random) -> Released:
    """Rows of services at places of a funnel, inside and beyond."""
    if answer.shape != "proportion" or not set(answer.by) & set(overlays.FUNNELS):
        return answer
    places = ("within", "within", "above95", "below95", "above998", "below998")
    limits = {"centre": 0.3, "low95": 0.2, "high95": 0.4, "low998": 0.1, "high998": 0.5}
    rows = [
        replace(r, funnel=limits | {"position": chance.choice(places)}) if r.rate is not None else r
        for r in answer.rows
    ]
    return replace(answer, rows=tuple(rows))


def walked(n: int, seed: int) -> list[str]:
    """The faults of `n` answers, each with the words that have it."""
    chance, found, seen = random.Random(seed), [], Counter()
    slugs = list(metrics.catalogue())
    for i in range(n):
        slug, by = slugs[i % len(slugs)], chance.choice(BREAKDOWNS)
        metric = metrics.get(slug)
        if set(by) & set(metric.labels):
            by = ()
        answer = drawn(slug, by, chance)
        seen[metric.shape, bool(by)] += 1
        sentence, heading = sentences.sentence(answer, metric, NAMES), sentences.finding(answer, metric, NAMES)
        found += [
            f"{slug} by {by} {answer.selection}: {fault} in {sentence}" for fault in faults(sentence, answer, LISTS)
        ]
        found += [
            f"{slug} by {by}: {fault} in heading {heading}" for fault in faults(heading, answer, LISTS, is_heading=True)
        ]
    assert {shape for shape, _ in seen} == {"count", "proportion", "waiting", "change"}
    return found


def test_a_walk_over_some_answers():
    assert walked(400, seed=1)[:3] == []


@pytest.mark.slow
def test_a_walk_over_a_thousand_answers():
    """Some more than the last line of journeys/words that such answers come to: the 1,019th comes to it first."""
    assert walked(1200, seed=2)[:3] == []


def _int(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_second_reader_sees_a_wrong_number_wherever_it_stands():
    """One number of a true sentence is changed at a time; nearly every change is seen (one that happens to be another true number is not)."""
    chance, seen, missed = random.Random(9), 0, []
    slugs = list(metrics.catalogue())
    while seen < 300:
        slug = chance.choice(slugs)
        answer = drawn(slug, (), chance)
        text = sentences.sentence(answer, metrics.get(slug), NAMES)
        places = list(re.finditer(r"about ([\d,]+)|(\d+(?:\.\d)?)%", text))
        if not places:
            continue
        place = chance.choice(places)
        i = 1 if place[1] else 2
        wrong = f"{_int(place[1]) * 3 + 35:,}" if i == 1 else f"{(float(place[2]) + 37) % 96:.{'.' in place[2]:d}f}"
        seen += 1
        false = text[: place.start(i)] + wrong + text[place.end(i) :]
        if not faults(false, answer, LISTS):
            missed.append(false)
    assert len(missed) <= 24, missed[:3]
