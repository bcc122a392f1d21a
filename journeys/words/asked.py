"""Of how many anybody knows: how many were asked late enough, how many have given a rating."""

from journeys.answer.released import Released
from journeys.words import shares

KNOWN, NOT_KNOWN = ("kept", "going_on", "ended"), "not_known"


def asked_words(released: Released) -> str:
    """`Asked late enough: about 60 of about 240 (25%).`, for each first label; from what is released of the part that nobody knows."""
    heads = [name for name in (*released.by, *released.own) if name != "status"]
    said = []
    for row in released.rows:
        if row.labels.get("status") != NOT_KNOWN or row.denominator is None:
            continue
        what = f"after {row.labels[heads[-1]]} {heads[-1]} " if heads else ""
        said.append(f"{what}{_asked(row.numerator, row.denominator, row.why)}")
    return f"Asked late enough: {'; '.join(said)}." if said else ""


def _asked(n_unknown: int | None, n: int, why: str | None) -> str:
    if n_unknown is None:
        return f"{'all but a few' if why == 'few' else 'a few'} of about {n:,}"
    share = f" ({shares.percent((n - n_unknown) / n, n)})" if n >= 20 else ""
    return f"about {n - n_unknown:,} of about {n:,}{share}"


def rated_words(released: Released) -> str:
    """How many have rated a dimension, from the least rated to the most."""
    rated = sorted(row.denominator for row in released.rows if row.denominator is not None)
    if not rated:
        return ""
    span = f"about {rated[0]:,}" if rated[0] == rated[-1] else f"between about {rated[0]:,} and about {rated[-1]:,}"
    return f"Each dimension was rated by {span} people."
