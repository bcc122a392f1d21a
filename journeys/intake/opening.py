"""Every file of the deliveries opened, screened and staged: which table each holds, and what is wrong with it as a file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from journeys.intake import columns, likeness, mapping, screening, staging, stray_rows
from journeys.intake.files.cells import UnreadableError
from journeys.intake.files.delivery import Broken, Found, Ignored, Sheet
from journeys.intake.files.sheet_marks import place_of
from journeys.intake.identifiers import is_identifying_name, kind_of
from journeys.intake.layout import Layout, layout_of
from journeys.intake.mapping import TableMapping
from journeys.intake.run import MAX_NAME, File, Run, shown_name
from journeys.intake.staging import Origin
from journeys.intake.texts import squash
from journeys.vocabulary.dictionary import Table

# what the sample writes beside its tables, and the sheets of words in our own template
SILENT_NAMES = frozenset(("synthetictxt", "notes", "lists"))
SHARE_OF_READING = 0.75
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def name(run: Run, found: Sequence[Found]) -> None:
    """Numbers what was found; a sheet that holds several tables (by a mapping) stands once for each."""
    for thing in found:
        names = () if isinstance(thing, Ignored) else thing.stems
        tables = mapping.tables_of(names, run.mapping, run.dictionary)
        if isinstance(thing, Broken) and thing.is_blank and not tables:
            continue
        for table in tables or (None,):
            file = File(len(run.files), thing, table)
            run.files.append(file)
            run.names[file.number] = shown_name(thing.name)
        _find_name(run, file)


def _find_name(run: Run, file: File) -> None:
    """Names of files, folders and sheets reach screens and reports, so they are looked through as values are."""
    kind = kind_of(file.found.name)
    if kind:
        run.find(file, "identifying_value", f"no {kind} in the name of a file, folder or sheet")
    if not file.found.name.isprintable() or len(file.found.name) > MAX_NAME:
        run.find(file, "name_wrong", f"a name of at most {MAX_NAME} letters that can be seen")


def find_tables(run: Run, names: Sequence[str]) -> None:
    """Finds tables that a delivery has twice or lacks."""
    for number, name in enumerate(names):
        held: dict[str, File] = {}
        files = [file for file in run.files if file.found.delivery == number]
        for file in files:
            if file.table in held:
                words = f"the table {file.table} once; it also stands in {shown_name(held[file.table].found.name)}"
                run.find(file, "table_twice", words)
            elif file.table:
                held[file.table] = file
        if not any(isinstance(file.found, Broken) and file.table is None for file in files):
            _find_missing(run, number, name, held, files)


def _find_missing(run: Run, number: int, name: str, held: Iterable[str], files: Sequence[File]) -> None:
    for table in run.dictionary.tables.values():
        if table.required and table.name not in held:
            delivery = File(-1 - number, Ignored(number, name), None)
            words = f"a file or sheet named {table.name}: {table.grain}"
            likely = [file for file in files if _likely_table(run, file, held) == table.name]
            for file in likely[:1]:
                words += f"; {shown_name(file.found.name)} looks like it: rename it, or name it in a mapping file"
            run.find(delivery, "table_missing", words)


def _likely_table(run: Run, file: File, taken: Iterable[str] = ()) -> str | None:
    """The table that a file of another name most likely holds."""
    if file.table or not isinstance(file.found, Sheet) or squash(file.found.stems[0]) in SILENT_NAMES:
        return None
    return likeness.best_table(file.found.stems, file.found.header, run.dictionary, taken)


def open_all(run: Run) -> None:
    """Screens and stages every file; services and journeys first, because dates are judged by them."""
    order = list(run.dictionary.tables)
    files = sorted(run.files, key=lambda file: order.index(file.table) if file.table else len(order))
    n_bytes = sum(getattr(file.found, "n_bytes", 0) for file in files) or 1
    done = 0
    for file in files:
        run.progress(SHARE_OF_READING * done / n_bytes, f"reading {run.names[file.number]}")
        _open(run, file)
        done += getattr(file.found, "n_bytes", 0)


def _open(run: Run, file: File) -> None:
    found = file.found
    if isinstance(found, Ignored):
        if found.n_tables or found.name.lower().endswith(".zip"):
            words = f"all tables of the delivery in one folder; {_n_tables(found)} not read"
            run.find(file, "tables_within", words)
        elif squash(Path(found.name).name) not in SILENT_NAMES:
            run.find(file, "file_unknown", "a table of the dictionary as .csv, .parquet or a workbook")
    elif isinstance(found, Broken):
        run.find(file, found.problem.rule, found.problem.expected, row=found.problem.row)
    else:
        _open_sheet(run, file, found)


def _n_tables(found: Ignored) -> str:
    if not found.n_tables:
        return "what is in this zip was"
    return "1 file in this folder was" if found.n_tables == 1 else f"{found.n_tables:,} files in this folder were"


def _open_sheet(run: Run, file: File, sheet: Sheet) -> None:
    table = run.dictionary.tables[file.table] if file.table else None
    mapped = run.mapping.get(file.table or "", TableMapping())
    layout = layout_of(sheet.header, table, mapped)
    screening.find_names(run, file, sheet, layout)
    try:
        sheet = screening.find_identifiers(run, file, sheet, layout)
        if table is None:
            _find_unknown(run, file, sheet)
            return
        _find_columns(run, file, sheet, layout, table)
        _find_marks(run, file, sheet, layout)
        if file.number in run.whole:
            _find_merged(run, file, sheet)
        else:
            _stage(run, file, sheet, layout, mapped, table)
    except UnreadableError as problem:
        run.find(file, problem.rule, problem.expected, row=problem.row)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        run.find(file, "unreadable", "a file that can be read to its end; write it again")


def _find_unknown(run: Run, file: File, sheet: Sheet) -> None:
    if squash(sheet.stems[0]) in SILENT_NAMES:
        return
    likely = _likely_table(run, file)
    words = f"a table of the dictionary: {', '.join(run.dictionary.tables)}"
    if likely:
        words = f"the name of a table; it looks like {likely}: rename it, or let check --suggest-mapping write a mapping for it"
    run.find(file, "file_unknown", words)


def _find_merged(run: Run, file: File, sheet: Sheet) -> None:
    """Cells that are merged in the table; those of notes that stood below it and were left out are nobody's loss."""
    merged = [ref for ref in sheet.marks.merged if _is_in_table(ref, sheet.header_row, len(sheet.header))]
    end = run.first_below.get(file.number)
    merged = [ref for ref in merged if end is None or _row_of(ref) < end]
    if merged:
        more = f" and {len(merged) - 3:,} more" if len(merged) > 3 else ""
        run.find(file, "cells_merged", f"a value in every cell; merged: {', '.join(merged[:3])}{more}", n=len(merged))


