"""What happens on a generated journey: rows of every child table, as the service hands them over."""

from dataclasses import dataclass
from datetime import timedelta

from draws import (
    ACTIVITIES,
    BARRIERS_NAMED_AS_ITEMS,
    CONTRACTS,
    GOALS,
    HORIZONS,
    JOB_EDGES,
    JOBS,
    KINDS,
    RATINGS,
    REASONS,
    STATUSES,
    STONES,
    TOOLS,
    WHY_NOT,
)

CHILDREN = ("referral_reason", "goal", "contact", "activity", "outcome", "measure")


@dataclass(frozen=True)
class Habits:
    """What a service hands over, which no column says.

    `tables`: child table -> the day from whose referrals on it is filled; a table that is not named is seldom filled.
    `few`: tables that only that many clients have rows in. `says_attended`: contacts say whether the client came.
    """

    tables: dict
    tools: tuple
    few: dict
    says_attended: bool


def rows_of(rng, shape, service, habits, journey):
    """{child table: rows} of one journey, without their keys."""
    makers = {
        "referral_reason": _reasons,
        "goal": _goals,
        "contact": _contacts,
        "activity": _activities,
        "outcome": _outcomes,
        "measure": _measures,
    }
    rows = {}
    for table, make in makers.items():
        if _is_filled(rng, shape, table, habits, journey):
            rows[table] = make(rng, habits, journey, _last_day(rng, service, journey, table))
    return rows


def _is_filled(rng, shape, table, habits, journey):
    if table == "outcome" and shape.outcomes == "none":
        return False
    if table in habits.few:
        holders, most = habits.few[table]
        if journey["client_ref"] not in holders and len(holders) < most and rng.random() < 0.2:
            holders.add(journey["client_ref"])
        return journey["client_ref"] in holders
    if table not in habits.tables:
        return False
    return journey["referred_on"] >= habits.tables[table] or rng.random() < 0.02


def _last_day(rng, service, journey, table):
    """How late things are recorded, in days since referral. Contacts, readings and goals often come after closure;
    outcomes seldom, unless the service follows up."""
    possible = (service["data_to"] - journey["referred_on"]).days
    after_closure = 0.1 if table == "outcome" else 0.35
    if journey["closed_on"] is None or service["follows_up_after_closure"] or rng.random() < after_closure:
        return possible
    return (journey["closed_on"] - journey["referred_on"]).days


def _left(journey, last, on):
    """How many of the `last` days since referral are left from a day on."""
    return last - (on - journey["referred_on"]).days


def _reasons(rng, habits, journey, last):
    reasons = {rng.skewed(REASONS) for _ in range(rng.choice([0, 1, 1, 2, 3]))}
    main = rng.choice(sorted(reasons)) if reasons and rng.random() < 0.8 else None
    return [
        {"reason": reason, "main": True if reason == main else rng.choice([False, None])} for reason in sorted(reasons)
    ]


def _goals(rng, habits, journey, last):
    rows = []
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        set_on = rng.day(journey["referred_on"], last, soon=rng.choice([60, 60, 60, None]))
        status = rng.skewed(STATUSES)
        status_on = None if status == "open" else rng.day(set_on, _left(journey, last, set_on))
        rows.append({"goal": rng.skewed(GOALS), "set_on": set_on, "status": status, "status_on": status_on})
    return rows


def _contacts(rng, habits, journey, last):
    rows = [
        {
            "contact_on": rng.day(journey["referred_on"], last),
            "kind": rng.skewed(KINDS),
            "minutes": rng.choice([None, 5, 30, 60]),
            "attended": rng.choice([True, True, False, None]) if habits.says_attended else None,
        }
        for _ in range(rng.choice([0, 0, 1, 1, 2, 4, 8] if rng.random() < 0.97 else [15, 25]))
    ]
    return rows + rows[:1] if rng.random() < 0.1 else rows


def _activities(rng, habits, journey, last):
    rows = []
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        referred_on = rng.day(journey["referred_on"], last)
        row = {"referred_on": referred_on, "activity": rng.skewed(ACTIVITIES)}
        if rng.random() < 0.6:
            row |= _span(rng, journey, referred_on, last)
        else:
            row["why_not"] = rng.skewed(WHY_NOT)
        rows.append(row)
    return rows


def _span(rng, journey, from_on, last):
    """A start on or after `from_on` and perhaps an end, sometimes on the same day, within `last` days of referral."""
    started_on = rng.day(from_on, _left(journey, last, from_on))
    ended_on = None
    if rng.random() < 0.35:
        ended_on = started_on if rng.random() < 0.15 else rng.day(started_on, _left(journey, last, started_on))
    return {"started_on": started_on, "ended_on": ended_on}


