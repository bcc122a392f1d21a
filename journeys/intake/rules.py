"""The rules of a delivery: what each is called, what it says, and how to mend what breaks it."""

from dataclasses import dataclass

MIXED_DATES, MISPLACED_DATE = "dates_mixed", "date_misplaced"
# what is said once for a whole column, with the number of its rows
GROUPED = (
    "empty_word", "age_year", "age_band", "code_rounded", "formula_error", "number_comma", "number_not_whole", "date_serial",
    "date_year_short", "date_none", "date_month", MIXED_DATES, MISPLACED_DATE,
)  # fmt: skip
# what is said once for every different value of a column, and once for all of them where they are very many
SAME = ("date_wrong", "number_wrong", "out_of_range")
SAME_CODES = ("code_unknown", "flag_wrong", "item_unknown")
REFERENCES = ("service_unknown", "journey_unknown")
CONSEQUENCE = "parent_refused"
# what is said of every row in the same words, and once for all of a column or file
ALIKE = ("required", "row_ragged", "status_date_missing", CONSEQUENCE)
REPEATED = "key_repeated"
IN_TWO = "service_in_two_deliveries"


@dataclass(frozen=True)
class Rule:
    """A rule by name. A breach of a refusal refuses the row, of a rule for whole files the delivery; a note refuses nothing."""

    name: str
    words: str
    mend: str
    is_refusal: bool = True
    is_whole: bool = False


def _whole(name: str, words: str, mend: str) -> Rule:
    return Rule(name, words, mend, is_whole=True)


