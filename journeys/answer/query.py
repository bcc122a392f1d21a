"""SQL over the rows of a question: each row with its block, so that a metric's SELECT counts by block, by cell or by client.

One text for DuckDB and Spark: tests/answer/test_one_sql.py holds it to the spellings that both take.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache
from itertools import accumulate

from journeys.answer.guard import Blocks, Cut, Element
from journeys.vocabulary.selection import CODED

Query = tuple[str, dict]
PLACE, CLASS = ("service_id", "month"), ("age_band", "employment_status")
# axes that the store also holds as one whole number, in a column of its own: a row finds its block by it sooner than by two texts
NUMBER: Mapping[tuple[str, ...], str] = {
    PLACE: "service_month",
    CLASS: "class_of_people",
    **{(name,): f"{name}_number" for name in CODED},
}
Numbers = Mapping[tuple[str, ...], Mapping[Element, int]]
WHOLE = 60  # sixtieths of a person
MANY_LOOKS = 3  # of a SELECT at all rows, from which on they are worth being found once
_BLOCK = {"block": "bigint", "beyond": "integer"}
_WORD, _REMARK = re.compile(r"\w+"), re.compile(r"--.*")
_ROW = chr(
    30
)  # between the rows of a small table that is one parameter; no delivered text may hold a control character


@dataclass(frozen=True)
class Labels:
    """What a row is labelled with: SQL for by_1, by_2 and part. `place.block` and `place.number` may be named in it."""

    by_1: str = "null::bigint"
    by_2: str = "null::string"
    part: str = "place.block"


BY_BLOCK = Labels()
BY_CELL = Labels(by_1="place.number", part="0")
# whose a row is; those who have no other row are one person each, so that they stand together without a part and only others are told apart
_WHOSE = f"case when {{sixtieths}} = {WHOLE} then null else client end"
CLIENTS_BY_CELL = Labels(by_1="place.number", part=_WHOSE)
CLIENTS_BY_BLOCK = Labels(by_1="place.block", part=_WHOSE)


@dataclass(frozen=True)
class Few:
    """A metric's SQL for few of its own labels: `names` are these labels, `owns` the values asked for. What is not asked for is never counted."""

    names: tuple[str, ...]
    owns: frozenset[tuple]

    def of(self, sql: str) -> str:
        if not self.names:
            return sql
        key = " || '|' || ".join(f"coalesce({name}::string, '')" for name in self.names)
        return f"select * from (\n{sql}\n) as few where array_contains(split($owns, chr(30)), {key})"

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the SQL."""
        if not self.names:
            return {}
        return {"owns": _ROW.join("|".join("" if value is None else str(value) for value in own) for own in self.owns)}


EVERY = Few((), frozenset())


class Of(Enum):
    """Of whom rows are counted: of everybody; of people who have no other row; of those who have several; or of everybody both rows and, in sixtieths, how many people stand behind them at least."""

    EVERYBODY = "true"
    ALONE = "{sixtieths} = 60"
    SEVERAL = "{sixtieths} < 60"
    BOTH = "{sixtieths} >= 0"


_SLOTS = 64  # parts of a number of a block that are its sixtieths


@dataclass(frozen=True)
class Rows:
    """The rows of a question: its blocks, its horizon in days, the columns of each table of the store, and the numbers of its axes."""

    blocks: Blocks
    days: int
    columns: Mapping[str, tuple[str, ...]]
    numbers: Numbers

    def select(
        self,
        sql: str,
        labels: Labels = BY_BLOCK,
        numbers: Mapping[int, int] | None = None,
        *,
        of: Of = Of.EVERYBODY,
        counts: Sequence[str] = (),
        counted: Sequence[str] = (),
        own: Sequence[str] = (),
    ) -> Query:
        """A metric's SQL over its rows, labelled; only the blocks in `numbers` where given, each with its number.

        `of`: of whom. Of both, `counts` and `own` labels must be named, and which of the counts are `counted` in sixtieths, too: each row of a person who has n rows adds 60 / n.
        """
        if of is Of.BOTH:
            labels = replace(labels, part=f"{_SLOTS} * ({labels.part}) + {{sixtieths}}")
        values: dict = {}
        tables = self._read_by(sql)
        ctes = list(self._places(values, numbers, [table for table, _ in tables]))
        if labels.by_1 == BY_BLOCK.by_1:
            sql = _by_part(sql)
        for table, name in tables:
            ctes.append(f"{name} as {self._kept(sql, numbers)} ({self._labelled(table, sql, labels, numbers, of)})")
        answer = _with_sixtieths(sql, counts, counted, own) if of is Of.BOTH else f"select * from (\n{sql}\n) as answer"
        return f"with {', '.join(ctes)} {answer}", values

    def people(
        self,
        sql: str,
        own: Sequence[str],
        amount: str,
        regions: Mapping[int, Sequence[int]],
        few: Few = EVERY,
        *,
        of: Of = Of.EVERYBODY,
    ) -> Query:
        """How many different clients have any of an amount in each region; `regions` maps a block to the regions that hold it."""
        values: dict = dict(few.values)
        pairs = [(block, number) for block, numbers in regions.items() for number in numbers]
        inside = {block: block for block in regions}
        tables = self._read_by(sql)
        ctes = [*self._places(values, inside, [table for table, _ in tables]), _pairs("region", pairs, values)]
        for table, name in tables:
            ctes.append(
                f"{name} as {self._kept(sql, inside)} ({self._labelled(table, sql, CLIENTS_BY_BLOCK, inside, of)})"
            )
        labels = "".join(f", answer.{name}" for name in own)
        return (
            f"with {', '.join(ctes)} select region.number{labels}, {clients_with(amount, 'answer.part', 'count(distinct answer.part)')} as people from (\n{few.of(sql)}\n) as answer "
            f"join region on region.block = answer.by_1 where {amount} > 0 group by all",
            values,
        )

    def all_hold(self, sql: str, column: str) -> bool:
        """Whether every table that a SELECT reads has a column."""
        return all(column in self.columns[table] for table, _ in self._read_by(sql))

    def n_looks(self, sql: str) -> int:
        """How many times a SELECT looks at rows: once for each horizon, where it has several."""
        names = {name for _, name in self._read_by(sql)}
        return sum(word in names for word in _WORD.findall(_REMARK.sub("", sql)))

    def _kept(self, sql: str, numbers: Mapping | None) -> str:
        """Whether the rows are found once and held while a SELECT looks at them several times. Not where all may be asked for: ten million of them are a gigabyte."""
        is_part = numbers is not None or len(self._beyond) > 1
        return "materialized" if is_part and self.n_looks(sql) >= MANY_LOOKS else "not materialized"

    def _read_by(self, sql: str) -> list[tuple[str, str]]:
        """The tables of the store that a SELECT reads, each with the name it has there."""
        words = _words(sql)
        names = [(table, "selected" if table == "journey" else f"selected_{table}") for table in self.columns]
        return [(table, name) for table, name in names if name in words]

    def _labelled(self, table: str, sql: str, labels: Labels, numbers: Mapping | None, of: Of) -> str:
        """The rows of one table: the columns that the SELECT names, the labels and the horizon."""
        words = _words(sql)
        named = [f"row_of.{column}" for column in self.columns[table] if column in words]
        sixtieths = self._sixtieths(table)
        part = labels.part.format(sixtieths=sixtieths)
        own = [f"{labels.by_1} as by_1", f"{labels.by_2} as by_2", f"{part} as part"]
        own += [f"{self.days} as horizon"] if "horizon" in words else []
        where = [] if of in (Of.EVERYBODY, Of.BOTH) else [of.value.format(sixtieths=sixtieths)]
        if numbers is None and len(self._beyond) > 1:
            where.append(f"{' + '.join(f'{self._name(i, table)}.beyond' for i in self._beyond)} < 2")
        only = f" where {' and '.join(where)}" if where else ""
        return f"select {', '.join([*named, *own])} from {self._placed(table, numbers)}{only}"

    @cached_property
    def _beyond(self) -> tuple[int, ...]:
        """The axes of which some blocks lie beyond all cells: rows that do so on two are in no region, and most rows where several things are chosen of people."""
        return tuple(i for i, blocks in enumerate(self.blocks.beyond) if blocks) if self.blocks.cells else ()

    def _name(self, i: int, table: str) -> str:
        """What the small table of an axis is called beside a table."""
        return f"numbered_{i}" if self._is_numbered(self.blocks.cuts[i], table) else f"axis_{i}"

    def _sixtieths(self, table: str) -> str:
        """What a row of a table adds to the people behind it at least; versions of before say only who has no other row, or nothing."""
        held = self.columns[table]
        if "sixtieths" in held:
            return "row_of.sixtieths"
        return f"case when row_of.is_only_row then {WHOLE} else 0 end" if "is_only_row" in held else "0"

    def _placed(self, table: str, numbers: Mapping | None) -> str:
        """A table joined to the block of each of its rows."""
        joins, terms = [table + " as row_of"], []
        for i, one in enumerate(self.blocks.cuts):
            name, columns = self._name(i, table), one.axis.columns
            on = " and ".join(f"{name}.c{j} = row_of.{c}" for j, c in enumerate(columns))
            if self._is_numbered(one, table):
                on = f"{name}.number = row_of.{NUMBER[columns]}"
            joins.append(f"join {name} on {on}")
            terms.append(f"{name}.block")
        block = " + ".join(terms) or "0"
        if numbers is None:
            joins.append(f"cross join lateral (select {block} as block) as place")
        else:
            joins.append(f"join number_of as place on place.block = {block}")
        return " ".join(joins)

    def _is_numbered(self, one: Cut, table: str) -> bool:
        """Whether the rows of a table hold the number of an axis (those of versions of before do not)."""
        return one.axis.columns in self.numbers and NUMBER[one.axis.columns] in self.columns[table]

    def _places(self, values: dict, numbers: Mapping[int, int] | None, tables: Sequence[str]) -> Iterator[str]:
        """The small tables that some tables are joined to."""
        for i, (one, stride) in enumerate(zip(self.blocks.cuts, self.blocks.strides, strict=True)):
            are_numbered = {self._is_numbered(one, table) for table in tables}
            beyond = self.blocks.beyond[i] if i in self._beyond else frozenset()
            # of the elements that are in none of these blocks no row is looked at
            wanted = (
                None
                if numbers is None
                else frozenset(number // stride % max(len(one.holders), 1) for number in numbers)
            )
            for is_numbered in sorted(are_numbered):
                held = self.numbers[one.axis.columns] if is_numbered else None
                name = f"{'numbered' if is_numbered else 'axis'}_{i}"
                yield _listed_once(one, stride, beyond, held, wanted).called(name, values)
        if numbers is not None:
            yield _pairs("number_of", list(numbers.items()), values)


def clients_with(amount: str, part: str = "part", clients: str | None = None) -> str:
    """SQL of how many clients have any of an amount, of rows by client (`part`): those who have no other row stand together where it is null, with what they have together; `clients`: how the others are counted."""
    others = clients or f"count(*) filter (where {amount} > 0 and {part} is not null)"
    return f"{others} + coalesce(sum({amount}) filter (where {part} is null), 0)::bigint"


def rows_of(sql: str) -> str:
    """The SELECT of a metric that counts different people, for people who have one row: then it counts rows."""
    if "count(distinct client)" not in sql:
        raise ValueError("a metric of people must count(distinct client)")
    return sql.replace("count(distinct client)", "count(*)")


@lru_cache(1000)
def _words(sql: str) -> frozenset[str]:
    """The words of a SELECT, without those of its remarks."""
    return frozenset(_WORD.findall(_REMARK.sub("", sql)))


def _by_part(sql: str) -> str:
    """A SELECT whose rows have no label but their part, grouped by this one column: by three it takes half as long again."""
    one = sql.replace("group by by_1, by_2, part", "group by part")
    return one.replace("by_1, by_2, part", f"{BY_BLOCK.by_1} as by_1, {BY_BLOCK.by_2} as by_2, part")


def in_sixtieths(name: str) -> str:
    """What a count in sixtieths is called beside the count itself."""
    return f"sixtieths_of_{name}"


def _with_sixtieths(sql: str, counts: Sequence[str], counted: Sequence[str], own: Sequence[str]) -> str:
    """Counts by part, and beside some each the same times the sixtieths that the part says."""
    labels = ["by_1", "by_2", f"cast(floor(part / {_SLOTS}) as bigint) as part", *own]
    sums = [f"sum({name}) as {name}" for name in counts]
    sums += [f"cast(sum({name} * (part % {_SLOTS})) as bigint) as {in_sixtieths(name)}" for name in counted]
    return f"select {', '.join([*labels, *sums])} from (\n{sql}\n) as answer group by all"


@dataclass(frozen=True)
class _Listed:
    """A small table as one parameter, its columns of one width each: several lists would be stepped together by DuckDB, crossed by Spark."""

    lines: str | None
    columns: tuple[tuple[str, str, int], ...]

    @staticmethod
    def of(columns: Mapping[str, str], rows: Iterable[Sequence[str]]) -> "_Listed":
        """`columns`: name and kind of each. Raises ValueError for a text that could not be told from what is beside it."""
        cells = list(rows)
        if any(cell[-1:] == " " or _ROW in cell for row in cells for cell in row):
            raise ValueError(f"a code of {', '.join(columns)} ends in a space or holds a control character")
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)] or [0] * len(columns)
        lines = _ROW.join("".join(map(str.ljust, row, widths)) for row in cells) or None
        return _Listed(lines, tuple((*column, width) for column, width in zip(columns.items(), widths, strict=True)))

    def called(self, name: str, values: dict) -> str:
        """SQL of the table under a name, which is that of its parameter, too."""
        values[name] = self.lines
        starts = accumulate((width for _, _, width in self.columns), initial=1)
        given = zip(self.columns, starts, strict=False)
        parts = (f"rtrim(substr(line, {at}, {width}))::{kind} as {column}" for (column, kind, width), at in given)
        lines = f"select unnest(split(${name}::string, chr(30))) as line"
        return f"{name} as (select {', '.join(parts)} from ({lines}) as given)"


def _listed_once(
    one: Cut,
    stride: int,
    beyond: frozenset[int],
    numbers: Mapping[Element, int] | None,
    wanted: frozenset[int] | None,
) -> _Listed:
    """The block of elements of a cut (those in `wanted` blocks alone), and whether it lies beyond all cells; by the number of those that the store
    holds, where it numbers them. All blocks of a cut are written once: of thousands of services and months that takes longer than what is asked of them."""
    if wanted is not None:
        return _of_cut(one, stride, beyond, numbers, wanted)
    key, known = (stride, beyond, numbers is None), one.worked_out
    return known.get(key) or known.setdefault(key, _of_cut(one, stride, beyond, numbers, range(len(one.holders))))


def _of_cut(
    one: Cut, stride: int, beyond: frozenset[int], numbers: Mapping[Element, int] | None, wanted: Container[int]
) -> _Listed:
    named = {block: (str(block * stride), str(int(block in beyond))) for block in range(len(one.holders))}
    mine = ((element, named[block]) for element, block in one.block_of.items() if block in wanted)
    if numbers is None:
        columns = {f"c{j}": "string" for j in range(len(one.axis.columns))}
        return _Listed.of(columns | _BLOCK, ((*element, *block) for element, block in mine))
    rows = ((str(numbers[element]), *block) for element, block in mine if element in numbers)
    return _Listed.of({"number": "integer"} | _BLOCK, rows)


def _pairs(name: str, pairs: Sequence[tuple[int, int]], values: dict) -> str:
    rows = ((str(a), str(b)) for a, b in pairs)
    return _Listed.of({"block": "bigint", "number": "bigint"}, rows).called(name, values)
