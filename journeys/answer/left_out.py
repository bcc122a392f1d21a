"""Who is in neither numerator nor denominator, and why: counts under the same rules as all others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from journeys.answer import exact
from journeys.answer.exact import Exact, Wide
from journeys.answer.grid import Own
from journeys.answer.question import Question
from journeys.answer.released import Count
from journeys.answer.shapes import count
from journeys.answer.source import Source
from journeys.vocabulary.calendar import ALL
from journeys.vocabulary.lists import Service
from journeys.vocabulary.metrics import Metric

REST = "others_than_"


def left_out(source: Source, question: Question) -> dict[str, int | None]:
    """How many journeys are left out of the whole selection, by reason; None where that may not be shown.

    Hidden also where what is left of the journeys is of few. 0 only where no service could leave anybody out. Of a metric in
    event time: of all who were referred in the selection's places, whatever the period.
    """
    reasons = question.metric.left_out
    if not reasons:
        return {}
    asked, columns = whole(question)
    # whatever the breakdown, and the metric
    key = (asked.metric.sql, asked.metric.source, asked.selection)
    shown = source.left_out.get(key, lambda: _read(source, asked, columns, reasons))
    services = asked.services_of(())
    return {r: n if _could_leave_out(r, services, question.metric) else 0 for r, n in shown.items()}


def beforehand(source: Source, question: Question) -> None:
    """Make the counts by number that these are made of."""
    exact.Reading(source, *whole(question)).beforehand()


def _read(source: Source, asked: Question, columns: Wide, reasons: Iterable[str]) -> dict[str, int | None]:
    found = exact.read(source, asked, columns)
    return {reason: _shown(found, reason) for reason in reasons}


def whole(question: Question) -> tuple[Question, Wide]:
    """The question about all whom a metric may leave out, and what counts them in one pass."""
    metric, reasons = question.metric, question.metric.left_out
    selection = question.selection.but(period=ALL) if metric.is_by_event else question.selection
    asked = Question(_counting(metric, reasons), selection, (), question.lists, is_of_everyone=True)
    return asked, _in_columns(reasons)


def _shown(found: Exact, reason: str) -> int | None:
    """The number of one reason, unless it or what is left beside it is of few, or the guard hides it."""
    owns: list[Own] = [(reason,), (REST + reason,)]
    protected, code = count.released(found.source.rule, found.behind(owns))
    mine, rest = (protected[i].values for i in code[0].tolist())
    if found.is_guarded(owns)[0, 0] or rest is None or not isinstance(mine, Count):
        return None
    return mine.count


def _counting(metric: Metric, reasons: Mapping[str, str]) -> Metric:
    """A count of journeys by reason, and of the others than those: one pass over the rows, whatever the reasons."""
    names = ", ".join(f"('{name}'), ('{REST}{name}')" for name in reasons)
    told = " ".join(f"when '{name}' then {name} when '{REST}{name}' then everybody - {name}" for name in reasons)
    sql = f"""with told as (
{_in_columns(reasons).sql}
)
select by_1, by_2, part, r.reason, case r.reason {told} end as count
from told cross join (values {names}) as r (reason)"""
    return replace(
        metric, sql=sql, shape="count", unit="journeys", labels=("reason",), needs=(), event_time=False, base="all"
    )


def _in_columns(reasons: Mapping[str, str]) -> Wide:
    """The same with a column for each reason: so many fewer rows by service and month."""
    counted = ", ".join(f"count(*) filter (where {sql}) as {name}" for name, sql in reasons.items())
    sql = f"select by_1, by_2, part, count(*) as everybody, {counted} from selected group by by_1, by_2, part"

    def told(row: Mapping) -> Iterator[dict]:
        for name in reasons:
            for reason, n in ((name, row[name]), (REST + name, row["everybody"] - row[name])):
                yield {"part": row["part"], "reason": reason, "count": n}

    return Wide(sql, ("everybody", *reasons), told)


def _could_leave_out(reason: str, services: tuple[Service, ...], metric: Metric) -> bool:
    """Whether the services of a cell could leave anybody out for a reason: what they record is no secret."""
    ever = [s for s in services if set(metric.needs) <= s.records]
    if reason == "not_recorded":
        return len(ever) < len(services)
    if reason == "not_recorded_then":
        return any(s.since[k] > s.first_month or s.until[k] < s.last_month for s in ever for k in metric.needs)
    return True
