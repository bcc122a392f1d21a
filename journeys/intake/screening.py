"""Looks for identifying data in the headers and values of a sheet before anything of it is kept, and writes what it finds."""

from dataclasses import replace
from datetime import date

import duckdb

from journeys.intake import birth_dates, identifier_search, identifiers, staging, typed
from journeys.intake.files.delivery import ParquetReader, Sheet
from journeys.intake.files.text import TextReader
from journeys.intake.layout import Layout
from journeys.intake.mapping import TableMapping
from journeys.intake.run import File, Run
from journeys.intake.texts import squash


def find_names(run: Run, file: File, sheet: Sheet, layout: Layout) -> None:
    """Finds columns named like an identifier, and header cells that are one (a file without a header)."""
    for place, header in enumerate(sheet.header):
        kind = identifiers.kind_of(header)
        if kind:
            words = f"no {kind} in the header"
            run.find(file, "identifying_value", words, row=sheet.header_row, column=shown_header(place, header))
        elif place in layout.unknown and identifiers.is_identifying_name(header):
            run.find(
                file, "identifying_column", "no column that identifies people", row=sheet.header_row, column=header
            )
    kind = next((kind for kind in map(identifiers.kind_of, sheet.above) if kind), None)
    if kind:
        run.find(file, "identifying_value", f"no {kind} in the rows above the header", row=1)
    for column, place in layout.places.items():
        header = sheet.header[place]
        is_about_people = file.table not in ("service", "service_change")
        if is_about_people and squash(header) != squash(column) and identifiers.is_identifying_name(header):
            run.find(
                file, "identifying_column", "no column that identifies people", row=sheet.header_row, column=header
            )


def shown_header(place: int, header: str) -> str:
    return f"column {place + 1}" if not header or identifiers.kind_of(header) else header


def find_identifiers(run: Run, file: File, sheet: Sheet, layout: Layout) -> Sheet:
    """Looks through all values; gives the sheet back with the reader that could read it to its end."""
    wanted = _wanted(run, file, sheet, layout)
    sheet, survey = _survey(run, sheet, wanted)
    run.n_read[file.number], run.filled[file.number] = survey.n_rows, survey.filled
    run.padded[file.number], run.plain[file.number] = survey.padded, survey.plain
    if file.table == "journey" and layout.places.get("journey_id") in survey.suspect:
        run.is_id_odd = True
    hits: list[identifier_search.Hit] = []
    if survey.suspect:
        with sheet.relation(run.connection) as relation:
            hits += identifier_search.identifier_hits(run.connection, relation, survey.suspect, layout)
    for place in survey.dated:
        with sheet.relation(run.connection) as relation:
            hits += birth_dates.hits(run.connection, relation, place, wanted)
    for hit in hits:
        column = shown_header(hit.place, sheet.header[hit.place])
        run.find(file, "identifying_value", hit.expected, row=hit.first_row, column=column)
    return sheet


def _survey(run: Run, sheet: Sheet, wanted: identifier_search.Wanted) -> tuple[Sheet, identifier_search.Survey]:
    """The first look at a sheet. What DuckDB cannot read, or counts otherwise than the file's lines, is read again strictly."""
    reader = sheet.reader
    if isinstance(reader, ParquetReader):
        return sheet, identifier_search.survey_columns(run.connection, reader, wanted)
    if isinstance(reader, TextReader) and reader.n_lines is not None:
        try:
            with sheet.relation(run.connection) as relation:
                survey = identifier_search.survey(run.connection, relation, len(sheet.header), wanted)
            if survey.n_rows == reader.n_lines - sheet.header_row:
                return sheet, survey
        except duckdb.Error:
            pass
        sheet = replace(sheet, reader=reader.strict())
    with sheet.relation(run.connection) as relation:
        return sheet, identifier_search.survey(run.connection, relation, len(sheet.header), wanted)


def _wanted(run: Run, file: File, sheet: Sheet, layout: Layout) -> identifier_search.Wanted:
    """A cell may be plain if its column is no text and no mapping changes it; the journey that a row names was looked at before."""
    found, known, table = {}, {}, layout.table
    mapped = run.mapping.get(file.table or "", TableMapping())
    turned = {name for one in layout.turned for name in (one.name, one.value)}
    for name, place in layout.places.items() if table else ():
        column = table.columns[name]  # type: ignore[union-attr]
        if staging.type_of(column) != "VARCHAR" and not (mapped.empty or mapped.values.get(name) or name in turned):
            found[place] = column
    if table and table.is_child and not run.is_id_odd and "journey_id" in layout.places:
        known[layout.places["journey_id"]] = (
            f"select journey_id from delivery.journey where delivery = {sheet.delivery} and journey_id is not null"
        )
    return identifier_search.Wanted(layout, _usual_referral(run, sheet.delivery), found, known)


def _usual_referral(run: Run, delivery: int) -> date | None:
    """The median referral date of a delivery's journeys, once they are staged."""
    if "journey" not in run.placed:
        return None
    if delivery not in run.usual_referrals:
        usual = _median_referral(run, delivery)
        if usual is None:
            return None
        run.usual_referrals[delivery] = usual
    return run.usual_referrals[delivery]


def _median_referral(run: Run, delivery: int) -> date | None:
    sql = f"select median({typed.date_sql('(referred_on::varchar)')}) from delivery.journey where delivery = ?"
    usual = run.execute(sql, [delivery]).fetchall()[0][0]
    return None if usual is None else date(usual.year, usual.month, usual.day)