def _find_marks(run: Run, file: File, sheet: Sheet, layout: Layout) -> None:
    """What the sheet of a workbook tells beyond its values, below its header."""
    marks, top = sheet.marks, sheet.header_row
    unstored = [ref for ref in marks.unstored if int(ref.lstrip(LETTERS)) > top]
    if unstored:
        words = f"the value of every formula; {len(unstored):,} {'has' if len(unstored) == 1 else 'have'} none (first {unstored[0]})"
        run.find(file, "formula_unstored", words, n=len(unstored))
    hidden = [row for row in marks.hidden if top < row <= marks.last_row]
    if hidden and file.number not in run.whole:
        words = f"only rows that can be seen; {len(hidden):,} hidden or filtered rows were read"
        run.find(file, "rows_hidden", words, row=min(hidden), n=len(hidden))
    if file.number not in run.whole:
        _find_hidden(run, file, sheet, layout)
    if sheet.above and file.number not in run.whole:
        words = f"the header in the first row; row {top} holds {sheet.n_known} headers that are known and was taken for it: delete the rows above"
        run.find(file, "header_lower", words, row=top)


def _find_hidden(run: Run, file: File, sheet: Sheet, layout: Layout) -> None:
    """Columns of the table, or a whole sheet, that who looks at the workbook does not see."""
    read = sorted({*layout.places.values(), *(one.place for one in layout.turned)})
    hidden = [sheet.header[place] for place in read if sheet.marks.is_hidden_column(place)]
    if hidden:
        n = f"{len(hidden):,} hidden column{'s were' if len(hidden) > 1 else ' was'} read"
        words = f"only columns that can be seen; {n}: {', '.join(hidden)}"
        run.find(file, "columns_hidden", words, row=sheet.header_row, n=len(hidden))
    if sheet.is_hidden:
        run.find(file, "sheet_hidden", "only sheets that can be seen; this one is hidden and was read")


