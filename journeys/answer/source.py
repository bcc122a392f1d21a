"""Where answers come from: how SQL is run, and what the store says of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from journeys.answer.columns import Columns
from journeys.answer.remembered import Latest
from journeys.answer.rule import Rule

Run = Callable[[str, Mapping], list[dict]]
RunInColumns = Callable[[str, Mapping, tuple[str, ...]], Columns]  # with the names of the counts
Names = Callable[[str, Mapping], tuple[str, ...]]
MOST_LEFT_OUT = 5_000


@dataclass(frozen=True)
class Source:
    """A store to ask. `run` executes SQL, `run_in_columns` gives many rows of counts column by column, `names` says which
    columns SQL has, without a look at any row. `columns` are those of each table, `most_rows` says how many rows one client can have.

    `numbers`: by the columns of an axis the number of each of its elements (none in versions of before): of service and month of referral,
    of age band and employment status. `n_rows`: how many journeys there are, by which it is judged what is few. `left_out`: released counts of who is
    left out, which many metrics have in common. `is_here`: whether this machine holds the rows, so that those of one person may be read, and not counts alone.
    """

    run: Run = field(repr=False)
    run_in_columns: RunInColumns = field(repr=False)
    names: Names = field(repr=False)
    rule: Rule
    most_rows: Mapping[str, int]
    columns: Mapping[str, tuple[str, ...]] = field(repr=False)
    numbers: Mapping[tuple[str, ...], Mapping[tuple[str, ...], int]] = field(repr=False, default_factory=dict)
    n_rows: int = field(repr=False, default=1 << 40)
    as_of: str = ""
    version: str = ""
    is_synthetic: bool = False
    is_here: bool = False
    left_out: Latest[Mapping[str, int | None]] = field(
        repr=False, compare=False, default_factory=lambda: Latest(len, MOST_LEFT_OUT)
    )
