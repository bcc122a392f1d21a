"""The rule of disclosure: what is hidden and how counts are rounded.

There is no off switch. A rate, interval, curve or sentence is made from what these functions let through.
"""

from dataclasses import dataclass, replace
from typing import overload

import numpy as np

LOWEST_K = 5
FEWEST_ROUNDED = 3  # counts that the lowest one shown should stand for


@dataclass(frozen=True)
class Rule:
    """Counts under `k` are hidden, the rest rounded to the nearest `base`. Set when a store is built."""

    k: int = 8
    base: int = 5

    def __post_init__(self) -> None:
        if self.k < LOWEST_K:
            raise ValueError(f"a threshold of {self.k} was asked for: {LOWEST_K} is the lowest allowed")
        if self.base < 1:
            raise ValueError(f"a rounding base of {self.base} was asked for: it must be 1 or more")
        if self.base > 2 * self.k:
            raise ValueError(
                f"a rounding base of {self.base} was asked for: above {2 * self.k} a count of {self.k} would be shown as 0"
            )

    @property
    def words(self) -> str:
        return f"Counts under {self.k} are hidden, the rest rounded to the nearest {self.base}."

    @property
    def warning(self) -> str:
        """What a threshold and a base that do not fit each other would tell; empty where the lowest count shown stands for three or more."""
        enough = min(FEWEST_ROUNDED, self.base)
        if len(self._lowest) >= enough:
            return ""
        nearby = (replace(self, k=k) for k in range(LOWEST_K, self.k + self.base))
        better = [str(one.k) for one in nearby if len(one._lowest) >= enough]
        return (
            f"With a threshold of {self.k} and rounding to {self.base} the lowest count that is shown, {self.rounded(self.k)}, always stands "
            f"for {' or '.join(map(str, self._lowest))}. Thresholds that tell less: {', '.join(better)}."
        )

    @property
    def _lowest(self) -> list[int]:
        """The counts that are shown as the lowest is."""
        lowest = self.rounded(self.k)
        return [n for n in range(self.k, lowest + self.base) if self.rounded(n) == lowest]

    @overload
    def rounded(self, n: float) -> int: ...

    @overload
    def rounded(self, n: np.ndarray) -> np.ndarray: ...

    def rounded(self, n):
        """`n` to the nearest multiple of the base (half a base goes up); many at once as one."""
        whole = (n + self.base / 2) // self.base
        return (whole.astype(int) if isinstance(whole, np.ndarray) else int(whole)) * self.base

    @overload
    def is_small(self, n: float, n_people: float | None = None) -> bool: ...

    @overload
    def is_small(self, n: np.ndarray, n_people: np.ndarray | None = None) -> np.ndarray: ...

    def is_small(self, n, n_people=None):
        """Whether a count is under k, or stands for fewer than k people; many at once as one. Zero is as small as seven."""
        return n < self.k if n_people is None else (n < self.k) | (n_people < self.k)

    def count(self, n: float, n_people: float | None = None) -> int | None:
        """The count as it may be shown, or None."""
        return None if self.is_small(n, n_people) else self.rounded(n)