def _row_of(ref: str) -> int:
    return int(ref.partition(":")[0].lstrip(LETTERS))


def _is_in_table(ref: str, header_row: int, width: int) -> bool:
    first = ref.partition(":")[0]
    return int(first.lstrip(LETTERS)) > header_row and place_of(first.rstrip("0123456789")) < width


def _find_columns(run: Run, file: File, sheet: Sheet, layout: Layout, table: Table) -> None:
    likely = _likely_columns(run, sheet, layout, table)
    for column in layout.missing:
        words = f"a column {column}: {table.columns[column].meaning}"
        headers = [header for header, one in likely.items() if one == column]
        run.find(file, "column_missing", words + "".join(f"; {one} looks like it" for one in headers), column=column)
    for column in layout.twice:
        run.find(file, "column_twice", f"one column {column}", row=sheet.header_row, column=column)
    elsewhere, is_whole = _known_elsewhere(run, file, sheet), file.number in run.whole
    for place, header in layout.unknown.items():
        alike = likely.get(header)
        if place in elsewhere or (not header and place not in run.filled[file.number]) or alike in layout.missing:
            continue
        words = f"a column of {table.name}" + (f"; it looks like {alike} and is not read as it" if alike else "")
        if alike or not is_whole:
            name = screening.shown_header(place, header)
            run.find(file, "column_unknown", words, row=sheet.header_row, column=name)
    if is_whole:
        return
    if sheet.encoding == "cp1252":
        run.find(file, "windows_1252", "UTF-8")


def _likely_columns(run: Run, sheet: Sheet, layout: Layout, table: Table) -> dict[str, str]:
    """Headers that are not known, with the column of those that stand nowhere that each is most like."""
    held = {*layout.places, *layout.fixed, *(name for one in layout.turned for name in (one.name, one.value))}
    headers = [one for one in layout.unknown.values() if one and not kind_of(one) and not is_identifying_name(one)]
    return likeness.likely_columns(headers, [column for column in table.columns if column not in held])


def _known_elsewhere(run: Run, file: File, sheet: Sheet) -> set[int]:
    """The places of a sheet that another of its tables takes; what none takes is said once, with the first of them."""
    others = [one for one in run.files if one.found is file.found and one is not file and one.table]
    layouts = [layout_of(sheet.header, run.dictionary.tables[one.table], run.mapping[one.table]) for one in others]  # type: ignore[index]
    is_first = all(file.number < one.number for one in others)
    return {p for layout in layouts for p in range(len(sheet.header)) if not is_first or p not in layout.unknown}


def _stage(run: Run, file: File, sheet: Sheet, layout: Layout, mapped: TableMapping, table: Table) -> None:
    turned = {name for one in layout.turned for name in (one.name, one.value) if name}
    names = {*layout.places, *layout.fixed, *turned}
    run.placed.setdefault(table.name, set()).update(names)
    padded, plain = frozenset(run.padded[file.number]), frozenset(run.plain[file.number])
    origin = Origin(file.number, sheet.delivery, len(sheet.header), sheet.epoch_days, padded, plain)
    if table.is_child and not run.is_keyed:
        staging.note_journeys(run.connection)
        run.is_keyed = True
    with sheet.with_plain(plain).relation(run.connection) as relation:
        n_rows = staging.stage(run.connection, relation, table, layout, mapped, origin)
    run.n_read[file.number] = n_rows
    columns.drop_rows_below(run, file, table)
    stray_rows.drop_rows_within(run, file, table, {name: sheet.header[place] for name, place in layout.places.items()})
    _find_merged(run, file, sheet)
    if not n_rows and table.required:
        run.find(file, "file_empty", f"at least one row: {table.grain}")
    elif not n_rows:
        run.find(file, "table_empty", f"at least one row, or no {table.name} at all")
    else:
        columns.judge(run, file, table, names)
