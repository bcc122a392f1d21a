"""The audit as a test: somebody who asks everything about 300 people learns no small number; without the rules they would.

Three dimensions: where (all, commissioners, services), when (all, financial years) and gender; a count, two proportions, a
curve and paired changes, every answer to every closed selection of them; and case mix, for somebody who knows the size of every
stratum. `long_audit.py` does the same with more, by hand.
"""

import numpy as np
import pytest

from journeys.answer import exact
from journeys.answer.rule import Rule
from journeys.statistics import standardisation
from tests.behind_by_hand import unguarded
from tests.disclosure import asked, attacker, delivery, expected
from tests.disclosure.audit import audit

COHORTS = ("gender",)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    return delivery.store(tmp_path_factory.mktemp("audit"), people=300)


@pytest.mark.slow
def test_who_asks_everything_learns_no_small_number(attacked):
    found = audit(*attacked, COHORTS)
    print(found.table())
    assert len(found.of("cell")) > 100 and len(found.of("numerator")) > 100
    assert found.pinned == [] and found.proved == []
    assert len(found.within("cell", 1)) <= len(found.of("cell")) / 1000
    assert len(found.within("numerator", 1)) <= len(found.of("numerator")) / 100


@pytest.mark.slow
def test_without_the_guard_small_cells_are_known(attacked, monkeypatch):
    monkeypatch.setattr(exact, "doubts", unguarded)
    found = audit(*attacked, COHORTS, (asked.COUNT,), attacker.Rules(is_guarded=False))
    assert len(found.within("cell", 1)) > len(found.of("cell")) / 100


@pytest.mark.slow
def test_without_rounding_small_cells_are_known(attacked, monkeypatch):
    monkeypatch.setattr(
        Rule, "rounded", lambda self, n: np.rint(n).astype(int) if isinstance(n, np.ndarray) else round(n)
    )
    found = audit(*attacked, COHORTS, (asked.COUNT,), attacker.Rules(base=1))
    assert len(found.pinned) > len(found.of("cell")) / 100


@pytest.mark.slow
def test_expected_counts_tell_no_small_number(attacked):
    found = expected.audit(*attacked, "engaged", COHORTS)
    assert len(found.of("numerator")) > 20
    assert found.pinned == found.proved == found.within("numerator", 1) == []


@pytest.mark.slow
def test_expected_counts_of_exact_rates_tell_small_numbers(attacked, monkeypatch):
    monkeypatch.setattr(standardisation, "scaled", lambda rates, sizes, taken: _products(rates, sizes))
    monkeypatch.setattr(standardisation, "expected_rate", lambda strata: _exact_rate(tuple(strata)))
    assert len(expected.audit(*attacked, "engaged", COHORTS, is_scaled=False).pinned) > 2


def _products(rates, sizes):
    return [None if rate is None or n is None else rate * n for rate, n in zip(rates, sizes, strict=True)]


def _exact_rate(strata):
    return standardisation.expected(strata) / sum(n for n, _, _ in strata)
