"""Released numbers as tables and files. Nothing is computed here that was not released; every file says what it is and who is hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from journeys.answer.released import SHAPE_KEYS, Released, Row
from journeys.vocabulary import spreadsheet
from journeys.vocabulary.calendar import in_words
from journeys.vocabulary.metrics import Metric
from journeys.words import sentences

Names = Callable[[str, str], str]
SPC_KEYS = ("mean", "lower", "upper", "signal")
FUNNEL_KEYS = ("centre", "low95", "high95", "low998", "high998", "position")
CASE_MIX_KEYS = ("expected", "ratio", "ratio_low", "ratio_high")
SYNTHETIC = "SYNTHETIC DATA: invented journeys, made to try the dashboard out"
NOTHING = "–"


@dataclass(frozen=True)
class Table:
    """A table to read: `header` and `rows` hold text as a reader sees it; the first `n_labels` columns are labels."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_labels: int
    marks: tuple[str, ...]


def table(released: Released, metric: Metric, names: Names, titles: dict[str, str]) -> Table:
    """The table behind a figure; `titles` are the names of the labels, `marks` the marks that occur in it."""
    labels = tuple(n for n in (*released.by, *released.own))
    header = (*(titles.get(n, n.replace("_", " ").capitalize()) for n in labels), *_heads(released, metric))
    rows = tuple((*(names(n, row.labels[n]) for n in labels), *_cells(released, row)) for row in released.rows)
    marks = dict.fromkeys(m for row in released.rows if (m := sentences.mark(row, released.shape)))
    return Table(header, rows, len(labels), tuple(marks))


def _heads(released: Released, metric: Metric) -> tuple[str, ...]:
    unit = metric.unit[:1].upper() + metric.unit[1:]
    heads = {
        "count": (unit,),
        "proportion": (unit, "Out of", "Per cent", "95% interval"),
        "waiting": ("At risk", "First outcomes", "Closed without", "No longer observed", "Reached it", "95% interval"),
        "change": ("Journeys", "First reading", "Pairs", "Mean first", "Mean latest", "Mean change", "95% interval",
                   "Improved", "Little changed", "Worse"),
    }[released.shape]  # fmt: skip
    case_mix = ("Expected", "Ratio", "95% interval of the ratio") if released.has_case_mix else ()
    return (*heads, *case_mix)


def _cells(released: Released, row: Row) -> tuple[str, ...]:
    mark = sentences.mark(row, released.shape)
    cells = _SHAPES[released.shape](row, mark)
    if not released.has_case_mix:
        return cells
    return (
        *cells,
        _decimal(row.expected),
        _decimal(row.ratio, 2),
        _span(_decimal(row.ratio_low, 2), _decimal(row.ratio_high, 2)),
    )


def _count_cells(row: Row, mark: str) -> tuple[str, ...]:
    return (_number(row.count, mark),)


def _proportion_cells(row: Row, mark: str) -> tuple[str, ...]:
    rate = mark or NOTHING
    span = NOTHING
    if row.rate is not None:
        rate = sentences.percent(row.rate, row.denominator)
        span = _span(sentences.percent(row.low, row.denominator), sentences.percent(row.high, row.denominator))
        rate = f"{rate} {mark}".strip() if row.complete is False else rate
    hidden = mark if row.numerator is None else ""
    return _number(row.numerator, hidden), _number(row.denominator, mark), rate, span


def _waiting_cells(row: Row, mark: str) -> tuple[str, ...]:
    counts = tuple(_number(n, mark) for n in (row.at_risk, row.events, row.competing, row.censored))
    if row.incidence is None:
        return (*counts, mark or NOTHING, NOTHING)
    size = row.at_risk or 0
    span = _span(sentences.percent(row.low, size), sentences.percent(row.high, size))
    return (*counts, sentences.percent(row.incidence, size), span)


def _change_cells(row: Row, mark: str) -> tuple[str, ...]:
    sizes = tuple(_number(n, mark) for n in (row.journeys, row.first, row.pairs))
    means = tuple(_decimal(m, mark=mark) for m in (row.mean_first, row.mean_latest, row.mean_change))
    shares = tuple(_number(n, mark) for n in (row.improved, row.same, row.worse))
    return (*sizes, *means, _span(_decimal(row.low), _decimal(row.high)), *shares)


_SHAPES = {"count": _count_cells, "proportion": _proportion_cells, "waiting": _waiting_cells, "change": _change_cells}


def _number(n: int | None, mark: str = "") -> str:
    return (mark or NOTHING) if n is None else f"{n:,}"


def _decimal(value: float | None, places: int = 1, mark: str = "") -> str:
    return (mark or NOTHING) if value is None else f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")


def _span(low: str, high: str) -> str:
    return NOTHING if NOTHING in (low, high) else f"{low} to {high}"


def csv_text(released: Released, metric: Metric, names: Names) -> str:
    """The released numbers as CSV: comment lines (metric, selection, date, disclosure, marks), then one table, codes beside names.

    Lines end in CRLF (RFC 4180); comment lines start with `#` and hold no comma, so that a spreadsheet keeps each in one cell.
    """
    labels = (*released.by, *released.own)
    keys = _keys(released)
    header = [*(column for n in labels for column in (n, f"{n}_name")), "state", "mark", "why", "complete", *keys]
    rows = [header]
    for row in released.rows:
        named = [text for n in labels for text in (row.labels[n], names(n, row.labels[n]))]
        marked = [row.state, sentences.mark(row, released.shape), row.why, _flag(row.complete)]
        rows.append([_rounded(v) for v in (*named, *marked, *(_value(row, k) for k in keys))])
    return spreadsheet.csv_text(rows, _header_lines(released, metric))


def _header_lines(released: Released, metric: Metric) -> list[str]:
    rule = released.disclosure
    lines = [
        f"Metric: {metric.title} ({metric.slug})",
        f"Counted: {metric.definition}",
        f"Unit: {metric.unit}",
        f"Selection: {released.words}",
        f"Data to: {in_words(released.as_of)}",
        f"Store version: {released.version}",
        f"Disclosure: counts under {rule['k']} are hidden; the rest are rounded to the nearest {rule['base']}; percentages are computed from rounded counts",
        *(f"Mark {mark}: {words}" for mark, words in sentences.MARKS.items()),
    ]
    lines += [
        f"Left out ({reason.replace('_', ' ')}): {'hidden' if n is None else n}"
        for reason, n in released.left_out.items()
    ]
    lines += [f"Caution: {metric.caution}"] if metric.caution else []
    return [SYNTHETIC, *lines] if released.is_synthetic else lines


def _keys(released: Released) -> tuple[str, ...]:
    keys = [k for k in SHAPE_KEYS[released.shape] if k not in released.own]
    keys += CASE_MIX_KEYS if released.has_case_mix else ()
    keys += [f"spc_{k}" for k in SPC_KEYS] if any(row.spc for row in released.rows) else []
    keys += [f"funnel_{k}" for k in FUNNEL_KEYS] if any(row.funnel for row in released.rows) else []
    return tuple(keys)


def _value(row: Row, key: str) -> object:
    group, _, rest = key.partition("_")
    if group in ("spc", "funnel"):
        return (getattr(row, group) or {}).get(rest)
    return getattr(row, key)


def _flag(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


def _rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def table_csv(shown: Table, lines: Sequence[str]) -> str:
    """A table that is shown as it stands, as CSV: comment lines, then header and rows; the same dialect as csv_text."""
    return spreadsheet.csv_text((shown.header, *shown.rows), lines)
