"""What a check of deliveries found: every finding, the report that holds them, its words for the terminal and its files."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import duckdb
import xlsxwriter

from journeys.intake.identifiers import shown, shown_code, shown_text
from journeys.intake.mapping import Switch
from journeys.intake.rules import RULES, Rule
from journeys.vocabulary import dictionary, spreadsheet

FETCH_ROWS = 10_000
N_EXAMPLES = 3
MAX_SHEET_ROWS = 1_048_575


@dataclass(frozen=True)
class Finding:
    """One thing found: `row` as a spreadsheet numbers it (the header is row 1), None for a whole file."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    rule: str
    expected: str


COLUMNS = tuple(field.name for field in fields(Finding))


@dataclass(frozen=True)
class FileSummary:
    """Counts of one file or sheet; rows without any text are not counted."""

    file: str
    table: str | None
    rows_read: int
    rows_good: int
    rows_refused: int
    sha256: str


@dataclass(frozen=True)
class RuleCount:
    """All findings of one rule: how many cells or rows they concern, how many they are, and the first of them."""

    rule: Rule
    n: int
    examples: tuple[Finding, ...]
    n_findings: int = 0


class Findings:
    """All findings in order of file and row, streamed from a temporary table of the connection that read the deliveries.

    They are read page by page, so that the connection stays free for other queries in between.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[int, str]) -> None:
        self._connection, self._table, self._names = connection, table, names
        tables = dictionary.load().tables.values()
        self._types = {column.name: column.type for table in tables for column in table.columns.values()}

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, unordered: str, names: Mapping[int, str]) -> "Findings":
        """Findings of a temporary table of any order, which is put in order under another name; `names` of files by number."""
        table = f"{unordered}_in_order"
        connection.execute(f"create temp table {table} as select * from {unordered} order by file_no, row, rowid")
        return cls(connection, table, names)

    def __len__(self) -> int:
        return self._connection.execute(f"select count(*) from {self._table}").fetchall()[0][0]

    def __iter__(self) -> Iterator[Finding]:
        for start in range(0, len(self), FETCH_ROWS):
            yield from self._page(start, FETCH_ROWS)

    def first(self, n: int) -> tuple[Finding, ...]:
        """The first n findings in order of file and row."""
        return self._page(0, n)

    def _page(self, start: int, n: int) -> tuple[Finding, ...]:
        sql = f"select {_COLUMNS} from {self._table} where rowid >= ? and rowid < ? order by rowid"
        return tuple(self._shown(row) for row in self._connection.execute(sql, [start, start + n]).fetchall())

    def by_rule(self) -> tuple[RuleCount, ...]:
        """Counts and first examples of every rule broken, refusals of whole files first, notes last."""
        sql = (
            f"select rule, sum(n)::bigint, min_by([{_CASTS}], rowid, {N_EXAMPLES}), count(*) "
            f"from (select rowid, * from {self._table}) group by rule"
        )
        rows = self._connection.execute(sql).fetchall()
        counts = [RuleCount(RULES[rule], n, tuple(map(self._shown, some)), all_) for rule, n, some, all_ in rows]
        order = list(RULES)
        return tuple(sorted(counts, key=lambda count: order.index(count.rule.name)))

    def _shown(self, row: Sequence) -> Finding:
        number, at, column, value, rule, expected = row
        said = _SHOWN.get(self._types.get(column or "", ""), shown_code)(value)
        return Finding(self._names[int(number)], None if at is None else int(at), column, said, rule, expected)


_SHOWN = {"date": shown, "text": shown_text}  # by type of column
_COLUMNS = 'file_no, row, "column", value, rule, expected'
_CASTS = 'file_no::varchar, row::varchar, "column", value, rule, expected'


@dataclass(frozen=True)
class Report:
    """What reading deliveries gave. `findings` streams and lives as long as the connection; the rest is plain Python.

    `is_refused_whole`: something concerns a whole file (identifying data, unreadable, a table or column missing), so that nothing
    may be loaded, not even the good rows. `is_clean`: no row and no file was refused; notes may remain. `switches` of a mapping would
    mend some of it.
    """

    files: tuple[FileSummary, ...]
    findings: Findings
    rules: tuple[RuleCount, ...]
    switches: tuple[Switch, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def is_clean(self) -> bool:
        return not any(count.rule.is_refusal for count in self.rules)

    @property
    def is_refused_whole(self) -> bool:
        return any(count.rule.is_whole for count in self.rules)

    @property
    def n_findings(self) -> int:
        """All findings, notes included."""
        return sum(count.n for count in self.rules)

    @property
    def n_read(self) -> int:
        return sum(file.rows_read for file in self.files)

    @property
    def n_good(self) -> int:
        return sum(file.rows_good for file in self.files)

    @property
    def n_refused(self) -> int:
        """Rows refused, those of files refused whole included."""
        return sum(file.rows_refused for file in self.files)

    @property
    def by_rule(self) -> dict[str, int]:
        """Number of findings by rule name."""
        return {count.rule.name: count.n for count in self.rules}

    def summary(self) -> tuple[RuleCount, ...]:
        """Counts and first examples by rule."""
        return self.rules

    def first(self, n: int) -> tuple[Finding, ...]:
        """The first n findings in order of file and row."""
        return self.findings.first(n)


# --- words ------------------------------------------------------------------------------------------------------------


def text(report: Report, visible: Sequence[str] = ()) -> str:
    """The report for a terminal: a table of files, then the findings by rule, each with its first examples and how to mend it, then the
    free texts that would reach a screen."""
    parts = [_file_table(report.files), _verdict(report)]
    parts += [_rule_words(count) for count in report.rules]
    if visible:
        lines = ["These words will be visible to everyone who opens the dashboard; read them for names of people:"]
        parts.append("\n".join([*lines, *(f"  {words}" for words in visible)]))
    return "\n\n".join(parts) + "\n"


def _file_table(files: tuple[FileSummary, ...]) -> str:
    width = max([len("file"), *(len(file.file) for file in files)])
    lines = [f"{'file':<{width}}  {'rows':>10}  {'good':>10}  {'refused':>10}"]
    for file in files:
        lines.append(f"{file.file:<{width}}  {file.rows_read:>10,}  {file.rows_good:>10,}  {file.rows_refused:>10,}")
    return "\n".join(lines)


def _verdict(report: Report) -> str:
    if report.is_refused_whole:
        return "Refused whole: nothing of this can be loaded until the files named below are mended."
    if not report.is_clean:
        return f"{report.n_refused:,} of {report.n_read:,} rows refused."
    notes = report.n_findings
    return "No findings." if not notes else f"Nothing refused; {notes:,} {'note' if notes == 1 else 'notes'}."


def _rule_words(count: RuleCount) -> str:
    kind = "" if count.rule.is_refusal else "note: "
    lines = [f"{kind}{count.rule.words} ({count.rule.name}): {count.n:,}"]
    lines += [f"  {example_words(example)}" for example in count.examples]
    if count.n_findings > len(count.examples):
        lines.append(f"  ... and {count.n_findings - len(count.examples):,} more")
    return "\n".join([*lines, f"  To mend: {count.rule.mend}"])


def example_words(finding: Finding) -> str:
    """One finding in a line: where, what was found, what was expected."""
    where = [finding.file]
    where += [f"row {finding.row}"] if finding.row is not None else []
    where += [f"column {finding.column}"] if finding.column else []
    got = f" has {finding.value!r};" if finding.value is not None else ":"
    return f"{', '.join(where)}{got} expected {finding.expected}"


# --- files ------------------------------------------------------------------------------------------------------------


def write_report(findings: Iterable[Finding], path: Path) -> None:
    """Writes all findings as CSV, or as a workbook with a sheet per file when `path` ends in .xlsx."""
    if path.suffix.lower() == ".xlsx":
        _write_workbook(findings, path)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        spreadsheet.write_rows(file, itertools.chain([COLUMNS], map(astuple, findings)))


def _write_workbook(findings: Iterable[Finding], path: Path) -> None:
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheets: dict[str, _ReportSheet] = {}
        for finding in findings:
            if finding.file not in sheets:
                sheets[finding.file] = _ReportSheet(book, finding.file, len(sheets) + 1)
            sheets[finding.file].write(finding)
        if not sheets:
            book.add_worksheet("No findings").write(0, 0, "No findings.")


class _ReportSheet:
    """One sheet of the report workbook, written from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, file: str, number: int) -> None:
        self._sheet, self._n_rows = book.add_worksheet(_sheet_name(file, number)), 0
        bold = book.add_format({"bold": True})
        for column, width in enumerate((28, 8, 22, 28, 26, 60, 60)):
            self._sheet.set_column(column, column, width)
        for column, name in enumerate((*COLUMNS, "how to mend")):
            self._sheet.write_string(0, column, name, bold)

    def write(self, finding: Finding) -> None:
        if self._n_rows == MAX_SHEET_ROWS:
            return
        self._n_rows += 1
        for column, cell in enumerate((*astuple(finding), RULES[finding.rule].mend)):
            if isinstance(cell, int):
                self._sheet.write_number(self._n_rows, column, cell)
            elif cell is not None:
                self._sheet.write_string(self._n_rows, column, cell)


def _sheet_name(file: str, number: int) -> str:
    plain = "".join("-" if letter in "[]:*?/\\'" else letter for letter in file)
    return f"{number} {plain}"[:31]
