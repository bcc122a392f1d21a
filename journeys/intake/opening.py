"""Every file of the deliveries opened, screened and staged: which table each holds, and what is wrong with it as a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from journeys.intake import mapping, screening, staging
from journeys.intake.files.cells import UnreadableError, squash
from journeys.intake.files.delivery import Broken, Found, Ignored, Sheet
from journeys.intake.layout import Layout, layout_of
from journeys.intake.mapping import TableMapping
from journeys.intake.run import File, Run
from journeys.vocabulary.dictionary import Table

# what the sample writes beside its tables, and the sheets of words in our own template
SILENT_NAMES = frozenset(("synthetictxt", "notes", "lists"))
SHARE_OF_READING = 0.6


def name(run: Run, found: Sequence[Found]) -> None:
    for number, thing in enumerate(found):
        names = () if isinstance(thing, Ignored) else thing.stems
        run.files.append(File(number, thing, mapping.table_of(names, run.mapping, run.dictionary)))
        run.names[number] = thing.name


def find_tables(run: Run, names: Sequence[str]) -> None:
    """Finds tables that a delivery has twice or lacks."""
    for number, name in enumerate(names):
        held: dict[str, File] = {}
        files = [file for file in run.files if file.found.delivery == number]
        for file in files:
            if file.table in held:
                words = f"the table {file.table} once; it also stands in {held[file.table].found.name}"
                run.find(file, "table_twice", words)
            elif file.table:
                held[file.table] = file
        if not any(isinstance(file.found, Broken) and file.table is None for file in files):
            _find_missing(run, number, name, held)


def _find_missing(run: Run, number: int, name: str, held: Iterable[str]) -> None:
    for table in run.dictionary.tables.values():
        if table.required and table.name not in held:
            delivery = File(-1 - number, Ignored(number, name), None)
            run.find(delivery, "table_missing", f"a file or sheet named {table.name}: {table.grain}")


def open_all(run: Run) -> None:
    """Screens and stages every file; services and journeys first, because dates are judged by them."""
    order = list(run.dictionary.tables)
    files = sorted(run.files, key=lambda file: order.index(file.table) if file.table else len(order))
    n_bytes = sum(getattr(file.found, "n_bytes", 0) for file in files) or 1
    done = 0
    for file in files:
        run.progress(SHARE_OF_READING * done / n_bytes, f"reading {file.found.name}")
        _open(run, file)
        done += getattr(file.found, "n_bytes", 0)


def _open(run: Run, file: File) -> None:
    found = file.found
    if isinstance(found, Ignored):
        if squash(Path(found.name).name) not in SILENT_NAMES:
            run.find(file, "file_unknown", "a table of the dictionary as .csv, .parquet or a workbook")
    elif isinstance(found, Broken):
        run.find(file, found.problem.rule, found.problem.expected, row=found.problem.row)
    else:
        _open_sheet(run, file, found)


def _open_sheet(run: Run, file: File, sheet: Sheet) -> None:
    table = run.dictionary.tables[file.table] if file.table else None
    mapped = run.mapping.get(file.table or "", TableMapping())
    layout = layout_of(sheet.header, table, mapped)
    screening.find_names(run, file, sheet, layout)
    try:
        sheet = screening.find_identifiers(run, file, sheet, layout)
    except UnreadableError as problem:
        run.find(file, problem.rule, problem.expected, row=problem.row)
    if table is None:
        if squash(sheet.stems[0]) not in SILENT_NAMES:
            run.find(file, "file_unknown", f"a table of the dictionary: {', '.join(run.dictionary.tables)}")
        return
    _find_columns(run, file, sheet, layout, table)
    if file.number not in run.whole:
        _stage(run, file, sheet, layout, mapped, table)


def _find_columns(run: Run, file: File, sheet: Sheet, layout: Layout, table: Table) -> None:
    for column in layout.missing:
        run.find(file, "column_missing", f"a column {column}: {table.columns[column].meaning}", column=column)
    for column in layout.twice:
        run.find(file, "column_twice", f"one column {column}", row=sheet.header_row, column=column)
    if file.number in run.whole:
        return
    for place, header in layout.unknown.items():
        if not header and place not in run.filled[file.number]:
            continue
        name = screening.shown_header(place, header)
        run.find(file, "column_unknown", f"a column of {table.name}", row=sheet.header_row, column=name)
    if sheet.encoding == "cp1252":
        run.find(file, "windows_1252", "UTF-8")


def _stage(run: Run, file: File, sheet: Sheet, layout: Layout, mapped: TableMapping, table: Table) -> None:
    with sheet.relation(run.connection) as relation:
        n_rows = staging.stage(
            run.connection,
            relation,
            layout,
            mapped,
            file_no=file.number,
            delivery=sheet.delivery,
            n_cells=len(sheet.header),
            epoch_days=sheet.epoch_days,
        )
    run.n_read[file.number] = n_rows
    if not n_rows and table.name == "service":
        run.find(file, "file_empty", f"at least one row: {table.grain}")
    elif not n_rows:
        run.find(file, "table_empty", f"at least one row, or no {table.name} at all")
