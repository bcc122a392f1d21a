"""What work outcomes are asked of: of how many services, and of one alone."""

from dataclasses import replace

import pytest

from journeys.words import enablers
from tests.answers_by_hand import NAMES, service

END = "; in 2018 31% of respondents said that they are."


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("yes", "The service says that work outcomes are asked of it"),
        ("no", "The service says that work outcomes are not asked of it"),
        ("unknown", "The service does not say whether work outcomes are asked of it"),
    ],
)
def test_one_service_is_not_counted(asked, words):
    assert enablers.mirror([replace(service(0), **{enablers.ASKED: asked})]) == f"{words}{END}"


def test_of_several_services_it_is_said_of_how_many():
    several = [replace(service(i), **{enablers.ASKED: asked}) for i, asked in enumerate(("yes", "no", "unknown"))]
    assert enablers.mirror(several) == f"Work outcomes are asked of 1 of your 3 services (1 does not say){END}"


def test_a_column_that_no_service_fills_is_left_out():
    plain = [service(0), service(1)]
    told = enablers.table([replace(plain[0], replaces="service-2"), plain[1]], NAMES)
    assert told.header[-1] == "Takes the place of" and {len(row) for row in told.rows} == {len(told.header)}
    none = enablers.table(plain, NAMES)
    assert none.header == told.header[:-1] and {len(row) for row in none.rows} == {len(none.header)}
