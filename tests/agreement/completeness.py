"""Whether a row's period is covered in full, and what it was seen through (methods 3 and 5)."""

from datetime import timedelta

from catalogue import METRICS
from months import first_day, last_day
from questions import services_of


def is_complete(world, metric, cell, horizon):
    """Do the records of every service of the cell that records what is needed cover all of its period, and the horizon?

    None without period and horizon, and for first jobs, whose clock is on no calendar. Without a period a horizon has never
    passed for all. Ended services count as long as the period, and
    the horizon after it, lie within their data; others for ever: one that is late makes a period incomplete even if it has nothing of it.
    """
    if metric is METRICS["first_jobs"] or (cell.days is None and horizon is None):
        return None
    if cell.is_part or cell.days is None:
        return False
    first, last = cell.days
    ends = last + (horizon or timedelta(0))
    counted = [one for one in services_of(world, cell) if _is_counted(one, metric, first, last, ends)]
    if not counted:
        return False
    return all(
        _starts(one, metric) <= first
        and ends <= one.service["data_to"]
        and last <= _stops(one, metric)
        and not (metric.is_event_time and first < one.service["data_from"] + timedelta(days=365))
        for one in counted
    )


def _is_counted(one, metric, first, last, ends):
    if not one.has_ever(metric.needs) or _starts(one, metric) > last or _stops(one, metric) < first:
        return False
    return one.ended_month is None or ends <= one.service["data_to"]


def _starts(one, metric):
    """The first day from which a service records all that is needed."""
    return max([one.service["data_from"], *(first_day(one.kinds[kind][0]) for kind in metric.needs)])


def _stops(one, metric):
    """The last day of what a service records, if it has stopped before its last month; otherwise never."""
    untils = [one.kinds[kind][1] for kind in metric.needs if one.kinds[kind][1] < one.last_month]
    return min(map(last_day, untils), default=last_day("9998-12"))


def covers(cell):
    """First and last month of a row of a period; otherwise None."""
    return (min(cell.months), max(cell.months)) if cell.is_of_period and cell.months else None


def records(world, metric, cell):
    """The kinds that every service of the cell records from the cell's first month on."""
    return world.once(_records, metric.seen_through, cell)


def _records(world, kinds, cell):
    services = _of(world, cell)
    return {kind for kind in kinds if services and all(_does_throughout(one, kind, cell) for one in services)}


def partly(world, metric, cell):
    """The kinds that some do, or do later."""
    return world.once(_partly, metric.seen_through, cell)


def _partly(world, kinds, cell):
    services = _of(world, cell)
    some = {kind for kind in kinds if any(kind in one.kinds for one in services)}
    return some - _records(world, kinds, cell)


def _of(world, cell):
    return [one for one in services_of(world, cell) if cell.months & set(one.months())]


def _does_throughout(one, kind, cell):
    return kind in one.kinds and all(one.has([kind], month) for month in one.months() if month in cell.months)
