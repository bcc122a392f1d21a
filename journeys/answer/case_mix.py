"""Case mix: what each row would show if its people did as people like them do in all rows that are alike."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from journeys.answer.query import CLASS, NUMBER, Labels, Rows
from journeys.answer.question import Question
from journeys.answer.rule import Rule
from journeys.answer.source import Source
from journeys.statistics import standardisation

# a breakdown by what the strata are made of would compare each cell with itself and give back its exact numerator
STRATA = ("age_band", "employment_status", "imd_quintile", "start_rung")
OF_OWN_LABELS = (("step",), ("way",))
MOST_HIDDEN = 0.1
Key = tuple[str, ...]
QUINTILE = ("imd_quintile",)
_MANY = 256  # more than numbers of quintiles
_PEOPLE = "age_band || '|' || employment_status || '|' || imd_quintile"
# a quarter of what it takes in words; of journeys, which say their quintile, its first letter is as good as a number
_PEOPLE_IN_NUMBERS = f"row_of.{NUMBER[CLASS]} * {_MANY} + row_of.{NUMBER[QUINTILE]}"
_JOURNEYS_IN_NUMBERS = f"row_of.{NUMBER[CLASS]} * {_MANY} + ascii(row_of.imd_quintile)"
_PLACES = "service_id || '|' || age_band || '|' || employment_status"


def check(question: Question) -> None:
    """ValueError where case mix does not fit the metric or the breakdown."""
    metric, by = question.metric, question.by
    is_of_own = metric.labels in OF_OWN_LABELS and not by
    if metric.shape != "proportion" or not (is_of_own or (not metric.labels and len(by) == 1)):
        raise ValueError(
            "case mix needs a proportion without labels of its own and exactly one breakdown, such as service (or work after a "
            "step or way, without a breakdown)"
        )
    if by and by[0] in STRATA:
        raise ValueError(f"case mix allows for {by[0]} already: break down by something else, such as service")


def rates(source: Source, question: Question, alike: Iterable[Key]) -> dict[Key, float | None]:
    """The share expected of each row (by its labels), to three decimals, from exact strata of the rows that are alike.

    Strata are age band x employment status at referral x IMD quintile (of a metric's own labels: service x age band x employment
    status); those with a pooled denominator under 20 are merged. None for a row of which fewer than k are measured by others.
    """
    blocks = question.blocks
    rows = Rows(blocks, question.selection.days, source.columns, source.numbers)
    own = question.metric.labels
    labels = Labels(by_1="place.number", by_2=_by(source, rows, question), part="0")
    told = _told(source, question)
    wanted, strata = set(alike), []
    for row in source.run(*rows.select(question.metric.sql, labels, blocks.cell_of)):
        key = (*question.cells[row["by_1"]], *(row[name] for name in own))
        if row["denominator"] and key in wanted:
            strata.append((key, told(row["by_2"]), row["numerator"], row["denominator"]))
    return expected_rates(strata, source.rule)


def _by(source: Source, rows: Rows, question: Question) -> str:
    """SQL of the stratum of a row: in numbers where the store numbers classes of people."""
    if question.metric.labels:
        return _PLACES
    sql = question.metric.sql
    if CLASS not in source.numbers or not rows.all_hold(sql, NUMBER[CLASS]):
        return _PEOPLE
    return _PEOPLE_IN_NUMBERS if rows.all_hold(sql, NUMBER[QUINTILE]) else _JOURNEYS_IN_NUMBERS


def _told(source: Source, question: Question) -> Callable[[str | int], Key]:
    """The stratum that the SQL says, in its codes."""
    classes = {number: pair for pair, number in source.numbers.get(CLASS, {}).items()}
    quintiles = {ord(code[0]): code for code in question.lists.codes("imd_quintile")}
    quintiles |= {number: code for (code,), number in source.numbers.get(QUINTILE, {}).items()}

    def told(by: str | int) -> Key:
        return tuple(by.split("|")) if isinstance(by, str) else (*classes[by // _MANY], quintiles[by % _MANY])

    return told


def is_mostly_unseen(seen: Sequence[int | None], whole: int | None, k: int) -> bool:
    """Whether rows with a hidden denominator make up over a tenth, by what is released: exact counts would tell those of the rows.

    seen: denominators of the rows; whole: that of the selection, None where rows do not add up to it (then each hidden row is
    taken for k - 1).
    """
    known = sum(n or 0 for n in seen)
    if whole is None:
        whole = known + (k - 1) * sum(n is None for n in seen)
    return whole - known > MOST_HIDDEN * whole


def expected_rates(strata: Sequence[tuple[Key, Key, int, int]], rule: Rule) -> dict[Key, float | None]:
    """The share expected of each row, from (row, stratum, numerator, denominator)."""
    sizes: dict[tuple[Hashable, ...], int] = defaultdict(int)
    for _, stratum, _, n in strata:
        sizes[stratum] += n
    merged = standardisation.merge_strata(sizes)
    pooled: dict = defaultdict(lambda: [0, 0])
    mine: dict = defaultdict(lambda: defaultdict(int))
    for key, stratum, events, n in strata:
        pooled[merged[stratum]][0] += events
        pooled[merged[stratum]][1] += n
        mine[key][merged[stratum]] += n
    return {key: _rate(parts, pooled, rule) for key, parts in mine.items()}


def _rate(parts: Mapping[Key, int], pooled: Mapping, rule: Rule) -> float | None:
    others = standardisation.measured_by_others((n, pooled[stratum][1]) for stratum, n in parts.items())
    if rule.is_small(others):
        return None
    return standardisation.expected_rate((n, *pooled[stratum]) for stratum, n in parts.items())
