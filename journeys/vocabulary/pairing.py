"""Two selections to set side by side: what is worth comparing with one, changed in one thing, and how the second follows the first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from journeys.vocabulary import calendar as periods
from journeys.vocabulary.lists import Lists
from journeys.vocabulary.naming import in_a_sentence
from journeys.vocabulary.selection import MOST_COHORT, Selection

MOST = 8  # others of a kind that are offered; any other is one choice away on the page itself
TIME, GROUP, PLACE = "Another time", "Another group", "Another service"
READY = (
    ("Women and men", "gender", "female", "male"),
    ("Most and least deprived", "imd_quintile", "1", "5"),
    ("In general practices or not", "co_located", "yes", "no"),
)
NOBODY = ("unknown", "not_stated", "not_known", "not_said")


@dataclass(frozen=True)
class Comparison:
    """Two selections that differ in one thing, nobody in both; `words` say the thing."""

    words: str
    first: Selection
    other: Selection


def whole_years(calendar: periods.Calendar) -> list[str]:
    """The financial years of which every month is there, oldest first."""
    return [y for y in calendar.units("financial_year", periods.ALL) if len(calendar.months(y)) == 12]


def comparisons(chosen: Selection, lists: Lists) -> Mapping[str, tuple[Comparison, ...]]:
    """What a selection may be compared with, by kind of change; everything else that is chosen stays in both."""
    found = {TIME: _times(chosen, lists), GROUP: _groups(chosen, lists), PLACE: _places(chosen, lists)}
    return {kind: several for kind, one in found.items() if (several := tuple(one))}


def usual(chosen: Selection, lists: Lists) -> Comparison:
    """What a page of two opens on: two years, or where there is one year two groups; nobody is in both."""
    return next(one for several in comparisons(chosen, lists).values() for one in several)


def followed(former: Selection, chosen: Selection, other: Selection) -> Selection:
    """The second selection after the first has changed from `former`: what was the same in both stays the same."""
    changes: dict = {}
    for name in ("period", "base", "within"):
        if getattr(former, name) == getattr(other, name):
            changes[name] = getattr(chosen, name)
    if (former.service, former.commissioner) == (other.service, other.commissioner):
        changes |= {"service": chosen.service, "commissioner": chosen.commissioner}
    dimensions = dict.fromkeys((*former.cohort, *chosen.cohort, *other.cohort))
    kept = {d: _of_both(d, former, chosen, other) for d in dimensions}
    cohort = {d: code for d, code in kept.items() if code is not None}
    return other.but(**changes, cohort=cohort if len(cohort) <= MOST_COHORT else other.cohort)


def _of_both(dimension: str, former: Selection, chosen: Selection, other: Selection) -> str | None:
    is_shared = former.cohort.get(dimension) == other.cohort.get(dimension)
    return (chosen if is_shared else other).cohort.get(dimension)


def _times(chosen: Selection, lists: Lists) -> Iterator[Comparison]:
    """A year beside each other year, the nearest before it first; of a quarter or a month the same one a year before."""
    years = whole_years(lists.calendar)
    before = _year_before(chosen.period)
    if before and lists.calendar.months(before):
        yield _time(chosen, chosen.period, before, lists)
    year = chosen.period if chosen.period in years else next(iter(_grown(years, chosen, lists)[::-1]), None)
    others = sorted(
        (y for y in years if y != year), key=lambda y: (y > (year or ""), abs(int(y[:4]) - int((year or y)[:4])))
    )
    for other in others[: MOST // 2]:
        yield _time(chosen, year or other, other, lists)


def _grown(years: list[str], chosen: Selection, lists: Lists) -> list[str]:
    """The years that outcomes have had the time for; all of them where that leaves no two."""
    ends = {year: lists.calendar.span(year)[1] for year in years}
    grown = [y for y in years if periods.month_after(ends[y], chosen.within) <= lists.calendar.whole_until]
    return grown if len(grown) > 1 else years


def _year_before(period: str) -> str | None:
    """The same quarter or month a year before; None for other periods."""
    if periods.kind(period) not in ("quarter", "month"):
        return None
    return f"{int(period[:4]) - 1}{period[4:]}"


def _time(chosen: Selection, first: str, other: str, lists: Lists) -> Comparison:
    said = [periods.in_words(p, lists.calendar).removeprefix("financial year ") for p in (first, other)]
    return Comparison(f"{said[0]} with {said[1]}", chosen.but(period=first), chosen.but(period=other))


def _groups(chosen: Selection, lists: Lists) -> Iterator[Comparison]:
    """The other values of what is chosen already, then pairs that many ask for."""
    for dimension, mine in chosen.cohort.items():
        others = [code for code in lists.codes(dimension) if code != mine and code not in NOBODY]
        for code in others[:MOST]:
            said = [in_a_sentence(dimension, lists.name(dimension, one)) for one in (mine, code)]
            words = f"{said[0]} with {said[1]}"
            yield Comparison(words[0].upper() + words[1:], chosen, _in(chosen, dimension, code))
    if len(chosen.cohort) < MOST_COHORT:
        for words, dimension, mine, code in READY:
            if dimension not in chosen.cohort:
                yield Comparison(words, _in(chosen, dimension, mine), _in(chosen, dimension, code))


def _in(chosen: Selection, dimension: str, code: str) -> Selection:
    return chosen.but(cohort={**chosen.cohort, dimension: code})


def _places(chosen: Selection, lists: Lists) -> Iterator[Comparison]:
    """The other services, those of the same model first; of a commissioner the other commissioners."""
    if chosen.commissioner:
        for code in [c for c in lists.commissioners if c != chosen.commissioner][:MOST]:
            yield Comparison(f"With {lists.name('commissioner', code)}", chosen, chosen.but(commissioner=code))
    if chosen.service:
        mine = lists.services[chosen.service].model
        others = sorted(
            (s for s in lists.services if s != chosen.service), key=lambda s: lists.services[s].model != mine
        )
        for code in others[:MOST]:
            yield Comparison(f"With {lists.name('service', code)}", chosen, chosen.but(service=code))
