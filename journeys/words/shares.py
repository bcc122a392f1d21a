"""Shares in words: one precision for a chart or a sentence, never 0% or 100%, and the bounds of what is hidden."""

import math
from collections.abc import Iterable

from journeys.answer.released import Row

NOTHING = "–"
ONE_DECIMAL_FROM = 1000
EXTREME_FROM, EXTREME = 200, 0.02


def digits_of(rows: Iterable[Row]) -> int:
    """The decimals of every share of these rows (a chart, a sentence): one if all have 1,000 or more, or if one of 200 or more is under 2% or over 98%."""
    return digits_for(
        (rate, size) for row in rows if (rate := share_of(row)) is not None and (size := size_of(row)) is not None
    )


def digits_for(shares: Iterable[tuple[float, int]]) -> int:
    """The same of shares with what they are shares of."""
    known = list(shares)
    is_large = bool(known) and all(size >= ONE_DECIMAL_FROM for _, size in known)
    is_extreme = any(size >= EXTREME_FROM and not EXTREME <= rate <= 1 - EXTREME for rate, size in known)
    return 1 if is_large or is_extreme else 0


def share_of(row: Row) -> float | None:
    """The share a row shows: a rate, or the incidence of a curve."""
    if not row.is_shown:
        return None
    return row.rate if row.rate is not None else row.incidence


def size_of(row: Row) -> int | None:
    return row.denominator if row.denominator is not None else row.at_risk


def per_cent(rate: float | None, digits: int) -> str:
    """A share as text: `6%`, `6.2%`; `under 1%` and `over 99%` where rounding would make it 0% or 100%."""
    if rate is None:
        return NOTHING
    value, step = round(100 * rate, digits), 10**-digits
    if value <= 0:
        return f"under {step:g}%"
    return f"over {100 - step:g}%" if value >= 100 else f"{value:.{digits}f}%"


def percent(rate: float | None, denominator: int | None) -> str:
    """One share that stands alone, in the precision that its denominator allows."""
    if rate is None:
        return NOTHING
    n = denominator or 0
    is_extreme = n >= EXTREME_FROM and not EXTREME <= rate <= 1 - EXTREME
    return per_cent(rate, 1 if n >= ONE_DECIMAL_FROM or is_extreme else 0)


def likely(low: float | None, high: float | None, digits: int) -> str:
    """An interval: `likely 4% to 10%`, `likely up to 3%`, `likely 95% or more`; empty where both ends are printed alike."""
    if low is None or high is None:
        return ""
    ends = [round(100 * end, digits) for end in (low, high)]
    if ends[0] == ends[1]:
        return ""
    first, last = (f"{end:.{digits}f}%" for end in ends)
    if ends[0] <= 0:
        return "very uncertain" if ends[1] >= 100 else f"likely up to {last}"
    return f"likely {first} or more" if ends[1] >= 100 else f"likely {first} to {last}"


def interval(low: float | None, high: float | None, digits: int) -> str:
    """The same in a table: `4% to 10%`; one figure where both ends are printed alike."""
    first, last = per_cent(low, digits), per_cent(high, digits)
    if NOTHING in (first, last):
        return NOTHING
    return first if first == last else f"{first} to {last}"


def with_interval(row: Row, digits: int) -> str:
    """`6%, likely 4% to 10%`."""
    words = likely(row.low, row.high, digits)
    share = per_cent(share_of(row), digits)
    return share if not words or words == f"likely up to {share}" else f"{share}, {words}"


def bound(row: Row) -> str:
    """What is known of a hidden numerator: `under 0.5%`, `over 97%`; empty where nothing is."""
    if row.why == "few" and (most := getattr(row, "at_most", None)) is not None:
        return _bound("under", most, size_of(row) or 0)
    if row.why == "most" and (least := getattr(row, "at_least", None)) is not None:
        return _bound("over", 1 - least, size_of(row) or 0)
    return ""


def bound_span(row: Row) -> tuple[float, float] | None:
    """Between which shares a hidden numerator lies, 0 to 1; None where nothing is known."""
    if row.why == "few" and (most := getattr(row, "at_most", None)) is not None:
        return 0.0, most
    if row.why == "most" and (least := getattr(row, "at_least", None)) is not None:
        return least, 1.0
    return None


def short_bound(row: Row) -> str:
    """The bound where there is room for a few letters: `<3%`, `>97%`."""
    return bound(row).replace("under ", "<").replace("over ", ">")


def _bound(word: str, part: float, size: int) -> str:
    """The smallest printed share above `part` (or the largest below one minus it), so that the word is true."""
    digits = 1 if size >= ONE_DECIMAL_FROM or (size >= EXTREME_FROM and part < EXTREME) else 0
    above = (math.floor(100 * part * 10**digits + 1e-9) + 1) / 10**digits
    if above >= 100:
        return ""
    return f"{word} {above if word == 'under' else 100 - above:.{digits}f}%"


def hidden_part(row: Row, k: int, unit: str) -> str:
    """A hidden numerator over a shown denominator: `fewer than 8 of about 1,500 referrals (under 0.5%)`, `all but a few of about 240 goals (over 97%)`."""
    start = f"fewer than {k}" if row.why == "few" else "all but a few"
    known = f" ({words})" if (words := bound(row)) else ""
    return f"{start} of about {size_of(row):,} {unit}{known}"