def _outcomes(rng, habits, journey, last):
    beside = [day for day in (183, 184, 547, 548, 549) if day <= last]
    if beside and rng.random() < 0.15:
        return [_stone(rng, journey, last), {"outcome": "job_started"} | _on(journey, "started_on", rng.choice(beside))]
    rows = []
    if journey["employment_status"] == "employed":
        rows += [_work(rng, journey, last, "job_kept") for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    for _ in range(rng.choice([0, 0, 1, 2]) * (3 if rng.is_awkward else 1)):
        rows.append(_stone(rng, journey, last))
    for _ in range(rng.choice([0, 0, 1, 2])):
        rows.append(_work(rng, journey, last, rng.skewed(JOBS)))
    if rows and rows[-1]["outcome"] in JOBS and rng.random() < 0.2:
        twin = _work(rng, journey, last, rng.skewed(JOBS))
        rows.append(twin | {"started_on": rows[-1]["started_on"], "ended_on": None, "last_confirmed_on": None})
    rng.shuffle(rows)
    return rows


def _on(journey, column, day):
    return {column: journey["referred_on"] + timedelta(days=day)}


def _stone(rng, journey, last):
    row = {"outcome": rng.skewed(STONES)} | _span(rng, journey, journey["referred_on"], last)
    if row["outcome"] == "qualification":
        row["ended_on"] = None
    if rng.is_awkward:
        row["last_confirmed_on"] = rng.day(row["started_on"], _left(journey, last, row["started_on"]), late=True)
    return row | rng.perhaps(0.1, lambda: {"hours_per_week": rng.choice([1, 3.5, 10])}, {})


def _work(rng, journey, last, outcome):
    row = {"outcome": outcome} | _span(rng, journey, journey["referred_on"], last)
    starts = [last - days for days in JOB_EDGES if days <= last]
    if outcome in JOBS and starts and rng.random() < 0.25:
        row |= _on(journey, "started_on", rng.choice(starts)) | {"ended_on": None}
    until = _left(journey, last, row["started_on"])
    if row["ended_on"] and rng.random() < 0.95:
        until = (row["ended_on"] - row["started_on"]).days
    row["last_confirmed_on"] = rng.perhaps(0.65, lambda: rng.day(row["started_on"], until, late=True))
    row["hours_per_week"] = rng.choice([None, 37.5, 30, 29.5, 20, 16, 15.5, 4, 3.9, 0])
    row["contract"] = rng.skewed(CONTRACTS)
    if rng.random() < 0.7:
        row |= {rating: rng.choice([None, 1, 2, 3, 4, 4, 5, 5]) for rating in RATINGS}
    return row | (_lasting(rng, journey, last) if rng.is_awkward and rng.random() < 0.3 else {})


def _lasting(rng, journey, last):
    """A job of at least half a year that ends on the day after a horizon."""
    ends = [horizon + 1 for horizon in HORIZONS if 200 < horizon < last]
    if not ends:
        return {}
    first, end = rng.randint(0, 10), rng.choice(ends)
    days = {"started_on": first, "last_confirmed_on": rng.randint(first + 182, end - 1), "ended_on": end}
    return {name: journey["referred_on"] + timedelta(days=n) for name, n in days.items()}


def _measures(rng, habits, journey, last):
    """Up to four readings of some items of some of the service's tools, rising, slipping back or standing still."""
    rows = []
    for tool in rng.sample(habits.tools, min(len(habits.tools), rng.choice([0, 1, 2, 3]))):
        days = {rng.day(journey["referred_on"], last) for _ in range(rng.choice([1, 2, 2, 3, 4]))}
        items = TOOLS[tool] | (BARRIERS_NAMED_AS_ITEMS if rng.is_awkward and tool == "mbat" else {})
        for item, bounds in items.items():
            if rng.random() < (0.15 if item == "rural_transport" else 0.9):
                rows += _series(rng, tool, item, bounds, sorted(days))
    return rows


def _series(rng, tool, item, bounds, days):
    low, high = bounds
    score = rng.randint(low, high)
    if tool == "pam" and rng.random() < 0.5:
        score = rng.randint(10 * low, 10 * high) / 10
    rows = []
    for measured_on in days:
        if rng.random() < 0.9:
            rows.append({"measured_on": measured_on, "tool": tool, "item": item, "score": score})
        step = rng.choice([-4, -3, -1, -1, 0, 0, 1, 1, 1, 2, 3, 4]) * (rng.choice([1, 2]) if tool == "wemwbs" else 1)
        score = min(high, max(low, round(score + step, 1)))
    return rows