def _note(name: str, words: str, mend: str) -> Rule:
    return Rule(name, words, mend, is_refusal=False)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        _whole(
            "identifying_column",
            "A column is named like one that identifies people",
            "Remove the column, or the sheet, and hand the delivery over again. Nothing of this file was kept.",
        ),
        _whole(
            "identifying_value",
            "A column holds what looks like identifying data",
            "Remove it (a reference must be a pseudonym made by the data owner) and hand the delivery over again. "
            "Nothing of this file was kept.",
        ),
        _whole("unreadable", "A file cannot be read", "Save it again in the format named and hand it over again."),
        _whole(
            "file_empty",
            "A file or sheet is empty",
            "Give it a header row, or leave it out if it is not recorded; the tables service and journey need rows.",
        ),
        _whole(
            "quote_broken",
            "A quotation mark is not closed, or text follows a closing one",
            "Correct the cell, or export the file again; inside quoted text a quotation mark is written twice.",
        ),
        _whole(
            "too_large",
            "A file costs too much to open",
            "Leave out what is not data, or hand the tables over as CSV files of their own.",
        ),
        _whole("name_wrong", "A file or sheet has a name with unseen letters", "Give it a plain name."),
        _whole(
            "cell_far",
            "A cell stands far from the rest of its sheet",
            "Delete the cell and the empty rows and columns up to it, and save the workbook.",
        ),
        _whole(
            "cells_merged", "Cells are merged", "Unmerge them and fill the value into every cell that it stands for."
        ),
        _whole(
            "formula_unstored",
            "A formula has no stored value",
            "Open the workbook in Excel, let it calculate, and save it; or write the values in place of the formulas.",
        ),
        _whole(
            "dates_month_first",
            "A column of dates is written month first",
            'Write the dates as YYYY-MM-DD, or hand over a mapping file that says date_order = "month_first".',
        ),
        _whole(
            "dates_two_orders",
            "A column of dates is day first in some rows and month first in others",
            "Write all dates of the column as YYYY-MM-DD, from where they were first kept: which of the two 03/04/2024 is cannot be told.",
        ),
        _whole(
            "ids_decimal",
            "A column of references was written as decimals by a program",
            "Write the references as text, or hand over a mapping file that says decimal_ids = true.",
        ),
        _whole(
            "ids_zeros",
            "A column of references has lost its leading zeros",
            "Write the references as text, or hand over a mapping file with the number of digits (leading_zeros) that the finding names.",
        ),
        _whole(
            "ids_case",
            "A column of references differs in capitals or dashes only",
            "Export the references as they are in the service and journey tables; some programs change capitals or dashes.",
        ),
        _whole(
            "ids_rounded",
            "A column of references was rounded by a spreadsheet",
            "Export it again with the column as text: what was rounded cannot be mended.",
        ),
        _whole(
            "table_missing",
            "A required table is missing",
            "Add the table; where a file or sheet of another name holds it, rename that, or name it in a mapping file (check --suggest-mapping).",
        ),
        _whole("table_twice", "A table stands in the delivery twice", "Leave one of the two in the delivery."),
        _whole(
            "column_missing",
            "A required column is missing",
            "Add the column, or name the column that holds it in a mapping file (check --suggest-mapping).",
        ),
        _whole("column_twice", "Two columns have the same name", "Keep one of them, or rename the other."),
        Rule(
            "row_ragged",
            "A row has another number of cells than the header",
            "Put text that holds the separator in quotation marks, which follow the separator before them without a space, or export the file again.",
        ),
        Rule(
            "rows_below",
            "Rows below the table are totals or notes",
            "Delete totals, notes and the footer of a report: only rows of the table may stand in it.",
        ),
        Rule(
            "row_within",
            "A row within the table repeats its header, or is a total",
            "Delete the row: only rows of the table may stand in it.",
        ),
        Rule("required", "A required cell is empty", "Fill the cell."),
        Rule(
            "empty_word",
            "A cell says in words that it is empty",
            'Leave the cell empty, or say it once in a mapping file: empty = ["NaN", "n/k"].',
        ),
        Rule(
            "age_year",
            "An age looks like a year of birth",
            "Write the age at referral in years, or leave the cell empty.",
        ),
        Rule(
            "age_band",
            "An age is a band",
            "Write the age at referral in years, or leave the cell empty: a band cannot be handed over.",
        ),
        Rule(
            MISPLACED_DATE,
            "A date stands in a column that holds none",
            "Take the date out: write what the column asks for or leave the cell empty. No date of birth may be handed over.",
        ),
        Rule(
            "code_rounded",
            "A code was rounded by a spreadsheet",
            "Export it again with the column as text: what was rounded cannot be mended.",
        ),
        Rule(
            "control_character",
            "A text holds a line break or a letter that cannot be seen",
            "Write the text in one line and type it anew.",
        ),
        Rule(
            "formula_error",
            "A cell holds the error of a formula",
            "Correct the formula, or write the value in its place.",
        ),
        Rule("text_too_long", "A text is too long", "Shorten the text."),
        Rule(
            "code_unknown",
            "A code is not in the dictionary",
            "Use one of the codes, or map the value in a mapping file.",
        ),
        Rule(
            "date_serial",
            "A date is the serial number of a spreadsheet",
            "Format the column as a date in the spreadsheet and export it again: 44393 is the 44,393rd day from 1900 on.",
        ),
        Rule(
            "date_year_short",
            "A date has a year of two digits",
            "Write the year with four digits, as YYYY-MM-DD or DD/MM/YYYY.",
        ),
        Rule(
            "date_none",
            "A date lies in a year that programs write for none",
            "Leave the cell empty where there is no date; else correct the year.",
        ),
        Rule(
            "date_month",
            "A date is a month or a year without its day",
            "Write the day. Where only the month was kept, the date cannot be handed over: leave the cell empty if it may be.",
        ),
        Rule("date_wrong", "A cell is not a date", "Write the date as YYYY-MM-DD or DD/MM/YYYY."),
        Rule(
            MIXED_DATES,
            "A column mixes two ways of writing dates",
            "Write all dates of the column in one way; day and month may have been swapped on the way, so check them.",
        ),
        Rule(
            "flag_wrong",
            "A cell is neither yes nor no",
            "Write yes or no, leave the cell empty where it is not recorded, or map the value in a mapping file (check --suggest-mapping).",
        ),
        Rule(
            "number_comma",
            "A number has a comma",
            "Export the column with a point for decimals and nothing between thousands: 37,50 is 37.5 or, of a whole number, 37.",
        ),
        Rule(
            "number_not_whole",
            "A number has decimals where only whole ones are taken",
            "Write the number whole: an age as the last birthday, minutes and counts as they are.",
        ),
        Rule("number_wrong", "A cell is not a number", "Write a number with a point for decimals and no unit."),
        Rule(
            "out_of_range", "A number is out of its range", "Correct the number, or empty the cell if it is not known."
        ),
        Rule(
            REPEATED,
            "A key stands in two rows",
            "Keep one of the rows; the first was kept here, the later ones refused.",
        ),
        Rule(
            IN_TWO,
            "A service stands in two of the deliveries",
            "Hand over one delivery for the service, or make one of them (load --latest-wins).",
        ),
        Rule(
            "service_unknown",
            "A row names a service that is not in the service table",
            "Write its service_id as the service table has it, or map the value in a mapping file.",
        ),
        Rule("journey_unknown", "A row names a journey that is not in the journey table", "Correct the journey_id."),
        Rule("period_reversed", "A service's data_to lies before its data_from", "Correct the two dates."),
        Rule(
            "data_to_future",
            "A service's data_to has not come yet",
            "Write the last day for which the records are complete: at the latest the day on which they were taken out.",
        ),
        Rule(
            "referred_outside_period",
            "A referral lies outside the service's data_from to data_to",
            "Correct the date, or the period in the service table.",
        ),
        Rule("before_referral", "A date lies before the journey's referral", "Correct this date or referred_on."),
        Rule(
            "after_data_to",
            "A date lies after the last day of the service's data",
            "Correct the date, or data_to in the service table.",
        ),
        Rule("ended_before_started", "An end lies before its start", "Correct the two dates."),
        Rule("status_before_set", "A goal's status is dated before the goal was set", "Correct the two dates."),
        Rule("status_date_missing", "A goal that is not open has no status date", "Fill status_on."),
        Rule(
            "main_reason_repeated",
            "A journey has more than one main reason",
            "Leave one main reason; the first was kept here, the later ones refused.",
        ),
        Rule(
            "job_kept_not_employed",
            "A job was kept by a client not employed at referral",
            "Record employment_status employed, or use job_started.",
        ),
        Rule("item_unknown", "An item does not belong to its tool", "Use an item of the tool."),
        Rule(
            "score_out_of_range",
            "A score is out of the range of its item",
            "Correct the score; SWEMWBS takes the raw sum.",
        ),
        Rule(
            CONSEQUENCE,
            "A row belongs to a journey or service that was refused",
            "Mend the journey or service; these rows then need nothing.",
        ),
        _note(
            "column_unknown",
            "A column is not in the dictionary and was ignored",
            "Nothing need be done if it belongs to none; else rename it, or name it in a mapping file (check --suggest-mapping).",
        ),
        _note(
            "file_unknown",
            "A file or sheet is no table of the dictionary and was ignored",
            "Nothing need be done if it belongs to none; else rename it, or name it in a mapping file (check --suggest-mapping).",
        ),
        _note(
            "tables_within",
            "A folder or zip within the delivery holds tables that were not read",
            "Unpack it and put its tables beside the others; hand over what is a delivery of its own apart.",
        ),
        _note(
            "table_absent",
            "A service records what no table of the delivery holds: it counts as not recorded",
            "Add the table (without rows, if there were none), or say no in the service table.",
        ),
        _note(
            "header_lower",
            "The header does not stand in the first row: rows above it were left out",
            "Nothing need be done; better delete the rows above the header.",
        ),
        _note(
            "rows_hidden",
            "Hidden or filtered rows were read",
            "Check that they belong to the delivery; else delete them.",
        ),
        _note(
            "columns_hidden",
            "Hidden columns were read",
            "Check that they belong to the delivery; else delete them.",
        ),
        _note(
            "sheet_hidden",
            "A hidden sheet was read",
            "Check that it belongs to the delivery; else delete it.",
        ),
        _note(
            "times_dropped",
            "Dates with a time of day were read as the day",
            "Nothing need be done.",
        ),
        _note(
            "times_utc",
            "Times at 22:00 or 23:00 UTC may be midnight of the next day in summer",
            "Export the days, not the moments: these dates may be one day early.",
        ),
        _note(
            "dates_one_month",
            "All dates of a column lie in one month",
            "Check the column: it may hold the day of the export.",
        ),
        _note(
            "dates_month_start",
            "All dates of a column are the first of a month",
            "Check the column: it may hold months, which a spreadsheet wrote as their first day.",
        ),
        _note(
            "dates_swapped",
            "No date of a column has a day after the 12th",
            "Check the column: day and month may have been swapped.",
        ),
        _note(
            "refs_shared",
            "A client_ref is shared by very many journeys",
            "Check that it stands for one person: a rounded or empty reference makes many people one.",
        ),
        _note(
            "refs_counters",
            "Services under one client_key have references that look like counters",
            "Give each service its own client_key unless the references were made together.",
        ),
        _note(
            "refs_case",
            "References of services under one client_key differ in capitals only",
            "Check whether they stand for the same people: they are counted as different ones.",
        ),
        _note(
            "closed_undated",
            "Journeys have a closure reason and no closing date: they count as open",
            "Fill closed_on.",
        ),
        _note(
            "why_not_started",
            "Activities have a reason for not starting, and started: they count as started",
            "Leave why_not empty where the activity started; else take started_on out.",
        ),
        _note(
            "codes_zeros",
            "Codes without their leading zero were read as with it",
            "Nothing need be done if that is what they were; better export the column as text.",
        ),
        _note(
            "table_empty",
            "A table has no rows: it counts as recorded, and none",
            "Leave the file or sheet out if the service does not record it.",
        ),
        _note(
            "windows_1252",
            "A file is not UTF-8 and was read as Windows-1252",
            "Nothing need be done if names look right; else save as CSV UTF-8.",
        ),
    )
}
