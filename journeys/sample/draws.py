"""Random draws that the lives are made of. Days are whole days since 1970, a negative number is missing."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

Rows = dict[str, np.ndarray]


def strings(letters: np.ndarray) -> pa.Array:
    """A matrix of ASCII letters (rows, width) as strings."""
    n, width = letters.shape
    offsets = np.arange(0, (n + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(letters)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(data))


def pick(weights: Sequence[float] | np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """`n` places in `weights`, each as likely as its weight."""
    sums = np.cumsum(np.asarray(weights, float))
    places = np.searchsorted(sums, rng.random(n) * sums[-1], side="right")
    return np.minimum(places, len(sums) - 1).astype(np.int16)


def pick_code(mix: Mapping[str, float], codes: Sequence[str], n: int, rng: np.random.Generator) -> np.ndarray:
    return np.array([codes.index(code) for code in mix], np.int16)[pick(list(mix.values()), n, rng)]


def by_chance(share: float | np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.random(n) < share


def lag(median: float, spread: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """Whole days, at least one, log-normal with this median."""
    return np.maximum(median * np.exp(spread * rng.standard_normal(n)), 1).astype(np.int64)


def until(days: np.ndarray, last: np.ndarray | int) -> np.ndarray:
    """The days that are not after `last`; the others, and missing ones, are missing."""
    return np.where((days >= 0) & (days <= last), days, -1)


def later(days: np.ndarray, lag: np.ndarray) -> np.ndarray:
    return np.where(days >= 0, days + lag, -1)


def blank(values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, -1, values)


def in_order(rows: Rows, *columns: str) -> Rows:
    """Rows by journey (`at`), then by the columns."""
    order = np.lexsort([rows[column] for column in reversed(("at", *columns))])
    return {column: values[order] for column, values in rows.items()}


def stack(parts: Sequence[Rows]) -> Rows:
    return {column: np.concatenate([part[column] for part in parts]) for column in parts[0]}
