"""What an answer stands beside, in a short sentence: the same figures of all services or people, in the precision of the answer."""

from collections.abc import Mapping, Sequence

from journeys.answer.released import Released, Row
from journeys.vocabulary.metrics import Metric
from journeys.vocabulary.naming import in_a_sentence, lowered
from journeys.words.breakdowns import PLACES, largest, latest_row
from journeys.words.cohort import unit_words
from journeys.words.phrases import PERIODS, Names, item_name, listed, row_period, signed, upper_first, value_words
from journeys.words.shapes import at_horizon, most_pairs, said_together, told_once, told_together
from journeys.words.shares import digits_of, per_cent

Key = tuple[str, ...]


def said(
    released: Released,
    who: str,
    answer: Released | None,
    rates: Mapping[Key, float],
    metric: Metric,
    names: Names,
    digits: int | None = None,
) -> str:
    """`All services: 26.5%.`, `All services: debt (31%), housing (12%).`, `All services: wellbeing +1.1.`; empty where nothing is known.

    `rates` are the shares of `who` by label, `answer` the answer that they are of, where it is one; `digits` those of a figure that shows more.
    """
    if not who:
        return ""
    if released.by and released.by[0] in PERIODS:
        words = _over_time(released, who, rates, names)
    elif answer is None:
        words = ""
    else:
        words = (
            _by_group(released, who, answer, metric, names)
            if released.by
            else _plain(released, who, answer, metric, names, digits)
        )
    return f"{upper_first(words)}." if words else ""


def of_how_many(who: str, whole: Row, released: Released) -> str:
    """`All together: about 15,000 referrals.`; empty where that is not shown."""
    unit = unit_words(released.unit, released.selection)
    return f"{upper_first(who)}: about {whole.count:,} {unit}." if whole.count is not None else ""


def said_of_all(asked: Sequence[Released], who: str, others: Sequence[Released | None], names: Names) -> str:
    """The same of several answers about the time to an outcome: `All services: an estimated 12% had reached training, 2% work by 12 months.`"""
    known = [one for one in others if one is not None]
    told = told_together(known, names) if who and known else []
    if not told:
        return ""
    digits = digits_of(row for one in asked for row in one.rows)
    dids = told_once([did for _, did in told]) if len(told) > 1 else [told[0][1]]
    parts = [f"{per_cent(row.incidence, digits)} {did}" for (row, _), did in zip(told, dids, strict=True)]
    return f"{upper_first(who)}: an estimated {listed(parts)}."


def _over_time(released: Released, who: str, rates: Mapping[Key, float], names: Names) -> str:
    """Beside the latest point that the sentence is about."""
    row, unit = latest_row(released), released.by[0]
    rate = None if row is None else rates.get(tuple(row.labels.values()))
    if row is None or rate is None or released.own:
        return ""
    return f"{who}, {row_period(row, unit, names)}: {per_cent(rate, digits_of(released.rows))}"


def _by_group(released: Released, who: str, answer: Released, metric: Metric, names: Names) -> str:
    """Beside the groups that the sentence names; services are not named there."""
    if len(released.by) > 1 or released.by[0] in PLACES or released.own or released.shape != "proportion":
        return ""
    rows, dimension = largest(released), released.by[0]
    digits = digits_of(released.rows)
    others = [(row.labels[dimension], other) for row in rows if (other := _same(row, answer)) and other.is_shown]
    parts = [f"{in_a_sentence(dimension, names(dimension, code))} {per_cent(o.rate, digits)}" for code, o in others]
    return f"{who}: {listed(parts)}" if parts else ""


def _plain(
    released: Released, who: str, answer: Released, metric: Metric, names: Names, digits: int | None = None
) -> str:
    if released.shape == "change":
        return _change(released, who, answer)
    rows = _told(released, metric)
    others = [
        (row, other) for row in rows if (other := _same(row, answer)) is not None and (other.is_shown or other.why)
    ]
    if not others:
        return ""
    if digits is None:
        digits = digits_of(released.rows if any(row.is_shown for row in rows) else [other for _, other in others])
    if released.shape == "waiting":
        ((row, other), *_) = others
        return f"{who}: an estimated {value_words(other, 'waiting', digits)} by {row.labels['months']} months"
    if not released.own:
        return f"{who}: {value_words(others[0][1], released.shape, digits)}"
    last = metric.labels[-1]
    parts = [
        f"{in_a_sentence(last, names(last, row.labels[last]))} {value_words(o, released.shape, digits)}"
        for row, o in others
    ]
    return f"{who}: {listed(parts)}"


def _told(released: Released, metric: Metric) -> Sequence[Row]:
    """The rows that the sentence is about."""
    rows = at_horizon(released)[0]
    if released.shape == "waiting" or not released.own:
        return rows[:1]
    return said_together(metric, rows)


def _same(row: Row, answer: Released) -> Row | None:
    return next((other for other in answer.rows if other.labels == row.labels), None)


def _change(released: Released, who: str, answer: Released) -> str:
    shown = [row for row in released.rows if row.is_shown]
    row = most_pairs(shown) if shown else None
    other = None if row is None else _same(row, answer)
    if row is None or other is None or other.mean_change is None:
        return ""
    return f"{who}: {lowered(item_name(row.labels['tool'], row.labels['item']))} {signed(other.mean_change)}"
