"""The audit as a test: somebody who asks everything about 300 people learns no small number; without the rules they would.

Three dimensions: where (all, commissioners, services), when (all, financial years) and gender; a count, two proportions, a
curve and paired changes, every answer to every closed selection of them. `long_audit.py` does the same with more, by hand.
"""

import pytest

from journeys.answer import exact
from journeys.answer.rule import Rule
from tests.disclosure import attacker, delivery
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
    monkeypatch.setattr(exact.Reading, "guarded", lambda self, sizes: frozenset())
    found = audit(*attacked, COHORTS, (attacker.COUNT,), attacker.Rules(is_guarded=False))
    assert len(found.within("cell", 1)) > len(found.of("cell")) / 100


@pytest.mark.slow
def test_without_rounding_small_cells_are_known(attacked, monkeypatch):
    monkeypatch.setattr(Rule, "rounded", lambda self, n: round(n))
    found = audit(*attacked, COHORTS, (attacker.COUNT,), attacker.Rules(base=1))
    assert len(found.pinned) > len(found.of("cell")) / 100
