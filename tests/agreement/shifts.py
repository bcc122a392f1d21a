"""A delivery in which something lasts: services whose referrals and shares step up or down, or go one way, to the end of their data.

In series drawn evenly over time, as `generate` draws them, a control chart has next to nothing to tell. The steps here are of about two standard
deviations of a month: a run beyond the mean with its newest point inside the limits, so that nothing weightier is told instead.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random

import handmade

START, MONTHS, END = (
    date(2021, 10, 1),
    42,
    date(2025, 3, 31),
)  # fourteen quarters: a control chart needs thirteen points
NOISE = 6  # referrals, and hundredths of the share that is seen: the standard deviation of a month
BESIDE = (-5, 5, 0, -6, 3, -2, 6)  # how months of a step vary, in the same units


@dataclass(frozen=True)
class Course:
    """Referrals a month as usual, what its last months have more or fewer, and the share seen within 28 days before and in these."""

    usual: int
    last: tuple[int, ...]
    seen_before: float = 0.5
    seen_since: float = 0.5


def _step(by, n):
    """Months that end nearer to those before the step, lest the newest quarter lie outside the limits."""
    return tuple(by + (-beside if by > 0 else beside) for beside in islice(cycle(BESIDE), n))


COURSES = {
    "more": Course(40, _step(14, 21), 0.58, 0.42),
    "fewer": Course(54, _step(-14, 21), 0.42, 0.58),
    "rising": Course(40, tuple(range(-15, 20, 5))),
    "falling": Course(40, tuple(range(15, -20, -5))),
    "lately": Course(40, (24, 24)),
}


def delivery(seed=2):
    """Services of two commissioners that record everything, one for each course; every third journey has two readings of wellbeing."""
    draw, journeys = Random(seed), []
    for name, course in COURSES.items():
        for at in range(MONTHS):
            n, share = _month(draw, course, at - (MONTHS - len(course.last)))
            journeys += [_journey(draw, name, at, is_seen=i < share * n, is_measured=i % 3 == 0) for i in range(n)]
    return handmade.delivery(*journeys, services=[_service(i, name) for i, name in enumerate(COURSES)])


def _month(draw, course, place):
    """Referrals and the share seen of a month, whose place among the last ones is below nought before them."""
    if place < 0:
        return course.usual + round(draw.gauss(0, NOISE)), course.seen_before + draw.gauss(0, NOISE) / 100
    return course.usual + course.last[place], course.seen_since + BESIDE[(place + 3) % len(BESIDE)] / 100


def _service(number, name):
    board = number % 2 + 1
    of_board = {"commissioner_code": f"board-{board}", "commissioner_name": f"Board {board}"}
    return handmade.service(name, service_name=f"Service {number + 1}", data_from=START, data_to=END, **of_board)


def _journey(draw, name, at, is_seen, is_measured):
    months = START.month - 1 + at
    referred_on = date(START.year + months // 12, months % 12 + 1, 1) + timedelta(days=draw.randrange(28))
    contact_on = referred_on + timedelta(days=draw.randrange(28))
    readings = [handmade.reading(day, draw.randint(15 + day // 30, 30)) for day in (0, 90)] if is_measured else []
    return handmade.journey(
        referred_on, name, first_contact_on=contact_on if is_seen and contact_on <= END else None, gender=draw.choice(["female", "male"]),
        measure=readings if referred_on + timedelta(days=90) <= END else [],
    )  # fmt: skip
